"""What checked calls say about all of them: corrected shares, precision and recall.

This is the one seam between what people checked and what reports print.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.checking.check import DRAWN, Check
from calltrack_nb.checking.draw import Draw, mark
from calltrack_nb.phrasing import agree, between, listed, out_of, percent, plural
from calltrack_nb.results import Check as Answer
from calltrack_nb.results import Result
from calltrack_nb.stats import CheckedShare, checked_recall, checked_share, total_interval

ENOUGH: Final = 30
"""From so many checked calls on, shares are corrected."""
NOT_MEASURED: Final = " (not measured)"
"""What is added to the label of a kind of which no check says how well it is found."""
COVERED: Final = "What the ranges cover"
"""Name of the check of a result that says so."""
_HALF: Final = 0.5
_LEADING: Final = 3
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
    words : tuple of (int, int)
        Words, and words that were heard wrong, of each drawn call that was read through.
    heard_anew : int
        Calls that were read through, and have another transcript since.
    """

    heard: frozenset[str]
    marks: Mapping[str, set[str]]
    checks: tuple[Check, ...] = ()
    draw: Draw = _NO_DRAW
    words: tuple[tuple[int, int], ...] = ()
    heard_anew: int = 0

    @cached_property
    def of_call(self) -> dict[str, list[Check]]:
        """Checks that say something, by call; of a drawn call only those made at random."""
        told: dict[str, list[Check]] = {}
        for check in self.checks:
            if check.call_id in self.heard and not check.cannot_tell:
                told.setdefault(check.call_id, []).append(check)
        return told

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Calls that was drawn at random and were checked: those that measure the machine."""
        return frozenset(
            call_id
            for call_id, checks in self.of_call.items()
            if any(check.why == DRAWN for check in checks)
        )

    @property
    def enough(self) -> bool:
        """Whether enough calls were checked to correct shares."""
        return len(self.drawn) >= ENOUGH

    def measures(self, what: str) -> bool:
        """Tell whether the checks say anything of how a kind is found.

        Enough of the drawn calls must have been asked about it, and it must be true, or what
        the machine says, of one of them: else a share of it would rest on no call at all.
        """
        asked = self.drawn & self.said(what).keys()
        said = self.said(what)
        return len(asked) >= ENOUGH and any(
            said[call_id] or what in self.marks.get(call_id, set()) for call_id in asked
        )

    def said(self, what: str) -> dict[str, float]:
        """Return by checked call how far it is true: 0, 1, or between where reviewers differ."""
        answers = {
            call_id: [what in check.found for check in checks if what in check.asked]
            for call_id, checks in self.of_call.items()
        }
        return {call_id: float(np.mean(each)) for call_id, each in answers.items() if each}

    def share(self, what: str, level: float = 0.95) -> CheckedShare:
        """Return in which share of the calls something is true, corrected.

        Calls that the user chose to check are known, and no sample of others.
        """
        marked, unmarked, chosen = self._cells(what)
        return checked_share(*_joined([*marked.values(), *unmarked.values(), chosen]), level)

    def precision(self, what: str, level: float = 0.95) -> CheckedShare:
        """Return which share of the calls the machine marked is marked rightly.

        NaN where none of them was checked.
        """
        marked, _, _ = self._cells(what)
        if not any(checked for _, checked, _ in marked.values()):
            return CheckedShare(np.nan, np.nan, np.nan)
        return checked_share(*_joined(marked.values()), level)

    def recall(self, what: str, level: float = 0.95) -> CheckedShare:
        """Return which share of the calls in which something is true the machine marked.

        NaN where it is true in none of the checked ones.
        """
        marked, unmarked, _ = self._cells(what)
        return checked_recall(_joined(marked.values()), _joined(unmarked.values()), level)

    def holds(self, what: str) -> frozenset[str]:
        """Return the calls in which something is true: as checked, else as the machine says."""
        said = self.said(what)
        return frozenset(
            call_id
            for call_id in self.heard
            if said.get(call_id, float(what in self.marks.get(call_id, set()))) > _HALF
        )

    def without_wrong(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Return the table ``findings`` without what people do not hold true, to quote from."""
        keys = zip(findings["call_id"], findings["family"], findings["kind"], strict=True)
        said: dict[str, dict[str, float]] = {}
        right = []
        for call_id, family, kind in keys:
            what = mark(str(family), str(kind))
            if what not in said:
                said[what] = self.said(what)
            right.append(said[what].get(str(call_id), 1.0) > _HALF)
        return findings[np.array(right, dtype=bool)]

    def word_errors(self, level: float = 0.95) -> CheckedShare:
        """Return the share of words that were heard wrong; NaN where no call was read through.

        Notes
        -----
        Errors come in calls, so their number's interval is that of a total of unequal parts
        (:func:`~calltrack_nb.stats.total_interval`).
        """
        if not any(words for words, _ in self.words):
            return CheckedShare(np.nan, np.nan, np.nan)
        words, errors = (np.array(column, dtype=float) for column in zip(*self.words, strict=True))
        low, high = total_interval(errors.sum(), (errors**2).sum(), max(1.0, errors.max()), level)
        total = words.sum()
        return CheckedShare(errors.sum() / total, float(low / total), float(high / total))

    def kinds_found(self, family: str) -> list[str]:
        """Return the kinds of a family that people found in any of the calls."""
        found = {each for own in self.of_call.values() for check in own for each in check.found}
        return sorted(
            kind for of, _, kind in (each.partition(":") for each in found) if of == family
        )

    def answer(self) -> Answer:
        """Say what the ranges cover, in a sentence a reader needs beside them."""
        count = len(self.drawn)
        if not self.enough:
            text = "The ranges cover chance only, not the machine's own errors. "
            if count:
                text += f"{plural(count, 'call')} drawn at random {agree(count, 'was')} checked; "
                text += f"from {ENOUGH} on, shares are corrected. "
            return Answer(COVERED, None, f"{text}Check some calls with calltrack review.")
        late = len(self.heard - set(self.draw.strata))
        text = (
            f"{plural(count, 'call')} drawn at random {agree(count, 'was')} checked by a person. "
            "Shares are corrected by them, and their ranges cover chance and the machine's errors."
        )
        if late:
            text += (
                f" {out_of(late, len(self.heard), 'call')} came after the last draw and "
                f"{agree(late, 'is')} assumed to be transcribed as well as the others. Go on with "
                "calltrack review to check some of them too."
            )
        return Answer(COVERED, passed=True, text=text)

    def _cells(
        self, what: str
    ) -> tuple[dict[str, list[float]], dict[str, list[float]], list[float]]:
        """Return calls, checked and true: of marked calls and of others by stratum, of chosen.

        A call counts as checked only where this mark was asked about.
        """
        said = self.said(what)
        marked: dict[str, list[float]] = {}
        unmarked: dict[str, list[float]] = {}
        chosen = [0.0, 0.0, 0.0]
        for call_id in self.heard:
            marks = self.marks.get(call_id, set())
            side = marked if what in marks else unmarked
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


def corrected(
    counted: Result,
    checked: Checked | None,
    family: str,
    column: str,
    *,
    label: Callable[[str], str] | None = None,
    level: float = 0.95,
) -> Result:
    """Put corrected shares in the place of the machine's, where enough calls were checked.

    Parameters
    ----------
    counted : Result
        What the machine counted: a table with `column`, ``label``, ``calls``, ``share``,
        ``low`` and ``high``.
    checked : Checked, optional
        Without it the result comes back as it is; with too few checks it says that its
        ranges cover chance only.
    family, column : str
        What is counted, such as ``outcome``, and the column that holds its kinds.
    label : callable, optional
        Names a kind that the machine never found and people did; without it such kinds are
        left out.
    level : float
        Of the intervals.

    Returns
    -------
    Result
        ``calls`` stays what the machine counted; the largest share comes first. A kind that
        the checks do not measure keeps the machine's share, and its label says so.
    """
    if checked is None:
        return counted
    answers = (*counted.checks, checked.answer())
    if not checked.enough:
        return replace(counted, checks=answers)
    table = counted.table
    known = set(table[column])
    missed = [
        kind
        for kind in (checked.kinds_found(family) if label else ())
        if kind not in known and checked.measures(mark(family, kind))
    ]
    if label and missed:
        more = {column: missed, "label": [label(kind) for kind in missed], "calls": 0}
        table = pd.concat([table, pd.DataFrame(more)], ignore_index=True)
    measured = np.array([checked.measures(mark(family, kind)) for kind in table[column]], bool)
    shares = [checked.share(mark(family, kind), level) for kind in table[column]]
    for name, part in (("share", "estimate"), ("low", "low"), ("high", "high")):
        right = [float(getattr(share, part)) for share in shares]
        table = table.assign(**{name: np.where(measured, right, table[name])})
    names = table["label"].tolist()
    unknown = [label for label, known in zip(names, measured, strict=True) if not known]
    table["label"] = [
        label if known else f"{label}{NOT_MEASURED}"
        for label, known in zip(names, measured, strict=True)
    ]
    leading = table[measured].sort_values(["share", column], ascending=[False, True])
    table = table.sort_values(["share", column], ascending=[False, True], ignore_index=True)
    text = counted.text
    if len(leading):
        lead = "; ".join(
            f"{row['label']} {between(row['share'], row['low'], row['high'], percent)}"
            for row in leading.head(_LEADING).to_dict("records")
        )
        text += f" Corrected by {plural(len(checked.drawn), 'checked call')}: {lead}."
    if unknown:
        said = (
            f"Not measured: {listed(unknown)}. Too few of the calls drawn at random were asked "
            f"about {agree(len(unknown), 'it', 'them')}, or none had "
            f"{agree(len(unknown), 'it', 'one of them')}. The figures shown are uncorrected, with "
            "a range that covers chance only."
        )
        text += f" {said}"
        answers = (*answers, Answer("Kinds that no check measures", passed=False, text=said))
    return Result(table, text, answers)
