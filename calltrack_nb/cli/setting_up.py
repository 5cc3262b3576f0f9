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
    from calltrack_nb.workspace.init import init_workspace

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
    from calltrack_nb.workspace.doctor import diagnose

    diagnosis = diagnose(opened(folder))
    click.echo(diagnosis.text)
    if not diagnosis.can_report:
        sys.exit(1)


@click.command("forget")
@click.argument("number")
@click.confirmation_option(prompt="This deletes the caller's rows, audio and transcripts. Go on?")
@workspace_option
def forget_(number: str, folder: Path | None) -> None:
    """Remove the caller with NUMBER from the workspace."""
    from calltrack_nb.workspace import pipeline
    from calltrack_nb.workspace.privacy import forget

    workspace = opened(folder)
    with workspace.lock(pipeline.LOCK_WAIT_S):
        forgotten = forget(workspace, number)
        pipeline.listen_to_calls(workspace)
    click.echo(forgotten.text)
