"""The words of providers for direction, outcome and worth of a call, and their tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.phrases import Phrases, clauses_of, folded
from calltrack_nb.providers.values.spam import marks_spam
from calltrack_nb.providers.values.tags import split_tags, tags_in
from calltrack_nb.providers.values.vocabulary import (
    DIRECTIONS,
    LEADS,
    STATUSES,
    TOGETHER,
    YIELDING,
)

__all__ = [
    "DIRECTIONS",
    "LEADS",
    "STATUSES",
    "marks_spam",
    "purpose_of",
    "read_words",
    "split_tags",
]

NOT_UNDERSTOOD: Final = Unreadable("words that are not understood")
CONTRADICTORY: Final = Unreadable("words that contradict each other")

_LONGEST: Final = 200  # characters


def read_words(
    values: pd.Series[Any], meanings: Mapping[str, str | None], kinds: Sequence[str]
) -> ReadColumn:
    """Read words of a provider's vocabulary into ours.

    The phrase as a whole counts first. Otherwise each of its words must be understood:

    - a denial turns the word after it round ("call not answered" is missed) or, where
      the opposite is not certain ("not missed"), leaves the phrase unread;
    - words of something unsettled ("needs to be qualified") say nothing yet;
    - missed with voicemail is voicemail, missed with abandoned is abandoned, and any
      other two meanings contradict each other;
    - after "by", and in a clause of its own ("Answered - Sam"), unknown words are a name
      or a comment.

    Parameters
    ----------
    values : pandas.Series of str
    meanings : mapping of str to str or None
        By phrase: one of `kinds`, None where the provider says nothing by it, or
        :class:`Unreadable` where it is known and of no use.
    kinds : sequence of str
        Our words.

    Returns
    -------
    ReadColumn
        Categorical of `kinds`; missing where nothing is said. Problems: words that are
        not understood, words that contradict each other, and the reasons of `meanings`.

    Examples
    --------
    >>> texts = pd.Series(["Call Answered", "Was not answered", "NO_ANSWER", "Transferred"])
    >>> found = read_words(texts, STATUSES, schema.STATUSES)
    >>> found.series.tolist()
    ['answered', 'missed', 'missed', nan]
    >>> list(found.problems)
    ['words that do not say whether the call was answered']
    """
    read = partial(_meaning, phrases=_phrases(meanings))
    return read_distinct(values, read, pd.CategoricalDtype(list(kinds)))


def _phrases(meanings: Mapping[str, str | None]) -> Phrases:
    return _directions() if meanings is DIRECTIONS else Phrases(meanings)


@cache
def _directions() -> Phrases:
    """Beside a direction, "not reached" is what became of the call and denies nothing."""
    return Phrases(DIRECTIONS, STATUSES)


def _meaning(text: str, phrases: Phrases) -> str | None:
    if len(text) > _LONGEST or "?" in text:
        return NOT_UNDERSTOOD
    if (whole := folded(text)) in phrases.meanings:
        return phrases.meanings[whole]
    clauses = clauses_of(text, phrases)
    if any(clause.doubtful or (clause.strange and clause.said) for clause in clauses):
        return NOT_UNDERSTOOD
    if any(clause.unsettled for clause in clauses):
        settled = any(clause.said and not clause.unsettled for clause in clauses)
        said = any(clause.said for clause in clauses)
        return None if said and not settled else NOT_UNDERSTOOD
    return _together([meaning for clause in clauses for meaning in clause.said])


def _together(said: list[str | None]) -> str | None:
    """Decide what several meanings say together."""
    useless = [meaning for meaning in said if isinstance(meaning, Unreadable)]
    certain = {meaning for meaning in said if meaning and meaning not in useless}
    if refused := [reason for reason in useless if reason not in YIELDING or not certain]:
        return refused[0]
    if len(certain) > 1:
        return TOGETHER.get(frozenset(certain), CONTRADICTORY)
    return next(iter(certain)) if certain else None if said else NOT_UNDERSTOOD


# Whole words of a tag that say what a call was for; the first purpose named counts.
_PURPOSES: Final = {
    "feedback": frozenset({"feedback", "complaint", "complaints", "review", "praise"}),
    "service": frozenset({"service", "support", "delivery", "invoice", "billing", "existing"}),
    "sale": frozenset({"sale", "sales", "order", "quote", "booking", "enquiry", "inquiry"}),
    "other": frozenset({"other", "spam", "vendor", "solicitor", "personal"}),
}


def purpose_of(tags: pd.Series[Any], notes: pd.Series[Any] | None = None) -> pd.Series[Any]:
    """Name the purpose of a call from its tags, or from a note of one word.

    Examples
    --------
    >>> purpose_of(pd.Series(["Wedding, Sale", "Complaint", "VIP"])).tolist()
    ['sale', 'feedback', nan]
    """
    said = tags
    if notes is not None:
        said = tags.str.cat(notes.where(notes.str.match(r"\w+$")), sep=",", na_rep="")
    return read_distinct(said, _purpose, pd.CategoricalDtype(list(schema.PURPOSES))).series


def _purpose(text: str) -> str | None:
    words = {word for tag in tags_in(text) for word in re.findall(r"[a-z]+", tag.lower())}
    return next((kind for kind, names in _PURPOSES.items() if words & names), None)
