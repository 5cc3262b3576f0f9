"""How often the machine is right, by what people checked: words, and each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from calltrack_nb.checking import THEME, Checked, agreement_text, mark
from calltrack_nb.findings.summary import label_of
from calltrack_nb.phrasing import agree, between, percent, plural, ranged
from calltrack_nb.results import Result
from calltrack_nb.stats import CheckedShare


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ErrorRates(Result):
    """How often the machine is right; see :func:`error_rates`."""

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        return pd.DataFrame(
            {
                "about": self.table["family"].astype("str"),
                "heard": self.table["label"].astype("str"),
                "calls": self.table["calls"],
                "checked": self.table["checked"],
                "precision": ranged(self.table, "precision", percent),
                "recall": ranged(self.table, "recall", percent),
            }
        )


def error_rates(
    checked: Checked,
    themes: pd.DataFrame,
    kinds: Iterable[tuple[str, str]],
    *,
    level: float = 0.95,
) -> ErrorRates:
    """State the measured word error rate, and precision and recall of each theme and kind.

    Parameters
    ----------
    checked : Checked
        What people checked of a period's calls.
    themes : pandas.DataFrame
        The table ``themes``.
    kinds : iterable of (str, str)
        Families and kinds that may be found.
    level : float
        Of the ranges, which cover chance among the checked calls.

    Returns
    -------
    ErrorRates
        Columns mark, family, label, calls (that the machine marked), checked (of them, by
        lot), precision, precision_low, precision_high, recall, recall_low, recall_high; of
        what the machine marked or people found. No rows before enough calls were checked.
    """
    names = {mark(THEME, row.theme_id): (THEME, row.label) for row in _rows(themes)}
    names |= {mark(family, kind): (family, label_of(kind)) for family, kind in kinds}
    rows = []
    for what, (family, label) in names.items() if checked.enough else ():
        calls = {call_id for call_id in checked.heard if what in checked.marks.get(call_id, ())}
        found = {call_id for call_id, share in checked.said(what).items() if share}
        if calls or found & checked.drawn:
            precision, recall = checked.precision(what, level), checked.recall(what, level)
            rows.append(
                {
                    "mark": what,
                    "family": family,
                    "label": label,
                    "calls": len(calls),
                    "checked": len(calls & checked.drawn),
                    **_named("precision", precision),
                    **_named("recall", recall),
                }
            )
    columns = ["mark", "family", "label", "calls", "checked"]
    columns += [f"{part}{end}" for part in ("precision", "recall") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=columns)
    parts = (checked.answer().text, _words(checked, level), agreement_text(checked.checks))
    return ErrorRates(table, " ".join(part for part in parts if part), (checked.answer(),))


def _named(name: str, share: CheckedShare) -> dict[str, float]:
    return {name: share.estimate, f"{name}_low": share.low, f"{name}_high": share.high}


def _rows(themes: pd.DataFrame) -> Any:
    return themes.itertuples()


def _words(checked: Checked, level: float) -> str:
    read = len(checked.words)
    text = ""
    if read:
        rate = checked.word_errors(level)
        text = (
            f"Of the words in {plural(read, 'call')} that {agree(read, 'was', 'were')} read "
            f"through, {between(rate.estimate, rate.low, rate.high, percent)} were transcribed "
            "wrong."
        )
    if checked.heard_anew:
        count = checked.heard_anew
        text += (
            f" {plural(count, 'call')} {agree(count, 'has')} been transcribed again since "
            f"{agree(count, 'it was', 'they were')} checked; {agree(count, 'its', 'their')} words "
            "no longer count in the word error rate, what was said of "
            f"{agree(count, 'it', 'them')} still does."
        )
    return text.strip()
