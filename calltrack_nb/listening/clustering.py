"""Grouping unit vectors when nobody says how many groups there are.

A number of groups is good when its groups are apart and come out again: candidates are
clustered again and again on random 80 % of the calls, each result is extended to all
calls, and the agreement of the results (their stability) is multiplied with how well
the groups are separated (their silhouette). Stability alone prefers two large groups
to eight clear ones, and separation alone prefers many small ones that do not repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.listening.embedding import Vectors, unit

Labels = npt.NDArray[np.intp]

_SHARE: Final = 0.8
_LARGEST_FIT: Final = 6000
_LARGEST_SILHOUETTE: Final = 1500


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups, and how far they can be trusted.

    Attributes
    ----------
    labels : numpy.ndarray
        Group of each vector, shape (n,), 0 to k-1, largest group first.
    centroids : numpy.ndarray
        Unit vectors, shape (k, d).
    stability : float
        Mean adjusted Rand index between groupings of random 80 % subsamples.
    curve : tuple of (int, float)
        Candidate numbers of groups with the stability of each.
    """

    labels: Labels
    centroids: Vectors
    stability: float
    curve: tuple[tuple[int, float], ...]


def group(
    vectors: Vectors,
    *,
    n_groups: int | None = None,
    most: int = 40,
    seed: int = 0,
) -> Grouping:
    """Group vectors by direction.

    Parameters
    ----------
    vectors : numpy.ndarray
        Unit rows, shape (n, d).
    n_groups : int, optional
        How many groups; by default chosen by stability.
    most : int
        Largest number of groups to consider.
    seed : int
        Of every random choice.

    Returns
    -------
    Grouping
    """
    rng = np.random.default_rng(seed)
    sample = vectors
    if len(vectors) > _LARGEST_FIT:
        sample = vectors[np.sort(rng.choice(len(vectors), _LARGEST_FIT, replace=False))]
    if n_groups is None:
        trials = _try_out(_main_directions(sample), _candidates(len(sample), most), rng)
        n_groups = max(trials, key=lambda trial: trial.quality).n_groups
    else:
        trials = _try_out(_main_directions(sample), [n_groups], rng)
    curve = tuple((trial.n_groups, trial.stability) for trial in trials)
    centroids = _centroids(sample, n_groups, int(rng.integers(2**31)), starts=8)
    labels = nearest(vectors, centroids)
    order = np.argsort(-np.bincount(labels, minlength=len(centroids)), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Grouping(place[labels], centroids[order], dict(curve).get(n_groups, np.nan), curve)


def nearest(vectors: Vectors, centroids: Vectors) -> Labels:
    """Return the index of the centroid with the largest cosine, per vector."""
    return np.argmax(vectors @ centroids.T, axis=1)


def _candidates(n: int, most: int) -> list[int]:
    top = max(2, min(most, n // 5))
    ladder = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 40, 48, 57, 68, 80]
    return [k for k in ladder if k <= top] or [2]


def _centroids(vectors: Vectors, k: int, seed: int, *, starts: int) -> Vectors:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - heavy

    # Equal texts have equal vectors, and there are no more groups than different ones.
    distinct = len(np.unique(vectors.round(6), axis=0))
    model = KMeans(min(k, distinct), n_init=starts, random_state=seed)
    model.fit(vectors)
    return unit(np.asarray(model.cluster_centers_, np.float32))


@dataclass(frozen=True, slots=True)
class _Trial:
    n_groups: int
    stability: float
    separation: float

    @property
    def quality(self) -> float:
        return max(self.stability, 0.0) * max(self.separation, 0.0)


def _main_directions(vectors: Vectors, dimensions: int = 50) -> Vectors:
    """Reduce vectors for trials: fewer numbers, and less of what only one call has."""
    from sklearn.decomposition import PCA  # noqa: PLC0415 - heavy

    size = min(dimensions, vectors.shape[1], len(vectors) - 1)
    if size < 1 or size == vectors.shape[1]:
        return vectors
    # One sign rule and a full solver: the same vectors give the same directions.
    return unit(PCA(size, svd_solver="covariance_eigh").fit_transform(vectors))


def _try_out(
    vectors: Vectors, candidates: list[int], rng: np.random.Generator, repeats: int = 5
) -> tuple[_Trial, ...]:
    from sklearn.metrics import adjusted_rand_score, silhouette_score  # noqa: PLC0415 - heavy

    size = max(2, int(_SHARE * len(vectors)))
    samples = [rng.choice(len(vectors), size, replace=False) for _ in range(repeats)]
    seeds = rng.integers(2**31, size=repeats)
    shown = np.sort(rng.choice(len(vectors), min(len(vectors), _LARGEST_SILHOUETTE), replace=False))
    trials = []
    for k in candidates:
        results = [
            nearest(vectors, _centroids(vectors[rows], k, int(seed), starts=1))
            for rows, seed in zip(samples, seeds, strict=True)
        ]
        agreement = [
            adjusted_rand_score(results[i], results[j]) for i in range(repeats) for j in range(i)
        ]
        apart = [
            silhouette_score(vectors[shown], labels[shown], metric="cosine")
            for labels in results[:2]
            if 1 < len(np.unique(labels[shown])) < len(shown)
        ]
        trials.append(_Trial(k, float(np.mean(agreement)), float(np.mean(apart or [0.0]))))
    return tuple(trials)
