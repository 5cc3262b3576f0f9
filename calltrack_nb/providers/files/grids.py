"""Tables of which a file may hold several: the sheets of a workbook, a page's tables.

The one with the header that most speaks for a log is read, and with it those that have
the same header, such as one sheet a month. What is left is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.headers import Header, find_header, lines_above
from calltrack_nb.providers.files.sections import RawChunk, read_table
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    HEAD_RECORDS,
    Chunk,
    Note,
    Sheet,
    frame_of_texts,
    header_hits,
    plain_name,
    unique_names,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a grid.

    Parameters
    ----------
    cells : sequence of str
    unread : tuple of (int, str, str)
        The places of cells that are left empty, with what they hold and why.
    """

    cells: Sequence[str]
    unread: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a file.

    Parameters
    ----------
    name : str
        What its maker calls it.
    rows : callable
        Returns its rows anew at each call.
    """

    name: str
    rows: Callable[[], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A grid and its header."""

    grid: Grid
    header: Header
    head: Sequence[Sequence[str]]
    hits: int

    @property
    def first_row(self) -> int:
        """The row in which its records begin, from 1."""
        return self.header.index + (2 if self.header.names else 1)

    @property
    def rank(self) -> tuple[int, int, int]:
        """How much speaks for its being the log: known names, then its size."""
        return self.hits if self.hits > 1 else 0, min(self.header.width, 3), len(self.head)


def open_grids(
    grids: Sequence[Grid],
    known: Collection[str],
    *,
    kind: str,
    where: object,
    remarks: tuple[str, ...] = (),
) -> Sheet:
    """Open the grid of a file that holds the log, and its equals.

    Parameters
    ----------
    grids : sequence of Grid
    known : collection of str
        Plain names of columns that some system uses.
    kind : str
        What the file is, such as ``XLSX``.
    where : object
        The file.
    remarks : tuple of str
        What is known of its opening already.

    Raises
    ------
    SourceError
        When no grid has a row.
    """
    found = [one for grid in grids if (one := _find(grid, known))]
    if not found:
        raise SourceError(f"The {kind} holds no rows", where=where, fix="Export it again")
    best = max(found, key=lambda one: one.rank)
    columns = unique_names(best.header.names or [""] * best.header.width, str(where))
    alike = [one for one in found if one is best or _same_header(one, best)]

    def chunks() -> Iterator[Chunk]:
        begins: dict[int, _Found] = {}

        def line_of(row: int) -> str:
            start = max(first for first in begins if first <= row)
            one = begins[start]
            line = f"row {row - start + one.first_row - (start > 1)}"
            return f"{line} of {one.grid.name}" if len(grids) > 1 else line

        return read_table(_raw_chunks(alike, columns, begins), columns, line_of)

    row = best.header.index + 1
    place = f"header in row {row}" if best.header.names else "without a header"
    return Sheet(
        columns,
        f"{kind}, {best.grid.name}, {place}" if len(grids) > 1 else f"{kind}, {place}",
        chunks,
        preamble=tuple(", ".join(cell for cell in best.head[i] if cell) for i in best.header.above),
        remarks=(
            *remarks,
            *_choice([one.grid for one in alike], grids),
            *lines_above(best.head, best.header),
        ),
        headed=bool(best.header.names),
    )


def _find(grid: Grid, known: Collection[str]) -> _Found | None:
    head = [row.cells for row in islice(grid.rows(), HEAD_RECORDS)]
    header = find_header(head, known)
    if header is None:
        return None
    names = _without_tail(header.names)
    header = replace(header, names=names, width=len(names) or header.width)
    return _Found(grid, header, head, header_hits(names, known))


def _without_tail(names: Sequence[str]) -> tuple[str, ...]:
    last = max((i for i, name in enumerate(names, start=1) if name), default=0)
    return tuple(names[:last])


def _same_header(one: _Found, other: _Found) -> bool:
    names = [{plain_name(name) for name in found.header.names if name} for found in (one, other)]
    return names[0] == names[1] and bool(names[0])


def _choice(read: Sequence[Grid], grids: Sequence[Grid]) -> tuple[str, ...]:
    """Say which of several grids were read and which were left."""
    left = [grid.name for grid in grids if grid not in read]
    remarks = []
    if len(read) > 1:
        remarks.append(
            f"{', '.join(grid.name for grid in read)} have the same header; all are read"
        )
    if left:
        remarks.append(
            f"{', '.join(grid.name for grid in read)} is read; left out: {', '.join(left)}"
        )
    return tuple(remarks)


def _raw_chunks(
    grids: Sequence[_Found], columns: tuple[str, ...], begins: dict[int, _Found]
) -> Iterator[RawChunk]:
    """Cut the grids into chunks, their rows numbered on; note where each begins."""
    texts: list[Sequence[str]] = []
    rows: list[int] = []
    notes: list[Note] = []
    headers: list[int] = []
    row = 0
    for found in grids:
        begins[row + 1] = found
        # The header of a further grid is a record that says the order of its columns.
        headers += [row + 1] * (row > 0)
        start = found.first_row - 1 - (row > 0)
        for cells in islice(found.grid.rows(), start, None):
            row += 1
            texts.append([*cells.cells[: len(columns)], *[""] * (len(columns) - len(cells.cells))])
            rows.append(row)
            notes += [
                Note(row, columns[place], text, reason)
                for place, text, reason in cells.unread
                if place < len(columns)
            ]
            if len(texts) == CHUNK_ROWS:
                yield _raw_chunk(texts, rows, columns, notes, headers)
                texts, rows, notes, headers = [], [], [], []
    yield _raw_chunk(texts, rows, columns, notes, headers)


def _raw_chunk(
    texts: Sequence[Sequence[str]],
    rows: Sequence[int],
    columns: tuple[str, ...],
    notes: Sequence[Note],
    headers: Sequence[int],
) -> RawChunk:
    frame, numbers = frame_of_texts(texts, columns), np.array(rows, dtype=np.int64)
    return RawChunk(frame, numbers, notes=tuple(notes), headers=frozenset(headers))
