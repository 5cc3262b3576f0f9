"""Sentences that mean the same as an example, by their embeddings.

Expressions find what they were written for. Callers put the same thing in other words,
and embeddings of sentences lie close where the meaning is close: a logistic regression
over the embeddings of a few hundred examples tells which kind a sentence belongs to, or
that it says nothing of the sort. It is learnt afresh from ``findings.toml`` in well under
a second, so an example that a user adds counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from calltrack_nb.listening.embedding import Embedder
from calltrack_nb.listening.patterns import NOTHING, Example

_STRENGTH: Final = 15.0
"""Inverse regularisation; the examples are few and clean, so they are trusted."""
_SOMETHING: Final = 0.8
"""Probability of saying something of the sort, whichever kind, from which it counts."""
_KIND: Final = 0.3
"""Probability that the most likely kind must have by itself."""
_FEWEST_WORDS: Final = 3
_MOST_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class Alike:
    """The kind whose examples a sentence is most like.

    Attributes
    ----------
    family, kind : str
        The most likely kind.
    probability : float
        That the sentence says something of any kind rather than "nothing", 0 to 1.
    """

    family: str
    kind: str
    probability: float


class Likeness:
    """Tells which kind of finding a sentence is like.

    Parameters
    ----------
    examples : sequence of Example
        Sentences of at least two kinds, one of which may be "nothing".
    embedder : Embedder
        Must not depend on the collection it was fitted to: sentences of one call are
        compared with examples that no caller said.

    Examples
    --------
    >>> from calltrack_nb.listening import MiniLM, read_examples
    >>> likeness = Likeness(read_examples(), MiniLM())
    >>> likeness.compare(["We'd have to clear that with my sister"]) # doctest: +ELLIPSIS
    {"We'd have to clear that with my sister": Alike(family='hesitation', kind='someone_else', ...
    """

    def __init__(self, examples: Sequence[Example], embedder: Embedder) -> None:
        self.examples = tuple(examples)
        self.embedder = embedder
        self._model: Any = None

    def compare(self, sentences: Iterable[str]) -> dict[str, Alike]:
        """Find the sentences that are like the examples of a kind.

        Parameters
        ----------
        sentences : iterable of str
            What callers said; those under three or over forty words are passed over, as
            their embedding says too little of a single statement.

        Returns
        -------
        dict of str to Alike
            Only the sentences that are like a kind, not those like "nothing".
        """
        texts = sorted(
            {text for text in sentences if _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS}
        )
        if not texts:
            return {}
        model = self._learnt()
        scores = model.predict_proba(self.embedder.embed(texts))
        kinds = [(family, kind) for family, _, kind in (n.partition(".") for n in model.classes_)]
        nothing = np.array([family == NOTHING for family, _ in kinds])
        something = 1.0 - scores[:, nothing].sum(axis=1)
        best = np.where(nothing, 0.0, scores).argmax(axis=1)
        return {
            text: Alike(kinds[index][0], kinds[index][1], round(float(sure), 3))
            for text, row, index, sure in zip(texts, scores, best, something, strict=True)
            if sure >= _SOMETHING and row[index] >= _KIND
        }

    def _learnt(self) -> Any:
        if self._model is None:
            from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

            vectors = self.embedder.embed([example.text for example in self.examples])
            names = np.array([f"{example.family}.{example.kind}" for example in self.examples])
            self._model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(vectors, names)
        return self._model


def likeness_to(examples: Sequence[Example], embedder: Embedder) -> Likeness | None:
    """Return what compares sentences with examples, or None where it cannot be done.

    Vectors fitted to the texts at hand (TF-IDF) know only shared words; findings then
    come from expressions alone. So they do where there are examples of fewer than two kinds.
    """
    kinds = {(example.family, example.kind) for example in examples}
    if embedder.fitted_to_texts or len(kinds) < 2:
        return None
    return Likeness(examples, embedder)


NO_LIKENESS: Final[Mapping[str, Alike]] = {}
