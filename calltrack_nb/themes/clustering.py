"""Grouping unit vectors when nobody says how many groups there are.

Each call is joined to the calls most like it, and the graph is cut into communities
(Louvain). To how many others a call is joined grows with the root of their number: with
few calls, more neighbours than a theme has calls would join the themes to one. How fine
the cut is, is its resolution, tried from a few groups to as many as are allowed; the
coarsest one is taken whose groups are about as well separated, by silhouette, as any, and
all calls in one group is the answer only where no resolution parts them. The silhouette is
taken of the calls drawn towards their nearest ones: single calls' ways of putting it lie
between all groups, and would have the coarsest cut, such as one group per line of
business, look the best parted. At last every call goes to the nearest centre, as later
ones will. Unlike k-means this does not cut one large theme into pieces of the size of small
ones. How far the result can be trusted is its stability: the agreement with groups found
from random 80 % of the calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.themes.embedding import Vectors, unit

Labels = npt.NDArray[np.intp]

# Up to where a few hundred calls fall into more groups than there may be: ending sooner,
# this list and not the calls would say how many themes there are.
_RESOLUTIONS: Final = (
    *(0.03, 0.06, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0),
    *(1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0),
)
_AS_GOOD: Final = 0.97
_FEWEST_NEIGHBOURS: Final = 5
_MOST_NEIGHBOURS: Final = 15
_DIMENSIONS: Final = 50
_SMALLEST: Final = 3
_SMALLEST_SHARE: Final = 0.004
_SHARE: Final = 0.8
_REFITS: Final = 4
_LARGEST_FIT: Final = 4000
_FEWEST_DISTINCT: Final = 30
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
        Mean adjusted Rand index between these groups and those found from random 80 %
        subsamples; NaN where that was not asked for.
    curve : tuple of (float, int, float)
        Tried resolutions, with the number of groups and the silhouette of each.
    """

    labels: Labels
    centroids: Vectors
    stability: float
    curve: tuple[tuple[float, int, float], ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    resolution: float
    labels: Labels
    separation: float

    @property
    def size(self) -> int:
        return int(self.labels.max()) + 1


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
    rows = _told_once(vectors)
    if len(rows) > _LARGEST_FIT:
        rows = np.sort(rng.choice(rows, _LARGEST_FIT, replace=False))
    sample = vectors[rows]
    curve: tuple[tuple[float, int, float], ...] = ()
    if n_groups is None:
        cuts = _cuts(_main_directions(sample), _RESOLUTIONS, most, seed)
        chosen = _choose(cuts)
        curve = tuple((cut.resolution, cut.size, cut.separation) for cut in cuts)
        found = _to_nearest(sample, chosen.labels)
        resolution: float | None = chosen.resolution
    else:
        found, resolution = _k_means(sample, n_groups, seed), None
    centroids = _centres(sample, found)
    labels = found if len(sample) == len(vectors) else nearest(vectors, centroids)
    stability = float("nan")
    if judge:
        stability = _stability(sample, found, n_groups, resolution, most, rng)
    order = np.argsort(-np.bincount(labels, minlength=len(centroids)), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Grouping(place[labels], centroids[order], stability, curve)


def _told_once(vectors: Vectors) -> Labels:
    """Return the rows to learn from: of calls that say word for word the same, the first.

    A recorded message that rings a hundred times would be its own hundred nearest
    neighbours, and a cut around it the best parted of all. Where hardly anything else is
    said, all rows count.
    """
    firsts = np.unique(vectors.round(6), axis=0, return_index=True)[1]
    if len(firsts) < _FEWEST_DISTINCT:
        return np.arange(len(vectors))
    return np.sort(firsts)


def nearest(vectors: Vectors, centroids: Vectors) -> Labels:
    """Return the index of the centroid with the largest cosine, per vector."""
    best: Labels = np.argmax(vectors @ centroids.T, axis=1)
    return best


def _to_nearest(vectors: Vectors, labels: Labels) -> Labels:
    """Move each vector to the group with the nearest centre, once; no group is left empty."""
    moved = nearest(vectors, _centres(vectors, labels))
    return np.unique(moved, return_inverse=True)[1].ravel()


def _main_directions(vectors: Vectors) -> Vectors:
    """Leave out what all calls share and what only single calls have."""
    from sklearn.decomposition import PCA  # noqa: PLC0415 - heavy

    size = min(_DIMENSIONS, vectors.shape[1], len(vectors) - 1)
    if size < 1 or size == vectors.shape[1]:
        return vectors
    reduced = unit(PCA(size, svd_solver="covariance_eigh").fit_transform(vectors))
    return reduced if np.isfinite(reduced).all() and reduced.any() else vectors


def _neighbours(vectors: Vectors) -> tuple[Labels, Vectors]:
    """Return the nearest others of each vector, nearest first, and their cosines.

    Both are of shape (n, m), m the root of n but at least five.
    """
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    count = min(max(round(len(vectors) ** 0.5), _FEWEST_NEIGHBOURS), len(vectors) - 1)
    ends = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    near = np.take_along_axis(cosines, ends, axis=1)
    order = np.argsort(-near, axis=1, kind="stable")
    near = np.take_along_axis(near, order, axis=1)
    return np.take_along_axis(ends, order, axis=1), np.maximum(near, 0.0)


def _drawn_together(vectors: Vectors, ends: Labels, weights: Vectors) -> Vectors:
    """Move each vector to the mean of itself and its neighbours, weighted by cosine."""
    return unit(vectors + np.einsum("ij,ijk->ik", weights, vectors[ends]))


def _cuts(
    vectors: Vectors, resolutions: tuple[float, ...], most: int, seed: int
) -> tuple[_Cut, ...]:
    """Cut the graph of neighbours, from coarse to fine."""
    import networkx as nx  # noqa: PLC0415 - heavy

    ends, weights = _neighbours(vectors)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(vectors)))
    most_ends = ends[:, :_MOST_NEIGHBOURS].tolist()
    for i, row in enumerate(zip(most_ends, weights[:, :_MOST_NEIGHBOURS].tolist(), strict=True)):
        for j, weight in zip(*row, strict=True):
            if weight > 0:
                # A pair that names each other counts twice, one-sided neighbours once.
                known = graph.get_edge_data(i, j, {"weight": 0.0})["weight"]
                graph.add_edge(i, j, weight=known + weight)
    drawn = _drawn_together(vectors, ends, weights)
    cuts: list[_Cut] = []
    for resolution in resolutions:
        labels: Labels = np.zeros(len(vectors), np.intp)
        communities = nx.community.louvain_communities(graph, resolution=resolution, seed=seed)
        for index, members in enumerate(communities):
            labels[list(members)] = index
        labels = _without_crumbs(vectors, labels)
        if cuts and labels.max() + 1 > most:
            break
        cuts.append(_Cut(resolution, labels, _separation(drawn, labels, seed)))
        if _past_the_best(cuts):
            break
    return tuple(cuts)


def _past_the_best(cuts: list[_Cut]) -> bool:
    """Tell whether the last two cuts are clearly worse than one before them."""
    best = max(cut.separation for cut in cuts)
    # Below zero nothing is separated yet (one group counts as -1), and finer cuts are due.
    return best > 0 and all(cut.separation < 0.85 * best for cut in cuts[-2:])


def _without_crumbs(vectors: Vectors, labels: Labels) -> Labels:
    """Give the members of very small groups to the nearest larger one."""
    sizes = np.bincount(labels)
    smallest = max(_SMALLEST, round(_SMALLEST_SHARE * len(labels)))
    kept = np.flatnonzero(sizes >= smallest)
    if len(kept) < 2:
        return np.unique(labels, return_inverse=True)[1].ravel()
    place = np.full(len(sizes), -1)
    place[kept] = np.arange(len(kept))
    result = place[labels]
    crumbs = np.flatnonzero(result < 0)
    if len(crumbs):
        result[crumbs] = nearest(vectors[crumbs], _centres(vectors, result))
    return result


def _separation(vectors: Vectors, labels: Labels, seed: int) -> float:
    from sklearn.metrics import silhouette_score  # noqa: PLC0415 - heavy

    rng = np.random.default_rng(seed)
    shown = np.sort(rng.choice(len(vectors), min(len(vectors), _LARGEST_SILHOUETTE), replace=False))
    if not 1 < len(np.unique(labels[shown])) < len(shown):
        return -1.0
    return float(silhouette_score(vectors[shown], labels[shown], metric="cosine"))


def _choose(cuts: tuple[_Cut, ...]) -> _Cut:
    best = max(cut.separation for cut in cuts)
    enough = best * _AS_GOOD if best > 0 else best
    return next(cut for cut in cuts if cut.separation >= enough)


def _k_means(vectors: Vectors, k: int, seed: int) -> Labels:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - heavy

    # Equal texts have equal vectors, and there are no more groups than different ones.
    distinct = len(np.unique(vectors.round(6), axis=0))
    model = KMeans(min(k, distinct), n_init=8, random_state=seed)
    return np.asarray(model.fit_predict(vectors), np.intp)


def _centres(vectors: Vectors, labels: Labels) -> Vectors:
    """Return the unit mean of each group, shape (k, d); negative labels are left out."""
    totals = np.zeros((int(labels.max()) + 1, vectors.shape[1]), np.float32)
    known = labels >= 0
    np.add.at(totals, labels[known], vectors[known])
    return unit(totals)


def _stability(
    vectors: Vectors,
    labels: Labels,
    n_groups: int | None,
    resolution: float | None,
    most: int,
    rng: np.random.Generator,
) -> float:
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 - heavy

    agreement = []
    for seed in rng.integers(2**31, size=_REFITS):
        rows = np.sort(rng.choice(len(vectors), max(2, int(_SHARE * len(vectors))), replace=False))
        part = vectors[rows]
        if resolution is None:
            again = _k_means(part, n_groups or 2, int(seed))
        else:
            again = _cuts(_main_directions(part), (resolution,), most, int(seed))[0].labels
            again = _to_nearest(part, again)
        agreement.append(adjusted_rand_score(labels[rows], again))
    return float(np.mean(agreement))
