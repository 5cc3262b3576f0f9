"""What a caller is worth, in the unit that tweaks are judged in: a caller in a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb import phrasing, stats
from calltrack_nb.calls import counted
from calltrack_nb.effectiveness.comparison import Log, Outcome
from calltrack_nb.effectiveness.grouping import groups_of
from calltrack_nb.effectiveness.ledger import FEWEST_SALES, sales_in
from calltrack_nb.periods import Period
from calltrack_nb.results import Check
from calltrack_nb.settings import Settings

ALL: Final = "all campaigns"


@dataclass(frozen=True, slots=True)
class Worth:
    """Revenue per caller, each counted once a week.

    Parameters
    ----------
    usual, low, high : float
        In the business's currency, with the ends of the range.
    whose : str
        The campaign whose callers and orders were counted; :data:`ALL` where its own orders
        are too few.
    """

    usual: float
    low: float
    high: float
    whose: str

    def check(self, counting: str, settings: Settings) -> Check:
        """Say what was taken for the worth, and of whom."""
        currency = settings.business.currency
        amount = phrasing.between(
            self.usual, self.low, self.high, lambda value: phrasing.money(value, currency)
        )
        fewest = "" if self.whose != ALL else f" (its own orders are fewer than {FEWEST_SALES})"
        return Check(
            "worth",
            None,
            f"Taken from {self.whose}{fewest}: orders of the whole log over {counting}, each "
            f"counted once a week, {amount} each.",
        )


def worth_by_group(
    log: Log, calls: pd.DataFrame, outcomes: pd.DataFrame, settings: Settings, outcome: Outcome
) -> dict[str, Worth]:
    """Return what a caller of each campaign brings.

    Parameters
    ----------
    log : Log
        The calls, ready to be compared.
    calls, outcomes : pandas.DataFrame
        The canonical tables, whole.
    settings : Settings
        Zone, currency, level and the qualified-call rule.
    outcome : {"callers", "qualified"}
        Who is counted.

    Returns
    -------
    dict of str to Worth
        By campaign with at least ``FEWEST_SALES`` buyers, and of :data:`ALL`; empty where all
        together have fewer.
    """
    if outcomes.empty or log.first is None or log.last is None:
        return {}
    whole = Period(log.first, log.last)
    sales = sales_in(outcomes, counted(calls, settings), settings, whole).rows
    sales = sales.assign(group=groups_of(sales))
    callers = log.callers[log.callers["qualified"]] if outcome == "qualified" else log.callers
    week = (callers["day"] - callers["day"].min()).dt.days // 7
    weekly = callers.assign(week=week).drop_duplicates(["group", "person", "week"])
    counts = weekly.groupby("group").size()
    found = {}
    for name in (ALL, *counts.index):
        here = sales if name == ALL else sales[sales["group"] == name]
        spent = here.groupby("person")["value"].sum()
        number = len(weekly) if name == ALL else int(counts[name])
        if len(spent) < FEWEST_SALES or not number:
            continue
        low, high = stats.total_interval(
            spent.sum(), (spent**2).sum(), spent.max(), settings.evidence.level
        )
        found[name] = Worth(
            float(spent.sum()) / number, float(low) / number, float(high) / number, str(name)
        )
    return found
