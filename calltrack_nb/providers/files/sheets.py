"""A file as chunks of text columns, whatever kind of file it is.

Nothing is interpreted here: every cell is text, blanks are missing, and a cell that
begins like a formula is the text it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.errors import SourceError

CHUNK_ROWS: Final = 100_000
HEAD_LINES: Final = 60
MOST_COLUMNS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not fit the file's columns."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of a file.

    Parameters
    ----------
    frame : pandas.DataFrame
        One ``str`` column per column of the file, blanks missing.
    rows : numpy.ndarray of int64
        The number of each record: the first below the header is 1.
    broken : tuple of Broken
        Records between them that could not be cut into columns.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file: its columns, how it was read, and its records when asked."""

    columns: tuple[str, ...]
    form: str
    chunks: Callable[[], Iterator[Chunk]]


def plain_name(header: object) -> str:
    """Reduce a header to what aliases are compared by: its letters and digits.

    Examples
    --------
    >>> plain_name("First-Time Caller"), plain_name("recording_url")
    ('firsttimecaller', 'recordingurl')
    """
    folded = unicodedata.normalize("NFKD", str(header)).casefold()
    return re.sub(r"[^a-z0-9]+", "", folded) or folded.strip()


def header_hits(cells: Sequence[object], known: Collection[str]) -> int:
    """Count the cells of a record that are names of known columns."""
    return sum(1 for name in {plain_name(cell) for cell in cells if cell} if name in known)


def header_index(records: Sequence[Sequence[object]], known: Collection[str]) -> int:
    """Find the header among a file's first records: the one with most known names.

    Where none has two, the first record that is not blank.
    """
    hits = [header_hits(cells, known) for cells in records]
    best = max(range(len(hits)), key=lambda i: (hits[i], -i))
    if hits[best] >= 2:
        return best
    filled = [
        i for i, cells in enumerate(records) if any(str(cell or "").strip() for cell in cells)
    ]
    return filled[0] if filled else 0


def unique_names(header: Sequence[object], path: Path) -> tuple[str, ...]:
    """Name the columns, telling apart the ones that share a name."""
    if len(header) > MOST_COLUMNS:
        raise SourceError(
            f"The file has {len(header):,} columns, more than any log of calls",
            where=path,
            fix="Export one call a row, and check the delimiter",
        )
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(header, start=1):
        name = str(cell or "").strip().lstrip("\ufeff") or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def blank_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Strip every cell and make the empty ones missing."""
    stripped = {name: frame[name].str.strip() for name in frame.columns}
    cells = {name: column.where(column != "") for name, column in stripped.items()}
    return pd.DataFrame(cells).reset_index(drop=True)


def chunk_of_texts(records: Sequence[Sequence[str]], columns: tuple[str, ...], done: int) -> Chunk:
    """Make a chunk of records as lists of texts, `done` records having come before."""
    frame = blank_to_missing(pd.DataFrame(records, columns=list(columns), dtype="str"))
    rows = np.arange(done + 1, done + len(frame) + 1, dtype=np.int64)
    filled = frame.notna().any(axis=1).to_numpy()
    return Chunk(frame[filled].reset_index(drop=True), rows[filled])
