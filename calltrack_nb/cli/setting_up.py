"""Commands that make a workspace and say what it lacks or must forget."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calltrack_nb.cli.common import FOLDER, opened, workspace_option


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--sample", is_flag=True, help="Include the sample shop's logs and recordings.")
def init(folder: Path, *, sample: bool) -> None:
    """Create a workspace in a new FOLDER."""
    from calltrack_nb.workbench import init_workspace

    workspace = init_workspace(folder, sample=sample)
    click.echo(f"Created a workspace in {workspace.folder}")
    if sample:
        click.echo(f"Next: calltrack report --all --workspace {folder}")
    else:
        click.echo(f"Next: edit {folder / 'calltrack.toml'}, then calltrack import FILE")


@click.command()
@workspace_option
def doctor(folder: Path | None) -> None:
    """Show which data each report still needs, and which recordings have problems."""
    diagnosis = opened(folder).doctor()
    click.echo(diagnosis.text)
    if not diagnosis.can_report:
        sys.exit(1)


@click.command("forget")
@click.argument("number", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would be removed; remove nothing.")
@click.option("--finish", is_flag=True, help="Finish a removal that was interrupted.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@workspace_option
def forget_(
    number: str | None, folder: Path | None, *, dry_run: bool, finish: bool, yes: bool
) -> None:
    """Remove the caller with telephone number NUMBER from the workspace."""
    if (number is None) != finish or (finish and dry_run):
        raise click.UsageError("Give the caller's NUMBER, or --finish alone")
    if not yes and not dry_run:
        click.confirm(
            "This deletes the caller's rows, recordings and transcripts. Continue?", abort=True
        )
    workspace = opened(folder, finishing=finish)
    if number is not None:
        click.echo(workspace.forget(number, dry_run=dry_run).text)
        return
    done = workspace.finish_forgetting()
    for forgotten in done:
        click.echo(forgotten.text)
    if not done:
        click.echo("There is no interrupted removal to finish.")
