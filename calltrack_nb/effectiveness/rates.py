"""The interval of a rate over calls, of which one person may make several."""

from __future__ import annotations

import pandas as pd

from calltrack_nb import stats


def rate_ends(hits: pd.Series, person: pd.Series, level: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval at the effective number of calls.

    Parameters
    ----------
    hits : pandas.Series of bool
        One value per call.
    person : pandas.Series
        Who made each call.
    level : float
        Confidence.

    Returns
    -------
    tuple of float
        NaN for no calls.

    Notes
    -----
    The calls are divided by the design effect of :func:`~calltrack_nb.stats.clustering`.

    Examples
    --------
    >>> once = rate_ends(pd.Series([True, False] * 10), pd.Series(range(20)), 0.95)
    >>> same = rate_ends(pd.Series([True, False] * 10), pd.Series([1, 2] * 10), 0.95)
    >>> same[0] < once[0] and once[1] < same[1]
    True
    """
    each = hits.astype(float).groupby(person.to_numpy()).agg(["sum", "size"])
    design = stats.clustering(each["sum"], each["size"])
    low, high = stats.wilson(hits.sum() / design, len(hits) / design, level)
    return float(low), float(high)
