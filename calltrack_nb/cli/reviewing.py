"""The command in which a person checks calls, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from calltrack_nb.cli.common import account_option, opened, workspace_option
from calltrack_nb.errors import RecordingNotFound

if TYPE_CHECKING:
    from calltrack_nb.workbench import Workbench
    from calltrack_nb.workspace.reviewing import CallToCheck, Review

_KEYS: Final = (
    "Enter saves the marks with an x. Numbers such as 3 7 switch marks on or off. To correct the "
    "words of turn 2: w 2. After reading all words: r. To play the call: p. If you cannot tell: ?. "
    "To stop: q."
)


@click.command("review")
@click.option("--reviewer", help="Your name; by default the user of this computer.")
@click.option("--call", "chosen", multiple=True, help="Id of a call to check first.")
@click.option("--most", type=click.IntRange(min=1), help="Stop after this many calls.")
@click.option("--status", is_flag=True, help="Only show the progress of the review.")
@account_option
@workspace_option
def review_(
    reviewer: str | None,
    chosen: tuple[str, ...],
    most: int | None,
    status: bool,  # noqa: FBT001 - a flag of the command line
    account: str | None,
    folder: Path | None,
) -> None:
    """Check a random sample of calls, so that reports can correct their shares.

    You can stop at any time and continue later. Calls named with --call do not count as part of
    the random sample, because you chose them.
    """
    from calltrack_nb.workspace.reviewing import Review

    workspace = opened(folder, account or "")
    review = Review(workspace, reviewer, chosen=chosen)
    click.echo(review.text)
    if status:
        return
    done = 0
    while most is None or done < most:
        call = review.next()
        if call is None:
            click.echo("Every call has been checked.")
            break
        if not _check(workspace, review, call):
            break
        done += 1
    click.echo(review.text)
    if done:
        click.echo("To see the corrected shares: calltrack report listen_and_learn")


@dataclass
class _Answers:
    """What the user said of a call so far."""

    found: set[str]
    words: dict[int, str] = field(default_factory=dict)
    read: bool = False


def _check(workspace: Workbench, review: Review, call: CallToCheck) -> bool:
    """Ask about one call; return False where the user wants to stop."""
    answers = _Answers(set(call.marks))
    why = "drawn at random" if call.why == "drawn" else "chosen by you"
    click.echo(f"\n{call.head} · {why} · {call.call_id}")
    for turn in call.turns:
        click.echo(f"  {turn.turn:>2} {turn.speaker:<7} {turn.text}")
    while True:
        _show(review, call, answers.found)
        typed = click.prompt(_KEYS, default="", show_default=False, prompt_suffix="\n> ").strip()
        if typed == "q":
            return False
        if typed in ("", "?"):
            review.save(
                call,
                answers.found,
                words=answers.words,
                words_read=answers.read,
                cannot_tell=typed == "?",
            )
            return True
        _take(typed, answers, workspace, review, call)


def _take(
    typed: str, answers: _Answers, workspace: Workbench, review: Review, call: CallToCheck
) -> None:
    """Do what was typed, or say that it means nothing."""
    from calltrack_nb.workspace.reviewing import toggled

    first, *rest = typed.split()
    turns = {str(turn.turn): turn.text for turn in call.turns}
    if first == "r":
        answers.read = True
        click.echo("Marked as read in full.")
    elif first == "p":
        _play(workspace, call.call_id)
    elif first == "w" and rest and rest[0] in turns:
        known = answers.words.get(int(rest[0]), turns[rest[0]])
        answers.words[int(rest[0])] = click.prompt("Words", default=known)
    elif all(each.isdigit() and 0 < int(each) <= len(review.choices) for each in (first, *rest)):
        for each in (first, *rest):
            answers.found = toggled(answers.found, review.choices[int(each) - 1])
    else:
        click.echo(f"{typed!r} is not one of the choices.")


def _show(review: Review, call: CallToCheck, found: Iterable[str]) -> None:
    numbered = enumerate(review.choices, start=1)
    for family, group in groupby(numbered, key=lambda item: item[1].family):
        click.echo(f"  {family}")
        for number, choice in group:
            cross = "x" if choice.mark in found else " "
            quote = call.quotes.get(choice.mark)
            said = f'  "{quote}"' if quote else ""
            click.echo(f"    {number:>2} [{cross}] {choice.label}{said}")


def _play(workspace: Workbench, call_id: str) -> None:
    try:
        click.launch(str(workspace.recording(call_id)))
    except RecordingNotFound as error:
        click.echo(str(error))
