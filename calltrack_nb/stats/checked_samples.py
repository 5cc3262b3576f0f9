"""Shares that a machine counts, corrected by a random sample that a person checked.

The machine's own count is wrong by what it misses and by what it sees in vain, and no
interval that knows chance only covers that. A person who checks some calls knows the truth
of those; together with the machine's marks on all calls they give a share that is right on
average, with an interval that covers chance and machine together.

Notes
-----
Calls are parted into cells: the strata they were drawn from, each parted by whether the
machine marked them. Within a cell the checked calls are a simple random sample, so the
estimate is the post-stratified one (Holt and Smith 1979, Post stratification, Journal of
the Royal Statistical Society A 142, 33-46). For a mark of yes or no this is prediction-powered
inference with its tuning at the optimum (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic
2023, Prediction-powered inference, Science 382, 669-674; Angelopoulos, Duchi and Zrnic 2023,
PPI++, arXiv:2311.01453): a regression on a binary mark is the mean of each of its two cells.

Its interval from the normal distribution has no width where a cell's checked calls agree, and
covers far too seldom then. So the true calls among a cell's unchecked ones get the
beta-binomial distribution that Jeffreys' prior gives (Ericson 1969, Subjective Bayesian
models in sampling finite populations, Journal of the Royal Statistical Society B 31, 195-233;
Brown, Cai and DasGupta 2001, Interval estimation for a binomial proportion, Statistical
Science 16, 101-133, on its coverage), and the cells' distributions are convolved. Calls that
were checked are known, so the interval has no width where all were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal, stats

from calltrack_nb.errors import EvidenceError

Array = NDArray[np.float64]

_PRIOR = 0.5
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class CheckedShare:
    """A share with an interval that covers chance and the machine's errors.

    Attributes
    ----------
    estimate, low, high : float
        NaN where there are no calls.
    """

    estimate: float
    low: float
    high: float


def checked_share(
    calls: ArrayLike, checked: ArrayLike, true: ArrayLike, level: float = 0.95
) -> CheckedShare:
    """Estimate in which share of the calls something is true.

    Parameters
    ----------
    calls : array-like of int, shape (cells,)
        Calls in each cell: a stratum's that the machine marked, or did not.
    checked : array-like of int, shape (cells,)
        How many of them were drawn at random and checked.
    true : array-like of float, shape (cells,)
        In how many of the checked it is true. Reviewers who disagree make fractions.
    level : float
        Probability that the interval holds the share among these calls.

    Raises
    ------
    EvidenceError
        When more calls were checked than there are, or more are true than were checked.

    Examples
    --------
    The machine marked 40 of 400 calls. Of 12 marked ones that were checked 9 are right, and
    of 48 others it missed one.

    >>> share = checked_share([40, 360], [12, 48], [9, 1])
    >>> print(f"{share.estimate:.3f}, {share.low:.3f} to {share.high:.3f}")
    0.094, 0.065 to 0.155
    """
    cells = _cells(calls, checked, true)
    total = cells[:, 0].sum()
    if total == 0:
        return CheckedShare(np.nan, np.nan, np.nan)
    chances = _rest(cells)
    low, high = _quantiles(chances, level)
    known = cells[:, 2].sum()
    bounds = (known + low) / total, (known + high) / total
    estimate = float((cells[:, 0] * _rates(cells)).sum() / total)
    return CheckedShare(float(np.clip(estimate, *bounds)), *map(float, bounds))


def checked_recall(
    marked: tuple[ArrayLike, ArrayLike, ArrayLike],
    unmarked: tuple[ArrayLike, ArrayLike, ArrayLike],
    level: float = 0.95,
) -> CheckedShare:
    """Estimate which share of the calls in which something is true the machine marked.

    Parameters
    ----------
    marked, unmarked : tuple of array-like
        ``calls``, ``checked`` and ``true`` of the cells that the machine marked, and of those
        that it did not, as :func:`checked_share` takes them.
    level : float
        Of the interval.

    Returns
    -------
    CheckedShare
        NaN where no checked call has it.

    Notes
    -----
    Both totals are independent, so the distribution of their ratio follows from the two
    that :func:`checked_share` inverts.

    Examples
    --------
    >>> recall = checked_recall(([40], [12], [9]), ([360], [48], [1]))
    >>> print(f"{recall.estimate:.2f}, {recall.low:.2f} to {recall.high:.2f}")
    0.80, 0.47 to 0.97
    """
    found, missed = _cells(*marked), _cells(*unmarked)
    if found[:, 2].sum() + missed[:, 2].sum() == 0:
        return CheckedShare(np.nan, np.nan, np.nan)
    hits = found[:, 2].sum() + np.arange(len(p_hits := _rest(found)))
    lost = missed[:, 2].sum() + np.arange(len(p_lost := _rest(missed)))
    up_to = np.cumsum(p_lost)

    def below(share: float) -> float:
        """Probability that hits / (hits + lost) is at most `share`."""
        least = np.maximum(np.ceil(hits * (1 - share) / max(share, 1e-12) - lost[0] - 1e-9), 0)
        fewer = np.where(least > 0, up_to[np.minimum(least, len(lost)).astype(int) - 1], 0.0)
        return float((p_hits * (1 - fewer)).sum())

    tail = (1 - level) / 2
    low, high = (_where(below, target) for target in (tail, 1 - tail))
    estimates = [float((cells[:, 0] * _rates(cells)).sum()) for cells in (found, missed)]
    estimate = estimates[0] / sum(estimates) if sum(estimates) else np.nan
    return CheckedShare(float(np.clip(estimate, low, high)), low, high)


def _cells(calls: ArrayLike, checked: ArrayLike, true: ArrayLike) -> Array:
    """Return one row of calls, checked and true a cell."""
    cells = np.stack(
        np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(part, dtype=float)) for part in (calls, checked, true))
        ),
        axis=-1,
    )
    if np.any(np.diff(cells[:, ::-1], axis=1) < 0) or np.any(cells < 0):
        raise EvidenceError(
            "More calls are given as checked than there are, or more as true than were checked",
            fix="Check the counts that were passed in",
        )
    return cells


def _rates(cells: Array) -> Array:
    """Return each cell's share of true calls; a half where nobody checked one."""
    some = cells[:, 1] > 0
    return np.where(some, cells[:, 2] / np.where(some, cells[:, 1], 1), _PRIOR)


def _rest(cells: Array) -> Array:
    """Return the probabilities of 0, 1, 2 … true calls among those that nobody checked."""
    chances = np.ones(1)
    for calls, checked, true in cells:
        unknown = int(calls - checked)
        if unknown:
            cell = stats.betabinom(unknown, true + _PRIOR, checked - true + _PRIOR)
            chances = signal.convolve(chances, cell.pmf(np.arange(unknown + 1)))
    return np.asarray(np.maximum(chances, 0) / np.maximum(chances, 0).sum())


def _quantiles(chances: Array, level: float) -> tuple[int, int]:
    up_to = np.cumsum(chances)
    tail = (1 - level) / 2
    last = len(chances) - 1
    low, high = np.searchsorted(up_to, tail, side="right"), np.searchsorted(up_to, 1 - tail)
    return min(int(low), last), min(int(high), last)


def _where(below: object, target: float) -> float:
    """Find where a distribution function from 0 to 1 reaches `target`, by halving."""
    assert callable(below)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < target else (low, middle)
    return round(high, 9)
