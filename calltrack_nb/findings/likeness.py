"""Sentences that mean the same as an example.

Expressions find what they were written for. Callers put the same thing in other words,
and embeddings of sentences lie close where the meaning is close. So kinds are learnt from
examples by four things together: the embedding of a sentence, its words and pairs of
words (a "not" moves an embedding little), how it is said, and which expressions match it.
They are learnt from ``findings.toml``, for the shipped one beforehand
(:mod:`~calltrack_nb.findings.taught`), and afresh where a user adds an example, so that it
counts at once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from calltrack_nb.findings.learning import Learnt, Numbers, Rows, learn
from calltrack_nb.findings.manner import manner_of
from calltrack_nb.findings.patterns import NOTHING, Example, Pattern
from calltrack_nb.findings.taught import embedded, lesson, read_taught
from calltrack_nb.themes.embedding import Embedder, Vectors

Kind = tuple[str, str]
"""A family and a kind of it."""

_PROBABLE: Final = {"hesitation": 0.5, "preference": 0.35}
"""From here a sentence is said to be of a kind."""
_DENIED: Final = 0.3
"""Below here an expression is not believed."""
_PROBABLE_OF_FEW: Final = 0.05
"""The same for a kind of few examples: what is unlike them is far from certain to be none."""
_WELL_TAUGHT: Final = 20
"""Examples from which a kind may contradict its own expressions: of those that match where
the kind is not probable, four in five are wrong."""
_FAMILY_WEIGHS: Final = 0.3
"""How much of a kind's probability is that of its family: what is no preference at all is no
preference of a time either, and a family has more examples than a kind."""
_WORDS_WEIGH: Final = 0.7
_EXPRESSIONS_WEIGH: Final = 0.2
_MANNER_WEIGHS: Final = 0.2
"""Beside the embedding, whose length is 1."""
_WORD: Final = re.compile(r"\w+")
_FEWEST_WORDS: Final = 3
_MOST_WORDS: Final = 40
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Alike:
    """Which kinds a sentence is like.

    Attributes
    ----------
    probable : mapping of (family, kind) to float
        The kinds it probably is of, and the probability, 0 to 1.
    denied : frozenset of (family, kind)
        The kinds it is not of, whatever their expressions say.
    """

    probable: Mapping[Kind, float]
    denied: frozenset[Kind]


class Likeness:
    """Tells which kinds of finding a sentence is like.

    Parameters
    ----------
    examples : sequence of Example
        Sentences of at least two kinds, one of which may be "nothing". A sentence that
        stands under two kinds is of both.
    patterns : sequence of Pattern
        The expressions of those kinds.
    embedder : Embedder
        Must not depend on the collection it was fitted to: sentences of one call are
        compared with examples that no caller said.

    Examples
    --------
    >>> from calltrack_nb.findings import read_examples, read_patterns
    >>> from calltrack_nb.themes import MiniLM
    >>> likeness = Likeness(read_examples(), read_patterns(), MiniLM())
    >>> text = "We'd have to clear that with my sister"
    >>> list(likeness.compare([text])[text].probable)
    [('hesitation', 'someone_else')]
    """

    def __init__(
        self, examples: Sequence[Example], patterns: Sequence[Pattern], embedder: Embedder
    ) -> None:
        self.embedder = embedder
        self._kinds_of: dict[str, set[Kind]] = defaultdict(set)
        for example in examples:
            self._kinds_of[example.text].add((example.family, example.kind))
        self._taught = Counter(kind for kinds in self._kinds_of.values() for kind in kinds)
        self.kinds = sorted(kind for kind in self._taught if kind[0] != NOTHING)
        self._families = sorted({family for family, _ in self.kinds})
        self._patterns = tuple(
            pattern
            for pattern in patterns
            if pattern.speaker != "agent" and (pattern.family, pattern.kind) in self.kinds
        )
        self._model: Learnt | None = None
        self._words: Any = None

    def compare(self, sentences: Iterable[str]) -> dict[str, Alike]:
        """Find which kinds sentences are like.

        Parameters
        ----------
        sentences : iterable of str
            What callers said; those under three or over forty words are passed over, as
            their embedding says too little of a single statement.

        Returns
        -------
        dict of str to Alike
            Every sentence that was compared.
        """
        texts = sorted(
            {text for text in sentences if _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS}
        )
        if not texts:
            return {}
        model = self._learnt()
        vectors = self.embedder.embed(texts)
        found: dict[str, Alike] = {}
        # each is compared with every example: a large log is not, all at once
        for first in range(0, len(texts), _AT_ONCE):
            some = texts[first : first + _AT_ONCE]
            rows = self._rows(some, vectors[first : first + _AT_ONCE])
            scores = self._with_families(model.probabilities(rows))
            found.update(zip(some, map(self._alike, scores), strict=True))
        return found

    def _with_families(self, scores: Numbers) -> Numbers:
        count = len(self.kinds)
        shared = [count + self._families.index(family) for family, _ in self.kinds]
        kinds: Numbers = scores[:, :count] ** (1.0 - _FAMILY_WEIGHS)
        return kinds * scores[:, shared] ** _FAMILY_WEIGHS

    def _alike(self, scores: Any) -> Alike:
        probable: dict[Kind, float] = {}
        denied: set[Kind] = set()
        for kind, score in zip(self.kinds, scores, strict=True):
            well_taught = self._taught[kind] >= _WELL_TAUGHT
            if score >= (_PROBABLE[kind[0]] if well_taught else _PROBABLE_OF_FEW):
                probable[kind] = round(float(score), 3)
            elif well_taught and score < _DENIED:
                denied.add(kind)
        return Alike(probable, frozenset(denied))

    def _learnt(self) -> Learnt:
        if self._model is None:
            vectors = embedded(self.examples, self.embedder)
            taught = read_taught()
            if (taught.embedder, taught.lesson) == (self.embedder.name, self.lesson):
                rows = self._example_rows(vectors)
                self._model = Learnt(rows, taught.weights, taught.unseen, taught.curve)
            else:
                self._model = self.learn(vectors)
        return self._model

    def learn(self, vectors: Vectors) -> Learnt:
        """Learn afresh, whatever ships.

        Parameters
        ----------
        vectors : numpy.ndarray (examples, dimensions)
            Of :attr:`examples`, of length 1.
        """
        labels = [self._labels(kinds) for kinds in self._kinds_of.values()]
        return learn(self._example_rows(vectors), np.array(labels))

    @property
    def examples(self) -> list[str]:
        """The distinct sentences that are learnt from."""
        return list(self._kinds_of)

    @property
    def lesson(self) -> str:
        """The fingerprint of all that is learnt from."""
        return lesson(self._kinds_of, self._patterns)

    def _example_rows(self, vectors: Vectors) -> Rows:
        self._words = words_and_pairs(self.examples)
        return self._rows(self.examples, vectors)

    def _labels(self, kinds: set[Kind]) -> list[bool]:
        """Tell which kinds an example is of, and then of which families."""
        families = {family for family, _ in kinds}
        return [kind in kinds for kind in self.kinds] + [
            family in families for family in self._families
        ]

    def _rows(self, texts: Sequence[str], vectors: Vectors) -> Rows:
        return features(texts, vectors, self._words, _EXPRESSIONS_WEIGH * self._matched(texts))

    def _matched(self, texts: Sequence[str]) -> Any:
        matched = np.zeros((len(texts), len(self.kinds)))
        for pattern in self._patterns:
            column = self.kinds.index((pattern.family, pattern.kind))
            for row, text in enumerate(texts):
                if pattern.place_in(text) is not None:
                    matched[row, column] = 1.0
        return matched


def words_and_pairs(texts: Sequence[str]) -> Any:
    """Return scikit-learn's TF-IDF over words and pairs of neighbours, fitted to texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - heavy

    return TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True).fit(texts)


def features(texts: Sequence[str], vectors: Vectors, words: Any, *more: Numbers) -> Rows:
    """Describe sentences for :func:`~calltrack_nb.findings.learning.learn`.

    Parameters
    ----------
    texts : sequence of str
        Sentences.
    vectors : numpy.ndarray (texts, dimensions)
        Their embeddings, of length 1.
    words : TfidfVectorizer
        As :func:`words_and_pairs` gives it for the examples.
    *more : numpy.ndarray (texts, features)
        Further features, weighed.
    """
    full = [vectors.astype(np.float64), _MANNER_WEIGHS * manner_of(texts), *more]
    return Rows(np.hstack(full), _WORDS_WEIGH * words.transform(texts))


def likeness_to(
    examples: Sequence[Example], patterns: Sequence[Pattern], embedder: Embedder
) -> Likeness | None:
    """Return what compares sentences with examples, or None where it cannot be done.

    Vectors fitted to the texts at hand (TF-IDF) know only shared words; findings then
    come from expressions alone. So they do where there are examples of fewer than two kinds.
    """
    kinds = {(example.family, example.kind) for example in examples}
    if embedder.fitted_to_texts or len(kinds) < 2:
        return None
    return Likeness(examples, patterns, embedder)


def _words_and_pairs(text: str) -> list[str]:
    """Return words, and pairs of neighbours; "don't" and "dont" are the same word."""
    words = _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))
    return words + [" ".join(pair) for pair in pairwise(words)]


NO_LIKENESS: Final[Mapping[str, Alike]] = {}
