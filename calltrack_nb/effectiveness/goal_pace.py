"""One goal in one month: the figure so far, its range, the pace, and the chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from calltrack_nb import stats
from calltrack_nb.calls import outcome_known
from calltrack_nb.effectiveness import ledger
from calltrack_nb.effectiveness.rates import day_of, design_effect, rate_ends
from calltrack_nb.effectiveness.usual_week import Days, days_between, usual_week
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

_PACE_DAYS: Final = 56
_LEARNT_DAYS: Final = 182
FEWEST_DAYS: Final = 28
"""Days of a log that a chance needs: every weekday four times."""


@dataclass(frozen=True, slots=True)
class Month:
    """The counts and paid costs of one month so far, the weeks before, and the days left.

    ``history`` are the calls of the days ``learnt``, of which ``recent`` are the last
    weeks; ``left`` are the days after them.
    """

    calls: pd.DataFrame
    history: pd.DataFrame
    learnt: Days
    left: Days
    recent: pd.DataFrame
    days_left: int
    recent_days: int
    cost: float
    cost_left: float
    costs: pd.DataFrame


def month_of(
    counted: pd.DataFrame,
    spend: pd.DataFrame,
    settings: Settings,
    month: Period,
    last_day: dt.date | None,
) -> Month:
    """Cut out one month and the weeks before its last known day, which set the pace.

    Parameters
    ----------
    counted : pandas.DataFrame
        All counted calls, with their ``purpose``.
    spend : pandas.DataFrame
        The ``spend`` table.
    settings : Settings
        Zone and currency.
    month : Period
        A calendar month.
    last_day : datetime.date or None
        Last day of the log; None for an empty one.
    """
    day = counted["local"].dt.date
    inside = counted[(day >= month.first) & (day <= month.last)]
    if last_day is None or last_day >= month.last:
        left, cut = 0, month.last
    else:
        left, cut = min((month.last - last_day).days, month.days), max(last_day, month.first)
    begun = min(cut, day.min() if len(day) else cut)
    start = max(cut - dt.timedelta(days=_PACE_DAYS - 1), begun)
    recent = counted[(day >= start) & (day <= cut)]
    since = max(cut - dt.timedelta(days=_LEARNT_DAYS - 1), begun)
    span = (cut - start).days + 1
    parts = [month, Period(start, cut), Period(month.first, cut)]
    rows = [ledger.spend_in(spend, settings, part).rows for part in parts]
    paid = [part[ledger.paid_for(inside, part).spend] for part in rows]
    cost, so_far = (float(part["cost"].sum()) for part in (paid[0], paid[2]))
    costs = pd.concat(rows[:2])
    ahead = days_between(cut + dt.timedelta(days=1), cut + dt.timedelta(days=left), settings)
    expected = _cost_ahead(paid[1], days_between(start, cut, settings), ahead)
    return Month(
        calls=inside,
        history=counted[(day >= since) & (day <= cut)],
        learnt=days_between(since, cut, settings),
        left=ahead,
        recent=recent,
        days_left=left,
        recent_days=span,
        cost=so_far if left else cost,
        cost_left=max(expected, cost - so_far),
        costs=costs,
    )


def _cost_ahead(paid: pd.DataFrame, recent: Days, left: Days) -> float:
    """Foretell what the days left cost, each its part of a usual week of the last ones."""
    daily = ledger.by_day(paid).groupby("date")["cost"].sum().reindex(recent.index, fill_value=0)
    week = usual_week(daily.to_numpy(dtype=float), recent)
    return float(week.events * week.worth(left.kind).sum())


def progress_of(name: str, target: float, month: Month, level: float) -> dict[str, object]:
    """Measure one goal in one month.

    Parameters
    ----------
    name : str
        As the settings call the goal.
    target : float
        What is to be reached by the month's end.
    month : Month
        From :func:`month_of`.
    level : float
        Of the interval.

    Returns
    -------
    dict
        ``so_far``, ``low``, ``high``, ``expected``, ``chance``, ``state``.
    """
    if name == "answer_rate":
        return _rate_progress(target, month, level)
    mask, recent = (_chosen(name, rows, month.costs) for rows in (month.calls, month.recent))
    count = int(mask.sum())
    ahead = _ahead(month.history[_chosen(name, month.history, month.costs).to_numpy()], month)
    scatter = _scatter(month.calls[mask.to_numpy()], month.recent[recent.to_numpy()], month)
    if name == "cost_per_qualified_call":
        ends = stats.poisson_interval(count, level, dispersion=scatter)
        return _cost_progress(target, month, count, ahead, ends)
    low, high = (float(end) for end in stats.poisson_interval(count, level, dispersion=scatter))
    needed = target - count
    chance = ahead.reaching(needed)
    return _row((count, low, high), count + ahead.mean, chance, month, reached=count >= target)


def _chosen(name: str, calls: pd.DataFrame, costs: pd.DataFrame) -> pd.Series:
    if name == "sales_calls":
        return (calls["purpose"] == "sale").fillna(False).astype(bool)
    if name == "feedback_calls":
        return (calls["purpose"] == "feedback").fillna(False).astype(bool)
    qualified = calls["qualified"].astype(bool)
    if name == "cost_per_qualified_call":
        return qualified & ledger.paid_for(calls, costs).calls
    return qualified


def _ahead(events: pd.DataFrame, month: Month) -> stats.Outlook:
    """Foretell the events of the days left, each worth its part of a usual week."""
    days = month.learnt
    place = days.index.get_indexer(pd.DatetimeIndex(events["local"].dt.normalize()))
    counts = np.bincount(place, minlength=len(days.index)).astype(float)
    week = usual_week(counts, days)
    weeks = len(counts) // 7
    whole = slice(len(counts) - 7 * weeks, None)
    to_come = week.worth(month.left.kind)
    return stats.outlook(
        counts[whole].reshape(weeks, 7).sum(axis=1),
        week.worth(days.kind[whole]).reshape(weeks, 7).sum(axis=1),
        np.add.reduceat(to_come, range(0, len(to_come), 7)) if len(to_come) else to_come,
        doubt=week.doubt(month.left.kind),
    )


def _weekly_counts(recent: pd.DataFrame, month: Month) -> NDArray[np.float64]:
    """Count the whole weeks that set the pace, the last one first."""
    weeks = month.recent_days // 7
    if recent.empty or not weeks:
        return np.zeros(0)
    day = recent["local"].dt.normalize()
    back = (day.max() - day).dt.days // 7
    return np.asarray(back.value_counts().reindex(range(weeks), fill_value=0), dtype=float)


def _weekly_dispersion(recent: pd.DataFrame, month: Month) -> float:
    """Variance over mean of the weekly counts that set the pace; never below 1."""
    counts = _weekly_counts(recent, month)
    return max(1.0, stats.steady_dispersion(counts, np.ones(len(counts)), 1)[0])


def _scatter(counted: pd.DataFrame, recent: pd.DataFrame, month: Month) -> float:
    """Variance over mean of a count: repeat callers, or overdispersed weeks, whichever is more."""
    each = counted["person"].value_counts().to_numpy(dtype=float)
    repeats = float((each**2).sum() / each.sum()) if len(each) else 1.0
    return max(repeats, _weekly_dispersion(recent, month))


def _cost_progress(
    target: float,
    month: Month,
    count: int,
    ahead: stats.Outlook,
    ends: stats.Bounds,
) -> dict[str, object]:
    if month.cost <= 0:
        names = ("so_far", "low", "high", "expected", "chance")
        return {**dict.fromkeys(names, np.nan), "state": "no cost"}
    low, high = (float(end) for end in stats.cost_per(month.cost, ends))
    so_far = month.cost / count if count else np.nan
    final = month.cost + month.cost_left
    chance = ahead.reaching(final / target - count)
    expected = final / (count + ahead.mean) if count + ahead.mean else np.nan
    return _row((so_far, low, high), expected, chance, month, reached=bool(so_far <= target))


def _rate_progress(target: float, month: Month, level: float) -> dict[str, object]:
    told = {name: getattr(month, name) for name in ("calls", "history", "recent")}
    month = replace(month, **{name: rows[outcome_known(rows)] for name, rows in told.items()})
    calls, answered = len(month.calls), int(month.calls["answered"].sum())
    low, high = rate_ends(
        month.calls["answered"], level, month.calls["person"], day_of(month.calls)
    )
    recent, heard = len(month.recent), int(month.recent["answered"].sum())
    left = _ahead(month.history, month).mean
    # Calls of one caller, or of one day, go together: all are read as their effective number.
    design = design_effect(month.recent["answered"], month.recent["person"], day_of(month.recent))
    needed = int(np.ceil((target * (calls + left) - answered) / design))
    trials = round(left / design)
    chance = float(
        distributions.betabinom.sf(
            needed - 1, trials, heard / design + 1, (recent - heard) / design + 1
        )
    )
    rate = answered / calls if calls else np.nan
    usual = heard / recent if recent else np.nan
    expected = (answered + left * usual) / (calls + left) if calls + left else np.nan
    return _row((rate, low, high), expected, chance, month, reached=bool(rate >= target))


def _row(
    figure: tuple[float, float, float],
    expected: float,
    chance: float,
    month: Month,
    *,
    reached: bool,
) -> dict[str, object]:
    if month.calls.empty:
        state, chance = "no data", np.nan
    elif month.days_left:
        state = "under way"
        if len(month.learnt.index) < FEWEST_DAYS and chance < 1:
            chance = np.nan
    else:
        state, chance = ("reached", 1.0) if reached else ("not reached", 0.0)
    so_far, low, high = figure
    return {
        "so_far": so_far,
        "low": low,
        "high": high,
        "expected": expected,
        "chance": chance,
        "state": state,
    }
