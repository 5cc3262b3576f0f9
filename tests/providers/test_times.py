"""Times, days, months and ranges of days in the forms that exports have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb.providers.values.clocks import take_apart
from calltrack_nb.providers.values.column import ReadColumn, Unreadable
from calltrack_nb.providers.values.date_forms import DOUBTFUL, OTHER_WEEKDAY, REVERSED, read_day
from calltrack_nb.providers.values.spelling import plain, plain_column
from calltrack_nb.providers.values.times import (
    REPEATED,
    SKIPPED,
    DateOrder,
    date_order,
    read_dates,
    read_months,
    read_range,
    read_times,
    zone_name,
)

TODAY = dt.date(2026, 11, 26)


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def said(found: ReadColumn) -> list[str]:
    """Give each time, or the reason why there is none."""
    return [
        next(reason for reason, mask in found.problems.items() if mask[row])
        if pd.isna(value)
        else f"{value:%Y-%m-%d %H:%M:%S}"
        for row, value in enumerate(found.series)
    ]


def read(text: str, zone: str = "America/New_York", *, day_first: bool = False) -> str:
    return said(read_times(texts(text), zone, DateOrder(day_first)))[0]


# The four switches of two zones in 2026: local text, UTC, repeated, skipped.
SWITCHES = [
    ("America/New_York", "2026-03-08 01:59:59", "2026-03-08 06:59:59", False, False),
    ("America/New_York", "2026-03-08 02:30:00", "2026-03-08 07:30:00", False, True),
    ("America/New_York", "2026-03-08 03:00:00", "2026-03-08 07:00:00", False, False),
    ("America/New_York", "2026-11-01 00:59:59", "2026-11-01 04:59:59", False, False),
    ("America/New_York", "2026-11-01 01:30:00", "2026-11-01 05:30:00", True, False),
    ("America/New_York", "2026-11-01 02:00:00", "2026-11-01 07:00:00", False, False),
    ("Europe/London", "2026-03-29 00:59:59", "2026-03-29 00:59:59", False, False),
    ("Europe/London", "2026-03-29 01:30:00", "2026-03-29 01:30:00", False, True),
    ("Europe/London", "2026-03-29 02:00:00", "2026-03-29 01:00:00", False, False),
    ("Europe/London", "2026-10-25 00:59:59", "2026-10-24 23:59:59", False, False),
    ("Europe/London", "2026-10-25 01:30:00", "2026-10-25 00:30:00", True, False),
    ("Europe/London", "2026-10-25 02:00:00", "2026-10-25 02:00:00", False, False),
]


@pytest.mark.parametrize(("zone", "local", "utc", "repeated", "skipped"), SWITCHES)
def test_daylight_saving_switches(zone, local, utc, repeated, skipped):
    """Around each switch a local time is the right instant, and the odd hours are noted."""
    for text in (local, f"{dt.datetime.fromisoformat(local):%b %d, %Y %I:%M:%S %p}"):
        found = read_times(texts(text), zone)
        assert said(found) == [utc]
        assert (REPEATED in found.remarks, SKIPPED in found.remarks) == (repeated, skipped)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London"])
def test_a_year_of_local_times_agrees_with_the_standard_library(zone):
    """Every half hour of 2026 is read as Python's zoneinfo reads its first occurrence."""
    start = dt.datetime(2026, 1, 1, 0, 15)  # noqa: DTZ001 - wall-clock times are the subject
    local = [start + dt.timedelta(minutes=30 * n) for n in range(365 * 48)]
    found = read_times(texts(*(f"{at:%Y-%m-%d %H:%M:%S}" for at in local)), zone).series
    expected = pd.to_datetime([at.replace(tzinfo=ZoneInfo(zone)) for at in local], utc=True)
    assert (found.to_numpy() == expected.to_numpy()).all()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        # ISO 8601 and what databases and programs make of it.
        ("2026-08-03 10:00", "2026-08-03 14:00:00"),
        ("2026-08-03T09:30:15.236-05:00", "2026-08-03 14:30:15"),
        ("2026-08-03T14:05:18Z", "2026-08-03 14:05:18"),
        ("2026-08-03 10:00:00-04", "2026-08-03 14:00:00"),
        ("2026-08-03 10:00:00.123456-04", "2026-08-03 14:00:00"),
        ("2026-08-03 19:45:00+05:30", "2026-08-03 14:15:00"),
        ("2026-08-03T10:35:00,250-04:00", "2026-08-03 14:35:00"),
        ("2026-08-03 10:00:00 -0400", "2026-08-03 14:00:00"),
        ("20260803T142500Z", "2026-08-03 14:25:00"),
        ("20260803 10:30:00", "2026-08-03 14:30:00"),
        ("20260803103000", "2026-08-03 14:30:00"),
        ("20260803-103000", "2026-08-03 14:30:00"),
        ("2026-08-03_10-35-00", "2026-08-03 14:35:00"),
        ("2026.08.03 10:30", "2026-08-03 14:30:00"),
        ("2026/8/3 11:00", "2026-08-03 15:00:00"),
        ("2026-8-3 10:40", "2026-08-03 14:40:00"),
        ("2026-08-02 24:00:00", "2026-08-03 04:00:00"),
        ("2026-08-03 10:00:00 +0000 UTC", "2026-08-03 10:00:00"),
        ("2026-08-03 10:00:00 -0400 EDT", "2026-08-03 14:00:00"),
        ("2026-08-03T10:00:00-04:00[America/New_York]", "2026-08-03 14:00:00"),
        ("Aug  3 2026 10:15:00:000AM", "2026-08-03 14:15:00"),
        ("Mon Aug  3 10:05:00 2026", "2026-08-03 14:05:00"),
        ("Mon Aug  3 10:05:00 PDT 2026", "2026-08-03 17:05:00"),
        ("Mon Aug 03 2026 10:00:00 GMT-0400 (Eastern Daylight Time)", "2026-08-03 14:00:00"),
        ("03/Aug/2026:10:00:00 -0400", "2026-08-03 14:00:00"),
        ("Tue, 31 Aug 2010 20:36:28 +0000", "2010-08-31 20:36:28"),
        # Locales.
        ("16 Sep 2026 11:00 AM", "2026-09-16 15:00:00"),
        ("Feb 27, 2026, 5:00:00 AM", "2026-02-27 10:00:00"),
        ("Sept. 3, 2026 at 4:05pm", "2026-09-03 20:05:00"),
        ("August 3rd, 2026 @ 10:05", "2026-08-03 14:05:00"),
        ("9/6/2026 1:05 PM", "2026-09-06 17:05:00"),
        ("8/3/26, 3:27\u202fPM", "2026-08-03 19:27:00"),
        ("8/3/2026 10:15\u00a0a.\u00a0m.", "2026-08-03 14:15:00"),
        ("8/3/2026 3 PM", "2026-08-03 19:00:00"),
        ("10:05 AM, 3 Aug 2026", "2026-08-03 14:05:00"),
        ("3. Aug. 2026, 10:05", "2026-08-03 14:05:00"),
        ("Montag, 3. August 2026 um 10:05 Uhr", "2026-08-03 14:05:00"),
        ("3 août 2026 à 10h05", "2026-08-03 14:05:00"),
        ("03-ago-2026 10:05", "2026-08-03 14:05:00"),
        ("3 de agosto de 2026 às 10:05", "2026-08-03 14:05:00"),
        ("3 sierpnia 2026 10:05", "2026-08-03 14:05:00"),
        ("2026. 08. 03. 10:05", "2026-08-03 14:05:00"),
        ("3. aug. 2026 kl. 10.05", "2026-08-03 14:05:00"),
        ("03-AUG-26 10.05.00.250000 AM", "2026-08-03 14:05:00"),
        ("8/3/2026 - 10:05 AM", "2026-08-03 14:05:00"),
        ("3 Aug 2026 0:15 AM", "2026-08-03 04:15:00"),
        ("3 Aug 2026 13:05 PM", "2026-08-03 17:05:00"),
        ("\uff12026-08-03 10:00", "2026-08-03 14:00:00"),
        # Zones by name.
        ("9/6/26 1:05 PM EST", "2026-09-06 18:05:00"),
        ("2026-08-01 09:30:00 EDT", "2026-08-01 13:30:00"),
        ("2026-08-03 10:00 America/Los_Angeles", "2026-08-03 17:00:00"),
        ("2026-08-03 10:00 Pacific", "2026-08-03 17:00:00"),
        ("2026-08-03 10:00 (GMT-08:00) Pacific Time (US & Canada)", "2026-08-03 17:00:00"),
        # Counts.
        ("1785591000", "2026-08-01 13:30:00"),
        ("1785591000.5", "2026-08-01 13:30:00"),
        ("1785591000123", "2026-08-01 13:30:00"),
        ("1785591000123456", "2026-08-01 13:30:00"),
        ("1785591000123456789", "2026-08-01 13:30:00"),
        ("46281.5", "2026-09-16 16:00:00"),
        ("46237,416666667", "2026-08-03 14:00:00"),
        ("'2026-08-03 10:00:00", "2026-08-03 14:00:00"),
        ("2026-08-03", "2026-08-03 04:00:00"),
    ],
)
def test_the_forms_of_time(text, utc):
    """The forms of standards, programs, locales and counts are the right instant."""
    assert read(text) == utc


NO_FORM = "not in a known form of time"
NO_SUCH = "not a time that exists"
NO_ZONE = "the text after the time is not a known time zone"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-30 10:00", NO_SUCH),
        ("2/30/2026 10:00", NO_SUCH),
        ("2026-08-03 25:00", NO_SUCH),
        ("2026-08-03 24:01", NO_SUCH),
        ("2026-08-03 10:60", NO_SUCH),
        ("3 Aug 2026 13:05 AM", NO_SUCH),
        ("3 Aug 2026 0:15 PM", NO_SUCH),
        ("10:05 AM", "only a time of day: the date is missing"),
        ("10:05", "only a time of day: the date is missing"),
        ("10:05 EST", "only a time of day: the date is missing"),
        ("2026-08", "a month and not a day"),
        ("August 2026", "a month and not a day"),
        ("Aug 3 10:05", "the year is missing"),
        ("3/8 10:05", "the year is missing"),
        ("26-08-03 10:00", "which part is the day, the month and the year is not clear"),
        ("0026-08-01 10:00", "before 1990 or after 2099"),
        ("9999-12-31 23:59:59", "before 1990 or after 2099"),
        ("9999-12-31 23:59:59-04:00", "before 1990 or after 2099"),
        ("0001-01-01T00:00+14:00", "before 1990 or after 2099"),
        ("2126-08-01 10:00", "before 1990 or after 2099"),
        ("2026-08-03 10:00 IST", NO_ZONE),
        ("2026-08-03 10:00 Eastern Standard Time", NO_ZONE),
        ("2026-08-03 10:00:00 -0400 EST", NO_ZONE),
        ("2026-08-03 10:00 or later", NO_ZONE),
        ("until 3 Aug 2026", NO_FORM),
        ("Due 03/03/2026", NO_FORM),
        ("3 listopad 2026", NO_FORM),
        ("4045550123", NO_FORM),
        ("2026-W31-1", NO_FORM),
        ("1/2/3", NO_FORM),
        ("soon", NO_FORM),
        ("Yesterday 10:05", NO_FORM),
        ("3 Aug 2026 " * 20, NO_FORM),
    ],
)
def test_what_is_no_time_is_refused(text, reason):
    """A text that is not wholly understood is refused with its reason."""
    assert read(text) == reason


def test_days_of_a_spreadsheet_may_count_from_1904():
    """The 1904 system is 1,462 days later, and only where it is told."""
    assert said(read_times(texts("44819"), "UTC", since_1904=True)) == ["2026-09-16 00:00:00"]
    assert said(read_dates(texts("44819"), since_1904=True)) == ["2026-09-16 00:00:00"]


def test_each_row_is_read_in_its_own_zone():
    """A zone in the text comes before the row's, and rows keep their places."""
    zones = texts("America/New_York", "Asia/Kolkata", "Europe/London", "Europe/London")
    column = texts("8/3/2026 10:00", "2026-08-03 10:00", None, "2026-08-03 10:00 Eastern")
    column.index = zones.index = pd.Index([7, 3, 5, 1])
    found = read_times(column, zones)
    assert found.series.index.tolist() == [7, 3, 5, 1]
    assert [None if pd.isna(at) else f"{at:%H:%M}" for at in found.series] == (
        ["14:00", "04:30", None, "14:00"]
    )


@pytest.mark.parametrize(
    ("column", "country", "day_first", "sure", "reason"),
    [
        (["03/04/2026", "25/04/2026"], "US", True, True, "day/month: 25/04/2026 occurs"),
        (["03/04/2026", "03/25/2026"], "GB", False, True, "month/day: 03/25/2026 occurs"),
        (["10:05, 25/04/2026"], "US", True, True, "day/month: 25/04/2026 occurs"),
        (["Mon 03/08/2026 10:05"], "US", True, True, "day/month: the weekdays fit"),
        (["03.04.2026", "09.25.2026"], "US", False, True, "month/day: 09.25.2026 occurs"),
        (["03.04.2026"], "US", True, False, "day/month: dots stand between the parts"),
        (["03.04.2026"], "DE", True, True, "day/month: dots stand between the parts"),
        (["03/04/2026"], "GB", True, False, "day/month, the habit of GB"),
        (["03/04/2026"], "US", False, False, "month/day, the habit of US"),
        # The wrong order puts days in the future, or scatters them over the year.
        (["12/03/2026"], "US", True, False, "day/month: read the other way, dates would lie in"),
        ([f"{day:02}/08/2026" for day in range(3, 8)], "US", True, False, "day/month: read the"),
        ([f"08/{day:02}/2026" for day in range(3, 8)], "GB", False, False, "month/day: read the"),
        # The first days of months look like the first days of January.
        ([f"01/{month:02}/2026" for month in range(2, 9)], "GB", True, False, "day/month, the h"),
        # Nothing depends on the order.
        (["2026-03-04", "3 Apr 2026", "03/03/2026"], "US", False, False, ""),
        ([None], "US", False, False, ""),
    ],
)
def test_day_and_month_follow_the_column(column, country, day_first, sure, reason):
    """Parts above 12, weekdays, dots and likelihood decide in turn, and then the country."""
    order = date_order(texts(*column), country, today=TODAY)
    assert (order.day_first, order.sure, order.mixed) == (day_first, sure, False)
    assert order.reason.startswith(reason)
    assert bool(order.reason) == bool(reason)


def test_another_column_settles_a_silent_one():
    """Only a column that says nothing itself follows the one beside it."""
    other = [texts("Ann", "404-555-0100"), texts("25/04/2026")]
    order = date_order(texts("03/04/2026"), "US", other, today=TODAY)
    assert (order.day_first, order.sure) == (True, True)
    assert order.reason == "day/month: 25/04/2026 occurs in another column"
    assert not date_order(texts("03/25/2026"), "US", other, today=TODAY).day_first


def test_both_orders_in_one_column_are_remarked_on():
    """A row of the other order is read by its own parts, and the open rows are marked."""
    column = texts("13/08/2026 10:00", "03/08/2026 10:05", "8/14/2026 10:10", "08/08/2026 10:15")
    order = date_order(column, "US", today=TODAY)
    assert order.mixed
    assert "13/08/2026 and 8/14/2026" in order.reason
    found = read_times(column, "UTC", order)
    assert [text[:10] for text in said(found)] == (
        ["2026-08-13", "2026-03-08", "2026-08-14", "2026-08-08"]
    )
    assert found.remarks[REVERSED].tolist() == [True, False, False, False]
    assert found.remarks[DOUBTFUL].tolist() == [False, True, False, False]


def test_a_row_that_stands_the_other_way_round_is_remarked_on():
    """A row that contradicts a settled column is read by its own parts, with a remark."""
    found = read_dates(texts("13/08/2026", "08/03/2026"), DateOrder(day_first=False, sure=True))
    assert said(found) == ["2026-08-13 00:00:00", "2026-08-03 00:00:00"]
    assert found.remarks[REVERSED].tolist() == [True, False]


@pytest.mark.parametrize(
    ("column", "days"),
    [
        (["26-08-03", "26-08-31"], ["2026-08-03", "2026-08-31"]),
        (["26-08-03"], ["2026-08-03"]),
        (["26-08-03", "26-08-14"], ["2026-08-03", "2026-08-14"]),
        (["03-08-26", "04-08-26", "13-08-26"], ["2026-08-03", "2026-08-04", "2026-08-13"]),
        (["03.08.26", "04.08.26", "05.08.26"], ["2026-08-03", "2026-08-04", "2026-08-05"]),
        (["12-03-22", "12-03-26"], ["2022-03-12", "2026-03-12"]),
    ],
)
def test_years_of_two_digits(column, days):
    """The year is the part that makes the days recent and close together."""
    order = date_order(texts(*column), "GB", today=TODAY)
    assert said(read_dates(texts(*column), order)) == [f"{day} 00:00:00" for day in days]


def test_a_weekday_that_does_not_fit_is_remarked_on():
    """The date counts, and the weekday beside it is held against it."""
    column = texts("Mon 3 Aug 2026", "Tue 3 Aug 2026", "lun. 3 août 2026", "Mar 3 2026")
    assert read_dates(column).remarks[OTHER_WEEKDAY].tolist() == [False, True, False, False]


def test_days_are_the_ones_that_are_written():
    """A time of day and an offset beside a day do not move it, and a month is no day."""
    column = texts("2026-08-03T23:30:00-04:00", "8/3/2026 11:30 PM", "2026-08", "10:05", "soon")
    assert said(read_dates(column)) == [
        "2026-08-03 00:00:00",
        "2026-08-03 00:00:00",
        "a month and not a day",
        "only a time of day: the date is missing",
        NO_FORM,
    ]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("January 2026", "2026-01"),
        ("Jan 2026", "2026-01"),
        ("Jan-26", "2026-01"),
        ("Jan '26", "2026-01"),
        ("Sept. 2026", "2026-09"),
        ("März 2026", "2026-03"),
        ("marzo de 2026", "2026-03"),
        ("août 2026", "2026-08"),
        ("2026 August", "2026-08"),
        ("2026-03", "2026-03"),
        ("2026/3", "2026-03"),
        ("202603", "2026-03"),
        ("03/2026", "2026-03"),
        ("3.2026", "2026-03"),
        ("2026-03-01", "2026-03"),
        ("2026-03-01 00:00:00", "2026-03"),
        ("Mar 1, 2026", "2026-03"),
        ("3/1/2026", "2026-03"),
        ("1/3/2026", "2026-03"),
        ("2026-03-02", "a day and not a month"),
        ("3/2/2026", "a day and not a month"),
        ("13/2026", "not a month of a year"),
        ("03/26", "not a month of a year"),
        ("26-Jan", "not a month of a year"),
        ("Q1 2026", "not a month of a year"),
        ("March", "not a month of a year"),
        ("Total 2026", "not a month of a year"),
        ("0026-03", "not a month of a year"),
    ],
)
def test_months(text, month):
    """A month is its first day, in several languages; a day or a quarter is none."""
    assert said(read_months(texts(text))) == [month if " " in month else f"{month}-01 00:00:00"]


MARCH = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("March 1, 2026 - March 31, 2026", MARCH),
        ("1. März 2026 - 31. März 2026", MARCH),
        ("1 mars 2026 au 31 mars 2026", MARCH),
        ("3/1/2026-3/31/2026", MARCH),
        ("01-03-2026 - 31-03-2026", MARCH),
        ("2026-03-01 to 2026-03-31", MARCH),
        ("2026-03-01-2026-03-31", MARCH),
        ("20260301 - 20260331", MARCH),
        ("Mar 1 \u2013 Mar 31, 2026", MARCH),
        ("Report Time: 3/1/2026-3/31/2026", MARCH),
        ("1/3/2026 - 4/3/2026", None),
        ("March 31, 2026 - March 1, 2026", None),
        ("March 1, 2026", None),
        ("Campaign report", None),
        ("pre-owned cars", None),
        ("2019 - 2030", None),
        ("", None),
    ],
)
def test_ranges_of_days(text, days):
    """The range of a title is read where one order alone makes it a range."""
    assert read_range(text) == days


def test_an_open_range_follows_the_file():
    """Where both orders make a range, the order of the file decides."""
    february = (dt.date(2026, 3, 1), dt.date(2026, 3, 4))
    assert read_range("1/3/2026 - 4/3/2026", DateOrder(day_first=True)) == february


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC+01:00) Berlin", "Europe/Berlin"),
        ("eastern", "America/New_York"),
        ("PT", "America/Los_Angeles"),
        ("Arizona", "America/Phoenix"),
        ("Eastern Standard Time", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Sydney", "Australia/Sydney"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("EST", "Etc/GMT+5"),
        ("EDT", "Etc/GMT+4"),
        ("UTC-05:00", "Etc/GMT+5"),
        ("+01:00", "Etc/GMT-1"),
        ("+05:30", "Asia/Kolkata"),
        ("Mars", None),
        ("West", None),
        ("", None),
        ("../etc/passwd", None),
    ],
)
def test_zone_names(name, zone):
    """Rails', Windows' and people's names are known; EST is not Eastern time."""
    assert zone_name(name) == zone


DATES = st.dates(dt.date(1990, 1, 2), dt.date(2099, 12, 30))
MOMENTS = st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2099, 12, 30)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


def pattern(form: str) -> Callable[[dt.datetime], str]:
    return lambda at: at.strftime(form)


WRITTEN = {
    form: pattern(form)
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y", "%a, %d %b %Y")
    for clock in ("T%H:%M:%S", " %H:%M:%S", " %I:%M:%S %p", ", %I:%M:%S%p")
    for form in (day + clock,)
} | {
    form: pattern(form)
    for form in ("%Y%m%dT%H%M%S", "%Y%m%d%H%M%S", "%a %b %d %H:%M:%S %Y", "%Y-%m-%d_%H-%M-%S")
}


@pytest.mark.parametrize("form", WRITTEN)
@given(st.lists(MOMENTS, min_size=1, max_size=20))
@settings(deadline=None, max_examples=6)
def test_a_time_written_in_a_form_reads_back(form, moments):
    """Whatever the moments, they come back as themselves, without a remark."""
    found = read_times(texts(*map(WRITTEN[form], moments)), "UTC")
    assert said(found) == [f"{at:%Y-%m-%d %H:%M:%S}" for at in moments]
    assert not found.remarks


LOCALES = [
    *("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "es_MX", "it_IT", "pt_BR", "nl_NL", "sv_SE"),
    *("da_DK", "nb_NO", "fi_FI", "pl_PL", "cs_CZ", "hu_HU", "ro_RO", "tr_TR", "ru_RU"),
]


@pytest.mark.parametrize("locale", LOCALES)
@given(
    st.lists(MOMENTS, min_size=1, max_size=20),
    st.sampled_from(["short", "medium", "long", "full"]),
)
@settings(deadline=None, max_examples=8)
def test_a_time_written_in_a_locale_reads_back_or_is_refused(locale, moments, width):
    """Each locale's own forms come back as themselves, or are refused; never as another day."""
    order = DateOrder(day_first=locale != "en_US")
    days = texts(*(format_date(at, width, locale=locale) for at in moments))
    whole = ~days.str.contains(r"^\d\d?\D\d\d?\D\d\d$").to_numpy()  # the others lose a century
    both = texts(*(f"{format_date(at, 'medium', locale=locale)} {at:%H:%M:%S}" for at in moments))
    found = zip(read_dates(days, order).series, read_times(both, "UTC", order).series, strict=True)
    for at, dated, (day, moment) in zip(moments, whole, found, strict=True):
        assert pd.isna(day) or not dated or day.date() == at.date()
        assert pd.isna(moment) or moment == at.replace(tzinfo=dt.UTC)


# Months whose names mean others in Croatian.
SHARED = {("pl_PL", 7), ("pl_PL", 11), ("cs_CZ", 8), ("cs_CZ", 11)}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_months_of_a_locale_are_known(locale):
    """A day written in full in each language is read, and not only not misread."""
    months = [month for month in range(1, 13) if (locale, month) not in SHARED]
    days = [dt.datetime(2026, month, 17, 15, 5) for month in months]  # noqa: DTZ001
    for form in ("d MMMM y HH:mm", "d. MMM y, HH:mm"):
        written = texts(*(format_datetime(at, form, locale=locale) for at in days))
        assert said(read_times(written, "UTC")) == [f"{at:%Y-%m-%d %H:%M:%S}" for at in days]


@given(DATES, st.sampled_from("/.-"), st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_day_in_numbers_is_itself_or_says_that_it_is_open(day, mark, day_first, mixed):
    """In the column's order a day is itself, and in the other it is another or remarked on."""
    order = DateOrder(day_first, mixed=mixed)
    form = f"%d{mark}%m{mark}%Y" if day_first else f"%m{mark}%d{mark}%Y"
    found = read_day(day.strftime(form), order)
    assert found.date == day
    assert bool(found.remarks) == (mixed and day.day < 13 and day.day != day.month)
    other = read_day(day.strftime(form), DateOrder(not day_first))
    if not isinstance(other, Unreadable) and day.day > 12:
        assert other == (day, (REVERSED,))


ALPHABET = "0123456789:/.- ,TZ+'aApPmM\u202f\u00e9Augst()"
ANY = st.text(max_size=30) | st.text(alphabet=ALPHABET, max_size=24)


@given(st.lists(ANY, max_size=4))
@settings(deadline=None)
def test_no_text_makes_the_readers_fail(column):
    """Any text is read or refused, and no row takes another's place."""
    values = texts(*column)
    order = date_order(values, "US", [values], today=TODAY)
    for found in (
        read_times(values, "America/New_York", order),
        read_dates(values, order),
        read_months(values),
    ):
        assert found.series.isna().tolist() == found.unreadable.tolist()
    alone = [said(read_dates(texts(text), order))[0] for text in column]
    assert said(read_dates(values, order)) == alone
    for text in column:
        read_range(text)
        zone_name(text)


@given(st.builds("{} {}{}".format, ANY, st.from_regex(r"\A\d\d?:\d\d(:\d\d)?( ?[AP]M)?\Z"), ANY))
@settings(deadline=None)
def test_a_column_is_taken_apart_as_one_text_is(text):
    """The quick way through a column reads and refuses what the way through one text does."""
    found = read_times(texts(text), "UTC", DateOrder())
    parts = take_apart(plain(text).lstrip("'"))
    day = parts if isinstance(parts, Unreadable) else read_day(parts.day)
    if isinstance(day, Unreadable):
        assert found.unreadable.all()
    elif 1990 <= day.date.year < 2100 and parts.zone is None and parts.clock is not None:
        at = dt.datetime.combine(day.date, dt.time()) + parts.clock
        assert said(found) == [f"{at:%Y-%m-%d %H:%M:%S}"]


@given(st.lists(st.text(max_size=8), max_size=4))
@settings(deadline=None)
def test_a_column_is_respelled_as_one_text_is(column):
    """Characters are made plain alike for a column and for one text."""
    assert plain_column(texts(*column)).tolist() == [plain(text) for text in column]


@pytest.mark.parametrize(
    "text", ["2025年4月3日 10:15", "2025년 4월 3일 10:15", "2025年04月03日  10:15:00"]
)
def test_days_with_east_asian_signs_are_read(text):
    """Year, month and day are known by the signs behind them."""
    read = read_times(pd.Series([text]), "UTC").series
    assert read.iloc[0] == pd.Timestamp("2025-04-03 10:15", tz="UTC")
