"""The ``calltrack`` command: reads its arguments, calls the package, prints what came of it.

Exit status 0: done. 1: something could not be done, and it is listed. 2: the command was
not understood.
"""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calltrack_nb import __version__
from calltrack_nb.errors import CalltrackError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from calltrack_nb.pipeline import Step
    from calltrack_nb.workspace import Workspace

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)

_workspace_option = click.option(
    "-w",
    "--workspace",
    "folder",
    type=_FOLDER,
    help="The workspace; by default the current folder or the nearest one above it.",
)


class _Commands(click.Group):
    """Commands in the order they are used in, not the alphabet's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="calltrack")
def cli() -> None:
    """Call tracking with recording insights: logs and recordings in, reports out."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error a user can mend is one line, not a traceback."""
    try:
        cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was finished is kept; run the command again to go on.", err=True)
        sys.exit(130)
    except CalltrackError as error:
        click.echo(f"calltrack: {error}", err=True)
        sys.exit(1)


@cli.command()
@click.argument("folder", type=_FOLDER)
@click.option("--sample", is_flag=True, help="Put the sample shop's logs and recordings into it.")
def init(folder: Path, *, sample: bool) -> None:
    """Make a workspace in a new FOLDER."""
    from calltrack_nb.workspace import init_workspace

    workspace = init_workspace(folder, sample=sample)
    click.echo(f"Made a workspace in {workspace.folder}")
    if sample:
        click.echo(f"Next: calltrack report --all --workspace {folder}")
    else:
        click.echo(f"Next: edit {folder / 'calltrack.toml'}, then calltrack import FILE")


@cli.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--provider", help="Whose export it is, where the columns do not tell.")
@_workspace_option
def import_(files: tuple[Path, ...], provider: str | None, folder: Path | None) -> None:
    """Import exports (CSV, XLSX, JSON); without FILES, everything new in data/raw."""
    from calltrack_nb import intake, pipeline

    workspace = _open(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        if files:
            report = intake.import_files(
                workspace, files, provider=provider, progress=_on_terminal()
            )
            step = pipeline.Step("import", report.text, report.problems)
        else:
            step = pipeline.import_logs(workspace, bar=_on_terminal())
    _finish([step])


@cli.command()
@click.option("--engine", type=click.Choice(["auto", "faster-whisper", "openai-whisper"]))
@click.option("--model", help="Name or folder of a Whisper model; tiny.en is bundled.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes to spread over.")
@click.option("--scheduler", help="Address of a Dask scheduler, such as tcp://host:8786.")
@_workspace_option
def transcribe(
    engine: str | None,
    model: str | None,
    workers: int,
    scheduler: str | None,
    folder: Path | None,
) -> None:
    """Transcribe the recordings that have no transcript yet."""
    from calltrack_nb import pipeline

    workspace = _open(folder)
    said = {"engine": engine, "model": model}
    choice = workspace.settings.transcription.model_copy(
        update={key: value for key, value in said.items() if value}
    )
    with workspace.lock(pipeline.LOCK_WAIT_S), ExitStack() as stack:
        executor = _executor(stack, workers, scheduler)
        steps = [
            pipeline.import_logs(workspace, bar=_on_terminal()),
            pipeline.transcribe_calls(
                workspace, choice=choice, executor=executor, bar=_on_terminal()
            ),
        ]
    _finish(steps)


@cli.group(cls=_Commands, invoke_without_command=True)
@_workspace_option
@click.pass_context
def themes(context: click.Context, folder: Path | None) -> None:
    """List the themes of what callers ask for; rename or merge them."""
    context.obj = _open(folder)
    if context.invoked_subcommand is None:
        found = context.obj.table("themes")
        if found.empty:
            click.echo("No themes yet: run calltrack report listen_and_learn.")
            return
        for row in found.itertuples():
            since = f" since {row.first_month}" if isinstance(row.first_month, str) else ""
            click.echo(f"{row.theme_id}  {row.calls:>5} calls  {row.state}{since}  {row.label}")


@themes.command("rename")
@click.argument("theme_id")
@click.argument("name")
@click.pass_obj
def themes_rename(workspace: Workspace, theme_id: str, name: str) -> None:
    """Call theme THEME_ID by your own NAME."""
    from calltrack_nb import naming

    naming.rename_theme(workspace, theme_id, name)
    _listen_again(workspace)


@themes.command("merge")
@click.argument("theme_id")
@click.argument("into")
@click.pass_obj
def themes_merge(workspace: Workspace, theme_id: str, into: str) -> None:
    """Count the calls of theme THEME_ID under theme INTO."""
    from calltrack_nb import naming

    naming.merge_themes(workspace, theme_id, into)
    _listen_again(workspace)


@cli.command()
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
@click.option("--out", type=_FOLDER, help="Where the reports go; by default the workspace's.")
@_workspace_option
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
    from calltrack_nb import pipeline, reporting

    workspace = _open(folder)
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
    update = pipeline.bring_up_to_date(workspace, bar=_on_terminal())
    _say(update.steps)
    runs = reporting.run_reports(workspace, jobs, out or workspace.reports, bar=_on_terminal())
    for run in runs:
        click.echo(run.text)
    click.echo(reporting.write_index(out or workspace.reports))
    if any(run.error for run in runs):
        sys.exit(1)


@cli.command("audit")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was seen from this day."
)
@click.option("--test-calls", is_flag=True, help="Tick the test-call plan off from the log.")
@click.option("--accept", multiple=True, metavar="KEY", help="Accept a finding for good.")
@click.option("--reason", help="Why, with --accept.")
@_workspace_option
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
    from calltrack_nb import audit, auditing, pipeline

    workspace = _open(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        pipeline.import_logs(workspace, bar=_on_terminal())
    day = since.date() if since else None
    if accept:
        if not reason:
            raise click.UsageError("Say why with --reason.")
        today = dt.datetime.now(tz=dt.UTC).date()
        path = auditing.accept_findings(workspace, accept, reason=reason, on=today)
        click.echo(f"Accepted {len(accept)} findings in {path}")
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


@cli.command("forget")
@click.argument("number")
@click.confirmation_option(prompt="This deletes the caller's rows, audio and transcripts. Go on?")
@_workspace_option
def forget_(number: str, folder: Path | None) -> None:
    """Remove the caller with NUMBER from the workspace."""
    from calltrack_nb import pipeline
    from calltrack_nb.forgetting import forget

    workspace = _open(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        forgotten = forget(workspace, number)
        pipeline.listen_to_calls(workspace)
    click.echo(forgotten.text)


@cli.command()
@_workspace_option
def doctor(folder: Path | None) -> None:
    """Say what the workspace still lacks for which report."""
    from calltrack_nb.doctor import diagnose

    diagnosis = diagnose(_open(folder))
    click.echo(diagnosis.text)
    if not diagnosis.can_report:
        sys.exit(1)


def _open(folder: Path | None) -> Workspace:
    from calltrack_nb.workspace import open_workspace

    return open_workspace(folder)


def _listen_again(workspace: Workspace) -> None:
    from calltrack_nb import pipeline

    with workspace.lock(pipeline.LOCK_WAIT_S):
        _finish([pipeline.listen_to_calls(workspace)])


def _on_terminal() -> bool:
    return sys.stderr.isatty()


def _name_and_value(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise ParameterError("A parameter is written NAME=VALUE", where=pair)
    return name.strip(), value


def _executor(stack: ExitStack, workers: int, scheduler: str | None) -> Executor | None:
    if scheduler:
        from calltrack_nb.transcription import dask_executor

        return stack.enter_context(dask_executor(scheduler))
    if workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # spawned, not forked: the engines' threads do not survive a fork
        return stack.enter_context(ProcessPoolExecutor(workers, mp_context=get_context("spawn")))
    return None


def _say(steps: Sequence[Step]) -> None:
    for step in steps:
        click.echo(step.text)
        for problem in step.problems:
            click.echo(f"  {problem}", err=True)


def _finish(steps: Sequence[Step]) -> None:
    _say(steps)
    if any(step.problems for step in steps):
        sys.exit(1)
