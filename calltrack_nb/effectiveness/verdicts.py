"""What was said of each tweak, as numbers and as a reader sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.results import Check, Result

Word = Literal[
    "helped", "hurt", "looks like it helped", "looks like it hurt", "can't tell",
    "no sign of change",
]  # fmt: skip

FIGURES: Final = (
    "tweak_id", "date", "campaign", "changed", "word", "ratio", "low", "high", "likely",
    "likely_low", "likely_high", "p_value", "p_adjusted", "extra", "extra_low", "extra_high",
    "money", "money_low", "money_high", "detectable",
)  # fmt: skip
"""The columns of the table of :class:`Verdicts`: fields of :class:`Verdict`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One tweak and what can be said of it.

    Parameters
    ----------
    tweak_id, campaign, changed : str
        From the log of tweaks.
    date : datetime.date
        First day under the change.
    word : str
        The verdict: helped, hurt, looks like either, can't tell, no sign of change.
    ratio, low, high : float
        Callers with the change, as a multiple of what the control leads to expect.
    likely, likely_low, likely_high : float
        The same drawn towards no effect, since what stands out is too large on average.
    p_value, p_adjusted : float
        Of no effect; adjusted for the number of tweaks judged.
    extra, extra_low, extra_high : float
        Of the callers seen in the weeks after, those that the change explains: seen times
        (1 - 1 / ratio); below zero where it kept callers away.
    money, money_low, money_high : float
        What they are worth at the revenue per caller of the kind counted; NaN where too few
        orders.
    priced_by : str
        Whose callers and orders say what a caller is worth: the campaign itself, or all
        campaigns where its own orders are too few; empty where all are.
    detectable : float
        The smallest true change that these weeks would have shown in four cases of
        five, as a share.
    weeks : pandas.DataFrame
        The series judged: ``week``, ``treated``, ``control``, ``changed``.
    control : tuple of str
        What it was compared with.
    checks : tuple of Check
        What was asked of the comparison before it was believed.
    text : str
        The verdict in plain words.
    """

    tweak_id: str
    campaign: str
    changed: str
    date: dt.date
    word: Word
    ratio: float
    low: float
    high: float
    likely: float
    likely_low: float
    likely_high: float
    p_value: float
    p_adjusted: float
    extra: float
    extra_low: float
    extra_high: float
    money: float
    money_low: float
    money_high: float
    priced_by: str
    detectable: float
    weeks: pd.DataFrame
    control: tuple[str, ...]
    checks: tuple[Check, ...]
    text: str

    @classmethod
    def blank(cls, tweak: dict[str, object], campaign: str, day: dt.date) -> Verdict:
        """Return a verdict of which nothing is known yet."""
        unknown = dict.fromkeys(FIGURES[FIGURES.index("ratio") :], np.nan)
        return cls(
            tweak_id=str(tweak.get("tweak_id", "")),
            campaign=campaign,
            changed=str(tweak.get("changed", "")),
            priced_by="",
            date=day,
            word="can't tell",
            weeks=pd.DataFrame({"week": [], "treated": [], "control": [], "changed": []}),
            control=(),
            checks=(),
            text="",
            **unknown,
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Verdicts(Result):
    """All tweaks of the log, judged as one family.

    Parameters
    ----------
    verdicts : tuple of Verdict
        In order of their date.
    table : pandas.DataFrame
        One row per tweak, its figures as numbers: :data:`FIGURES`.
    currency : str
        Of the money.
    counted : str
        Who is counted: callers, or qualified callers.
    text : str
        The outcome in words, with the correction by name.
    """

    verdicts: tuple[Verdict, ...]
    currency: str
    counted: str = "callers"

    @classmethod
    def of(
        cls, verdicts: tuple[Verdict, ...], currency: str, text: str, counted: str = "callers"
    ) -> Verdicts:
        """Gather verdicts and make their table."""
        rows = [{name: getattr(verdict, name) for name in FIGURES} for verdict in verdicts]
        table = pd.DataFrame(rows, columns=list(FIGURES))
        return cls(table, text, verdicts=verdicts, currency=currency, counted=counted)

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        rows = self.table

        def cash(value: float) -> str:
            return phrasing.money(value, self.currency)

        return pd.DataFrame(
            {
                "Date": [phrasing.day(date) for date in rows["date"]],
                "Campaign": rows["campaign"],
                "What was changed": rows["changed"],
                "Verdict": rows["word"],
                f"Change in {self.counted} (range)": [
                    phrasing.between(value, low, high, phrasing.changed)
                    for value, low, high in rows[["ratio", "low", "high"]].to_numpy(dtype=float)
                ],
                "Likely": rows["likely"].map(phrasing.changed),
                phrasing.sentence(f"{self.counted} more (range)"): _ranges(
                    rows, "extra", phrasing.number
                ),
                "Worth (range)": _ranges(rows, "money", cash),
            }
        )

    def checks_table(self) -> pd.DataFrame:
        """Return every check of every tweak, as a reader sees it."""
        return pd.DataFrame(
            [
                {
                    "Campaign": verdict.campaign,
                    "Check": check.name,
                    "Result": check.answer,
                    "Because": check.text,
                }
                for verdict in self.verdicts
                for check in verdict.checks
            ],
            columns=["Campaign", "Check", "Result", "Because"],
        )


def _ranges(rows: pd.DataFrame, name: str, write: phrasing.Writer) -> list[str]:
    figures = rows[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float)
    return [phrasing.between(value, low, high, write) for value, low, high in figures]
