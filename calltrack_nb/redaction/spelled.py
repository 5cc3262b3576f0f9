"""Names that are spelled: letter by letter, with "double L", or by a spelling alphabet.

A word that the letters spell, or that they begin like right behind it, is the name too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.redaction.known_names import is_everyday, without_accents
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.vocabulary import word_list

_FEWEST_LETTERS: Final = 3
# "November November": a letter may come twice.
_FEWEST_DIFFERENT: Final = 2
_LETTER: Final = (
    r"(?:(?:[Dd]ouble|[Cc]apital|apostrophe)\s)*[A-Za-z]"
    r"(?:,?\s(?:as\sin|as\san|for|like)\s(?:an?\s)?(?:x[\s-]ray|[^\W\d_]+))?"
)
_SPELLED: Final = re.compile(
    rf"(?<![\w'])(?:{_LETTER}(?:\s*[-.,]\s*|\s+)){{2,}}{_LETTER}(?![\w'])"
    r"|(?<![\w'])(?:[A-Za-z],?\s(?:as\sin|for|like)\s[^\W\d_]+[,.]?\s*){2,}",
)
# "Jo, J-O", "Daley E Y": two letters are enough where the word stands before them.
_SHORT: Final = re.compile(
    r"(?<![\w'])(?P<said>[^\W\d_]{2}|[A-Z][^\W\d_]+)[,.]?\s(?P<letters>[A-Za-z][\s.,-]+[A-Za-z])(?![\w'])"
)
# "not a C": no letter, where the next ones are capitals.
_ARTICLE: Final = re.compile(r"a\s[A-Z]\sI\b")
_ALPHABET: Final = word_list("spelling_alphabet")
# "Whitby, that is W-H": what stands between a name and its letters.
_LEADS_TO_LETTERS: Final = word_list("words_before_letters")
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
        if _ARTICLE.match(match[0]) and len(letters) <= _FEWEST_LETTERS:
            continue
        if letters in _INITIALS or letters.removeprefix("a") in _INITIALS:
            continue
        yield match.start(), match.start() + len(match[0].rstrip(" ,."))
        yield from _said(reading, match.start(), letters)
    for match in _SHORT.finditer(text):
        said, letters = match["said"].lower(), _letters(match["letters"])
        part = said.startswith(letters) or said.endswith(letters)
        if said == letters or (part and not (is_everyday(said) or match["said"].isupper())):
            yield match.span()


def _letters(text: str) -> str:
    """Return what letters spell, in lower case: "double A R" is "aar"."""
    text = re.sub(r"\bdouble\s([a-z])\b", r"\1 \1", text.lower())
    return "".join(re.findall(r"(?<![^\W\d_])[a-z](?![^\W\d_])", text.lower()))


def _said(reading: Reading, start: int, letters: str) -> Iterator[tuple[int, int]]:
    """Yield the words that letters spell, and the name before them that begins as they do."""
    before: Sequence[Token] = _name_before(reading, start)
    if any(without_accents(token.lower).startswith(letters[0]) for token in before):
        yield before[0].start, before[-1].end
    else:
        before = ()
    for token in reading.tokens:
        word = without_accents(token.lower)
        if len(word) < _FEWEST_LETTERS or token in before:
            continue
        spelled = len(word) > _FEWEST_LETTERS and word in letters
        begun = word.startswith(letters) and token.text[0].isupper()
        if spelled or begun or word == letters:
            yield token.start, token.end


def _name_before(reading: Reading, start: int) -> Sequence[Token]:
    """Return the words right before what is spelled that are written as a name: "Xiulan Zhao"."""
    words: list[Token] = []
    for token in reversed([token for token in reading.tokens if token.end <= start]):
        behind = reading.text[token.end : words[0].start if words else start]
        capital = token.text[0].isupper() and not token.text.isupper()
        written = capital and not is_everyday(token.lower)
        if token.text in ",.-" and not words:
            continue
        if not words and token.lower in _LEADS_TO_LETTERS:
            continue
        if not written or (words and behind != " "):
            break
        words.insert(0, token)
    return words


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
