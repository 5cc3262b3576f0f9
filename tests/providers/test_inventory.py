"""What the inventory of numbers decides, and where a log contradicts it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import providers, schema
from calltrack_nb.workspace import importing

NUMBER = "+12125550111"
NEW_YORK = "America/New_York"


def calls(*said: dict) -> pd.DataFrame:
    rows = [
        {
            "account": "main",
            "call_id": f"spreadsheet:{place}",
            "provider": "spreadsheet",
            "started_at": pd.Timestamp("2026-08-03 14:00", tz="UTC"),
            "direction": "inbound",
            "lead_status": "unknown",
            "tracking_number": NUMBER,
            **words,
        }
        for place, words in enumerate(said)
    ]
    return schema.conform(pd.DataFrame(rows), "calls")


def numbers(*lines: dict) -> pd.DataFrame:
    rows = [{"account": "main", "tracking_number": NUMBER, **line} for line in lines]
    return schema.conform(pd.DataFrame(rows), "numbers")


FLYER = {"channel": "print", "campaign": "Summer flyer"}


def decided(said: dict, *lines: dict) -> tuple[object, object, list[str]]:
    """Return channel, campaign, and what is said of the difference."""
    found = providers.channels_by_number(calls(said), numbers(*lines), NEW_YORK)
    call = found.calls.astype(object).where(found.calls.notna(), None).iloc[0]
    told = found.differences["listed"] + " / " + found.differences["said"]
    return call["channel"], call["campaign"], told.tolist()


@pytest.mark.parametrize(
    ("said", "line", "expected"),
    [
        # the log says nothing: the inventory is all there is
        ({}, FLYER, ("print", "Summer flyer", [])),
        # the log agrees, in other spelling: no difference
        ({**FLYER, "campaign": "summer-flyer "}, FLYER, ("print", "Summer flyer", [])),
        # another channel, another campaign, or both
        (
            {"channel": "organic"},
            FLYER,
            ("print", "Summer flyer", ["print, Summer flyer / organic"]),
        ),
        (
            {"channel": "print", "campaign": "Pies"},
            FLYER,
            ("print", "Summer flyer", ["print, Summer flyer / print, Pies"]),
        ),
        (
            {"campaign": "Pies"},
            {"campaign": "Cakes"},
            (None, "Cakes", ["Cakes / Pies"]),
        ),
        # a campaign of the other channel is none of this number's
        (
            {"channel": "google_ads", "campaign": "Cakes"},
            {"channel": "print"},
            ("print", None, ["print / google_ads, Cakes"]),
        ),
        # the same channel leaves the log's campaign
        (
            {"channel": "google_ads", "campaign": "Cakes"},
            {"channel": "google_ads"},
            ("google_ads", "Cakes", []),
        ),
        # an inventory that names no channel decides none
        ({"channel": "organic"}, {"label": "Main"}, ("organic", None, [])),
    ],
)
def test_the_inventory_decides_for_the_numbers_it_lists(said, line, expected):
    """Channel and campaign are the number's, and what the log says otherwise is told."""
    assert decided(said, line) == expected


@pytest.mark.parametrize(
    "lines",
    [
        [{**FLYER, "pool": "website"}],
        [FLYER, {"channel": "email"}],
        [FLYER, {"channel": "print", "pool": "website"}],
        [{**FLYER, "active_from": dt.date(2026, 8, 4)}],
        [{**FLYER, "active_to": dt.date(2026, 8, 2)}],
        [{**FLYER, "account": "other"}],
    ],
)
def test_a_number_that_is_not_fixed_on_the_day_decides_nothing(lines):
    """Pools, numbers listed twice for the day, out of use, or another client's."""
    assert decided({"channel": "organic"}, *lines) == ("organic", None, [])


def test_the_inventorys_days_are_the_business_own():
    """A call of the last evening in New York is of that day, although UTC has the next."""
    late = {"started_at": pd.Timestamp("2026-08-04 03:00", tz="UTC")}
    assert decided(late, {**FLYER, "active_to": dt.date(2026, 8, 3)})[0] == "print"


LOG = (
    "Call Status,Tracking Number,Source,Start Time,Duration (seconds),Phone Number,"
    "First-Time Caller,Recording Url\n"
)


def line(day: str, tracking: str = "2125550111", source: str = "Google Ads") -> str:
    return f"Answered Call,{tracking},{source},{day} 09:12:07,90,4045551231,Yes,\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_log_that_contradicts_the_inventory_is_listed_by_number_and_words(workspace, tmp_path):
    """The log's words stay in source and provider calls; the difference is counted by month."""
    days = [f"2026-0{month}-0{day}" for month in (7, 8) for day in (1, 2, 3)]
    log = write(tmp_path, "log.csv", LOG + "".join(map(line, days)))
    inventory = "tracking_number,channel,campaign\n2125550111,print,Summer flyer\n"
    report = importing.import_files(workspace, [log, write(tmp_path, "numbers.csv", inventory)])
    found = workspace.calls()
    assert set(found["channel"]) == {"print"}
    assert set(found["campaign"]) == {"Summer flyer"}
    assert set(found["source"]) == {"Google Ads"}
    assert set(workspace.table("provider_calls")["channel"]) == {"google_ads"}
    words = (
        "the list of numbers says print, Summer flyer, the log says google_ads; the list decides"
    )
    listed = workspace.table("quarantine")
    assert listed["reason"].tolist() == [f"2026-07, 3 calls: {words}", f"2026-08, 3 calls: {words}"]
    assert set(listed["value"]) == {NUMBER}
    assert listed["file"].str.endswith("log.csv").all()
    assert f"6 calls to …0111: {words}" in report.files[0].notes


def test_a_difference_that_is_gone_is_not_listed_any_more(workspace, tmp_path):
    """Once the inventory says what the log says, its lines leave the quarantine."""
    log = write(tmp_path, "log.csv", LOG + line("2026-08-01"))
    wrong = "tracking_number,channel\n2125550111,print\n"
    path = write(tmp_path, "numbers.csv", wrong)
    importing.import_files(workspace, [log])
    report = importing.import_files(workspace, [path])
    assert len(workspace.table("quarantine")) == 1
    assert any(
        "the list of numbers says print" in note for file in report.files for note in file.notes
    )
    path.write_text(wrong.replace("print", "google_ads"), encoding="utf-8")
    importing.import_files(workspace, [path])
    assert len(workspace.table("quarantine")) == 0


def test_a_second_logs_source_does_not_override_the_inventory(workspace, tmp_path):
    """The first log is silent, the second says Google, and the flyer's number decides."""
    silent = LOG + line("2026-08-01", source="")
    second = (
        "started_at,caller_number,tracking_number,source,duration_s,status\n"
        "2026-08-01 09:12:09,4045551231,2125550111,Google,90,answered\n"
    )
    files = [
        write(tmp_path, "callrail.csv", silent),
        write(tmp_path, "second.csv", second),
        write(tmp_path, "numbers.csv", "tracking_number,channel\n2125550111,print\n"),
    ]
    importing.import_files(workspace, files)
    found = workspace.calls()
    assert found["channel"].tolist() == ["print"]
    assert found["source"].tolist() == ["Google"]
