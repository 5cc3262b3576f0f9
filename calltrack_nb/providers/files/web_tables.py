"""Tables of web pages and of Excel's XML of 2003, which many panels name .xls."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Final
from xml.etree import ElementTree as ET

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.grids import Grid, Row, open_grids
from calltrack_nb.providers.files.sheets import MOST_COLUMNS, Sheet
from calltrack_nb.providers.files.texts import Text
from calltrack_nb.providers.files.typed_texts import clock, typed_text

_CELLS: Final = ("td", "th")
_UNSEEN: Final = ("script", "style", "head", "select")
_BREAKS: Final = ("br", "p", "div", "li")
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
# A time of day or a length of time is a moment of Excel's first days.
_FIRST_DAY: Final = datetime(1899, 12, 31)  # noqa: DTZ001 - a workbook's time has no zone
_FIRST_DATE: Final = datetime(1903, 1, 1)  # noqa: DTZ001
_LOG_IN: Final = re.compile(r"""type\s*=\s*["']?password""", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def open_web_page(text: Text, known: Collection[str]) -> Sheet:
    """Open the table of a web page, or of a workbook in XML.

    Parameters
    ----------
    text : Text
        Begins with a tag.
    known : collection of str
        Plain names of columns that some system uses.

    Raises
    ------
    SourceError
        When it is a page to log in, an error message, or holds no table.
    """
    page = text.whole("web page")
    where = text.content
    if _SPREADSHEET in page[:4096]:
        return open_grids(
            _xml_grids(page, text),
            known,
            kind="Excel XML",
            where=where,
            remarks=text.encoding.remarks,
        )
    title = " ".join(match[1].split())[:100] if (match := _TITLE.search(page)) else ""
    named = f"“{title}”" if title else "without a title"
    if _LOG_IN.search(page):
        raise SourceError(
            f"The file is a login page ({named}), not an export",
            where=where,
            fix="Log in and export it again",
        )
    reader = _Tables()
    reader.feed(page)
    reader.close()
    tables = [table for table in reader.tables if sum(any(row) for row in table) > 1]
    if not tables:
        said = " ".join(re.sub(r"<[^>]*>", " ", page).split())[:100]
        raise SourceError(
            f"The file is a web page or a message ({named}), not an export: “{said}”",
            where=where,
            fix="Export it again as CSV or XLSX",
        )
    grids = [_grid(f"table {i}", table) for i, table in enumerate(tables, start=1)]
    return open_grids(grids, known, kind="web page", where=where, remarks=text.encoding.remarks)


def _grid(name: str, rows: list[list[str]]) -> Grid:
    return Grid(name, lambda: (Row(cells) for cells in rows))


class _Tables(HTMLParser):
    """The tables of a page as rows of texts.

    A cell over several columns or rows has its text in the first; a table within a
    cell is part of its text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._unseen = 0
        self._cell: list[str] | None = None
        self._columns = 1
        # By column, how many rows below a cell still covers.
        self._covered: dict[int, int] = {}
        self._rows = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        self._unseen += tag in _UNSEEN
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self._covered = {}
        if self._depth != 1:
            return
        if tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif tag in _CELLS:
            self._end_cell()
            spans = {name: int(value or 1) for name, value in attrs if _is_span(name, value)}
            self._columns = max(1, min(spans.get("colspan", 1), MOST_COLUMNS))
            self._rows = max(1, min(spans.get("rowspan", 1), 65_536))
            self._cell = []
        elif tag in _BREAKS and self._cell:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a table."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in (*_CELLS, "tr") and self._depth == 1:
            self._end_cell()
        if tag == "table" and self._depth:
            self._end_cell()
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Add to the cell."""
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._depth != 1:
            return
        rows = self.tables[-1]
        if not rows:
            rows.append([])
        row = rows[-1]
        while len(rows) <= self._covered.get(len(row), 0):
            row.append("")
        place = len(row)
        row += [" ".join("".join(self._cell).split()), *[""] * (self._columns - 1)]
        if self._rows > 1:
            last = len(rows) + self._rows - 1
            self._covered |= dict.fromkeys(range(place, len(row)), last)
        self._cell = None


def _is_span(name: str, value: str | None) -> bool:
    return name in ("colspan", "rowspan") and (value or "").isdecimal() and len(value or "") < 6


def _xml_grids(page: str, text: Text) -> list[Grid]:
    """Return the sheets of a workbook in Excel's XML of 2003."""
    try:
        # The encoding it states is that of its bytes, which are decoded.
        book = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", page))  # noqa: S314 - expat bounds entities
    except (ET.ParseError, ValueError) as error:
        raise SourceError(
            "The XML is cut off or damaged",
            where=f"{text.content} ({error})",
            fix="Export it again",
        ) from error
    grids = []
    for sheet in book.iter(f"{{{_SPREADSHEET}}}Worksheet"):
        rows = [_xml_row(row) for row in sheet.iter(f"{{{_SPREADSHEET}}}Row")]
        grids.append(_grid(sheet.get(f"{{{_SPREADSHEET}}}Name", "sheet"), rows))
    return grids


def _xml_row(row: ET.Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{{{_SPREADSHEET}}}Cell"):
        index = cell.get(f"{{{_SPREADSHEET}}}Index", "")
        if index.isdecimal() and len(cells) < int(index) <= MOST_COLUMNS:
            cells += [""] * (int(index) - 1 - len(cells))
        data = cell.find(f"{{{_SPREADSHEET}}}Data")
        cells.append(_xml_text(data) if data is not None else "")
    return cells


def _xml_text(data: ET.Element) -> str:
    """Write a cell's value as the readers of values read it."""
    value = "".join(data.itertext())
    kind = data.get(f"{{{_SPREADSHEET}}}Type", "String")
    if kind == "Error":
        return ""
    if kind == "Boolean":
        return typed_text(value == "1")
    try:
        if kind == "Number":
            return typed_text(Decimal(value))
        if kind == "DateTime":
            at = datetime.fromisoformat(value)
            return clock(at - _FIRST_DAY) if at < _FIRST_DATE else typed_text(at)
    except (ArithmeticError, ValueError):
        return value
    return value
