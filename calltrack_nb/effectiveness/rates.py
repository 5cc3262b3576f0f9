"""The interval of a rate over calls, of which one person may make several."""

from __future__ import annotations

from typing import Any

import pandas as pd

from calltrack_nb import stats


def rate_ends(hits: pd.Series, level: float, *clusters: pd.Series) -> tuple[float, float]:
    """Return the ends of Wilson's interval at the effective number of calls.

    Parameters
    ----------
    hits : pandas.Series of bool
        One value per call.
    level : float
        Confidence.
    *clusters : pandas.Series
        What makes calls alike, one value per call: who rang, or on which day.

    Returns
    -------
    tuple of float
        NaN for no calls.

    Examples
    --------
    >>> once = rate_ends(pd.Series([True, False] * 10), 0.95, pd.Series(range(20)))
    >>> same = rate_ends(pd.Series([True, False] * 10), 0.95, pd.Series([1, 2] * 10))
    >>> same[0] < once[0] and once[1] < same[1]
    True
    """
    design = design_effect(hits, *clusters)
    low, high = stats.wilson(hits.sum() / design, len(hits) / design, level)
    return float(low), float(high)


def design_effect(hits: pd.Series, *clusters: pd.Series) -> float:
    """Return how many calls are worth one: the largest over the ways in which calls are alike.

    Parameters
    ----------
    hits : pandas.Series of bool
        One value per call.
    *clusters : pandas.Series
        As in :func:`rate_ends`.

    Notes
    -----
    That of :func:`~calltrack_nb.stats.clustering`. Calls of one caller are answered alike,
    and so are those of a day on which nobody was at the telephone.

    Examples
    --------
    >>> design_effect(pd.Series([True, True, False, False]), pd.Series([1, 1, 2, 2]))
    2.0
    """
    return max((stats.clustering(hits, cluster) for cluster in clusters), default=1.0)


def day_of(calls: pd.DataFrame) -> pd.Series[Any]:
    """Return the local day of each counted call, by which answering goes well or badly."""
    day: pd.Series[Any] = calls["local"].dt.normalize()
    return day
