"""Learn several labels at once from a few hundred examples, with honest probabilities.

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

_WIDTH: Final = 0.5
"""Of the Gaussian kernel, for rows of about unit length."""
_RIDGE: Final = 0.15
"""How far an example is believed to be labelled by mistake."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt: the examples, their weights, and the curve to probabilities."""

    rows: Any
    weights: Numbers
    slope: float
    offset: float

    def probabilities(self, rows: Any) -> Numbers:
        """Return an array (rows, labels) of probabilities."""
        return _curve(_kernel(rows, self.rows) @ self.weights, self.slope, self.offset)


def learn(rows: Any, labels: npt.NDArray[np.bool_]) -> Learnt:
    """Learn labels from rows.

    Parameters
    ----------
    rows : scipy.sparse matrix (examples, features)
        Of about unit length.
    labels : numpy.ndarray (examples, labels)
        Which labels each example has: any number, also none.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = sparse.csr_matrix(np.repeat([[0.0, 1.0], [1.0, 0.0]], 10, axis=0))
    >>> learnt = learn(rows, np.repeat([[True], [False]], 10, axis=0))
    >>> (learnt.probabilities(rows[[0, 10]]) > 0.5).tolist()
    [[True], [False]]
    """
    from scipy import linalg  # noqa: PLC0415 - heavy

    wanted = labels.astype(np.float64)
    kernel = _kernel(rows, rows)
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    inverse = linalg.cho_solve(linalg.cho_factor(kernel), np.eye(len(kernel)))
    weights = inverse @ wanted
    unseen = wanted - weights / np.diag(inverse)[:, None]
    slope, offset = _fit_curve(unseen.ravel(), labels.ravel())
    return Learnt(rows, weights, slope, offset)


def _kernel(rows: Any, others: Any) -> Numbers:
    between = _squares(rows)[:, None] + _squares(others) - 2.0 * (rows @ others.T).toarray()
    return np.asarray(np.exp(-_WIDTH * np.maximum(between, 0.0)))


def _squares(rows: Any) -> Numbers:
    return np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel()


def _fit_curve(scores: Numbers, true: npt.NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

    curve = LogisticRegression().fit(scores[:, None], true)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def _curve(scores: Numbers, slope: float, offset: float) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * scores + offset))))
