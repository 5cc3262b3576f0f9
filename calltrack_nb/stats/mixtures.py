"""What is known of one figure when several models are: a mixture of normals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_NEGLIGIBLE = 1e-7
_HALVINGS = 40
_REACH = 8.0


@dataclass(frozen=True, slots=True)
class NormalMixture:
    """A mixture of normal distributions.

    Parameters
    ----------
    weight : numpy.ndarray of float, shape (parts,)
        Of each part; they sum to 1.
    mean, deviation : numpy.ndarray of float, shape (parts,)
        Of each part.

    Examples
    --------
    >>> import numpy as np
    >>> both = NormalMixture.of(np.log([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([0.1, 0.1]))
    >>> print(f"{both.below(0.0):.2f} {both.quantile(0.25):.2f} {both.average:.2f}")
    0.50 -1.00 0.00
    """

    weight: Array
    mean: Array
    deviation: Array

    @classmethod
    def of(cls, log_weight: Array, mean: Array, deviation: Array) -> NormalMixture:
        """Normalise the weights and leave out the parts that carry next to nothing."""
        weight = np.exp(log_weight - log_weight.max())
        kept = weight > _NEGLIGIBLE * weight.sum()
        return cls(weight[kept] / weight[kept].sum(), mean[kept], deviation[kept])

    @property
    def average(self) -> float:
        """Its mean."""
        return float(self.weight @ self.mean)

    def below(self, value: float) -> float:
        """Return the probability of less than a value."""
        return float(self.weight @ special.ndtr((value - self.mean) / self.deviation))

    def quantile(self, probability: float) -> float:
        """Return the value below which a probability lies, by halving."""
        low = float((self.mean - _REACH * self.deviation).min())
        high = float((self.mean + _REACH * self.deviation).max())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(middle) < probability else (low, middle)
        return (low + high) / 2

    @property
    def two_sided(self) -> float:
        """Twice the probability of the less likely sign."""
        under = self.below(0.0)
        return min(1.0, 2 * min(under, 1 - under))

    def drawn_to_zero(self, spread: float) -> NormalMixture:
        """Multiply a mixture of likelihoods by a normal prior around zero.

        Parameters
        ----------
        spread : float
            Standard deviation of the prior.
        """
        whole = self.deviation**2 + spread**2
        share = spread**2 / whole
        log_weight = np.log(self.weight) - (np.log(whole) + self.mean**2 / whole) / 2
        return NormalMixture.of(log_weight, self.mean * share, self.deviation * np.sqrt(share))
