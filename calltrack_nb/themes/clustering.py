"""Grouping unit vectors when nobody says how many groups there are.

Each call is drawn towards the calls most like it, since single calls' ways of putting it lie
between all groups; how many those are grows with the root of their number. Ward's
agglomerative clustering (scikit-learn) then makes one tree of all calls. It is cut where the
groups are about as well separated, by silhouette, as at any cut up to the most that are
allowed; of cuts about as good the coarsest one is taken. No more are looked for than the root
of half the number of calls, the rule of Mardia, Kent and Bibby (1979, Multivariate Analysis,
section 13.1): people who want the same thing put it in a few usual ways, and beyond it the cuts
part these. At last every call goes to the
nearest centre, as later ones will. How far the result can be trusted is its stability: the
agreement with groups found from random 80 % of the calls. How far each group is one thing
at all is its separation: Rousseeuw's silhouette (1987, Journal of Computational and Applied
Mathematics 20) of its calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.themes.embedding import Vectors, unit

Labels = npt.NDArray[np.intp]

_AS_GOOD: Final = 0.97
_FEWEST_NEIGHBOURS: Final = 5
_DIMENSIONS: Final = 50
_SMALLEST: Final = 3
_SMALLEST_SHARE: Final = 0.004
_SHARE: Final = 0.8
_REFITS: Final = 4
_LARGEST_FIT: Final = 4000
_FEWEST_DISTINCT: Final = 30
_LARGEST_SILHOUETTE: Final = 1500
_ALWAYS_TRIED: Final = 8
"""Groups that are looked for among few calls, too: as many as are read at a glance."""


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
        Mean adjusted Rand index between these groups and those found from random 80 %
        subsamples; NaN where that was not asked for.
    separation : numpy.ndarray
        Mean silhouette of each group's calls, -1 to 1, shape (k,): how much nearer they are to
        each other than to the next group. NaN for a single group.
    curve : tuple of (int, float)
        Tried numbers of groups, with the silhouette of each.
    """

    labels: Labels
    centroids: Vectors
    stability: float
    separation: npt.NDArray[np.float64]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Ward's tree over calls that were drawn towards their neighbours.

    Attributes
    ----------
    drawn : numpy.ndarray
        The drawn unit vectors, shape (n, m).
    children : numpy.ndarray
        What each merge joins, nearest first, shape (n - 1, 2), as scikit-learn's
        ``AgglomerativeClustering.children_``.
    """

    drawn: Vectors
    children: npt.NDArray[np.intp]

    def cut(self, k: int) -> Labels:
        """Return the group of each vector when the tree is cut into `k` groups.

        Examples
        --------
        >>> tree = Tree(np.zeros((3, 1), np.float32), np.array([[0, 1], [2, 3]]))
        >>> len(set(tree.cut(2)))
        2
        """
        size = len(self.children) + 1
        tops = {2 * size - 2}
        while len(tops) < min(k, size):
            last = max(tops)
            tops.remove(last)
            tops.update(int(child) for child in self.children[last - size])
        group_of = np.full(2 * size - 1, -1)
        group_of[sorted(tops)] = np.arange(len(tops))
        for node in range(2 * size - 2, size - 1, -1):
            if group_of[node] >= 0:
                group_of[self.children[node - size]] = group_of[node]
        labels: Labels = group_of[:size]
        return labels


def group(
    vectors: Vectors,
    *,
    n_groups: int | None = None,
    most: int = 40,
    seed: int = 0,
    judge: bool = True,
) -> Grouping:
    """Group vectors by direction.

    Parameters
    ----------
    vectors : numpy.ndarray
        Unit rows, shape (n, d), n at least 2.
    n_groups : int, optional
        How many groups; by default found.
    most : int
        Largest number of groups to find.
    seed : int
        Of every random choice.
    judge : bool
        Whether to measure the stability, which takes some more groupings.

    Returns
    -------
    Grouping
    """
    rng = np.random.default_rng(seed)
    rows = rows_to_learn_from(vectors, rng)
    sample = vectors[rows]
    tree = grow(sample)
    if n_groups is None:
        found, curve = best_cut(tree, most, seed)
    else:
        distinct = len(np.unique(sample.round(6), axis=0))
        found, curve = tree.cut(min(n_groups, distinct)), ()
    found = _to_nearest(sample, found)
    stability = _stability(sample, found, rng) if judge else float("nan")
    return grouping(vectors, rows, found, tree, stability, curve)


def grouping(
    vectors: Vectors,
    rows: Labels,
    found: Labels,
    tree: Tree,
    stability: float,
    curve: tuple[tuple[int, float], ...],
) -> Grouping:
    """Sort the groups of the learnt rows by size, and give the other calls their nearest."""
    centroids = centres(vectors[rows], found)
    labels = nearest(vectors, centroids)
    labels[rows] = found
    order = np.argsort(-np.bincount(labels, minlength=len(centroids)), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    separation = _separation(tree.drawn, found)
    return Grouping(place[labels], centroids[order], stability, separation[order], curve)


def _separation(drawn: Vectors, labels: Labels) -> npt.NDArray[np.float64]:
    """Return the mean silhouette of each group, from as many calls as can be compared at once."""
    from sklearn.metrics import silhouette_samples  # noqa: PLC0415 - heavy

    number = int(labels.max()) + 1
    size = min(len(labels), _LARGEST_SILHOUETTE)
    shown = np.sort(np.random.default_rng(0).choice(len(labels), size, replace=False))
    told = labels[shown]
    if not 1 < len(np.unique(told)) < size:
        return np.full(number, np.nan)
    apart = silhouette_samples(drawn[shown], told, metric="cosine")
    counts = np.bincount(told, minlength=number)
    sums = np.bincount(told, weights=apart, minlength=number)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def rows_to_learn_from(
    vectors: Vectors, rng: np.random.Generator, always: tuple[int, ...] = ()
) -> Labels:
    """Return the rows to learn from, a few thousand at most: of equal calls the first.

    A recorded message that rings a hundred times would be its own hundred nearest
    neighbours, and a cut around it the best parted of all. Where hardly anything else is
    said, all rows count; rows in `always` count too.
    """
    rows: Labels = np.unique(vectors.round(6), axis=0, return_index=True)[1]
    if len(rows) < _FEWEST_DISTINCT:
        rows = np.arange(len(vectors))
    if len(rows) > _LARGEST_FIT:
        rows = rng.choice(rows, _LARGEST_FIT, replace=False)
    return np.union1d(rows, np.asarray(always, np.intp))


def nearest(vectors: Vectors, centroids: Vectors) -> Labels:
    """Return the index of the centroid with the largest cosine, per vector."""
    best: Labels = np.argmax(vectors @ centroids.T, axis=1)
    return best


def centres(vectors: Vectors, labels: Labels) -> Vectors:
    """Return the unit mean of each group, shape (k, d); negative labels are left out."""
    totals = np.zeros((int(labels.max()) + 1, vectors.shape[1]), np.float32)
    known = labels >= 0
    np.add.at(totals, labels[known], vectors[known])
    return unit(totals)


def grow(vectors: Vectors) -> Tree:
    """Draw vectors towards their neighbours and make Ward's tree of them."""
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - heavy

    drawn = _drawn_together(_main_directions(vectors))
    model = AgglomerativeClustering(n_clusters=None, distance_threshold=0.0)
    return Tree(drawn, np.asarray(model.fit(drawn).children_, np.intp))


def best_cut(tree: Tree, most: int, seed: int) -> tuple[Labels, tuple[tuple[int, float], ...]]:
    """Cut a tree where its groups are about as well separated as at any number of groups.

    Parameters
    ----------
    tree : Tree
    most : int
        The largest number of groups that is asked for; how many calls there are limits it, too.
    seed : int
        Of the choice of calls that are compared.

    Returns
    -------
    labels : numpy.ndarray
        Shape (n,).
    curve : tuple of (int, float)
        Tried numbers of groups, with the silhouette of each.
    """
    from sklearn.metrics import pairwise_distances, silhouette_score  # noqa: PLC0415 - heavy

    size = len(tree.drawn)
    rng = np.random.default_rng(seed)
    shown = np.sort(rng.choice(size, min(size, _LARGEST_SILHOUETTE), replace=False))
    apart = pairwise_distances(tree.drawn[shown], metric="cosine")
    np.fill_diagonal(apart, 0.0)
    curve: list[tuple[int, float]] = []
    cuts: list[Labels] = []
    worth_trying = max(_ALWAYS_TRIED, round((size / 2) ** 0.5))
    for k in range(2, min(most, worth_trying, size // 2) + 1):
        labels = _without_crumbs(tree.drawn, tree.cut(k))
        if 1 < len(np.unique(labels[shown])) < len(shown):
            score = float(silhouette_score(apart, labels[shown], metric="precomputed"))
            cuts.append(labels)
            curve.append((int(labels.max()) + 1, score))
    best = max((score for _, score in curve), default=-1.0)
    if best <= 0:
        return np.zeros(size, np.intp), tuple(curve)
    chosen = next(i for i, (_, score) in enumerate(curve) if score >= _AS_GOOD * best)
    return cuts[chosen], tuple(curve)


def _to_nearest(vectors: Vectors, labels: Labels) -> Labels:
    """Move each vector to the group with the nearest centre, once; no group is left empty."""
    moved = nearest(vectors, centres(vectors, labels))
    return np.unique(moved, return_inverse=True)[1].ravel()


def _main_directions(vectors: Vectors) -> Vectors:
    """Leave out what all calls share and what only single calls have."""
    from sklearn.decomposition import PCA  # noqa: PLC0415 - heavy

    size = min(_DIMENSIONS, vectors.shape[1], len(vectors) - 1)
    if size < 1 or size == vectors.shape[1]:
        return vectors
    reduced = unit(PCA(size, svd_solver="covariance_eigh").fit_transform(vectors))
    return reduced if np.isfinite(reduced).all() and reduced.any() else vectors


def _drawn_together(vectors: Vectors) -> Vectors:
    """Move each vector to the mean of itself and its neighbours, weighted by cosine.

    There are as many neighbours as the root of the number of vectors, at least five.
    """
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    count = min(max(round(len(vectors) ** 0.5), _FEWEST_NEIGHBOURS), len(vectors) - 1)
    ends = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    weights = np.maximum(np.take_along_axis(cosines, ends, axis=1), 0.0)
    return unit(vectors + np.einsum("ij,ijk->ik", weights, vectors[ends]))


def _without_crumbs(vectors: Vectors, labels: Labels) -> Labels:
    """Give the members of very small groups to the nearest larger one."""
    sizes = np.bincount(labels)
    smallest = max(_SMALLEST, round(_SMALLEST_SHARE * len(labels)))
    kept = np.flatnonzero(sizes >= smallest)
    if len(kept) < 2:
        return labels
    place = np.full(len(sizes), -1)
    place[kept] = np.arange(len(kept))
    result: Labels = place[labels]
    crumbs = np.flatnonzero(result < 0)
    if len(crumbs):
        result[crumbs] = nearest(vectors[crumbs], centres(vectors, result))
    return result


def _stability(vectors: Vectors, labels: Labels, rng: np.random.Generator) -> float:
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 - heavy

    agreement = []
    for _ in range(_REFITS):
        rows = np.sort(rng.choice(len(vectors), max(2, int(_SHARE * len(vectors))), replace=False))
        part = vectors[rows]
        again = _to_nearest(part, grow(part).cut(int(labels.max()) + 1))
        agreement.append(adjusted_rand_score(labels[rows], again))
    return float(np.mean(agreement))
