"""Names that are spelled: letter by letter, with "double L", or by a spelling alphabet.

A word that the letters spell, or that they begin like right behind it, is the name too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.listening.known_names import is_everyday
from calltrack_nb.listening.numerals import Token
from calltrack_nb.listening.reading import Reading
from calltrack_nb.listening.vocabulary import word_list

_FEWEST_LETTERS: Final = 3
# "November November": a letter may come twice.
_FEWEST_DIFFERENT: Final = 2
_LETTER: Final = (
    r"(?:(?:[Dd]ouble|[Cc]apital)\s)?[A-Za-z](?:,?\s(?:as\sin|as\san|for|like)\s[^\W\d_]+)?"
)
_SPELLED: Final = re.compile(
    rf"(?<![\w'])(?:{_LETTER}(?:\s*[-.,]\s*|\s+)){{2,}}{_LETTER}(?![\w'])"
    r"|(?<![\w'])(?:[A-Za-z],?\s(?:as\sin|for|like)\s[^\W\d_]+[,.]?\s*){2,}",
)
# "Jo, J-O": two letters are enough where the word stands before them.
_SHORT: Final = re.compile(
    r"(?<![\w'])(?P<said>[^\W\d_]{2})[,.]?\s(?P<letters>[A-Za-z][\s.,-]+[A-Za-z])(?![\w'])"
)
_ALPHABET: Final = word_list("spelling_alphabet")
_INITIALS: Final = word_list("initials")


def spelled_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of what is spelled, and of the words that it spells.

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
    >>> said = "Whitby, that is W-H-I-T-B-Y, about the D-I-Y course"
    >>> [said[start:end] for start, end in spelled_names(Reading(said))]
    ['W-H-I-T-B-Y', 'Whitby']
    """
    text = reading.text
    if len(reading.words & _ALPHABET) >= _FEWEST_DIFFERENT:
        yield from _by_alphabet(reading.tokens)
    for match in _SPELLED.finditer(text):
        letters = _letters(match[0])
        if letters in _INITIALS or letters.removeprefix("a") in _INITIALS:
            continue
        yield match.start(), match.start() + len(match[0].rstrip(" ,."))
        yield from _said(reading, match.start(), letters)
    for match in _SHORT.finditer(text):
        if _letters(match["letters"]) == match["said"].lower():
            yield match.span()


def _letters(text: str) -> str:
    return "".join(re.findall(r"(?<![^\W\d_])[a-z](?![^\W\d_])", text.lower()))


def _said(reading: Reading, start: int, letters: str) -> Iterator[tuple[int, int]]:
    """Yield the words that letters spell, and the one before them that begins as they do."""
    for token in reading.tokens:
        if len(token.text) < _FEWEST_LETTERS:
            continue
        beside = token.text[0].isupper() and not reading.text[token.end : start].strip(" ,.-")
        begins = beside and token.end <= start and token.lower[0] == letters[0]
        spelled = len(token.text) > _FEWEST_LETTERS and token.lower in letters
        if spelled or token.lower == letters or (begins and not is_everyday(token.lower)):
            yield token.start, token.end


def _by_alphabet(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield runs of three words or more of the spelling alphabet: "Delta, Echo, November"."""
    run: list[Token] = []
    for token in (*tokens, None):
        if token is not None and token.lower in _ALPHABET:
            run.append(token)
        elif token is None or token.text not in {",", ".", "-"}:
            if len(run) >= _FEWEST_LETTERS:
                yield run[0].start, run[-1].end
            run = []
