"""A step in the share of one series, told from what else may have moved it.

The share is modelled as in :mod:`~calltrack_nb.stats.wander`, with a step of which nothing
is known beforehand and, in some cases, one step of another kind weeks earlier. Every
combination of what may be there gives a normal distribution of the step, and all are
weighed by their likelihood and prior (Hoeting, Madigan, Raftery and Volinsky 1999,
Bayesian model averaging, Statistical Science 14, 382-401). So a share that may be drifting,
for all one sees, widens the range a little, and one that shows it, much; and a step that
the weeks show before the change is not counted as the change's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calltrack_nb.stats.mixtures import NormalMixture
from calltrack_nb.stats.wander import MOVING, STILL, Fits, grid, share_fits

Array = NDArray[np.float64]

_EARLIER: Final = 0.3
"""Probability beforehand that the share stepped once in the weeks before the change."""

_EARLIER_SPREAD: Final = 0.5
_EARLIEST: Final = 20
_LATEST: Final = 2
"""An earlier step lies so many weeks before the change."""

_FEWEST_BESIDE: Final = 2
_FAMILY: Final = 0.5
"""How much the wander of its likes says about that of a series; 1 would be all of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of a step in the logit of a share.

    Parameters
    ----------
    effect : NormalMixture
        Of the step: the logarithm of how many times as many there are for each of the
        others.
    plain : NormalMixture
        The same if it were known that nothing else moves the share but chance.
    trend, earlier, wander : float
        How many times likelier the weeks make a slope or season, an earlier step, and a
        wander than they were held to be beforehand (odds over odds).
    weeks_earlier : int
        Weeks before the change at which an earlier step lies most likely; 0 where the
        weeks are too few for one.
    """

    effect: NormalMixture
    plain: NormalMixture
    trend: float
    earlier: float
    wander: float
    weeks_earlier: int


class _Parts(NamedTuple):
    """Normal distributions by slope and season, point of the grid, and earlier step."""

    log_weight: Array
    mean: Array
    deviation: Array

    def mixture(self, *chosen: Any) -> NormalMixture:
        """Mix those that an index chooses."""
        return NormalMixture.of(*(part[chosen].ravel() for part in self))


def step_in_share(
    counts: ArrayLike,
    others: ArrayLike,
    week: ArrayLike,
    change: int = 0,
    family: Array | None = None,
) -> Step:
    """Estimate a step in the share of a series while the share may wander.

    Parameters
    ----------
    counts, others : array-like of int, shape (weeks,)
        The series and what it is a share with.
    week : array-like of int, shape (weeks,)
        Which week each is; weeks may be missing.
    change : int
        First week under the change. There are weeks on both sides of it.
    family : numpy.ndarray of float, optional
        What series like this one say of the wander, by
        :func:`~calltrack_nb.stats.wander_among`.

    Examples
    --------
    >>> step = step_in_share([10, 9, 11, 10, 20, 19, 21, 20], [40] * 8, range(-4, 4))
    >>> print(f"{np.exp(step.effect.average):.1f}")
    1.9
    """
    time = np.asarray(week, dtype=float)
    on = time >= change
    places = _places(time, change)
    fits = share_fits(counts, others, time, on, (time[:, None] >= places).astype(float))
    if family is not None:
        fits = [fit._replace(log_weight=fit.log_weight + _FAMILY * family) for fit in fits]
    parts = _Parts(*(np.stack(column) for column in zip(*map(_stepped, fits), strict=True)))
    every, still = slice(None), grid().wander == 0
    weight = np.exp(parts.log_weight - parts.log_weight.max())
    weight /= weight.sum()
    by_break = weight.sum(axis=(0, 1))[1:]
    return Step(
        parts.mixture(every),
        parts.mixture(0, still, 0),
        _odds(weight[1:].sum(), MOVING),
        _odds(by_break.sum(), _EARLIER),
        _odds(weight[:, ~still].sum(), 1 - STILL),
        int(change - places[np.argmax(by_break)]) if len(places) else 0,
    )


def _odds(now: float, beforehand: float) -> float:
    """Return how many times the odds have grown."""
    kept = min(float(now), 1 - 1e-12)
    return kept / (1 - kept) * (1 - beforehand) / beforehand


def _places(time: Array, change: int) -> Array:
    """Return the weeks at which an earlier step may lie, with weeks on both sides."""
    before = time[time < change]
    return np.array(
        [
            place
            for place in range(change - _EARLIEST, change - _LATEST + 1)
            if min((before < place).sum(), (before >= place).sum()) >= _FEWEST_BESIDE
        ],
        dtype=float,
    )


def _stepped(fits: Fits) -> _Parts:
    """Return the step without, and then with each of the earlier ones."""
    step, with_data, data = (
        fits.features[:, row, column] for row, column in ((0, 0), (0, 1), (1, 1))
    )
    beside, seen = fits.crossed[:, 0], fits.crossed[:, 1]
    precision = _EARLIER_SPREAD**-2
    own = fits.breaks + precision
    count = fits.breaks.shape[1]

    def both(alone: Array, taken: Array) -> Array:
        return np.column_stack([alone, alone[:, None] - taken / own])

    steps, moments = both(step, beside**2), both(with_data, beside * seen)
    left = both(data, seen**2) - moments**2 / steps
    odds = np.zeros_like(steps)
    if count:
        odds[:, 0] = np.log1p(-_EARLIER)
        odds[:, 1:] = np.log(_EARLIER / count) + np.log(precision / own) / 2
    log_weight = fits.log_weight[:, None] + odds - (np.log(steps) + left) / 2
    return _Parts(log_weight, moments / steps, steps**-0.5)
