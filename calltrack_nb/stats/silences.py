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

That supposes calls whose scatter the days outside the gap can tell. Calls in bursts have
silences of their own, which a dispersion by the week does not know; so a gap must also be
unusual among the series' own gaps. Beyond the ``k``-th longest other gap, ``u``, the gaps
are taken as exponential with the mean excess ``e`` of those ``k`` (the peaks over a
threshold of Pickands 1975, with shape 0): of any of them one is longer than ``x`` with
probability ``k * (1 + (x - u) / (k * e)) ** -k`` at most, that ``e`` is estimated
included. The time since the last event is longer than ``x`` with the share of time that
gaps spend beyond ``x``: ``k * e / whole * (1 + (x - u) / (k * e)) ** (1 - k)``. The
largest of these over several ``k`` counts, of those whose mean excess is more than steady
events would show: it is gamma then, around the mean time between two events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from calltrack_nb.stats.dispersion import steady_dispersion
from calltrack_nb.stats.tails import silence_weight

Array = NDArray[np.float64]

FEWEST_FOR_A_GAP: Final = 4
"""Fewer events than this know nothing of their rate."""

_SMOOTHING_DAYS: Final = 28
_FEWEST_BLOCKS = 12
_WELL: Final = 0.95
_BURST_DAYS: Final = 14
"""A series that never went on for longer may be a single burst, or two."""
_STEADY: Final = 0.01
_LONGEST_GAPS: Final = (3, 5, 10, 20)
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
    p_if_steady : float
        The same if the events came by chance and not in bursts; never above `p_value`.
    expected : float
        Events it should have held.
    ends_the_log : bool
        Whether it lasts to the end.
    """

    first: int
    last: int
    p_value: float
    p_if_steady: float
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
        steady = float(min(1.0, looks * (1.0 + 2.0 * against / freedom) ** (-freedom / 2.0)))
        others = np.delete(shares, [0, place, len(shares) - 1])
        # Of a day that has several events, a silence of less than a day is not seen.
        usual = max((1.0 - share) / total, 1.0 / np.count_nonzero(exposure))
        own_way = min(1.0, 2.0 * _among_gaps(share, others, usual, since_last=is_last))
        sides = np.split(ringing, [np.searchsorted(ringing, first)])
        if max(np.ptp(side) if len(side) else 0 for side in sides) < _BURST_DAYS:
            own_way = 1.0
        expected = total * share / max(1.0 - share, 1e-9)
        gaps.append(Gap(first, last, max(steady, own_way), steady, expected, is_last))
    return min(gaps, key=lambda gap: gap.p_value, default=None)


def _among_gaps(share: float, others: Array, usual: float, *, since_last: bool) -> float:
    """Bound the probability of a gap of that share of the whole among the series' others.

    `usual` is the share that steady events have between them.
    """
    longest = np.sort(others)[::-1]
    found = 0.0
    for most in _LONGEST_GAPS:
        k = min(most, len(longest))
        threshold = longest[k] if k < len(longest) else 0.0
        excess = float((longest[:k] - threshold).sum()) / max(k, 1)
        if excess <= 0 or distributions.gamma.sf(k * excess / usual, k) > _STEADY:
            continue
        beyond = (1.0 + max(share - threshold, 0.0) / (k * excess)) ** -float(k - since_last)
        found = max(found, k * (excess if since_last else 1.0) * beyond)
    return found


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
    mean = float(calm.mean())
    weekly = _scatter(calm[: len(calm) // 7 * 7].reshape(-1, 7).sum(axis=1), 1)
    weeks = max(len(calm) / 7, 1.0)
    weekday = _reliable(weekday_profile(calm, days), _scatter(calm, 7) / (mean * weeks), 6)
    # As short a window as still holds a hundred events follows the ups and downs best.
    window = int(np.clip(np.ceil(_LEVEL_EVENTS / mean), 7, _SMOOTHING_DAYS))
    level = level_of_days(calm, weekday, window)
    level = _reliable(level / max(level.mean(), 1e-9), weekly / (mean * window), len(calm) / window)
    return np.asarray(weekday * level)


def _scatter(counts: Array, lag: int) -> float:
    """Return variance over mean by the differences of counts some steps apart.

    What changes slowly, or returns after as many steps, is no part of it.
    """
    steps = counts[lag:] - counts[:-lag]
    return float((steps**2).mean() / 2 / counts.mean()) if len(steps) and counts.any() else 1.0


def _reliable(shares: Array, noise: float, freedom: float) -> Array:
    """Draw shares towards their mean by as much of their variance as may well be noise."""
    variance = float(shares.var())
    most = noise * float(distributions.chi2.ppf(_WELL, freedom)) / freedom
    kept = max(0.0, 1.0 - most / variance) if variance > 0 else 1.0
    return np.asarray(shares.mean() + kept * (shares - shares.mean()))


def level_of_days(
    counts: Array,
    weekday: Array,
    window: int = _SMOOTHING_DAYS,
    by: Literal["mean", "median"] = "mean",
) -> Array:
    """Return the moving level of a series, with what the weekday makes of it taken out.

    Parameters
    ----------
    counts : numpy.ndarray of float, shape (days,)
        Events per day.
    weekday : numpy.ndarray of float, shape (days,)
        From :func:`weekday_profile`; days next to nothing say nothing of the level.
    window : int
        Days around each day.
    by : {"mean", "median"}
        A mean follows best; a median is left as it is by a gap of less than half a window.

    Examples
    --------
    >>> float(level_of_days(np.r_[np.full(20, 6.0), np.zeros(5)], np.ones(25), by="median").min())
    6.0
    """
    rolling = (
        pd.Series(counts / np.maximum(weekday, 0.05))
        .where(weekday > 0.05)
        .rolling(window, center=True, min_periods=min(7, window // 2 + 1))
    )
    level = rolling.mean() if by == "mean" else rolling.median()
    return np.asarray(level.bfill().ffill().to_numpy(float))


def weekday_profile(counts: Array, days: pd.DatetimeIndex) -> Array:
    """Return what share of a usual day each day is, by weekday alone."""
    frame = pd.DataFrame({"events": counts, "weekday": days.day_of_week})
    means = frame.groupby("weekday")["events"].mean()
    overall = max(float(means.mean()), 1e-9)
    return np.asarray(frame["weekday"].map(means / overall).to_numpy(float))
