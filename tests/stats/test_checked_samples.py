"""Shares corrected by a checked sample keep their promise."""

from __future__ import annotations

import numpy as np
import pytest

from calltrack_nb.errors import EvidenceError
from calltrack_nb.stats import checked_recall, checked_share, wilson


def simulated(rng: np.random.Generator, calls: int, checked: int, base: float) -> tuple[list, ...]:
    """Return calls, checked and true of the marked and the unmarked cell, and the true share."""
    true = rng.random(calls) < base
    marked = np.where(true, rng.random(calls) < 0.5, rng.random(calls) < 0.02)
    seen = np.zeros(calls, bool)
    seen[rng.permutation(calls)[:checked]] = True
    sides = (marked, ~marked)
    cells = [(side.sum(), (side & seen).sum(), (side & seen & true).sum()) for side in sides]
    return (*(list(part) for part in zip(*cells, strict=True)), true.mean())


@pytest.mark.parametrize(("calls", "checked"), [(200, 30), (1000, 100)])
def test_the_range_covers_chance_and_the_machine(calls: int, checked: int) -> None:
    """It holds the true share in 93 % of the cases, where the machine's own range does not."""
    rng = np.random.default_rng(5)
    held, naive, lengths, alone = [], [], [], []
    for _ in range(200):
        of, seen, hits, truth = simulated(rng, calls, checked, rng.choice([0.02, 0.1, 0.4]))
        share = checked_share(of, seen, hits)
        held.append(share.low <= truth <= share.high)
        low, high = wilson(of[0], calls)
        naive.append(low <= truth <= high)
        lengths.append(share.high - share.low)
        without = checked_share([calls], [checked], [sum(hits)])
        alone.append(without.high - without.low)
    assert np.mean(held) >= 0.93
    assert np.mean(naive) < 0.8
    assert np.mean(lengths) < np.mean(alone)


def test_no_error_seen_is_no_proof_that_there_is_none() -> None:
    """Where the checked calls bear the machine out, the range keeps its width."""
    share = checked_share([50, 450], [6, 54], [6, 0])
    assert share.estimate == pytest.approx(0.1)
    assert share.high - share.low > 0.03
    recall = checked_recall(([50], [6], [6]), ([450], [54], [0]))
    assert recall.estimate == 1.0
    assert recall.low < 0.85


def test_all_checked_leaves_nothing_open() -> None:
    """A share of calls that were all checked is known."""
    share = checked_share([10, 30], [10, 30], [8, 3])
    assert (share.low, share.estimate, share.high) == (0.275, 0.275, 0.275)
    recall = checked_recall(([10], [10], [8]), ([30], [30], [2]))
    assert recall.low == pytest.approx(0.8, abs=1e-6)
    assert recall.high == pytest.approx(0.8, abs=1e-6)


def test_a_stratum_nobody_checked_widens_the_range() -> None:
    """Nothing is taken for granted of a cell without a checked call."""
    known = checked_share([100, 100], [30, 30], [3, 3])
    open_half = checked_share([100, 100], [60, 0], [6, 0])
    assert open_half.high - open_half.low > 3 * (known.high - known.low)


def test_halves_count_as_halves() -> None:
    """Where two reviewers differ, a call counts half."""
    lower, middle, upper = (checked_share([200], [40], [true]) for true in (10, 10.5, 11))
    assert lower.estimate < middle.estimate < upper.estimate


def test_impossible_counts_are_refused() -> None:
    """More checked than there are, or more true than checked, is an error."""
    with pytest.raises(EvidenceError, match="More calls are given as checked"):
        checked_share([10], [11], [1])
    with pytest.raises(EvidenceError, match="More calls are given as checked"):
        checked_share([10], [5], [6])


def test_no_calls_have_no_share() -> None:
    """Nothing is said of no calls, and of the recall of what no checked call has."""
    assert np.isnan(checked_share([0], [0], [0]).estimate)
    assert np.isnan(checked_recall(([5], [2], [0]), ([5], [2], [0])).low)
