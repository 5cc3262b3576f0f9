"""A log-linear model of counts with errors that own up to their scatter."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from calltrack_nb.stats.dispersion import pearson_dispersion

Array = NDArray[np.float64]

_MOST_CORRELATED = 0.8


@dataclass(frozen=True, slots=True)
class CountFit:
    """A fitted model.

    Parameters
    ----------
    params : numpy.ndarray of float, shape (columns,)
        On the log scale.
    covariance : numpy.ndarray of float, shape (columns, columns)
        Of the parameters, widened for dispersion and correlation.
    dispersion : float
        Pearson's X² over `df`.
    correlation : float
        Of the residuals from one count to the next, on the safe side.
    df : int
        Of the t distribution to be used.
    """

    params: Array
    covariance: Array
    dispersion: float
    correlation: float
    df: int


def fit_counts(events: Array, design: Array, exposure: Array) -> CountFit:
    """Fit a Poisson model with a log link to counts in order of time.

    Parameters
    ----------
    events : numpy.ndarray of float, shape (n,)
        Counts.
    design : numpy.ndarray of float, shape (n, columns)
        Terms, a constant among them.
    exposure : numpy.ndarray of float, shape (n,)
        What each count came from, above 0.

    Notes
    -----
    The errors are widened by Pearson's X² over df (never below 1) and by the residuals'
    lag-one correlation r, as (1 + r) / (1 - r).

    Examples
    --------
    >>> fit = fit_counts(np.array([9.0, 11, 10, 12, 8]), np.ones((5, 1)), np.ones(5))
    >>> round(float(np.exp(fit.params[0])), 1)
    10.0
    """
    with warnings.catch_warnings():
        # Counts that the model meets exactly are no error in a model of counts.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        model = sm.GLM(events, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit()
    fitted = np.asarray(model.fittedvalues)
    df = len(events) - design.shape[1]
    dispersion = pearson_dispersion(events, fitted, fitted, df)
    correlation = _lag_one((events - fitted) / np.sqrt(fitted), design.shape[1])
    scale = max(dispersion, 1.0) * (1 + correlation) / (1 - correlation)
    covariance = scale * np.asarray(model.normalized_cov_params)
    return CountFit(np.asarray(model.params), covariance, dispersion, correlation, df)


def _lag_one(residual: Array, parameters: int) -> float:
    """Estimate the lag-one correlation on the safe side.

    It is corrected for the downward bias of fitted short series, and half its standard
    error is added: too small a correlation costs the reader more than too large a one.
    """
    n = len(residual)
    raw = float(residual[1:] @ residual[:-1] / max(float(residual @ residual), 1e-9))
    bias = (parameters + (parameters + 2) * max(raw, 0)) / n
    return float(np.clip(raw + bias + 0.5 / np.sqrt(n), 0.0, _MOST_CORRELATED))
