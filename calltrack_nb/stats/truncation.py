"""How long something takes, learnt where only what has ended by now is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def quantile_by_now(took: ArrayLike, could_take: ArrayLike, share: float) -> float:
    """Estimate within which time a share of events ends, from those that ended by now.

    Of young cases only the quick ones are known, so that a plain quantile is too short.

    Parameters
    ----------
    took : array-like of float, shape (events,)
        Time that each took.
    could_take : array-like of float, shape (events,)
        Time from its beginning until now; at least what it took.
    share : float
        Such as 0.9.

    Returns
    -------
    float
        In the unit of `took`; NaN for no events. What takes longer than every known case
        could is not seen.

    Notes
    -----
    The product-limit estimate in reversed time (Lagakos, Barraj and De Gruttola 1988,
    Biometrika 75, 515-523): of the cases that took ``u`` at most and could have taken ``u``,
    the share that took less is multiplied up from the longest time down.

    Examples
    --------
    >>> quantile_by_now([1, 1, 1, 1, 9], [2, 2, 2, 20, 20], 0.7)
    9.0
    >>> quantile_by_now([1, 1, 1, 1, 9], [20] * 5, 0.7)
    1.0
    """
    lag, room = np.asarray(took, dtype=float), np.asarray(could_take, dtype=float)
    if not len(lag):
        return float("nan")
    times = np.unique(lag)
    ended = np.array([(lag == time).sum() for time in times])
    at_risk = np.array([((lag <= time) & (room >= time)).sum() for time in times])
    # below[k]: share that ends before times[k]
    below = np.cumprod((1 - ended / at_risk)[::-1])[::-1]
    by_then = np.r_[below[1:], 1.0]
    return float(times[np.argmax(by_then >= share - 1e-12)])
