"""How a text uses quotation marks: by the standard, escaped, or at will."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

_QUOTE: Final = ord('"')


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotation marks of a text, counted.

    Parameters
    ----------
    marks : int
        All of them.
    inner : int
        Those between two letters of a cell, where the standard has none.
    escaped : int
        Those of them that follow a backslash.
    """

    marks: int
    inner: int
    escaped: int

    @property
    def regular(self) -> bool:
        """Whether the standard can read them: each one that opens closes."""
        return self.inner == 0 and self.marks % 2 == 0

    @property
    def escapes(self) -> bool:
        """Whether a backslash makes a mark part of its cell."""
        return self.escaped > 0 and self.escaped >= 0.9 * self.inner


def count_quotes(blocks: Iterable[bytes], delimiter: str) -> Quotes:
    r"""Count the quotation marks of a text.

    Parameters
    ----------
    blocks : iterable of bytes
        The text in UTF-8.
    delimiter : str

    Examples
    --------
    >>> count_quotes([b'"a ""b"" c",d\n5" tin,"x"\n'], ",")
    Quotes(marks=9, inner=1, escaped=0)
    """
    ends = np.zeros(256, dtype=bool)
    ends[[*b'"\r\n', *delimiter.encode()]] = True
    marks = inner = escaped = 0
    before = b"\n"
    for block in blocks:
        marks += block.count(b'"')
        # The last two bytes are looked at again, with what follows them.
        text = np.frombuffer(before + block, dtype=np.uint8)
        before = bytes(text[-2:])
        places = np.flatnonzero(text[1:-1] == _QUOTE) + 1
        within = places[~ends[text[places - 1]] & ~ends[text[places + 1]]]
        inner += len(within)
        escaped += int((text[within - 1] == ord("\\")).sum())
    return Quotes(marks, inner, escaped)
