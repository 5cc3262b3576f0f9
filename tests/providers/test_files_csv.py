"""Delimiters, quotation marks and line ends of CSV files."""

from __future__ import annotations

import csv
import io
import time

import pytest

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files import records
from tests.providers.opened import HEADER, NAMES, opened, row


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_by_how_they_cut(tmp_path, delimiter):
    """The mark that cuts every line alike is chosen, whatever marks the cells hold."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter)
    writer.writerow(["Wann", "Wer", "Notiz"])
    writer.writerows([f"3.5.2026 10:0{n}", "Meier, Jan; Co", "1,5 kg | zart"] for n in range(9))
    found = opened(tmp_path, content.getvalue())
    assert found.sheet.columns == ("Wann", "Wer", "Notiz")
    assert found.records[0] == ["3.5.2026 10:00", "Meier, Jan; Co", "1,5 kg | zart"]


def test_decimal_commas_do_not_cut(tmp_path):
    """Semicolons of a country with decimal commas are found."""
    found = opened(tmp_path, "Wann;Dauer\n3.5.2026 10:05;95,5\n3.5.2026 11:05;62,25\n")
    assert found.column("Dauer") == ["95,5", "62,25"]


def test_a_stated_delimiter_is_obeyed(tmp_path):
    """Excel's first line says the delimiter, and is no record."""
    found = opened(tmp_path, "sep=;\n" + (HEADER + row("Ann")).replace(",", ";"))
    assert found.column("Name") == ["Ann"]
    assert found.sheet.preamble == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('5" cake tin', '5" cake tin'),
        ('"Bob ""The Baker"" Smith"', 'Bob "The Baker" Smith'),
        (r'"Bob \"The Baker\" Smith"', 'Bob "The Baker" Smith'),
        (r'"\"Yes\", he said, \"two\""', '"Yes", he said, "two"'),
        (r'"in C:\new, said \"Bob\""', 'in C:\\new, said "Bob"'),
        (r'"C:\\ and \"Bob\""', 'C:\\ and "Bob"'),
        (r"Bob \"The Baker\" Smith", 'Bob "The Baker" Smith'),
        ('"Bob "The Baker" Smith"', 'Bob "The Baker" Smith'),
        (' "Bob, Ann" ', "Bob, Ann"),
        (r'"C:\calls\"', "C:\\calls\\"),
        ('"two\nlines, and\n\nmore"', "two\nlines, and\n\nmore"),
        ('"a line\u2028more"', "a line\u2028more"),
        ('""""', '"'),
    ],
)
def test_quotation_marks_as_writers_use_them(tmp_path, cell, text):
    """Doubled, escaped by a backslash, bare: the cell is whole and its neighbours are too."""
    found = opened(tmp_path, HEADER + row("Ann") + row(cell) + row("Cy"))
    assert found.column("Name") == ["Ann", text, "Cy"]
    assert found.column("Value") == ["12.50"] * 3
    assert found.broken == []


def test_a_file_of_both_marks_and_plain_lines_keeps_its_numbers(tmp_path):
    """Lines that are written anew do not shift the numbers of the records."""
    lines = [row(f'{n}" tin' if n % 7 == 0 else f"Caller {n}", minute=n) for n in range(40)]
    found = opened(tmp_path, HEADER + "\n" + "\n".join(lines))
    assert found.rows == list(range(1, 41))
    assert found.column("Start Time") == [f"2026-08-03 10:{n:02}:00" for n in range(40)]


def test_a_cell_of_any_length(tmp_path):
    """A transcript longer than the csv module allows is read, and its limit left alone."""
    limit = csv.field_size_limit()
    found = opened(tmp_path, HEADER + row("word " * 60_000) + row("Ben"))
    assert [len(name) for name in found.column("Name")] == [299_999, 3]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_ends(tmp_path, end):
    """Old Macintosh, Unix and Windows ends each end a line."""
    found = opened(tmp_path, (HEADER + row("Ann") + row("Ben")).replace("\n", end))
    assert found.column("Name") == ["Ann", "Ben"]


@pytest.mark.parametrize("minutes", [range(1), range(2)])
def test_swallowed_lines_are_set_aside(tmp_path, minutes):
    """Lines between two stray marks are no caller's name, be they one or several."""
    between = "".join(row("Cy", minute=minute) for minute in minutes if minute)
    found = opened(tmp_path, HEADER + row('"Ben') + between + row('Di"') + row("Ed"))
    assert found.column("Name") == ["Ed"]
    assert "swallows" in found.broken[0].reason


def test_a_line_end_at_the_end_of_a_cell_is_no_line(tmp_path):
    """A note that ends with an empty line is a note."""
    found = opened(tmp_path, HEADER + row('"Ann,\n"') + row("Ben"))
    assert found.column("Name") == ["Ann,", "Ben"]


def test_a_note_of_several_lines_with_commas_is_kept(tmp_path):
    """A list of words in a note is not taken for a line that was swallowed."""
    text = 'Wann,Wer,Notiz\n3.5.2026 10:05,Ann,"Torten:\nrot, blau, grün"\n'
    assert opened(tmp_path, text).column("Notiz") == ["Torten:\nrot, blau, grün"]


def test_the_last_row_of_half_a_download_is_set_aside(tmp_path):
    """A row that breaks off is not read as if its last cell were whole."""
    found = opened(tmp_path, HEADER + row("Ann") + row("Ben").strip()[:-20])
    assert found.column("Name") == ["Ann"]
    assert [one.reason for one in found.broken] == ["the file breaks off in this row"]


def test_a_line_of_few_cells_is_no_record(tmp_path):
    """A signature below the table is not filled up to a record."""
    found = opened(tmp_path, HEADER + row("Ann") + "Last call,2026-08-03 10:00\n")
    assert found.rows == [1]
    assert [one.reason for one in found.broken] == ["the row has 2 cells, the header 6"]


@pytest.mark.parametrize(
    "content", ["Your session has expired, please log in.\n", "Unauthorized access\n"]
)
def test_a_message_is_no_table(tmp_path, content):
    """What a service says in place of an export is shown."""
    with pytest.raises(SourceError, match=content.strip()[:12]):
        opened(tmp_path, content)


def test_an_open_mark_is_refused_where_others_stand_within_cells(tmp_path):
    """An unclosed mark is found with its line beside marks that mean inches."""
    content = HEADER + row('5" tin') + row('"Ben') + row("Cy")
    with pytest.raises(SourceError, match=r"never closes.*line 3"):
        opened(tmp_path, content)


def test_columns_keep_their_order(tmp_path):
    """Names and cells stand together."""
    assert opened(tmp_path, HEADER + row("Ann")).sheet.columns == NAMES


def test_a_quotation_mark_that_never_closes_does_not_fill_the_memory(tmp_path, monkeypatch):
    """What follows it is not gathered to the end of a large file; the line is named."""
    monkeypatch.setattr(records, "_LONGEST_RECORD", 10_000)
    with pytest.raises(SourceError, match=r"line 3.*Close the quotation mark"):
        opened(tmp_path, HEADER + row("Ann") + row('"Bob') + row("Cleo") * 1000)


def test_a_row_of_megabytes_is_refused_with_its_limit(tmp_path):
    """What no reader can hold at once is called what it is."""
    with pytest.raises(SourceError, match=r"A row of the file is longer than 4 MB.*longest"):
        opened(tmp_path, HEADER + row("Ann") + row("x" * 10_000_000))


def test_a_cell_of_many_lines_is_read_in_a_breath(tmp_path):
    """Twice the lines take twice the time, not four times."""
    note = "abc\n" * 200_000
    started = time.process_time()
    with pytest.raises(SourceError, match="never closes"):
        opened(tmp_path, HEADER + row("Ann") + row(f'"{note}'))
    assert time.process_time() - started < 20
