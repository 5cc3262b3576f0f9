"""Themes of inquiry: a clustering of calls by what their callers say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from calltrack_nb.errors import ListeningError
from calltrack_nb.themes.clustering import Labels, group, nearest
from calltrack_nb.themes.embedding import Embedder, Vectors, open_embedder, unit
from calltrack_nb.themes.labels import theme_label, theme_terms
from calltrack_nb.themes.pooling import pool
from calltrack_nb.themes.words import clean, says_something, stop_words

UNCLEAR: Final = -1


class ThemeModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Group texts by theme when the number of themes is unknown.

    Parameters
    ----------
    n_themes : int or "auto"
        How many themes; "auto" finds the number.
    embedder : {"auto", "minilm", "tfidf"} or Embedder
        How texts become vectors; not used when vectors are given.
    min_calls : int
        Fewer usable texts than this are not clustered: all of them are unclear.
    max_themes : int
        Most themes to consider.
    random_state : int
        Of every random choice.

    Attributes
    ----------
    labels_ : numpy.ndarray
        Theme of each text, shape (n,); -1 is unclear.
    nearest_ : numpy.ndarray
        The nearest theme of each text, even an unclear one; -1 only without themes.
    strengths_ : numpy.ndarray
        Cosine with the nearest theme's centre, shape (n,).
    centroids_ : numpy.ndarray
        Unit vectors, shape (n_themes_, d).
    thresholds_ : numpy.ndarray
        Cosine below which a text is unclear, per theme.
    n_themes_ : int
        0 where there were too few usable texts.
    stability_ : float
        Mean adjusted Rand index of groupings on random 80 % subsamples; NaN without
        themes.
    separation_ : numpy.ndarray
        How far each theme stands apart: the mean silhouette of its texts, shape (n_themes_,).
    curve_ : tuple of (int, float)
        Tried numbers of themes, with the silhouette of each.
    terms_ : tuple of tuple of str
        Telling words per theme; empty when vectors were given.
    n_usable_ : int
        How many texts say anything.

    See Also
    --------
    ThemeRegistry : Keeps the ids of themes from month to month.

    Examples
    --------
    >>> texts = ["I need a wedding cake with flowers", "can you deliver on Sunday"] * 20
    >>> model = ThemeModel(embedder="tfidf").fit(texts)
    >>> model.n_themes_
    2
    """

    def __init__(
        self,
        n_themes: int | str = "auto",
        *,
        embedder: str | Embedder = "auto",
        min_calls: int = 12,
        max_themes: int = 40,
        random_state: int = 0,
    ) -> None:
        self.n_themes = n_themes
        self.embedder = embedder
        self.min_calls = min_calls
        self.max_themes = max_themes
        self.random_state = random_state

    def fit(self, X: Sequence[str] | npt.ArrayLike, y: object = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's names
        """Find the themes.

        Parameters
        ----------
        X : sequence of str, or array of shape (n, d)
            Texts, or vectors of texts that were embedded before.
        y : object
            Ignored.

        Returns
        -------
        ThemeModel

        Raises
        ------
        ListeningError
            When a parameter is not allowed.
        """
        self._check_params()
        texts, vectors = self._vectors(X, fit=True)
        usable = np.linalg.norm(vectors, axis=1) > 0
        self.n_usable_ = int(usable.sum())
        size = len(vectors)
        self.labels_: Labels = np.full(size, UNCLEAR, np.intp)
        self.nearest_: Labels = np.full(size, UNCLEAR, np.intp)
        self.strengths_ = np.zeros(size)
        self.centroids_ = np.zeros((0, vectors.shape[1]), np.float32)
        self.thresholds_ = np.zeros(0)
        self.separation_ = np.zeros(0)
        self.n_themes_, self.stability_ = 0, float("nan")
        self.curve_: tuple[tuple[int, float], ...] = ()
        self.terms_: tuple[tuple[str, ...], ...] = ()
        if self.n_usable_ < max(self.min_calls, 2):
            return self
        grouping = group(
            vectors[usable],
            n_groups=None if self.n_themes == "auto" else int(self.n_themes),
            most=self.max_themes,
            seed=self.random_state,
        )
        self.centroids_ = grouping.centroids
        self.n_themes_ = len(grouping.centroids)
        self.stability_, self.curve_ = grouping.stability, grouping.curve
        self.separation_ = grouping.separation
        self.nearest_[usable] = grouping.labels
        self.strengths_[usable] = np.einsum(
            "ij,ij->i", vectors[usable], grouping.centroids[grouping.labels]
        )
        self.thresholds_ = thresholds(self.strengths_, self.nearest_, self.n_themes_)
        self.labels_[usable] = _unclear(grouping.labels, self.strengths_[usable], self.thresholds_)
        if texts is not None:
            self.terms_ = theme_terms(texts, self.labels_, self.n_themes_)
        return self

    def predict(self, X: Sequence[str] | npt.ArrayLike) -> Labels:  # noqa: N803 - scikit-learn's name
        """Return the theme of each text or vector, -1 where it is unclear."""
        labels, strengths = self.assign(X)
        return _unclear(labels, strengths, self.thresholds_)

    def assign(self, X: Sequence[str] | npt.ArrayLike) -> tuple[Labels, npt.NDArray[np.float64]]:  # noqa: N803 - scikit-learn's name
        """Return the nearest theme of each text or vector, and its cosine.

        Returns
        -------
        labels : numpy.ndarray
            Shape (n,); -1 for a text that says nothing, or where there are no themes.
        strengths : numpy.ndarray
            Shape (n,).
        """
        check_is_fitted(self)
        _, vectors = self._vectors(X, fit=False)
        labels: Labels = np.full(len(vectors), UNCLEAR, np.intp)
        strengths = np.zeros(len(vectors))
        usable = np.linalg.norm(vectors, axis=1) > 0
        if self.n_themes_ and usable.any():
            labels[usable] = nearest(vectors[usable], self.centroids_)
            strengths[usable] = np.einsum(
                "ij,ij->i", vectors[usable], self.centroids_[labels[usable]]
            )
        return labels, strengths

    @property
    def theme_labels_(self) -> tuple[str, ...]:
        """A heading for each theme."""
        return tuple(theme_label(terms) for terms in self.terms_)

    def vectors_of(self, X: Sequence[str] | npt.ArrayLike) -> Vectors:  # noqa: N803 - scikit-learn's name
        """Return the unit vectors themes are assigned by, zeros for texts that say nothing."""
        check_is_fitted(self)
        return self._vectors(X, fit=False)[1]

    def _check_params(self) -> None:
        if self.n_themes != "auto" and not (
            isinstance(self.n_themes, (int, np.integer)) and self.n_themes >= 2
        ):
            raise ListeningError(
                "n_themes must be 'auto' or a whole number of at least 2", where=repr(self.n_themes)
            )
        if self.min_calls < 2 or self.max_themes < 2:
            raise ListeningError("min_calls and max_themes must be at least 2")

    def _vectors(self, X: Any, *, fit: bool) -> tuple[list[str] | None, Vectors]:  # noqa: N803 - scikit-learn's name
        if _are_texts(X):
            texts = [clean(text) if isinstance(text, str) else "" for text in X]
            if fit:
                self.embedder_ = (
                    open_embedder(self.embedder)
                    if isinstance(self.embedder, str)
                    else self.embedder
                )
            return texts, embed_texts(texts, self.embedder_, fit=fit)
        array = validate_data(self, X, reset=fit, dtype=[np.float64, np.float32])
        return None, unit(np.asarray(array, np.float32))


def embed_texts(texts: Sequence[str], embedder: Embedder, *, fit: bool) -> Vectors:
    """Return one unit vector per text; zeros for a text that says nothing.

    Parameters
    ----------
    texts : sequence of str
        Redacted, cleaned texts of calls.
    embedder : Embedder
        What makes vectors of segments.
    fit : bool
        Whether an embedder that learns from the collection learns from this one.
    """
    ignored = stop_words()
    told = [text if says_something(text, ignored) else "" for text in texts]
    if fit and embedder.fitted_to_texts:
        embedder.fit([text for text in told if text] or list(texts))
    return pool(told, embedder)


def _are_texts(values: Any) -> bool:
    if isinstance(values, np.ndarray):
        return values.ndim == 1 and values.dtype.kind in "OUT"
    if hasattr(values, "dtype") and hasattr(values, "to_numpy") and getattr(values, "ndim", 0) == 1:
        return True
    return (
        isinstance(values, Sequence)
        and not isinstance(values, str)
        and any(isinstance(value, str) for value in values)
    )


def thresholds(
    strengths: npt.NDArray[np.float64], labels: Labels, n_themes: int
) -> npt.NDArray[np.float64]:
    """Return the cosine below which a call is not of a theme, shape (n_themes,).

    It lies three robust deviations below the median cosine of the theme's own calls.

    Parameters
    ----------
    strengths : numpy.ndarray
        Cosine of each call with its theme's centre, shape (n,).
    labels : numpy.ndarray
        Theme of each call, shape (n,).
    n_themes : int
        Number of themes.

    Examples
    --------
    >>> thresholds(np.array([0.8, 0.8, 0.8]), np.zeros(3, int), 1).round(2).tolist()
    [0.74]
    """
    found = np.zeros(n_themes)
    for theme in range(n_themes):
        own = strengths[labels == theme]
        middle = np.median(own) if len(own) else 0.0
        spread = 1.4826 * np.median(np.abs(own - middle)) if len(own) else 0.0
        found[theme] = max(0.0, middle - 3 * max(spread, 0.02))
    return found


def _unclear(
    labels: Labels, strengths: npt.NDArray[np.float64], thresholds: npt.NDArray[np.float64]
) -> Labels:
    result = labels.copy()
    known = labels >= 0
    result[known] = np.where(strengths[known] >= thresholds[labels[known]], labels[known], UNCLEAR)
    return result
