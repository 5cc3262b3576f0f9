"""Daily counts of campaigns with a known truth, for proving estimators.

The series have what real ones have and textbook tests assume away: a weekly and a
yearly rhythm, ups and downs that last for days and that all campaigns share, ups and
downs of each campaign's own, and counts that scatter more than Poisson.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

WEEKDAYS: Final = (1.25, 1.15, 1.1, 1.1, 1.2, 0.8, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSpec:
    """What a set of simulated series is told.

    Parameters
    ----------
    days : int
        Length.
    weekly : tuple of float
        Expected events a week of each campaign, before rhythm; the first is the one
        that is changed.
    changed_from : int
        First day of the change, counted from 0.
    effect : float
        Rate of the first campaign under the change, as a multiple of the one before.
    yearly : float
        Amplitude of the yearly rhythm, of the log rate; its phase is random.
    common : float
        Standard deviation of the log of the shared ups and downs.
    common_memory : float
        Their correlation from one day to the next.
    own : float
        Standard deviation of the log of each campaign's own ups and downs.
    own_memory : float
        Their correlation from one day to the next.
    scatter : float
        Variance over mean of a day's count, given its rate; 1 is Poisson.
    """

    days: int
    weekly: tuple[float, ...] = (42.0, 42.0)
    changed_from: int = 0
    effect: float = 1.0
    yearly: float = 0.25
    common: float = 0.2
    common_memory: float = 0.8
    own: float = 0.15
    own_memory: float = 0.7
    scatter: float = 1.3


@dataclass(frozen=True, slots=True)
class Series:
    """Simulated counts and the rates behind them.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (runs, campaigns, days)
        What is seen.
    rates : numpy.ndarray of float, shape (runs, campaigns, days)
        Expected counts given rhythm and shared ups and downs, without each
        campaign's own.
    usual : numpy.ndarray of float, shape (runs, campaigns, days)
        Expected counts given the rhythm of week and year alone.
    """

    counts: NDArray[np.int64]
    rates: NDArray[np.float64]
    usual: NDArray[np.float64]


def simulate_series(spec: SeriesSpec, runs: int, rng: np.random.Generator) -> Series:
    """Draw series.

    Examples
    --------
    >>> series = simulate_series(SeriesSpec(days=56), 3, np.random.default_rng(1))
    >>> series.counts.shape
    (3, 2, 56)
    """
    day = np.arange(spec.days)
    phase = rng.uniform(0, 2 * np.pi, (runs, 1, 1))
    start = rng.integers(0, 7, (runs, 1, 1))
    weekday = np.asarray(WEEKDAYS)[(day + start) % 7] / np.mean(WEEKDAYS)
    season = np.exp(spec.yearly * np.sin(2 * np.pi * day / 365.25 + phase))
    shared = _wander(spec.common, spec.common_memory, (runs, 1, spec.days), rng)
    base = np.asarray(spec.weekly)[None, :, None] / 7
    change = np.ones(spec.days)
    change[spec.changed_from :] = spec.effect
    changed = np.where(np.arange(len(spec.weekly))[None, :, None] == 0, change, 1.0)
    usual = base * weekday * season * changed
    rates = usual * np.exp(shared - spec.common**2 / 2)
    own = _wander(spec.own, spec.own_memory, rates.shape, rng)
    counts = _counts(rates * np.exp(own - spec.own**2 / 2), spec.scatter, rng)
    return Series(counts, rates, usual)


def _wander(
    deviation: float, memory: float, shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw first-order autoregressive noise along the last axis."""
    steps = rng.standard_normal(shape)
    fresh = np.sqrt(1 - memory**2)
    for place in range(1, shape[-1]):
        steps[..., place] = memory * steps[..., place - 1] + fresh * steps[..., place]
    return deviation * steps


def _counts(
    rates: NDArray[np.float64], scatter: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw negative binomial counts of a constant variance over mean."""
    if scatter <= 1:
        return rng.poisson(rates)
    return rng.poisson(rng.gamma(rates / (scatter - 1), scatter - 1))
