"""From what was found in a call to what it came to, with a probability.

Multinomial logistic regression (scikit-learn's, fitted on labelled calls by ``tools/labelled``)
over the features of :mod:`~calltrack_nb.findings.outcomes.exchange`. Its weights ship with the
package, so that reading a call needs no training and no embeddings. Its scores are divided
by one number, chosen on calls of trades that were left out of the fit (temperature scaling;
Guo et al. 2017, On Calibration of Modern Neural Networks), so that of calls at "80 %"
about eighty in a hundred are right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

KNOWN: Final = "known"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeModel:
    """Weights of features for each outcome.

    Attributes
    ----------
    kinds : tuple of str
        The outcomes that it tells apart.
    names : tuple of str
        Features, in the order of the weights' rows.
    weights : numpy.ndarray (features, kinds)
    intercept : numpy.ndarray (kinds,)
    temperature : float
        What scores are divided by.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    weights: npt.NDArray[np.float64]
    intercept: npt.NDArray[np.float64]
    temperature: float

    def probabilities(self, told: Mapping[str, float]) -> dict[str, float]:
        """Return how probable each outcome is; together they are 1.

        Parameters
        ----------
        told : mapping of str to float
            As :func:`~calltrack_nb.findings.outcomes.exchange.features` gives it.

        Examples
        --------
        >>> model = read_model(KNOWN)
        >>> round(sum(model.probabilities({}).values()), 6)
        1.0
        """
        row = np.array([told.get(name, 0.0) for name in self.names])
        scores = (row @ self.weights + self.intercept) / self.temperature
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        return {kind: float(share) for kind, share in zip(self.kinds, shares, strict=True)}


@cache
def read_model(speakers: str) -> OutcomeModel:
    """Read the shipped weights.

    Parameters
    ----------
    speakers : {"known", "unknown"}
        Whether it is told who says what.
    """
    path = resources.files("calltrack_nb.findings.outcomes").joinpath("weights.json")
    body: Mapping[str, Any] = json.loads(path.read_text("utf-8"))[speakers]
    weights = np.array(list(body["weights"].values()), dtype=np.float64)
    return OutcomeModel(
        kinds=tuple(body["kinds"]),
        names=tuple(body["weights"]),
        weights=weights,
        intercept=np.array(body["intercept"], dtype=np.float64),
        temperature=float(body["temperature"]),
    )
