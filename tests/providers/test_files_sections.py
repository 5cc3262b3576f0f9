"""Files that hold the header again, another order of it, or a second table."""

from __future__ import annotations

import pytest

from tests.providers.opened import HEADER, NAMES, opened, row

DAYS = "Day,Calls\n2026-08-01,3\n2026-08-02,5\n"


def test_a_repeated_header_is_passed_over(tmp_path):
    """Two exports pasted together are one log."""
    found = opened(tmp_path, HEADER + row("Ann") + HEADER + row("Ben"))
    assert found.column("Name") == ["Ann", "Ben"]
    assert (found.broken, found.remarks) == ([], [])


def test_another_order_of_the_columns_is_read_by_that_order(tmp_path):
    """Records below a header with its names turned round have their cells in place."""
    turned = ",".join(reversed(NAMES)) + "\n"
    line = ",".join(reversed(row("Cy").strip().split(","))) + "\n"
    found = opened(tmp_path, HEADER + row("Ann") + row("Ben") + turned + line)
    assert found.column("Name") == ["Ann", "Ben", "Cy"]
    assert found.column("Start Time") == ["2026-08-03 10:00:00"] * 3
    assert found.remarks == [
        "From line 4 on the columns are in another order and read by the header there"
    ]


def test_other_columns_in_the_place_of_some_are_a_second_table(tmp_path):
    """Where a column is missing and a new one stands, nobody guesses what the rows say."""
    second = "Call Status,Start Time,Talk Time,Name\nMissed,2026-08-04 10:00:00,7,Ben\n"
    found = opened(tmp_path, HEADER + row("Ann") + second)
    assert found.column("Name") == ["Ann"]
    assert "second table begins at line 3" in found.remarks[0]
    assert len(found.broken) == 2


@pytest.mark.parametrize(
    "second",
    [
        DAYS,
        "\nSummary\n\n" + DAYS,
        "Day,Calls,Missed,Rate,Sum,Cost\n2026-08-01,3,1,33,5,9\n",
        "Day,Calls,Missed,Rate,Sum,Cost,Tax,Net\n2026-08-01,3,1,33,5,9,1,8\n",
    ],
)
def test_a_second_table_is_set_aside_whole(tmp_path, second):
    """Its rows make no records, whatever its width, and the line it begins at is said."""
    found = opened(tmp_path, HEADER + row("Ann") + row("Ben") + "\n" + second)
    assert found.column("Name") == ["Ann", "Ben"]
    line = 5 + second.count("\n", 0, second.index("Day"))
    assert any(f"A second table begins at line {line}" in remark for remark in found.remarks)
    assert all(f"begins at line {line}" in one.reason for one in found.broken[-2:])
    assert len(found.broken) >= 2


def test_the_log_goes_on_below_its_header_again(tmp_path):
    """A second table ends where the first one's header stands again."""
    found = opened(tmp_path, HEADER + row("Ann") + "\n" + DAYS + "\n" + HEADER + row("Ben"))
    assert found.column("Name") == ["Ann", "Ben"]


def test_words_in_a_row_are_no_second_table(tmp_path):
    """A record whose numbers are missing, before others of the log, stays a record."""
    bare = "Missed Call,,,,Unknown caller,\n"
    found = opened(tmp_path, HEADER + row("Ann") * 3 + bare + row("Ben"))
    assert found.column("Name") == ["Ann"] * 3 + ["Unknown caller", "Ben"]


def test_blank_rows_are_no_records(tmp_path):
    """Rows of nothing but delimiters are left out and still counted."""
    found = opened(tmp_path, HEADER + row("Ann") + ",,,,,\n" + row("Ben"))
    assert (found.column("Name"), found.rows) == (["Ann", "Ben"], [1, 3])
