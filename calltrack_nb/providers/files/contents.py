"""The bytes of a file, whether it stands alone or lies in an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

HEAD_BYTES: Final = 256 * 1024
BLOCK_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to open.

    Parameters
    ----------
    path : pathlib.Path
        The file a person chose.
    open : callable
        Returns the bytes from their beginning, as a file.
    member : str
        The name within the archive, where the file is one.
    """

    path: Path
    open: Callable[[], BinaryIO]
    member: str = ""

    def __str__(self) -> str:
        return f"{self.path} ({self.member})" if self.member else str(self.path)

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(size)

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes in blocks."""
        with self.open() as file:
            while block := file.read(BLOCK_BYTES):
                yield block


def content_of(path: Path) -> Content:
    """Return the content of a file on its own."""
    return Content(path, lambda: path.open("rb"))
