"""The records of a file's table, where more stands in the file than one table.

Exports pasted together have the header again in the middle, or another order of it; a
report has a second table below the first. A repeated header is passed over, records
under another order of the columns are read by that order, and those of a second table
are set aside: they would make nonsense in the columns of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.providers.files.headers import is_label_row, is_value
from calltrack_nb.providers.files.sheets import (
    Broken,
    Chunk,
    Note,
    broken_record,
    frame_of_texts,
    plain_name,
    unique_names,
)

Cells = Sequence[str]

_SAMPLE_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Records as they are cut, before it is known which belong to the table.

    Parameters
    ----------
    frame : pandas.DataFrame
        Records as wide as the header, blanks missing.
    rows : numpy.ndarray of int64
        Their numbers.
    odd : mapping of int to tuple of str
        By number, the cells of records that are wider or narrower.
    broken : tuple of Broken
        Records that could not be cut.
    notes : tuple of Note
        Cells that were left empty.
    headers : frozenset of int
        Records that are known to be headers.
    breaks_off : bool
        Whether the file ends, after these records, in the middle of a line.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    odd: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    broken: tuple[Broken, ...] = ()
    notes: tuple[Note, ...] = ()
    headers: frozenset[int] = frozenset()
    breaks_off: bool = False

    def cells(self, row: int) -> tuple[str, ...]:
        """Return the cells of a record, none where there is no such record."""
        if row in self.odd:
            return self.odd[row]
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            return ()
        return tuple(self.frame.iloc[place].fillna(""))

    @property
    def last(self) -> int:
        """The number of the last record."""
        return max([*self.rows[-1:].tolist(), *self.odd], default=0)


@dataclass(frozen=True, slots=True)
class _Section:
    """How the records from a row on are read.

    Parameters
    ----------
    places : tuple of (int or None)
        For each column of the file where it stands in these records.
    width : int
        How many columns these records have.
    other : str
        Why they are set aside, where they are of another table.
    remark : str
        What a person should know of it.
    """

    places: tuple[int | None, ...]
    width: int
    other: str = ""
    remark: str = ""

    @property
    def plain(self) -> bool:
        """Whether the records are as the file's header says."""
        return not self.other and self.places == tuple(range(self.width))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the records of the table look like.

    Parameters
    ----------
    values : tuple of (bool or None)
        For each column whether it holds values, or words, or now one and now the other.
    digits : tuple of str
        Columns that nearly always hold a digit.
    filled : float
        How many cells a record has filled.
    """

    values: tuple[bool | None, ...]
    digits: tuple[str, ...]
    filled: float

    def fits(self, cells: Cells) -> bool:
        """Tell whether a record has values and words where the table has them."""
        places = [i for i, cell in enumerate(cells[: len(self.values)]) if cell]
        same = sum(self.values[i] in (None, is_value(cells[i])) for i in places)
        return len(places) >= 0.5 * self.filled and same >= 0.7 * len(places)


def read_table(
    chunks: Iterator[RawChunk], columns: tuple[str, ...], line_of: Callable[[int], str]
) -> Iterator[Chunk]:
    """Yield the records of a file's first table.

    Parameters
    ----------
    chunks : iterator of RawChunk
    columns : tuple of str
        The file's header.
    line_of : callable
        From the number of a record to where it stands, such as ``line 12``.
    """
    section = _Section(tuple(range(len(columns))), len(columns))
    shape: _Shape | None = None
    for chunk in chunks:
        shape = shape or _shape(chunk.frame)
        starts = _starts(chunk, columns, shape, line_of)
        yield _read_chunk(chunk, columns, section, starts)
        section = [section, *starts.values()][-1]


def _shape(frame: pd.DataFrame) -> _Shape:
    """Describe the first records, up to a row of labels."""
    sample = frame.head(_SAMPLE_ROWS).fillna("").to_numpy().tolist()
    records = [cells for cells in sample if any(cells)]
    end = next((i for i, cells in enumerate(records) if i and is_label_row(cells)), len(records))
    values: list[bool | None] = []
    digits = []
    for name, cells in zip(frame.columns, zip(*records[:end], strict=True), strict=False):
        kinds = [is_value(cell) for cell in cells if cell]
        share = sum(kinds) / len(kinds) if kinds else 0.5
        values.append(True if share > 0.9 else False if share < 0.1 else None)
        if sum(any(map(str.isdigit, cell)) for cell in cells) > 0.9 * end:
            digits.append(name)
    filled = [sum(map(bool, cells)) for cells in records[:end]]
    typical = float(np.median(filled)) if filled else float(len(frame.columns))
    return _Shape(tuple(values), tuple(digits), typical)


def _starts(
    chunk: RawChunk, columns: tuple[str, ...], shape: _Shape, line_of: Callable[[int], str]
) -> dict[int, _Section]:
    """Find the rows of a chunk that are headers, and how the records below each are read."""
    found: dict[int, _Section] = {}
    for row in sorted({*_suspects(chunk, shape), *chunk.odd, *chunk.headers}):
        cells = chunk.cells(row)
        if row not in chunk.headers and not is_label_row(cells):
            continue
        section = _same_table(cells, columns)
        another = _shares_names(cells, columns) or _begins_another(chunk.cells(row + 1), shape)
        if section is None and another:
            names = ", ".join(cell for cell in cells if cell)[:100]
            text = f"second table begins at {line_of(row)} ({names})"
            section = _Section((), 0, f"a {text}", f"A {text}; it is not read")
        elif section is not None and section.remark:
            remark = f"From {line_of(row)} on {section.remark}"
            section = replace(section, remark=remark)
        if section is not None:
            found[row] = section
    return found


def _suspects(chunk: RawChunk, shape: _Shape) -> list[int]:
    """Return the records without a digit where the table always has one."""
    if not shape.digits:
        places = np.flatnonzero(chunk.frame.iloc[:, 0].isin(chunk.frame.columns))
        return [int(row) for row in chunk.rows[places]]
    places = np.arange(len(chunk.frame))
    for name in shape.digits:
        texts = chunk.frame[name].iloc[places]
        places = places[~texts.str.contains("[0-9]", na=False).to_numpy(dtype=bool)]
    return [int(row) for row in chunk.rows[places]]


def _same_table(cells: Cells, columns: tuple[str, ...]) -> _Section | None:
    """Return where the file's columns stand in a row that names at least half of them."""
    width = max(i for i, cell in enumerate(cells, start=1) if cell)
    header = unique_names(cells[:width], "")
    names = [plain_name(name) for name in header]
    plain = [plain_name(column) for column in columns]
    places = tuple(names.index(name) if name in names else None for name in plain)
    here = sum(place is not None for place in places)
    if here < 2 or 2 * here < sum(map(bool, cells)):
        return None
    if places[:width] == tuple(range(width)) and not any(places[width:]):
        return _Section(tuple(range(len(columns))), len(columns))
    remark = "the columns are in another order and read by the header there"
    more = [name for name, known in zip(header, names, strict=True) if known not in plain]
    if more and None in places:  # other columns in their place: another table
        return None
    if more:
        remark += f"; left out, as the first header lacks them: {', '.join(more)}"
    return _Section(places, width, remark=remark)


def _shares_names(cells: Cells, columns: tuple[str, ...]) -> bool:
    """Tell whether a row of labels names at least two columns of the file."""
    plain = set(map(plain_name, columns))
    return sum(plain_name(cell) in plain for cell in cells if cell) >= 2


def _begins_another(below: Cells, shape: _Shape) -> bool:
    """Tell whether the record below a row of labels is data of another table."""
    return any(map(is_value, below)) and not shape.fits(below)


def _read_chunk(
    chunk: RawChunk,
    columns: tuple[str, ...],
    section: _Section,
    starts: Mapping[int, _Section],
) -> Chunk:
    """Read each record of a chunk by the section it stands in."""
    frames, rows = [], []
    broken = list(chunk.broken)
    for start, end in pairwise((-1, *starts, chunk.last + 1)):
        section = starts.get(start, section)
        if start in starts and section.other:
            broken.append(broken_record(start, chunk.cells(start), section.other))
        here = (chunk.rows > start) & (chunk.rows < end)
        cut = {row: cells for row, cells in chunk.odd.items() if start < row < end}
        if section.plain:
            frames.append(chunk.frame if here.all() else chunk.frame[here])
            rows.append(chunk.rows[here])
        else:
            cut |= {row: chunk.cells(row) for row in chunk.rows[here].tolist()}
        kept = {}
        for row, cells in sorted(cut.items()):
            if reason := _misfit(row, cells, section, chunk):
                broken.append(broken_record(row, cells, reason))
            else:
                wide = (*cells, *[""] * section.width)
                kept[row] = ["" if place is None else wide[place] for place in section.places]
        if kept:
            frames.append(frame_of_texts(list(kept.values()), columns))
            rows.append(np.array(list(kept), dtype=np.int64))
    remarks = tuple(start.remark for start in starts.values() if start.remark)
    return _joined(
        frames, rows, Chunk(chunk.frame, chunk.rows, tuple(broken), chunk.notes, remarks)
    )


def _misfit(row: int, cells: Cells, section: _Section, chunk: RawChunk) -> str:
    """Say why a record is not read, or nothing where it is."""
    short = len(cells) < section.width and len(chunk.frame) > 0
    if section.other:
        return section.other
    if chunk.breaks_off and row == chunk.last and short:
        return "the file breaks off in this row"
    # Writers leave out blanks at the end, but hardly half of a row that others have whole.
    if any(cells[section.width :]) or (short and 2 * len(cells) < section.width):
        return f"the row has {len(cells)} cells, the header {section.width}"
    return ""


def _joined(
    frames: Sequence[pd.DataFrame], rows: Sequence[npt.NDArray[np.int64]], chunk: Chunk
) -> Chunk:
    """Put the records in their order, without the blank ones."""
    if not frames:
        return replace(chunk, frame=chunk.frame.iloc[:0], rows=chunk.rows[:0])
    frame, numbers = frames[0], rows[0]
    if len(frames) > 1:
        numbers = np.concatenate(rows)
        order = np.argsort(numbers, kind="stable")
        frame, numbers = pd.concat(frames).iloc[order], numbers[order]
    filled = frame.notna().any(axis=1).to_numpy(dtype=bool)
    if not filled.all():
        frame, numbers = frame[filled], numbers[filled]
    return replace(chunk, frame=frame.reset_index(drop=True), rows=numbers)
