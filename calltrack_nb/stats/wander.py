r"""The share of one series in itself and others, which may wander by itself.

The logit of the share, week by week, is taken as

.. math:: z_w = a + c\,w + d \cos(2\pi w/52) + e \sin(2\pi w/52) + u_w + \epsilon_w

and what steps :mod:`~calltrack_nb.stats.step` asks for: a level ``a`` of which nothing is
known beforehand; a slope ``c`` and a season ``d, e`` of the series' own, which are there or
not, with normal priors; a wander ``u``, which is none, a random walk, or an autoregression
of 0.75 a week, of unknown size; and the chance ``epsilon`` of the counts, of variance
``s / (n p (1 - p))`` with ``s`` from 1 to 2.3.

Given the sizes all of it is normal, so that every coefficient can be integrated out in
closed form: with a flat prior that is the restricted likelihood (Patterson and Thompson
1971, Biometrika 58, 545-554). What is left is a grid over the sizes.

With ``V = s D + t^2 K`` for the kernel ``K`` of a wander, one eigendecomposition of
``D^{-1/2} K D^{-1/2}`` serves every ``s`` and ``t``: in its coordinates ``V`` is diagonal.
A feature ``x`` whose coefficient has a normal prior of precision ``q`` is integrated out of
the products ``M = X' V^{-1} X`` by ``M_{ij} - M_{ix} M_{xj} / (M_{xx} + q)``, which leaves
the factor ``(q / (M_{xx} + q))^{1/2}`` to the likelihood (1 for its numerator where ``q``
is 0).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from calltrack_nb.errors import EvidenceError

Array = NDArray[np.float64]

_SCATTERS: Final = {1.0: 0.4, 1.3: 0.25, 1.7: 0.2, 2.3: 0.15}
"""Variance over that of chance, and how likely it is beforehand."""

_WALKS: Final = (0.03, 0.06, 0.1, 0.16, 0.25, 0.4)
_SWINGS: Final = (0.08, 0.15, 0.25, 0.4, 0.6)
"""Standard deviations: of a walk's step from week to week, of a swing around its level."""

_WALK_SPREAD: Final = 0.4
_SWING_SPREAD: Final = 0.6
_MEMORY: Final = 0.75
STILL: Final = 0.5
"""Probability beforehand that nothing wanders; the two kinds of wander share the rest."""

_SLOPES: Final = {0.0: 0.8, 0.01: 0.1, 0.03: 0.1}
_SEASONS: Final = {0.0: 0.92, 0.3: 0.08}
"""Standard deviations of the slope a week and of the season, and how likely each is."""

MOVING: Final = 1 - _SLOPES[0.0] * _SEASONS[0.0]
"""Probability beforehand that there is a slope or a season."""

_YEAR_WEEKS: Final = 52.0


class Grid(NamedTuple):
    """Every size of scatter and wander that is tried.

    Attributes
    ----------
    scatter, wander : numpy.ndarray of float, shape (points,)
        Variance over that of chance; standard deviation of the walk's step or of the swing.
    swings : numpy.ndarray of bool, shape (points,)
        Whether the wander is a swing; it is a walk otherwise, or none where its size is 0.
    prior : numpy.ndarray of float, shape (points,)
        Probabilities beforehand.
    """

    scatter: Array
    wander: Array
    swings: NDArray[np.bool_]
    prior: Array


def grid() -> Grid:
    """Lay out the sizes; those of a wander are half-normal beforehand."""
    walks, swings = (
        np.exp(-((np.asarray(sizes) / spread) ** 2) / 2)
        for sizes, spread in ((_WALKS, _WALK_SPREAD), (_SWINGS, _SWING_SPREAD))
    )
    moving = (1 - STILL) / 2
    likely = np.r_[STILL, moving * walks / walks.sum(), moving * swings / swings.sum()]
    times = len(_SCATTERS)
    return Grid(
        np.repeat(list(_SCATTERS), len(likely)),
        np.tile([0.0, *_WALKS, *_SWINGS], times),
        np.tile(np.arange(len(likely)) > len(_WALKS), times),
        np.outer(list(_SCATTERS.values()), likely).ravel(),
    )


class Fits(NamedTuple):
    """What is left to integrate out, for every point of the grid.

    Attributes
    ----------
    log_weight : numpy.ndarray of float, shape (points,)
        Logarithm of prior and likelihood, up to the features that are left.
    features : numpy.ndarray of float, shape (points, features, features)
        Their products; the data are the last of them.
    crossed : numpy.ndarray of float, shape (points, features, breaks)
        Their products with the alternatives of which one at most is there.
    breaks : numpy.ndarray of float, shape (points, breaks)
        The products of these with themselves.
    """

    log_weight: Array
    features: Array
    crossed: Array
    breaks: Array

    def without_first(self, spread: float | None) -> Fits:
        """Integrate the first feature out; without a spread nothing is known of it."""
        precision = 0.0 if spread is None else spread**-2
        own = self.features[:, 0, 0] + precision
        part = self.features[:, 0, 1:, None] / own[:, None, None]
        crossed = self.crossed[:, :1]
        gain = 0.0 if spread is None else float(np.log(precision))
        return Fits(
            self.log_weight + (gain - np.log(own)) / 2,
            self.features[:, 1:, 1:] - part * self.features[:, :1, 1:],
            self.crossed[:, 1:] - part * crossed,
            self.breaks - crossed[:, 0] ** 2 / own[:, None],
        )

    def left_out(self, count: int) -> Fits:
        """Leave the first features out, as if they were known to be 0."""
        return self._replace(
            features=self.features[:, count:, count:], crossed=self.crossed[:, count:]
        )

    def weighed(self, probability: float) -> Fits:
        """Multiply the weights."""
        return self._replace(log_weight=self.log_weight + np.log(probability))


def share_fits(
    counts: ArrayLike, others: ArrayLike, week: Array, on: NDArray[np.bool_], breaks: Array
) -> list[Fits]:
    """Fit the share with each size of slope and season; the first fit has neither.

    Parameters
    ----------
    counts, others : array-like of int, shape (weeks,)
        The series and what it is a share with.
    week : numpy.ndarray of float, shape (weeks,)
        Which week each is.
    on : numpy.ndarray of bool, shape (weeks,)
        From when on there is a step; without one, all alike.
    breaks : numpy.ndarray of float, shape (weeks, breaks)
        Alternatives of which one at most is there.

    Returns
    -------
    list of Fits
        The features left are the step, where there is one, and the data.

    Raises
    ------
    EvidenceError
        Where a week is told twice, or a count is missing or below zero.
    """
    own, rest = np.asarray(counts, dtype=float), np.asarray(others, dtype=float)
    if not own.shape == rest.shape == week.shape or len(np.unique(week)) != len(week):
        raise EvidenceError(
            f"{len(own)} and {len(rest)} counts for {len(np.unique(week))} weeks",
            fix="Pass in each week once, with a count for each side",
        )
    if not (np.isfinite(own) & np.isfinite(rest) & (own >= 0) & (rest >= 0)).all():
        raise EvidenceError(
            "A count is missing or below zero", fix="Leave out weeks that were not counted"
        )
    whole = own + rest
    share = np.empty_like(whole)
    for side in (on, ~on):
        share[side] = (own[side].sum() + 0.5) / (whole[side].sum() + 1)
    chance = 1 / (np.maximum(whole, 0.5) * share * (1 - share))
    middle = week - week.mean()
    angle = 2 * np.pi * middle / _YEAR_WEEKS
    steps = on[:, None].astype(float)[:, : int(on.any() and not on.all())]
    logit = np.log((own + 0.5) / (rest + 0.5))
    features = np.column_stack(
        [middle, np.cos(angle), np.sin(angle), np.ones_like(week), steps, logit]
    )
    return [fit.without_first(None) for fit in _smooth(_whitened(features, breaks, chance, week))]


def wander_among(counts: ArrayLike, week: ArrayLike) -> Array | None:
    """Ask series that nothing happened to how their shares wander.

    Parameters
    ----------
    counts : array-like of int, shape (weeks, series)
        Of each series; each is looked at as a share with all others.
    week : array-like of int, shape (weeks,)
        Which week each is.

    Returns
    -------
    numpy.ndarray of float, shape (points,), or None
        The logarithm of the likelihood of each size of scatter and wander; None for
        fewer than two series.
    """
    table = np.asarray(counts, dtype=float)
    series = table.shape[1]
    if series < 2:
        return None
    time = np.asarray(week, dtype=float)
    always, none = np.ones(len(time), dtype=bool), np.zeros((len(time), 0))
    prior = np.log(grid().prior)
    said = np.zeros(len(prior))
    for own in table.T:
        fits = share_fits(own, table.sum(axis=1) - own, time, always, none)
        weights = [fit.log_weight - fit.features[:, 0, 0] / 2 for fit in fits]
        said += special.logsumexp(weights, axis=0) - prior
    # the shares of all sum to one, so that the last series adds nothing
    said *= (series - 1) / series
    return np.asarray(said - said.max())


def _whitened(features: Array, breaks: Array, chance: Array, week: Array) -> Fits:
    """Return the products of features at every point of the grid."""
    sizes = grid()
    count = features.shape[1]
    root = np.sqrt(chance)
    columns = np.column_stack([features, breaks]) / root[:, None]
    products = np.empty((len(sizes.prior), count, columns.shape[1]))
    alone = np.empty((len(sizes.prior), breaks.shape[1]))
    log_weight = np.log(sizes.prior)
    since = week - week.min() + 1
    kernels = (
        (~sizes.swings, np.minimum.outer(since, since)),
        (sizes.swings, _MEMORY ** np.abs(np.subtract.outer(week, week))),
    )
    for chosen, kernel in kernels:
        values, vectors = np.linalg.eigh(kernel / np.outer(root, root))
        turned = vectors.T @ columns
        spread = sizes.scatter[chosen], sizes.wander[chosen] ** 2
        precision = 1 / (spread[0][:, None] + spread[1][:, None] * np.maximum(values, 0.0))
        crossed = (turned[:, :count, None] * turned[:, None, :]).reshape(len(week), -1)
        products[chosen] = (precision @ crossed).reshape(-1, *products.shape[1:])
        alone[chosen] = precision @ turned[:, count:] ** 2
        log_weight[chosen] += np.log(precision).sum(axis=1) / 2
    return Fits(log_weight, products[:, :, :count], products[:, :, count:], alone)


def _smooth(fits: Fits) -> list[Fits]:
    """Integrate slope and season out, for each of their sizes; 0 leaves them out."""
    found = []
    for slope, likely in _SLOPES.items():
        sloped = fits.without_first(slope) if slope else fits.left_out(1)
        for season, seen in _SEASONS.items():
            fit = (
                sloped.without_first(season).without_first(season) if season else sloped.left_out(2)
            )
            found.append(fit.weighed(likely * seen))
    return found
