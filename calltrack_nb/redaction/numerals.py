"""Runs of digits in speech: written, spoken, doubled, broken by "uh" and "dash".

A telephone number reaches a transcript as ``555-0123``, as ``five five five oh one
two three`` or as a mixture of both, with fillers between. This module finds every
such run and says which digits it holds; what a run *means* is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from calltrack_nb.redaction.vocabulary import word_list

_TOKEN: Final = re.compile(r"\[[A-Z_]+\]|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[^\w\s]|_")  # noqa: RUF001 - typographic apostrophe

_UNITS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
    "oh": "0", "o": "0", "nought": "0", "naught": "0", "niner": "9",
}  # fmt: skip
_TEENS: Final = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS: Final = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_ZEROS: Final = {"hundred": "00", "thousand": "000"}
_REPEATS: Final = {"double": 2, "triple": 3, "treble": 3}
_STARTS: Final = frozenset((*_UNITS, *_TEENS, *_TENS, *_REPEATS))
_WORD: Final = re.compile(r"[a-z]+")
#: What finds the texts of which :func:`may_be_spoken` is true, for a whole column at once.
SPOKEN: Final = rf"(?i:(?:^|[^a-z])(?:{'|'.join(sorted(_STARTS))})(?:[^a-z]|$))"
_DIGIT: Final = re.compile(r"\d")
# "the last one", "this one": no digit.
_BEFORE_ONE: Final = frozenset(
    ["last", "next", "first", "this", "that", "other", "which", "only", "best", "wrong", "right"]
)
_JOINERS: Final = frozenset(["-", ".", "(", ")", "+", ",", "/", "#", "–", "—", "*", "…"])  # noqa: RUF001 - dashes as typed
_FILLERS: Final = word_list("within_numbers")
_LONGEST_PAUSE: Final = 3


class Token(NamedTuple):
    """A word, a number or a mark, with its place in the text.

    Attributes
    ----------
    text : str
        As it stands there.
    start, end : int
        Offsets into the text.
    lower : str
        In lower case, with a straight apostrophe.
    """

    text: str
    start: int
    end: int
    lower: str


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said or written one after another.

    Attributes
    ----------
    first, last : int
        Indices of the first and last token, both included.
    digits : str
        What was said, as digits.
    spoken : bool
        Whether any of it was said in words.
    scales : int
        How many times "hundred" or "thousand" was said: many of them make a
        quantity, not a telephone number.
    """

    first: int
    last: int
    digits: str
    spoken: bool
    scales: int


def tokenize(text: str) -> tuple[Token, ...]:
    """Split a text into words, numbers and marks.

    Examples
    --------
    >>> [token.text for token in tokenize("It's 5-6.")]
    ["It's", '5', '-', '6', '.']
    """
    return tuple(
        Token(m[0], m.start(), m.end(), m[0].lower().replace("\u2019", "'"))
        for m in _TOKEN.finditer(text)
    )


def may_hold_digits(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text holds anything that could begin a run of digits.

    Parameters
    ----------
    text : str
        An utterance.
    words : frozenset of str
        Its words in lower case.

    Examples
    --------
    >>> may_hold_digits("see you at nine", frozenset({"see", "you", "at", "nine"}))
    True
    >>> may_hold_digits("see you", frozenset({"see", "you"}))
    False
    """
    return not _STARTS.isdisjoint(words) or _DIGIT.search(text) is not None


def may_be_spoken(text: str) -> bool:
    """Tell whether a text holds a word for a figure; most texts hold none.

    Examples
    --------
    >>> may_be_spoken("at four oh four"), may_be_spoken("at 404, someone said")
    (True, False)
    """
    return not _STARTS.isdisjoint(_WORD.findall(text.lower()))


def digit_runs(tokens: Sequence[Token]) -> tuple[Run, ...]:
    """Find every run of digits.

    Parameters
    ----------
    tokens : sequence of Token
        As :func:`tokenize` gives them.

    Returns
    -------
    tuple of Run
        In order, without overlap. Fillers and punctuation inside a run belong to
        it, those at its ends do not.

    Examples
    --------
    >>> run, = digit_runs(tokenize("it's oh four one five, um, double two 8 thirty one"))
    >>> run.digits
    '041522831'
    """
    runs: list[Run] = []
    position = 0
    while position < len(tokens):
        run = _run_from(tokens, position) if _may_start(tokens, position) else None
        if run is None:
            position += 1
        else:
            runs.append(run)
            position = run.last + 1
    return tuple(runs)


def _may_start(tokens: Sequence[Token], position: int) -> bool:
    token = tokens[position]
    if token.lower == "one" and position and tokens[position - 1].lower in _BEFORE_ONE:
        return False
    return token.lower in _STARTS or token.text.isdecimal()


def _run_from(tokens: Sequence[Token], first: int) -> Run | None:
    digits, last, pause, scales, spoken = "", first - 1, 0, 0, False
    position = first
    while position < len(tokens) and pause <= _LONGEST_PAUSE:
        value, used = _value(tokens, position, inside=bool(digits))
        if value:
            word = tokens[position + used - 1].lower
            scales += word in _ZEROS
            spoken |= not tokens[position].text.isdigit()
            digits += value
            position += used
            last, pause = position - 1, 0
        elif digits and _joins(tokens[position]):
            pause += tokens[position].lower not in _JOINERS
            position += 1
        else:
            break
    return Run(first, last, digits, spoken, scales) if digits else None


def _joins(token: Token) -> bool:
    return token.lower in _JOINERS or token.lower in _FILLERS


def _value(  # noqa: PLR0911 - one kind of number word after another
    tokens: Sequence[Token], position: int, *, inside: bool
) -> tuple[str, int]:
    word = tokens[position].lower
    following = tokens[position + 1].lower if position + 1 < len(tokens) else ""
    if word.isdecimal() and word.isascii():
        return (word + _ZEROS[following], 2) if following in _ZEROS else (word, 1)
    if word in _REPEATS:
        unit = _UNITS.get(following) or (following if re.fullmatch(r"\d", following) else "")
        return (unit * _REPEATS[word], 2) if unit else ("", 0)
    if word == "o" and not (inside or following in _UNITS):
        return "", 0
    if word == "oh" and not (inside or following in _UNITS or following in _REPEATS):
        return "", 0
    if word in _UNITS:
        if following in _ZEROS:
            return _UNITS[word] + _ZEROS[following], 2
        return _UNITS[word], 1
    if word in _TEENS:
        zeros = _ZEROS.get(following, "")
        return _TEENS[word] + zeros, 1 + bool(zeros)
    if word in _TENS:
        return _tens(tokens, position)
    return "", 0


def _tens(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    digit = _TENS[tokens[position].lower]
    ahead = position + 1
    if ahead < len(tokens) and tokens[ahead].text == "-":
        ahead += 1
    unit = _UNITS.get(tokens[ahead].lower, "") if ahead < len(tokens) else ""
    if unit and unit != "0":
        return digit + unit, ahead - position + 1
    return digit + "0", 1
