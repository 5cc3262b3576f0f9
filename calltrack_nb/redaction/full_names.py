"""Names told by the words themselves: "Debra Lopez" anywhere, "its maria lopez" as a turn.

Nothing introduces these. A first name and a family name beside each other are a name; so
is a turn that holds nothing else, or that answers "your name?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final

from calltrack_nb.redaction.known_names import (
    holds_name,
    is_everyday,
    is_first_name,
    is_given,
    is_name,
    may_be_given,
    may_be_name,
)
from calltrack_nb.redaction.names import name_words
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.vocabulary import word_list

_LONGEST_ANSWER: Final = 4
_PARTICLES: Final = word_list("name_particles")
# What may stand around a name in a turn that holds nothing else.
_LEADS: Final = word_list("before_an_answer")
_TRAILS: Final = word_list("behind_an_answer")
# Words behind a name that make it the name of something else.
_NOT_OF_PEOPLE: Final = word_list("behind_names_of_places")
_BRANDS: Final = word_list("names_of_brands")
_TYPED: Final = re.compile(r"\s*[^\W\d_A-Z]{4,}\s[^\W\d_A-Z]{3,}\s*")
_BELONGINGS: Final = word_list("belongings_of_people")
_DOINGS: Final = word_list("doings_of_people")
_BEFORE_THINGS: Final = word_list("before_names_of_things")
_BEFORE_PEOPLE: Final = frozenset(
    [
        "for",
        "to",
        "with",
        "by",
        "ask",
        "thank",
        "get",
        "tell",
        "told",
        "asked",
        "hi",
        "hey",
        "thanks",
    ]
)
# "Sue them": a verb.
_OBJECTS: Final = frozenset(["them", "him", "us", "me"])


def full_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield names that nothing introduces.

    Parameters
    ----------
    reading : Reading
        An utterance.

    Yields
    ------
    tuple of int
        Start and end offsets; they may overlap.

    Examples
    --------
    >>> said = "I spoke to Debra Lopez about Jackson Street"
    >>> [said[start:end] for start, end in full_names(Reading(said))]
    ['Debra Lopez']
    >>> said = "its maria lopez"
    >>> {said[start:end] for start, end in full_names(Reading(said))}
    {'maria lopez'}
    """
    # Most utterances hold no name at all: cheaper to see than to cut into tokens.
    if holds_name(reading.words):
        yield from _side_by_side(reading.text, reading.tokens)
        yield from _alone(reading.tokens)
        yield from _whole_turn(reading.tokens)
    elif len(reading.words) == 2 and _TYPED.fullmatch(reading.text):
        yield from _of_no_language(reading)


def answered_names(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Take a short turn after "your name?" for a name, unless its words say otherwise.

    Parameters
    ----------
    tokens : sequence of Token
        The answer.

    Yields
    ------
    tuple of int
        Start and end offsets of its words.

    Examples
    --------
    >>> from calltrack_nb.redaction.numerals import tokenize
    >>> said = "yes it's Aoife Ni Bhriain"
    >>> [said[start:end] for start, end in answered_names(tokenize(said))]
    ['Aoife', 'Bhriain']
    """
    words = _without_small_talk([token for token in tokens if token.text[0].isalpha()])
    if len(words) > _LONGEST_ANSWER:
        return
    if len(words) == 1 and may_be_given(words[0].lower):
        yield words[0].start, words[0].end
        return
    for token in words:
        written = token.text[0].isupper() and token.text.lower() != token.text
        if name_words(token.text) and (written or not is_everyday(token.lower)):
            yield token.start, token.end


def _of_no_language(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield two words typed as a turn, neither of which is an everyday one: "nouman fareed"."""
    lower = [token.lower for token in reading.tokens]
    if not any(is_everyday(word) or word in _NOT_OF_PEOPLE for word in lower):
        yield reading.tokens[0].start, reading.tokens[-1].end


def _side_by_side(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield a first name and what follows it as a family name does."""
    for place, (first, second) in enumerate(pairwise(tokens)):
        if not (first.text[0].isalpha() and second.text[0].isalpha()):
            continue
        if text[first.end : second.start] != " " or not _are_a_name(first, second):
            continue
        last = place + 1
        while last + 1 < len(tokens) and _goes_on(text, tokens[last], tokens[last + 1]):
            last += 1
        behind = tokens[last + 1].lower if last + 1 < len(tokens) else ""
        if f"{first.lower}_{second.lower}" in _BRANDS:
            continue
        if behind not in _NOT_OF_PEOPLE and tokens[last].lower not in _NOT_OF_PEOPLE:
            yield first.start, tokens[last].end


def _are_a_name(first: Token, second: Token) -> bool:
    written = first.text[0].isupper() and second.text[0].isupper()
    if written:
        if is_name(first.lower):
            return not is_everyday(second.lower) or (
                may_be_name(second.lower) and second.lower not in _NOT_OF_PEOPLE
            )
        return may_be_name(first.lower) and is_name(second.lower) and not is_given(second.lower)
    return is_given(first.lower) and is_name(second.lower) and second.text.islower()


def _goes_on(text: str, token: Token, following: Token) -> bool:
    joined = text[token.end : following.start]
    if joined == "-" or following.text == "-":
        return following.text[0].isupper() or following.text == "-"
    return (
        joined == " "
        and following.text[0].isupper()
        and token.text[0].isupper()
        and may_be_name(following.lower)
    )


def _alone(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield a first name that is written as one: "I talked to Debra", "Milo's mum".

    A rarer one must do or own something, or follow a word like "for".
    """
    for place, token in enumerate(tokens):
        if not token.text[0].isupper() or not is_first_name(token.lower):
            continue
        before = tokens[place - 1] if place else None
        behind = tokens[place + 1] if place + 1 < len(tokens) else None
        if _is_in_a_name(before, token, behind, first=place < 2):
            continue
        owns = token.lower.endswith("'s")
        does = behind is not None and behind.lower in (_BELONGINGS if owns else _DOINGS)
        does = does or (owns and behind is not None and behind.lower in _DOINGS - {"and"})
        met = before is not None and before.lower in _BEFORE_PEOPLE
        common = is_given(token.lower) and not (behind and behind.lower in _OBJECTS)
        if does or (not owns and (common or met)):
            yield token.start, token.end - 2 * owns


def _is_in_a_name(before: Token | None, token: Token, behind: Token | None, *, first: bool) -> bool:
    """Tell whether a name is a part of another: of a street, of a brand, of a kind of cake."""
    if behind is not None and (
        f"{token.lower}_{behind.lower}" in _BRANDS
        or (behind.text[0].isupper() and behind.text != "I")
        or behind.lower in _NOT_OF_PEOPLE
    ):
        return True
    return before is not None and (
        before.lower in _BEFORE_THINGS
        or before.text[0].isdecimal()
        or (not first and len(before.text) > 1 and before.text[0].isupper())
    )


def _whole_turn(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the name of a turn that holds a name and nothing else: "Yes, John Smith."."""
    # "Lopez, L-O-P-E-Z": what is spelled is found by its letters.
    said = takewhile(lambda token: len(token.text) > 1 or not token.text.isalpha(), tokens)
    words = _without_small_talk([token for token in said if token.text[0].isalpha()])
    if not words or len(words) > _LONGEST_ANSWER:
        return
    first = tokens.index(words[0])
    last = tokens.index(words[-1])
    if any(
        token.text not in {".", "-", ","}
        for token in tokens[first : last + 1]
        if token not in words
    ):
        return
    lower = [token.lower for token in words]
    if any(is_everyday(word) and not may_be_name(word) for word in lower if word not in _PARTICLES):
        return
    if lower[-1] in _NOT_OF_PEOPLE:
        return
    known = [is_name(word) for word in lower]
    everyday = sum(is_everyday(word) for word in lower)
    if any(known) and everyday < len(words) and (len(words) > 1 or not lower[0].endswith("'s")):
        yield words[0].start, words[-1].end


def _without_small_talk(words: list[Token]) -> list[Token]:
    """Leave out what may stand before and behind a name in a turn of its own."""
    first, last = 0, len(words)
    while first < last and words[first].lower in _LEADS:
        first += 1
    while last > first and words[last - 1].lower in _TRAILS:
        last -= 1
    return words[first:last]
