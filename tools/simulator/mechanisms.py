"""Call logs around a change, made by many mechanisms, with the true effect known.

A verdict on a change is proven where nothing happened but the log moves all the same:
by drifts, trends, steps and seasons of one campaign's own, by shocks that all share, by
people who ring again, by days that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb import schema

Array = NDArray[np.float64]

WEEKDAYS: Final = (1.2, 1.1, 1.1, 1.05, 1.15, 0.9, 0.5)
FIRST_DAY: Final = pd.Timestamp("2026-01-05")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a log around a change is told.

    Parameters
    ----------
    weekly : float
        New callers a week of each campaign.
    controls : int
        Campaigns that are left alone.
    before, after : int
        Weeks before the change and from it on.
    effect : float
        Callers of the first campaign under the change, as a multiple of those without.
    """

    weekly: float = 20.0
    controls: int = 3
    before: int = 26
    after: int = 8
    effect: float = 1.0

    @property
    def days(self) -> int:
        """Length of the log."""
        return 7 * (self.before + self.after)

    @property
    def shape(self) -> tuple[int, int]:
        """Campaigns by days."""
        return 1 + self.controls, self.days


class Rates(NamedTuple):
    """Expected new callers by campaign and day, without the effect, and what else is drawn.

    Attributes
    ----------
    rates : numpy.ndarray of float, shape (campaigns, days)
        The first campaign is the one that is changed.
    again : float
        Chance that a caller rings again, and again, each time days later.
    lost : numpy.ndarray of bool, shape (campaigns, days), or None
        What the log lacks.
    taken : numpy.ndarray of float, shape (controls,), or None
        Of each caller that the change brings, the share that another campaign loses.
    """

    rates: Array
    again: float = 0.0
    lost: NDArray[np.bool_] | None = None
    taken: Array | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One log: an entry for each call.

    Parameters
    ----------
    campaign, day, person : numpy.ndarray of int, shape (calls,)
        The campaign (0 is the changed one), the day from the first, and who rang.
    change : int
        First day under the change.
    days : int
        Length of the log.
    """

    campaign: NDArray[np.int64]
    day: NDArray[np.int64]
    person: NDArray[np.int64]
    change: int
    days: int


Draw = Callable[[Around, np.random.Generator], Rates]


def poisson(around: Around, rng: np.random.Generator) -> Rates:
    """Draw callers that come by chance alone."""
    del rng
    return Rates(_flat(around))


def own_drift(around: Around, rng: np.random.Generator) -> Rates:
    """Draw each campaign's own ups and downs of weeks, and days that scatter."""
    frailty = rng.gamma(5, 1 / 5, around.shape)
    return Rates(_flat(around) * np.exp(wander(0.3, 0.95, around.shape, rng)) * frailty)


def slow_drift(around: Around, rng: np.random.Generator) -> Rates:
    """Draw each campaign's own ups and downs of months."""
    return Rates(_flat(around) * np.exp(wander(0.4, 0.985, around.shape, rng)))


def shared_shocks(around: Around, rng: np.random.Generator) -> Rates:
    """Draw strong ups and downs that all campaigns share."""
    days = around.days
    shared = wander(0.5, 0.9, (1, days), rng) + np.repeat(
        0.3 * rng.standard_normal((1, days // 7)), 7, axis=1
    )
    return Rates(_flat(around) * np.exp(shared - shared.mean()))


def trend(weekly: float) -> Draw:
    """Let the changed campaign grow by a share every week, all along."""

    def draw(around: Around, rng: np.random.Generator) -> Rates:
        del rng
        rates = _flat(around)
        week = np.arange(around.days) / 7 - around.before
        rates[0] *= (1 + weekly) ** week
        return Rates(rates)

    return draw


def control_halves(around: Around, rng: np.random.Generator) -> Rates:
    """Let one of the others fall to half three weeks before the change."""
    rates = _flat(around)
    rates[int(rng.integers(1, 1 + around.controls)), 7 * (around.before - 3) :] *= 0.5
    return Rates(rates)


def step_before(weeks: int) -> Draw:
    """Let the changed campaign gain half, weeks before the change."""

    def draw(around: Around, rng: np.random.Generator) -> Rates:
        del rng
        rates = _flat(around)
        rates[0, 7 * (around.before - weeks) :] *= 1.5
        return Rates(rates)

    return draw


def own_seasons(around: Around, rng: np.random.Generator) -> Rates:
    """Give each campaign a season of its own."""
    phase = rng.uniform(0, 2 * np.pi, (around.shape[0], 1))
    year = 2 * np.pi * np.arange(around.days) / 365.25
    return Rates(_flat(around) * np.exp(0.4 * np.sin(year + phase)))


def repeat_callers(around: Around, rng: np.random.Generator) -> Rates:
    """Let two callers of five ring again, and robots ring by many numbers at once."""
    rates = _flat(around) * 0.6
    for row in rates:
        bursts = rng.integers(0, around.days, rng.poisson(around.days / 60))
        row[bursts] += rng.uniform(2, 6, len(bursts))
    return Rates(rates, again=0.4)


def gaps(around: Around, rng: np.random.Generator) -> Rates:
    """Lose days of the log, and keep the shop shut on some."""
    lost = np.zeros(around.shape, dtype=bool)
    for start in rng.integers(0, around.days, 3):
        lost[:, start : start + int(rng.integers(3, 10))] = True
    rates = _flat(around)
    rates[:, rng.integers(0, around.days, 6)] = 0.0
    return Rates(rates, lost=lost)


def spillover(around: Around, rng: np.random.Generator) -> Rates:
    """Let a change bring the campaign half as many again, all of them from a sibling."""
    taken = np.zeros(around.controls)
    taken[int(rng.integers(around.controls))] = 1.0
    return Rates(_flat(around), taken=taken)


def jumps(around: Around, rng: np.random.Generator) -> Rates:
    """Let every campaign jump to another level now and then, about once in half a year."""
    rates = _flat(around)
    for row in rates:
        for day in rng.integers(0, around.days, rng.poisson(around.days / 182)):
            row[day:] *= np.exp(0.4 * rng.standard_normal())
    return Rates(rates)


def fading_boost(around: Around, rng: np.random.Generator) -> Rates:
    """Let an article double the campaign's callers five weeks before, and fade over weeks."""
    del rng
    rates = _flat(around)
    since = np.arange(around.days) - 7 * (around.before - 5)
    rates[0] *= np.where(since >= 0, np.exp(0.7 * np.exp(-np.maximum(since, 0) / 21.0)), 1.0)
    return Rates(rates)


def shares_shift(around: Around, rng: np.random.Generator) -> Rates:
    """Let callers choose anew each week which campaign they ring, their number unmoved."""
    campaigns, days = around.shape
    share = rng.dirichlet(np.full(campaigns, 15.0), days // 7).T * campaigns
    return Rates(_flat(around) * np.repeat(share, 7, axis=1))


def clustered_weeks(around: Around, rng: np.random.Generator) -> Rates:
    """Draw weeks that scatter twice as widely as chance, each campaign by itself."""
    campaigns, days = around.shape
    spread = around.weekly / 3
    frailty = rng.gamma(spread, 1 / spread, (campaigns, days // 7))
    return Rates(_flat(around) * np.repeat(frailty, 7, axis=1))


def reverts_within_a_year(around: Around, rng: np.random.Generator) -> Rates:
    """Let the changed campaign alone leave its level and come back, over about a year."""
    rates = _flat(around)
    rates[0] *= np.exp(wander(0.4, float(np.exp(-1 / 120)), (1, around.days), rng)[0])
    return Rates(rates)


def closed_weeks(around: Around, rng: np.random.Generator) -> Rates:
    """Shut the shop for three whole weeks, and the changed campaign for one more."""
    rates = _flat(around)
    for start in 7 * rng.integers(0, around.days // 7, 3):
        rates[:, start : start + 7] = 0.0
    start = 7 * int(rng.integers(0, around.days // 7))
    rates[0, start : start + 7] = 0.0
    return Rates(rates)


def holiday(around: Around, rng: np.random.Generator) -> Rates:
    """Double the changed campaign's callers for ten days, at any time."""
    rates = _flat(around)
    start = int(rng.integers(0, around.days - 10))
    rates[0, start : start + 10] *= 2.0
    return Rates(rates)


def rival(around: Around, rng: np.random.Generator) -> Rates:
    """Let a rival take three callers of ten of one campaign, within three weeks, at any time."""
    rates = _flat(around)
    since = np.arange(around.days) - rng.uniform(0, around.days)
    rates[int(rng.integers(around.shape[0]))] *= 1 - 0.3 * np.clip(since / 21, 0, 1)
    return Rates(rates)


MECHANISMS: Final[Mapping[str, Draw]] = {
    "Poisson": poisson,
    "own drift, AR(.95) a day": own_drift,
    "own slow drift": slow_drift,
    "strong shocks shared by all": shared_shocks,
    "trend of +1.5 % a week": trend(0.015),
    "a control halves three weeks before": control_halves,
    "steps x1.5 six weeks before": step_before(6),
    "changed after a slump": own_drift,
    "seasons of their own": own_seasons,
    "repeat callers and robots": repeat_callers,
    "gaps and closed days": gaps,
    "jumps of all campaigns": jumps,
    "a boost that fades, five weeks before": fading_boost,
    "trend of +3 % a week": trend(0.03),
    "steps x1.5 three weeks before": step_before(3),
    "spillover from a sibling": spillover,
    "untuned: callers shift between campaigns": shares_shift,
    "untuned: clustered weeks": clustered_weeks,
    "untuned: leaves its level for a year": reverts_within_a_year,
    "untuned: closed weeks": closed_weeks,
    "untuned: a holiday of one campaign": holiday,
    "untuned: a rival takes three of ten": rival,
}
"""What moves a log, by name.

A trend of 3 %, steps three weeks before and spillover are hard to tell from an effect. The
estimator's priors were chosen without looking at those that are called untuned.
"""

AFTER_A_SLUMP: Final = frozenset({"changed after a slump"})
"""Mechanisms of which the change is made right after the campaign's lowest three weeks."""

_SPARE_WEEKS = 16


def draw_log(name: str, around: Around, rng: np.random.Generator) -> Drawn:
    """Draw one log of a mechanism.

    Examples
    --------
    >>> drawn = draw_log("Poisson", Around(), np.random.default_rng(1))
    >>> drawn.change, drawn.days
    (182, 238)
    """
    slump = name in AFTER_A_SLUMP
    spare = _SPARE_WEEKS if slump else 0
    longer = Around(
        weekly=around.weekly,
        controls=around.controls,
        before=around.before + spare,
        after=around.after,
        effect=around.effect,
    )
    made = MECHANISMS[name](longer, rng)
    counts = rng.poisson(made.rates)
    change = 7 * longer.before
    if slump:
        counts, change = _after_the_slump(counts, around, spare)
    _add_effect(counts, change, around.effect, made, rng)
    return _events(counts, made, change, rng)


def weekly_counts(drawn: Drawn) -> NDArray[np.int64]:
    """Count people by week and campaign, shape (weeks, campaigns)."""
    week = drawn.day // 7
    campaigns = int(drawn.campaign.max()) + 1
    key = (drawn.person * campaigns + drawn.campaign) * 1000 + week
    _, first = np.unique(key, return_index=True)
    table = np.zeros((drawn.days // 7, campaigns), dtype=np.int64)
    np.add.at(table, (week[first], drawn.campaign[first]), 1)
    return table


def calls_of(drawn: Drawn, rng: np.random.Generator) -> pd.DataFrame:
    """Write a log as a ``calls`` table: answered calls of two minutes, at any hour by day."""
    size = len(drawn.day)
    started = (
        FIRST_DAY
        + pd.to_timedelta(drawn.day, unit="D")
        + pd.to_timedelta(rng.integers(9 * 60, 18 * 60, size), unit="min")
    )
    frame = pd.DataFrame(
        {
            "account": "main",
            "call_id": [f"c{place}" for place in range(size)],
            "provider": "callrail",
            "started_at": pd.DatetimeIndex(started).tz_localize("UTC"),
            "duration_s": 120.0,
            "direction": "inbound",
            "status": "answered",
            "caller_key": [f"p{person}" for person in drawn.person],
            "channel": "google_ads",
            "campaign": [f"Campaign {number}" for number in drawn.campaign],
            "lead_status": "unknown",
        }
    )
    return schema.conform(frame, "calls")


def tweak_of(drawn: Drawn) -> pd.DataFrame:
    """Write the change as a ``tweaks`` table."""
    day = (FIRST_DAY + pd.Timedelta(days=drawn.change)).date()
    row = {
        "account": "main",
        "tweak_id": "T1",
        "date": day,
        "campaign": "Campaign 0",
        "channel": "google_ads",
        "changed": "headline",
    }
    return schema.conform(pd.DataFrame([row]), "tweaks")


def wander(
    deviation: float, memory: float, shape: tuple[int, int], rng: np.random.Generator
) -> Array:
    """Draw first-order autoregressive noise along the last axis, with mean 1 of its exponential."""
    steps = rng.standard_normal(shape)
    fresh = np.sqrt(1 - memory**2)
    for place in range(1, shape[-1]):
        steps[..., place] = memory * steps[..., place - 1] + fresh * steps[..., place]
    return deviation * steps - deviation**2 / 2


def _flat(around: Around) -> Array:
    weekday = np.asarray(WEEKDAYS)[np.arange(around.days) % 7]
    return np.tile(around.weekly * weekday / sum(WEEKDAYS), (around.shape[0], 1))


def _after_the_slump(
    counts: NDArray[np.int64], around: Around, spare: int
) -> tuple[NDArray[np.int64], int]:
    """Cut the log so that the change follows the lowest three weeks of the spare ones."""
    weeks = counts[0].reshape(-1, 7).sum(axis=1)
    low = np.convolve(weeks, np.ones(3), mode="valid")  # low[w] holds weeks w, w+1 and w+2
    ends = np.arange(around.before, around.before + spare)
    start = int(ends[np.argmin(low[ends - 3])]) - around.before
    return counts[:, 7 * start : 7 * start + around.days].copy(), 7 * around.before


def _add_effect(
    counts: NDArray[np.int64],
    change: int,
    effect: float,
    made: Rates,
    rng: np.random.Generator,
) -> None:
    """Thin or thicken the changed campaign from the change on, in place."""
    if made.taken is not None:
        moved = rng.poisson(0.5 * made.rates[0, change:])
        counts[0, change:] += moved
        for place, share in enumerate(made.taken):
            loss = rng.binomial(moved, share)
            counts[1 + place, change:] = np.maximum(counts[1 + place, change:] - loss, 0)
    usual = counts[0, change:]
    if effect >= 1:
        counts[0, change:] = usual + rng.poisson(usual * (effect - 1))
    else:
        counts[0, change:] = rng.binomial(usual, effect)


def _events(counts: NDArray[np.int64], made: Rates, change: int, rng: np.random.Generator) -> Drawn:
    days = counts.shape[1]
    campaign = np.repeat(np.repeat(np.arange(counts.shape[0]), days), counts.ravel())
    day = np.repeat(np.tile(np.arange(days), counts.shape[0]), counts.ravel())
    person = np.arange(len(day))
    parts = [(campaign, day, person)]
    last = parts[0]
    while made.again and len(last[0]):
        rings = rng.random(len(last[0])) < made.again
        later = last[1][rings] + rng.geometric(0.12, int(rings.sum()))
        inside = later < days
        last = (last[0][rings][inside], later[inside], last[2][rings][inside])
        parts.append(last)
    campaign, day, person = (np.concatenate(column) for column in zip(*parts, strict=True))
    if made.lost is not None:
        kept = ~made.lost[campaign, day]
        campaign, day, person = campaign[kept], day[kept], person[kept]
    return Drawn(campaign, day, person, change, days)
