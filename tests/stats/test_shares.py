"""The effect of a change against a control: its algebra, false alarms, coverage, power."""

import numpy as np
import pytest
import statsmodels.api as sm

from calltrack_nb.stats import (
    clustering,
    corrected,
    explained,
    lasting_dispersion,
    paired_effect,
    pearson_dispersion,
    share_dispersion,
    share_effect,
)
from tools.simulator.series import SeriesSpec, simulate_series

RUNS = 1000


def weekly(spec, rng, runs=RUNS):
    """Simulate and add up by whole weeks."""
    return simulate_series(spec, runs, rng).counts.reshape(runs, 2, -1, 7).sum(axis=-1)


def test_the_closed_form_is_the_binomial_model():
    """Ratio and dispersion equal those of statsmodels' grouped binomial fit and a hand X²/df."""
    treated, control = np.array([30, 25, 41, 52, 60, 47]), np.array([50, 44, 61, 48, 66, 51])
    on = np.arange(6) >= 3
    fit = sm.GLM(
        np.column_stack([treated, control]),
        sm.add_constant(on.astype(float)),
        family=sm.families.Binomial(),
    ).fit()
    effect = share_effect(treated, control, on)
    assert np.log(float(effect.ratio)) == pytest.approx(fit.params[1], rel=1e-6)
    n, share = treated + control, np.asarray(fit.fittedvalues)
    by_hand = np.sum((treated - n * share) ** 2 / (n * share * (1 - share))) / 4
    assert float(effect.dispersion) == pytest.approx(by_hand, rel=1e-6)
    assert effect.df == 4


@pytest.mark.parametrize(("before", "after"), [(28, 28), (56, 56), (182, 56)])
def test_nothing_changed_gives_no_more_alarms_than_promised(before, after):
    """A/A at 5 %: weekly and yearly rhythm, overdispersion, autocorrelation; 3 MC errors."""
    rng = np.random.default_rng(before)
    weeks = weekly(SeriesSpec(days=before + after), rng)
    effect = share_effect(weeks[:, 0], weeks[:, 1], np.arange(weeks.shape[-1]) >= before // 7)
    share = np.mean(effect.p_value < 0.05)
    assert share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)


@pytest.mark.parametrize("true", [1.3, 1.5])
def test_the_interval_holds_the_true_effect(true):
    """Coverage of the 95 % interval at 182/56 is 93 % and more, less Monte-Carlo error."""
    rng = np.random.default_rng(7)
    weeks = weekly(SeriesSpec(days=238, changed_from=182, effect=true), rng)
    effect = share_effect(weeks[:, 0], weeks[:, 1], np.arange(34) >= 26)
    covered = np.mean((effect.low <= true) & (true <= effect.high))
    assert covered >= 0.93 - 2 * np.sqrt(0.07 * 0.93 / RUNS)


def test_power_grows_with_the_effect_and_with_the_weeks():
    """A curve that goes up: +20, +50, +80 %, and 8 weeks against 4."""
    rng = np.random.default_rng(8)

    def power(effect, days):
        weeks = weekly(SeriesSpec(days=2 * days, changed_from=days, effect=effect), rng, 400)
        on = np.arange(weeks.shape[-1]) >= days // 7
        return np.mean(share_effect(weeks[:, 0], weeks[:, 1], on).p_value < 0.05)

    curve = [power(effect, 56) for effect in (1.2, 1.5, 1.8)]
    assert curve == sorted(curve)
    assert curve[-1] > 0.8
    assert power(1.5, 28) < curve[1]


def test_an_empty_side_gives_no_figure():
    """No caller at all before the change: nothing to compare, so NaN and not infinity."""
    effect = share_effect([0, 0, 0, 5, 6, 7], [9, 9, 9, 9, 9, 9], [0, 0, 0, 1, 1, 1])
    assert np.isnan(effect.ratio)
    assert np.isnan(effect.high)


def test_another_years_weeks_keep_the_promise_too():
    """A/A against the same series a year before: lasting ups and downs do not cancel there."""
    rng = np.random.default_rng(9)
    counts = simulate_series(SeriesSpec(days=364 + 112, weekly=(42.0,)), RUNS, rng).counts[:, 0]
    now, past = (part.reshape(RUNS, -1, 7).sum(-1) for part in (counts[:, 364:], counts[:, :112]))
    effect = share_effect(now, past, np.arange(16) >= 8, same_weeks=False)
    bare = share_effect(now, past, np.arange(16) >= 8)
    assert np.mean(effect.p_value < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)
    assert (effect.error >= bare.error).all()
    assert np.mean(effect.error > bare.error) > 0.5


def test_callers_explained_hold_the_chance_of_which_they_are():
    """A ratio known to the dot explains half of 100 callers, 50 give or take 1.96 times 5."""
    effect = share_effect(np.tile([10**6, 2 * 10**6], 20), [10**6] * 40, np.tile([False, True], 20))
    low, high = explained(100, effect)
    assert float(low) == pytest.approx(50 - 1.96 * 5, abs=0.5)
    assert float(high) == pytest.approx(50 + 1.96 * 5, abs=0.5)
    away = share_effect(np.tile([2 * 10**6, 10**6], 20), [10**6] * 40, np.tile([False, True], 20))
    assert explained(100, away).high < 0


def test_a_series_that_wanders_scatters_more_than_its_weeks_do():
    """Ten weeks of 5 and ten of 15: X² over df is 2.6, and what lasts counts many times."""
    counts = [5] * 10 + [15] * 10
    by_hand = 20 * 5**2 / 10 / 19
    assert lasting_dispersion(counts) > 5 * by_hand
    assert lasting_dispersion([5, 15] * 10) == pytest.approx(by_hand)
    assert lasting_dispersion([0, 0, 0]) == 1.0
    assert lasting_dispersion([4]) == 1.0


def test_pairs_cancel_a_drift_that_would_fool_a_step():
    """Treated doubling over the trial by itself: pairs see no effect of the switched weeks."""
    rng = np.random.default_rng(3)
    pairs = 13
    alarms = []
    for _ in range(400):
        drift = np.linspace(20, 40, 2 * pairs).reshape(pairs, 2)
        first = rng.integers(0, 2, pairs)
        treated, control = rng.poisson(drift), rng.poisson(60, (pairs, 2))
        rows = np.arange(pairs)
        on = np.column_stack([treated[rows, first], control[rows, first]])
        off = np.column_stack([treated[rows, 1 - first], control[rows, 1 - first]])
        alarms.append(float(paired_effect(on, off).p_value) < 0.05)
    assert np.mean(alarms) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_pearson_dispersion_is_that_of_rs_quasipoisson():
    """R's ?glm example (Dobson 1990, Randomized Controlled Trial): 1.2933 on 4 df."""
    counts = np.array([18, 17, 15, 20, 10, 20, 25, 13, 12])
    outcome, treatment = np.tile([0, 1, 2], 3), np.repeat([0, 1, 2], 3)
    columns = [np.ones(9), *(outcome == k for k in (1, 2)), *(treatment == k for k in (1, 2))]
    design = np.column_stack(columns).astype(float)
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    assert fit.params[:3] == pytest.approx([3.044522, -0.454255, -0.292987], abs=1e-5)
    fitted = np.asarray(fit.fittedvalues)
    assert pearson_dispersion(counts, fitted, fitted, 4) == pytest.approx(1.2933, abs=1e-4)


def test_share_dispersion_is_chi_square_over_df():
    """A 2 by 2 table worked by hand: X² = 200 (30*60 - 70*40)² / (100*100*70*130)."""
    by_hand = 200 * (30 * 60 - 70 * 40) ** 2 / (100 * 100 * 70 * 130)
    assert share_dispersion([[30, 70], [40, 60]]) == pytest.approx(by_hand)


def test_clusters_that_agree_count_once():
    """Callers of three calls that all qualify or all do not: a third of the calls' worth."""
    assert clustering([3, 0] * 20, [3, 3] * 20) == pytest.approx(3.0)
    assert clustering([1, 0] * 20, [1, 1] * 20) == pytest.approx(1.0)


def test_benjamini_and_hochbergs_own_example():
    """Benjamini and Hochberg (1995), JRSS B 57, section 4: the first four of 15 at 5 %."""
    rejected = [0.0001, 0.0004, 0.0019, 0.0095]
    others = [0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    pvalues = rejected + others
    family = corrected(pvalues)
    assert (family.adjusted <= 0.05).sum() == 4
    assert family.tests == 15
    assert "Benjamini-Hochberg" in family.method
    # Holm is stricter: it stops after three, as Bonferroni does in the paper.
    assert (corrected(pvalues, "holm").adjusted <= 0.05).sum() == 3
