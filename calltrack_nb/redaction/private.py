"""Private spans: what they are, how they are settled, and how labels take their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from calltrack_nb.redaction.marks import vendor_marks
from calltrack_nb.redaction.vocabulary import KINDS, LABEL, Kind


@dataclass(frozen=True, slots=True)
class PrivateSpan:
    """Words that were taken out.

    Attributes
    ----------
    start, end : int
        Offsets into the text as it came.
    kind : str
        One of :data:`~calltrack_nb.redaction.vocabulary.KINDS`.
    """

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its private words.

    Attributes
    ----------
    text : str
        With labels in their place.
    spans : tuple of PrivateSpan
        What was taken out, as offsets into the text that came in.
    """

    text: str
    spans: tuple[PrivateSpan, ...]


def settle(spans: Iterable[PrivateSpan]) -> tuple[PrivateSpan, ...]:
    """Join spans that overlap; of their kinds the one that is first in ``KINDS`` wins.

    Examples
    --------
    >>> settle([PrivateSpan(4, 9, "name"), PrivateSpan(0, 6, "email")])
    (PrivateSpan(start=0, end=9, kind='email'),)
    """
    settled: list[PrivateSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if settled and span.start < settled[-1].end:
            last = settled[-1]
            kind = min(last.kind, span.kind, key=KINDS.index)
            settled[-1] = PrivateSpan(last.start, max(last.end, span.end), kind)
        else:
            settled.append(span)
    return tuple(settled)


def hide(text: str, spans: tuple[PrivateSpan, ...]) -> Redacted:
    """Put labels in the place of settled spans.

    Examples
    --------
    >>> hide("call Ann", (PrivateSpan(5, 8, "name"),)).text
    'call [NAME]'
    """
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], f"[{span.kind.upper()}]"]
        done = span.end
    return Redacted("".join([*pieces, text[done:]]), spans)


def free(
    spans: Iterable[PrivateSpan], text: str, phrases: re.Pattern[str] | None
) -> Iterator[PrivateSpan]:
    """Pass over labels that stand in a text already, and take kept phrases out of names.

    Parameters
    ----------
    spans : iterable of PrivateSpan
        As they were found.
    text : str
        Where they were found.
    phrases : re.Pattern, optional
        Phrases that are nobody's name.

    Yields
    ------
    PrivateSpan
    """
    taken = [match.span() for match in LABEL.finditer(text)]
    taken += [(start, end) for start, end, _ in vendor_marks(text)]
    kept = [match.span() for match in phrases.finditer(text)] if phrases else []
    for span in spans:
        if any(start < span.end and span.start < end for start, end in taken):
            continue
        yield from _around(span, kept, text) if span.kind == "name" else (span,)


def _around(span: PrivateSpan, kept: Sequence[tuple[int, int]], text: str) -> Iterator[PrivateSpan]:
    """Yield what is left of a name where the kept phrases, in order, are taken out of it."""
    start = span.start
    for low, high in [*kept, (span.end, span.end)]:
        if high < start or low > span.end:
            continue
        part = text[start : max(start, low)]
        if any(letter.isalnum() for letter in part):
            begin = start + len(part) - len(part.lstrip(" ,.-"))
            yield PrivateSpan(begin, start + len(part.rstrip(" ,.-")), "name")
        start = max(start, high)
