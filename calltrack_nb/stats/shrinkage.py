"""Small groups drawn towards the whole, with intervals that keep their promise.

Plug-in empirical Bayes treats the estimated spread between groups as known, and its
95 % intervals cover some .72 with five groups. Here the spread is averaged over: a
grid over the two hyperparameters, each point weighed by its marginal likelihood,
and the interval taken from the mixture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from calltrack_nb.errors import EvidenceError

Array = NDArray[np.float64]

_GRID = 30
_WIDEST = 2.0  # groups whose rates differ by more than e², as a standard deviation, are no family
_KEPT = 0.999
_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Shrunken rates of a family of groups.

    Parameters
    ----------
    estimate, low, high : numpy.ndarray of float
        Posterior mean and equal-tailed interval of each group's rate.
    whole : float
        The rate the groups are drawn towards.
    """

    estimate: Array
    low: Array
    high: Array
    whole: float


def shrunken_rates(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Shrunken:
    """Shrink proportions: beta-binomial with both hyperparameters averaged over.

    Parameters
    ----------
    k, n : array-like of float
        Successes and trials of each group; a group without trials gets the
        prediction for a new group.
    level : float
        Posterior probability of the intervals.

    Notes
    -----
    The prior is uniform on the mean and on the spread between groups, as a standard
    deviation of log odds (Gelman 2006, Prior distributions for variance parameters in
    hierarchical models, Bayesian Analysis 1, 515-534).

    Examples
    --------
    >>> shrunk = shrunken_rates([2, 30, 28], [3, 60, 62])
    >>> bool(shrunk.estimate[0] < 2 / 3)
    True
    """
    hits, trials = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    if np.any((hits < 0) | (hits > trials)):
        raise EvidenceError("There are more successes than trials, or fewer than none")
    mean, spread = _grid(_logit_centres(hits.sum(), trials.sum()))
    prior_size = 1 / (mean * (1 - mean) * spread**2)
    a, b = (mean * prior_size)[:, None], ((1 - mean) * prior_size)[:, None]
    fit = special.betaln(hits + a, trials - hits + b) - special.betaln(a, b)
    keep, weight = _kept(fit.sum(axis=1) + np.log(mean * (1 - mean)))
    a, b = a[keep], b[keep]
    post_a, post_b = hits + a, trials - hits + b
    estimate = weight @ (post_a / (post_a + post_b))

    def below(x: Array) -> Array:
        return np.asarray(weight @ special.betainc(post_a, post_b, x))

    tail = (1 - level) / 2
    ones = np.ones_like(estimate)
    return Shrunken(
        estimate,
        _invert(below, tail, 0 * ones, ones),
        _invert(below, 1 - tail, 0 * ones, ones),
        float(weight @ mean[keep]),
    )


def shrunken_counts(k: ArrayLike, exposure: ArrayLike, level: float = 0.95) -> Shrunken:
    """Shrink counts per exposure: gamma-Poisson with both hyperparameters averaged over.

    Parameters
    ----------
    k : array-like of float
        Counts, such as qualified calls.
    exposure : array-like of float
        What they came from, such as money spent; must be positive.
    level : float
        Posterior probability of the intervals.

    Returns
    -------
    Shrunken
        Rates per unit of exposure.

    Examples
    --------
    >>> shrunk = shrunken_counts([0, 30, 28], [100, 1000, 1000])
    >>> bool(0 < shrunk.estimate[0] < 0.03)
    True
    """
    counts, width = np.asarray(k, dtype=float), np.asarray(exposure, dtype=float)
    if np.any(counts < 0) or np.any(width <= 0):
        raise EvidenceError("Counts must not be below zero and exposures above it")
    rate = (counts.sum() + 0.5) / width.sum()
    reach = 4 / np.sqrt(counts.sum() + 0.5) + 3 / np.sqrt(len(counts))
    centres = rate * np.exp(np.linspace(-reach, reach, _GRID))
    mean, deviation = _grid(centres)
    shape, spread = deviation[:, None] ** -2, (deviation**-2 / mean)[:, None]
    fit = (
        special.gammaln(counts + shape)
        - special.gammaln(shape)
        + shape * np.log(spread)
        - (counts + shape) * np.log(width + spread)
    )
    keep, weight = _kept(fit.sum(axis=1))
    post_shape, post_rate = counts + shape[keep], width + spread[keep]
    estimate = weight @ (post_shape / post_rate)

    def below(x: Array) -> Array:
        return np.asarray(weight @ special.gammainc(post_shape, post_rate * x))

    tail = (1 - level) / 2
    top = (post_shape + 10 * np.sqrt(post_shape) + 20) / post_rate
    top = top.max(axis=0)
    return Shrunken(
        estimate,
        _invert(below, tail, 0 * top, top),
        _invert(below, 1 - tail, 0 * top, top),
        float(weight @ mean[keep]),
    )


def _logit_centres(hits: float, trials: float) -> Array:
    """Means worth weighing: the pooled rate, several standard errors either way."""
    rate = (hits + 0.5) / (trials + 1)
    reach = 4 / np.sqrt((trials + 1) * rate * (1 - rate)) + 3
    return np.asarray(special.expit(special.logit(rate) + np.linspace(-reach, reach, _GRID)))


def _grid(centres: Array) -> tuple[Array, Array]:
    """Cross the means with the spreads between groups, evenly up to the widest."""
    spreads = _WIDEST * (np.arange(_GRID) + 0.5) / _GRID
    mean, spread = np.meshgrid(centres, spreads, indexing="ij")
    return mean.ravel(), spread.ravel()


def _kept(log_weight: Array) -> tuple[NDArray[np.intp], Array]:
    """Keep the grid points that carry nearly all of the weight."""
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    order = np.argsort(weight)[::-1]
    enough = int(np.searchsorted(np.cumsum(weight[order]), _KEPT)) + 1
    keep = order[:enough]
    return keep, weight[keep] / weight[keep].sum()


def _invert(below: object, target: float, low: Array, high: Array) -> Array:
    """Find where a distribution function reaches `target`, by halving."""
    assert callable(below)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = below(middle) < target
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
