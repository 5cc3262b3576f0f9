"""How surprising a stretch without events is, and what a usual day brings.

For events that come as a Poisson process with a known rhythm, the last of ``n`` events
falls before the final share ``x`` of the exposure with probability ``(1 - x)**n``: an
exact test of "silent since", with no window chosen after looking. For the longest of
all gaps, that times the number of days after which one could begin bounds the
probability. Overdispersed counts are taken as negative binomial: with mean ``m`` and
variance ``v * m`` none come with probability ``exp(-m * log(v) / (v - 1))``; ``v`` is
the dispersion of the days outside the gap, in blocks as long as the gap but a week at
most (Pearson chi-square over its degrees of freedom, moderated towards a prior one,
never below one). That it is itself an estimate is met as for a variance: with ``d``
degrees of freedom ``exp(-a)`` becomes ``(1 + 2 * a / d) ** (-d / 2)``, its mean over the
chi-square distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.stats.dispersion import steady_dispersion
from calltrack_nb.stats.tails import silence_weight

Array = NDArray[np.float64]

FEWEST_FOR_A_GAP: Final = 4
"""Fewer events than this know nothing of their rate."""

_SMOOTHING_DAYS = 28
_FEWEST_BLOCKS = 12
_LEVEL_EVENTS = 100.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without events and how surprising it is.

    Parameters
    ----------
    first, last : int
        Positions of its first and last day.
    p_value : float
        Probability of so long a stretch if nothing had changed.
    expected : float
        Events it should have held.
    ends_the_log : bool
        Whether it lasts to the end.
    """

    first: int
    last: int
    p_value: float
    expected: float
    ends_the_log: bool


def longest_gap(counts: Array, exposure: Array, prior: tuple[float, int] = (1.0, 0)) -> Gap | None:
    """Find the most surprising stretch of days without events.

    Parameters
    ----------
    counts : numpy.ndarray
        Events per day, shape (days,).
    exposure : numpy.ndarray
        Relative number of events each day would bring at an unchanged rate; 0 on days
        that do not count.
    prior : tuple of float and int
        A dispersion known from elsewhere, and how many degrees of freedom it is worth.

    Returns
    -------
    Gap or None
        None where there are fewer than four events or no gap. The p-value covers the
        choice among all gaps of the series: half of it is spent on the one that lasts
        to the end, half on the longest of the others.

    Notes
    -----
    The distribution of the longest spacing is that of Fisher (1929), "Tests of
    significance in harmonic analysis", bounded by its first term. The dispersion is
    moderated towards the prior one as variances are in Smyth (2004), "Linear models and
    empirical Bayes methods for assessing differential expression".

    Examples
    --------
    >>> import numpy as np
    >>> daily = np.r_[np.ones(60), np.zeros(15)]
    >>> gap = longest_gap(daily, np.ones(75))
    >>> gap.first, gap.ends_the_log, gap.p_value < 0.01
    (60, True, True)
    """
    ringing = np.flatnonzero(counts > 0)
    counts = np.where(exposure > 0, counts, 0.0)
    total, whole = counts.sum(), exposure.sum()
    if total < FEWEST_FOR_A_GAP or whole <= 0:
        return None
    before = np.r_[0.0, np.cumsum(exposure)]
    starts, ends = np.r_[0, ringing + 1], np.r_[ringing, len(counts)]
    shares = np.clip((before[ends] - before[starts]) / whole, 0.0, 1.0)
    candidates = [len(shares) - 1, int(np.argmax(shares[:-1]))]
    gaps = []
    for place in candidates:
        first, last, share = int(starts[place]), int(ends[place]) - 1, float(shares[place])
        if last < first or share <= 0:
            continue
        outside = np.ones(len(counts), dtype=bool)
        outside[first : last + 1] = False
        block = max(1, min(last - first + 1, 7, int(outside.sum()) // _FEWEST_BLOCKS))
        own, own_freedom = steady_dispersion(counts[outside], exposure[outside], block)
        freedom = own_freedom + prior[1]
        spread = max(1.0, (own * own_freedom + prior[0] * prior[1]) / freedom)
        against = -total * np.log1p(-min(share, 1.0 - 1e-9)) * silence_weight(spread)
        is_last = place == len(shares) - 1
        looks = 2.0 if is_last else 2.0 * len(shares)
        p_value = float(min(1.0, looks * (1.0 + 2.0 * against / freedom) ** (-freedom / 2.0)))
        expected = total * share / max(1.0 - share, 1e-9)
        gaps.append(Gap(first, last, p_value, expected, is_last))
    return min(gaps, key=lambda gap: gap.p_value, default=None)


def usual_days(counts: Array, days: pd.DatetimeIndex) -> Array:
    """Return what share of a usual day each day is, by weekday and by the ups and downs.

    Parameters
    ----------
    counts : numpy.ndarray of float, shape (days,)
        Events of everything but what is judged by this.
    days : pandas.DatetimeIndex
        The days.

    Returns
    -------
    numpy.ndarray of float, shape (days,)
        1 for a usual day; 1 throughout where there are too few events to tell.

    Examples
    --------
    >>> days = pd.date_range("2026-01-05", periods=28)
    >>> usual_days(np.tile([7.0, 7, 7, 7, 7, 0, 0], 4), days)[4:6].round(1).tolist()
    [1.4, 0.0]
    """
    if counts.sum() < 10 * FEWEST_FOR_A_GAP:
        return np.ones(len(days))
    # A burst of one says nothing about the others.
    usual = np.median(counts[counts > 0])
    calm = np.minimum(counts, 3.0 * usual)
    weekday = weekday_profile(calm, days)
    # As short a window as still holds a hundred events follows the ups and downs best.
    window = int(np.clip(np.ceil(_LEVEL_EVENTS / calm.mean()), 7, _SMOOTHING_DAYS))
    level = (
        pd.Series(calm / np.maximum(weekday, 0.05))
        .where(weekday > 0.05)
        .rolling(window, center=True, min_periods=4)
        .mean()
        .bfill()
        .ffill()
        .to_numpy()
    )
    return np.asarray(weekday * level / max(level.mean(), 1e-9))


def weekday_profile(counts: Array, days: pd.DatetimeIndex) -> Array:
    """Return what share of a usual day each day is, by weekday alone."""
    frame = pd.DataFrame({"events": counts, "weekday": days.day_of_week})
    means = frame.groupby("weekday")["events"].mean()
    overall = max(float(means.mean()), 1e-9)
    return np.asarray(frame["weekday"].map(means / overall).to_numpy(float))
