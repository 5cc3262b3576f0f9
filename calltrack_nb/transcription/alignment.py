"""Words of a window, each put into the span of speech it was heard in.

An aligner is unsure by a few tenths of a second about a word at the edge of a pause, and
lets it begin where the one before it ended, however long ago. Voice detection knows
where speech is, so the words are dealt out to its spans, in order, at least cost: how
far a word would have to be moved, and how much speech would be left without any word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from calltrack_nb.audio import Span
from calltrack_nb.transcription.transcript import Word
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import spoken_parts

_LETTER_S: Final = 0.065
_LEAST_S: Final = 0.12
_EMPTY_COST: Final = 0.6
_EMPTY_LIMIT_S: Final = 0.8
_MID_SENTENCE_COST: Final = 0.15


def align_words(window: Window, words: Sequence[Word]) -> list[tuple[int, Span, Word]]:
    """Put a window's words on the call's clock.

    Parameters
    ----------
    window : Window
        With the speech it is made of.
    words : sequence of Word
        On the window's clock, in order.

    Returns
    -------
    list of tuple
        Channel, span of speech, and the word on the call's clock, inside its span.
    """
    places = [
        (piece.channel, span, piece.start_s - piece.offset_s)
        for piece in window.pieces
        for span in piece.spans
    ]
    if not places or not words:
        return []
    inside = [Span(span.start_s - shift, span.end_s - shift) for _, span, shift in places]
    placed = []
    for word, at in zip(words, _deal(words, inside), strict=True):
        channel, span, shift = places[at]
        start = min(max(word.start_s + shift, span.start_s), span.end_s)
        end = min(max(word.end_s + shift, start), span.end_s)
        placed.append(
            (channel, span, Word(word.text, round(start, 2), round(end, 2), word.probability))
        )
    return placed


def words_said(window: Window, words: Sequence[Word]) -> Counter[tuple[int, Span]]:
    """Count what was said in each span, for which a window's words account.

    A number or a name spelled without hyphens ("5550142", "POWELL") is one written word
    and takes as long to say as its figures and letters: where the speaker pauses inside,
    it accounts for the spans behind the pause too.

    Parameters
    ----------
    window : Window
        With the speech it is made of.
    words : sequence of Word
        On the window's clock, in order.

    Returns
    -------
    collections.Counter
        Words and further figures or letters, by channel and span.
    """
    said: Counter[tuple[int, Span]] = Counter()
    for (channel, span, _), word in zip(align_words(window, words), words, strict=False):
        said[channel, span] += 1
        for moment in _further_moments(word):
            for piece in window.pieces:
                at = moment - piece.offset_s + piece.start_s
                said.update((piece.channel, one) for one in piece.spans if _inside(at, one))
    return said


def _further_moments(word: Word) -> list[float]:
    """Return when the figures or capitals of a word after its first one are said."""
    parts = spoken_parts(word)
    step = (word.end_s - word.start_s) / parts
    return [word.start_s + (number + 0.5) * step for number in range(1, parts)]


def _inside(moment: float, span: Span) -> bool:
    return span.start_s <= moment <= span.end_s


def _deal(words: Sequence[Word], spans: Sequence[Span]) -> list[int]:
    """Return the span of every word, by dynamic programming over both in order."""
    skipped = [0.0]
    for span in spans:
        skipped.append(skipped[-1] + _EMPTY_COST * min(span.length_s, _EMPTY_LIMIT_S))
    costs = [skipped[at] + _misfit(words[0], span) for at, span in enumerate(spans)]
    came: list[list[int]] = []
    for before, word in pairwise(words):
        best, best_from = float("inf"), 0
        # people pause where a sentence or a clause ends rather than inside it
        moving = 0.0 if before.text[-1] in ".,?!;:" else _MID_SENTENCE_COST
        following, chosen = [], []
        for at, span in enumerate(spans):
            # stay in the span, or come from an earlier one past spans left without a word
            arrive = best + skipped[at] + moving
            stay = costs[at]
            chosen.append(at if stay <= arrive else best_from)
            following.append(min(stay, arrive) + _misfit(word, span))
            if costs[at] - skipped[at + 1] < best:
                best, best_from = costs[at] - skipped[at + 1], at
        came.append(chosen)
        costs = following
    ends = [cost + skipped[-1] - skipped[at + 1] for at, cost in enumerate(costs)]
    at = min(range(len(ends)), key=ends.__getitem__)
    path = [at]
    for chosen in reversed(came):
        at = chosen[at]
        path.append(at)
    return path[::-1]


def _misfit(word: Word, span: Span) -> float:
    """Return how many seconds of a word would lie outside a span, at its likelier end."""
    likely = min(_LEAST_S + _LETTER_S * len(word.text), max(0.2, word.end_s - word.start_s))
    late = max(0.0, span.start_s - (word.end_s - likely)) + max(0.0, word.end_s - span.end_s)
    early = max(0.0, span.start_s - word.start_s)
    early += max(0.0, word.start_s + likely - span.end_s)
    return min(late, early)
