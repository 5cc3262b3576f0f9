"""Grouping unit vectors when nobody says how many groups there are.

Candidates for the number of groups are judged by how well the grouping repeats: the
vectors are clustered again and again on random 80 % of the calls, each result is
extended to all calls, and the number whose results agree best is taken. Grouping
that does not repeat is not something to tell a shop owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.listening.embedding import Vectors, unit

Labels = npt.NDArray[np.intp]

_SHARE: Final = 0.8
_LARGEST_FIT: Final = 6000


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
        curve = _stability_curve(sample, _candidates(len(sample), most), rng)
        n_groups = _choose(curve)
    else:
        curve = _stability_curve(sample, [n_groups], rng)
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


def _stability_curve(
    vectors: Vectors, candidates: list[int], rng: np.random.Generator, repeats: int = 6
) -> tuple[tuple[int, float], ...]:
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 - heavy

    size = max(2, int(_SHARE * len(vectors)))
    samples = [rng.choice(len(vectors), size, replace=False) for _ in range(repeats)]
    seeds = rng.integers(2**31, size=repeats)
    curve = []
    for k in candidates:
        results = [
            nearest(vectors, _centroids(vectors[rows], k, int(seed), starts=2))
            for rows, seed in zip(samples, seeds, strict=True)
        ]
        agreement = [
            adjusted_rand_score(results[i], results[j])
            for i in range(repeats)
            for j in range(i)
        ]
        curve.append((k, float(np.mean(agreement))))
    return tuple(curve)


def _choose(curve: tuple[tuple[int, float], ...]) -> int:
    best = max(stability for _, stability in curve)
    return max(k for k, stability in curve if stability >= best - 0.05)


def describe_curve(curve: tuple[tuple[int, float], ...]) -> dict[int, Any]:
    """Return the curve as a mapping, rounded, for reports."""
    return {k: round(stability, 3) for k, stability in curve}
