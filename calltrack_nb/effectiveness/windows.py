"""Which weeks on either side of a change may be compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.effectiveness.comparison import YEAR, Log
from calltrack_nb.effectiveness.grouping import groups_of

FEWEST_WEEKS: Final = 4
MOST_BEFORE: Final = 26
MOST_AFTER: Final = 8

_LOG_ENDS = "the end of the log"


@dataclass(frozen=True, slots=True)
class TweakWindow:
    """The whole weeks a tweak may be judged on, and what cut them."""

    before: int
    after: int
    before_cut: str
    after_cut: str

    @property
    def most_after(self) -> int:
        """Weeks after the change that are looked at, once they are in."""
        return MOST_AFTER

    @property
    def complete(self) -> bool:
        """Whether no further week will count, however long one waits."""
        return self.after >= MOST_AFTER or self.after_cut != _LOG_ENDS

    def too_short(self) -> str:
        """Say which side has too few weeks; empty where neither has."""
        sides = []
        if self.before < FEWEST_WEEKS:
            sides.append(
                f"{phrasing.plural(self.before, 'whole week')} before it (back to "
                f"{self.before_cut})"
            )
        if self.after < FEWEST_WEEKS:
            sides.append(
                f"{phrasing.plural(self.after, 'whole week')} after it (up to {self.after_cut})"
            )
        if not sides:
            return ""
        return (
            f"There is data for only {' and '.join(sides)}; it takes {FEWEST_WEEKS} on each side."
            + (
                " Weeks beyond a change of definition would measure the new definition."
                if any("change of definition" in side for side in sides)
                else ""
            )
        )


def window_of(
    log: Log, treated: str, day: dt.date, tweaks: pd.DataFrame, definition_changes: pd.DataFrame
) -> TweakWindow:
    """Find the whole weeks on either side of a day that may be compared.

    They end at the ends of the log, at any change of definition, and at other changes
    of the same campaign.
    """
    own = _own_changes(treated, tweaks)
    return _room(
        log,
        day,
        [*_definitions(definition_changes), *((date, why) for date, why in own if date != day)],
    )


def window_of_two_years(
    log: Log, treated: str, day: dt.date, tweaks: pd.DataFrame, definition_changes: pd.DataFrame
) -> TweakWindow:
    """Find the weeks that may be compared with the same weeks of the year before.

    Both years have to be free of changes of definition and of other changes of the
    campaign; one that lies between them moves a whole year alike and does no harm.
    """
    this = window_of(log, treated, day, tweaks, definition_changes)
    cuts = [*_definitions(definition_changes), *_own_changes(treated, tweaks)]
    # A change on the very day a year before cuts all weeks before it, as it should.
    last = _room(log, day - YEAR, cuts)
    ago = "a year before, "
    before = (this.before, this.before_cut) if this.before <= last.before else (
        last.before, ago + last.before_cut
    )  # fmt: skip
    after = (this.after, this.after_cut) if this.after <= last.after else (
        last.after, ago + last.after_cut
    )  # fmt: skip
    return TweakWindow(before[0], after[0], before[1], after[1])


def _definitions(definition_changes: pd.DataFrame) -> list[tuple[dt.date, str]]:
    return [
        (date, f"the change of definition on {phrasing.day(date)}")
        for date in definition_changes["date"]
    ]


def _own_changes(treated: str, tweaks: pd.DataFrame) -> list[tuple[dt.date, str]]:
    return [
        (date, f"another change of this campaign on {phrasing.day(date)}")
        for date, group in zip(tweaks["date"], groups_of(tweaks), strict=True)
        if group == treated
    ]


def _room(log: Log, day: dt.date, cuts: list[tuple[dt.date, str]]) -> TweakWindow:
    assert log.first is not None
    assert log.last is not None
    start, stop = log.first, log.last + dt.timedelta(days=1)
    before_cut, after_cut = "the start of the log", _LOG_ENDS
    for date, why in cuts:
        if start < date <= day:
            start, before_cut = date, why
        if day < date < stop:
            stop, after_cut = date, why
    return TweakWindow(
        max(0, min(MOST_BEFORE, (day - start).days // 7)),
        max(0, min(MOST_AFTER, (stop - day).days // 7)),
        before_cut,
        after_cut,
    )
