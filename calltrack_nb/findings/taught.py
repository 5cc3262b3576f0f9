"""What the shipped examples teach, learnt beforehand.

Embedding some thousand examples and learning from them takes a minute and two gigabytes, and
gives the same each time. So vectors and weights ship with the package, written by
``python -m tools.labelled.likeness``. Vectors are taken for every example that they are of;
weights only where the examples and expressions are those that they were learnt from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np

from calltrack_nb.findings.learning import Numbers
from calltrack_nb.findings.patterns import Pattern
from calltrack_nb.themes.embedding import Embedder, Vectors

FILE: Final = "taught.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Vectors of the shipped examples, and what was learnt from them.

    Attributes
    ----------
    embedder : str
        Whose vectors they are.
    lesson : str
        The fingerprint of what was learnt from, see :func:`lesson`.
    texts : numpy.ndarray of uint64 (examples,)
        The hash of each example.
    vectors : numpy.ndarray of float16 (examples, dimensions)
    weights, unseen : numpy.ndarray of float32 (examples, labels)
        As :class:`~calltrack_nb.findings.learning.Learnt` has them.
    curve : numpy.ndarray of float64 (2,)
        Slope and intercept.
    """

    embedder: str
    lesson: str
    texts: np.ndarray
    vectors: np.ndarray
    weights: np.ndarray
    unseen: np.ndarray
    curve: Numbers

    def write(self, path: Path) -> None:
        """Write all of it into one file."""
        np.savez_compressed(path, **{name: getattr(self, name) for name in self.__slots__})


@cache
def read_taught() -> Taught:
    """Read what ships with the package."""
    with (
        resources.files("calltrack_nb.findings").joinpath(FILE).open("rb") as file,
        np.load(file, allow_pickle=False) as body,
    ):
        held = {name: body[name] for name in Taught.__slots__}
    return Taught(**held | {name: str(held[name]) for name in ("embedder", "lesson")})


def embedded(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Embed examples, those of the package by the vectors that ship.

    Returns
    -------
    numpy.ndarray of float32 (texts, dimensions)
    """
    taught = read_taught()
    if embedder.name != taught.embedder:
        return embedder.embed(texts)
    place = {int(key): row for row, key in enumerate(taught.texts)}
    rows = [place.get(int(key)) for key in hashes(texts)]
    fresh = iter(
        embedder.embed([text for text, row in zip(texts, rows, strict=True) if row is None])
    )
    vectors = [next(fresh) if row is None else taught.vectors[row] for row in rows]
    return np.array(vectors, dtype=np.float32).reshape(len(texts), taught.vectors.shape[1])


def hashes(texts: Sequence[str]) -> np.ndarray:
    """Return a number of 64 bits for each text."""
    digests = b"".join(hashlib.sha256(text.encode()).digest()[:8] for text in texts)
    return np.frombuffer(digests, dtype="<u8")


def lesson(examples: Mapping[str, Collection[tuple[str, str]]], patterns: Sequence[Pattern]) -> str:
    """Return the fingerprint of what is learnt from: examples, in order, and expressions.

    Parameters
    ----------
    examples : mapping of str to collection of (family, kind)
        Each example and what it is an example of.
    patterns : sequence of Pattern
        Expressions that count.
    """
    told = (
        [[text, sorted(kinds)] for text, kinds in examples.items()],
        [
            [one.family, one.kind, one.expression.pattern, one.unless and one.unless.pattern]
            for one in patterns
        ],
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
