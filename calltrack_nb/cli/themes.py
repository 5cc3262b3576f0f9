"""Commands that name what callers ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import InOrder, finish, opened, workspace_option
from calltrack_nb.phrasing import plural

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace


@click.group(cls=InOrder, invoke_without_command=True)
@workspace_option
@click.pass_context
def themes(context: click.Context, folder: Path | None) -> None:
    """List the themes of what callers ask for; rename or merge them."""
    context.obj = opened(folder)
    if context.invoked_subcommand is None:
        found = context.obj.table("themes")
        if found.empty:
            click.echo("No themes yet: run calltrack report listen_and_learn.")
            return
        for row in found.itertuples():
            since = f" since {row.first_month}" if isinstance(row.first_month, str) else ""
            click.echo(
                f"{row.theme_id}  {plural(row.calls, 'call'):>11}  {row.state}{since}  {row.label}"
            )


@themes.command("rename")
@click.argument("theme_id")
@click.argument("name")
@click.pass_obj
def themes_rename(workspace: Workspace, theme_id: str, name: str) -> None:
    """Call theme THEME_ID by your own NAME."""
    from calltrack_nb.workspace import theme_names

    theme_names.rename_theme(workspace, theme_id, name)
    _listen_again(workspace)


@themes.command("merge")
@click.argument("theme_id")
@click.argument("into")
@click.pass_obj
def themes_merge(workspace: Workspace, theme_id: str, into: str) -> None:
    """Count the calls of theme THEME_ID under theme INTO."""
    from calltrack_nb.workspace import theme_names

    theme_names.merge_themes(workspace, theme_id, into)
    _listen_again(workspace)


def _listen_again(workspace: Workspace) -> None:
    from calltrack_nb.workspace import pipeline

    with workspace.lock(pipeline.LOCK_WAIT_S):
        finish([pipeline.listen_to_calls(workspace)])
