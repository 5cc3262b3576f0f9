"""How surprising a count, a share or a silence is."""

from __future__ import annotations

import numpy as np
from scipy import stats


def reaching(needed: float, mean: float, variance: float) -> float:
    """Probability that a count comes to what is needed, or more.

    Parameters
    ----------
    needed : float
        Fractions are taken up to the next whole count.
    mean, variance : float
        Of the count. A variance above the mean makes it negative binomial, any other
        Poisson.

    Examples
    --------
    >>> print(f"{reaching(3, 1.0, 1.0):.3f} {reaching(3, 1.0, 2.0):.3f}")
    0.080 0.125
    """
    if needed <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    least = np.ceil(needed) - 1
    if variance <= mean * (1 + 1e-9):
        return float(stats.poisson.sf(least, mean))
    return float(stats.nbinom.sf(least, mean**2 / (variance - mean), mean / variance))


def share_above(k: int, n: int, rate: float) -> float:
    """One-sided p-value of `k` of `n` under a rate of at most `rate` (exact binomial).

    Examples
    --------
    >>> print(f"{share_above(9, 10, 0.5):.4f}")
    0.0107
    """
    return float(stats.binom.sf(k - 1, n, rate))


def silence_weight(dispersion: float) -> float:
    """Return what one expected call weighs against a silence; 1 where calls come by chance.

    A negative binomial count of mean m and variance `dispersion` x m is 0 with the
    probability exp(-weight x m).

    Examples
    --------
    >>> print(f"{silence_weight(1.0):.2f} {silence_weight(3.0):.2f}")
    1.00 0.55
    """
    return float(np.log(dispersion) / (dispersion - 1)) if dispersion > 1 else 1.0
