"""Text files, decoded block by block, and mended where bytes do not belong in a text.

Byte order marks and NUL bytes are no text wherever they stand, and are left out.
"""

from __future__ import annotations

import io
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content, content_of
from calltrack_nb.providers.files.encodings import (
    MISREAD_MARK,
    Encoding,
    find_encoding,
    with_stray,
)

_MOST_WHOLE: Final = 128 * 1024**2


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file.

    Parameters
    ----------
    content : Content
    encoding : Encoding
    """

    content: Content
    encoding: Encoding

    def blocks(self) -> Iterator[str]:
        """Yield the text in blocks."""
        errors = "surrogateescape" if self.encoding.stray else "replace"
        decoder = getincrementaldecoder(self.encoding.name)(errors)
        first = True
        for block in self.content.blocks():
            text = decoder.decode(block)
            if first and text:
                text = text.removeprefix("\ufeff").removeprefix(MISREAD_MARK)
                first = False
            yield self._mended(text)
        yield self._mended(decoder.decode(b"", final=True))

    def utf8(self) -> Iterator[bytes]:
        """Yield the text in blocks of UTF-8."""
        if self.encoding.plain:
            yield from self.content.blocks()
        else:
            yield from (block.encode() for block in self.blocks())

    def whole(self, kind: str) -> str:
        """Return all of the text, of a kind of file that is not read in parts.

        Raises
        ------
        SourceError
            When it is larger than memory should hold at once, with all that is made of it.
        """
        found, size = [], 0
        for block in self.blocks():
            found.append(block)
            size += len(block)
            if size > _MOST_WHOLE:
                raise SourceError(
                    f"The {kind} has more than {_MOST_WHOLE // 1024**2} million letters",
                    where=self.content,
                    fix="Export it as CSV, which may be of any length, or export a shorter period",
                )
        return "".join(found)

    def head(self, size: int) -> str:
        """Return the beginning of the text, at least `size` letters where there are."""
        found = ""
        for block in self.blocks():
            found += block
            if len(found) >= size:
                break
        return found[:size]

    def _mended(self, text: str) -> str:
        if self.encoding.plain:
            return text
        text = text.replace("\x00", "").replace("\ufeff", "")
        stray = self.encoding.stray
        return with_stray(text, stray) if stray else text


class ByteStream(io.RawIOBase):
    """Blocks of bytes as a file that Arrow reads.

    Parameters
    ----------
    blocks : iterator of bytes
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")
        self.ended_a_line = True

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; less than it holds at the end of a block."""
        view = memoryview(buffer)
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
            self.ended_a_line = block.endswith((b"\n", b"\r")) if block else self.ended_a_line
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def open_text(content: Content) -> Text:
    """Find the encoding of a text.

    Raises
    ------
    SourceError
        When it is not text.
    """
    return Text(content, find_encoding(content))


def decode_text(path: Path, data: bytes | None = None) -> tuple[str, str]:
    """Read a text file in the encoding its bytes suggest.

    Parameters
    ----------
    path : pathlib.Path
    data : bytes, optional
        What the file holds, where it was unpacked.

    Returns
    -------
    text, encoding : str
        The text, its line ends as they are, can be written in the encoding again.

    Raises
    ------
    SourceError
        When the file cannot be read or is not text.
    """
    try:
        text = open_text(
            content_of(path) if data is None else Content(path, lambda: io.BytesIO(data))
        )
        whole = "".join(text.blocks())
        whole.encode(text.encoding.name)
    except (OSError, UnicodeError) as error:
        raise SourceError("The file cannot be read as text", where=f"{path} ({error})") from error
    return whole, text.encoding.name
