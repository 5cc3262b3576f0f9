"""What followed a hesitation, and what was answered to it."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.findings import after_hesitation, answers_before_booking

CAMPAIGN = {"a": "Flyer", "b": "Flyer", "c": "Search", "d": "Search", "e": "Flyer"}


@pytest.fixture
def findings():
    """Five calls: hesitations over the price and the date; two booked, one lost, two neither."""
    said = [
        ("a", "hesitation", "price", 1, "That is a lot"),
        ("a", "hesitation", "price", 3, "Still a lot"),
        ("a", "outcome", "booked", 5, "Go on then"),
        ("b", "hesitation", "price", 1, "Too dear"),
        ("b", "outcome", "lost", 3, "No thanks"),
        ("c", "hesitation", "price", 4, "Hm, pricey"),
        ("c", "hesitation", "timing", 1, "That is late"),
        ("c", "outcome", "rescheduled", 2, "Tuesday is fine"),
        ("d", "hesitation", "timing", 1, "Too late"),
        ("d", "outcome", "call_back", 3, "Ring me"),
        ("e", "hesitation", "price", 1, "Steep"),
    ]
    rows = pd.DataFrame(said, columns=["call_id", "family", "kind", "turn", "words"])
    return schema.conform(rows.assign(account="main", confidence=0.8), "findings")


@pytest.fixture
def calls():
    """The five calls and their campaigns."""
    rows = [
        {
            "account": "main",
            "call_id": name,
            "provider": "x",
            "started_at": pd.Timestamp("2026-08-03 12:00Z"),
            "direction": "inbound",
            "lead_status": "unknown",
            "campaign": campaign,
        }
        for name, campaign in CAMPAIGN.items()
    ]
    return schema.conform(pd.DataFrame(rows), "calls")


def test_each_hesitation_counts_its_calls_once_by_what_followed(findings, calls):
    """Booked and rescheduled are booked, lost is lost, a call back and no outcome are neither."""
    found = after_hesitation(findings, calls, list(CAMPAIGN), min_calls=4)
    columns = ["label", "calls", "booked", "lost", "neither"]
    assert found.table[columns].to_numpy().tolist() == [
        ["the price", 4, 2, 1, 1],
        ["the date or the wait", 2, 1, 0, 1],
    ]
    assert found.table["share"].tolist()[0] == 0.5
    assert found.table["low"].iloc[0] < 0.5 < found.table["high"].iloc[0]
    assert found.text.startswith("Of 5 calls in which the caller hesitated, 2 were booked")


def test_few_calls_have_counts_and_no_share(findings, calls):
    """Below the least number of calls there is no share, and a check says so."""
    found = after_hesitation(findings, calls, list(CAMPAIGN), min_calls=3)
    assert found.table["share"].isna().tolist() == [False, True]
    assert "1 row has fewer than 3 calls" in found.checks[1].text


def test_no_share_stands_without_saying_that_it_is_not_measured(findings, calls):
    """The sentence on unmeasured words is beside every such table."""
    assert "Not measured yet" in after_hesitation(findings, calls, ["a"]).checks[0].text


def test_what_followed_is_told_by_campaign(findings, calls):
    """The calls of each campaign are counted apart, and only those listened to."""
    found = after_hesitation(findings, calls, ["a", "b", "c"], by="campaign", min_calls=1)
    price = found.table[found.table["label"] == "the price"].set_index("group")
    assert price["calls"].to_dict() == {"Flyer": 2, "Search": 1}
    assert price.loc["Flyer", ["booked", "lost"]].tolist() == [1, 1]


def test_the_answer_is_the_agents_next_words_in_a_call_booked_after(findings):
    """Lost calls, and bookings made before the hesitation, have no answer quoted."""
    said = [
        ("a", 1, "caller", "That is a lot"),
        ("a", 2, "agent", "Okay."),
        ("a", 4, "agent", "We could leave the flowers out and save sixty"),
        ("b", 2, "agent", "I am sorry that is our best price"),
        ("c", 5, "agent", "I can do nothing about that price"),
    ]
    rows = pd.DataFrame(said, columns=["call_id", "turn", "speaker", "redacted_text"])
    rows = rows.assign(
        account="main", text="", start_s=rows["turn"] * 5.0, end_s=rows["turn"] + 1.0
    )
    found = answers_before_booking(findings, schema.conform(rows, "utterances"), list(CAMPAIGN))
    assert found[["call_id", "quote"]].to_numpy().tolist() == [
        ["a", "We could leave the flowers out and save sixty"]
    ]
    assert "That is a lot" in found["why"].iloc[0]
    doubtful = answers_before_booking(
        findings.assign(confidence=0.4), schema.conform(rows, "utterances"), list(CAMPAIGN)
    )
    assert doubtful.empty, "what may be no hesitation at all has no answer that worked"


def test_no_hesitation_is_said(calls):
    """Without findings there is an empty table and a sentence."""
    found = after_hesitation(schema.empty("findings"), calls, ["a"], by="agent")
    assert found.table.empty
    assert found.text == "No hesitation was found."
