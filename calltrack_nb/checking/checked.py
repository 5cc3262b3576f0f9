"""What checked calls say about all of them: corrected shares, precision and recall.

This is the one seam between what people checked and what reports print.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.checking.check import DRAWN, Check
from calltrack_nb.checking.draw import Draw
from calltrack_nb.phrasing import agree, out_of, plural
from calltrack_nb.results import Check as Answer
from calltrack_nb.stats import CheckedShare, checked_recall, checked_share

ENOUGH: Final = 30
"""From so many checked calls on, shares are corrected."""
COVERED: Final = "What the ranges cover"
"""Name of the check of a result that says so."""
_NO_DRAW: Final = Draw("", (), {})


@dataclass(frozen=True)
class Checked:
    """People's checks of a set of calls, beside what the machine says of each.

    Parameters
    ----------
    heard : frozenset of str
        Ids of the calls that shares are of.
    marks : mapping of str to set of str
        What the machine says of a call; see :func:`~calltrack_nb.checking.marks_of`.
        Of the calls that were drawn it must not have learnt anything.
    checks : tuple of Check
        Those of other calls than `heard` are passed over.
    draw : Draw
        How the calls to check were drawn.
    """

    heard: frozenset[str]
    marks: Mapping[str, set[str]]
    checks: tuple[Check, ...] = ()
    draw: Draw = _NO_DRAW

    @cached_property
    def of_call(self) -> dict[str, list[Check]]:
        """Checks that say something, by call; of a drawn call only those made by lot."""
        told: dict[str, list[Check]] = {}
        for check in self.checks:
            if check.call_id in self.heard and not check.cannot_tell:
                told.setdefault(check.call_id, []).append(check)
        return told

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Calls that came up by lot and were checked: those that measure the machine."""
        return frozenset(
            call_id
            for call_id, checks in self.of_call.items()
            if any(check.why == DRAWN for check in checks)
        )

    @property
    def enough(self) -> bool:
        """Whether enough calls were checked to correct shares."""
        return len(self.drawn) >= ENOUGH

    def said(self, mark: str) -> dict[str, float]:
        """Return by checked call how far it is true: 0, 1, or between where reviewers differ."""
        answers = {
            call_id: [mark in check.found for check in checks if mark in check.asked]
            for call_id, checks in self.of_call.items()
        }
        return {call_id: float(np.mean(each)) for call_id, each in answers.items() if each}

    def share(self, mark: str, level: float = 0.95) -> CheckedShare:
        """Return in which share of the calls something is true, corrected.

        Calls that the user chose to check are known, and no sample of others.
        """
        marked, unmarked, chosen = self._cells(mark)
        return checked_share(*_joined([*marked.values(), *unmarked.values(), chosen]), level)

    def precision(self, mark: str, level: float = 0.95) -> CheckedShare:
        """Return which share of the calls the machine marked is marked rightly.

        NaN where none of them was checked.
        """
        marked, _, _ = self._cells(mark)
        if not any(checked for _, checked, _ in marked.values()):
            return CheckedShare(np.nan, np.nan, np.nan)
        return checked_share(*_joined(marked.values()), level)

    def recall(self, mark: str, level: float = 0.95) -> CheckedShare:
        """Return which share of the calls in which something is true the machine marked.

        NaN where it is true in none of the checked ones.
        """
        marked, unmarked, _ = self._cells(mark)
        return checked_recall(_joined(marked.values()), _joined(unmarked.values()), level)

    def answer(self) -> Answer:
        """Say what the ranges cover, in a sentence a reader needs beside them."""
        count = len(self.drawn)
        if not self.enough:
            text = "The ranges cover chance only, not the machine's own errors. "
            if count:
                text += f"{plural(count, 'call')} drawn at random {agree(count, 'was')} checked; "
                text += f"from {ENOUGH} on, each share is corrected. "
            return Answer(COVERED, None, f"{text}Check some calls with calltrack review.")
        late = len(self.heard - set(self.draw.strata))
        text = (
            f"{plural(count, 'call')} drawn at random {agree(count, 'was')} checked by a person. "
            "Each share is corrected by them, and its range covers chance and the machine's errors."
        )
        if late:
            text += (
                f" {out_of(late, len(self.heard), 'call')} came after the last draw and "
                f"{agree(late, 'is')} taken to be heard as well as the others; go on with "
                "calltrack review to check some of them too."
            )
        return Answer(COVERED, passed=True, text=text)

    def _cells(
        self, mark: str
    ) -> tuple[dict[str, list[float]], dict[str, list[float]], list[float]]:
        """Return calls, checked and true: of marked calls and of others by stratum, of chosen.

        A call counts as checked only where this mark was asked about.
        """
        said = self.said(mark)
        marked: dict[str, list[float]] = {}
        unmarked: dict[str, list[float]] = {}
        chosen = [0.0, 0.0, 0.0]
        for call_id in self.heard:
            marks = self.marks.get(call_id, set())
            side = marked if mark in marks else unmarked
            cell = side.setdefault(self.draw.stratum(call_id, marks), [0.0, 0.0, 0.0])
            if call_id in said and call_id not in self.drawn:
                cell = chosen
            cell[0] += 1
            if call_id in said:
                cell[1] += 1
                cell[2] += said[call_id]
        return marked, unmarked, chosen


def _joined(cells: Iterable[Collection[float]]) -> tuple[list[float], list[float], list[float]]:
    """Turn cells into their calls, their checked and their true ones."""
    rows = [list(cell) for cell in cells] or [[0.0, 0.0, 0.0]]
    calls, checked, true = (list(column) for column in zip(*rows, strict=True))
    return calls, checked, true


def corrected_shares(
    table: pd.DataFrame, marks: Iterable[str], checked: Checked | None, level: float
) -> pd.DataFrame:
    """Put corrected shares into a table of shares, where enough calls were checked.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``share``, ``low``, ``high``, one row a mark.
    marks : iterable of str
        The mark of each row.
    checked : Checked, optional
        Without it, or with too few checks, the table comes back as it is.
    level : float
        Of the intervals.
    """
    if checked is None or not checked.enough:
        return table
    shares = [checked.share(mark, level) for mark in marks]
    return table.assign(
        share=[share.estimate for share in shares],
        low=[share.low for share in shares],
        high=[share.high for share in shares],
    )
