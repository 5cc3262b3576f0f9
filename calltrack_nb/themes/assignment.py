"""Place calls in a theme registry: known themes first, then what is left over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.settings import Listening
from calltrack_nb.themes.answers import Answers, settle
from calltrack_nb.themes.embedding import Embedder, Vectors, unit
from calltrack_nb.themes.model import ThemeModel, thresholds
from calltrack_nb.themes.registry import ThemeNames, ThemeRegistry

_SAME_THEME: Final = 0.8
_SHARED_CALLS: Final = 0.3
_DRIFTED: Final = 0.9
_SAME_CALLS: Final = 0.5
_PART_OF: Final = 0.7
_LOYAL: Final = 0.05
_GROWN: Final = 4.0
_NEW_THEME: Final = 8
_NEAR: Final = 0.85
_SMALLEST_THEME: Final = 3
_SEED_THRESHOLD: Final = 0.45


@dataclass(frozen=True, slots=True)
class Placed:
    """Calls in their themes.

    Attributes
    ----------
    registry : ThemeRegistry
        With new themes added and members renewed.
    theme_ids : tuple of str
        Theme of each call; empty where it is unclear.
    strengths : numpy.ndarray
        Cosine with the theme's centre, shape (n,).
    usable : int
        Calls that say anything.
    notes : tuple of str
        Splits, merges and drift, in plain English.
    """

    registry: ThemeRegistry
    theme_ids: tuple[str, ...]
    strengths: npt.NDArray[np.float64]
    usable: int
    notes: tuple[str, ...] = ()

    @property
    def unclear(self) -> int:
        """Usable calls without a theme."""
        return self.usable - sum(bool(theme_id) for theme_id in self.theme_ids)


def place_calls(
    registry: ThemeRegistry,
    call_ids: Sequence[str],
    vectors: Vectors,
    embedder: Embedder,
    settings: Listening,
    names: ThemeNames,
) -> Placed:
    """Give calls their themes and renew the registry.

    The whole log is clustered when the registry is new, when it has grown fourfold since, or
    when the vectors cannot be compared with the registry's; found themes are then matched to
    the registry's by shared calls and cosine. A finer grouping is no reason to take a theme
    apart: a found group that holds a known theme's calls and lies near it stays part of
    it. At any other time calls go to the registry's themes, and what is left over may found
    new ones. A call that had a theme keeps it where that is as good as the nearest. Where
    the user answered questions about pairs of calls, all are clustered each time, by those
    answers, and stay with their group: it may have more than one centre.

    Parameters
    ----------
    registry : ThemeRegistry
        What is known from before.
    call_ids : sequence of str
        Of the calls, in the order of `vectors`.
    vectors : numpy.ndarray
        Unit rows or zeros, shape (n, d).
    embedder : Embedder
        What made the vectors.
    settings : Listening
        How themes are found.
    names : ThemeNames
        Seeds come from here.

    Returns
    -------
    Placed
    """
    usable = np.linalg.norm(vectors, axis=1) > 0
    count = int(usable.sum())
    registry = _with_seeds(registry, names, embedder, vectors.shape[1] if vectors.ndim == 2 else 0)
    comparable = registry.embedder == embedder.name and not embedder.fitted_to_texts
    answers = names.answers.about(call_ids)
    notes: list[str] = []
    clustered = [theme for theme in registry.themes if theme.seed is None]
    due = not clustered or not comparable or count >= _GROWN * max(registry.fitted_calls, 1)
    due = due or bool(answers)
    settled: Mapping[int, str] = {}
    if due and count >= settings.min_calls:
        registry, settled, notes = _cluster_all(
            registry, call_ids, vectors, usable, embedder, settings, answers
        )
    elif not comparable:
        return Placed(registry, ("",) * len(call_ids), np.zeros(len(call_ids)), count)
    theme_ids, strengths = _assign(registry, call_ids, vectors, usable)
    if comparable and not due:
        registry = _found_new(registry, vectors, usable & (np.array(theme_ids) == ""), settings)
        theme_ids, strengths = _assign(registry, call_ids, vectors, usable)
    if answers:
        theme_ids = tuple(settled.get(row, theme) for row, theme in enumerate(theme_ids))
    members = {c: t for c, t in zip(call_ids, theme_ids, strict=True) if t}
    return Placed(replace(registry, members=members), theme_ids, strengths, count, tuple(notes))


def _with_seeds(
    registry: ThemeRegistry, names: ThemeNames, embedder: Embedder, dimensions: int
) -> ThemeRegistry:
    """Put the user's seed themes into the registry, and their examples into its vectors."""
    if not names.seeds or not dimensions:
        return registry
    centres: Mapping[str, Vectors] = {
        seed: unit(embedder.embed(list(texts)).mean(axis=0, keepdims=True))[0]
        for seed, texts in names.seeds.items()
        if texts
    }
    known = {theme.seed for theme in registry.themes}
    if registry.embedder is None:
        registry = replace(registry, embedder=embedder.name)
    return registry.with_new(
        (centre, _SEED_THRESHOLD, seed, None)
        for seed, centre in centres.items()
        if seed not in known
    )


def _assign(
    registry: ThemeRegistry,
    call_ids: Sequence[str],
    vectors: Vectors,
    usable: npt.NDArray[np.bool_],
) -> tuple[tuple[str, ...], npt.NDArray[np.float64]]:
    """Give each call its nearest theme, or the one it had where that is about as near."""
    theme_ids = [""] * len(vectors)
    strengths = np.zeros(len(vectors))
    if not registry.themes or not usable.any():
        return tuple(theme_ids), strengths
    cosines = vectors @ registry.centroids.T
    best = np.argmax(cosines, axis=1)
    spot = {theme_id: i for i, theme_id in enumerate(registry.ids)}
    before = np.array([spot.get(registry.members.get(call_id, ""), -1) for call_id in call_ids])
    had = np.flatnonzero(before >= 0)
    loyal = had[cosines[had, before[had]] >= cosines[had, best[had]] - _LOYAL]
    best[loyal] = before[loyal]
    strengths = np.where(usable, cosines[np.arange(len(vectors)), best], 0.0)
    thresholds = np.array([theme.threshold for theme in registry.themes])
    for row in np.flatnonzero(usable & (strengths >= thresholds[best])):
        theme_ids[row] = registry.ids[best[row]]
    return tuple(theme_ids), strengths


def _model(settings: Listening, fewest: int) -> ThemeModel:
    return ThemeModel(min_calls=fewest, max_themes=settings.max_themes, random_state=settings.seed)


def _cluster_all(
    registry: ThemeRegistry,
    call_ids: Sequence[str],
    vectors: Vectors,
    usable: npt.NDArray[np.bool_],
    embedder: Embedder,
    settings: Listening,
    answers: Answers,
) -> tuple[ThemeRegistry, dict[int, str], list[str]]:
    """Find all themes anew, under the ids they had; return the theme of each row, too."""
    order = np.array(sorted(np.flatnonzero(usable), key=lambda row: call_ids[int(row)]))
    found = _found(vectors[order], [call_ids[row] for row in order], settings, answers)
    groups = {theme: order[found.labels == theme] for theme in range(len(found.centres))}
    comparable = registry.embedder == embedder.name and not embedder.fitted_to_texts
    group_of = {call_ids[row]: group for group, rows in groups.items() for row in rows}
    apart = {
        frozenset((group_of[first], group_of[second]))
        for first, second in answers.different
        if first in group_of and second in group_of
    }
    matched, parts, notes = _match(
        registry, found.centres, groups, call_ids, apart, comparable=comparable
    )
    centres, limits = _joined(found, vectors, groups, parts)
    centroids = (
        registry.centroids.copy()
        if comparable and registry.themes
        else np.zeros((len(registry.themes), vectors.shape[1]), np.float32)
    )
    themes = list(registry.themes)
    for group, theme_id in matched.items():
        spot = registry.ids.index(theme_id)
        centroids[spot] = centres[group]
        themes[spot] = replace(
            themes[spot],
            threshold=float(limits[group]),
            separation=_known(found.separation[group]),
        )
    renewed = replace(
        registry,
        embedder=embedder.name,
        themes=tuple(themes),
        centroids=centroids,
        fitted_calls=len(order),
        stability=registry.stability if answers else found.stability,
    )
    asked = {call_id for pair in (*answers.same, *answers.different) for call_id in pair}
    fresh = [
        group
        for group, rows in groups.items()
        if group not in matched
        and group not in parts
        and (len(rows) >= _SMALLEST_THEME or not asked.isdisjoint(call_ids[row] for row in rows))
    ]
    renewed = renewed.with_new(
        (centres[group], float(limits[group]), None, _known(found.separation[group]))
        for group in fresh
    )
    theme_of = matched | dict(zip(fresh, renewed.ids[len(registry.ids) :], strict=True))
    theme_of |= {part: theme_of[whole] for part, whole in parts.items()}
    settled = {int(row): theme_id for group, theme_id in theme_of.items() for row in groups[group]}
    return renewed, settled, notes


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


@dataclass(frozen=True, slots=True)
class _Found:
    """What clustering says: groups, their centres, and from which cosine a call is of them."""

    labels: npt.NDArray[np.intp]
    centres: Vectors
    limits: npt.NDArray[np.float64]
    separation: npt.NDArray[np.float64]
    stability: float


def _found(
    vectors: Vectors, call_ids: Sequence[str], settings: Listening, answers: Answers
) -> _Found:
    if not answers:
        model = _model(settings, settings.min_calls).fit(vectors)
        return _Found(
            *(model.labels_, model.centroids_, model.thresholds_),
            *(model.separation_, model.stability_),
        )
    groups = settle(
        vectors, call_ids, answers, most=settings.max_themes, seed=settings.seed
    ).grouping
    strengths = np.einsum("ij,ij->i", vectors, groups.centroids[groups.labels])
    limits = thresholds(strengths, groups.labels, len(groups.centroids))
    return _Found(groups.labels, groups.centroids, limits, groups.separation, groups.stability)


def _joined(
    found: _Found,
    vectors: Vectors,
    groups: Mapping[int, npt.NDArray[np.intp]],
    parts: Mapping[int, int],
) -> tuple[Vectors, npt.NDArray[np.float64]]:
    """Return centres and thresholds of groups together with their parts."""
    centres, limits = found.centres.copy(), found.limits.copy()
    for whole in set(parts.values()):
        rows = np.concatenate(
            [groups[whole], *(groups[part] for part in parts if parts[part] == whole)]
        )
        centres[whole] = unit(vectors[rows].mean(axis=0, keepdims=True))[0]
        limits[whole] = thresholds(vectors[rows] @ centres[whole], np.zeros(len(rows), int), 1)[0]
    return centres, limits


def _match(
    registry: ThemeRegistry,
    centroids: Vectors,
    groups: Mapping[int, npt.NDArray[np.intp]],
    call_ids: Sequence[str],
    apart: Collection[frozenset[int]],
    *,
    comparable: bool,
) -> tuple[dict[int, str], dict[int, int], list[str]]:
    """Match found groups to known themes, one to one, by shared calls and by cosine.

    Returns
    -------
    matched : dict of group to theme id
    parts : dict of group to group
        Groups without a theme of their own that belong to a matched one.
    notes : list of str
        What changed, in plain English.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - heavy

    if not registry.themes:
        return {}, {}, []
    shared = np.zeros((len(groups), len(registry.themes)))
    spot = {theme_id: i for i, theme_id in enumerate(registry.ids)}
    sizes = np.zeros(len(registry.themes))
    for theme_id in registry.members.values():
        sizes[spot[theme_id]] += 1
    for group, rows in groups.items():
        for row in rows:
            known = registry.members.get(call_ids[row])
            if known is not None:
                shared[group, spot[known]] += 1
    own = np.array([max(len(rows), 1) for rows in groups.values()])[:, None]
    overlap = shared / np.maximum(np.minimum(own, np.maximum(sizes, 1)), 1)
    cosine = centroids @ registry.centroids.T if comparable else np.zeros_like(overlap)
    rows, columns = linear_sum_assignment(-(overlap + cosine))
    matched = {
        int(group): registry.ids[column]
        for group, column in zip(rows, columns, strict=True)
        if overlap[group, column] >= _SHARED_CALLS or cosine[group, column] >= _SAME_THEME
    }
    drift = np.asarray(cosine if comparable else np.ones_like(cosine), np.float64)
    holder = {theme_id: group for group, theme_id in matched.items()}
    parts: dict[int, int] = {}
    for group in set(groups) - set(matched):
        theme = int(overlap[group].argmax())
        whole = holder.get(registry.ids[theme])
        if whole is None or overlap[group, theme] < _SAME_CALLS or {group, whole} in apart:
            continue
        if centroids[group] @ centroids[whole] >= _PART_OF:
            parts[group] = whole
    return matched, parts, _changes(registry, matched, parts, shared, overlap, drift)


def _changes(
    registry: ThemeRegistry,
    matched: Mapping[int, str],
    parts: Mapping[int, int],
    shared: npt.NDArray[np.float64],
    overlap: npt.NDArray[np.float64],
    cosine: npt.NDArray[np.float64],
) -> list[str]:
    """Say which themes drifted, were split, or went into another."""
    spot = {theme_id: i for i, theme_id in enumerate(registry.ids)}
    notes = [
        f"Theme {theme_id} has drifted: its centre then and now have a cosine of "
        f"{cosine[group, spot[theme_id]]:.2f}."
        for group, theme_id in matched.items()
        if cosine[group, spot[theme_id]] < _DRIFTED
    ]
    notes += [
        f"Theme {registry.ids[int(overlap[group].argmax())]} was split."
        for group in range(len(overlap))
        if group not in matched and group not in parts and overlap[group].max() >= _SHARED_CALLS
    ]
    kept = set(matched.values())
    for theme_id, column in spot.items():
        into = matched.get(int(shared[:, column].argmax())) if shared[:, column].any() else None
        if theme_id not in kept and into:
            notes.append(
                f"Theme {theme_id} is now almost the same as {into}. To count them as one, write "
                f'{theme_id} = "{into}" under [merge] in themes.toml.'
            )
    return notes


def _found_new(
    registry: ThemeRegistry, vectors: Vectors, left: npt.NDArray[np.bool_], settings: Listening
) -> ThemeRegistry:
    """Let calls that fit no theme found new ones where enough of them are alike."""
    rows = np.flatnonzero(left)
    if len(rows) < _NEW_THEME:
        return registry
    model = _model(settings, _NEW_THEME).fit(vectors[rows])
    usual = float(np.median([theme.threshold for theme in registry.themes]))
    fresh = []
    for theme in range(model.n_themes_):
        inside = model.labels_ == theme
        alike = float(np.median(model.strengths_[inside])) if inside.any() else 0.0
        apart = float((registry.centroids @ model.centroids_[theme]).max())
        if inside.sum() >= _NEW_THEME and alike >= usual + 0.1 and apart < _NEAR:
            threshold = float(model.thresholds_[theme])
            fresh.append((model.centroids_[theme], threshold, None, None))
    return registry.with_new(fresh)
