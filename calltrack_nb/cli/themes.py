"""Commands that name what callers ask for."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calltrack_nb.cli.common import InOrder, account_option, finish, opened, workspace_option
from calltrack_nb.errors import CalltrackError
from calltrack_nb.phrasing import plural

if TYPE_CHECKING:
    from calltrack_nb.workbench import Workbench


@click.group(cls=InOrder, invoke_without_command=True)
@account_option
@workspace_option
@click.pass_context
def themes(context: click.Context, account: str | None, folder: Path | None) -> None:
    """List themes: what callers ask for. Rename, merge, split or add them."""
    context.obj = opened(folder)
    if context.invoked_subcommand is None:
        found = context.obj.of_account(account or "").themes().table
        if found.empty:
            click.echo("There are no themes yet. Run calltrack report listen_and_learn.")
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
    """Give theme THEME_ID your own NAME."""
    finish(workspace.rename_theme(theme_id, name))


@themes.command("merge")
@click.argument("theme_id")
@click.argument("into")
@click.pass_obj
def themes_merge(workspace: Workbench, theme_id: str, into: str) -> None:
    """Count the calls of theme THEME_ID under theme INTO."""
    finish(workspace.merge_themes(theme_id, into))


@themes.command("split")
@click.argument("theme_id")
@click.argument("one")
@click.argument("other")
@click.pass_obj
def themes_split(workspace: Workbench, theme_id: str, one: str, other: str) -> None:
    """Split theme THEME_ID: its calls ONE and OTHER are about different things."""
    finish(workspace.split_theme(theme_id, one, other))


@themes.command("seed")
@click.argument("name")
@click.argument("examples", nargs=-1, required=True)
@click.pass_obj
def themes_seed(workspace: Workbench, name: str, examples: tuple[str, ...]) -> None:
    """Add a theme NAME, described by EXAMPLES: sentences or words of callers."""
    finish(workspace.seed_theme(name, *examples))


@themes.command("ask")
@click.option("--questions", default=20, show_default=True, help="Most questions to ask.")
@click.option("--account", "client", help="One client of several.")
@click.pass_obj
def themes_ask(workspace: Workbench, questions: int, client: str | None) -> None:
    """Answer whether pairs of calls are about the same thing.

    Each answer is saved at once, and all later runs follow it.
    """
    passed: list[tuple[str, str]] = []
    answered = 0
    for number in range(1, questions + 1):
        question = workspace.theme_question(client, passed)
        if question is None:
            click.echo("There is nothing to ask: too few calls, or no open question.")
            break
        click.echo(f"\nQuestion {number} of {questions}")
        for call_id, text in zip(question.call_ids, question.texts, strict=True):
            click.echo(f"  {call_id}: {textwrap.shorten(text, 400, placeholder=' …')}")
        said = click.prompt(
            "Are these two calls about the same thing? (y, n, s to skip, q to stop)",
            type=click.Choice(["y", "n", "s", "q"]),
            show_choices=False,
        )
        if said == "q":
            break
        if said == "s":
            passed.append(question.call_ids)
            continue
        try:
            workspace.answer_theme_question(*question.call_ids, same=said == "y")
        except CalltrackError as error:  # said before and not so: the question is left open
            click.echo(str(error))
            passed.append(question.call_ids)
            continue
        answered += 1
    click.echo(f"{plural(answered, 'answer')} saved.")
    if answered:
        finish(workspace.analyze())
