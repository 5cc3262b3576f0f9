"""Where a header is found, and what is said where there is none."""

from __future__ import annotations

import pytest

from calltrack_nb.providers.files.headers import find_header
from tests.providers.opened import HEADER, NAMES, opened, row

NOTHING_KNOWN = frozenset[str]()
CALLS = ("Wann;Wer;Wie lange;Woher", "3.5.2026 10:05;0171 5550142;2:05;Flyer")
LATER = "4.5.2026 11:05;0171 5550143;0:25;Radio"


@pytest.mark.parametrize(
    "above",
    [
        (),
        ("Anrufliste Mai",),
        ("Anrufliste", "1.5.2026 - 31.5.2026", ""),
        ("# -----", "# Konto: X", "# -----"),
        ("Anruf;;;Werbung",),
        ("Firma;2026-05-01",),
        ("Anrufe;120", "Verpasst;8", ""),
    ],
)
def test_a_header_of_no_known_names_is_found_below_what_stands_above(above):
    """Titles, ranges of dates, comments, group names and totals are not the header."""
    records = [line.split(";") for line in (*above, *CALLS, LATER)]
    header = find_header(records, NOTHING_KNOWN)
    assert header.names == ("Wann", "Wer", "Wie lange", "Woher")


@pytest.mark.parametrize(
    "names",
    [
        "Zeitpunkt,Nummer,Sekunden",
        "通話日時,番号,秒",
        "call_ts,ani,secs",
        "Q1 Call Time,Line 2,Wait 30s+",
    ],
)
def test_a_header_needs_no_words_of_a_language(names):
    """Labels are told from data in any script, digits among them included."""
    records = [line.split(",") for line in (names, "2026-05-03 10:05,0171 5550142,95")]
    assert find_header(records, NOTHING_KNOWN).names == tuple(names.split(","))


def test_names_under_a_group_row_are_completed_from_it():
    """A name merged over both rows of a header stands in the upper one."""
    records = [["Anruf", "", "Quelle"], ["Wann", "Wer", ""], ["3.5.2026 10:05", "0171", "Flyer"]]
    assert find_header(records, NOTHING_KNOWN).names == ("Wann", "Wer", "Quelle")


def test_known_names_outweigh_a_table_of_totals_above(tmp_path):
    """A summary above the log is not taken for it, and its rows are said to be left."""
    summary = "Day,Calls\n2026-08-01,3\n2026-08-02,4\n2026-08-03,2\n\n"
    found = opened(tmp_path, summary + HEADER + row("Ann"))
    assert found.sheet.columns == NAMES
    assert found.rows == [1]
    assert any("3 rows above it are not read" in remark for remark in found.remarks)


def test_what_stands_above_is_kept_as_text(tmp_path):
    """The title and the range of dates are at hand, as they are written."""
    title = 'Call details\n"March 1, 2026 - March 31, 2026"\n'
    found = opened(tmp_path, title + HEADER + row("Ann"))
    assert found.sheet.preamble == ("Call details", "March 1, 2026 - March 31, 2026")


def test_a_file_without_a_header_keeps_its_first_record(tmp_path):
    """Where the first line is data like those below it, every line is a record."""
    line = '"","4045550123","600","from-pstn","SIP/1","2026-08-03 10:0{}:00",40,"ANSWERED"\n'
    found = opened(tmp_path, "".join(line.format(n) for n in range(4)))
    assert not found.sheet.headed
    assert found.sheet.columns == tuple(f"column {n}" for n in range(1, 9))
    assert found.rows == [1, 2, 3, 4]


def test_a_row_of_words_among_data_is_no_header():
    """A stray line of words in a file without a header does not become one."""
    data = ["2026-08-03 10:00", "95", "Ann"]
    records = [data, data, ["foo", "bar", "baz"], data]
    assert find_header(records, NOTHING_KNOWN).names == ()


def test_a_header_alone_is_an_empty_sheet(tmp_path):
    """A quiet month's export has columns and no records."""
    found = opened(tmp_path, HEADER)
    assert (found.sheet.columns, found.records, found.sheet.headed) == (NAMES, [], True)


def test_columns_that_share_a_name_are_told_apart(tmp_path):
    """Both are kept, also beside a column that already bears the number."""
    found = opened(tmp_path, "Name,Start Time,Name (2),Name\nAnn,2026-08-03 10:00,Ben,Cy\n")
    assert found.sheet.columns == ("Name", "Start Time", "Name (2)", "Name (3)")
    assert found.records == [["Ann", "2026-08-03 10:00", "Ben", "Cy"]]
