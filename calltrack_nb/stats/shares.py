"""The effect of a change on one series, against another that was left alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from calltrack_nb.stats.intervals import Bounds

Array = NDArray[np.float64]

_MOST_CORRELATED = 0.8


class ShareEffect(NamedTuple):
    """How much more of the treated series there is for each one of the control.

    Attributes
    ----------
    ratio, low, high : float or numpy.ndarray
        Treated per control, with over without the change, and its interval.
    p_value : float or numpy.ndarray
        Two-sided, of no effect.
    error : float or numpy.ndarray
        Standard error of the logarithm of the ratio.
    dispersion : float or numpy.ndarray
        Pearson's X² over `df`, as measured.
    correlation : float or numpy.ndarray
        Of the residuals from one block to the next, corrected for its bias; 0 or more.
    df : int
        Degrees of freedom of the t distribution used.
    """

    ratio: Array
    low: Array
    high: Array
    p_value: Array
    error: Array
    dispersion: Array
    correlation: Array
    df: int


def share_effect(
    treated: ArrayLike,
    control: ArrayLike,
    changed: ArrayLike,
    level: float = 0.95,
    *,
    same_weeks: bool = True,
) -> ShareEffect:
    """Estimate a change by the share of the treated series in both.

    A binomial model of treated among treated + control per block of time, with a
    step. Its scale is Pearson's X² over its degrees of freedom, times 1 + 2 r for
    residuals that are correlated from one block to the next (r, never below 0), in all
    never below 1; its reference is the t distribution. What moves both series alike
    cancels.

    Parameters
    ----------
    treated, control : array-like of int, shape (..., blocks)
        Counts per block of time, in order; a week as a rule, so that the weekday
        rhythm of both cancels. Leading axes are independent series.
    changed : array-like of bool, shape (blocks,)
        Which blocks the change was on in.
    level : float
        Confidence.
    same_weeks : bool
        Whether the control's blocks are the same weeks. Where they are weeks of another
        year, ups and downs that last from week to week do not cancel: the correlation is
        then taken half a standard error higher and counted at all distances, as
        (1 + r) / (1 - r).

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
    residual = np.divide(
        t - n * share, np.sqrt(variance), out=np.zeros_like(variance), where=variance > 0
    )
    squares = (residual**2).sum(axis=-1)
    df = np.maximum(used - 2, 1)
    dispersion = np.where(full, squares / df, np.nan)
    lagged = (residual[..., 1:] * residual[..., :-1]).sum(axis=-1)
    raw = np.divide(lagged, squares, out=np.zeros_like(squares), where=squares > 0)
    correlation, lasting = lasting_share(raw, np.maximum(used, 1), same_weeks=same_weeks)
    scale = np.maximum(dispersion * lasting, 1.0)
    error = np.sqrt(scale * (1 / safe(t1) + 1 / safe(t0) + 1 / safe(c1) + 1 / safe(c0)))
    reach = stats.t.isf((1 - level) / 2, df) * error
    return ShareEffect(
        np.exp(log_ratio),
        np.exp(log_ratio - reach),
        np.exp(log_ratio + reach),
        2 * stats.t.sf(np.abs(log_ratio / error), df),
        error,
        dispersion,
        correlation,
        int(np.max(df)),
    )


def lasting_share(
    correlation: ArrayLike, blocks: ArrayLike, *, same_weeks: bool = True
) -> tuple[Array, Array]:
    """Correct a share's correlation, and say how much it widens the variance of a step.

    Parameters
    ----------
    correlation : array-like of float
        Lag-one correlation of the residuals, as measured.
    blocks : array-like of int
        How many there were; two fitted parameters draw it down by about 2 over these.
    same_weeks : bool
        As for :func:`share_effect`.

    Returns
    -------
    tuple of numpy.ndarray
        The corrected correlation, from 0 up, and the factor.

    Examples
    --------
    >>> [float(value) for value in lasting_share(0.15, 40)]
    [0.2, 1.4]
    """
    count = np.asarray(blocks, dtype=float)
    safety = np.zeros_like(count) if same_weeks else 0.5 / np.sqrt(count)
    raised = np.clip(np.asarray(correlation) + 2 / count + safety, 0.0, _MOST_CORRELATED)
    return raised, 1 + 2 * raised if same_weeks else (1 + raised) / (1 - raised)


def explained(seen: ArrayLike, effect: ShareEffect | PairedEffect, level: float = 0.95) -> Bounds:
    """Of the events seen under a change, range over how many it explains.

    Parameters
    ----------
    seen : array-like of float
        Events under the change.
    effect : ShareEffect or PairedEffect
        Its effect; :attr:`ratio` explains ``seen * (1 - 1 / ratio)``, which is below zero
        where the change kept events away.
    level : float
        Confidence; that of the effect's own interval.

    Notes
    -----
    Which of the events would not have come without the change is chance even where the
    ratio is known: binomial, or Poisson for those kept away. The two distances are added
    as squares.

    Examples
    --------
    >>> effect = share_effect([10, 9, 11, 20, 19, 21], [10] * 6, [0, 0, 0, 1, 1, 1])
    >>> low, high = explained(60, effect)
    >>> bool(low < 30 < high)
    True
    """
    events = np.asarray(seen, dtype=float)
    share = 1 - 1 / effect.ratio
    chance = events * np.abs(share) * np.where(share > 0, 1 - share, 1.0)
    drawn = stats.norm.isf((1 - level) / 2) * np.sqrt(chance)
    middle = events * share
    low, high = events * (1 - 1 / effect.low), events * (1 - 1 / effect.high)
    return Bounds(middle - np.hypot(middle - low, drawn), middle + np.hypot(high - middle, drawn))


class PairedEffect(NamedTuple):
    """The effect of something switched on in one week of each pair.

    Attributes
    ----------
    ratio, low, high : float or numpy.ndarray
        Treated per control, on over off, and its interval.
    p_value : float or numpy.ndarray
        Two-sided, of no effect.
    dispersion : float or numpy.ndarray
        How much the pairs scatter, as a multiple of chance (floored at 1 for the errors).
    pairs : int
        How many there were.
    """

    ratio: Array
    low: Array
    high: Array
    p_value: Array
    dispersion: Array
    pairs: int


def paired_effect(on: ArrayLike, off: ArrayLike, level: float = 0.95) -> PairedEffect:
    """Estimate an effect from pairs of weeks of which one was on, by lot.

    Parameters
    ----------
    on, off : array-like of int, shape (..., pairs, 2)
        Treated and control counts of each pair's week on and week off.
    level : float
        Confidence.

    Returns
    -------
    PairedEffect
        NaN for fewer than two pairs.

    Notes
    -----
    The log odds ratio of each pair (with half a count added to each cell), weighed by
    its inverse variance (Woolf 1955, Annals of Human Genetics 19, 251-253); the scale is
    the pairs' own scatter, never below 1, and the reference t. A drift that is slow
    against a pair cancels within it.

    Examples
    --------
    >>> effect = paired_effect([[20, 10], [21, 10], [19, 10]], [[10, 10], [10, 10], [10, 10]])
    >>> bool(effect.low < 1.95 < effect.high)
    True
    """
    with_it = np.asarray(on, dtype=float) + 0.5
    without = np.asarray(off, dtype=float) + 0.5
    pairs = with_it.shape[-2]
    each = np.log(with_it[..., 0] / with_it[..., 1] * without[..., 1] / without[..., 0])
    weight = 1 / (1 / with_it + 1 / without).sum(axis=-1)
    mean = (weight * each).sum(axis=-1) / weight.sum(axis=-1)
    df = max(pairs - 1, 1)
    dispersion = (weight * (each - mean[..., None]) ** 2).sum(axis=-1) / df
    error = np.sqrt(np.maximum(dispersion, 1) / weight.sum(axis=-1))
    if pairs < 2:
        mean = np.full_like(mean, np.nan)
    reach = stats.t.isf((1 - level) / 2, df) * error
    return PairedEffect(
        np.exp(mean),
        np.exp(mean - reach),
        np.exp(mean + reach),
        2 * stats.t.sf(np.abs(mean) / error, df),
        dispersion,
        pairs,
    )
