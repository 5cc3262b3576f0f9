"""Spoken words with their numbers in figures, and where each stands in what was said.

A recogniser writes the same time as "half past four", "4.30" or "four thirty". Here number
words become figures, "twenty first" becomes "21st", and everything is in lower case, so that
what reads days and times has one notation to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"\[[^\]\s]*\]|\d{1,2}[:.]\d{2}(?!\d|,\d)|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|"
    r"[$£€]?\d[\d,]*(?:\.\d+)?(?:k\b|st\b|nd\b|rd\b|th\b|(?=[ap]m\b))?|[ap]\.m\b\.?|"
    r"[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]",
    re.IGNORECASE,
)
_ONES: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_SMALL: Final = {word: value for value, word in enumerate(_ONES)}
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
} | {"fourty": 40}
_LARGE: Final = {"hundred": 100, "thousand": 1000, "grand": 1000}
_ORDINALS: Final = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        1,
    )
} | {"twentieth": 20, "thirtieth": 30}
_HALF: Final = ["and", "a", "half"]
_DIGITS: Final = 4
"""So many single figures in a row are a number to dial or an account, not an amount."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, with its numbers in figures.

    Attributes
    ----------
    text : str
        In lower case, one space between words.
    places : tuple of (int, int, int, int)
        For each word: first character and the one after its last in `text`, and the same two
        in what was said.
    """

    text: str
    places: tuple[tuple[int, int, int, int], ...]

    def said(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of `text` stands in what was said.

        Examples
        --------
        >>> spoken = in_figures("On the twenty first, please")
        >>> spoken.text
        'on the 21st , please'
        >>> spoken.said(7, 11)
        (7, 19)
        """
        inside = [place for place in self.places if place[0] < end and place[1] > start]
        return (inside[0][2], inside[-1][3]) if inside else (0, 0)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def in_figures(text: str) -> Spoken:
    """Write the numbers of what was said in figures.

    Parameters
    ----------
    text : str
        What was said, in any case, with or without punctuation.

    Examples
    --------
    >>> in_figures("Half past four, or a hundred and fifty pounds").text
    'half past 4 , or 150 pounds'
    >>> in_figures("ten thirty on the third of May").text
    '10 30 on the 3rd of may'
    """
    words = list(_words(text.replace("\u2019", "'")))
    parts: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    at = 0
    for word in _without_dialled(list(_joined(words))):
        places.append((at, at + len(word.text), word.start, word.end))
        parts.append(word.text)
        at += len(word.text) + 1
    return Spoken(" ".join(parts), tuple(places))


def _words(text: str) -> Iterator[_Word]:
    """Yield the words, "five's" and "the fourth's" as two."""
    for found in _TOKEN.finditer(text):
        word, (start, end) = found.group().lower(), found.span()
        stem = word.removesuffix("'s")
        if stem != word and (stem in _SMALL or stem in _TENS or stem in _ORDINALS):
            yield _Word(stem, start, end - 2)
            yield _Word("is", end - 2, end)
        else:
            yield _Word(word, start, end)


def _joined(words: Sequence[_Word]) -> Iterator[_Word]:
    at = 0
    while at < len(words):
        written, taken = _number(words, at)
        if not taken:
            yield words[at]
            at += 1
            continue
        yield _Word(written, words[at].start, words[at + taken - 1].end)
        at += taken


def _number(words: Sequence[_Word], at: int) -> tuple[str, int]:
    """Read a number that begins at a word: how it is written, and how many words it took."""
    texts = [word.text for word in words[at : at + 12]]
    value, taken = _below_hundred(texts)
    if texts[0] in ("a", "an") and texts[1:2] and texts[1] in _LARGE:
        value, taken = 1, 1
    if not taken:
        tens = _TENS.get(texts[0])
        if tens and texts[1:2] and _ORDINALS.get(texts[1], 10) < 10:
            return _ordinal(tens + _ORDINALS[texts[1]]), 2
        ordinal = _ORDINALS.get(texts[0])
        return (_ordinal(ordinal), 1) if ordinal else _plain(texts[0])
    if texts[taken : taken + 1] and value % 10 == 0 and texts[taken] in _ORDINALS and value >= 20:
        return _ordinal(value + _ORDINALS[texts[taken]]), taken + 1
    half = 0.5 if texts[taken : taken + 3] == _HALF else 0.0
    if half and texts[taken + 3 : taken + 4] and texts[taken + 3] in _LARGE:
        return f"{round((value + half) * _LARGE[texts[taken + 3]])}", taken + 4
    total = 0
    while texts[taken : taken + 1] and texts[taken] in _LARGE:
        total += value * _LARGE[texts[taken]]
        taken += 1
        skip = taken + (texts[taken : taken + 1] == ["and"])
        value, more = _below_hundred(texts[skip:])
        again = texts[skip + more : skip + more + 1]
        if not more or (skip > taken and again and again[0] in _LARGE):
            value = 0  # "a thousand and fifteen hundred" are two amounts
            break
        taken = skip + more
    return str(total + value), taken


def _below_hundred(texts: Sequence[str]) -> tuple[int, int]:
    if not texts:
        return 0, 0
    if texts[0] in _TENS:
        ones = _SMALL.get(texts[1], 0) if len(texts) > 1 else 0
        return (_TENS[texts[0]] + ones, 2) if 0 < ones < 10 else (_TENS[texts[0]], 1)
    if texts[0] in _SMALL:
        return _SMALL[texts[0]], 1
    if texts[0].isdecimal() and len(texts) > 1 and texts[1] in _LARGE:
        return int(texts[0]), 1
    return 0, 0


def _plain(text: str) -> tuple[str, int]:
    """Write "$1,200" and "2k" as the amounts they are; other words stay."""
    amount = re.fullmatch(r"([$£€]?)(\d[\d,]*(?:\.\d+)?)(k?)", text)
    if amount is None or not (amount[1] or amount[3] or "," in text):
        return "", 0
    value = float(amount[2].replace(",", "")) * (1000 if amount[3] else 1)
    return f"{amount[1]}{value:g}" if value < 1e6 else f"{amount[1]}{value:.0f}", 1


def _ordinal(value: int) -> str:
    ending = "th" if 10 < value < 14 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _without_dialled(words: Sequence[_Word]) -> Iterator[_Word]:
    """Put a mark in place of runs of single figures, which tell no day and no amount."""
    run: list[_Word] = []
    for word in (*words, _Word("", 0, 0)):
        if word.text in ("oh", "double", "triple") or re.fullmatch(r"\d", word.text):
            run.append(word)
            continue
        if len(run) >= _DIGITS:
            yield _Word("#", run[0].start, run[-1].end)
        else:
            yield from run
        run = []
        if word.text:
            yield word
