"""The figures of a scorecard's rows, each with both ends of its interval."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb import stats
from calltrack_nb.calls import outcome_known
from calltrack_nb.effectiveness.ledger import FEWEST_SALES, paid_for, sums
from calltrack_nb.effectiveness.rates import day_of
from calltrack_nb.stats import Bounds

Columns = dict[str, NDArray[np.float64]]

_FEWEST_WEEKS: Final = 3


def weekly_dispersion(counted: pd.DataFrame, codes: NDArray[np.intp], size: int) -> float:
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
    return float(max(1.0, np.nan_to_num(stats.share_dispersion(table), nan=1.0)))


def total_dispersion(counted: pd.DataFrame, covered: pd.Series) -> float:
    """Measure how much all calls together scatter from one week to the next; 1 where none can say.

    Parameters
    ----------
    counted : pandas.DataFrame
        From :func:`~calltrack_nb.calls.counted`, of the period.
    covered : pandas.Series of bool
        Which local days of the period hold data, in order.

    Notes
    -----
    What moves all groups alike moves no group's share, so that :func:`weekly_dispersion` does
    not see it. Neighbouring weeks are compared (von Neumann and others 1941, Annals of
    Mathematical Statistics 12, 153-162), since a season is much the same in both.
    """
    days = counted["local"].dt.normalize().value_counts().reindex(covered.index, fill_value=0)
    whole = len(covered) // 7 * 7
    full = np.asarray(covered, dtype=bool)[:whole].reshape(-1, 7).min(axis=1)
    weeks = days.to_numpy(dtype=float)[:whole].reshape(-1, 7).sum(axis=1)
    both = full[1:] & full[:-1] & (weeks[1:] + weeks[:-1] > 0)
    if both.sum() < _FEWEST_WEEKS - 1:
        return 1.0
    apart, together = (weeks[1:] - weeks[:-1])[both], (weeks[1:] + weeks[:-1])[both]
    return float(max(1.0, (apart**2 / together).mean()))


def figures(
    counted: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    cost: NDArray[np.float64],
    dispersion: float,
    level: float,
) -> Columns:
    """Count calls and people by group, and give rates and costs with their ends.

    Parameters
    ----------
    counted : pandas.DataFrame
        From :func:`~calltrack_nb.calls.counted`, and ``waiting`` (bool): whether a call has
        orders still to come.
    codes : numpy.ndarray of int, shape (calls,)
        Each call's group, from 0.
    size : int
        How many groups there are.
    cost : numpy.ndarray of float, shape (size,)
        Money spent on each; NaN where it is not booked by such groups.
    dispersion : float
        From :func:`weekly_dispersion`.
    level : float
        Confidence.
    """

    def count(mask: pd.Series | None = None) -> NDArray[np.float64]:
        chosen = codes if mask is None else codes[mask.to_numpy(dtype=bool)]
        return np.bincount(chosen, minlength=size).astype(float)

    calls, answered, qualified = count(), count(counted["answered"]), count(counted["qualified"])
    person, _ = pd.factorize(counted["person"])
    pair, cell = np.unique(
        codes.astype(np.int64) * (len(counted) + 1) + person, return_inverse=True
    )
    cell_group = (pair // (len(counted) + 1)).astype(np.intp)
    people = np.bincount(cell_group, minlength=size).astype(float)

    def scatter(events: pd.Series | None) -> NDArray[np.float64]:
        """Variance over mean of a count that comes in callers, or from week to week."""
        weights = None if events is None else events.to_numpy(dtype=float)
        each = np.bincount(cell, weights, minlength=len(pair))
        squares = np.bincount(cell_group, each**2, minlength=size)
        total = np.bincount(cell_group, each, minlength=size)
        return np.maximum(squares / np.maximum(total, 1), dispersion)

    calls_range = stats.poisson_interval(calls, level, dispersion=scatter(None))
    people_range = stats.poisson_interval(people, level, dispersion=dispersion)
    qualified_range = stats.poisson_interval(
        qualified, level, dispersion=scatter(counted["qualified"])
    )
    told = outcome_known(counted)
    known = told.to_numpy(dtype=bool)
    answer_design = max(
        stats.clustering(counted["answered"][known], alike[known], codes[known])
        for alike in (person, day_of(counted).to_numpy())
    )
    design_effect = stats.clustering(counted["qualified"], person, codes)
    shrunken = stats.shrunken_rates(qualified / design_effect, calls / design_effect, level)
    result: Columns = {
        **_with_ends("calls", calls, calls_range),
        **_with_ends("people", people, people_range),
        "first_time": count(counted["first_call"].fillna(False)),
        "answered": answered,
        "missed": count(counted["missed"]),
        "waiting": count(counted["waiting"]),
        **_with_ends(
            "answer_rate",
            _over(answered, count(told)),
            stats.wilson(answered / answer_design, count(told) / answer_design, level),
        ),
        **_with_ends("qualified", qualified, qualified_range),
        **_with_ends(
            "qualified_rate",
            _over(qualified, calls),
            stats.wilson(qualified / design_effect, calls / design_effect, level),
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
            f"cost_per_{name}", _over(spent, events), stats.cost_per(np.nan_to_num(cost), ends)
        )
    return result | _shrunken_cost(
        qualified, cost, float(np.max(scatter(counted["qualified"]), initial=1.0)), level
    )


def _shrunken_cost(
    qualified: NDArray[np.float64], cost: NDArray[np.float64], scatter: float, level: float
) -> Columns:
    """Shrink qualified calls per money, and turn it over into money per qualified call."""
    names = [f"cost_per_qualified_shrunken{end}" for end in ("", "_low", "_high")]
    result = {name: np.full(len(cost), np.nan) for name in names}
    spent = np.nan_to_num(cost) > 0
    if spent.sum() >= 2 and qualified[spent].sum() > 0:
        shrunk = stats.shrunken_counts(qualified[spent] / scatter, cost[spent] / scatter, level)
        for name, rate in zip(names, (shrunk.estimate, shrunk.high, shrunk.low), strict=True):
            result[name][spent] = 1 / rate
    return result


def priced(
    counted: pd.DataFrame,
    costs: pd.DataFrame,
    codes: tuple[NDArray[np.intp], NDArray[np.intp]],
    whole: Columns,
    dispersion: float,
    level: float,
) -> Columns:
    """Divide money by the calls that it paid for, and keep the blended cost beside that.

    Parameters
    ----------
    counted, costs : pandas.DataFrame
        Calls, and the rows of :func:`~calltrack_nb.effectiveness.ledger.spend_in`.
    codes : tuple of numpy.ndarray of int
        The group of each call, and of each row of spend.
    whole : dict
        From :func:`figures`, of all calls.
    dispersion, level : float
        As for :func:`figures`.

    Returns
    -------
    dict
        ``cost_per_qualified*`` of paid spend over the calls of what was paid for, and
        ``blended_cost_per_qualified`` of all spend over all qualified calls, with ends.
    """
    paid = paid_for(counted, costs)
    size = len(whole["calls"])
    named = paid.spend.to_numpy(dtype=bool)
    cost = sums(codes[1][named], costs.loc[named, "cost"], size)
    calls = paid.calls.to_numpy(dtype=bool)
    own = figures(counted[calls], codes[0][calls], size, cost, dispersion, level)
    return {
        name: column for name, column in own.items() if name.startswith("cost_per_qualified")
    } | {
        f"blended_{name}": whole[name]
        for name in (f"cost_per_qualified{end}" for end in ("", "_low", "_high"))
    }


def money(
    sales: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    cost: NDArray[np.float64],
    level: float,
    *,
    known: bool,
) -> Columns:
    """Revenue and return, of persons' orders added up: one person's orders are one event."""
    person, _ = pd.factorize(sales["person"])
    pair, cell = np.unique(codes.astype(np.int64) * (len(sales) + 1) + person, return_inverse=True)
    group = (pair // (len(sales) + 1)).astype(np.intp)
    each = np.bincount(cell, sales["value"].to_numpy(dtype=float), minlength=len(pair))
    booked = np.bincount(group, minlength=size).astype(float)
    revenue = np.bincount(group, each, minlength=size).astype(float)
    largest = np.zeros(size)
    np.maximum.at(largest, group, each)
    ends = stats.total_interval(
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


def paid_return(sales: pd.DataFrame, costs: pd.DataFrame, level: float, *, known: bool) -> Columns:
    """Divide the revenue of what was paid for by what was paid: ``return`` with its ends, of all.

    Parameters
    ----------
    sales, costs : pandas.DataFrame
        Rows of :func:`~calltrack_nb.effectiveness.ledger.sales_in` and ``spend_in``.
    level : float
        Of the range.
    known : bool
        Whether orders are on record at all.
    """
    paid = paid_for(sales, costs)
    own = sales[paid.calls.to_numpy(dtype=bool)]
    cost = np.array([costs.loc[paid.spend.to_numpy(dtype=bool), "cost"].sum()])
    told = money(own, np.zeros(len(own), dtype=np.intp), 1, cost, level, known=known)
    return {name: column for name, column in told.items() if name.startswith("return")}


def order_size(sales: pd.DataFrame) -> float:
    """Return what one person's orders may weigh in a bound on revenue; NaN where they are few.

    By it Fay and Feuer's bound (see :func:`calltrack_nb.stats.total_interval`) is that of so
    many persons: their orders' squares over their sum, the largest counted once more.
    """
    each = sales.groupby("person")["value"].sum().to_numpy(dtype=float)
    if len(each) < FEWEST_SALES or each.sum() <= 0:
        return float("nan")
    return float(((each**2).sum() + each.max() ** 2) / (each.sum() + each.max()))


def before(
    counted: pd.DataFrame, codes: NDArray[np.intp], size: int, cost: NDArray[np.float64]
) -> Columns:
    """Count the period before."""
    qualified = codes[counted["qualified"].to_numpy(dtype=bool)]
    return {
        "calls_before": np.bincount(codes, minlength=size).astype(float),
        "qualified_before": np.bincount(qualified, minlength=size).astype(float),
        "cost_before": cost,
    }


def _with_ends(name: str, values: NDArray[np.float64], ends: Bounds) -> Columns:
    return {name: values, f"{name}_low": ends.low, f"{name}_high": ends.high}


def _over(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    quotient = np.full(len(top), np.nan)
    np.divide(top, bottom, out=quotient, where=bottom > 0)
    return quotient
