"""The listening queue: twelve calls at most, each with a reason that holds."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.findings import calls_to_read, review_queue

START = pd.Timestamp("2026-08-01 15:00", tz="UTC")


def finding(call_id, family, kind, words="so she said", confidence=0.8):
    """Return a row of the table ``findings``."""
    return {
        "account": "main",
        "call_id": call_id,
        "family": family,
        "kind": kind,
        "turn": 1,
        "start_s": 12.0,
        "end_s": 15.0,
        "words": words,
        "confidence": confidence,
    }


@pytest.fixture
def month():
    """Thirty calls of three themes: one new, one lost, one praised, two promised a call back."""
    names = [f"c{i:02d}" for i in range(30)]
    rows = [
        {
            "account": "main",
            "call_id": name,
            "provider": "callrail",
            "started_at": START + pd.Timedelta(hours=12 * place),
            "direction": "inbound",
            "caller_key": f"k{place}",
        }
        for place, name in enumerate(names)
    ]
    kept = {**rows[3], "call_id": "back", "direction": "outbound"}
    kept["started_at"] += pd.Timedelta(hours=2)
    calls = schema.conform(pd.DataFrame([*rows, kept]), "calls")
    marks = [
        {
            "account": "main",
            "call_id": name,
            "theme_id": ("T001", "T002", "T003")[place % 3],
            "strength": 0.5 + place / 100,
            "turn": 0,
            "start_s": 3.0,
            "quote": f"what {name} asks for",
        }
        for place, name in enumerate(names)
    ]
    themes = pd.DataFrame(
        {
            "account": "main",
            "theme_id": ["T001", "T002", "T003"],
            "label": ["Wedding cakes", "Delivery", "Gluten free"],
            "calls": 10,
            "state": ["steady", "steady", "new"],
        }
    )
    findings = [
        finding("c00", "outcome", "lost"),
        finding("c00", "hesitation", "price", "that is more than I hoped"),
        finding("c01", "hesitation", "price", "a bit much, but let us do it"),
        finding("c02", "purpose", "feedback", "the cake was wonderful"),
        finding("c03", "promise", "call_back", "I will call you back"),
        finding("c04", "promise", "call_back", "we call you tomorrow"),
    ]
    return (
        calls,
        schema.conform(pd.DataFrame(marks), "call_themes"),
        schema.conform(themes, "themes"),
        schema.conform(pd.DataFrame(findings), "findings"),
        names,
    )


def test_twelve_calls_each_once_each_with_why(month):
    """Of thirty calls twelve are chosen, none twice, each with a reason, words and seconds."""
    queue = review_queue(*month)
    assert len(queue) == 12
    assert queue["call_id"].is_unique
    assert (queue["why"].str.len() > 10).all()
    assert (queue["end_s"] > queue["start_s"]).all()
    assert queue["quote"].str.len().min() > 0


def test_a_hesitation_counts_where_the_call_was_lost(month):
    """The lost call comes with the price it was lost over; the one that booked does not."""
    why = review_queue(*month).set_index("call_id")["why"]
    assert why["c00"] == "Lost after the caller hesitated: the price"
    assert not any("hesitated" in reason for call, reason in why.items() if call != "c00")


def test_a_promise_is_broken_only_where_nobody_called(month):
    """A call back that the log shows is kept; one it does not show is named."""
    why = review_queue(*month).set_index("call_id")["why"]
    assert "promised" in why["c04"]
    assert "promised" not in why.get("c03", "")


def test_a_log_without_outgoing_calls_accuses_nobody(month):
    """Where outgoing calls are not logged at all, no promise is called broken."""
    calls, *rest = month
    queue = review_queue(calls[calls["direction"] == "inbound"], *rest)
    assert not queue["why"].str.contains("promised").any()


def test_new_themes_and_praise_are_there(month):
    """The new theme and the feedback each have their turn before typical calls repeat."""
    why = " ".join(review_queue(*month)["why"].head(6))
    assert "A new theme: Gluten free" in why
    assert "praises or complains" in why
    assert "Typical of" in why


def test_only_calls_that_were_heard_are_chosen(month):
    """Calls of another period are never in the queue, and no call at all gives no row."""
    *parts, _ = month
    assert set(review_queue(*parts, ["c05", "c06"])["call_id"]) == {"c05", "c06"}
    assert review_queue(*parts, []).empty


def test_few_calls_are_read_whole_and_of_many_the_first_two(month):
    """Up to three calls are all shown; else those that head the queue."""
    queue = review_queue(*month)
    assert calls_to_read(["x", "y"], queue) == ("x", "y")
    assert calls_to_read(month[-1], queue) == tuple(queue["call_id"].head(2))
