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
@click.argument("number")
@click.confirmation_option(prompt="This deletes the caller's rows, audio and transcripts. Go on?")
@workspace_option
def forget_(number: str, folder: Path | None) -> None:
    """Remove the caller with NUMBER from the workspace."""
    click.echo(opened(folder).forget(number).text)
