"""Tokens with times, joined into words as people say them, and words written as text.

What hyphens join is said part by part, a spelled name with a pause where the speller
thinks; so each part is a word of its own here, with its own time, and begins with its
hyphen: ``P``, ``-O``, ``-W``. Written down they are one again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from calltrack_nb.transcription.transcript import Word

_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
_BEFORE_HYPHEN: Final = re.compile(r"(?<=[^\W_])(?=-[^\W_])")
_HYPHENED: Final = re.compile(r"-[^\W_]")


def join_words(parts: Iterable[Word], language: str | None) -> tuple[Word, ...]:
    """Join an aligner's parts into words.

    Parameters
    ----------
    parts : iterable of Word
        Texts with the leading space the model wrote, or without one where a part
        belongs to what stands before it, such as a comma.
    language : str or None
        Languages written without spaces keep their parts as they are.

    Returns
    -------
    tuple of Word
        Without spaces around, none of them empty; parts joined by hyphens apart, see
        :func:`written`.

    Examples
    --------
    >>> parts = [Word(" S", 0, 0.2, 0.9), Word("-I", 0.2, 0.4, 0.7), Word(".", 0.4, 0.4, 0.8)]
    >>> [word.text for word in join_words(parts, "en")]
    ['S', '-I.']
    """
    joined: list[Word] = []
    weights: list[int] = []
    for part in parts:
        text = part.text.strip()
        if not text:
            continue
        bare = not any(letter.isalnum() for letter in text)
        loose = part.text[0].isspace() or (language in _UNSPACED and not bare)
        if joined and (bare or not (loose or _HYPHENED.match(text))):
            before, count = joined[-1], weights[-1]
            # a comma is laid over the pause that follows it, so it does not move the end
            end = before.end_s if bare else part.end_s
            mean = (before.probability * count + part.probability) / (count + 1)
            joined[-1] = Word(f"{before.text}{text}", before.start_s, end, mean)
            weights[-1] = count + 1
        else:
            joined.append(Word(text, part.start_s, part.end_s, part.probability))
            weights.append(1)
    return tuple(
        Word(part.text, part.start_s, part.end_s, round(part.probability, 3))
        for word in joined
        for part in _parted(word)
    )


def follows_hyphen(word: Word) -> bool:
    """Whether a word is the next part of what stands before it.

    Examples
    --------
    >>> follows_hyphen(Word("-five", 0, 1, 1)), follows_hyphen(Word("-", 0, 1, 1))
    (True, False)
    """
    return _HYPHENED.match(word.text) is not None


def spoken_parts(word: Word) -> int:
    """Count what is said one by one in a word: figures, capitals of a name spelled.

    Examples
    --------
    >>> [spoken_parts(Word(text, 0, 1, 1)) for text in ("555-0142.", "POWELL,", "cake", "I")]
    [7, 6, 1, 1]
    """
    letters = [letter for letter in word.text if letter.isalnum()]
    spelled = all(letter.isdigit() or letter.isupper() for letter in letters)
    return max(1, len(letters)) if spelled else 1


def written(words: Iterable[Word]) -> str:
    """Write words as text, what hyphens join as one.

    Examples
    --------
    >>> written([Word("It's", 0, 1, 1), Word("P", 1, 2, 1), Word("-O", 2, 3, 1)])
    "It's P-O"
    """
    pieces: list[str] = []
    for word in words:
        if not pieces:
            # the first part of a run may belong to an earlier turn
            pieces.append(word.text[1:] if follows_hyphen(word) else word.text)
        else:
            pieces.append(word.text if follows_hyphen(word) else f" {word.text}")
    return "".join(pieces)


def _parted(word: Word) -> Iterator[Word]:
    """Part a word before its hyphens; each part gets a share of its time by its letters."""
    parts = _BEFORE_HYPHEN.split(word.text)
    start_s = word.start_s
    step_s = (word.end_s - word.start_s) / len(word.text)
    for part in parts:
        end_s = word.end_s if part is parts[-1] else start_s + step_s * len(part)
        yield Word(part, start_s, end_s, word.probability)
        start_s = end_s
