"""Commands that make a workspace and say what it lacks or must forget."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calltrack_nb.cli.common import FOLDER, opened, workspace_option


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--sample", is_flag=True, help="Put the sample shop's logs and recordings into it.")
def init(folder: Path, *, sample: bool) -> None:
    """Make a workspace in a new FOLDER."""
    from calltrack_nb.workbench import init_workspace

    workspace = init_workspace(folder, sample=sample)
    click.echo(f"Made a workspace in {workspace.folder}")
    if sample:
        click.echo(f"Next: calltrack report --all --workspace {folder}")
    else:
        click.echo(f"Next: edit {folder / 'calltrack.toml'}, then calltrack import FILE")


@click.command()
@workspace_option
def doctor(folder: Path | None) -> None:
    """Say what the workspace still lacks for which report."""
    diagnosis = opened(folder).doctor()
    click.echo(diagnosis.text)
    if not diagnosis.can_report:
        sys.exit(1)


@click.command("forget")
@click.argument("number", required=False)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--finish", is_flag=True, help="Do the rest of a run that was stopped.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
def forget_(
    number: str | None, folder: Path | None, *, dry_run: bool, finish: bool, yes: bool
) -> None:
    """Remove the caller with NUMBER from the workspace."""
    if (number is None) != finish or (finish and dry_run):
        raise click.UsageError("Give the caller's NUMBER, or --finish and nothing else")
    if not yes and not dry_run:
        click.confirm("This deletes the caller's rows, audio and transcripts. Go on?", abort=True)
    workspace = opened(folder)
    if number is not None:
        click.echo(workspace.forget(number, dry_run=dry_run).text)
        return
    done = workspace.finish_forgetting()
    for forgotten in done:
        click.echo(forgotten.text)
    if not done:
        click.echo("Nobody is left half forgotten.")
