"""How an utterance is cut to be listened to: sentences, and clauses of long ones.

A recogniser prints what a caller says in one breath as one sentence, and a hesitation in
the middle of forty words moves the meaning of the whole but little. So long sentences
are also compared clause by clause, and clauses without an end in runs of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

Span = tuple[int, int]
"""Where a piece stands in a text: its first character, and the one after its last."""

_END: Final = re.compile(r"(?:[!?;]+|(?<!\.)\.(?!\.))(?:\s+|$)|\.{2,}(?:\s+(?=[A-Z])|$)")
"""Dots that a small letter follows are a pause: "let me see... the blue one"."""
_JOINT: Final = re.compile(
    r",\s+|\s+(?=(?:but|and|so|because|cause|though|although|then|unless|um|uh|plus)\s)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\S+")
_LONG: Final = 10
"""Words from which a sentence is cut into clauses."""
_CLAUSE: Final = 4
"""Fewest words of a clause; shorter ones stay with the clause before them."""
_RUN: Final = 14
"""Most words of a run; runs overlap by half."""
_SHORT: Final = 25
"""Most words of a turn whose sentences are also compared together."""
_MOST: Final = 40
"""Clauses of one sentence that are looked at: a turn of thousands of words is no sentence."""


def sentences(text: str) -> Iterator[Span]:
    """Yield where the sentences of a text stand.

    Examples
    --------
    >>> text = "Hi. That is a lot of money!"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Hi. ', 'That is a lot of money!']
    """
    start = 0
    for match in _END.finditer(text):
        if match.start() > start:
            yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def said_together(text: str) -> Span | None:
    """Return where a short turn of several sentences stands: they may mean it only together.

    Examples
    --------
    >>> text = "A hundred and twenty? I was told it'd be sixty."
    >>> said_together(text) == (0, len(text))
    True
    >>> said_together("That is a lot of money!") is None
    True
    """
    several = sum(1 for _ in sentences(text)) > 1
    return (0, len(text)) if several and len(text.split()) <= _SHORT else None


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence, and where it is long its clauses.

    Examples
    --------
    >>> text = "my car is making a noise and I can come tomorrow but I have to ask my wife"
    >>> [text[a:b] for a, b in pieces(text, 0, len(text))][1:]
    ['my car is making a noise', 'and I can come tomorrow', 'but I have to ask my wife']
    """
    yield start, end
    if len(_WORD.findall(text, start, end)) <= _LONG:
        return
    cut = (run for clause in _clauses(text, start, end) for run in _runs(text, *clause))
    yield from islice((run for run in cut if run != (start, end)), _MOST)


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    joints = [match.end() for match in _JOINT.finditer(text, start, end)]
    kept = [start]
    for here in joints:
        if len(_WORD.findall(text, kept[-1], here)) >= _CLAUSE:
            kept.append(here)
    if len(kept) > 1 and len(_WORD.findall(text, kept[-1], end)) < _CLAUSE:
        kept.pop()
    for first, after in pairwise([*kept, end]):
        yield first, first + len(text[first:after].rstrip())


def _runs(text: str, start: int, end: int) -> Iterator[Span]:
    words = list(_WORD.finditer(text, start, end))
    if len(words) <= _RUN:
        yield start, end
        return
    for first in range(0, len(words) - _RUN // 2, _RUN // 2):
        run = words[first : first + _RUN]
        yield run[0].start(), run[-1].end()
