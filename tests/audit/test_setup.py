"""Setting up: the checklist, the plan of test calls and ticking it off."""

from dataclasses import replace

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.audit import (
    AuditInput,
    display_plan,
    setup_checklist,
    tick_test_calls,
)
from calltrack_nb.audit import test_call_plan as call_plan
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import Settings

TESTER = "+12125550190"
SETTINGS = Settings.model_validate(
    {
        "business": {
            "timezone": "America/New_York",
            "hours": {"mon": "09:00-17:00", "tue": "09:00-17:00"},
        },
        "qualified": {"staff_numbers": [TESTER]},
    }
)
NUMBERS = schema.conform(
    pd.DataFrame(
        {
            "account": "shop",
            "tracking_number": ["+12125550111", "+12125550112", "+12125550113"],
            "label": ["Ads", "Flyer", "Old fair"],
            "campaign": ["Search", "Flyer", "Fair"],
            "destination_number": "+12125550100",
            "active_to": [None, None, pd.Timestamp("2026-01-31").date()],
        }
    ),
    "numbers",
)


def _call(number: str, at: str, **more: object) -> dict[str, object]:
    return {
        "account": "shop",
        "call_id": f"call {number[-2:]} {at}",
        "provider": "callrail",
        "started_at": pd.Timestamp(at, tz="America/New_York").tz_convert("UTC"),
        "direction": "inbound",
        "status": "answered",
        "caller_number": TESTER,
        "tracking_number": number,
        "destination_number": "+12125550100",
        "recording": "a.mp3",
        "lead_status": "unknown",
        **more,
    }


def _data(*calls: dict[str, object]) -> AuditInput:
    frame = schema.conform(pd.DataFrame(list(calls)), "calls")
    return AuditInput(calls=frame, numbers=NUMBERS, settings=SETTINGS)


def test_the_plan_rings_each_number_in_use_once_and_one_after_hours() -> None:
    """A plan covers the numbers in use, says from where, and what must appear."""
    plan = call_plan(_data(_call("+12125550111", "2026-03-02 10:00")))
    assert plan["tracking_number"].tolist() == ["+12125550111", "+12125550112", "+12125550111"]
    assert plan["when"].tolist() == ["in hours", "in hours", "after hours"]
    assert "credited to Flyer" in plan["should_appear"].iloc[1]
    assert "…0100" in plan["should_appear"].iloc[0]


def test_without_an_inventory_there_is_no_plan() -> None:
    """A plan asked of an empty inventory is refused; the report shows an empty table."""
    with pytest.raises(CalltrackError, match="no list of numbers"):
        call_plan(AuditInput())
    assert display_plan(AuditInput()).empty


def test_calls_of_the_tester_tick_the_plan_off() -> None:
    """A right call is done, a call that rang elsewhere is wrong, one not made is not seen."""
    data = _data(
        _call("+12125550111", "2026-03-02 10:00", campaign="Search"),
        _call("+12125550112", "2026-03-02 10:05", destination_number="+13105550177"),
    )
    ticked = tick_test_calls(data)
    assert ticked.table["state"].tolist() == ["done", "wrong", "not seen"]
    assert "…0177" in ticked.table["problem"].iloc[1]
    assert not ticked.passed
    assert "1 of 3 test calls done" in ticked.text


def test_a_second_try_that_is_right_counts() -> None:
    """Of several calls to a number the best one decides."""
    data = _data(
        _call("+12125550111", "2026-03-02 10:00", status="missed"),
        _call("+12125550111", "2026-03-02 10:20"),
        _call("+12125550112", "2026-03-02 10:30"),
        _call("+12125550111", "2026-03-02 19:00", status="voicemail"),
    )
    ticked = tick_test_calls(data)
    assert ticked.table["state"].tolist() == ["done", "done", "done"]
    assert ticked.passed


def test_other_peoples_calls_and_older_ones_tick_nothing() -> None:
    """Only calls of the testing telephones since the day of testing count."""
    data = _data(
        _call("+12125550111", "2026-03-02 10:00"),
        _call("+12125550112", "2026-03-03 10:05", caller_number="+13105550123"),
    )
    ticked = tick_test_calls(data)
    assert ticked.table["state"].tolist() == ["not seen"] * 3
    earlier = tick_test_calls(data, since=pd.Timestamp("2026-03-02").date())
    assert earlier.table["state"].tolist() == ["done", "not seen", "not seen"]


def test_the_checklist_ticks_its_five_steps_from_the_tables() -> None:
    """Nothing is done in an empty workspace; a working one shows what is left to do."""
    empty = setup_checklist(AuditInput())
    assert len(empty) == 5
    assert set(empty["state"]) == {"cannot say"}
    listed = setup_checklist(_data(_call("+12125550111", "2026-03-02 10:00")))
    assert listed["state"].tolist() == ["done", "done", "done", "to do", "done"]
    assert "1 of 3 numbers has rung" in listed["seen"].iloc[3]


def test_calls_with_transcripts_are_recorded() -> None:
    """Where the log names no recording, a transcript shows that there was one."""
    data = _data(_call("+12125550111", "2026-03-02 10:00", recording=None))
    assert setup_checklist(data)["state"].iloc[4] == "to do"
    said = schema.conform(
        pd.DataFrame({"account": ["shop"], "call_id": data.calls["call_id"].tolist()}), "utterances"
    )
    assert setup_checklist(replace(data, utterances=said))["state"].iloc[4] == "done"


def test_a_fault_that_two_checks_find_is_one() -> None:
    """A number that is told of twice is one broken thing, as it is on every other page."""
    data = _data(_call("+12125550111", "2026-03-02 10:00"))
    found = pd.DataFrame(
        {
            "severity": "broken",
            "check": ["misrouted_number", "other_business", "silent_number"],
            "account": "shop",
            "finding": "It rings elsewhere.",
            "fix": "Correct it.",
            "calls": 1,
            "first_seen": None,
            "last_seen": None,
            "tracking_number": ["+12125550111", "+12125550111", "+12125550112"],
        }
    )
    seen = setup_checklist(data, found).set_index("step")["seen"]
    assert seen.iloc[2].endswith("2 things are broken here.")
