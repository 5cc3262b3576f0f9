"""Commands that answer: report, audit, export."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from calltrack_nb.cli.common import FOLDER, on_terminal, opened, say, workspace_option
from calltrack_nb.errors import ParameterError
from calltrack_nb.phrasing import plural


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every report that ships with calltrack.")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE")
@click.option("--period", help="Short for -p period=…, such as 2026-08 or 2026-Q3.")
@click.option("--audio", is_flag=True, help="Put audio clips into the reports.")
@click.option(
    "--share-safe/--with-private-data",
    default=None,
    help="Hide or show telephone numbers and names; hidden unless the settings say otherwise.",
)
@click.option("--out", type=FOLDER, help="Where the reports go; by default the workspace's.")
@workspace_option
def report(
    names: tuple[str, ...],
    given: tuple[str, ...],
    period: str | None,
    out: Path | None,
    folder: Path | None,
    *,
    every: bool,
    audio: bool,
    share_safe: bool | None,
) -> None:
    """Bring the workspace up to date and run reports.

    NAMES are those of the notebooks, such as campaign_effectiveness, or paths of your
    own notebooks with a cell tagged parameters.
    """
    from calltrack_nb import reporting
    from calltrack_nb.workspace import pipeline

    workspace = opened(folder)
    if every == bool(names):
        raise click.UsageError("Name the reports to run, or say --all.")
    parameters: dict[str, Any] = dict(_name_and_value(pair) for pair in given)
    if period:
        parameters["period"] = period
    parameters.setdefault("audio", audio or workspace.settings.privacy.audio)
    parameters.setdefault(
        "share_safe", workspace.settings.privacy.share_safe if share_safe is None else share_safe
    )
    wanted = reporting.report_names() if every else names
    jobs = reporting.prepare(workspace, wanted, parameters)
    update = pipeline.bring_up_to_date(workspace, bar=on_terminal())
    say(update.steps)
    runs = reporting.run_reports(workspace, jobs, out or workspace.reports, bar=on_terminal())
    for run in runs:
        click.echo(run.text)
    click.echo(reporting.write_index(out or workspace.reports))
    if any(run.error for run in runs):
        sys.exit(1)


@click.command("audit")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was seen from this day."
)
@click.option("--test-calls", is_flag=True, help="Tick the test-call plan off from the log.")
@click.option("--accept", multiple=True, metavar="KEY", help="Accept a finding for good.")
@click.option("--reason", help="Why, with --accept.")
@workspace_option
def audit_(
    since: dt.datetime | None,
    accept: tuple[str, ...],
    reason: str | None,
    folder: Path | None,
    *,
    test_calls: bool,
) -> None:
    """Check that numbers, campaigns and destinations are wired right.

    Exits with 1 when something is broken.
    """
    from calltrack_nb import audit
    from calltrack_nb.workspace import auditing, pipeline

    workspace = opened(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        say([pipeline.import_logs(workspace, bar=on_terminal())])
    day = since.date() if since else None
    if accept:
        if not reason:
            raise click.UsageError("Say why with --reason.")
        today = dt.datetime.now(tz=dt.UTC).date()
        path = auditing.accept_findings(workspace, accept, reason=reason, on=today)
        click.echo(f"Accepted {plural(len(accept), 'finding')} in {path}")
        return
    if test_calls:
        ticked = audit.tick_test_calls(auditing.audit_input(workspace), since=day)
        click.echo(ticked.table.drop(columns=["call_id"]).to_string(index=False))
        click.echo(ticked.text)
        sys.exit(0 if ticked.passed else 1)
    result = auditing.audit_workspace(workspace, since=day)
    for line in result.lines():
        click.echo(line)
    click.echo(result.text)
    sys.exit(audit.exit_status(result))


@click.command()
@click.argument("system", type=click.Choice(["google-ads"]))
@click.option(
    "--consent",
    type=click.Choice(["granted", "denied"]),
    required=True,
    help="What callers said about use of their data; Google asks for it with every row.",
)
@click.option("--qualified-name", default="", help="Conversion action for a qualified call.")
@click.option("--won-name", default="", help="Conversion action for an order won.")
@click.option("--out", type=FOLDER, help="Where the files go; by default the workspace's exports/.")
@workspace_option
def export(
    system: str,
    consent: str,
    qualified_name: str,
    won_name: str,
    out: Path | None,
    folder: Path | None,
) -> None:
    """Write files that go back to another SYSTEM; they carry callers' numbers in the open."""
    import pandas as pd

    from calltrack_nb import exports

    del system  # google-ads is the only one so far, and click has checked it
    if not (qualified_name or won_name):
        raise click.UsageError("Name the conversion actions: --qualified-name, --won-name or both.")
    workspace = opened(folder)
    uploads = exports.write_google_ads(
        workspace,
        out or workspace.folder / "exports",
        consent="granted" if consent == "granted" else "denied",
        now=pd.Timestamp.now("UTC"),
        conversion=exports.Conversion(qualified=qualified_name, won=won_name),
    )
    click.echo(uploads.text)


def _name_and_value(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise ParameterError("A parameter is written NAME=VALUE", where=pair)
    return name.strip(), value
