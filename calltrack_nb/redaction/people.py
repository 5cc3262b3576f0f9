"""People who are spoken of: "my daughter Xanthe", "tell Ingrid I called", "is Tom in?".

What a name is said with tells it here, so it must be written as one: with a capital, and
neither an everyday word nor a town or a brand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from calltrack_nb.redaction.known_names import (
    holds_name,
    is_everyday,
    is_given,
    is_name,
    is_of_other_things,
    may_be_given,
    may_be_name,
)
from calltrack_nb.redaction.naming import ANOTHER, WAYS
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.vocabulary import word_list

_CAPITAL: Final = re.compile(r"[A-Z][^\W\d_]+")
_NOT_OF_PEOPLE: Final = word_list("behind_names_of_places")
_NO_NAMES: Final = word_list("after_a_name") | word_list("never_names")


def people_spoken_of(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of names of people who are spoken of.

    Parameters
    ----------
    reading : Reading
        One utterance.

    Yields
    ------
    tuple of int
        Start and end offsets; they may overlap.

    Examples
    --------
    >>> said = "tell Ingrid that my daughter Xanthe is in Leeds"
    >>> [said[start:end] for start, end in people_spoken_of(Reading(said))]
    ['Xanthe', 'Ingrid']
    """
    if not (holds_name(reading.words) or _holds_written(reading.text)):
        return
    for way in WAYS:
        if way.clues.isdisjoint(reading.words):
            continue
        for match in way.pattern.finditer(reading.text):
            yield from _names_at(reading.text, match)


def _holds_written(text: str) -> bool:
    """Tell whether a word has a capital that may be a name: most turns hold none."""
    words = {word.lower() for word in _CAPITAL.findall(text)}
    return any(not is_everyday(word) or may_be_given(word) for word in words)


def _names_at(text: str, match: re.Match[str] | None) -> Iterator[tuple[int, int]]:
    """Yield a name, and those that "and" joins to it."""
    while match is not None:
        end = _end_of_name(text, *match.span("name"))
        if end is None:
            return
        yield match.start("name"), end
        match = ANOTHER.match(text, end)


def _end_of_name(text: str, start: int, end: int) -> int | None:
    """Return where a name ends, or nothing where its words are none."""
    said = text[start:end]
    if said.islower():
        return end if is_given(said) else None
    ends = start
    for word in re.finditer(r"[\w'\u2019-]+", said):
        lower = word[0].lower().replace("\u2019", "'").removesuffix("'s")
        known = is_name(lower)
        first = ends == start
        if first and (
            is_of_other_things(lower) or (is_everyday(lower) and not may_be_given(lower))
        ):
            return None
        if lower in _NO_NAMES and not (first and may_be_given(lower)):
            break
        if not first and is_everyday(lower) and not may_be_name(lower):
            break
        ends = start + word.start() + len(word[0]) - (2 if word[0].lower().endswith("'s") else 0)
        if known and lower != word[0].lower():
            break
    behind = re.match(r"\s[^\W\d_]+", text[ends:])
    if ends == start or (behind and behind[0].strip().lower() in _NOT_OF_PEOPLE):
        return None
    return ends
