"""The scorecard: what each marketing effort brought, at what cost, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb import evidence
from calltrack_nb.effectiveness import grouping, ledger, words
from calltrack_nb.effectiveness.days import days_with_data, gaps_in_words
from calltrack_nb.effectiveness.qualified import counted_calls, rule_in_words
from calltrack_nb.evidence import Bounds, Check
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

FEWEST_SALES = 8
"""Below this many sales an interval of revenue covers too seldom to be printed."""

_FEWEST_WEEKS = 3
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One row per group, largest first, with a total.

    Parameters
    ----------
    by : str
        The grouping.
    period : Period
        The days counted.
    table : pandas.DataFrame
        First column named as `by`. For ``calls``, ``people``, ``qualified``,
        ``answer_rate``, ``qualified_rate``, ``revenue``, ``cost_per_call``,
        ``cost_per_person``, ``cost_per_qualified`` and ``return`` also ``*_low`` and
        ``*_high``; ``*_shrunken`` (with its ends) for the qualified rate and the cost
        per qualified call; ``first_time``, ``answered``, ``missed``, ``booked``,
        ``cost``; and ``*_before`` for the period before. NaN where there is no such
        figure.
    total : pandas.Series
        The same figures over all groups.
    currency : str
        Of every amount.
    dispersion : float
        Variance over mean of the weekly counts, as measured, with which the intervals
        of counts are widened.
    text, cost_text : str
        What the table says of calls and of money, in words.
    checks : tuple of Check
        What the reader should know before believing it.
    """

    by: str
    period: Period
    table: pd.DataFrame
    total: pd.Series
    currency: str
    dispersion: float
    text: str
    cost_text: str
    checks: tuple[Check, ...] = ()

    def _repr_html_(self) -> str:
        return words.html(self.text, self.display())

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it: figures with their ranges, as text."""
        rows = pd.concat([self.table, self.total.to_frame().T], ignore_index=True)
        return pd.DataFrame(
            {
                self.by.replace("_", " ").capitalize(): rows[self.by],
                "Calls (range)": words.ranged(rows, "calls", words.number),
                "People": rows["people"].map(words.number),
                "First-time": rows["first_time"].map(words.number),
                "Missed": rows["missed"].map(words.number),
                "Qualified (range)": words.ranged(rows, "qualified", words.number),
                "Qualified rate (range)": words.ranged(rows, "qualified_rate", words.percent),
                "Drawn to the whole": rows["qualified_rate_shrunken"].map(words.percent),
                "Booked": rows["booked"].map(words.number),
                "Before: calls / qualified": [
                    f"{words.number(calls)} / {words.number(qualified)}"
                    for calls, qualified in zip(
                        rows["calls_before"], rows["qualified_before"], strict=True
                    )
                ],
            }
        )

    def display_cost(self) -> pd.DataFrame:
        """Return the money part of the table as a reader sees it."""
        rows = pd.concat([self.table, self.total.to_frame().T], ignore_index=True)

        def cash(value: float) -> str:
            return words.money(value, self.currency)

        few = (rows["booked"] < FEWEST_SALES) & (rows["booked"] > 0)
        return pd.DataFrame(
            {
                self.by.replace("_", " ").capitalize(): rows[self.by],
                "Spent": rows["cost"].map(cash),
                "Per call (range)": words.ranged(rows, "cost_per_call", cash),
                "Per qualified call (range)": words.ranged(rows, "cost_per_qualified", cash),
                "Drawn to the whole (range)": words.ranged(
                    rows, "cost_per_qualified_shrunken", cash
                ),
                "Revenue (range)": words.ranged(rows, "revenue", cash).where(
                    ~few, rows["revenue"].map(cash) + " (too few sales to say)"
                ),
                "Back per unit spent (range)": words.ranged(
                    rows, "return", lambda value: words.number(value, 1)
                ).where(~few | rows["return"].isna(), "too few sales to say"),
            }
        )


def scorecard(
    calls: pd.DataFrame,
    spend: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    by: grouping.Grouping = "campaign",
) -> Scorecard:
    """Score the groups of a grouping over a period.

    Parameters
    ----------
    calls, spend, outcomes : pandas.DataFrame
        The canonical tables, whole: the period before and earlier calls of the same
        callers are looked up in them.
    settings : Settings
        The qualified-call rule, zone, currency, level and smallest group.
    period : Period
        Local days.
    by : {"channel", "campaign", "keyword", "landing_page", "tracking_number"}
        What a row is.

    Notes
    -----
    Counts have Garwood's exact Poisson interval, read at the coarser of two
    dispersions: calls per caller squared over calls (repeat callers), and Pearson's
    X² over df of the week by group table (what season does not explain). Rates are
    Wilson's at the effective number of calls. Groups below ``evidence.min_group``
    calls are pooled unless money was spent on them.

    Raises
    ------
    EvidenceError
        For a grouping that is not known.
    """
    grouping.check_grouping(by)
    everything = counted_calls(calls, settings)
    now = _within(everything, settings, period)
    before = _within(everything, settings, period.before())
    costs = ledger.spend_in(spend, settings, period)
    costs_before = ledger.spend_in(spend, settings, period.before())
    sales = ledger.sales_in(outcomes, everything, settings, period)
    spent = by in grouping.SPENT_ON
    frames = [now, before, sales.rows] + ([costs.rows, costs_before.rows] if spent else [])
    codes, names = grouping.coded(frames, by)
    size = len(names)
    cost_by = ledger.sums(codes[3], costs.rows["cost"], size) if spent else np.zeros(size)
    small = (np.bincount(codes[0], minlength=size) < settings.evidence.min_group) & (cost_by == 0)
    new, names = grouping.pooled(small, names)
    codes = [new[code] for code in codes]
    size = len(names)

    known = not outcomes.empty
    nothing = np.full(size, np.nan)
    cost = ledger.sums(codes[3], costs.rows["cost"], size) if spent else nothing
    cost_before = ledger.sums(codes[4], costs_before.rows["cost"], size) if spent else nothing
    dispersion = _weekly_dispersion(now, codes[0], size)
    table = _figures(now, codes[0], size, cost, dispersion, settings.evidence.level)
    table |= _money(sales.rows, codes[2], size, cost, settings.evidence.level, known=known)
    table |= _before(before, codes[1], size, cost_before)
    frame = pd.DataFrame({by: names, **table})
    if spent:
        # Spend and calls that name no campaign need not belong to each other.
        divided = frame.columns[frame.columns.str.match("cost_per|return")]
        frame.loc[frame[by] == grouping.UNNAMED, divided] = np.nan
    frame = frame[
        (frame[["calls", "calls_before", "booked"]].sum(axis=1) > 0) | (frame["cost"] > 0)
    ]
    frame = frame.sort_values(["calls", "cost"], ascending=False, ignore_index=True)
    zero = [np.zeros(len(part), dtype=np.intp) for part in (now, before, sales.rows)]
    paid = np.array([costs.rows["cost"].sum()])
    whole = _figures(now, zero[0], 1, paid, dispersion, settings.evidence.level)
    whole |= _money(sales.rows, zero[2], 1, paid, settings.evidence.level, known=known)
    whole |= _before(before, zero[1], 1, np.array([costs_before.rows["cost"].sum()]))
    total = _total(whole, by)
    notes = (
        *_log_checks(calls, settings, period),
        *_row_checks(frame, total, by, orders=known),
        *(Check("left out", None, note) for note in (*costs.notes, *sales.notes)),
    )
    return Scorecard(
        by,
        period,
        frame,
        total,
        settings.business.currency,
        dispersion,
        _in_words(frame, total, by),
        _cost_in_words(frame, total, settings, by),
        notes,
    )


def _within(counted: pd.DataFrame, settings: Settings, period: Period) -> pd.DataFrame:
    start, end = period.bounds(settings.business.timezone)
    inside = (counted["started_at"] >= start) & (counted["started_at"] < end)
    return counted[inside.to_numpy()].reset_index(drop=True)


def _weekly_dispersion(counted: pd.DataFrame, codes: NDArray[np.intp], size: int) -> float:
    """Measure how much the groups' shares scatter from week to week; 1 where none can say."""
    if counted.empty or size < 2:
        return 1.0
    day = counted["local"].dt.normalize()
    week = ((day - day.min()).dt.days // 7).to_numpy()
    weeks = int(week.max()) + 1
    table = np.bincount(week * size + codes, minlength=weeks * size).reshape(weeks, size)
    # Pearson's X² needs expected counts of about one.
    table = table[:, table.sum(axis=0) >= weeks]
    if weeks < _FEWEST_WEEKS or table.shape[1] < 2:
        return 1.0
    return float(max(1.0, np.nan_to_num(evidence.share_dispersion(table), nan=1.0)))


def _figures(
    counted: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    cost: NDArray[np.float64],
    dispersion: float,
    level: float,
) -> dict[str, Any]:
    def count(mask: pd.Series | None = None) -> NDArray[np.float64]:
        chosen = codes if mask is None else codes[mask.to_numpy(dtype=bool)]
        return np.bincount(chosen, minlength=size).astype(float)

    calls, answered, qualified = count(), count(counted["answered"]), count(counted["qualified"])
    person, _ = pd.factorize(counted["person"])
    pair, cell = np.unique(
        codes.astype(np.int64) * (len(counted) + 1) + person, return_inverse=True
    )
    cell_group = (pair // (len(counted) + 1)).astype(np.intp)
    per_caller = np.bincount(cell, minlength=len(pair)).astype(float)
    people = np.bincount(cell_group, minlength=size).astype(float)

    def scatter(events: pd.Series | None) -> NDArray[np.float64]:
        """Variance over mean of a count that comes in callers, or from week to week."""
        weights = None if events is None else events.to_numpy(dtype=float)
        each = np.bincount(cell, weights, minlength=len(pair))
        squares = np.bincount(cell_group, each**2, minlength=size)
        total = np.bincount(cell_group, each, minlength=size)
        return np.maximum(squares / np.maximum(total, 1), dispersion)

    def design(events: pd.Series) -> float:
        hits = np.bincount(cell, events.to_numpy(dtype=float), minlength=len(pair))
        return evidence.clustering(hits, per_caller, cell_group)

    calls_range = evidence.poisson_interval(calls, level, dispersion=scatter(None))
    people_range = evidence.poisson_interval(people, level, dispersion=dispersion)
    qualified_range = evidence.poisson_interval(
        qualified, level, dispersion=scatter(counted["qualified"])
    )
    answer_design, design_effect = design(counted["answered"]), design(counted["qualified"])
    shrunken = evidence.shrunken_rates(qualified / design_effect, calls / design_effect, level)
    result: dict[str, Any] = {
        **_with_ends("calls", calls, calls_range),
        **_with_ends("people", people, people_range),
        "first_time": count(counted["first_call"].fillna(False)),
        "answered": answered,
        "missed": count(counted["missed"]),
        **_with_ends(
            "answer_rate",
            _over(answered, calls),
            evidence.wilson(answered / answer_design, calls / answer_design, level),
        ),
        **_with_ends("qualified", qualified, qualified_range),
        **_with_ends(
            "qualified_rate",
            _over(qualified, calls),
            evidence.wilson(qualified / design_effect, calls / design_effect, level),
        ),
        **_with_ends(
            "qualified_rate_shrunken", shrunken.estimate, Bounds(shrunken.low, shrunken.high)
        ),
        "cost": cost,
    }
    for name, events, ends in (
        ("call", calls, calls_range),
        ("person", people, people_range),
        ("qualified", qualified, qualified_range),
    ):
        spent = np.where(cost > 0, cost, np.nan)
        result |= _with_ends(
            f"cost_per_{name}", _over(spent, events), evidence.cost_per(np.nan_to_num(cost), ends)
        )
    return result | _shrunken_cost(
        qualified, cost, float(np.max(scatter(counted["qualified"]), initial=1.0)), level
    )


def _shrunken_cost(
    qualified: NDArray[np.float64], cost: NDArray[np.float64], scatter: float, level: float
) -> dict[str, Any]:
    """Shrink qualified calls per money, and turn it over into money per qualified call."""
    names = [f"cost_per_qualified_shrunken{end}" for end in ("", "_low", "_high")]
    result = {name: np.full(len(cost), np.nan) for name in names}
    spent = np.nan_to_num(cost) > 0
    if spent.sum() >= 2 and qualified[spent].sum() > 0:
        shrunk = evidence.shrunken_counts(qualified[spent] / scatter, cost[spent] / scatter, level)
        for name, rate in zip(names, (shrunk.estimate, shrunk.high, shrunk.low), strict=True):
            result[name][spent] = 1 / rate
    return result


def _money(
    sales: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    cost: NDArray[np.float64],
    level: float,
    *,
    known: bool,
) -> dict[str, Any]:
    """Revenue and return, of persons' orders added up: one person's orders are one event."""
    person, _ = pd.factorize(sales["person"])
    pair, cell = np.unique(codes.astype(np.int64) * (len(sales) + 1) + person, return_inverse=True)
    group = (pair // (len(sales) + 1)).astype(np.intp)
    each = np.bincount(cell, sales["value"].to_numpy(dtype=float), minlength=len(pair))
    booked = np.bincount(group, minlength=size).astype(float)
    revenue = np.bincount(group, each, minlength=size).astype(float)
    largest = np.zeros(size)
    np.maximum.at(largest, group, each)
    ends = evidence.total_interval(
        revenue, np.bincount(group, each**2, minlength=size), largest, level
    )
    enough = booked >= FEWEST_SALES
    ends = Bounds(np.where(enough, ends.low, np.nan), np.where(enough, ends.high, np.nan))
    spent = np.where(cost > 0, cost, np.nan)
    if not known:
        booked, revenue = np.full(size, np.nan), np.full(size, np.nan)
    return {
        "booked": booked,
        **_with_ends("revenue", revenue, ends),
        **_with_ends("return", revenue / spent, Bounds(ends.low / spent, ends.high / spent)),
    }


def _before(
    counted: pd.DataFrame, codes: NDArray[np.intp], size: int, cost: NDArray[np.float64]
) -> dict[str, Any]:
    qualified = codes[counted["qualified"].to_numpy(dtype=bool)]
    return {
        "calls_before": np.bincount(codes, minlength=size).astype(float),
        "qualified_before": np.bincount(qualified, minlength=size).astype(float),
        "cost_before": cost,
    }


def _total(figures: dict[str, Any], by: str) -> pd.Series:
    whole = pd.Series({by: "all", **{name: values[0] for name, values in figures.items()}})
    whole[[str(name) for name in whole.index if "shrunken" in str(name)]] = np.nan
    return whole


def _log_checks(calls: pd.DataFrame, settings: Settings, period: Period) -> list[Check]:
    """Say by which rule was counted, and which days hold no data."""
    gaps = gaps_in_words(days_with_data(calls, settings, period))
    found = [
        Check("rule", None, rule_in_words(settings)),
        Check("days with data", not gaps, gaps or "Every day of the period holds data."),
    ]
    earlier = days_with_data(calls, settings, period.before())
    if earlier.mean() < _MOSTLY:
        text = (
            f"The log holds {int(earlier.sum())} of the {len(earlier)} days of the period before "
            f"({period.before()}), so its columns are not a comparison."
        )
        found.append(Check("period before", False, text))
    return found


def _row_checks(table: pd.DataFrame, total: pd.Series, by: str, *, orders: bool) -> list[Check]:
    """Name what was paid for without calls, what rang without spend, and what is not on record."""
    found = []
    silent = table.loc[(table["cost"] > 0) & (table["calls"] == 0), by].tolist()
    if silent:
        text = f"Paid for without a call: {words.listed(silent)}."
        found.append(Check("spend without calls", False, text))
    free = table.loc[~(table["cost"] > 0) & (table["calls"] > 0), by].tolist()
    if free and by in grouping.SPENT_ON and total["cost"] > 0:
        text = f"Calls but no spend on record: {words.listed(free)}. They have no cost per call."
        found.append(Check("calls without spend", None, text))
    if not total["cost"] > 0:
        text = "No spend is on record for this period, so no cost can be given."
        found.append(Check("spend", None, text))
    if not orders:
        found.append(Check("orders", None, "No orders are on record, so there is no revenue."))
    return found


def _in_words(table: pd.DataFrame, total: pd.Series, by: str) -> str:
    if not total["calls"]:
        return (
            "There is no call in this period that is neither spam nor staff, so nothing can be "
            "compared."
        )
    rate = words.ranged(total.to_frame().T, "qualified_rate", words.percent).iloc[0]
    lines = [
        (
            f"{words.number(total['calls'])} calls from {words.number(total['people'])} people, "
            f"{words.number(total['qualified'])} of them qualified: {rate}."
        )
    ]
    named = table[table[by] != grouping.UNNAMED]
    if len(named) > 1:
        top = named.iloc[0]
        lines.append(
            f"{top[by]} rang most: {words.number(top['calls'])} calls "
            f"({words.span(words.number(top['calls_low']), words.number(top['calls_high']))})."
        )
    if len(named) == 1:
        lines.append(f"There is only one {by.replace('_', ' ')}, so nothing to compare it with.")
    return "\n\n".join(lines)


def _cost_in_words(table: pd.DataFrame, total: pd.Series, settings: Settings, by: str) -> str:
    if not total["cost"] > 0:
        return "No spend is on record for this period, so no cost can be given."
    currency = settings.business.currency
    priced = table[(table[by] != grouping.UNNAMED) & table["cost_per_qualified"].notna()]
    lines = [f"{words.money(total['cost'], currency)} were spent."]
    if len(priced) >= 2:
        lines.append(_cheapest(priced.sort_values("cost_per_qualified"), by, currency))
    silent = table.loc[(table["cost"] > 0) & (table["calls"] == 0), by].tolist()
    if silent:
        lines.append(f"Paid for without a call: {words.listed(silent)}.")
    return " ".join(lines)


def _cheapest(priced: pd.DataFrame, by: str, currency: str) -> str:
    best, rest = priced.iloc[0], priced.iloc[1:]
    edge = best["cost_per_qualified_shrunken_high"]
    apart = bool((rest["cost_per_qualified_shrunken_low"] > edge).all())
    cost = words.ranged(
        priced.head(1), "cost_per_qualified", lambda value: words.money(value, currency)
    ).iloc[0]
    figure = f"{best[by]} has the lowest cost per qualified call, {cost}"
    if apart:
        return f"{figure}, and its range lies clear of all others."
    return f"{figure}, but its range overlaps with others: which one is cheapest is not settled."


def _with_ends(name: str, values: NDArray[np.float64], ends: Bounds) -> dict[str, Any]:
    return {name: values, f"{name}_low": ends.low, f"{name}_high": ends.high}


def _over(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    quotient = np.full(len(top), np.nan)
    np.divide(top, bottom, out=quotient, where=bottom > 0)
    return quotient
