"""From segments to one vector per call: what carries the inquiry counts more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.themes.embedding import Embedder, Vectors, unit
from calltrack_nb.themes.words import segments, stop_words, words_of

_ENOUGH_WORDS: Final = 8


def pool(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Embed each text by its segments and as a whole, and join both.

    A segment weighs as many telling words as it holds, up to eight: "yes please, thank
    you" tells nothing of what a call is about, and one long sentence not everything. The
    whole text, as far as the model reads, weighs as much as all segments together: what
    is said in it belongs to each other.

    Parameters
    ----------
    texts : sequence of str
        One per call; an empty one gives a row of zeros.
    embedder : Embedder
        What makes vectors of segments.

    Returns
    -------
    numpy.ndarray
        Shape (len(texts), d), float32, unit rows or zeros.
    """
    pieces: list[str] = []
    owners: list[int] = []
    for index, text in enumerate(texts):
        found = segments(text)
        pieces += found
        owners += [index] * len(found)
    vectors = embedder.embed(pieces)
    total = np.zeros((len(texts), vectors.shape[1] if vectors.ndim == 2 else 1), np.float32)
    if pieces:
        np.add.at(total, np.array(owners), vectors * segment_weights(pieces)[:, None])
        told = sorted(set(owners))
        total = unit(total)
        total[told] += embedder.embed([as_whole(texts[index]) for index in told])
    return unit(total)


def as_whole(text: str) -> str:
    r"""Return a call's text in one line, as it is embedded.

    Examples
    --------
    >>> as_whole("a wedding cake\nfor May")
    'a wedding cake for May'
    """
    return " ".join(text.split())


def segment_weights(pieces: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the number of telling words of each segment, at most eight, shape (n,)."""
    ignored = stop_words()
    told = [sum(word not in ignored for word in words_of(piece)) for piece in pieces]
    return np.minimum(np.array(told, np.float32), _ENOUGH_WORDS)
