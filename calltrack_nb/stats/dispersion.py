"""How much more counts scatter than independent events would.

The scale is always Pearson's X² over its degrees of freedom, computed here:
``statsmodels`` 0.15 gives a grouped-binomial ``fit(scale="X2")`` that is far too
small.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

_MOST_CORRELATED = 0.8


def pearson_dispersion(
    observed: ArrayLike, variance: ArrayLike, fitted: ArrayLike, df: int
) -> float:
    """Pearson's X² over its degrees of freedom.

    Parameters
    ----------
    observed, fitted : array-like of float
        Counts and what the model expects of them.
    variance : array-like of float
        The model's variance of each count (for Poisson, `fitted`).
    df : int
        Observations less fitted parameters.

    Returns
    -------
    float
        1 for counts that scatter as the model says; NaN where `df` is not positive.

    Examples
    --------
    >>> pearson_dispersion([8, 12], [10, 10], [10, 10], df=1)
    0.8
    """
    if df <= 0:
        return float("nan")
    gap = np.asarray(observed, dtype=float) - np.asarray(fitted, dtype=float)
    return float(np.sum(gap**2 / np.asarray(variance, dtype=float)) / df)


def steady_dispersion(counts: ArrayLike, exposure: ArrayLike, block: int) -> tuple[float, int]:
    """Scatter of the counts of an unchanged rate, and what the estimate is worth.

    Parameters
    ----------
    counts : array-like of int, shape (days,)
        Events per day.
    exposure : array-like of float, shape (days,)
        Relative number each day would bring; days of 0 do not count.
    block : int
        Days that are summed before the scatter is looked at.

    Returns
    -------
    tuple of float and int
        :func:`pearson_dispersion` and its degrees of freedom; 1 and 1 where the counts
        do not tell.

    Examples
    --------
    >>> steady_dispersion([8, 12, 9, 11], [1, 1, 1, 1], 2)
    (0.0, 1)
    """
    events, share = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    whole = len(events) // block * block
    seen = events[:whole].reshape(-1, block).sum(axis=1)
    weight = share[:whole].reshape(-1, block).sum(axis=1)
    seen, weight = seen[weight > 0], weight[weight > 0]
    freedom = len(seen) - 1
    if freedom < 1 or seen.sum() == 0:
        return 1.0, 1
    expected = weight * seen.sum() / weight.sum()
    return pearson_dispersion(seen, expected, expected, freedom), freedom


def rate_dispersion(hits: ArrayLike, trials: ArrayLike, rate: float) -> float:
    """Scatter of successes around one rate, from one stretch of time to the next.

    Parameters
    ----------
    hits, trials : array-like of int
        Of each stretch; those without trials do not count.
    rate : float
        The rate they share.

    Returns
    -------
    float
        At least 1; 1 where fewer than three stretches tell.

    Examples
    --------
    >>> rate_dispersion([10, 0, 10, 0], [10, 10, 10, 10], 0.5) > 10
    True
    """
    k, m = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    k, m = k[m > 0], m[m > 0]
    if len(m) < 3 or not 0 < rate < 1:
        return 1.0
    return max(1.0, pearson_dispersion(k, m * rate * (1 - rate), m * rate, len(m) - 1))


def lasting_dispersion(counts: ArrayLike) -> float:
    """Scatter of a level series of counts, with what lasts from one count to the next.

    Parameters
    ----------
    counts : array-like of int, shape (n,)
        Counts of equal stretches of time, in order.

    Returns
    -------
    float
        Pearson's X² over n - 1, at least 1, times (1 + r) / (1 - r) for the residuals'
        lag-one correlation r, never below 0: the variance over mean of a sum of many such
        counts. 1 where there are fewer than three.

    Notes
    -----
    r is raised by 1 / n, by which a fitted mean draws it down (Kendall 1954, Biometrika
    41, 403-404).

    Examples
    --------
    >>> lasting_dispersion([10, 11, 9, 10, 10, 9, 11, 10])
    1.0
    """
    events = np.asarray(counts, dtype=float)
    if len(events) < 3 or events.sum() == 0:
        return 1.0
    gap = events - events.mean()
    squares = float(gap @ gap)
    raw = float(gap[1:] @ gap[:-1]) / squares if squares > 0 else 0.0
    correlation = float(np.clip(raw + 1 / len(events), 0.0, _MOST_CORRELATED))
    scatter = max(1.0, squares / events.mean() / (len(events) - 1))
    return float(scatter * (1 + correlation) / (1 - correlation))


def share_dispersion(table: ArrayLike) -> float:
    """Scatter of groups' shares from one stretch of time to the next.

    Pearson's X² of the independence model of a time by group table over its degrees
    of freedom: what all groups share, such as season, is taken out.

    Parameters
    ----------
    table : array-like of int, shape (times, groups)
        Counts.

    Returns
    -------
    float
        NaN where the table is too small to say.
    """
    counts = np.asarray(table, dtype=float)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return float("nan")
    fitted = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return pearson_dispersion(counts, fitted, fitted, df)


def clustering(hits: ArrayLike, alike: ArrayLike, groups: ArrayLike | None = None) -> float:
    """Design effect of proportions whose trials come in clusters.

    Parameters
    ----------
    hits : array-like of bool, shape (trials,)
        Whether each trial was a success: whether a call was qualified.
    alike : array-like, shape (trials,)
        What makes trials alike: who rang, or on which day.
    groups : array-like, shape (trials,), optional
        The group whose rate each trial belongs to; one design effect is estimated over
        all of them, since a small group cannot carry its own.

    Returns
    -------
    float
        Variance of the rates over the binomial one, never below 1.

    Notes
    -----
    Rao and Scott (1992), A simple method for the analysis of clustered binary data,
    Biometrics 48, 577-585: the effective sample is the trials over this.

    Examples
    --------
    >>> clustering([1, 0, 1, 1], ["Ann", "Bea", "Cid", "Dan"])
    1.0
    >>> round(clustering([1, 1, 1, 0, 0, 0] * 3, np.repeat(range(6), 3)), 1)
    3.0
    """
    success = np.asarray(hits, dtype=float)
    if not len(success):
        return 1.0
    own, _ = pd.factorize(np.asarray(alike))
    of = np.zeros(len(success), np.intp) if groups is None else pd.factorize(np.asarray(groups))[0]
    cells, cell = np.unique(of.astype(np.int64) * len(success) + own, return_inverse=True)
    group = (cells // len(success)).astype(np.intp)
    k = np.asarray(np.bincount(cell, success), dtype=np.float64)
    m = np.asarray(np.bincount(cell), dtype=np.float64)
    trials = np.bincount(group, m)
    rate = np.bincount(group, k) / trials
    binomial = float(np.sum(trials * rate * (1 - rate)))
    if binomial == 0:
        return float(max(1.0, np.sum(m**2) / max(m.sum(), 1)))
    return float(max(1.0, np.sum((k - rate[group] * m) ** 2) / binomial))
