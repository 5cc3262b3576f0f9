"""Workbooks: their sheets, their typed cells, and what is wrong with them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files import workbooks
from tests.providers.opened import NAMES, opened

AT = datetime(2026, 8, 3, 10, 5)  # noqa: DTZ001 - a workbook's cell has no zone


def call(name: str) -> tuple[object, ...]:
    return ("Answered Call", AT, 95, 14045550142, name, 12.5)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(**sheets: Iterable[Iterable[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    return book


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with a regular expression replaced in one part."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                data = re.sub(old, new, data.decode()).encode()
            after.writestr(name, data)
    return result.getvalue()


def test_the_sheet_with_the_header_is_read(tmp_path):
    """A cover sheet before the log is left, and both are named."""
    book = workbook(
        Cover=[["Acme", "August"], ["Calls", 2]], Log=[NAMES, call("Ann")], Notes=[["to do"]]
    )
    found = opened(tmp_path, saved(book))
    assert found.column("Name") == ["Ann"]
    assert found.remarks == ["Log is read; left out: Cover, Notes"]


def test_sheets_with_the_same_header_are_one_log(tmp_path):
    """A sheet a month is read in order, also where one has its columns in another."""
    turned = [tuple(reversed(NAMES)), tuple(reversed(call("Cy")))]
    book = workbook(May=[NAMES, call("Ann")], June=[["June"], NAMES, call("Ben")], July=turned)
    found = opened(tmp_path, saved(book))
    assert found.column("Name") == ["Ann", "Ben", "Cy"]
    assert found.column("Value") == ["12.5"] * 3
    assert len(set(found.rows)) == 3
    assert "May, June, July have the same header; all are read" in found.remarks


def test_a_further_sheet_is_read_by_its_own_header(tmp_path):
    """Its order of the columns counts where no cell of the log has a digit either."""
    book = workbook(
        May=[("Wer", "Was"), ("Ann", "Torte"), ("Cy", "Brot")], June=[("WAS", "WER"), ("Eis", "Bo")]
    )
    found = opened(tmp_path, saved(book))
    assert found.records == [["Ann", "Torte"], ["Cy", "Brot"], ["Bo", "Eis"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_never_read(tmp_path, state):
    """What a person cannot see is not counted, and said to be there."""
    book = workbook(Log=[NAMES, call("Ann")], Old=[NAMES, call("Ben")])
    book["Old"].sheet_state = state
    found = opened(tmp_path, saved(book))
    assert found.column("Name") == ["Ann"]
    assert found.remarks == ["Hidden sheets are not read: Old"]


def test_a_range_stated_too_small_is_not_believed(tmp_path):
    """Some writers say that the sheet is one cell."""
    content = changed(
        saved(workbook(Log=[NAMES, call("Ann")])),
        "xl/worksheets/sheet1.xml",
        r'<dimension ref="[^"]*"',
        '<dimension ref="A1"',
    )
    assert opened(tmp_path, content).column("Name") == ["Ann"]


def test_formulas_without_a_value_are_noted(tmp_path):
    """The record is kept with the cell empty, and the note says how to get the value."""
    book = workbook(Log=[NAMES, call("Ann"), [*call("Ben")[:5], "=1+1"]])
    found = opened(tmp_path, saved(book))
    assert found.column("Value") == ["12.5", ""]
    (note,) = found.notes
    assert (note.row, note.column, note.text) == (2, "Value", "=1+1")
    assert "formula without a value" in note.reason


def test_error_cells_are_noted_and_absent_ones_are_not(tmp_path):
    """#REF! is no caller's name; #N/A means that there is none."""
    book = workbook(Log=[NAMES, call("#REF!"), call("#N/A")])
    for line in (2, 3):
        book["Log"].cell(line, 5).data_type = "e"
    found = opened(tmp_path, saved(book))
    assert found.column("Name") == ["", ""]
    assert [(note.row, note.text) for note in found.notes] == [(1, "#REF!")]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (12.345, "General", "12.3450"),
        (1234.5, "General", "1234.5"),
        (14045550142.0, "0.00E+00", "14045550142"),
        (1e-7, "General", "0.0000001"),
        (AT, "yyyy-mm-dd hh:mm", "2026-08-03 10:05:00"),
        (date(2026, 8, 3), "yyyy-mm-dd", "2026-08-03"),
        (datetime(2026, 8, 3), "yyyy-mm-dd hh:mm", "2026-08-03 00:00:00"),  # noqa: DTZ001
        (time(0, 1, 35), "h:mm:ss", "00:01:35"),
        (timedelta(hours=26), "[h]:mm:ss", "26:00:00"),
        (timedelta(seconds=95.5), "[mm]:ss.0", "0:01:35.5"),
        (1 + 2 / 24, "hh:mm:ss", "26:00:00"),
        (2 / 24, "yyyy-mm-dd hh:mm:ss", "1900-01-00 02:00:00"),
        (True, "General", "true"),
    ],
)
@pytest.mark.parametrize("calendar", [None, CALENDAR_MAC_1904])
def test_typed_cells_as_texts(tmp_path, value, form, text, calendar):
    """Numbers cannot be taken for thousands, lengths of time say their unit, in both calendars."""
    book = workbook(Log=[NAMES, call("Ann")])
    if calendar:
        book.epoch = calendar
    book["Log"]["F2"] = value
    book["Log"]["F2"].number_format = form
    assert opened(tmp_path, saved(book)).column("Value") == [text]


def test_a_merged_cell_stands_in_its_first_row(tmp_path):
    """The rows below it are records with that cell missing."""
    book = workbook(Log=[NAMES, call("Ann"), call("Ben")])
    book["Log"].merge_cells("A2:A3")
    assert opened(tmp_path, saved(book)).column("Call Status") == ["Answered Call", ""]


def test_a_second_table_in_a_sheet_is_set_aside(tmp_path):
    """A summary below the log makes no records, and its row is said."""
    rows = [NAMES, call("Ann"), call("Ben"), (), ("Day", "Calls"), (AT, 2)]
    found = opened(tmp_path, saved(workbook(Log=rows)))
    assert found.column("Name") == ["Ann", "Ben"]
    assert "A second table begins at row 5 (Day, Calls); it is not read" in found.remarks


def test_half_a_download_is_said_to_be_cut_off(tmp_path):
    """The way out is to download it again, not to open it in a spreadsheet."""
    content = saved(workbook(Log=[NAMES, call("Ann")]))
    with pytest.raises(SourceError, match=r"cut off.*Download"):
        opened(tmp_path, content[: len(content) // 2])


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    """A part that is nearly nothing when packed is no log."""
    monkeypatch.setattr(workbooks, "_LARGE", 1024)
    content = changed(
        saved(workbook(Log=[NAMES, call("Ann")])),
        "xl/worksheets/sheet1.xml",
        "</worksheet>",
        "</worksheet>" + " " * 5_000_000,
    )
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name))
    with pytest.raises(SourceError, match="unpacks to more"):
        opened(tmp_path, packed.getvalue())


def test_an_empty_workbook_holds_no_rows(tmp_path):
    """A sheet without a cell is said to be empty."""
    with pytest.raises(SourceError, match="no rows"):
        opened(tmp_path, saved(workbook(Log=[])))
