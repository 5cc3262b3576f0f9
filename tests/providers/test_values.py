"""Times and channels, in the forms that exports have."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from calltrack_nb.providers import to_channels
from calltrack_nb.providers.values.times import (
    REPEATED,
    SKIPPED,
    DateOrder,
    date_order,
    read_times,
    zone_name,
)
from calltrack_nb.settings import ChannelRule


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def read(text: str, zone: str = "America/New_York", *, day_first: bool = False) -> str:
    found = read_times(texts(text), zone, DateOrder(day_first)).series.iloc[0]
    return "unreadable" if pd.isna(found) else f"{found:%Y-%m-%d %H:%M:%S}"


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
    found = read_times(texts(local), zone)
    assert f"{found.series.iloc[0]:%Y-%m-%d %H:%M:%S}" == utc
    assert (REPEATED in found.remarks, SKIPPED in found.remarks) == (repeated, skipped)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London"])
def test_a_year_of_local_times_agrees_with_the_standard_library(zone):
    """Every half hour of 2026 is read as Python's zoneinfo reads its first occurrence."""
    start = datetime(2026, 1, 1, 0, 15)  # noqa: DTZ001 - wall-clock times are the subject
    local = [start + timedelta(minutes=30 * n) for n in range(365 * 48)]
    found = read_times(texts(*(f"{at:%Y-%m-%d %H:%M:%S}" for at in local)), zone).series
    expected = pd.to_datetime([at.replace(tzinfo=ZoneInfo(zone)) for at in local], utc=True)
    assert (found.to_numpy() == expected.to_numpy()).all()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-08-01 09:30", "2026-08-01 13:30:00"),
        ("2026-08-01T09:30:15.236-05:00", "2026-08-01 14:30:15"),
        ("2016-08-04T14:05:18Z", "2016-08-04 14:05:18"),
        ("Tue, 31 Aug 2010 20:36:28 +0000", "2010-08-31 20:36:28"),
        ("16 Sep 2026 11:00 AM", "2026-09-16 15:00:00"),
        ("Feb 27, 2026, 5:00:00 AM", "2026-02-27 10:00:00"),
        ("Sept. 3, 2026 at 4:05pm", "2026-09-03 20:05:00"),
        ("9/6/2026 1:05 PM", "2026-09-06 17:05:00"),
        ("9/6/26 1:05 PM EST", "2026-09-06 18:05:00"),
        ("2026-08-01 09:30:00 EDT", "2026-08-01 13:30:00"),
        ("1785591000", "2026-08-01 13:30:00"),
        ("1785591000123", "2026-08-01 13:30:00"),
        ("46281.5", "2026-09-16 16:00:00"),
        ("2026-02-30 10:00", "unreadable"),
        ("2/30/2026 10:00", "unreadable"),
        ("0026-08-01 10:00", "unreadable"),
        ("soon", "unreadable"),
    ],
)
def test_the_forms_of_time(text, utc):
    """ISO, RFC 2822, locale, epoch and spreadsheet forms are read; the rest is not."""
    assert read(text) == utc


def test_day_and_month_follow_the_file_then_the_country():
    """A part above 12 anywhere settles the order; else dots do, and then the country's habit."""
    assert date_order(texts("03/04/2026", "25/04/2026"), "US").day_first
    assert not date_order(texts("03/04/2026", "03/25/2026"), "GB").day_first
    assert date_order(texts("03/04/2026"), "GB").day_first
    assert not date_order(texts("03/04/2026"), "US").day_first
    assert date_order(texts("03.04.2026", "12.09.2026"), "US").day_first
    assert not date_order(texts("03.04.2026", "09.25.2026"), "US").day_first
    assert read("03/04/2026 10:00", "UTC", day_first=True) == "2026-04-03 10:00:00"


def test_zone_names():
    """Rails names and legacy abbreviations are known; EST is not Eastern time."""
    assert zone_name("Eastern Time (US & Canada)") == "America/New_York"
    assert zone_name("EST") == "Etc/GMT+5"
    assert zone_name("../etc/passwd") is None


def test_channels_match_whole_words_only():
    """A word inside another word names no channel."""
    sources = texts("Digital flyer", "fbi.gov", "The adwordsmith", "IG", "Google Ads")
    assert to_channels({"source": sources}).tolist() == [
        "print",
        "other",
        "other",
        "instagram",
        "google_ads",
    ]


def test_a_business_rule_is_asked_first():
    """A rule of calltrack.toml overrides the table for the fields it names."""
    rule = ChannelRule(channel="referral", words=("spring fair",), fields=("campaign",))
    fields = {"source": texts("google", "google"), "campaign": texts("Spring Fair 26", "Spring")}
    fields["medium"] = texts("cpc", "cpc")
    assert to_channels(fields, [rule]).tolist() == ["referral", "google_ads"]
