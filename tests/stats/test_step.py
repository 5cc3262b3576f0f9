"""A step in a share that may wander: its algebra, false alarms, coverage, power."""

import itertools

import numpy as np
import pytest
from scipy import stats

from calltrack_nb.errors import EvidenceError
from calltrack_nb.stats import NormalMixture, step, step_in_share, wander, wander_among
from tools.simulator.mechanisms import Around, draw_log, weekly_counts

WEEK = np.arange(-26, 8)


def by_hand(treated, control, week):
    """The mean and the chance of a fall, from dense matrices: each model by itself."""
    on = week >= 0
    whole = treated + control
    share = np.where(
        on,
        (treated[on].sum() + 0.5) / (whole[on].sum() + 1),
        (treated[~on].sum() + 0.5) / (whole[~on].sum() + 1),
    )
    logit = np.log((treated + 0.5) / (control + 0.5))
    chance = np.diag(1 / (whole * share * (1 - share)))
    time = week - week.mean()
    year = np.stack([np.cos(2 * np.pi * time / 52), np.sin(2 * np.pi * time / 52)])
    fixed = np.column_stack([np.ones(len(week)), on])
    places = [place for place in range(-20, -1) if (week < place).sum() > 1]
    late = {place: step._LATE_WEIGHT if place >= -step._LATE else 1.0 for place in places}
    breaks = [(0 * time, 1 - sum(step._EARLIER.values()))]
    breaks += [
        (np.where(week >= place, 0.5 ** ((week - place) / half), 0.0), odds * weight / total)
        for half, odds in step._EARLIER.items()
        for place, weight in late.items()
        for total in [sum(late.values())]
    ]
    sizes = zip(*wander.grid(), strict=True)
    weights, means, deviations = [], [], []
    for (scatter, size, swings, prior), slope, season, (broke, odds) in itertools.product(
        sizes, wander._SLOPES, wander._SEASONS, breaks
    ):
        lag = np.abs(np.subtract.outer(week, week))
        kernel = 0.75**lag if swings else np.minimum.outer(week, week) - week.min() + 1
        variance = (
            scatter * chance
            + size**2 * kernel
            + slope**2 * np.outer(time, time)
            + season**2 * year.T @ year
            + step._EARLIER_SPREAD**2 * np.outer(broke, broke)
        )
        inverse = np.linalg.inv(variance)
        normal = fixed.T @ inverse @ fixed
        found = np.linalg.solve(normal, fixed.T @ inverse @ logit)
        left = logit - fixed @ found
        log_weight = np.linalg.slogdet(variance)[1] + np.linalg.slogdet(normal)[1]
        log_weight = -(log_weight + left @ inverse @ left) / 2
        likely = prior * wander._SLOPES[slope] * wander._SEASONS[season] * odds
        weights.append(log_weight + np.log(likely))
        means.append(found[1])
        deviations.append(np.sqrt(np.linalg.inv(normal)[1, 1]))
        weights[-1] -= (1 - step._RESERVE) * np.log(deviations[-1])
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    fall = weight @ stats.norm.cdf(-np.array(means) / np.array(deviations))
    return weight @ np.array(means), fall


def test_the_elimination_gives_what_dense_matrices_give():
    """Every model of twelve weeks, one missing, solved one by one: same mean, same tail."""
    week = np.array([-7, -6, -5, -4, -2, -1, 0, 1, 2, 3])
    treated = np.array([9, 12, 10, 14, 11, 13, 19, 15, 22, 18])
    control = np.array([41, 38, 44, 40, 37, 45, 39, 42, 41, 36])
    mean, fall = by_hand(treated, control, week)
    found = step_in_share(treated, control, week).effect
    assert found.average == pytest.approx(mean, rel=1e-5)
    assert found.below(0.0) == pytest.approx(fall, rel=1e-4)


def judged(name, runs, seed, effect=1.0):
    """How often a step is seen at 5 %, and how often its 95 % range holds the truth."""
    rng = np.random.default_rng(seed)
    seen, held = [], []
    for _ in range(runs):
        table = weekly_counts(draw_log(name, Around(effect=effect), rng))
        family = wander_among(table[:, 1:], WEEK)
        found = step_in_share(table[:, 0], table[:, 1:].sum(axis=1), WEEK, family=family).effect
        below = found.below(np.log(effect))
        seen.append(found.two_sided < 0.05)
        held.append(0.025 < below < 0.975)
    return np.mean(seen), np.mean(held)


@pytest.mark.parametrize(
    "name",
    [
        "Poisson",
        "own drift, AR(.95) a day",
        "trend of +3 % a week",
        "steps x1.5 six weeks before",
        "a boost that fades, five weeks before",
    ],
)
def test_what_moves_by_itself_is_seldom_taken_for_a_step(name):
    """120 logs in which nothing was done: 7 % at most, and coverage of .90, less 3 MC errors."""
    seen, held = judged(name, 120, 41)
    assert seen <= 0.07 + 3 * np.sqrt(0.07 * 0.93 / 120)
    assert held >= 0.90 - 3 * np.sqrt(0.09 / 120)


def test_a_step_of_half_as_many_again_is_mostly_seen():
    """Twenty callers a week, eight weeks after: power of .80, less 2 MC errors."""
    seen, held = judged("Poisson", 120, 42, effect=1.5)
    assert seen >= 0.80 - 2 * np.sqrt(0.16 / 120)
    assert held >= 0.90 - 3 * np.sqrt(0.09 / 120)


def test_others_that_lie_still_narrow_the_range():
    """Campaigns that never drift among themselves make a drift of this one less likely."""
    rng = np.random.default_rng(5)
    table = rng.poisson(40, (34, 4))
    family = wander_among(table[:, 1:], WEEK)
    alone, among = (
        step_in_share(table[:, 0], table[:, 1:].sum(axis=1), WEEK, family=said).effect
        for said in (None, family)
    )

    def width(mixture):
        return mixture.quantile(0.975) - mixture.quantile(0.025)

    assert width(among) < width(alone)
    assert wander_among(table[:, :1], WEEK) is None


def test_a_mixture_is_drawn_to_zero_as_a_normal_is():
    """One part: mean 1, variance 1 under a prior of variance 1 gives mean and variance 1/2."""
    one = NormalMixture.of(np.zeros(1), np.ones(1), np.ones(1)).drawn_to_zero(1.0)
    assert one.average == pytest.approx(0.5)
    assert one.quantile(0.975) == pytest.approx(0.5 + 1.96 * np.sqrt(0.5), abs=1e-3)


@pytest.mark.parametrize(
    ("counts", "others", "week", "why"),
    [
        ([9, 8, 9], [30, 30, 30], [-3, -2, -1], "both sides"),
        ([9, 8, 9], [30, 30, 30], [0, 1, 2], "both sides"),
        ([], [], [], "both sides"),
        ([9, 8, 9, 8], [30] * 4, [-1, -1, 0, 1], "each week once"),
        ([9, 8, 9], [30, 30], [-1, 0, 1], "each week once"),
        ([9, np.nan, 9], [30] * 3, [-1, 0, 1], "missing or below zero"),
        ([9, 8, 9], [30, -1, 30], [-1, 0, 1], "missing or below zero"),
    ],
)
def test_weeks_that_cannot_be_judged_are_refused(counts, others, week, why):
    """One side only, none, a week twice, lengths that differ, a count missing or negative."""
    with pytest.raises(EvidenceError, match=why):
        step_in_share(counts, others, week)


@pytest.mark.parametrize(
    ("treated", "control"),
    [([20] * 34, [0] * 34), ([0] * 34, [60] * 34), ([0] * 34, [0] * 34)],
    ids=["others never rang", "never rang", "nobody rang"],
)
def test_nobody_on_one_side_says_nothing_of_a_step(treated, control):
    """All zero on a side: no step is seen, the range is finite and wide, nothing warns."""
    effect = step_in_share(treated, control, WEEK).effect
    assert effect.two_sided > 0.9
    assert effect.quantile(0.025) < -1 < 1 < effect.quantile(0.975)


def test_a_single_week_after_is_read_with_a_wide_range():
    """One week under the change: a doubling stays within the range of what may be chance."""
    effect = step_in_share([20] * 26 + [28], [60] * 27, WEEK[:27]).effect
    assert effect.quantile(0.025) < 0 < effect.quantile(0.975)
