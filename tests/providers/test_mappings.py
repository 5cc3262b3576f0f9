"""Mappings of calltrack.toml: what they can say, and how their mistakes are told."""

from __future__ import annotations

import pytest

from calltrack_nb.errors import SettingsError, SourceError
from calltrack_nb.providers.fields import CALL_FIELDS, SPEND_FIELDS, fields_of
from calltrack_nb.providers.mappings import shipped_mappings, user_mappings
from calltrack_nb.providers.recognition import open_source
from calltrack_nb.settings import parse_settings

DESK = """
[[mapping]]
name = "front_desk"
files = "desk*.csv"
[mapping.fields]
started_at = ["Day", "Hour"]
caller_number = "Who rang"
duration_s = { column = "Mins", unit = "min" }
status = { column = "Reached", values = { Yes = "answered", "Left word" = "voicemail" } }
channel = { value = "print" }
agent = 6
[mapping.only]
Kind = ["call"]
"""
ROWS = (
    "Day,Hour,Who rang,Mins,Reached,Clerk,Kind\n"
    "2026-08-03,10:05,404-555-0123,2,yes,Sam,Call\n"
    "2026-08-03,11:05,404-555-0124,1.5,Left word,Ann,Call\n"
    "2026-08-03,12:05,404-555-0125,,No,Ann,Text\n"
)


def calls_of(tmp_path, text, toml, name="desk.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return next(open_source(path, parse_settings(toml)).batches())


def test_a_mapping_says_all_that_a_log_needs(tmp_path):
    """Join, unit, words, constant, position and filter come out in the table of calls."""
    batch = calls_of(tmp_path, ROWS, DESK)
    calls = batch.tables["calls"]
    assert calls["started_at"].dt.strftime("%H:%M").tolist() == ["14:05", "15:05"]
    assert calls["duration_s"].tolist() == [120, 90]
    assert calls["status"].tolist() == ["answered", "voicemail"]
    assert calls["channel"].tolist() == ["print"] * 2
    assert calls["agent"].tolist() == ["Sam", "Ann"]
    assert set(calls["provider"]) == {"front_desk"}
    assert batch.quarantine["row"].tolist() == [3]


def test_a_mapping_is_used_for_its_files_only(tmp_path):
    """A file of another name is read by its own columns and not by the mapping."""
    text = "Start time,Phone,Duration (seconds),Status\n2026-08-03 10:00,404-555-0123,9,missed\n"
    batch = calls_of(tmp_path, text, DESK, "export.csv")
    assert set(batch.tables["calls"]["provider"]) == {"spreadsheet"}


def test_several_mappings_stand_side_by_side(tmp_path):
    """Each kind of file is read by the mapping whose columns it has."""
    toml = """
[[mapping]]
name = "one"
columns = ["A", "B"]
[mapping.fields]
started_at = "A"
caller_number = "B"
[[mapping]]
name = "two"
columns = ["C", "D"]
[mapping.fields]
started_at = "D"
caller_number = "C"
"""
    one = calls_of(tmp_path, "A,B\n2026-08-03 10:00,404-555-0123\n", toml, "x.csv")
    two = calls_of(tmp_path, "C,D\n404-555-0124,2026-08-03 11:00\n", toml, "y.csv")
    assert one.tables["calls"]["provider"].tolist() == ["one"]
    assert two.tables["calls"]["caller_number"].tolist() == ["+14045550124"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("qualifed", "lead_status"), ("caller_numbr", "caller_number"), ("phone", "caller_number")],
)
def test_a_field_that_does_not_exist_is_refused_with_the_right_name(name, meant):
    """A misspelt field is never accepted and counted as known."""
    toml = f'[sources.spreadsheet]\nstarted_at = "When"\n{name} = "X"\n'
    with pytest.raises(SettingsError, match=f"Did you mean {meant}"):
        user_mappings(parse_settings(toml))


def test_a_mapping_without_a_start_is_refused():
    """A mapping of calls has to say where the start stands."""
    toml = '[[mapping]]\n[mapping.fields]\ncaller_number = "X"\n'
    with pytest.raises(SettingsError, match="started_at"):
        user_mappings(parse_settings(toml))


def test_a_file_without_the_column_of_the_start_is_refused(tmp_path):
    """Where the mapping is for the file by its name, the absent column is named."""
    with pytest.raises(SourceError, match="'Day' and 'Hour'"):
        calls_of(tmp_path, "When,Phone\n2026-08-03 10:00,404-555-0123\n", DESK)


def test_a_file_without_header_is_read_by_position(tmp_path):
    """A number stands for the column at that place."""
    toml = """
[[mapping]]
name = "raw_log"
width = 3
[mapping.fields]
started_at = 2
caller_number = 1
duration_s = { column = 3, unit = "s" }
"""
    text = "".join(f"404555012{n},2026-08-03 1{n}:00:00,{95 + n}\n" for n in range(6))
    calls = calls_of(tmp_path, text, toml).tables["calls"]
    assert calls["duration_s"].tolist() == [95, 96, 97, 98, 99, 100]


def test_the_former_map_keeps_working(tmp_path):
    """[sources.spreadsheet] is one mapping; units follow from the header's words."""
    toml = (
        '[sources.spreadsheet]\nstarted_at = "When"\ncaller_number = "Who"\nduration_s = "Mins"\n'
    )
    calls = calls_of(tmp_path, "When,Who,Mins\n2026-08-03 10:00,404-555-0123,2\n", toml)
    assert calls.tables["calls"]["duration_s"].tolist() == [120]


def test_cost_by_a_mapping(tmp_path):
    """Spend has mappings too, with a range of days."""
    toml = """
[[mapping]]
kind = "spend"
columns = ["From", "Until", "Paid"]
[mapping.fields]
date = "From"
until = "Until"
cost = "Paid"
channel = { value = "print" }
"""
    spend = calls_of(tmp_path, "From,Until,Paid\n2026-08-01,2026-08-31,310.00\n", toml)
    row = spend.tables["spend"].iloc[0]
    assert (str(row["date"]), int(row["days"]), float(row["cost"])) == ("2026-08-01", 31, 310.0)


def test_every_shipped_mapping_fills_fields_that_exist():
    """The mappings that ship name existing fields, and no two claim the same columns."""
    claimed = [frozenset(mapping.columns) for mapping in shipped_mappings() if mapping.columns]
    assert len(claimed) == len(set(claimed))
    for mapping in shipped_mappings():
        assert set(mapping.fields) <= set(fields_of(mapping.kind))
    assert set(CALL_FIELDS) & set(SPEND_FIELDS)


DIAL = """
[[mapping]]
name = "dial"
columns = ["Rang At (UTC)", "Caller"]
[mapping.fields]
started_at = "Rang At (UTC)"
caller_number = "Caller"
status = { column = "Outcome", values = { "Picked" = "answered" } }
"""
RANG = "Rang At (UTC),Caller,Outcome\n2026-08-03 14:02:00,(404) 555-0123,Picked\n"


def test_the_zone_in_a_columns_name_holds_under_a_mapping_too(tmp_path):
    """A mapping says where a field stands, not that its times are the business's."""
    (started,) = calls_of(tmp_path, RANG, DIAL).tables["calls"]["started_at"]
    assert str(started) == "2026-08-03 14:02:00+00:00"
    own = DIAL.replace("columns = [", 'timezone = "America/Chicago"\ncolumns = [')
    (started,) = calls_of(tmp_path, RANG, own).tables["calls"]["started_at"]
    assert str(started) == "2026-08-03 19:02:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (('name = "dial"', 'name = "dial"\ntimezone = "UTZ"'), "no time zone 'UTZ'"),
        (('"answered"', '"anwsered"'), "cannot be read as 'anwsered'"),
        (("[[mapping]]", '[sources.timezones]\ndial = "Mars"\n[[mapping]]'), "no time zone 'Mars'"),
    ],
)
def test_a_misspelt_zone_or_word_is_refused(tmp_path, wrong, said):
    """A zone or a word that does not exist is never passed over for another."""
    with pytest.raises(SettingsError, match=said):
        calls_of(tmp_path, RANG.replace(" (UTC)", ""), DIAL.replace(*wrong).replace(" (UTC)", ""))
