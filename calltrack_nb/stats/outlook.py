"""How many events are still to come, of a series whose level may drift.

The level of a week is a gamma variable. From one week to the next it loses a share of what
is known of it (its shape and rate are multiplied by a discount) and grows by a constant
factor; what a week brings is then learnt as from a Poisson count, of which a dispersion of
``phi`` makes each event worth ``1 / phi`` (West, Harrison and Migon 1985, "Dynamic
generalized linear models and Bayesian forecasting"). Discount, growth and dispersion are
unknown: each triple of a grid counts as much as it foretold the weeks one by one, so that
the outlook is a mixture of negative binomials.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special
from scipy import stats as distributions

from calltrack_nb.stats.tails import reaching

Array = NDArray[np.float64]

_DISCOUNTS: Final = (1.0, 0.97, 0.93, 0.87, 0.8, 0.7, 0.55)
_GROWTHS: Final = {-0.06: 0.5, -0.03: 1.0, -0.015: 1.0, 0.0: 3.0, 0.015: 1.0, 0.03: 1.0, 0.06: 0.5}
"""Of the logarithm of the level in a week, and how likely each is beforehand."""

_DISPERSIONS: Final = (1.0, 1.4, 2.0, 3.0, 5.0, 9.0)
_PRIOR_EVENTS = 0.5
_WARMING_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """A mixture of counts that are still to come.

    Parameters
    ----------
    weights, means, variances : numpy.ndarray of float, shape (parts,)
        Probability of each part; mean and variance of its count.
    """

    weights: Array
    means: Array
    variances: Array

    @property
    def mean(self) -> float:
        """Events to be expected."""
        return float(self.weights @ self.means)

    def reaching(self, needed: float) -> float:
        """Probability that as many come as are needed, or more; 1 where none is needed."""
        if needed <= 0:
            return 1.0
        parts = zip(self.means, self.variances, strict=True)
        return float(
            self.weights @ np.array([reaching(needed, float(m), float(v)) for m, v in parts])
        )


def outlook(
    counts: ArrayLike, exposure: ArrayLike, ahead: ArrayLike, *, doubt: float = 0.0
) -> Outlook:
    """Foretell the sum of the weeks to come.

    Parameters
    ----------
    counts : array-like of int, shape (weeks,)
        Events of past weeks, the last one last.
    exposure : array-like of float, shape (weeks,)
        Usual weeks that each of them was worth.
    ahead : array-like of float, shape (weeks to come,)
        The same of the weeks to come, the nearest first.
    doubt : float
        Variance of the sum of `ahead`, as far as it was estimated.

    Returns
    -------
    Outlook
        Of one sure zero where nothing is ahead.

    Examples
    --------
    >>> steady = outlook([20] * 12, [1] * 12, [1, 0.5])
    >>> 28 < steady.mean < 32, steady.reaching(15) > 0.95, steady.reaching(60) < 0.01
    (True, True, True)
    """
    seen, worth, to_come = (np.asarray(one, dtype=float) for one in (counts, exposure, ahead))
    if to_come.sum() <= 0:
        return Outlook(np.ones(1), np.zeros(1), np.zeros(1))
    grid = np.array(list(product(_DISCOUNTS, _GROWTHS, _DISPERSIONS)))
    discount, growth, dispersion = grid.T
    log_weight = np.log([_GROWTHS[one] for one in growth])
    shape, rate = np.full(len(grid), _PRIOR_EVENTS), np.full(len(grid), 1e-3)
    for week, (count, usual) in enumerate(zip(seen, worth, strict=True)):
        shape, rate = shape * discount, rate * discount * np.exp(-growth)
        if usual <= 0:
            continue
        if week >= _WARMING_WEEKS:
            mean = usual * shape / rate
            log_weight += _log_likely(count, mean, dispersion * mean + mean**2 / shape)
        shape, rate = shape + count / dispersion, rate + usual / dispersion
    weights = np.exp(log_weight - special.logsumexp(log_weight))
    step = np.arange(1, len(to_come) + 1)
    level = (shape / rate)[:, None] * np.exp(growth[:, None] * step)
    means = level * to_come
    # The levels of two weeks share what is unknown of the earlier one.
    unknown = 1 / (shape[:, None] * discount[:, None] ** step)
    earlier = np.minimum.outer(step, step) - 1
    variances = dispersion * means.sum(axis=1) + np.einsum(
        "pi,pj,pij->p", means, means, unknown[:, earlier]
    )
    whole = means.sum(axis=1)
    return Outlook(weights, whole, variances + (whole / to_come.sum()) ** 2 * doubt)


def _log_likely(count: float, mean: Array, variance: Array) -> Array:
    return np.asarray(
        distributions.nbinom.logpmf(count, mean**2 / (variance - mean), mean / variance)
    )
