"""XLSX workbooks, streamed row by row from their first sheet."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Final

import msoffcrypto
import openpyxl

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    HEAD_LINES,
    Chunk,
    Sheet,
    chunk_of_texts,
    header_index,
    unique_names,
)

log = logging.getLogger(__name__)

_MOST_UNZIPPED: Final = 4 * 1024**3


def open_workbook(path: Path, known: Collection[str]) -> Sheet:
    """Open an XLSX file and find its header among the first rows."""
    records = _workbook_rows(path)
    head = [cells for cells, _ in zip(records, range(HEAD_LINES), strict=False)]
    if not head:
        raise SourceError("The workbook is empty", where=path, fix="Export it again")
    index = header_index(head, known)
    columns = unique_names(_without_tail(head[index]), path)

    def chunks() -> Iterator[Chunk]:
        waiting: list[list[str]] = []
        done = 0
        for number, cells in enumerate(_workbook_rows(path)):
            if number <= index:
                continue
            texts = [_cell_text(cell) for cell in cells[: len(columns)]]
            waiting.append(texts + [""] * (len(columns) - len(texts)))
            if len(waiting) == CHUNK_ROWS:
                yield chunk_of_texts(waiting, columns, done)
                done += len(waiting)
                waiting = []
        yield chunk_of_texts(waiting, columns, done)

    return Sheet(columns, f"XLSX, header in row {index + 1}", chunks)


def _workbook_rows(path: Path) -> Iterator[tuple[object, ...]]:
    try:
        _check_size(path)
        # By its bytes: openpyxl refuses a path whose name does not end in .xlsx.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            if book.worksheets:
                yield from book.worksheets[0].iter_rows(values_only=True)
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged workbooks
        raise SourceError(
            "The workbook cannot be read",
            where=f"{path} ({type(error).__name__}: {error})",
            fix="Open it in a spreadsheet and save it as XLSX or CSV again",
        ) from error


def _check_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than anyone's log of calls."""
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > _MOST_UNZIPPED:
            raise SourceError("The workbook unpacks to more than 4 GB", where=path)


def _without_tail(cells: Sequence[object]) -> Sequence[object]:
    last = max((i for i, cell in enumerate(cells) if cell not in (None, "")), default=-1)
    return cells[: last + 1]


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, date | time):
        return cell.isoformat().replace("T", " ")
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def binary_error(path: Path) -> SourceError:
    """Say what is wrong with an OLE file: a protected workbook, or an old one."""
    try:
        with path.open("rb") as file:
            protected = msoffcrypto.OfficeFile(file).is_encrypted()
    except Exception as error:  # noqa: BLE001 - msoffcrypto raises many kinds on odd files
        log.debug("not an Office file: %s", error)
        protected = False
    if protected:
        return SourceError(
            "The workbook is protected by a password",
            where=path,
            fix="Save it without the password and import that",
        )
    return SourceError(
        "The file is an old Excel or other binary file", where=path, fix="Save it as XLSX or CSV"
    )
