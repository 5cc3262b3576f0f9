"""Families of comparisons, corrected and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests

Method = Literal["fdr_bh", "holm"]

_NAMES = {
    "fdr_bh": "Benjamini-Hochberg, false discovery rate",
    "holm": "Holm, family-wise error",
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """P-values of a family after correction.

    Parameters
    ----------
    adjusted : numpy.ndarray of float
        One adjusted p-value per test, in the order given; NaN where none was made.
    method : str
        The correction, by its name in words.
    tests : int
        How many tests the family holds.
    """

    adjusted: NDArray[np.float64]
    method: str
    tests: int


def corrected(pvalues: ArrayLike, method: Method = "fdr_bh") -> Corrected:
    """Correct a family of p-values.

    Parameters
    ----------
    pvalues : array-like of float
        Raw p-values; NaN marks a comparison that could not be made and is not
        counted in the family.
    method : {"fdr_bh", "holm"}
        Always named, since ``multipletests`` silently means Holm-Sidak.

    Examples
    --------
    >>> corrected([0.01, 0.04, float("nan")]).adjusted.round(3).tolist()
    [0.02, 0.04, nan]
    """
    raw = np.asarray(pvalues, dtype=float)
    adjusted = np.full(raw.shape, np.nan)
    known = np.isfinite(raw)
    if known.any():
        adjusted[known] = multipletests(raw[known], method=method)[1]
    return Corrected(adjusted, _NAMES[method], int(known.sum()))
