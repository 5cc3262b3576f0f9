"""The next of the twenty questions: "are these two calls about the same thing?"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from calltrack_nb.settings import Listening
from calltrack_nb.themes.answers import Answers, Pair, settle
from calltrack_nb.themes.embedding import Embedder
from calltrack_nb.themes.tagging import inquiry_vectors


@dataclass(frozen=True, slots=True)
class Question:
    """Two calls of which the user is to say whether they are about the same thing.

    Attributes
    ----------
    call_ids : tuple of (str, str)
        The two calls.
    texts : tuple of (str, str)
        What their callers said, redacted, one turn to a line.
    calls_at_stake : int
        How many calls would change their theme with the answer.
    """

    call_ids: Pair
    texts: tuple[str, str]
    calls_at_stake: int


def next_question(
    utterances: pd.DataFrame,
    embedder: Embedder,
    settings: Listening,
    answers: Answers,
    passed: Collection[Pair] = (),
) -> Question | None:
    """Find the pair of calls whose answer settles most.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances`` of one client, redacted.
    embedder : Embedder
        What makes vectors of texts; with a cache it only reads.
    settings : Listening
        How themes are found.
    answers : Answers
        What was answered so far.
    passed : collection of (str, str)
        Pairs of which the user could not tell.

    Returns
    -------
    Question or None
        None where there are too few calls, or nothing is open.
    """
    texts, vectors = inquiry_vectors(utterances, embedder)
    usable = (vectors**2).sum(axis=1) > 0
    if usable.sum() < settings.min_calls:
        return None
    told = texts[usable]
    call_ids = [str(call_id) for call_id in told.index]
    settled = settle(
        vectors[usable],
        call_ids,
        answers,
        passed=passed,
        most=settings.max_themes,
        seed=settings.seed,
    )
    if settled.question is None:
        return None
    first, second = settled.question
    return Question(
        (call_ids[first], call_ids[second]),
        (str(told.iloc[first]), str(told.iloc[second])),
        settled.calls_at_stake,
    )
