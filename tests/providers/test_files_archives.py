"""Archives, web pages, Parquet files, and files that are no table."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from datetime import datetime
from decimal import Decimal

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files import archives
from calltrack_nb.providers.files.opening import open_sheet
from calltrack_nb.providers.files.texts import Text
from tests.providers.opened import HEADER, KNOWN, NAMES, opened, row

LOG = (HEADER + row("Ann")).encode()
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(LOG),
        gzip.compress(LOG.decode().encode("utf-16")),
        zipped(calls_csv=LOG),
        zipped(may__calls_csv=LOG, read_me=b"Calls of May"),
    ],
    ids=["gzip", "gzip of UTF-16", "zip", "zip with a note"],
)
def test_an_archive_of_one_table_is_the_table(tmp_path, content):
    """What is packed is read as if it were not."""
    assert opened(tmp_path, content).column("Name") == ["Ann"]


def test_what_a_mac_adds_to_an_archive_is_no_table(tmp_path):
    """The hidden twin of a file does not make it two."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("calls.csv", LOG)
        archive.writestr("__MACOSX/._calls.csv", b"\x00\x05\x16\x07")
    assert opened(tmp_path, content.getvalue()).column("Name") == ["Ann"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped(a_csv=LOG, b_csv=LOG), r"one table.*a\.csv, b\.csv.*Unpack"),
        (zipped(), "holds nothing"),
        (zipped(inner_zip=zipped(a_csv=LOG)), "another archive"),
        (zipped(word__document_xml=b"<x/>"), "a Word document"),
        (zipped(xl__workbook_bin=b"x"), r"xlsb.*Save it as XLSX"),
        (zipped(content_xml=b"<x/>"), "OpenDocument"),
        (zipped(calls_csv=LOG)[:60], r"archive is cut off.*[Dd]ownload"),
        (gzip.compress(LOG)[:-12], r"archive is cut off.*[Dd]ownload"),
    ],
    # the bytes of an archive hold the time it was made
    ids=["two", "none", "inside", "docx", "xlsb", "odt", "cut zip", "cut gzip"],
)
def test_other_archives_are_refused_with_what_they_are(tmp_path, content, says):
    """Each says what it holds, and what to do."""
    with pytest.raises(SourceError, match=says):
        opened(tmp_path, content)


def test_an_archive_without_end_is_refused(tmp_path, monkeypatch):
    """Little that unpacks to very much is no log."""
    monkeypatch.setattr(archives, "_MOST_UNPACKED", 10_000)
    with pytest.raises(SourceError, match="unpacks to more"):
        opened(tmp_path, gzip.compress(b" " * 5_000_000))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", r"an image \(PNG\)"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", r"a recording \(WAV\)"),
        (b"ID3\x04\x00", r"a recording \(MP3\)"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"{\\rtf1 x}", "rich text"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7-Zip"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "MHTML"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), r"old Excel workbook \(\.xls\)"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "old Word"),
    ],
)
def test_files_that_are_no_table_are_named(tmp_path, content, says):
    """A person reads what was chosen by mistake."""
    with pytest.raises(SourceError, match=says):
        opened(tmp_path, content)


def page(*records: tuple[str, ...]) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in cells) for cells in records)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def test_a_web_page_named_xls_is_its_table(tmp_path):
    """The table with the log is taken of several, tags and entities are no text."""
    cells = tuple(row("<b>Ann</b> &amp; Co<br>Ltd").strip().split(","))
    content = f"<html><head><title>x</title></head>{page(('Menu', 'Help'), ('a', 'b'))}"
    found = opened(tmp_path, content + page(NAMES, cells))
    assert found.sheet.columns == NAMES
    assert found.column("Name") == ["Ann & Co Ltd"]
    assert found.remarks == ["table 2 is read; left out: table 1"]


def test_cells_over_several_columns_and_rows_keep_the_others_in_place(tmp_path):
    """A cell's text stands once, in the first of the places it covers."""
    content = (
        "<table><tr><th colspan=2>Call<th rowspan=2>Source</tr><tr><th>Name<th>Start Time</tr>"
        "<tr><td>Ann<td rowspan=2>2026-08-03 10:00<td>Flyer<tr><td>Ben<td>Radio</table>"
    )
    found = opened(tmp_path, content)
    assert found.sheet.columns == ("Name", "Start Time", "Source")
    assert found.records == [["Ann", "2026-08-03 10:00", "Flyer"], ["Ben", "", "Radio"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<html><title>Sign in</title><input type='password'></html>", r"login page \(“Sign in”\)"),
        ("<html><body><p>Not allowed</p></body></html>", "web page or a message.*Not allowed"),
        ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
    ],
)
def test_a_page_without_a_log_is_named(tmp_path, content, says):
    """A page to log in and an error in XML are shown, not read."""
    with pytest.raises(SourceError, match=says):
        opened(tmp_path, content)


def test_excels_xml_of_2003_has_typed_cells(tmp_path):
    """Its numbers, days and lengths of time are written like those of a workbook."""
    kinds = [
        ("String", "Missed"),
        ("DateTime", "2026-08-03T10:05:00.000"),
        ("DateTime", "1899-12-31T00:01:35.000"),
        ("Number", "1.4045550142E10"),
        ("Error", "#REF!"),
        ("Number", "12.345"),
    ]
    header = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in NAMES)
    cells = "".join(f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for kind, text in kinds)
    content = (
        f'<?xml version="1.0" encoding="utf-8"?><Workbook xmlns="{SPREADSHEET}" '
        f'xmlns:ss="{SPREADSHEET}"><Worksheet ss:Name="Log"><Table><Row>{header}</Row>'
        f"<Row>{cells}</Row></Table></Worksheet></Workbook>"
    )
    assert opened(tmp_path, content).records == [
        ["Missed", "2026-08-03 10:05:00", "0:01:35", "14045550142", "", "12.3450"]
    ]


def test_parquet_is_read_with_its_types(tmp_path):
    """Times, decimals and missing values are written as texts."""
    table = pa.table(
        {
            "Name": ["Ann", None],
            "Start Time": [datetime(2026, 8, 3, 10, 5)] * 2,  # noqa: DTZ001
            "Value": [Decimal("12.345"), None],
        }
    )
    content = io.BytesIO()
    pq.write_table(table, content)
    found = opened(tmp_path, content.getvalue())
    assert found.sheet.columns == ("Name", "Start Time", "Value")
    assert found.records[0] == ["Ann", "2026-08-03 10:05:00", "12.3450"]
    assert found.records[1][2] == ""


def test_a_damaged_parquet_file_is_named(tmp_path):
    """Its beginning alone is no file."""
    with pytest.raises(SourceError, match="Parquet file cannot be read"):
        opened(tmp_path, b"PAR1 and nothing more")


def test_a_workbook_in_an_archive_is_read(tmp_path):
    """A packed workbook is a workbook still."""
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    book.active.append(row("Ann").strip().split(","))
    content = io.BytesIO()
    book.save(content)
    for archive in (zipped(calls_xlsx=content.getvalue()), gzip.compress(content.getvalue())):
        assert opened(tmp_path, archive).column("Name") == ["Ann"]


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_what_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path, kind):
    """A megabyte that would be read for minutes is told from a log by how far it unpacks."""
    lines = LOG + LOG.splitlines()[-1] * 10 + (b"\n" + LOG.splitlines()[-1]) * 1_100_000
    path = tmp_path / f"calls.csv.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(lines, 6))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("calls.csv", lines)
    with pytest.raises(SourceError, match=r"more than 200 times its size.*Unpack it"):
        open_sheet(path, KNOWN)


@pytest.mark.parametrize("dictionary", [True, False])
def test_parquet_rows_that_would_fill_the_memory_are_refused(tmp_path, dictionary):
    """A text stored once for very many rows is not copied for each of them."""
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, np.int32)), ["x" * 100_000])
    if not dictionary:
        texts = pa.array(["x" * 1_000_000] * 300)
    path = tmp_path / "calls.parquet"
    pq.write_table(pa.table({"Note": texts}), path, compression="zstd", use_dictionary=dictionary)
    with pytest.raises(SourceError, match="more text than a call log"):
        list(open_sheet(path, KNOWN).chunks())


def test_parquet_with_long_texts_is_read_whole(tmp_path):
    """Few rows at once are read where rows are large, and all of them."""
    texts = [f"{n} {'x' * 20_000}" for n in range(20_000)]
    path = tmp_path / "calls.parquet"
    pq.write_table(pa.table({"Note": texts}), path, compression="zstd", use_dictionary=False)
    chunks = list(open_sheet(path, KNOWN).chunks())
    assert [text for chunk in chunks for text in chunk.frame["Note"]] == texts
    assert np.concatenate([chunk.rows for chunk in chunks]).tolist() == [*range(1, 20_001)]


@pytest.mark.parametrize("begin", ['[{"a": "', "<table><tr><td>"])
def test_what_is_read_whole_has_a_most(tmp_path, monkeypatch, begin):
    """JSON and web pages are read at once, so a large one is refused with another way."""
    monkeypatch.setattr(sys.modules[Text.__module__], "_MOST_WHOLE", 10_000)
    path = tmp_path / "calls"
    path.write_text(begin + "x" * 20_000)
    with pytest.raises(SourceError, match="Export it as CSV"):
        open_sheet(path, KNOWN)


def test_a_cell_of_more_than_any_spreadsheet_holds_is_refused(tmp_path):
    """A workbook with one text of megabytes is told before it is read."""
    path = tmp_path / "calls.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Call Status", "Note"])
    book.save(path)
    with zipfile.ZipFile(path) as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    cell = b'<row><c t="inlineStr"><is><t>' + b"x" * 3_000_000 + b"</t></is></c></row></sheetData>"
    held[sheet] = held[sheet].replace(b"</sheetData>", cell)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, data in held.items():
            parts.writestr(name, data)
    with pytest.raises(SourceError, match="more than a million letters"):
        open_sheet(path, KNOWN)
