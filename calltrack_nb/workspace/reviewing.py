"""A review: calls drawn at random or chosen, one after another, and what a person says of them."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from calltrack_nb import clock, schema, transcription
from calltrack_nb.checking import (
    CHOSEN,
    DRAWN,
    ENOUGH,
    THEME,
    Check,
    Checked,
    Draw,
    agreement_text,
    draw_calls,
    extend_draw,
    mark,
    marks_of,
)
from calltrack_nb.errors import ReviewError
from calltrack_nb.findings import heard_calls, kinds_heard_for, label_of
from calltrack_nb.phrasing import agree, moment, number, plural
from calltrack_nb.transcription.agreement import agreement_of
from calltrack_nb.workspace.checks import read_checks, read_draws, save_check, save_draws
from calltrack_nb.workspace.store import ALL_ACCOUNTS, Workspace

SEED: Final = "1"
_BY_EVERYBODY: Final = 10
"""The first drawn calls are checked by every reviewer, so that agreement can be told."""
_FINDINGS: Final = "findings.toml"
_LOCK_WAIT_S: Final = 60.0
SINGLE: Final = ("outcome",)
"""Families of which a call has one kind only."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party said at one time; `text` as people corrected it so far."""

    turn: int
    speaker: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be said of a call.

    Attributes
    ----------
    mark : str
        Such as ``hesitation:price``.
    family, label : str
        In plain words.
    """

    mark: str
    family: str
    label: str


@dataclass(frozen=True, slots=True)
class CallToCheck:
    """A call, with what the machine made of it.

    Attributes
    ----------
    call_id : str
    why : {"drawn", "chosen"}
    head : str
        When it was and which campaign brought it.
    turns : tuple of Turn
    marks : frozenset of str
        What the machine says of it.
    quotes : mapping of str to str
        The words a mark rests on, redacted.
    transcript_key : str or None
    """

    call_id: str
    why: str
    head: str
    turns: tuple[Turn, ...]
    marks: frozenset[str]
    quotes: Mapping[str, str]
    transcript_key: str | None


class Review:
    """One person's review of a client's calls; it goes on where it was left.

    Parameters
    ----------
    workspace : Workspace
        The whole workspace, or one client's view of it.
    reviewer : str, optional
        Who checks; the user of this machine where not said.
    chosen : sequence of str
        Calls that the user wants to check before the drawn ones. They never measure; findings
        learn from them instead.
    seed : str
        Decides the draw where there is none yet.

    Raises
    ------
    AccountError
        When there are several clients and none is named.
    ReviewError
        When no call was listened to, or a chosen one was not.
    """

    def __init__(
        self,
        workspace: Workspace,
        reviewer: str | None = None,
        *,
        chosen: Sequence[str] = (),
        seed: str = SEED,
    ) -> None:
        self._mine = workspace.of_account(workspace.account or "")
        self._whole = Workspace(workspace.folder)
        self.reviewer = (reviewer or _user()).strip()
        calls = self._mine.counted()
        self._heard = heard_calls(self._mine.table("utterances"), calls).tolist()
        if not self._heard:
            raise ReviewError(
                "There is no call to check, because none has a transcript",
                where=workspace.folder,
                fix="Add recordings or transcripts, then run calltrack report listen_and_learn",
            )
        unknown = [call_id for call_id in chosen if call_id not in self._heard]
        if unknown:
            raise ReviewError(
                "This call cannot be checked",
                where=", ".join(unknown),
                fix="Name calls that have a transcript, by their ids in the table calls",
            )
        self._chosen = tuple(dict.fromkeys(chosen))
        self._account = self._mine.account or self._mine.settings.business.account
        self._calls = calls.set_index("call_id")
        self._drawn = self._draw(seed).order()

    def _draw(self, seed: str) -> Draw:
        """Take the calls heard since into the draw, and keep it."""
        draws = read_draws(self._whole)
        known = draws.get(self._account)
        draw = (
            draw_calls(self._marks, self._heard, seed)
            if known is None
            else extend_draw(known, self._marks, self._heard)
        )
        if draw != known:
            with self._whole.lock(_LOCK_WAIT_S):
                save_draws(self._whole, {**draws, self._account: draw})
        return draw

    @cached_property
    def _marks(self) -> dict[str, set[str]]:
        return marks_of(self._findings, self._call_themes)

    @cached_property
    def _said(self) -> dict[str, pd.DataFrame]:
        said = self._mine.table("utterances").groupby("call_id")
        return {str(call_id): rows for call_id, rows in said}

    @cached_property
    def _transcripts(self) -> dict[str, object]:
        known = self._mine.table("recordings")
        return dict(zip(known["call_id"].astype(str), known["transcript_key"], strict=True))

    @cached_property
    def _findings(self) -> pd.DataFrame:
        return self._mine.table("findings")

    @cached_property
    def _call_themes(self) -> pd.DataFrame:
        return self._mine.table("call_themes")

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """Everything that can be said of a call: themes, then each family's kinds."""
        themes = self._mine.table("themes")
        found = [
            Choice(mark(THEME, theme), THEME, str(label))
            for theme, label in zip(themes["theme_id"], themes["label"], strict=True)
        ]
        kinds = kinds_heard_for(self._mine.folder / _FINDINGS, self._findings)
        return (
            *found,
            *(Choice(mark(family, kind), family, label_of(kind)) for family, kind in kinds),
        )

    @property
    def text(self) -> str:
        """How far the review is, whether it is enough, and how far reviewers agree."""
        checks = self._checks()
        drawn = {check.call_id for check in checks if check.why == DRAWN}
        unsure = {check.call_id for check in checks if check.why == DRAWN and check.cannot_tell}
        told = drawn - unsure
        text = f"{plural(len(told), 'call')} drawn at random {agree(len(told), 'is')} checked"
        left = ENOUGH - len(told)
        if left > 0 and len(self._heard) >= ENOUGH:
            text += f"; after {number(left)} more, reports correct their shares."
        elif left > 0:
            text += (
                f". Shares are corrected from {ENOUGH} checked calls on, and only "
                f"{plural(len(self._heard), 'call')} {agree(len(self._heard), 'was')} listened to."
            )
        else:
            text += "; reports correct their shares by them. More checks make the ranges narrower."
        if unsure:
            text += (
                f" For {plural(len(unsure), 'call')} nobody could tell. Such calls may differ, "
                "which the ranges do not cover."
            )
        return f"{text} {agreement_text(checks)}".strip()

    def next(self) -> CallToCheck | None:
        """Return the call to check next: chosen ones first, then in the order of the draw.

        Whether a call measures the machine was decided when it was first checked.

        Returns
        -------
        CallToCheck or None
            None where every call was checked.
        """
        checks = self._checks()
        mine = {check.call_id for check in checks if check.reviewer == self.reviewer}
        anybody = {check.call_id for check in checks}
        before = {check.call_id: check.why for check in reversed(checks)}
        for call_id in self._chosen:
            if call_id not in mine:
                return self.call(call_id, before.get(call_id, CHOSEN))
        for place, call_id in enumerate(self._drawn):
            done = mine if place < _BY_EVERYBODY else anybody
            if call_id in self._heard and call_id not in done:
                return self.call(call_id, before.get(call_id, DRAWN))
        return None

    def call(self, call_id: str, why: str) -> CallToCheck:
        """Return one call, with what the machine made of it."""
        said = self._said.get(call_id, schema.empty("utterances"))
        corrections = self._mine.table("corrections")
        said = transcription.apply_corrections(
            said, corrections[corrections["call_id"] == call_id]
        ).sort_values("turn")
        facts: dict[Hashable, Any] = self._calls.loc[call_id].to_dict()
        campaign = facts["campaign"] if isinstance(facts["campaign"], str) else ""
        local = facts["started_at"].tz_convert(self._mine.settings.business.timezone)
        turns: Any = said.itertuples()
        key = self._transcripts.get(call_id)
        return CallToCheck(
            call_id,
            why,
            " · ".join(part for part in (f"{local:%a} {moment(local)}", campaign) if part),
            tuple(
                Turn(int(each.turn), str(each.speaker), each.start_s, each.end_s, str(each.text))
                for each in turns
            ),
            frozenset(self._marks.get(call_id, set())),
            self._quotes(call_id),
            key if isinstance(key, str) else None,
        )

    def _quotes(self, call_id: str) -> dict[str, str]:
        findings, themes = self._findings, self._call_themes
        quotes: dict[str, str] = {}
        rows: Any = findings[findings["call_id"] == call_id].dropna(subset="words").itertuples()
        for row in rows:
            quotes.setdefault(mark(row.family, row.kind), str(row.words))
        rows = themes[themes["call_id"] == call_id].dropna(subset="quote").itertuples()
        for row in rows:
            quotes.setdefault(mark(THEME, row.theme_id), str(row.quote))
        return quotes

    def save(
        self,
        call: CallToCheck,
        found: Collection[str],
        *,
        words: Mapping[int, str] | None = None,
        words_read: bool = False,
        cannot_tell: bool = False,
    ) -> Check:
        """Keep what the person said of a call.

        Parameters
        ----------
        call : CallToCheck
            As :meth:`next` gave it.
        found : collection of str
            Everything that is true of it, out of :attr:`choices`.
        words : mapping of int to str, optional
            Corrected words, by turn.
        words_read : bool
            Whether the transcript was read through.
        cannot_tell : bool
            Whether the person could not judge it.

        Raises
        ------
        ReviewError
            When something was found that could not be chosen, or a turn does not exist.
        """
        asked = frozenset(choice.mark for choice in self.choices)
        strange = sorted(set(found) - asked)
        turns = {each.turn: each for each in call.turns}
        strange += [f"turn {turn}" for turn in (words or {}) if turn not in turns]
        if strange:
            raise ReviewError("A call cannot have this mark", where=", ".join(strange))
        changed = {
            turn: " ".join(text.split())
            for turn, text in (words or {}).items()
            if text.split() != turns[turn].text.split()
        }
        if changed:
            self._correct(call, changed)
        if call.why == CHOSEN and not cannot_tell:
            self._teach(call, found)
        check = Check(
            call.call_id,
            self.reviewer,
            clock.now(),
            call.why,
            frozenset() if cannot_tell else frozenset(found),
            asked,
            cannot_tell=cannot_tell,
            words_read=words_read,
            transcript_key=call.transcript_key,
        )
        save_check(self._whole, check)
        return check

    def _correct(self, call: CallToCheck, changed: Mapping[int, str]) -> None:
        turns = {each.turn: each for each in call.turns}
        rows = [
            {
                "account": self._account,
                "call_id": call.call_id,
                "field": "text",
                "turn": turn,
                "start_s": turns[turn].start_s,
                "end_s": turns[turn].end_s,
                "value": text,
                "corrected_at": pd.Timestamp(clock.now()),
            }
            for turn, text in changed.items()
        ]
        with self._whole.lock(_LOCK_WAIT_S):
            known = self._whole.table("corrections")
            added = schema.conform(pd.DataFrame(rows), "corrections")
            self._whole.write_table("corrections", pd.concat([known, added], ignore_index=True))

    def _teach(self, call: CallToCheck, found: Collection[str]) -> None:
        """Let the machine learn from a call that measures nothing: its words, right or wrong."""
        families = {choice.mark: choice.family for choice in self.choices}
        rows = [
            {
                "account": self._account,
                "call_id": call.call_id,
                "family": families[each],
                "kind": each.partition(":")[2],
                "words": call.quotes[each],
                "right": each in found,
            }
            for each in sorted(call.marks)
            if each in call.quotes and families.get(each, THEME) != THEME
        ]
        with self._whole.lock(_LOCK_WAIT_S):
            known = self._whole.table("lessons")
            others = known[known["call_id"] != call.call_id]
            added = schema.conform(pd.DataFrame(rows), "lessons")
            self._whole.write_table("lessons", pd.concat([others, added], ignore_index=True))

    def _checks(self) -> list[Check]:
        heard = set(self._heard)
        return [check for check in read_checks(self._whole) if check.call_id in heard]


def toggled(found: Collection[str], choice: Choice) -> set[str]:
    """Say something of a call, or take it back; a family of one kind has one at most.

    Examples
    --------
    >>> lost, booked = (Choice(f"outcome:{kind}", "outcome", kind) for kind in ("lost", "booked"))
    >>> toggled({"outcome:lost"}, booked)
    {'outcome:booked'}
    >>> toggled({"outcome:lost"}, lost)
    set()
    """
    if choice.mark in found:
        return set(found) - {choice.mark}
    rivals = f"{choice.family}:" if choice.family in SINGLE else None
    kept = {each for each in found if rivals is None or not each.startswith(rivals)}
    return kept | {choice.mark}


def checked_calls(workspace: Workspace, heard: Collection[str]) -> Checked:
    """Return what people checked of some calls, beside what the machine says of them.

    Parameters
    ----------
    workspace : Workspace
        One client's view, or the whole.
    heard : collection of str
        Ids of the calls that shares are of.
    """
    draws = read_draws(workspace)
    only = workspace.account or ALL_ACCOUNTS
    if len(draws) == 1:
        (draw,) = draws.values()
    elif only in draws:
        draw = draws[only]
    else:
        strata = {
            call_id: f"{account}/{stratum}"
            for account, own in draws.items()
            for call_id, stratum in own.strata.items()
        }
        draw = Draw("", (), strata)
    ids = frozenset(str(call_id) for call_id in heard)
    checks = tuple(check for check in read_checks(workspace) if check.call_id in ids)
    marks = marks_of(workspace.table("findings"), workspace.table("call_themes"))
    return Checked(ids, marks, checks, draw, *_words(workspace, checks))


def _words(
    workspace: Workspace, checks: Collection[Check]
) -> tuple[tuple[tuple[int, int], ...], int]:
    """Count words and errors of the drawn calls that were read through, and those gone since."""
    read = {
        check.call_id: check.transcript_key
        for check in checks
        if check.why == DRAWN and check.words_read and check.transcript_key
    }
    if not read:
        return (), 0
    known = workspace.table("recordings").set_index("call_id")["transcript_key"]
    same = [call_id for call_id, key in read.items() if known.get(call_id) == key]
    machine = {
        call_id: made
        for call_id in same
        if (made := workspace.transcripts.get(str(read[call_id]))) is not None
    }
    people = transcription.corrected_transcripts(machine, workspace.table("corrections"))
    counts = [agreement_of(machine[call_id], people[call_id]) for call_id in machine]
    return tuple((each.words, each.errors) for each in counts), len(read) - len(machine)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reviewer"
