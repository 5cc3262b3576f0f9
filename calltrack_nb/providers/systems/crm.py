"""Outcomes from a CRM: HubSpot's and Salesforce's exports, and a shop's own list."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids, hashed_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values.web_addresses import CLICK_IDS
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES


def read_outcomes(rows: Rows) -> dict[str, pd.DataFrame]:
    """Read deals; a stage whose word is not known is left open to the user, not ``open``."""
    caller, email = rows.phone("caller_number"), rows.text("email")
    closed = rows.time("closed_at", "created_at")
    value, click, call = rows.money("value"), rows.click_id(), rows.text("call_id")
    stamp = closed.astype("int64").astype("str")
    made = hashed_ids("outcome", [caller, email, call, click, stamp, value.astype("str")])
    given = rows.text("outcome_id")
    if rows.context.provider != "workspace":
        given = rows.context.provider + ":" + given
    return {
        "outcomes": rows.table(
            "outcomes",
            {
                "account": rows.account(),
                "outcome_id": given.fillna(made),
                "caller_number": caller,
                "email": email,
                "call_id": call,
                "click_id": click,
                "closed_at": closed,
                "stage": _stage(rows),
                "value": value,
                "currency": rows.currency("value"),
            },
            needed={"closed_at": "an outcome without its time"},
        )
    }


def _stage(rows: Rows) -> pd.Series[Any]:
    """Read stages by their words; the CRM's own flags settle it where they are."""
    named = rows.context.settings.sources.stages
    if not rows.has("won"):
        return rows.stage(named)
    won = rows.flag("won").fillna(False).to_numpy(dtype=bool)
    closed = rows.flag("closed")
    lost = closed.fillna(False).to_numpy(dtype=bool) & ~won
    still = (closed == False).fillna(False).to_numpy(dtype=bool) & ~won  # noqa: E712
    stage = rows.stage(named, settled=won | lost | still)
    return stage.mask(lost, "lost").mask(still, "open").mask(won, "won")


def _read_hubspot_calls(rows: Rows) -> dict[str, pd.DataFrame]:
    started, duration = rows.time("started_at"), rows.seconds("duration_s")
    direction = rows.word("direction", DIRECTIONS, schema.DIRECTIONS).fillna("inbound")
    outbound = (direction == "outbound").to_numpy(dtype=bool)
    sender, receiver = rows.phone("from"), rows.phone("to")
    caller, ours = sender.where(~outbound, receiver), receiver.where(~outbound, sender)
    given = "hubspot-" + rows.text("id")
    return {
        "calls": rows.table(
            "calls",
            {
                "account": rows.account(),
                "provider": rows.constant("spreadsheet"),
                "call_id": call_ids("spreadsheet", given, started, [ours, caller, duration]),
                "started_at": started,
                "duration_s": duration,
                "direction": direction,
                "status": rows.word("status", STATUSES, schema.STATUSES),
                "caller_number": caller,
                "tracking_number": ours,
                "lead_status": rows.constant("unknown"),
                "recording": rows.text("recording"),
                "transcript": rows.text("transcript").fillna(_spoken(rows.text("body"))),
            },
            needed={"started_at": "a call without a time it started"},
        )
    }


def _spoken(bodies: pd.Series[Any]) -> pd.Series[Any]:
    """Return the bodies that hold a transcript: both sides are named before what they say, twice.

    The others are what somebody noted of the call.
    """
    turns = [
        bodies.str.count(rf"(?i)(?:^|[>\n])\s*(?:{names})\b[^:<\n]{{0,40}}:") for names in _SIDES
    ]
    return bodies.where((turns[0] > 1) & (turns[1] > 1))


_SIDES: Final = (
    "agent|rep|representative|speaker 1|speaker a",
    "customer|caller|client|contact|prospect|speaker 2|speaker b",
)
_CLICKS: Final = {
    **{kind: (kind, f"{kind}__c", f"hs_{kind}") for kind in CLICK_IDS},
    "landing_page": (
        *("Landing Page", "Landing_Page__c", "First Page Seen"),
        *("hs_analytics_first_url", "properties.hs_analytics_first_url"),
    ),
    "last_page": (
        *("Last Page Seen", "hs_analytics_last_url", "properties.hs_analytics_last_url"),
    ),
}

HUBSPOT: Final = ExportLayout(
    provider="hubspot",
    kind="outcomes",
    fields={
        "outcome_id": ("Record ID", "Deal ID", "hs_object_id", "properties.hs_object_id", "id"),
        "caller_number": (
            "Phone Number",
            "Mobile Phone Number",
            "Contact Phone",
            "properties.phone",
            "phone",
        ),
        "email": ("Email", "Contact Email", "properties.email"),
        **_CLICKS,
        "gclid": ("Google ad click id", "hs_google_click_id", "properties.hs_google_click_id"),
        "closed_at": ("Close Date", "closedate", "properties.closedate"),
        "created_at": ("Create Date", "createdate", "properties.createdate", "createdAt"),
        "stage": ("Deal Stage", "dealstage", "properties.dealstage"),
        "value": ("Amount", "properties.amount", "Amount in company currency"),
        "currency": ("Currency", "deal_currency_code", "properties.deal_currency_code"),
        "account": (),
    },
    needed=(("stage",), ("closed_at", "created_at")),
    telling=("Deal Stage", "dealstage", "properties.dealstage", "Deal Name", "Record ID"),
    known=("Pipeline", "Deal owner", "Deal Type", "Associated Contact", "Associated Company"),
    read=read_outcomes,
)
SALESFORCE: Final = ExportLayout(
    provider="salesforce",
    kind="outcomes",
    fields={
        "outcome_id": ("Opportunity ID", "Id", "OpportunityId"),
        "caller_number": ("Phone", "Account Phone", "Contact Phone", "MobilePhone", "Mobile"),
        "email": ("Email", "Contact Email"),
        **_CLICKS,
        "closed_at": ("Close Date", "CloseDate"),
        "created_at": ("Created Date", "CreatedDate"),
        "stage": ("Stage", "StageName"),
        "won": ("Won", "IsWon"),
        "closed": ("Closed", "IsClosed"),
        "value": ("Amount",),
        "currency": ("Amount Currency", "CurrencyIsoCode", "Opportunity Currency"),
        "account": (),
    },
    needed=(("stage", "won"), ("closed_at",)),
    telling=("Opportunity ID", "Opportunity Name", "StageName", "CloseDate", "IsWon"),
    known=(
        "Opportunity Owner",
        "Account Name",
        "Type",
        "Probability (%)",
        "Probability",
        "Lead Source",
        "LeadSource",
        "Fiscal Period",
        "Age",
        "Next Step",
        "Owner Role",
        "Name",
        "OwnerId",
        "AccountId",
    ),
    read=read_outcomes,
)
HUBSPOT_CALLS: Final = ExportLayout(
    provider="hubspot",
    kind="calls",
    fields={
        "id": ("hs_object_id", "properties.hs_object_id", "Record ID", "id"),
        "started_at": ("hs_timestamp", "properties.hs_timestamp", "Activity date"),
        "duration_s": ("hs_call_duration", "properties.hs_call_duration"),
        "direction": ("hs_call_direction", "properties.hs_call_direction"),
        "status": ("hs_call_status", "properties.hs_call_status"),
        "from": ("hs_call_from_number", "properties.hs_call_from_number"),
        "to": ("hs_call_to_number", "properties.hs_call_to_number"),
        "recording": ("hs_call_recording_url", "properties.hs_call_recording_url"),
        "transcript": (
            *("hs_call_transcript", "properties.hs_call_transcript"),
            *("Call Transcript", "Transcript"),
        ),
        "body": ("hs_call_body", "properties.hs_call_body", "Call Notes", "Call Body"),
        "account": (),
    },
    needed=(("started_at",), ("duration_s", "direction")),
    telling=("hs_timestamp", "properties.hs_timestamp", "hs_call_duration"),
    known=(
        "hs_call_title",
        "hs_call_disposition",
        "properties.hs_call_title",
        "properties.hs_call_disposition",
        "createdAt",
        "updatedAt",
        "archived",
    ),
    read=_read_hubspot_calls,
    units={"duration_s": "ms"},
)
