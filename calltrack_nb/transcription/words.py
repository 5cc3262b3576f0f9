"""Tokens with times, joined into words as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from calltrack_nb.transcription.transcript import Word

_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "my", "yue"})


def join_words(parts: Iterable[Word], language: str | None) -> tuple[Word, ...]:
    """Join an aligner's parts into words.

    Parameters
    ----------
    parts : iterable of Word
        Texts with the leading space the model wrote, or without one where a part
        belongs to what stands before it: a comma, or the next letter of ``S-I-T-T``.
    language : str or None
        Languages written without spaces keep their parts as they are.

    Returns
    -------
    tuple of Word
        Without spaces around, none of them empty.

    Examples
    --------
    >>> parts = [Word(" S", 0, 0.2, 0.9), Word("-I", 0.2, 0.4, 0.7), Word(".", 0.4, 0.4, 0.8)]
    >>> join_words(parts, "en")
    (Word(text='S-I.', start_s=0, end_s=0.4, probability=0.8),)
    """
    joined: list[Word] = []
    weights: list[int] = []
    for part in parts:
        text = part.text.strip()
        if not text:
            continue
        bare = not any(letter.isalnum() for letter in text)
        loose = part.text[0].isspace() or (language in _UNSPACED and not bare)
        if joined and (bare or not loose):
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
        Word(word.text, word.start_s, word.end_s, round(word.probability, 3)) for word in joined
    )
