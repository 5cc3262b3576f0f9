"""Records in which a stray quotation mark swallowed the lines after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calltrack_nb.providers.files.headers import is_value
from calltrack_nb.providers.files.records import Record
from calltrack_nb.providers.files.sections import RawChunk
from calltrack_nb.providers.files.sheets import broken_record


def set_aside_swallowed(chunk: RawChunk, delimiter: str) -> RawChunk:
    """Set aside the records in a cell of which another record's line stands.

    Parameters
    ----------
    chunk : RawChunk
        Its frame holds no missing cell.
    delimiter : str
    """
    lost = np.zeros(len(chunk.frame), dtype=bool)
    for position, name in enumerate(chunk.frame.columns):
        texts = chunk.frame[name]
        for place in np.flatnonzero(texts.str.contains("\n", regex=False)):
            record = chunk.frame.iloc[place].tolist()
            lost[place] |= _swallows(record, position, delimiter)
    reason = "a quotation mark swallows the lines after it"
    broken = tuple(
        broken_record(int(chunk.rows[place]), chunk.frame.iloc[place].tolist(), reason)
        for place in np.flatnonzero(lost)
    )
    return replace(
        chunk, frame=chunk.frame[~lost], rows=chunk.rows[~lost], broken=(*chunk.broken, *broken)
    )


def swallows(record: Record, delimiter: str) -> bool:
    """Tell whether a quotation mark of a record swallowed lines after it."""
    return not record.closed or any(
        _swallows(record.cells, position, delimiter)
        for position, cell in enumerate(record.cells)
        if "\n" in cell
    )


def _swallows(record: Sequence[str], position: int, delimiter: str) -> bool:
    """Tell whether a cell holds a line that looks like a record, or like its beginning."""
    lines = [line.split(delimiter) for line in record[position].split("\n")[1:]]
    whole = any(len(cells) == len(record) and _alike(cells, record) for cells in lines)
    return whole or (len(lines[-1]) == position + 1 > 1 and _alike(lines[-1], record))


def _alike(cells: Sequence[str], record: Sequence[str]) -> bool:
    """Tell whether cells begin as a record does, with at least one value."""
    kinds = [is_value(cell.strip(' "')) for cell in cells[:-1] if cell]
    same = sum(
        is_value(one.strip(' "')) == is_value(other)
        for one, other in zip(cells[:-1], record, strict=False)
    )
    return any(kinds) and same >= 0.7 * len(cells[:-1])
