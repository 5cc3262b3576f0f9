"""What a change explains, and the effect of one that is switched on and off at random."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from calltrack_nb.stats.intervals import Bounds

Array = NDArray[np.float64]


def explained(
    seen: ArrayLike, ratio: ArrayLike, low: ArrayLike, high: ArrayLike, level: float = 0.95
) -> Bounds:
    """Of the events seen under a change, range over how many it explains.

    Parameters
    ----------
    seen : array-like of float
        Events under the change.
    ratio, low, high : array-like of float
        How many times as many there are with it, and the range of that: it explains
        ``seen * (1 - 1 / ratio)``, which is below zero where it kept events away.
    level : float
        Confidence; that of the effect's own range.

    Notes
    -----
    Which of the events would not have come without the change is chance even where the
    ratio is known: binomial, or Poisson for those kept away. The two distances are added
    as squares.

    Examples
    --------
    >>> low, high = explained(60, 2.0, 1.6, 2.5)
    >>> bool(low < 30 < high)
    True
    """
    events = np.asarray(seen, dtype=float)
    share, least, most = (1 - 1 / np.asarray(end, dtype=float) for end in (ratio, low, high))
    chance = events * np.abs(share) * np.where(share > 0, 1 - share, 1.0)
    drawn = stats.norm.isf((1 - level) / 2) * np.sqrt(chance)
    middle = events * share
    return Bounds(
        middle - np.hypot(middle - events * least, drawn),
        middle + np.hypot(events * most - middle, drawn),
    )


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
    """Estimate an effect from pairs of weeks of which one was on, at random.

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
