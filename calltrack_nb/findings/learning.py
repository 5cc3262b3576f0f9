"""Learn several labels at once from some thousand examples, with honest probabilities.

scikit-learn's kernel ridge regression scores. Its leave-one-out scores, what it would give
each example had it not seen it, have a closed form. A logistic curve through those turns
scores into probabilities that are not flattered by the examples themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

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
    """What was learnt: the examples, their weights, and the curve to probabilities.

    Attributes
    ----------
    rows : Rows
        The examples.
    weights : numpy.ndarray (examples, labels)
        How far a row that is like an example is of each label (dual coefficients).
    unseen : numpy.ndarray (examples, labels)
        The score of each example by all the others.
    curve : numpy.ndarray (2,)
        Slope and intercept of the logistic curve.
    """

    rows: Rows
    weights: Numbers
    unseen: Numbers
    curve: Numbers

    def probabilities(self, rows: Rows) -> Numbers:
        """Return an array (rows, labels) of probabilities."""
        return self._likely(_kernel(rows, self.rows) @ self.weights)

    def unseen_probabilities(self) -> Numbers:
        """Return an array (examples, labels): each example's probabilities by all the others."""
        return self._likely(self.unseen)

    def _likely(self, scores: Numbers) -> Numbers:
        slope, intercept = self.curve
        likely: Numbers = expit(slope * scores + intercept)
        return likely


def learn(rows: Rows, labels: npt.NDArray[np.bool_], *, few: bool = False) -> Learnt:
    """Learn labels from rows.

    Parameters
    ----------
    rows : Rows
        Of about unit length.
    labels : numpy.ndarray (examples, labels)
        Which labels each example has: any number, also none.
    few : bool
        Whether there are tens of examples, not thousands. The curve then goes by Platt's
        targets, which are the further from 0 and 1 the fewer examples there are (Platt 1999,
        Probabilistic outputs for support vector machines).

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
    from sklearn.kernel_ridge import KernelRidge  # noqa: PLC0415 - heavy
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

    wanted = labels.astype(np.float64)
    kernel = _kernel(rows, rows)
    regression = KernelRidge(alpha=_RIDGE, kernel="precomputed").fit(kernel, wanted)
    # scikit-learn has leave-one-out scores of a linear ridge regression only
    inverse = np.linalg.inv(kernel + _RIDGE * np.eye(len(kernel)))
    unseen = wanted - regression.dual_coef_ / np.diag(inverse)[:, None]
    if few:
        curve = _platt(unseen.ravel(), labels.ravel())
    else:
        curve = LogisticRegression().fit(unseen.reshape(-1, 1), labels.ravel())
    ends = np.array([curve.coef_[0, 0], curve.intercept_[0]])
    return Learnt(rows, regression.dual_coef_, unseen, ends)


def _platt(scores: Numbers, labels: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

    true = labels.sum()
    targets = np.where(labels, (true + 1) / (true + 2), 1 / (len(labels) - true + 2))
    # each example counts for both answers, as far as its target says
    both = np.concatenate([scores, scores]).reshape(-1, 1)
    answers = np.repeat([True, False], len(scores))
    weights = np.concatenate([targets, 1 - targets])
    return LogisticRegression(C=np.inf).fit(both, answers, sample_weight=weights)


def _kernel(rows: Rows, others: Rows) -> Numbers:
    """Return the Gaussian kernel over both blocks: the product of each block's own."""
    from sklearn.metrics.pairwise import rbf_kernel  # noqa: PLC0415 - heavy

    blocks = (rows.full, others.full), (rows.thin, others.thin)
    full, thin = (rbf_kernel(one, other, gamma=_WIDTH) for one, other in blocks)
    return np.asarray(full * thin)
