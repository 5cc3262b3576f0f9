"""Wishes: the values of what callers prefer, normalised, and never guessed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.findings import find_wishes, wish_summary
from calltrack_nb.findings.wishes import wishes_in
from tools.labelled.wishes import measure, rows

WEDNESDAY = dt.date(2026, 11, 25)


def read(text, country="GB", on=WEDNESDAY, asked=()):
    """Return kind and value, or the readings left open, of each wish in a sentence."""
    return [
        (wish.kind, wish.value or f"? {wish.either}")
        for wish in wishes_in(text, on, country, asked=asked)
    ]


@pytest.fixture
def call():
    """A call in which the agent asks for the day, and the caller speaks of a past one first."""
    said = [
        ("agent", "Hello, how can I help?"),
        ("caller", "You came last Tuesday at two. I'd like it delivered to Clapham please."),
        ("agent", "What day would suit you?"),
        ("caller", "Saturday. In the morning. We live in [ADDRESS]."),
        ("agent", "Ten o'clock then."),
        ("caller", "Monday was busy."),
    ]
    turns = [
        {
            "account": "main",
            "call_id": "a",
            "turn": turn,
            "speaker": speaker,
            "start_s": 10.0 * turn,
            "end_s": 10.0 * turn + 8,
            "text": text,
            "redacted_text": text,
        }
        for turn, (speaker, text) in enumerate(said)
    ]
    return schema.conform(pd.DataFrame(turns), "utterances")


def wishes_of(utterances):
    """Find the wishes of calls of one Wednesday in the United Kingdom."""
    days = dict.fromkeys(utterances["call_id"].unique(), WEDNESDAY)
    return find_wishes(utterances, schema.empty("findings"), days, {"main": "GB"})


@pytest.mark.parametrize("part", ["held_out", "development"])
def test_dates_times_and_places_are_normalised_right(part):
    """Of our labelled sentences, 85 % of days, times and places are read right, and no less
    of what is read is right."""
    result = measure(rows(part=part))
    for kind in ("day", "time", "place", "part", "how", "contact"):
        assert result[kind]["recall"] >= 0.85, kind
        assert result[kind]["precision"] >= 0.85, kind


def test_a_day_is_read_against_the_day_of_the_call():
    """The same words are another date in a call of another day."""
    assert read("could we say friday") == [("day", "2026-11-27")]
    assert read("could we say friday", on=dt.date(2026, 12, 30)) == [("day", "2027-01-01")]
    assert read("the third of january please", on=dt.date(2026, 12, 30)) == [("day", "2027-01-03")]


def test_what_may_be_two_days_or_times_is_left_open():
    """Next Thursday said on a Monday, a weekday on itself and a bare seven have none."""
    monday = dt.date(2026, 7, 6)
    assert read("next thursday would suit", on=monday) == [("day", "? 2026-07-09 or 2026-07-16")]
    assert read("could I come wednesday") == [("day", "? 2026-11-25 or 2026-12-02")]
    assert read("can you do seven") == [("time", "? 07:00 or 19:00")]
    assert read("can you do seven in the evening")[0] == ("time", "19:00")


def test_half_four_is_half_past_where_that_is_said():
    """Half four is 16:30 in Britain; in the United States it is kept in words."""
    assert read("can you do half four") == [("time", "16:30")]
    assert read("can you do half four", "US") == [("time", "? half 4")]


def test_the_order_of_day_and_month_is_the_countrys():
    """5/4 is in April in Britain and in May in the United States."""
    assert read("can we do the 5/4") == [("day", "2027-04-05")]
    assert read("can we do the 5/4", "US") == [("day", "2027-05-04")]


def test_a_weekday_that_does_not_fit_its_date_has_no_value():
    """Friday the nineteenth of two months without such a Friday is not read as either."""
    assert read("how about friday the nineteenth", on=dt.date(2026, 3, 10)) == []


def test_what_is_refused_or_past_or_replaced_is_no_wish():
    """Only the day that is wanted is read from a sentence that names two."""
    assert read("Thursday doesn't work, how about Friday") == [("day", "2026-11-27")]
    assert read("not monday but tuesday would be fine") == [("day", "2026-12-01")]
    assert read("could I come at three instead of two") == [("time", "15:00")]
    assert read("I'd like Friday no wait Saturday please") == [("day", "2026-11-28")]
    assert read("I came in last Tuesday and it's broken again") == []


def test_numbers_that_are_no_times_are_left():
    """A party's size, rooms, and a number to dial are neither days nor times."""
    assert ("time", "16:00") not in read("a table for four tonight please")
    assert not {kind for kind, _ in read("I need 2 baths")} & {"time", "day"}
    assert read("it's oh seven seven double oh nine one two three") == []


def test_what_redaction_has_hidden_is_no_place():
    """A placeholder stands for an address and never becomes a value."""
    assert read("deliver it to [ADDRESS] please") == [("how", "delivery")]


def test_a_town_that_is_also_a_word_needs_words_that_lead_to_a_place():
    """Reading is a town after "go as far as" and none in "I was reading"."""
    assert read("do you go as far as reading") == [("place", "Reading")]
    assert read("I was reading about the deal on sale") == []


def test_places_of_a_wish_are_those_of_its_words():
    """Start and end point at the words as they were said, also where numbers were spoken."""
    text = "Could you do, um, the twenty first at half past ten?"
    assert [text[wish.start : wish.end] for wish in wishes_in(text, WEDNESDAY, "GB")] == [
        "the twenty first",
        "half past ten",
    ]


def test_wishes_of_a_call_are_those_wished_or_asked_for(call):
    """The past visit and what answers no question are left; the answer to one counts alone."""
    found = wishes_of(call)
    assert found[["turn", "kind", "value"]].to_numpy().tolist() == [
        [1, "how", "delivery"],
        [1, "place", "Clapham"],
        [3, "day", "2026-11-28"],
        [3, "part", "morning"],
    ]
    saturday = found[found["kind"] == "day"].iloc[0]
    assert saturday["words"] == "Saturday"
    assert 30.0 <= saturday["start_s"] < saturday["end_s"] <= 38.0
    assert schema.validate(found, "wishes") is not None


def test_a_call_of_an_unknown_day_has_no_wishes(call):
    """Without the call's own day nothing is read, rather than against another day."""
    assert find_wishes(call, schema.empty("findings"), {}, {"main": "GB"}).empty


def test_wishes_are_summed_up_by_day_and_part_of_day_of_how_many_calls(call):
    """Saturday and morning of one turn are one wish, and delivery goes with its place."""
    found = wishes_of(call)
    when = wish_summary(found, ["a", "b", "c", "d"], "when")
    where = wish_summary(found, ["a", "b", "c", "d"], "where")
    assert when.table["label"].tolist() == ["Saturday morning"]
    assert where.table["label"].tolist() == ["delivery to Clapham"]
    assert when.table[["calls", "of", "share"]].to_numpy().tolist() == [[1, 4, 0.25]]
    assert 0 < when.table["low"].iloc[0] < 0.25 < when.table["high"].iloc[0] < 1
    assert "1 of 4 calls" in when.text


def test_words_with_two_meanings_are_said_and_not_counted(call):
    """An open day is in no row, and a check says so with the caller's words."""
    found = wishes_of(call)
    open_day = found["kind"] == "day"
    found.loc[open_day, ["value", "doubt"]] = [None, "2026-11-25 or 2026-12-02"]
    summary = wish_summary(found, ["a"], "when")
    assert summary.table["label"].tolist() == ["morning"]
    assert "can mean two things" in summary.checks[-1].text


def test_no_wishes_is_said():
    """No call and no wish give a sentence and an empty table."""
    summary = wish_summary(schema.empty("wishes"), [], "budget")
    assert summary.table.empty
    assert "no caller was found" in summary.text


@pytest.mark.parametrize("said", ["anything but Saturdays", "any day bar Wednesday please"])
def test_a_day_that_alone_is_refused_is_no_wish(said):
    """What a caller takes out of all days is not turned into the day that they want."""
    assert read(said) == []


def test_this_friday_said_on_a_friday_is_left_open():
    """On a Friday "this Friday" may be today or in a week; on other days it is the coming one."""
    friday = dt.date(2026, 11, 27)
    (wish,) = wishes_in("this Friday please", friday, "GB")
    assert (wish.value, wish.either) == (None, "2026-11-27 or 2026-12-04")
    assert read("this Friday please") == [("day", "2026-11-27")]


def test_tomorrow_week_is_a_week_after_tomorrow():
    """A week that stands behind "today" or "tomorrow" is added to it."""
    assert read("tomorrow week please") == [("day", "2026-12-03")]


def test_what_is_counted_from_one_number_to_another_is_no_time():
    """Amounts and people between two numbers are no hours, and two hours no minutes to one."""
    assert read("two to three hundred tops") == []
    assert read("for two to three people please") == []
    assert read("two to three please", asked={"time"}) == [("time", "14:00-15:00")]
    assert read("from five to six please") == [("time", "17:00-18:00")]
