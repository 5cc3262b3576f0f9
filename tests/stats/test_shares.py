"""What a change explains, pairs of weeks, and how counts scatter."""

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
    quantile_by_now,
    share_dispersion,
)


def test_callers_explained_hold_the_chance_of_which_they_are():
    """A ratio known to the dot explains half of 100 callers, 50 give or take 1.96 times 5."""
    low, high = explained(100, 2.0, 2.0, 2.0)
    assert float(low) == pytest.approx(50 - 1.96 * 5, abs=0.01)
    assert float(high) == pytest.approx(50 + 1.96 * 5, abs=0.01)
    assert explained(100, 0.5, 0.45, 0.55).high < 0


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
    assert clustering([1, 1, 1, 0, 0, 0] * 20, np.repeat(range(40), 3)) == pytest.approx(3.0)
    assert clustering([1, 0] * 20, range(40)) == pytest.approx(1.0)


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


def test_lags_known_so_far_are_not_taken_for_all():
    """Of events of the last sixty days the plain nine-in-ten lag is short, the estimate is not."""
    rng = np.random.default_rng(3)
    begun = rng.uniform(0, 60, 6000)
    took = rng.exponential(15, 6000)
    known = begun + took <= 60
    right = 15 * np.log(10)
    plain = np.quantile(took[known], 0.9)
    found = quantile_by_now(took[known], 60 - begun[known], 0.9)
    assert plain < 0.85 * right
    assert found == pytest.approx(right, rel=0.12)
