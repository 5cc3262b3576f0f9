"""Intervals against published and hand-worked figures."""

import numpy as np
import pytest

from calltrack_nb.errors import EvidenceError
from calltrack_nb.stats import (
    Bounds,
    cost_per,
    poisson_interval,
    product,
    ratio,
    total_interval,
    wilson,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_figures(k, n, low, high):
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    ends = wilson(k, n)
    assert float(ends.low) == pytest.approx(low, abs=5e-5)
    assert float(ends.high) == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("k", "low", "high"),
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89)],
)
def test_poisson_gives_the_tabulated_exact_limits(k, low, high):
    """Garwood's limits as tabulated in Armitage and Berry, Statistical Methods, table VIII."""
    ends = poisson_interval(k)
    assert float(ends.low) == pytest.approx(low, abs=6e-3)
    assert float(ends.high) == pytest.approx(high, abs=6e-3)


def test_three_leads_on_a_thousand_cost_114_to_1616():
    """The worked figure of the rules of evidence: 1000/8.767 and 1000/0.619."""
    ends = cost_per(1000, poisson_interval(3))
    assert [round(float(end)) for end in ends] == [114, 1616]


def test_no_leads_have_a_lower_cost_and_no_upper_one():
    """Nothing infinite is printed: 1000 without a lead is 1000/3.689 or more."""
    ends = cost_per([1000, 0], poisson_interval([0, 5]))
    assert round(float(ends.low[0])) == 271
    assert np.isnan(ends.high[0])
    assert np.isnan(ends.low[1])
    assert np.isnan(ends.high[1])


def test_unit_parts_make_the_total_interval_exact_poisson():
    """Fay and Feuer's gamma interval with weights of 1 is Garwood's."""
    counts = np.array([0.0, 1, 7, 60])
    total, exact = total_interval(counts, counts, np.ones(4)), poisson_interval(counts)
    np.testing.assert_allclose(total.low, exact.low)
    np.testing.assert_allclose(total.high, exact.high)


def test_dispersed_counts_are_read_as_fewer_events():
    """Forty calls from ten callers of four are as uncertain as ten, times four."""
    wide, ten = poisson_interval(40, dispersion=4), poisson_interval(10)
    assert float(wide.low) == pytest.approx(4 * float(ten.low))
    assert float(wide.high) == pytest.approx(4 * float(ten.high))


def test_unequal_parts_widen_a_total():
    """One order of 900 among nine of 100 makes revenue less certain than ten of 180."""
    even = total_interval(1800, 10 * 180**2, 180)
    uneven = total_interval(1800, 9 * 100**2 + 900**2, 900)
    assert uneven.low < even.low < even.high < uneven.high


def test_product_and_ratio_follow_the_hand_calculation():
    """Log distances ln 2 and ln 2 add as squares: a factor of exp(sqrt 2 ln 2) each way."""
    one = Bounds(np.array(5.0), np.array(20.0))
    other = Bounds(np.array(1.0), np.array(4.0))
    factor = np.exp(np.sqrt(2) * np.log(2))
    both = product(10.0, one, 2.0, other)
    assert float(both.low) == pytest.approx(20 / factor)
    assert float(both.high) == pytest.approx(20 * factor)
    quotient = ratio(10.0, one, 2.0, other)
    assert float(quotient.low) == pytest.approx(5 / factor)
    assert float(quotient.high) == pytest.approx(5 * factor)


@pytest.mark.parametrize(
    "call",
    [lambda: wilson(5, 3), lambda: poisson_interval(-1), lambda: cost_per(-1, poisson_interval(1))],
)
def test_impossible_counts_are_refused(call):
    """More successes than trials, and negative counts and costs, are errors, not figures."""
    with pytest.raises(EvidenceError):
        call()
