"""What a short text of a provider says, word by word, with denials understood."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from calltrack_nb.providers.values.spelling import plain, without_accents
from calltrack_nb.providers.values.vocabulary import (
    DENIED,
    DENYING,
    FILLING,
    NAMING,
    NEVER_DENIED,
    OPEN,
)

_CLAUSES: Final = re.compile(r"[,;/|()\[\]!?=]|:(?!\d)|\.(?:\s|$)|\s-+\s?|-\s")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases and their meanings, ready to be looked up.

    Parameters
    ----------
    meanings : mapping of str to str or None
        By phrase as :func:`folded` writes it.
    beside : collection of str
        Phrases of other vocabularies, which say nothing here.
    """

    meanings: Mapping[str, str | None]
    beside: Collection[str] = ()
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        """Fold the phrases, and count the words of the longest."""
        known = {folded(phrase): meaning for phrase, meaning in self.meanings.items()}
        object.__setattr__(self, "meanings", known)
        object.__setattr__(self, "beside", frozenset(map(folded, self.beside)) - known.keys())
        object.__setattr__(self, "longest", _longest(known, self.beside))

    def at(self, words: list[str], place: int) -> str:
        """Return the longest known phrase that begins at a word, else the word."""
        for size in range(min(self.longest, len(words) - place), 1, -1):
            phrase = " ".join(words[place : place + size])
            if phrase in self.meanings or phrase in self.beside:
                return phrase
        return words[place]


def _longest(*known: Collection[str]) -> int:
    """Count the words of the longest phrase."""
    return max((len(phrase.split()) for phrases in known for phrase in phrases), default=1)


@dataclass(slots=True)
class Clause:
    """What the words of one clause say.

    Parameters
    ----------
    words : list of str
        Folded.
    said : list of str or None
        The meanings of its phrases.
    strange : bool
        Whether it has words that are not understood.
    doubtful : bool
        Whether it denies something, and what that affirms is not certain.
    unsettled : bool
        Whether it speaks of what may come.
    """

    words: list[str]
    said: list[str | None] = field(default_factory=list)
    strange: bool = False
    doubtful: bool = False
    unsettled: bool = False


def folded(text: str) -> str:
    """Write a text as lower-case words without accents and marks.

    Examples
    --------
    >>> folded("NoAnswer"), folded("no-answer"), folded("Didn't réply")
    ('no answer', 'no answer', 'did not reply')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain(text))
    apart = re.sub(r"(?i)\b(?:can|could)(?:n't|'t| not)\b", "cannot", apart)
    return " ".join(re.findall(r"[^\W_]+", without_accents(apart.replace("n't", " not"))))


def clauses_of(text: str, phrases: Phrases) -> list[Clause]:
    """Read the clauses of a text.

    Examples
    --------
    >>> phrases = Phrases({"answered": "answered"})
    >>> [clause.said for clause in clauses_of("Not answered - Sam", phrases)]
    [['missed'], []]
    """
    parts = [folded(part).split() for part in _CLAUSES.split(plain(text))]
    return [_clause(words, phrases) for words in parts if words]


def _clause(words: list[str], phrases: Phrases) -> Clause:
    """Read the words of a clause from left to right."""
    clause, whole = Clause(words), " ".join(words)
    if phrases.meanings.get(whole) is not None or whole in phrases.beside:
        clause.said += [phrases.meanings[whole]] if whole in phrases.meanings else []
        return clause
    denied = named = False
    place = 0
    while place < len(words):
        phrase = phrases.at(words, place)
        place += len(phrase.split())
        if phrase in phrases.beside:
            denied = False
        elif phrase in DENYING or words == ["0"]:
            denied = True
        elif phrase in phrases.meanings:
            meaning = phrases.meanings[phrase]
            if denied:
                meaning = None if phrase in NEVER_DENIED else DENIED.get(meaning or "")
                clause.doubtful |= meaning is None
            clause.said.append(meaning)
            denied = False
        elif phrase in OPEN:
            clause.unsettled = True
        elif phrase in NAMING:
            named = bool(clause.said)
        elif phrase not in FILLING and not phrase.isdigit() and not named:
            clause.strange = True
    clause.doubtful |= denied
    return clause
