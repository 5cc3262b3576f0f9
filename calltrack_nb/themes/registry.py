"""The theme registry: themes that keep their ids from month to month.

On disk it is one file, ``book.json``: what people may read, and the vectors as base64, so that
a run that is killed leaves the themes and their vectors both as they were or both anew. No
pickle, so that opening a registry never runs anything.
"""

from __future__ import annotations

import base64
import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from calltrack_nb.errors import ListeningError
from calltrack_nb.themes.answers import Answers
from calltrack_nb.themes.embedding import Vectors

_VERSION: Final = 2
_BESIDE: Final = 1
"""The version of which the vectors stand in a file beside the book."""
_VECTORS: Final = "<f4"


@dataclass(frozen=True, slots=True)
class RegisteredTheme:
    """A theme the registry knows.

    Attributes
    ----------
    theme_id : str
        Such as "T003"; never given to another theme.
    terms : tuple of str
        Telling words, best first.
    label : str
        Heading made of the terms.
    threshold : float
        Cosine below which a call is not of this theme.
    seed : str or None
        The name under which the user asked for it before any clustering.
    history : tuple of str
        What happened to it: splits, merges, drift, in plain English.
    separation : float or None
        As :class:`~calltrack_nb.themes.clustering.Grouping` has it; None where it is unknown.
    """

    theme_id: str
    terms: tuple[str, ...]
    label: str
    threshold: float
    seed: str | None = None
    history: tuple[str, ...] = ()
    separation: float | None = None


@dataclass(frozen=True, slots=True)
class ThemeNames:
    """What the user says about themes in ``themes.toml``.

    Attributes
    ----------
    labels : mapping of theme id to name
        Names that win over the made ones.
    merges : mapping of theme id to theme id
        Themes counted as another.
    seeds : mapping of name to examples
        Themes to have before any clustering, each by a few sentences.
    answers : Answers
        Which calls are about the same thing, and which are not.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    merges: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)


def read_theme_names(path: Path) -> ThemeNames:
    """Read ``themes.toml``; a file that is not there says nothing.

    The file has four tables: ``[names]`` (``T003 = "Wedding cakes"``), ``[merge]``
    (``T007 = "T003"``), ``[seeds]`` (``"Gluten free" = ["is it gluten free"]``) and
    ``[answers]`` (``same = [["call1", "call2"]]``, ``different`` alike).

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Raises
    ------
    ListeningError
        When the file is not TOML or says something else.
    """
    if not path.is_file():
        return ThemeNames()
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ListeningError("The theme names cannot be read", where=f"{path} ({error})") from error
    unknown = sorted(set(body) - {"names", "merge", "seeds", "answers"})
    if unknown:
        raise ListeningError(
            "themes.toml has no such table",
            where=f"{path}, {unknown[0]}",
            fix="Use names, merge, seeds or answers",
        )
    names, merges, seeds = (body.get(part, {}) for part in ("names", "merge", "seeds"))
    pairs = [*names.items(), *merges.items()]
    examples = [
        text for texts in seeds.values() for text in (texts if isinstance(texts, list) else [None])
    ]
    if not all(isinstance(value, str) for _, value in pairs) or not all(
        isinstance(text, str) for text in examples
    ):
        raise ListeningError(
            "A theme's name must be a text, and its seeds a list of texts", where=str(path)
        )
    _check_merges(merges, path)
    return ThemeNames(
        dict(names),
        dict(merges),
        {k: tuple(v) for k, v in seeds.items()},
        _answers(body.get("answers", {}), path),
    )


def _answers(table: Mapping[str, Any], path: Path) -> Answers:
    unknown = sorted(set(table) - {"same", "different"})
    pairs = [pair for answers in table.values() for pair in answers]
    if unknown or not all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(call_id, str) for call_id in pair)
        for pair in pairs
    ):
        raise ListeningError(
            "Answers must be lists of pairs of calls, named same and different",
            where=f"{path}, [answers]",
            fix='Write same = [["call1", "call2"]]',
        )
    same, different = (
        tuple((pair[0], pair[1]) for pair in table.get(name, ())) for name in ("same", "different")
    )
    answers = Answers(same, different)
    answers.check()
    return answers


def _check_merges(merges: Mapping[str, str], path: Path) -> None:
    for start in merges:
        seen, theme = {start}, merges[start]
        while theme in merges:
            if theme in seen:
                raise ListeningError("Themes are merged in a circle", where=f"{path}, {start}")
            seen.add(theme)
            theme = merges[theme]


@dataclass(frozen=True, slots=True)
class ThemeRegistry:
    """Every theme there ever was, with its vector.

    Attributes
    ----------
    embedder : str or None
        What made the vectors; None in a new registry.
    themes : tuple of RegisteredTheme
        In order of id.
    centroids : numpy.ndarray
        Unit vectors, shape (len(themes), d).
    next_id : int
        The number of the next new theme.
    fitted_calls : int
        Usable calls at the last full clustering.
    stability : float
        Of that clustering.
    members : mapping of call id to theme id
        Which call was of which theme when the registry was last written.
    """

    embedder: str | None = None
    themes: tuple[RegisteredTheme, ...] = ()
    centroids: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    next_id: int = 1
    fitted_calls: int = 0
    stability: float = float("nan")
    members: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read a registry; a folder without one gives a new registry.

        Raises
        ------
        ListeningError
            When the registry is damaged.
        """
        path = folder / "book.json"
        if not path.is_file():
            return cls()
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            centroids = _vectors_of(body, folder)
            themes = tuple(_theme_from(entry) for entry in body["themes"])
            return cls(
                embedder=body["embedder"],
                themes=themes,
                centroids=centroids.astype(np.float32),
                next_id=int(body["next_id"]),
                fitted_calls=int(body["fitted_calls"]),
                stability=float("nan") if body["stability"] is None else float(body["stability"]),
                members=dict(body["members"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ListeningError(
                "The theme registry is damaged",
                where=f"{folder} ({error})",
                fix="Move the folder away; themes are then found again, with new ids",
            ) from error

    def save(self, folder: Path) -> None:
        """Write the registry, whole or not at all.

        Raises
        ------
        ListeningError
            When it cannot be written; the one before is as it was.
        """
        body = {
            "version": _VERSION,
            "embedder": self.embedder,
            "next_id": self.next_id,
            "fitted_calls": self.fitted_calls,
            "stability": None if np.isnan(self.stability) else self.stability,
            "themes": [asdict(theme) for theme in self.themes],
            "members": dict(sorted(self.members.items())),
            "vectors": list(self.centroids.shape),
            "centroids": base64.b64encode(self.centroids.astype(_VECTORS).tobytes()).decode(),
        }
        path = folder / "book.json"
        draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(body, indent=1), encoding="utf-8")
            draft.replace(path)
            (folder / "centroids.npy").unlink(missing_ok=True)  # an earlier version's
        except OSError as error:
            raise ListeningError(
                "The theme registry cannot be written",
                where=f"{path} ({error.strerror or error})",
                fix="Free some space or make the folder writable",
            ) from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all themes, in order."""
        return tuple(theme.theme_id for theme in self.themes)

    def vector_of(self, theme_id: str) -> Vectors:
        """Return the centroid of a theme, shape (d,)."""
        vector: Vectors = self.centroids[self.ids.index(theme_id)]
        return vector

    def with_new(
        self, themes: Iterable[tuple[Vectors, float, str | None, float | None]]
    ) -> ThemeRegistry:
        """Add themes under ids that were never used.

        Parameters
        ----------
        themes : iterable of (centroid, threshold, seed, separation)
            What is known of each.
        """
        found = list(themes)
        if not found:
            return self
        ids = [f"T{self.next_id + i:03d}" for i in range(len(found))]
        fresh = tuple(
            RegisteredTheme(theme_id, (), seed or "", threshold, seed, separation=separation)
            for theme_id, (_, threshold, seed, separation) in zip(ids, found, strict=True)
        )
        rows = np.stack([centroid for centroid, *_ in found]).astype(np.float32)
        centroids = np.vstack([self.centroids, rows]) if self.themes else rows
        return replace(
            self,
            themes=(*self.themes, *fresh),
            centroids=centroids,
            next_id=self.next_id + len(found),
        )

    def described(self, words: Mapping[str, tuple[tuple[str, ...], str]]) -> ThemeRegistry:
        """Return the registry with new terms and labels for some themes."""
        return replace(
            self,
            themes=tuple(
                replace(theme, terms=words[theme.theme_id][0], label=words[theme.theme_id][1])
                if theme.theme_id in words
                else theme
                for theme in self.themes
            ),
        )


def _vectors_of(body: Mapping[str, Any], folder: Path) -> Vectors:
    """Return the themes' vectors, and refuse those that are not theirs."""
    if body["version"] == _BESIDE:
        vectors: Vectors = np.load(folder / "centroids.npy", allow_pickle=False)
    elif body["version"] == _VERSION:
        vectors = np.frombuffer(base64.b64decode(body["centroids"]), _VECTORS)
        vectors = vectors.reshape(body["vectors"])
    else:
        raise ValueError(f"it is of version {body['version']}")
    if vectors.ndim != 2 or len(body["themes"]) != len(vectors):
        raise ValueError("vectors and themes do not belong together")
    return vectors


def _theme_from(entry: Mapping[str, Any]) -> RegisteredTheme:
    return RegisteredTheme(
        theme_id=str(entry["theme_id"]),
        terms=tuple(entry["terms"]),
        label=str(entry["label"]),
        threshold=float(entry["threshold"]),
        seed=entry["seed"],
        history=tuple(entry["history"]),
        separation=entry.get("separation"),
    )
