"""The effect of a change on one series, against another that was left alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Array = NDArray[np.float64]


class ShareEffect(NamedTuple):
    """How much more of the treated series there is for each one of the control.

    Attributes
    ----------
    ratio, low, high : float or numpy.ndarray
        Treated per control, with over without the change, and its interval.
    p_value : float or numpy.ndarray
        Two-sided, of no effect.
    dispersion : float or numpy.ndarray
        Pearson's X² over `df`, as measured (floored at 1 for the errors).
    df : int
        Degrees of freedom of the t distribution used.
    """

    ratio: Array
    low: Array
    high: Array
    p_value: Array
    dispersion: Array
    df: int


def share_effect(
    treated: ArrayLike, control: ArrayLike, changed: ArrayLike, level: float = 0.95
) -> ShareEffect:
    """Estimate a change by the share of the treated series in both.

    A binomial model of treated among treated + control per block of time, with a
    step; its scale is Pearson's X² over its degrees of freedom, never below 1, and
    its reference the t distribution. What moves both series alike cancels.

    Parameters
    ----------
    treated, control : array-like of int, shape (..., blocks)
        Counts per block of time, a week as a rule so that the weekday rhythm of
        both cancels; leading axes are independent series.
    changed : array-like of bool, shape (blocks,)
        Which blocks the change was on in.
    level : float
        Confidence.

    Returns
    -------
    ShareEffect
        NaN where a cell of the 2 by 2 table of totals is empty or fewer than three
        blocks are given.

    Notes
    -----
    The model has one free parameter on each side, so its fit is in closed form: the
    log odds ratio of the totals, with variance the sum of their reciprocals times
    the dispersion (McCullagh and Nelder 1989, Generalized Linear Models, 4.5).

    Examples
    --------
    >>> effect = share_effect([10, 9, 11, 20, 19, 21], [10] * 6, [0, 0, 0, 1, 1, 1])
    >>> float(effect.ratio)
    2.0
    """
    t = np.asarray(treated, dtype=float)
    c = np.asarray(control, dtype=float)
    on = np.asarray(changed, dtype=bool)
    t1, t0 = t[..., on].sum(axis=-1), t[..., ~on].sum(axis=-1)
    c1, c0 = c[..., on].sum(axis=-1), c[..., ~on].sum(axis=-1)
    full = (np.minimum(np.minimum(t1, t0), np.minimum(c1, c0)) > 0) & (on.size > 2)

    def safe(x: Array) -> Array:
        return np.where(full, x, np.nan)

    log_ratio = np.log(safe(t1) / safe(t0) * safe(c0) / safe(c1))
    share = np.where(
        on,
        safe(t1 / np.where(full, t1 + c1, 1))[..., None],
        safe(t0 / np.where(full, t0 + c0, 1))[..., None],
    )
    n = t + c
    used = (n > 0).sum(axis=-1)
    variance = n * share * (1 - share)
    squares = np.divide(
        (t - n * share) ** 2, variance, out=np.zeros_like(variance), where=variance > 0
    ).sum(axis=-1)
    df = np.maximum(used - 2, 1)
    dispersion = np.where(full, squares / df, np.nan)
    error = np.sqrt(
        np.maximum(dispersion, 1) * (1 / safe(t1) + 1 / safe(t0) + 1 / safe(c1) + 1 / safe(c0))
    )
    reach = stats.t.isf((1 - level) / 2, df) * error
    return ShareEffect(
        np.exp(log_ratio),
        np.exp(log_ratio - reach),
        np.exp(log_ratio + reach),
        2 * stats.t.sf(np.abs(log_ratio / error), df),
        dispersion,
        int(np.max(df)),
    )
