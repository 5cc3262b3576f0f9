"""Files that are broken, hostile or odd: a clear error or a quarantined row."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from calltrack_nb import providers
from calltrack_nb.errors import CalltrackError, SourceError
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import importing

HEADER = "Call Status,Start Time,Duration (seconds),Phone Number,Name,First-Time Caller\n"
ROW = "Answered Call,2026-08-01 09:12:33,90,(404) 555-1234,{},Yes\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1252", "Zoë Müller"), ("utf-16", "Zoë Müller"), ("utf-8-sig", "Zoë Müller")],
)
def test_encodings(read_one, encoding, name):
    """Western, UTF-16 and marked UTF-8 files keep their umlauts."""
    batch = read_one((HEADER + ROW.format(name)).encode(encoding))
    assert batch.tables["calls"]["caller_name"].tolist() == [name]


def test_a_late_byte_that_is_not_utf8(read_one):
    """A file that turns out Western far behind its beginning is read as Western."""
    body = "".join(
        ROW.format(f"Caller {n}").replace("09:12", f"09:{n % 60:02d}") for n in range(9000)
    )
    batch = read_one((HEADER + body + ROW.format("Zoë")).encode("cp1252"))
    assert batch.tables["calls"]["caller_name"].iloc[-1] == "Zoë"


def test_a_quotation_mark_that_never_closes_gives_nothing(workspace, tmp_path):
    """An unclosed quotation mark is an error with its line, and nothing is imported."""
    path = tmp_path / "log.csv"
    path.write_text(HEADER + ROW.format("Ann") + ROW.format('"Ben') + ROW.format("Cy") * 9)
    report = importing.import_files(workspace, [path])
    assert "never closes" in report.problems[0]
    assert "line 3" in report.problems[0]
    assert len(workspace.calls()) == 0
    assert len(workspace.table("imports")) == 0


def test_stray_marks_that_swallow_lines_are_set_aside(read_one):
    """Lines between two stray marks are not taken for a caller's name."""
    batch = read_one(
        HEADER + ROW.format('"Ben') + ROW.format("Cy") + ROW.format('Di"') + ROW.format("Ed")
    )
    assert batch.tables["calls"]["caller_name"].tolist() == ["Ed"]
    assert batch.rows_lost >= 1
    assert len(batch.quarantine) >= 1


def test_rows_of_another_width(read_one):
    """A short row lacks its last cells, a long one is set aside, each by its number."""
    short = "Answered Call,2026-08-02 09:12:33,90,(404) 555-1234\n"
    long = ROW.format("Ann").strip() + ",more,and more\n"
    batch = read_one(
        HEADER + ROW.format("Ann") + short + long + ROW.format("Cy").replace("01", "03")
    )
    assert batch.tables["calls"]["row"].tolist() == [1, 2, 4]
    assert batch.quarantine["row"].tolist() == [3]
    assert "8 cells" in batch.quarantine["reason"].iloc[0]


def test_ten_thousand_columns_are_refused(read_one):
    """A file as wide as that is not a log, and the message says so."""
    header = ",".join(["Start Time", "Phone Number", *(f"c{n}" for n in range(10_000))])
    with pytest.raises(SourceError, match="10,002 columns"):
        read_one(header + "\n1,2\n")


def test_a_formula_is_text(read_one):
    """A cell that begins like a formula is the text it is."""
    batch = read_one(HEADER + ROW.format("=cmd|' /C calc'!A0"))
    assert batch.tables["calls"]["caller_name"].tolist() == ["=cmd|' /C calc'!A0"]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_with_typed_cells(read_one):
    """Dates, numbers and texts of an XLSX are read like those of a CSV."""
    from datetime import datetime

    start = datetime(2026, 8, 1, 9, 12, 33)  # noqa: DTZ001 - a workbook's cell has no zone
    content = workbook(
        ("Call List", None),
        ("Call Status", "Start Time", "Duration (seconds)", "Phone Number", "First-Time Caller"),
        ("Answered Call", start, 90, 14045551234, True),
    )
    batch = read_one(content)
    call = batch.tables["calls"].iloc[0]
    assert f"{call['started_at']:%Y-%m-%d %H:%M:%S}" == "2026-08-01 13:12:33"
    assert (call["duration_s"], call["caller_number"]) == (90, "+14045551234")


def test_a_protected_workbook_says_so(tmp_path):
    """A password is named as the reason, and taking it off as the way out."""
    plain, locked = io.BytesIO(workbook(("Start Time",))), tmp_path / "locked.xlsx"
    with locked.open("wb") as file:
        OOXMLFile(plain).encrypt("secret", file)
    with pytest.raises(SourceError, match=r"password.*Save it without"):
        providers.recognise(locked, Settings())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b'{"calls": [{"id": 1', "cut off"),
        (b"PK\x03\x04 not a workbook", "cut off or damaged"),
        (b"\xd0\xcf\x11\xe0 not a workbook", "binary"),
        (b"\x00\x01\x02\x03" * 50, "not text"),
        (b"size,colour\n42,red\n", "no columns of a call log"),
    ],
)
def test_files_that_are_no_log(read_one, content, says):
    """Each is one clear line."""
    with pytest.raises(CalltrackError, match=says):
        read_one(content)


def test_an_empty_log_has_no_calls(workspace, tmp_path):
    """A header without rows is a quiet month: imported as no calls, and no problem."""
    path = tmp_path / "log.csv"
    path.write_text(HEADER)
    report = importing.import_files(workspace, [path])
    assert report.problems == ()
    assert [(file.provider, file.rows_read) for file in report.files] == [("callrail", 0)]
    assert workspace.table("calls").empty


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: (HEADER + text).encode()),
        st.lists(st.text(max_size=30), max_size=12).map(
            lambda cells: (HEADER + ",".join(cells) + "\n").encode()
        ),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.text(max_size=9), st.floats(allow_nan=False)),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["calls", "start_time", "tags", "milestones", "id"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=9,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_arbitrary_bytes_raise_nothing_but_our_errors(content):
    """Whatever a file holds, reading it gives rows or one of the errors a user can mend."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            for batch in providers.read(path, Settings()):
                assert batch.rows_read >= batch.rows_lost
        except CalltrackError as error:
            assert str(error)  # noqa: PT017 - raising is one of two right answers


def test_rows_are_numbered_below_the_header(read_one):
    """A title above the header, odd line breaks and blank lines do not shift the numbers."""
    text = (
        "Call\u2028list\n\n"
        + HEADER
        + ROW.format("A")
        + "\n"
        + "x,y,z,1,2,3,4,5\n"
        + ROW.format("B")
    )
    batch = read_one(text)
    assert batch.tables["calls"]["row"].tolist() == [1, 3]
    assert batch.quarantine["row"].tolist() == [2]
