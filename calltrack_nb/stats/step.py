"""A step in the share of one series, told from what else may have moved it.

The share is modelled as in :mod:`~calltrack_nb.stats.wander`, with a step of which nothing
is known beforehand and, in some cases, one step of another cause weeks earlier, which stays
or fades. Every combination of what may be there gives a normal distribution of the step,
and all are weighed by their likelihood and prior (Hoeting, Madigan, Raftery and Volinsky
1999, Bayesian model averaging, Statistical Science 14, 382-401). So a share that may be
drifting, for all one sees, widens the range a little, and one that shows it, much; a step
that the weeks show before the change is not counted as the change's, nor is the end of a
boost that fades.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calltrack_nb.errors import EvidenceError
from calltrack_nb.stats.mixtures import NormalMixture
from calltrack_nb.stats.wander import MOVING, STILL, Fits, grid, share_fits

Array = NDArray[np.float64]

_EARLIER: Final = {math.inf: 0.4, 4.0: 0.1, 2.0: 0.1}
"""Probability beforehand that the share stepped once in the weeks before the change, by the
weeks in which half of such a step fades."""

_EARLIER_SPREAD: Final = 0.8
_EARLIEST: Final = 20
_LATEST: Final = 2
"""An earlier step lies so many weeks before the change."""

_LATE: Final = 4
_LATE_WEIGHT: Final = 5.0
"""A step in the last weeks before is likelier than in one of those before them, since what
makes somebody change an advertisement mostly happened lately."""

_RESERVE: Final = 0.5
"""With nothing known of the step beforehand, a model gains weight by the width of what it
says of it (1 would be all of that gain, 0 none), and the widest would crowd out the others."""

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

    Raises
    ------
    EvidenceError
        Without weeks on both sides of the change; where a week is told twice, or a count is
        missing or below zero.

    Examples
    --------
    >>> step = step_in_share([10, 9, 11, 10, 20, 19, 21, 20], [40] * 8, range(-4, 4))
    >>> print(f"{np.exp(step.effect.average):.1f}")
    1.9
    """
    time = np.asarray(week, dtype=float)
    on = time >= change
    if on.all() or not on.any():
        raise EvidenceError(
            "A change needs weeks on both sides of it", fix="Pass in weeks before the change too"
        )
    places = _places(time, change)
    fits = share_fits(counts, others, time, on, _fading(time, places))
    if family is not None:
        fits = [fit._replace(log_weight=fit.log_weight + _FAMILY * family) for fit in fits]
    chances = _chances(places, change)
    found = (_stepped(fit, chances) for fit in fits)
    parts = _Parts(*(np.stack(column) for column in zip(*found, strict=True)))
    every, still = slice(None), grid().wander == 0
    weight = np.exp(parts.log_weight - parts.log_weight.max())
    weight /= weight.sum()
    by_place = weight.sum(axis=(0, 1))[1:].reshape(len(_EARLIER), -1).sum(axis=0)
    return Step(
        parts.mixture(every),
        parts.mixture(0, still, 0),
        _odds(weight[1:].sum(), MOVING),
        _odds(by_place.sum(), sum(_EARLIER.values())),
        _odds(weight[:, ~still].sum(), 1 - STILL),
        int(change - places[np.argmax(by_place)]) if len(places) else 0,
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


def _fading(time: Array, places: Array) -> Array:
    """Return a step at each place, as it stays and as it fades."""
    since = time[:, None] - places
    return np.hstack(
        [np.where(since >= 0, 0.5 ** (np.maximum(since, 0) / half), 0.0) for half in _EARLIER]
    )


def _chances(places: Array, change: int) -> Array:
    """Return how likely each earlier step is beforehand."""
    late = np.where(places >= change - _LATE, _LATE_WEIGHT, 1.0)
    return np.outer(list(_EARLIER.values()), late / late.sum()).ravel()


def _stepped(fits: Fits, chances: Array) -> _Parts:
    """Return the step without, and then with each of the earlier ones."""
    step, with_data, data = (
        fits.features[:, row, column] for row, column in ((0, 0), (0, 1), (1, 1))
    )
    beside, seen = fits.crossed[:, 0], fits.crossed[:, 1]
    precision = _EARLIER_SPREAD**-2
    own = fits.breaks + precision

    def both(alone: Array, taken: Array) -> Array:
        return np.column_stack([alone, alone[:, None] - taken / own])

    steps, moments = both(step, beside**2), both(with_data, beside * seen)
    left = both(data, seen**2) - moments**2 / steps
    odds = np.zeros_like(steps)
    odds[:, 0] = np.log1p(-chances.sum())
    odds[:, 1:] = np.log(chances) + np.log(precision / own) / 2
    log_weight = fits.log_weight[:, None] + odds - (_RESERVE * np.log(steps) + left) / 2
    return _Parts(log_weight, moments / steps, steps**-0.5)
