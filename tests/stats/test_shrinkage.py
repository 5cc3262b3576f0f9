"""Shrinkage against the data sets every textbook uses, and its own coverage."""

import numpy as np
import pytest

from calltrack_nb.errors import EvidenceError
from calltrack_nb.stats import shrunken_counts, shrunken_rates

TUMOURS = (
    "0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 "
    "1/20 1/20 1/19 1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 "
    "5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20 "
    "4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 "
    "6/20 6/20 16/52 15/47 15/46 9/24 4/14 "
)
PUMPS = (
    [5, 1, 5, 14, 3, 19, 1, 1, 4, 22],
    [94.3, 15.7, 62.9, 126, 5.24, 31.4, 1.05, 1.05, 2.1, 10.5],
)


def test_rat_tumours_shrink_as_in_bayesian_data_analysis():
    """Gelman et al., Bayesian Data Analysis, 5.3: hyperposterior means 2.4 and 14.3, mean .144."""
    pairs = np.array([pair.split("/") for pair in TUMOURS.split()], dtype=float)
    assert len(pairs) == 71
    shrunk = shrunken_rates(pairs[:, 0], pairs[:, 1])
    assert shrunk.whole == pytest.approx(2.4 / (2.4 + 14.3), abs=0.004)
    assert shrunk.estimate[-1] == pytest.approx((2.4 + 4) / (2.4 + 14.3 + 14), abs=0.012)


def test_pump_failures_shrink_as_in_the_bugs_manual():
    """George, Makov and Smith (1993); posterior means of WinBUGS Examples I, Pumps.

    Only pumps with three failures and more: the others follow the prior, and theirs is
    another one (exponential and gamma on the two hyperparameters).
    """
    shrunk = shrunken_counts(*PUMPS)
    many = [0, 2, 3, 4, 5, 9]
    published = [0.0598, 0.0892, 0.1157, 0.602, 0.609, 1.994]
    np.testing.assert_allclose(shrunk.estimate[many], published, rtol=0.06)
    assert shrunk.estimate[6] < 1 / 1.05


def test_a_small_group_moves_more_than_a_large_one():
    """Two of two are drawn further towards the whole than forty of forty-five."""
    shrunk = shrunken_rates([2, 40, 10, 12], [2, 45, 30, 33])
    assert 1 - shrunk.estimate[0] > 40 / 45 - shrunk.estimate[1] > 0


def test_a_group_without_trials_gets_the_prediction_for_a_new_one():
    """Nothing seen is nearly anything: the widest interval of all, around the whole."""
    shrunk = shrunken_rates([0, 30, 20, 25], [0, 60, 55, 45])
    width = shrunk.high - shrunk.low
    assert width.argmax() == 0
    assert shrunk.low[0] < shrunk.whole < shrunk.high[0]


@pytest.mark.parametrize("groups", [3, 6])
def test_intervals_cover_where_plug_in_shrinkage_does_not(groups):
    """At few groups 95 % intervals hold the truth in 93 % and more, less Monte-Carlo error."""
    rng = np.random.default_rng(groups)
    hits, hits_counts, runs = [], [], 80
    for _ in range(runs):
        true = rng.beta(8, 8, groups)
        n = rng.integers(5, 60, groups)
        got = shrunken_rates(rng.binomial(n, true), n)
        hits.append(np.mean((got.low <= true) & (true <= got.high)))
        rate, width = rng.gamma(6, 0.02 / 6, groups), rng.uniform(100, 2000, groups)
        got = shrunken_counts(rng.poisson(rate * width), width)
        hits_counts.append(np.mean((got.low <= rate) & (rate <= got.high)))
    for share in (hits, hits_counts):
        assert np.mean(share) + 3 * np.std(share) / np.sqrt(runs) >= 0.95
        assert np.mean(share) > 0.89


def test_impossible_counts_are_refused():
    """More successes than trials, and nothing to divide by, are errors."""
    with pytest.raises(EvidenceError):
        shrunken_rates([3], [2])
    with pytest.raises(EvidenceError):
        shrunken_counts([3], [0])
