"""Ranges for proportions, counts, totals, costs and their ratios."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from calltrack_nb.errors import EvidenceError

Array = NDArray[np.float64]


class Bounds(NamedTuple):
    """The two ends of an interval, as arrays; NaN where there is no such end."""

    low: Array
    high: Array


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Bounds:
    """Wilson's score interval of a proportion.

    Parameters
    ----------
    k, n : array-like of float
        Successes and trials; fractions are allowed, so that clustered trials can be
        given as their effective number.
    level : float
        Confidence, such as 0.95.

    Returns
    -------
    Bounds
        NaN at both ends where there was no trial.

    Examples
    --------
    >>> low, high = wilson(3, 12)
    >>> print(f"{low:.2f} to {high:.2f}")
    0.09 to 0.53
    """
    hits, trials = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    _refuse(
        (hits < 0) | (hits > trials), "There are more successes than trials, or fewer than none"
    )
    some = trials > 0
    low, high = proportion_confint(
        np.where(some, hits, 0), np.where(some, trials, 1), alpha=1 - level, method="wilson"
    )
    # at no success and at nothing else the formula's ends are 0 and 1 but for rounding
    low, high = np.where(hits == 0, 0.0, low), np.where(hits == trials, 1.0, high)
    return Bounds(np.where(some, low, np.nan), np.where(some, high, np.nan))


def poisson_interval(k: ArrayLike, level: float = 0.95, *, dispersion: ArrayLike = 1.0) -> Bounds:
    """Exact interval of a Poisson mean (Garwood 1936, Biometrika 28, 437-442).

    Parameters
    ----------
    k : array-like of float
        Counts.
    level : float
        Confidence.
    dispersion : array-like of float
        Variance over mean, where more than 1 is known: the count is then read as
        `k` / `dispersion` independent events of that size.

    Examples
    --------
    >>> low, high = poisson_interval(3)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.619 to 8.767
    """
    counts = np.asarray(k, dtype=float)
    scale = np.maximum(np.asarray(dispersion, dtype=float), 1.0)
    _refuse(counts < 0, "A count is below zero")
    tail = (1 - level) / 2
    events = counts / scale
    low = np.where(events > 0, stats.gamma.ppf(tail, np.maximum(events, 1e-12)), 0.0)
    return Bounds(scale * low, scale * stats.gamma.isf(tail, events + 1))


def total_interval(
    total: ArrayLike, squares: ArrayLike, largest: ArrayLike, level: float = 0.95
) -> Bounds:
    """Interval of the mean of a total made of a Poisson number of unequal parts.

    Calls come in callers who ring once or five times, revenue in sales of unequal
    size. With parts of size 1 this is the exact Poisson interval.

    Parameters
    ----------
    total, squares, largest : array-like of float
        Sum of the parts, sum of their squares, and the largest part.
    level : float
        Confidence.

    Notes
    -----
    The gamma interval of Fay and Feuer (1997), Confidence intervals for directly
    standardized rates, Statistics in Medicine 16, 791-801, equations 3 and 4.

    Examples
    --------
    >>> low, high = total_interval(3, 3, 1)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.619 to 8.767
    """
    y, v, w = np.broadcast_arrays(
        *(np.asarray(part, dtype=float) for part in (total, squares, largest))
    )
    _refuse((y < 0) | (v < 0), "A total is below zero")
    tail = (1 - level) / 2
    some = y > 0
    one, two = np.where(some, y, 1.0), np.where(some, v, 1.0)
    low = np.where(some, two / one * stats.gamma.ppf(tail, one**2 / two), 0.0)
    scale = (v + w**2) / np.where(y + w > 0, y + w, np.nan)
    high = scale * stats.gamma.isf(tail, (y + w) / np.where(scale > 0, scale, np.nan))
    return Bounds(low, high)


def cost_per(cost: ArrayLike, events: Bounds) -> Bounds:
    """Interval of money per event, from the interval of the events' number.

    Parameters
    ----------
    cost : array-like of float
        Money spent, taken as known.
    events : Bounds
        Interval of the number of events, as :func:`poisson_interval` gives it.

    Returns
    -------
    Bounds
        The high end is NaN (no upper limit) where the events may be none, and both
        where nothing was spent.

    Examples
    --------
    >>> low, high = cost_per(1000, poisson_interval(3))
    >>> print(f"{low:.0f} to {high:.0f}")
    114 to 1616
    """
    money = np.asarray(cost, dtype=float)
    _refuse(money < 0, "A cost is below zero")
    spent = np.where(money > 0, money, np.nan)
    return Bounds(
        spent / np.where(events.high > 0, events.high, np.nan),
        spent / np.where(events.low > 0, events.low, np.nan),
    )


def product(a: ArrayLike, a_bounds: Bounds, b: ArrayLike, b_bounds: Bounds) -> Bounds:
    """Interval of the product of two independent positive estimates.

    The logarithms' distances to the ends are added as squares (MOVER: Zou and
    Donner 2008, Statistics in Medicine 27, 1693-1702, on the log scale).

    Returns
    -------
    Bounds
        The low end is 0 where either estimate's is; NaN where an end is unknown.
    """
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    point = first * second

    def reach(x: Array, end: Array) -> Array:
        known = (x > 0) & (end > 0)
        return np.where(known, np.log(np.where(known, end, 1) / np.where(known, x, 1)), np.inf)

    down = np.hypot(reach(first, a_bounds.low), reach(second, b_bounds.low))
    up = np.hypot(reach(first, a_bounds.high), reach(second, b_bounds.high))
    unknown = np.isnan(a_bounds.high) | np.isnan(b_bounds.high) | (point <= 0)
    return Bounds(
        np.where(np.isnan(point), np.nan, point * np.exp(-down)),
        np.where(unknown, np.nan, point * np.exp(np.where(np.isfinite(up), up, 0))),
    )


def ratio(a: ArrayLike, a_bounds: Bounds, b: ArrayLike, b_bounds: Bounds) -> Bounds:
    """Interval of the ratio of two independent positive estimates, as :func:`product`."""
    top, bottom = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(bottom > 0, 1 / bottom, np.nan)
        inverted = Bounds(
            np.where(b_bounds.high > 0, 1 / b_bounds.high, np.nan),
            np.where(b_bounds.low > 0, 1 / b_bounds.low, np.nan),
        )
    return product(top, a_bounds, inverse, inverted)


def _refuse(bad: ArrayLike, why: str) -> None:
    if np.any(bad):
        raise EvidenceError(why, fix="Check the counts that were passed in")
