"""Logs of systems that are not in the code: read by their values, asked about, or refused."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pandas as pd
import pytest

from calltrack_nb.errors import UnclearFile, UnknownProvider
from calltrack_nb.providers.recognition import open_source
from calltrack_nb.providers.unknown import infer_mapping, what_it_seems
from calltrack_nb.settings import Settings, parse_settings

OURS = "+14045550100"
US = Settings()


def some_calls(count: int = 30, *, seed: int = 1) -> list[dict]:
    """Simulate calls in order of time, a fifth of them outbound and a quarter missed."""
    rng = random.Random(seed)
    at = dt.datetime(2026, 8, 3, 8, 0)  # noqa: DTZ001 - wall-clock time is the subject
    calls = []
    for number in range(count):
        at += dt.timedelta(minutes=rng.randint(20, 400))
        missed = rng.random() < 0.25
        calls.append(
            {
                "at": at,
                "theirs": f"+1404{5551000 + 37 * number}",
                "outbound": rng.random() < 0.2,
                "answered": not missed,
                "seconds": rng.randint(0, 20) if missed else rng.randint(30, 900),
            }
        )
    return calls


def written(calls: list[dict], columns: dict[str, Callable[[dict], object]]) -> pd.DataFrame:
    """Write calls into columns of text."""
    rows = {name: [str(write(call)) for call in calls] for name, write in columns.items()}
    return pd.DataFrame(rows, dtype="str").replace("", None).astype("str")


def sender(call: dict) -> str:
    return OURS if call["outbound"] else call["theirs"]


def receiver(call: dict) -> str:
    return call["theirs"] if call["outbound"] else OURS


def start(call: dict) -> str:
    return f"{call['at']:%Y-%m-%d %H:%M:%S}"


def fields(found) -> dict[str, tuple]:
    return {name: source.columns for name, source in found.mapping.fields.items()}


def test_from_and_to_swap_on_outbound_rows(import_csv):
    """Where a direction stands beside two numbers, the customer is the caller of every row."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "Begin": start,
            "Sender": sender,
            "Receiver": receiver,
            "Way": lambda call: "Outgoing" if call["outbound"] else "Incoming",
            "Length": lambda call: call["seconds"],
            "Outcome": lambda call: "Answered" if call["answered"] else "Missed",
        },
    )
    read = import_csv(frame)
    assert read["caller_number"].tolist() == [call["theirs"] for call in calls]
    assert set(read["tracking_number"]) == {OURS}
    assert (read["direction"] == "outbound").tolist() == [call["outbound"] for call in calls]


def test_without_a_direction_the_own_number_tells_it(import_csv):
    """A number that stands on both sides is the business's, and calls from it are outbound."""
    calls = some_calls(40)
    frame = written(
        calls,
        {"Start": start, "From": sender, "To": receiver, "Secs": lambda call: call["seconds"]},
    )
    read = import_csv(frame)
    assert read["caller_number"].tolist() == [call["theirs"] for call in calls]
    assert (read["direction"] == "outbound").tolist() == [call["outbound"] for call in calls]


def test_columns_without_meaningful_names_are_told_by_their_values(import_csv):
    """With names of no meaning, times, numbers, status and durations are still found."""
    calls = [call | {"outbound": False} for call in some_calls(40)]
    frame = written(
        calls,
        {
            "c1": lambda call: 1000 + call["seconds"] % 7,
            "c2": receiver,
            "c3": sender,
            "c4": start,
            "c5": lambda call: "answered" if call["answered"] else "no answer",
            "c6": lambda call: call["seconds"],
        },
    )
    read = import_csv(frame)
    assert read["caller_number"].tolist() == [call["theirs"] for call in calls]
    assert read["duration_s"].tolist() == [call["seconds"] for call in calls]
    assert (read["status"] == "answered").tolist() == [call["answered"] for call in calls]


def test_a_day_and_a_time_of_day_are_joined(import_csv):
    """Two columns make one start; a duration that looks like a clock is not taken for it."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "Datum": lambda call: f"{call['at']:%d.%m.%Y}",
            "Dauer": lambda call: f"{call['seconds'] // 60}:{call['seconds'] % 60:02d}",
            "Uhrzeit": lambda call: f"{call['at']:%H:%M}",
            "Rufnummer": lambda call: call["theirs"],
        },
    )
    read = import_csv(frame)
    local = read["started_at"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d %H:%M")
    assert local.tolist() == [f"{call['at']:%Y-%m-%d %H:%M}" for call in calls]
    assert read["duration_s"].tolist() == [call["seconds"] for call in calls]


def test_a_duration_is_held_against_start_and_end(import_csv):
    """Minutes are told from seconds by the times beside them."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "Started": start,
            "Ended": lambda call: f"{call['at'] + dt.timedelta(minutes=call['seconds']):%F %T}",
            "Caller": lambda call: call["theirs"],
            "Duration": lambda call: call["seconds"],
        },
    )
    assert import_csv(frame)["duration_s"].tolist() == [60 * call["seconds"] for call in calls]


def test_an_empty_time_of_connection_is_a_missed_call(import_csv):
    """Without a status, calls that nobody picked up are those without a connection."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "date_started": start,
            "answered_at": lambda call: (
                f"{call['at'] + dt.timedelta(seconds=5):%F %T}" if call["answered"] else ""
            ),
            "phone": lambda call: call["theirs"],
            "duration (s)": lambda call: call["seconds"],
        },
    )
    read = import_csv(frame)
    assert (read["status"] == "answered").tolist() == [call["answered"] for call in calls]


@pytest.mark.parametrize(("header", "hour"), [("Start (UTC)", 8), ("Start", 12), ("start PT", 15)])
def test_a_zone_in_the_header_is_used(import_csv, header, hour):
    """Times of a column that names its zone are read in it, others in the business's."""
    calls = [{"at": dt.datetime(2026, 8, 3, 8, 0), "theirs": "+14045551000"}]  # noqa: DTZ001
    frame = written(
        calls, {header: start, "Caller": lambda call: call["theirs"], "Call seconds": lambda _: 95}
    )
    assert import_csv(frame)["started_at"].dt.hour.tolist() == [hour]


def test_short_plain_numbers_of_no_unit_are_asked_about(tmp_path):
    """Whether 2 and 5 are minutes or seconds is asked, with a block to paste."""
    calls = [call | {"seconds": number % 6} for number, call in enumerate(some_calls())]
    frame = written(
        calls, {"When": start, "Caller": sender, "Length": lambda call: call["seconds"]}
    )
    path = tmp_path / "Front desk.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(UnclearFile) as unclear:
        open_source(path, US)
    filled = unclear.value.proposal.replace('unit = ""', 'unit = "min"')
    with pytest.raises(Exception, match="unit"):
        parse_settings(unclear.value.proposal)
    source = open_source(path, parse_settings(filled))
    read = next(source.batches()).tables["calls"]
    assert source.recognition.provider == "front_desk"
    assert read["duration_s"].tolist() == [60 * call["seconds"] for call in calls]


def test_two_columns_of_customers_numbers_are_asked_about(tmp_path):
    """Where both columns hold many numbers, nobody guesses which is the customer's."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "When": start,
            "Number A": lambda call: call["theirs"],
            "Number B": lambda call: f"+1212{5559999 - int(call['theirs'][-4:])}",
            "Status": lambda call: "answered" if call["answered"] else "missed",
        },
    )
    path = tmp_path / "log.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(UnclearFile, match="callers' numbers"):
        open_source(path, US)


def test_days_without_a_time_of_day_are_asked_about(tmp_path):
    """A log of days is never silently placed at midnight."""
    calls = some_calls()
    frame = written(
        calls,
        {
            "Date": lambda call: f"{call['at']:%Y-%m-%d}",
            "Phone": sender,
            "Status": lambda call: "answered" if call["answered"] else "missed",
        },
    )
    path = tmp_path / "log.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(UnclearFile, match="time of day"):
        open_source(path, US)


@pytest.mark.parametrize(
    ("columns", "seems"),
    [
        (["Event name", "Event count", "Total users"], "Google Analytics"),
        (["Invoice no", "Date", "Total"], "invoices"),
        (["Order ID", "SKU", "Total"], "orders"),
        (["First name", "Last name", "Email"], "contacts"),
        (["Campaign", "Clicks", "Cost"], "cost report"),
        (["Colour", "Size"], None),
    ],
)
def test_what_is_no_log_is_named(columns, seems):
    """An export of another kind is refused by the name of what it seems to be."""
    said = what_it_seems(columns)
    assert said is None if seems is None else seems in str(said)


def test_a_list_of_contacts_with_times_and_numbers_is_no_log(tmp_path):
    """A time and a telephone number alone do not make calls."""
    path = tmp_path / "contacts.csv"
    path.write_text(
        "First Name,Last Name,Email,Phone,Created At\n"
        "Ann,Low,ann@b.example,404-555-0123,2026-08-03 10:00\n"
        "Bo,Ray,bo@b.example,404-555-0124,2026-08-04 10:00\n"
    )
    with pytest.raises(UnknownProvider, match="contacts"):
        open_source(path, US)


def test_numbers_of_the_inventory_tell_the_business(tmp_path):
    """A known own number decides which side is the business's, even in two rows."""
    frame = pd.DataFrame(
        {
            "When": ["2026-08-03 10:00", "2026-08-03 11:00"],
            "A": [OURS, OURS],
            "B": ["+14045551234", "+14045551235"],
            "Status": ["answered", "missed"],
        },
        dtype="str",
    )
    found = infer_mapping(frame, "US", own_numbers=[OURS])
    assert fields(found)["caller_number"] == ("B",)
    assert fields(found)["tracking_number"] == ("A",)
