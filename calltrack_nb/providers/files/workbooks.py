"""XLSX workbooks, streamed row by row from their visible sheets."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import repeat
from typing import Any, Final

import openpyxl
from openpyxl.utils.datetime import to_excel

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content
from calltrack_nb.providers.files.grids import Grid, Row, open_grids
from calltrack_nb.providers.files.sheets import Sheet
from calltrack_nb.providers.files.typed_texts import clock, typed_text

_MOST_UNZIPPED: Final = 4 * 1024**3
_MOST_STRINGS: Final = 100 * 1024**2
_MOST_RATIO: Final = 100
_STRINGS: Final = "xl/sharedStrings"
_BLOCK: Final = 1024**2
_MOST_BYTES: Final = 512 * 1024**2
_LARGE: Final = 64 * 1024**2
_NO_VALUE: Final = "the cell is a formula without a value; open the workbook in Excel and save it"
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def open_workbook(content: Content, known: Collection[str]) -> Sheet:
    """Open an XLSX workbook.

    Parameters
    ----------
    content : Content
    known : collection of str
        Plain names of columns that some system uses.

    Raises
    ------
    SourceError
        When it is damaged, holds no rows, or unpacks to more than any log.
    """
    with content.open() as file:
        data = io.BytesIO(file.read(_MOST_BYTES + 1))
    if data.seek(0, io.SEEK_END) > _MOST_BYTES:
        raise SourceError(
            "The workbook has more than 512 MB", where=content, fix="Save the sheet as CSV"
        )
    data.seek(0)
    try:
        formulas = _check_parts(data, content)
        with warnings.catch_warnings():  # of styles and rules that are not read anyway
            warnings.simplefilter("ignore")
            # By its bytes: openpyxl refuses a path whose name does not end in .xlsx.
            book = openpyxl.load_workbook(data, read_only=True, data_only=True)
            source = openpyxl.load_workbook(data, read_only=True) if formulas else None
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged workbooks
        raise _damaged(content, error) from error
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]

    def grid(sheet: Any) -> Grid:
        twin = source[sheet.title] if source else None
        return Grid(sheet.title, lambda: _rows(sheet, twin, content))

    remarks = (f"Hidden sheets are not read: {', '.join(hidden)}",) if hidden else ()
    return open_grids(
        [grid(sheet) for sheet in visible], known, kind="XLSX", where=content, remarks=remarks
    )


def _rows(sheet: Any, source: Any, content: Content) -> Iterator[Row]:
    """Yield a sheet's rows, with the formulas of `source` where a cell has no value."""
    try:
        sheet.reset_dimensions()  # some writers state a range that is too small
        formulas: Iterator[Sequence[Any]] = repeat(())
        if source:
            source.reset_dimensions()
            formulas = source.iter_rows()
        for cells, twins in zip(sheet.iter_rows(), formulas, strict=False):
            unread = [
                (place, str(twins[place].value), _NO_VALUE)
                for place, cell in enumerate(cells)
                if twins and cell.value is None and twins[place].data_type == "f"
            ]
            unread += [
                (place, cell.value, f"the cell holds the spreadsheet's error {cell.value}")
                for place, cell in enumerate(cells)
                if cell.value is not None and cell.data_type == "e" and cell.value != "#N/A"
            ]
            yield Row([_cell_text(cell) for cell in cells], tuple(unread))
    except Exception as error:  # openpyxl raises many kinds on damaged workbooks
        raise _damaged(content, error) from error


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | time):
        form = _QUOTED.sub("", cell.number_format).lower()
        dated = re.search("[dy]", form) is not None
        if isinstance(value, time):
            # As a day, less than one is Excel's day 0, which is neither a day nor a length.
            return f"1900-01-00 {value.isoformat()}" if dated else value.isoformat()
        if not dated:  # a clock's hours beyond the first day
            days = to_excel(value, cell.parent.parent.epoch)
            return clock(timedelta(seconds=round(days * 86_400, 3)))
        if not re.search("[hs]", form) and value.time() == time():
            return value.date().isoformat()
    return typed_text(value)


def _check_parts(data: io.BytesIO, content: Content) -> bool:
    """Refuse a workbook larger than anyone's log; tell whether it holds formulas."""
    with zipfile.ZipFile(data) as parts:
        large = sum(part.file_size for part in parts.infolist()) > _MOST_UNZIPPED
        for part in parts.infolist():
            dense = part.file_size > _LARGE and part.file_size > _MOST_RATIO * part.compress_size
            strings = part.filename.startswith(_STRINGS) and part.file_size > _MOST_STRINGS
            large |= dense or strings
        if large:
            raise SourceError(
                "The workbook unpacks to more than any call log",
                where=content,
                fix="Save the sheet as CSV",
            )
        read = [name for name in parts.namelist() if name.startswith(("xl/worksheets/", _STRINGS))]
        formulas = [_holds_formulas(parts, name, content) for name in read]  # each is looked at
        return any(formulas)


def _holds_formulas(parts: zipfile.ZipFile, name: str, content: Content) -> bool:
    """Tell whether a part holds formulas; refuse one with a text that no cell can hold."""
    end, found = b"", False
    with parts.open(name) as file:
        while block := file.read(_BLOCK):
            if len(block) == _BLOCK and b"<" not in block:
                raise SourceError(
                    "A cell of the workbook holds more than a million letters",
                    where=content,
                    fix="Remove the column, or save the sheet as CSV",
                )
            found = found or re.search(rb"<f[ >/]", end + block) is not None
            end = block[-3:]
    return found


def _damaged(content: Content, error: Exception) -> SourceError:
    return SourceError(
        "The workbook cannot be read",
        where=f"{content} ({type(error).__name__}: {error})",
        fix="Open it in a spreadsheet and save it as XLSX or CSV again",
    )
