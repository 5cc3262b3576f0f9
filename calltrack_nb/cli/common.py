"""What the commands share: the workspace option, opening it, saying what was done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import click

from calltrack_nb.errors import visible

if TYPE_CHECKING:
    from calltrack_nb.workbench import Workbench

FOLDER: Final = click.Path(path_type=Path, file_okay=False)

workspace_option = click.option(
    "-w",
    "--workspace",
    "folder",
    type=FOLDER,
    help="The workspace; by default the current folder or the nearest one above it.",
)

account_option = click.option(
    "--account", help="One client of several, or all for all clients together."
)


class InOrder(click.Group):
    """Commands in the order they are used in, not the alphabet's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        del ctx
        return list(self.commands)


class Done(Protocol):
    """What was done: a step, an import, a synchronisation."""

    @property
    def text(self) -> str:
        """What was done, in a sentence."""

    @property
    def details(self) -> Sequence[str]:
        """What a reader may want to check."""

    @property
    def problems(self) -> Sequence[str]:
        """One line for each thing that could not be done."""


def opened(
    folder: Path | None, account: str | None = None, *, finishing: bool = False
) -> Workbench:
    """Open the workspace that was asked for, or the one at hand; as one client's, if named.

    A removal that was interrupted is told, except to who is `finishing` it.
    """
    from calltrack_nb.workbench import open_workspace

    workspace = open_workspace(folder, account=account, or_sample=False)
    if not finishing and any(workspace.half_forgotten.glob("*.json")):
        click.echo(
            "The last removal of a caller was interrupted. Finish it: calltrack forget --finish",
            err=True,
        )
    return workspace


def on_terminal() -> bool:
    """Tell whether somebody watches, who would like to see progress."""
    return sys.stderr.isatty()


def say(*steps: Done) -> None:
    """Print what steps did, and on the error stream what they could not do."""
    for step in steps:
        click.echo(visible(step.text))
        for detail in step.details:
            click.echo(f"  {visible(detail)}")
        for problem in step.problems:
            click.echo(f"  {visible(problem)}", err=True)


def finish(*steps: Done) -> None:
    """Print what steps did and exit with 1 where something could not be done."""
    say(*steps)
    if any(step.problems for step in steps):
        sys.exit(1)
