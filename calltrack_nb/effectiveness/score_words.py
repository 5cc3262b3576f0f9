"""What a scorecard says in words, and what the reader should know before believing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from calltrack_nb.calls import rule_in_words
from calltrack_nb.effectiveness import grouping
from calltrack_nb.effectiveness.days import covered, days_with_data, gaps_in_words
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import listed, money, number, percent, plural, ranged, span
from calltrack_nb.results import Check
from calltrack_nb.settings import Settings

BEFORE: Final = "period before"
"""The check that fails where the log does not cover the period before."""


def log_checks(
    calls: pd.DataFrame, settings: Settings, period: Period, days: pd.Series
) -> list[Check]:
    """Say by which rule was counted, and which days of the period hold no data."""
    gaps = gaps_in_words(days)
    found = [
        Check("rule", None, rule_in_words(settings)),
        Check("days with data", not gaps, gaps or "Every day of the period holds data."),
    ]
    earlier = days_with_data(calls, settings, period.before())
    if not covered(calls, settings, period.before()):
        text = (
            f"The log holds {number(earlier.sum())} of the {plural(len(earlier), 'day')} of the "
            f"period before ({period.before()}), so the columns about it are no fair comparison."
        )
        found.append(Check(BEFORE, False, text))
    return found


def row_checks(table: pd.DataFrame, total: pd.Series, by: str, *, orders: bool) -> list[Check]:
    """Name what was paid for without calls, what rang without spend, and what is not on record."""
    found = []
    silent = table.loc[(table["cost"] > 0) & (table["calls"] == 0), by].tolist()
    if silent:
        text = f"Spend without a call: {listed(silent)}."
        found.append(Check("spend without calls", False, text))
    free = table.loc[~(table["cost"] > 0) & (table["calls"] > 0), by].tolist()
    if free and by in grouping.SPENT_ON and total["cost"] > 0:
        text = f"Calls but no spend on record: {listed(free)}. They have no cost per call."
        found.append(Check("calls without spend", None, text))
    if not total["cost"] > 0:
        text = "No spend is on record for this period, so no cost can be given."
        found.append(Check("spend", None, text))
    else:
        text = (
            "The paid cost of a qualified call is the spend on paid campaigns divided by their own "
            "qualified calls. The blended cost is all spend divided by all qualified calls, those "
            "of free campaigns included."
        )
        found.append(Check("cost of a qualified call", None, text))
    if not orders:
        found.append(Check("orders", None, "No orders are on record, so there is no revenue."))
    return found


def in_words(table: pd.DataFrame, total: pd.Series, by: str) -> str:
    """Say what the scorecard shows of calls."""
    if not total["calls"]:
        return "This period has no calls except spam and staff, so nothing can be compared."
    rate = ranged(total.to_frame().T, "qualified_rate", percent).iloc[0]
    lines = [
        (
            f"{plural(total['calls'], 'call')} from {plural(total['people'], 'person', 'people')}, "
            f"{number(total['qualified'])} of them qualified: {rate}."
        )
    ]
    named = table[table[by] != grouping.UNNAMED]
    if len(named) > 1:
        top = named.iloc[0]
        lines.append(
            f"{top[by]} had the most calls: {plural(top['calls'], 'call')} "
            f"({span(number(top['calls_low']), number(top['calls_high']))})."
        )
    if len(named) == 1:
        lines.append(
            f"There is only one {by.replace('_', ' ')}, so there is nothing to compare it with."
        )
    return "\n\n".join(lines)


def cost_in_words(
    table: pd.DataFrame,
    total: pd.Series,
    settings: Settings,
    by: str,
    left_out: Sequence[str] = (),
) -> str:
    """Say what the scorecard shows of money, and who was left out since all days were broken."""
    if not total["cost"] > 0:
        return "No spend is on record for this period, so no cost can be given."
    currency = settings.business.currency
    priced = table[(table[by] != grouping.UNNAMED) & table["cost_per_qualified"].notna()]
    lines = [f"{money(total['cost'], currency)} were spent."]
    if len(priced) >= 2:
        lines.append(_cheapest(priced.sort_values("cost_per_qualified"), by, currency))
        if left_out:
            lines.append(
                f"Not compared, because the number was broken all the time: {listed(left_out)}."
            )
    silent = table.loc[(table["cost"] > 0) & (table["calls"] == 0), by].tolist()
    if silent:
        lines.append(f"Spend without a call: {listed(silent)}.")
    return " ".join(lines)


def _cheapest(priced: pd.DataFrame, by: str, currency: str) -> str:
    best, rest = priced.iloc[0], priced.iloc[1:]
    edge = best["cost_per_qualified_shrunken_high"]
    apart = bool((rest["cost_per_qualified_shrunken_low"] > edge).all())
    cost = ranged(priced.head(1), "cost_per_qualified", lambda value: money(value, currency)).iloc[
        0
    ]
    figure = f"{best[by]} has the lowest paid cost per qualified call, {cost}"
    if apart:
        return f"{figure}, and its range lies clear of all others."
    return f"{figure}, but its range overlaps with others: which one is cheapest is not certain."
