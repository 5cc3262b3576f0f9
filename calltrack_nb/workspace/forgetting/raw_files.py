"""A caller's rows taken out of a raw export, every other byte as it was.

Text is cut where rows begin and end, a workbook in the text of its parts; only Parquet, whose
columns are packed, is written anew.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb import providers
from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.ownership import Row, Sought
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.raw_json import json_rows, json_without
from calltrack_nb.workspace.forgetting.raw_workbooks import workbook_rows, workbook_without
from calltrack_nb.workspace.writing import replacing


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a file is without a caller.

    Attributes
    ----------
    rows : int
        Rows that were the caller's.
    mentions : int
        Rows of others in which the caller is masked.
    content : bytes or None
        The file without them; None where it did not hold the caller.
    path : pathlib.Path
        Where that belongs: an export of another kind is written as CSV beside.
    """

    rows: int
    mentions: int
    content: bytes | None
    path: Path


def without_caller(path: Path, sought: Sought) -> Cleaned:
    """Read a raw file and take a caller out of it; nothing is written.

    Raises
    ------
    SourceError
        When the file cannot be read, so that nobody knows whether it holds the caller.
    """
    opened = open_raw(path)
    read = sought.read_as(path)
    customers = sought.places_of_customers(read.customers, opened.rows())
    cleaned = opened.without(sought, customers)
    if cleaned.rows and read.of_nobody:
        cleaned = opened.without(replace(sought, owning=False), customers)
    if opened.packed and cleaned.content:
        return replace(cleaned, content=gzip.compress(cleaned.content, mtime=0))
    return cleaned


def replace_raw(path: Path, cleaned: Cleaned) -> None:
    """Put what :func:`without_caller` left in the file's place."""
    if cleaned.content is None:
        return
    if not cleaned.content:
        path.unlink()
        return
    with replacing(cleaned.path) as draft:
        draft.write(cleaned.content)
    if cleaned.path != path:
        path.unlink()


@dataclass(frozen=True, slots=True)
class OpenedRaw:
    """A raw file that is read: its rows, and how a caller is taken out of it."""

    rows: Callable[[], Iterator[Row]]
    without: Callable[[Sought, frozenset[int | str]], Cleaned]
    packed: bool


def open_raw(path: Path) -> OpenedRaw:
    """Read a raw file once; its rows, the header among them, can be gone through again.

    Raises
    ------
    SourceError
        When the file cannot be read.
    """
    with path.open("rb") as file:
        packed = providers.kind_of(file.read(4)) == "gzip"
    data = _unpacked(path) if packed else path.read_bytes()
    kind = providers.kind_of(data[:4])
    if kind == "parquet":
        table = _parquet(path, data)
        return OpenedRaw(
            lambda: _numbered([table.column_names, *_cells(table)]),
            lambda sought, customers: _parquet_without(path, table, sought, customers),
            packed,
        )
    if kind == "zip" and path.suffix.lower() != ".zip":
        return OpenedRaw(
            lambda: workbook_rows(path, data),
            lambda sought, customers: Cleaned(
                *workbook_without(path, data, sought, customers), path
            ),
            packed,
        )
    try:
        text, encoding = providers.decode_text(path, data)
    except SourceError:
        return _open_other(path, packed=packed)
    is_json = providers.begins_json(text)

    def rows() -> Iterator[Row]:
        if is_json:
            return json_rows(path, text)
        return (dict(enumerate(record.cells)) for record in providers.cut_records(text))

    def written(sought: Sought, customers: frozenset[int | str]) -> Cleaned:
        without = json_without(path, text, sought, customers) if is_json else None
        left, removed, mentions = without or _csv_without(text, sought, customers)
        return Cleaned(removed, mentions, None if left == text else left.encode(encoding), path)

    return OpenedRaw(rows, written, packed)


def _unpacked(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError("The archive is cut off or damaged", where=path) from error


def _csv_without(
    text: str, sought: Sought, customers: frozenset[int | str]
) -> tuple[str, int, int]:
    kept: list[str] = []
    removed = mentions = 0
    person = sought.person
    for record in providers.cut_records(text):
        if not person.may_stand_in(record.raw):
            kept.append(record.raw)
        elif sought.owns(dict(enumerate(record.cells)), customers):
            removed += 1
        else:
            masked = person.masked(record.raw)
            mentions += masked != record.raw
            kept.append(masked)
    return "".join(kept), removed, mentions


def _parquet(path: Path, data: bytes) -> pa.Table:
    try:
        return pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise SourceError("The Parquet file cannot be read", where=f"{path} ({error})") from error


def _cells(table: pa.Table) -> list[list[str]]:
    columns = [
        ["" if value is None else str(value) for value in column.to_pylist()]
        for column in table.columns
    ]
    return [list(cells) for cells in zip(*columns, strict=True)]


def _parquet_without(
    path: Path, table: pa.Table, sought: Sought, customers: frozenset[int | str]
) -> Cleaned:
    mine, told = _rows_of(_cells(table), sought, customers)
    if not (mine | told).any():
        return Cleaned(0, 0, None, path)
    left = table.filter(pa.array(~mine))
    for place, column in enumerate(left.schema):
        values = left[place].to_pylist()
        masked = [_masked(value, sought.person) for value in values]
        if masked != values:
            left = left.set_column(place, column, pa.array(masked, column.type))
    draft = io.BytesIO()
    pq.write_table(left, draft)
    return Cleaned(int(mine.sum()), int(told.sum()), draft.getvalue(), path)


def _masked(value: Any, person: Person) -> Any:
    """Return a value without the person; a number that is theirs is missing then."""
    if isinstance(value, str):
        return person.masked(value)
    if isinstance(value, list):
        return [_masked(each, person) for each in value]
    if isinstance(value, dict):
        return {name: _masked(each, person) for name, each in value.items()}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number and person.number.is_cell(str(value)) else value


def _open_other(path: Path, *, packed: bool) -> OpenedRaw:
    """Open an export of another kind, which becomes a CSV where the caller is taken out."""
    chunks = [chunk.frame for chunk in providers.open_sheet(path, frozenset()).chunks()]
    frame = pd.concat(chunks, ignore_index=True)
    cells = frame.fillna("").astype("str").to_numpy().tolist()

    def without(sought: Sought, customers: frozenset[int | str]) -> Cleaned:
        mine, told = _rows_of(cells, sought, customers)
        if not (mine | told).any():
            return Cleaned(0, 0, None, path)
        left = frame[~mine].map(lambda cell: _masked(cell, sought.person))
        target = path.with_name(f"{path.name}.csv")
        content = left.to_csv(index=False).encode()
        return Cleaned(int(mine.sum()), int(told.sum()), content, target)

    return OpenedRaw(lambda: _numbered([[*frame.columns], *cells]), without, packed)


def _numbered(rows: list[list[str]]) -> Iterator[Row]:
    return (dict(enumerate(row)) for row in rows)


def _rows_of(
    rows: list[list[str]], sought: Sought, customers: frozenset[int | str]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell which rows are the caller's, and which of others mention them."""
    mine, told = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for place, cells in enumerate(rows):
        if any(map(sought.person.may_stand_in, cells)):
            mine[place] = sought.owns(dict(enumerate(cells)), customers)
            told[place] = not mine[place] and any(
                sought.person.masked(cell) != cell for cell in cells
            )
    return mine, told
