"""Whatever the calls are: written as a provider writes them they read back the same."""

from __future__ import annotations

import csv
import datetime as dt
import email.utils
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calltrack_nb import init_workspace, providers
from calltrack_nb.providers.values.placeholders import blank_names, blank_placeholders
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import importing

NEW_YORK = ZoneInfo("America/New_York")
TRACKING = "+12125550111"


def once_on_the_clock(at: dt.datetime) -> bool:
    """Whether the local clock shows this moment only once."""
    local = at.astimezone(NEW_YORK)
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def is_a_name(text: str) -> bool:
    """Whether a text is more than a sign for no name, such as NONE or a dash."""
    return bool(blank_names(blank_placeholders(pd.Series([text], dtype="str"))).notna().all())


def some_calls(first: dt.datetime, last: dt.datetime) -> st.SearchStrategy[list[dict]]:
    """Give a few calls between two moments."""
    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
    call = st.fixed_dictionaries(
        {
            "at": st.datetimes(first, last, timezones=st.just(dt.UTC))
            .map(lambda at: at.replace(microsecond=0))
            .filter(once_on_the_clock),
            "duration": st.integers(0, 7200),
            "caller": st.none() | st.integers(2_000_000, 9_999_999).map("+1404{}".format),
            "status": st.sampled_from(["answered", "missed"]),
            "name": st.none() | st.text(letters, min_size=1, max_size=12).filter(is_a_name),
            "campaign": st.none() | st.sampled_from(["Cakes", "Summer, 'big' \"sale\"", "Ü"]),
        }
    )
    different = ("at", "caller", "duration")
    return st.lists(
        call, min_size=1, max_size=6, unique_by=lambda call: tuple(call[name] for name in different)
    )


YEARS = some_calls(dt.datetime(2019, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001
WEEKS = some_calls(dt.datetime(2026, 7, 20), dt.datetime(2026, 8, 10))  # noqa: DTZ001


def local(call: dict) -> dt.datetime:
    return call["at"].astimezone(NEW_YORK).replace(tzinfo=None)


def table(rows: list[dict]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def callrail_export(calls: list[dict]) -> str:
    words = {"answered": "Answered Call", "missed": "Missed Call"}
    return table(
        [
            {
                "Call Status": words[call["status"]],
                "Tracking Number": "(212) 555-0111",
                "Start Time": f"{local(call):%Y-%m-%d %H:%M:%S}",
                "Duration (seconds)": call["duration"],
                "Name": call["name"],
                "Phone Number": call["caller"] or "Anonymous",
                "Campaign": call["campaign"],
                "First-Time Caller": "",
            }
            for call in calls
        ]
    )


def callrail_api(calls: list[dict]) -> str:
    return json.dumps(
        {
            "calls": [
                {
                    "id": f"CAL{number}",
                    "answered": call["status"] == "answered",
                    "voicemail": False,
                    "customer_phone_number": call["caller"],
                    "customer_name": call["name"],
                    "tracking_phone_number": TRACKING,
                    "duration": call["duration"],
                    "direction": "inbound",
                    "start_time": call["at"]
                    .astimezone(NEW_YORK)
                    .isoformat(timespec="milliseconds"),
                    "campaign": call["campaign"],
                }
                for number, call in enumerate(calls)
            ]
        }
    )


def whatconverts(calls: list[dict]) -> str:
    return json.dumps(
        {
            "leads": [
                {
                    "lead_id": number,
                    "lead_type": "Phone Call",
                    "date_created": f"{call['at']:%Y-%m-%dT%H:%M:%SZ}",
                    "call_duration": f"{call['duration']} seconds",
                    "answer_status": call["status"].title(),
                    "caller_number": call["caller"] or "",
                    "caller_name": call["name"],
                    "lead_campaign": call["campaign"],
                    "tracking_number": TRACKING,
                }
                for number, call in enumerate(calls)
            ]
        }
    )


def calltrackingmetrics(calls: list[dict]) -> str:
    return json.dumps(
        {
            "calls": [
                {
                    "id": number,
                    "unix_time": int(call["at"].timestamp()),
                    "caller_number": call["caller"],
                    "tracking_number": TRACKING,
                    "tracking_label": "x",
                    "name": call["name"],
                    "duration": call["duration"],
                    "direction": "inbound",
                    "dial_status": "answered" if call["status"] == "answered" else "no-answer",
                    "campaign": call["campaign"],
                }
                for number, call in enumerate(calls)
            ]
        }
    )


def twilio(calls: list[dict]) -> str:
    return json.dumps(
        {
            "calls": [
                {
                    "sid": f"CA{number}",
                    "parent_call_sid": None,
                    "from": call["caller"] or "anonymous",
                    "to": TRACKING,
                    "start_time": email.utils.format_datetime(call["at"]),
                    "duration": str(call["duration"]),
                    "status": "completed" if call["status"] == "answered" else "no-answer",
                    "direction": "inbound",
                    "caller_name": call["name"],
                }
                for number, call in enumerate(calls)
            ]
        }
    )


def google(calls: list[dict]) -> str:
    rows = [
        {
            "Start time": f"{local(call):%b} {local(call).day}, {local(call):%Y, %I:%M:%S %p}",
            "Duration (seconds)": call["duration"],
            "Caller country code": "US",
            "Caller area code": "",
            "Caller phone number": call["caller"],
            "Status": {"answered": "Received", "missed": "Missed"}[call["status"]],
            "Call source": "Ad",
            "Campaign": call["campaign"],
        }
        for call in calls
    ]
    return f"Call details report\n2019 - 2030\n{table(rows)}Total,1,,,,,,\n"


def spreadsheet(calls: list[dict]) -> str:
    return table(
        [
            {
                "started_at": call["at"].isoformat(),
                "duration_s": call["duration"],
                "status": call["status"],
                "caller_number": call["caller"],
                "caller_name": call["name"],
                "tracking_number": TRACKING,
                "campaign": call["campaign"],
            }
            for call in calls
        ]
    )


INVERSES: dict[str, tuple[Callable[[list[dict]], str], frozenset[str]]] = {
    "callrail export": (callrail_export, frozenset()),
    "callrail": (callrail_api, frozenset()),
    "whatconverts": (whatconverts, frozenset()),
    "calltrackingmetrics": (calltrackingmetrics, frozenset()),
    "twilio": (twilio, frozenset({"campaign"})),
    "google_ads": (google, frozenset({"name", "tracking"})),
    "spreadsheet": (spreadsheet, frozenset()),
}
COLUMNS = {"name": "caller_name", "campaign": "campaign"}


@pytest.mark.parametrize("inverse", INVERSES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=YEARS)
def test_a_row_written_as_the_provider_writes_it_reads_back(inverse, calls):
    """Time, duration, caller, status, name and campaign survive the way there and back."""
    write, unknown = INVERSES[inverse]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_text(write(calls), encoding="utf-8")
        batches = list(providers.read(path, Settings()))
    found = pd.concat([batch.tables["calls"] for batch in batches])
    assert sum(batch.rows_lost for batch in batches) == 0
    assert len(found) == len(calls)
    assert set(found["provider"]) == {inverse.split()[0]}
    for (_, row), call in zip(found.sort_values("row").iterrows(), calls, strict=True):
        assert row["started_at"] == call["at"]
        assert row["duration_s"] == call["duration"]
        assert (None if pd.isna(row["caller_number"]) else row["caller_number"]) == call["caller"]
        assert row["status"] == call["status"]
        for name, column in COLUMNS.items():
            if name not in unknown:
                said = None if pd.isna(row[column]) else row[column]
                assert said == call[name]
        if "tracking" not in unknown:
            assert row["tracking_number"] == TRACKING


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=WEEKS, data=st.data())
def test_import_is_idempotent_and_order_independent(calls, data):
    """Any cut of a log into overlapping files, in any order, twice, gives the same calls."""
    parts = [
        data.draw(st.lists(st.sampled_from(calls), min_size=1, unique_by=id), label="part")
        for _ in range(2)
    ]
    files = {f"{n}.csv": callrail_export(part) for n, part in enumerate([*parts, calls])}
    files["google.csv"] = google(calls)
    files["api.json"] = callrail_api(calls)
    order = data.draw(st.permutations(sorted(files)), label="order")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for turn, names in enumerate((sorted(files), [*order, *order])):
            shop = init_workspace(Path(folder) / str(turn))
            shop.state.mkdir(parents=True, exist_ok=True)
            (shop.state / "secret").write_bytes(b"one secret")
            for name in names:
                path = Path(folder) / name
                path.write_text(files[name], encoding="utf-8")
                report = importing.import_files(shop, [path])
                assert report.problems == ()
            results.append(shop.calls().drop(columns=["import_id", "row"]))
    pd.testing.assert_frame_equal(results[0], results[1])
