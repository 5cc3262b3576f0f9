"""What a call is: which calls count, when the business is open, who was spoken to."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from calltrack_nb.calls import (
    contacts,
    counted,
    day_start,
    days_off,
    definitions,
    described,
    last_attempts,
    open_hours,
    outcome_known,
)
from calltrack_nb.errors import SettingsError
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, QualifiedCall, Settings
from tests.effectiveness.frames import call, calls, settings


def test_each_call_is_said_to_be_what_it_is():
    """Spam, staff and outbound calls do not count; a mark of a person beats the score."""
    log = calls(
        call("sale", "2026-08-03 10:00"),
        call("short", "2026-08-03 10:00", duration_s=20.0),
        call("left a message", "2026-08-03 10:00", status="voicemail"),
        call("no status", "2026-08-03 10:00", status=None),
        call("spam", "2026-08-03 10:00", spam_score=4),
        call("marked", "2026-08-03 10:00", spam_score=4, lead_status="qualified"),
        call("staff", "2026-08-03 10:00", caller_number="+12125550101"),
        call("out", "2026-08-03 10:00", direction="outbound"),
    )
    told = described(log, settings()).set_index("call_id")
    assert told.index[told["counted"]].tolist() == [
        *("csale", "cshort", "cleft a message", "cno status", "cmarked"),
    ]
    assert told.index[told["qualified"]].tolist() == ["csale", "cmarked"]
    assert told.index[told["missed"]].tolist() == ["cleft a message"]
    assert not told.loc["cno status", ["answered", "missed"]].any()
    assert told.index[~outcome_known(told)].tolist() == ["cno status"]
    assert told.index[told["spam"]].tolist() == ["cspam"]
    assert counted(log, settings())["call_id"].tolist() == told.index[told["counted"]].tolist()


def test_ringing_is_no_talk_where_the_log_tells_it_apart():
    """A call of 70 seconds that rang for 30 talked for 40: too short for the usual rule."""
    log = calls(
        call(1, "2026-08-03 10:00", duration_s=70.0, ring_s=30.0),
        call(2, "2026-08-03 10:00", duration_s=70.0),
        call(3, "2026-08-03 10:00", duration_s=70.0, talk_s=61.0, ring_s=30.0),
    )
    assert counted(log, settings())["qualified"].tolist() == [False, True, True]


def test_a_period_is_of_local_days():
    """A call late on the last evening in New York belongs to the month."""
    log = calls(call(1, "2026-08-31 23:30"), call(2, "2026-09-01 00:30"))
    assert counted(log, settings(), Period.parse("2026-08"))["call_id"].tolist() == ["c1"]


def test_opening_hours_end_on_holidays_unless_the_settings_say_otherwise():
    """Noon on a Thursday is open, on Thanksgiving only where the shop opens on holidays."""
    local = pd.Series(pd.to_datetime(["2026-11-19 12:00", "2026-11-26 12:00", "2026-11-21 12:00"]))
    assert open_hours(local, settings()).tolist() == [True, False, False]
    always = Settings(business=Business(closed_on_holidays=False))
    assert open_hours(local, always).tolist() == [True, True, False]
    assert dt.date(2026, 11, 26) in days_off(
        settings(), dt.date(2026, 11, 1), dt.date(2026, 11, 30)
    )


def test_a_night_belongs_to_the_evening_it_began_on():
    """A bar's night into a holiday is open; the one that would begin on it is not."""
    hours = {"wed": "18:00-02:00", "thu": "18:00-02:00"}
    bar = Settings(business=Business(hours=hours))
    local = pd.Series(pd.to_datetime(["2026-11-26 01:00", "2026-11-26 20:00", "2026-11-27 01:00"]))
    assert open_hours(local, bar).tolist() == [True, False, False]


def test_hours_that_cannot_be_read_are_an_error_with_a_fix():
    """The setting is named, and how to write it."""
    odd = Settings(business=Business(hours={"mon": "nine to five"}))
    with pytest.raises(SettingsError, match="09:00-17:00"):
        open_hours(pd.Series(pd.to_datetime(["2026-08-03 12:00"])), odd)


@pytest.mark.parametrize(
    ("day", "zone"),
    [("2026-03-08", "America/Havana"), ("2026-09-06", "America/Santiago")],
)
def test_a_day_whose_midnight_the_clock_skips_begins_an_hour_later(day, zone):
    """Where the clocks go forward at midnight the day begins at one o'clock."""
    begins = day_start(dt.date.fromisoformat(day), zone).tz_convert(zone)
    assert (begins.hour, begins.date().isoformat()) == (1, day)


def test_who_was_spoken_to_is_known_only_where_the_log_can_tell():
    """Called back, rang again, left alone; not known where withheld or missed too lately."""
    log = calls(
        call(1, "2026-08-03 10:00", status="missed"),
        call(2, "2026-08-04 10:00", caller_key="p1", direction="outbound"),
        call(3, "2026-08-03 11:00", status="voicemail"),
        call(4, "2026-08-06 10:00", caller_key="p3"),
        call(5, "2026-08-03 12:00", status="abandoned"),
        call(6, "2026-08-11 12:00", caller_key="p5"),
        call(7, "2026-08-03 13:00", status="missed", caller_key=None),
        call(8, "2026-08-14 13:00", status="missed"),
        call(9, "2026-08-03 14:00", status="missed"),
        call(10, "2026-08-04 14:00", caller_key="p9", direction="outbound", status="missed"),
        call(11, "2026-08-20 10:00"),
    )
    found = contacts(log, settings()).set_index("call_id")["spoken_to"]
    assert found.astype(object).where(found.notna(), None).to_dict() == {
        "c1": True,
        "c3": True,
        "c5": False,
        "c9": False,
        "c7": None,
        "c8": None,
    }


def test_a_person_is_judged_by_the_last_call_that_was_missed():
    """Who was left alone once and spoken to after ringing again was spoken to."""
    log = calls(
        call(1, "2026-08-03 10:00", status="missed"),
        call(2, "2026-08-11 10:00", status="missed", caller_key="p1"),
        call(3, "2026-08-12 10:00", caller_key="p1"),
        call(4, "2026-08-30 10:00"),
    )
    people = last_attempts(contacts(log, settings()))
    assert people[["call_id", "spoken_to"]].to_numpy().tolist() == [["c2", True]]


def test_the_words_say_the_rules_of_the_settings():
    """Definitions name this business's own numbers."""
    mine = Settings(qualified=QualifiedCall(min_talk_s=45, spam_score_from=5))
    assert "45 seconds" in definitions(mine)["qualified"]
    assert "5 or more" in definitions(mine)["spam"]
    assert "holiday" in definitions(mine)["in opening hours"]
    assert (
        "holiday"
        not in definitions(Settings(business=Business(closed_on_holidays=False)))[
            "in opening hours"
        ]
    )
