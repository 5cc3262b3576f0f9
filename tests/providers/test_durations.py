"""Durations in the forms that exports have, and what a column of them counts."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb.providers.values.duration_units import duration_form, header_unit
from calltrack_nb.providers.values.durations import to_seconds


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def seconds(text: str, mark: str = ".", unit: str = "s") -> float | str:
    found = to_seconds(texts(text), mark, unit=unit)
    return next(iter(found.problems)) if found.unreadable.any() else found.series.iloc[0]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0:01:35", 95),
        ("1:35", 95),
        ("01:35.250", 95.25),
        ("01:35,250", 95.25),
        ("95.0", 95),
        ("95 sec", 95),
        ("95s", 95),
        ("1h 2m 3s", 3723),
        ("1 min", 60),
        ("1m35", 95),
        ("1h30", 5400),
        ("1:35 min", 95),
        ("1:35 h", 5700),
        ("PT1M35S", 95),
        ("PT95S", 95),
        ("PT1M35.5S", 95.5),
        ("P1DT2H", 93600),
        ("2:05:00", 7500),
        ("26:00:00", 93600),
        ("125:30", 7530),
        ("1 minute and 35 seconds", 95),
        ("1,035", 1035),
        ("2 Min. 5 Sek.", 125),
        ("2 hrs, 5 mins", 7500),
        ("1 heure et 5 minutes", 3900),
        ("1 hora y 5 minutos", 3900),
        ("1 d 02:00:00", 93600),
        ("1 day, 2:00:00", 93600),
        ("0 days 00:01:35.25", 95.25),
        ("1.02:00:00", 93600),
        ("1'35\"", 95),
        ("1\u203235\u2033", 95),
        ("1.5 h", 5400),
        ("1035 ms", 1.035),
        ("\uff11:\uff13\uff15", 95),
        ("0", 0),
    ],
)
def test_the_forms_of_durations(text, length):
    """Plain numbers, clocks, ISO 8601 and numbers with their units are seconds."""
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-3", "a duration below zero"),
        ("\u22120:01:35", "a duration below zero"),
        ("-PT5S", "a duration below zero"),
        ("1:60", "sixty or more in a place that counts to sixty"),
        ("1:75:00", "sixty or more in a place that counts to sixty"),
        ("1 min 75 s", "sixty or more in a place that counts to sixty"),
        ("95,5", "the decimal mark is not that of the rest of the column"),
        ("1,5 h", "the decimal mark is not that of the rest of the column"),
        ("12:02:05 AM", "a time of day and not a duration"),
        ("0.00109953703", "too small for seconds; it may be a fraction of a day"),
        ("0.0104166666", "too small for seconds; it may be a fraction of a day"),
        ("00:01:35:12", "not a duration"),
        ("35 s 2 min", "not a duration"),
        ("1.5 min 3 s", "not a duration"),
        ("1 min 2 min", "not a duration"),
        ("1 min 5", "not a duration"),
        ("1:35 s", "not a duration"),
        ("1:35:00 min", "not a duration"),
        ("1 d 02:00", "not a duration"),
        ("5 months", "not a duration"),
        ("12 apples", "not a duration"),
        ("about 95", "not a duration"),
        ("1-2 min", "not a duration"),
        ("PT", "not a duration"),
        ("long", "not a duration"),
    ],
)
def test_what_is_no_duration_is_refused(text, reason):
    """Each text that is not wholly understood is refused with its reason."""
    assert seconds(text) == reason


def test_the_mark_and_the_unit_are_the_columns():
    """Decimals follow the column's mark, plain numbers its unit, clocks of two parts too."""
    assert seconds("95,5", ",") == 95.5
    assert seconds("1.035", ",") == 1035
    assert seconds("1,5 Std.", ",") == 5400
    assert seconds("1800000", unit="ms") == 1800
    assert [seconds(text, unit="min") for text in ("3.7", "12", "2:30")] == [222, 720, 150]
    assert [seconds(text, unit="h") for text in ("1.5", "2:30", "0:02:30")] == [5400, 9000, 150]
    assert seconds("2:30", unit="h:mm") == 9000
    assert seconds("90 s", unit="min") == 90


def test_a_plain_number_beside_clocks_has_no_unit():
    """Where nothing says what a number counts it is refused; nothing is nothing in any unit."""
    assert seconds("12", unit="m:ss").startswith("a plain number beside clocks")
    assert seconds("12", unit="h:mm").startswith("a plain number beside clocks")
    assert seconds("0", unit="m:ss") == 0


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Mins", "min"),
        ("(seconds)", "s"),
        ("Duration (seconds)", "s"),
        ("Duration_ms", "ms"),
        ("durationMs", "ms"),
        ("Dauer (Sekunden)", "s"),
        ("Dauer (in Sek.)", "s"),
        ("Durée (s)", "s"),
        ("Duración (minutos)", "min"),
        ("CallDurationInSeconds", "s"),
        ("billsec", "s"),
        ("talk_s", "s"),
        ("Hours", "h"),
        ("Duration (hh:mm)", "h:mm"),
        ("Duration (hh:mm:ss)", "m:ss"),
        ("Minutes:Seconds", "m:ss"),
        ("Duration", None),
        ("Agent's talk time", None),
        ("Min. wait", None),
        ("Second call duration", None),
        ("Seconds per minute", None),
        ("items", None),
        ("", None),
    ],
)
def test_the_unit_of_a_header(header, unit):
    """A unit counts where it stands as a unit, and two of them settle nothing."""
    assert header_unit(header) == unit


@pytest.mark.parametrize(
    ("column", "header", "unit", "sure"),
    [
        (["12", "3.7", "2:30"], "Mins", "min", True),
        (["12", "3.7", "2:30"], "Length", "m:ss", False),
        (["2:05", "0:25"], "Length", "m:ss", False),
        (["12:05", "0:25"], "Length", "m:ss", True),
        (["0:02:05", "0:25"], "Length", "m:ss", True),
        (["02:30:00", "12:05:00", "3:10:00"], "Mins", "m:ss", False),
        (["125000", "95000", "0"], "Length", "ms", False),
        (["125123", "95250", "20"], "Length", "ms", False),
        (["2.05", "3.7", "12"], "Length", "min", False),
        (["0.00109953703", "0.0023"], "Length", "m:ss", False),
        (["2000", "60", "95"], "Length", "s", True),
        (["125", "60"], "Length", "s", False),
        (["95 sec", "2 min"], "Length", "s", True),
        (["n/a"], "Length", "s", False),
        ([None], "Length", "s", False),
    ],
)
def test_what_a_column_counts_is_known_or_said_to_be_unsure(column, header, unit, sure):
    """Header and values together give the unit, and whether anything settles it."""
    form = duration_form(texts(*column), header)
    assert (form.unit, form.sure) == (unit, sure)
    assert form.reason


def as_clock(total: int) -> str:
    return f"{total // 3600}:{total // 60 % 60:02}:{total % 60:02}"


WRITTEN = {
    "plain": str,
    "clock": as_clock,
    "minutes": lambda total: f"{total // 60}:{total % 60:02}",
    "letters": lambda total: f"{total // 3600}h {total // 60 % 60}m {total % 60}s",
    "words": lambda total: f"{total // 60} minutes and {total % 60} seconds",
    "german": lambda total: f"{total // 3600} Std. {total // 60 % 60} Min. {total % 60} Sek.",
    "iso": lambda total: f"PT{total // 60}M{total % 60}S",
    "days": lambda total: f"{total // 86400} d {as_clock(total % 86400)}",
    "primes": lambda total: f"{total // 60}'{total % 60}\"",
}


@pytest.mark.parametrize("form", WRITTEN)
@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_a_duration_reads_back(form, total):
    """Any length, written in any form, comes back as itself."""
    assert seconds(WRITTEN[form](total)) == total


@given(st.text(max_size=15) | st.text(alphabet="0123456789:.,'\"hmsPTdin -", max_size=12))
@settings(deadline=None)
def test_no_text_makes_the_reader_fail(text):
    """Any text is a duration from zero up or refused."""
    for mark in (".", ",", ",."):
        found = to_seconds(texts(text), mark)
        assert found.series.isna().tolist() == found.unreadable.tolist()
        assert not (found.series < 0).any()
    assert duration_form(texts(text), text).reason
