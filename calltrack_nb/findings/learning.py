"""Learn several labels at once from some thousand examples, with honest probabilities.

Kernel ridge regression has a closed form, and so have its leave-one-out scores: what it
would say of each example had it not seen it. A logistic curve through those turns scores
into probabilities that are not flattered by the examples themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_WIDTH: Final = 0.4
"""Of the Gaussian kernel, for rows of about unit length."""
_RIDGE: Final = 0.07
"""How far an example is believed to be labelled by mistake."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Features of texts, one row per text.

    Kept in two blocks, since a vector of meaning held as a sparse matrix makes products
    tens of times slower.

    Attributes
    ----------
    full : numpy.ndarray (rows, features)
        Most of them not zero.
    thin : scipy.sparse matrix (rows, other features)
        Most of them zero.
    """

    full: Numbers
    thin: Any


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt: the examples, their weights, and the curve to probabilities."""

    rows: Rows
    weights: Numbers
    slope: float
    offset: float

    def probabilities(self, rows: Rows) -> Numbers:
        """Return an array (rows, labels) of probabilities."""
        return _curve(_kernel(rows, self.rows) @ self.weights, self.slope, self.offset)


def learn(rows: Rows, labels: npt.NDArray[np.bool_]) -> Learnt:
    """Learn labels from rows.

    Parameters
    ----------
    rows : Rows
        Of about unit length.
    labels : numpy.ndarray (examples, labels)
        Which labels each example has: any number, also none.

    Examples
    --------
    >>> from scipy import sparse
    >>> full = np.repeat([[0.0, 1.0], [1.0, 0.0]], 10, axis=0)
    >>> rows = Rows(full, sparse.csr_matrix((20, 1)))
    >>> learnt = learn(rows, np.repeat([[True], [False]], 10, axis=0))
    >>> learnt.probabilities(rows)[[0, 10]] > 0.5
    array([[ True],
           [False]])
    """
    from scipy import linalg  # noqa: PLC0415 - heavy

    wanted = labels.astype(np.float64)
    kernel = _kernel(rows, rows)
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    factor, lower = linalg.cho_factor(kernel, lower=True, overwrite_a=True)
    weights = linalg.cho_solve((factor, lower), wanted)
    # Only the diagonal of the inverse is needed, and half of it is enough for that.
    inverse, _ = linalg.lapack.dpotri(factor, lower=1, overwrite_c=1)
    unseen = wanted - weights / np.diag(inverse)[:, None]
    slope, offset = _fit_curve(unseen.ravel(), labels.ravel())
    return Learnt(rows, weights, slope, offset)


def _kernel(rows: Rows, others: Rows) -> Numbers:
    products = rows.full @ others.full.T + (rows.thin @ others.thin.T).toarray()
    between = _squares(rows)[:, None] + _squares(others) - 2.0 * products
    return np.asarray(np.exp(-_WIDTH * np.maximum(between, 0.0)))


def _squares(rows: Rows) -> Numbers:
    thin = np.asarray(rows.thin.multiply(rows.thin).sum(axis=1), dtype=np.float64).ravel()
    return np.asarray((rows.full**2).sum(axis=1) + thin)


def _fit_curve(scores: Numbers, true: npt.NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

    curve = LogisticRegression().fit(scores[:, None], true)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def _curve(scores: Numbers, slope: float, offset: float) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * scores + offset))))
