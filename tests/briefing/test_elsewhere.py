"""Calls that rang at another business are told apart from those that were only credited wrongly."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from calltrack_nb.audit import AuditInput, broken_days, run_checks
from calltrack_nb.briefing import elsewhere_note
from calltrack_nb.effectiveness import rang_elsewhere
from calltrack_nb.schema import conform
from calltrack_nb.settings import Settings

SHOP, OTHER, FLYER, WEB = "+14045550100", "+14045550177", "+14045550111", "+14045550112"


def wired(days: int, *, second: str = SHOP) -> AuditInput:
    """A call of each of two numbers a day at noon; since day five the flyer's rings elsewhere."""
    numbers = {
        "account": "shop",
        "tracking_number": [FLYER, WEB, WEB],
        "campaign": ["Flyer", "Web", "Spring"],
        "destination_number": [SHOP, SHOP, second],
    }
    started = pd.date_range("2026-08-03 16:00", periods=days, tz="UTC")
    flyer = [SHOP if day < 4 else OTHER for day in range(days)]
    calls = {
        "call_id": [f"c{i}" for i in range(2 * days)],
        "provider": "callrail",
        "account": "shop",
        "direction": "inbound",
        "status": "answered",
        "campaign": ["Flyer"] * days + ["Web"] * days,
        "tracking_number": [FLYER] * days + [WEB] * days,
        "destination_number": [*flyer, *[SHOP] * days],
        "started_at": [*started, *started],
        "duration_s": 60.0,
    }
    return AuditInput(
        calls=conform(pd.DataFrame(calls), "calls"),
        numbers=conform(pd.DataFrame(numbers), "numbers"),
        settings=Settings(),
    )


def test_only_calls_that_rang_at_another_business_are_left_out():
    """Of a misrouted number these are its days there; of a number booked twice there are none."""
    data = wired(days=10)
    broken = broken_days(data, run_checks(data).findings)
    assert set(broken["campaign"]) == {"Flyer", "Web", "Spring"}
    calls = data.calls.assign(local=data.calls["started_at"].dt.tz_localize(None))
    theirs = calls[rang_elsewhere(calls, broken)]
    assert list(theirs["call_id"]) == [f"c{day}" for day in range(4, 10)]
    assert elsewhere_note(theirs).startswith("6 calls of Flyer rang at another business")
    assert elsewhere_note(calls.iloc[:0]) == ""


def test_a_fault_that_goes_on_is_written_as_going_on():
    """Since when, where the number's last call is still wrong; else from when to when."""
    data = wired(days=10)
    told = next(one for one in run_checks(data).findings["finding"] if "instead of" in one)
    assert told.endswith("(since 7 Aug 2026, last on 12 Aug 2026).")
    mended = data.calls.assign(
        destination_number=data.calls["destination_number"].mask(
            data.calls["call_id"] == "c9", SHOP
        )
    )
    told = run_checks(replace(data, calls=mended)).findings["finding"]
    assert any(one.endswith("(7 to 11 Aug 2026).") for one in told)


def test_a_place_of_ones_own_is_no_other_business():
    """A number that rings at another of the business's own places is broken, its words are ours."""
    data = wired(days=10, second=OTHER)
    broken = broken_days(data, run_checks(data).findings)
    assert "Flyer" in set(broken["campaign"])
    assert not broken["elsewhere"].any()
