"""Commands that answer: report, audit, export."""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from calltrack_nb.cli.common import (
    FOLDER,
    account_option,
    on_terminal,
    opened,
    say,
    workspace_option,
)
from calltrack_nb.errors import ParameterError, ReadOnlyWorkspace
from calltrack_nb.phrasing import plural


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Run all built-in reports.")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE")
@click.option(
    "--period",
    help="Such as 2026, 2026-08, 2026-Q3, 2026-04..2026-09 or all. On the business's clock also "
    "last-month, this-month, last-week, last-quarter, year-to-date or last-30-days.",
)
@account_option
@click.option(
    "--each",
    type=click.Choice(["month", "campaign", "account"]),
    multiple=True,
    help="One report for each month, for each campaign with calls or spend, or for each client and "
    "all of them together. Repeat the option to combine them.",
)
@click.option("--force", is_flag=True, help="Run reports again even if nothing changed.")
@click.option("--list", "listed", is_flag=True, help="List the reports and their parameters.")
@click.option("--audio", is_flag=True, help="Put audio clips into the reports.")
@click.option(
    "--email", is_flag=True, help="Write each report's text as an e-mail (.eml) beside its page."
)
@click.option(
    "--share-safe/--with-private-data",
    default=None,
    help="Hide or show telephone numbers and names; the default is in calltrack.toml (share_safe).",
)
@click.option(
    "--out", type=FOLDER, help="Folder for the reports; by default reports/ in the workspace."
)
@click.option(
    "--trust",
    is_flag=True,
    help="Trust the workspace's own copies of these notebooks and run them.",
)
@workspace_option
def report(
    names: tuple[str, ...],
    given: tuple[str, ...],
    period: str | None,
    account: str | None,
    each: tuple[str, ...],
    out: Path | None,
    folder: Path | None,
    *,
    every: bool,
    audio: bool,
    share_safe: bool | None,
    force: bool,
    listed: bool,
    trust: bool,
    email: bool,
) -> None:
    """Bring the workspace up to date and run reports.

    NAMES are those of the notebooks, such as campaign_effectiveness, or paths of your
    own notebooks with a cell tagged parameters.

    A built-in report is not run again while nothing that it reads has changed. New calls of
    another month do not change campaign_effectiveness; the other reports read the whole log.
    Your own notebooks always run. Several run at a time, and one that fails does not stop the
    others.

    \b
    Exits with
      0    every report is made, or unchanged
      1    some reports failed and are listed; the others are made
      2    the command was not understood
      130  interrupted; finished reports are saved

    \b
    Every month, by cron, on the second at six:
      0 6 2 * * calltrack report --all --period last-month -w /srv/my-shop
    By systemd, in a service that a timer with OnCalendar=*-*-02 06:00 starts:
      ExecStart=/usr/bin/env calltrack report --all --period last-month -w /srv/my-shop
    """  # noqa: D301 - click wants the character itself
    from calltrack_nb.reporting.mail import write_mail
    from calltrack_nb.transcription import freed_memory_kept

    if listed:
        click.echo(_reports_that_ship())
        return
    workspace = opened(folder)
    if every == bool(names):
        raise click.UsageError("Name the reports to run, or pass --all.")
    parameters: dict[str, Any] = dict(_name_and_value(pair) for pair in given)
    parameters |= {"period": period} if period else {}
    if audio:
        parameters.setdefault("audio", True)
    if share_safe is not None:
        parameters.setdefault("share_safe", share_safe)
    if "account" in each and account:
        raise click.UsageError("Pass --account or --each account, not both.")
    if trust:
        workspace.trust(*names)
    make = (
        workspace.report_each if "account" in each else partial(workspace.report, account=account)
    )
    with freed_memory_kept():
        reports = make(
            *names,
            parameters=parameters,
            each=tuple(kind for kind in each if kind != "account"),
            force=force,
            out=out,
            progress=on_terminal(),
        )
    if reports.update:
        say(*reports.update.steps)
    for run in reports.runs:
        click.echo(run.text)
    for page in (run.html for run in reports.runs if email and run.html is not None):
        click.echo(write_mail(page))
    click.echo(reports.index)
    sys.exit(1 if reports.problems else 0)


@click.command("audit")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only findings seen on or after this day."
)
@click.option(
    "--test-calls", is_flag=True, help="Check which planned test calls appear in the log."
)
@click.option(
    "--accept",
    multiple=True,
    metavar="KEY",
    help="Accept a finding by its key and hide it from now on (needs --reason).",
)
@click.option("--reason", help="Why the finding is accepted.")
@account_option
@workspace_option
def audit_(
    since: dt.datetime | None,
    accept: tuple[str, ...],
    reason: str | None,
    account: str | None,
    folder: Path | None,
    *,
    test_calls: bool,
) -> None:
    """Check that numbers, campaigns and destinations are wired right.

    Exits with 1 if something is broken.
    """
    from calltrack_nb import audit

    workspace = opened(folder)
    try:
        say(workspace.import_files(progress=on_terminal()))
    except ReadOnlyWorkspace:
        if accept:
            raise
        click.echo(
            "The workspace is read-only: it is audited as it is, without importing new files.",
            err=True,
        )
    day = since.date() if since else None
    if accept:
        if not reason:
            raise click.UsageError("Give the reason with --reason.")
        path = workspace.accept_findings(*accept, reason=reason)
        click.echo(f"Accepted {plural(len(accept), 'finding')} in {path}")
        return
    workspace = opened(folder, account)
    if test_calls:
        ticked = workspace.tick_test_calls(day)
        click.echo(ticked.table.drop(columns=["call_id"]).to_string(index=False))
        click.echo(ticked.text)
        sys.exit(0 if ticked.passed else 1)
    result = workspace.audit(day)
    for line in result.lines():
        click.echo(line)
    click.echo(result.text)
    sys.exit(audit.exit_status(result))


@click.command()
@click.argument("system", type=click.Choice(["google-ads", "microsoft-ads"]))
@click.option(
    "--consent",
    type=click.Choice(["granted", "denied"]),
    required=True,
    help="Whether callers agreed to the use of their data. With denied, hashed files hold click "
    "ids only.",
)
@click.option(
    "--qualified-name", default="", help="Name of the conversion action for a qualified call."
)
@click.option("--won-name", default="", help="Name of the conversion action for an order won.")
@click.option(
    "--form-name", default="", help="Name of the conversion action for a form sent after a click."
)
@click.option(
    "--out", type=FOLDER, help="Folder for the files; by default exports/ in the workspace."
)
@account_option
@workspace_option
def export(
    system: str,
    consent: str,
    qualified_name: str,
    won_name: str,
    form_name: str,
    out: Path | None,
    account: str | None,
    folder: Path | None,
) -> None:
    """Write offline conversions for upload to SYSTEM; some files hold unmasked numbers.

    For Google Ads, the templates and the hashed files for its Data Manager hold the same
    conversions: upload one kind or the other, not both.
    """
    if not (qualified_name or won_name or form_name):
        raise click.UsageError(
            "Name the conversion actions: --qualified-name, --won-name, --form-name or several."
        )
    workspace = opened(folder, account or "")
    write = (
        workspace.export_google_ads if system == "google-ads" else workspace.export_microsoft_ads
    )
    uploads = write(
        consent="granted" if consent == "granted" else "denied",
        qualified=qualified_name,
        won=won_name,
        form=form_name,
        out=out,
    )
    click.echo(uploads.text)


@click.command("ring-back")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The CSV file to write; by default exports/ring-back.csv.",
)
@account_option
@workspace_option
def ring_back_(out: Path | None, account: str | None, folder: Path | None) -> None:
    """Write a CSV of callers to ring back: missed lately and not spoken to since."""
    from calltrack_nb.workspace.writing import replacing

    workspace = opened(folder, account or "")
    found = workspace.ring_back()
    path = out or workspace.exports / "ring-back.csv"
    with replacing(path) as draft:
        draft.write(found.to_csv().encode())
    click.echo(found.text)
    for check in found.checks:
        click.echo(check.text)
    click.echo(path)


def _reports_that_ship() -> str:
    """List the reports, what each takes, and what holds where nothing is said."""
    from calltrack_nb import reporting, shipped

    notebooks = [shipped.notebooks() / f"{name}.ipynb" for name in reporting.report_names()]
    told = [reporting.describe(each.stem, reporting.inspect(each)) for each in notebooks]
    return "\n\n".join(told)


def _name_and_value(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise ParameterError("A parameter is written NAME=VALUE", where=pair)
    return name.strip(), value
