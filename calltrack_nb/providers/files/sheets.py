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
from calltrack_nb.phrasing import plural
from calltrack_nb.providers.values.placeholders import blank_placeholders

CHUNK_ROWS: Final = 100_000
HEAD_RECORDS: Final = 60
MOST_COLUMNS: Final = 2_000
_MOST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not fit the file's columns."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A cell that is left empty in a record that is kept, and why."""

    row: int
    column: str
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
    notes : tuple of Note
        Cells of the records that hold something unreadable and are left empty.
    remarks : tuple of str
        What a person should know of how these records were read.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    broken: tuple[Broken, ...] = ()
    notes: tuple[Note, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file: its columns, how it was opened, and its records when asked.

    Parameters
    ----------
    columns : tuple of str
        The header, each name once; ``column 1`` and so on where a name is missing.
    form : str
        What kind of file it is and where its header stands.
    chunks : callable
        Returns the records anew at each call.
    preamble : tuple of str
        The lines above the header, such as a title and a range of dates.
    remarks : tuple of str
        What a person should know of how the file was opened.
    headed : bool
        False where the file has no header: then every line is a record.
    """

    columns: tuple[str, ...]
    form: str
    chunks: Callable[[], Iterator[Chunk]]
    preamble: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    headed: bool = True


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


def unique_names(header: Sequence[object], where: Path | str) -> tuple[str, ...]:
    """Name the columns, telling apart the ones that share a name.

    Examples
    --------
    >>> unique_names(["Name", "", "Name"], "calls.csv")
    ('Name', 'column 2', 'Name (2)')
    """
    if len(header) > MOST_COLUMNS:
        raise SourceError(
            f"The file has {plural(len(header), 'column')}, more than any call log",
            where=where,
            fix="Export one call per row, and check the delimiter",
        )
    names: dict[str, None] = {}
    for position, cell in enumerate(header, start=1):
        name = unique = str(cell or "").strip() or f"column {position}"
        count = 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names[unique] = None
    return tuple(names)


def blank_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Strip every cell, and make those missing that are empty or say that there is nothing."""
    stripped = {name: frame[name].str.strip() for name in frame.columns}
    cells = {
        name: blank_placeholders(column.where(column != "")) for name, column in stripped.items()
    }
    return pd.DataFrame(cells).reset_index(drop=True)


def frame_of_texts(records: Sequence[Sequence[str]], columns: Sequence[str]) -> pd.DataFrame:
    """Make a frame of records as lists of texts, as many in each as there are columns."""
    return blank_to_missing(pd.DataFrame(records, columns=list(columns), dtype="str"))


def chunk_of_texts(records: Sequence[Sequence[str]], columns: Sequence[str], done: int) -> Chunk:
    """Make a chunk of records as lists of texts, `done` records having come before."""
    rows = np.arange(done + 1, done + len(records) + 1, dtype=np.int64)
    return Chunk(frame_of_texts(records, columns), rows)


def broken_record(row: int, cells: Sequence[str], reason: str) -> Broken:
    """Set a record aside with the beginning of its text."""
    return Broken(row, ", ".join(cell for cell in cells if cell)[:_MOST_TEXT], reason)
