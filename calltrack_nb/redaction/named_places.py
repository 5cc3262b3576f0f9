"""Addresses without a street word: "5 Tan y Bryn, Bangor", "The Old Rectory, Church Lane".

Many streets are called by a name alone. A number and words written as names are a house
where a town follows, where the street's name is Welsh, Gaelic or French, or where what
stands before says that somebody lives there; a house without a number is told by what
houses are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.redaction.address_ends import HOUSE, SPOKEN_NUMBER, begin_of, end_of
from calltrack_nb.redaction.known_names import is_everyday
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.vocabulary import word_list

_ABROAD: Final = word_list("street_words_abroad")
_LINKS: Final = word_list("links_in_street_names")
_STREETS: Final = word_list("words_of_named_streets")
_IN_NAMES: Final = word_list("words_of_towns") | _STREETS
_LONGEST_NAME: Final = 6
_NUMBERED: Final = re.compile(rf"(?<![\w$£€.,]){HOUSE},?\s(?-i:(?=(?:the\s)?[A-Z]))", re.IGNORECASE)
_LIVES: Final = re.compile(
    r"\b(?:(?:live|lives|living|lived|moved|moving|based|located|stay(?:s|ing)?|situated|deliver(?:ed|s)?|ship|post(?:ed)?|"
    r"come|get|go|round|over|send|sent|bring|drop(?:ped)?|collect(?:ed)?|pick\sup)(?:\s(?:it|them|that|up|out|off))?"
    r"\s(?:at|on|to|in|from)"
    r"|(?:address|home|house|place|property|job|site|flat|office|shop|delivery|billing|shipping|mum|dad|mother|"
    r"father|sister|brother|son|daughter|nan|gran|parents)(?:'s|\sis|\swill\sbe|[?:,])?(?:\s(?:at|on|in))?"
    r"|(?:i'm|we're|he's|she's|they're|i\sam|we\sare)(?:\s(?:at|on|in))?)\s(?:number\s)?$",
    re.IGNORECASE,
)
_AT: Final = re.compile(
    r"\b(?:at|from|to|it's|that's)\s(?:number\s)?$|\bnumber\s$|^\W*$"
    r"|\b(?:flat|unit|apartment|suite)\s[\w\s]{1,12},?\s$",
    re.IGNORECASE,
)
# "Part number 90915 YZZF2" is none.
_NUMBER: Final = re.compile(
    r"(?:^\W*|\b(?:at|to|it's|house|from|is)\s)number\s$|\b(?:lot|plot)\s$", re.IGNORECASE
)
_NOT_STREETS: Final = word_list("after_a_name") | word_list("not_in_labels")
_PLACE_FOLLOWS: Final = re.compile(r"^,\s(?:[A-Z][\w'\u2019-]+)")
_DESCRIBED: Final = re.compile(
    r"^,?\s(?:(?:just\s)?off|opposite|next\sto|next\sdoor|near|behind|above|that's\sthe\s(?:road|street|house)|"
    r"it's\sthe\s\w+\sdoor)\b"
)
_HOUSE_WORDS: Final = word_list("words_of_named_houses")
_HOUSE_WORD: Final = f"(?:{'|'.join(sorted(word.title() for word in _HOUSE_WORDS))})"
_NAMED: Final = re.compile(
    rf"(?:(?:[Tt]he\s)?(?:[A-Z][\w'\u2019]+\s){{0,3}}{_HOUSE_WORD})(?![\w'])"
)
# "Rose Cottage, Back Lane": what follows is written as a place too.
_FURTHER: Final = re.compile(
    r",\s(?:[A-Z][\w'\u2019-]+(?:\s|,|$)){1,3}|,\s(?:flat|apartment|unit|number)\b|,?\s(?:on|in)\s[A-Z][\w']+\s[A-Z][\w']+"
)
_CALLED: Final = re.compile(
    r"\b(?:house|farm|cottage|place|property|barn|home|bungalow|boat)(?:'s|\sis)\scalled\s(?P<place>(?-i:(?:[Tt]he\s)?[A-Z][\w']+"
    r"(?:\s[A-Z][\w']+){0,2}))",
    re.IGNORECASE,
)
# "I'm in K T twelve"
_IN_CODE: Final = re.compile(
    rf"\b(?:i'm|we're|live|it's|based|is)\sin\s(?P<code>(?-i:[A-Z]\s?[A-Z]?)\s{SPOKEN_NUMBER}(?:\s{SPOKEN_NUMBER})?)\b",
    re.IGNORECASE,
)
_LIVES_THERE: Final = re.compile(
    r"\b(?:live|lives|living|based|stay|staying|moved|moving)\s(?:at|in|to)\s$"
    r"|\b(?:house|cottage|farm|place|property|home|address|barn)(?:'s|\sis)(?:\s(?:called|named))?\s$"
    r"|\baddress\s(?:called\s)?$|\bour\saddress,\s$",
    re.IGNORECASE,
)


def named_places(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of addresses that are told by a name and not by a street word.

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
    >>> said = "she is at 9 The Limes, Ware and we live at Rose Cottage, Back Lane"
    >>> [said[start:end] for start, end in named_places(Reading(said))]
    ['9 The Limes, Ware', 'Rose Cottage, Back Lane']
    """
    text = reading.text
    if reading.numbered:
        for match in _NUMBERED.finditer(text):
            end = _end_of_street(reading, match.start(), match.end())
            if end is not None:
                yield begin_of(reading, match.start()), end_of(reading, end)
        for match in _IN_CODE.finditer(text):
            yield match.span("code")
    if "called" in reading.words:
        for match in _CALLED.finditer(text):
            yield match.start("place"), end_of(reading, match.end())
    if _HOUSE_WORDS.isdisjoint(reading.words):
        return
    for match in _NAMED.finditer(text):
        before = text[: match.start()]
        further = _FURTHER.match(text, match.end())
        if _LIVES_THERE.search(before) or (further and _opens(before)):
            yield match.start(), end_of(reading, match.end())


def _opens(before: str) -> bool:
    """Tell whether a sentence begins with what follows: "it's Rose Cottage, Ware"."""
    return (
        re.search(
            r"(?:^|[.?!,]\s|\b(?:it's|is|at|in|we're|i'm|to|address|that's|from)\s)$",
            before,
            re.IGNORECASE,
        )
        is not None
    )


def _end_of_street(reading: Reading, start: int, offset: int) -> int | None:
    """Return where the name of a street ends behind the number of a house, if it is one."""
    text = reading.text
    words = _words_of_a_street([token for token in reading.tokens if token.start >= offset])
    if not words:
        return None
    end = words[-1].end
    before = text[:start]
    lower = [word.lower.removesuffix("'s") for word in words]
    telling = [word for word in lower if word in _IN_NAMES or not is_everyday(word)]
    if lower[0] == "the":
        telling = lower[1:]
    two = len(words) > 1
    lives = _LIVES.search(before) is not None or _NUMBER.search(before) is not None
    begins = lower[0] == "the" or lower[0] in _IN_NAMES | _ABROAD or not is_everyday(lower[0])
    if not (telling and begins) and not (lives and two and _NOT_STREETS.isdisjoint(lower)):
        return None
    follows = any(told.match(text[end:]) for told in (_PLACE_FOLLOWS, _DESCRIBED))
    ends = not text[end:].strip(" .!?")
    at = _AT.search(before) is not None
    told = (
        lives
        or lower[0] in _ABROAD
        or (two and lower[1] in _LINKS and lower[0] != "the")
        or (lower[0] == "the" and (follows or (at and ends)))
        or (at and _DESCRIBED.match(text[end:]) is not None)
        or (two and (follows or (at and (ends or lower[-1] in _STREETS))))
    )
    return end if told else None


def _words_of_a_street(tokens: Sequence[Token]) -> list[Token]:
    """Return the words that may be a street's name: those with capitals, and what links them."""
    words: list[Token] = []
    for token in tokens[:_LONGEST_NAME]:
        written = (
            token.text[0].isupper() and token.text.lower() != token.text and token.lower != "i"
        )
        links = token.lower in _LINKS or (token.lower == "the" and not words)
        if not (written or links):
            break
        words.append(token)
    while words and words[-1].lower in _LINKS and not words[-1].text[0].isupper():
        words.pop()
    return words
