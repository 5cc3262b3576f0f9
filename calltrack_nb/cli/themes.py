"""Commands that name what callers ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import InOrder, account_option, finish, opened, workspace_option
from calltrack_nb.phrasing import plural

if TYPE_CHECKING:
    from calltrack_nb.workbench import Workbench


@click.group(cls=InOrder, invoke_without_command=True)
@account_option
@workspace_option
@click.pass_context
def themes(context: click.Context, account: str | None, folder: Path | None) -> None:
    """List the themes of what callers ask for; rename or merge them."""
    context.obj = opened(folder)
    if context.invoked_subcommand is None:
        found = context.obj.of_account(account or "").themes().table
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
def themes_rename(workspace: Workbench, theme_id: str, name: str) -> None:
    """Call theme THEME_ID by your own NAME."""
    finish(workspace.rename_theme(theme_id, name))


@themes.command("merge")
@click.argument("theme_id")
@click.argument("into")
@click.pass_obj
def themes_merge(workspace: Workbench, theme_id: str, into: str) -> None:
    """Count the calls of theme THEME_ID under theme INTO."""
    finish(workspace.merge_themes(theme_id, into))
