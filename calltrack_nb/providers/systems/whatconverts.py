"""WhatConverts: leads of every kind, as exported or as its API answers.

A phone call becomes a call; forms, chats, texts and the other kinds become leads. The
API says ``phone_call`` where the screens say ``Phone Call``; both are read.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values.words import LEADS, purpose_of, split_tags

_PROVIDER: Final = "whatconverts"
_KINDS: Final[dict[str, str | None]] = {
    "phone call": "call",
    "call": "call",
    "web form": "form",
    "form": "form",
    "chat": "chat",
    "text message": "text",
    "text": "text",
    "email": "email",
    "transaction": "transaction",
    "appointment": "other",
    "event": "other",
    "other": "other",
}

_FIELDS: Final = {
    "id": ("lead_id", "Lead ID"),
    "kind": ("lead_type", "Lead Type"),
    "repeat": ("lead_status", "Lead Status", "Status"),
    "started_at": ("date_created", "Date Created", "Date", "Lead Date"),
    "timezone": ("Timezone", "Time Zone"),
    "duration_s": (
        "call_duration_seconds",
        "Call Duration (Seconds)",
        "Duration (Seconds)",
        "call_duration",
        "Call Duration",
        "Duration",
    ),
    "status": ("answer_status", "Answer Status", "call_status", "Call Status"),
    "voicemail": ("voicemail", "Voicemail"),
    "caller_number": (
        "caller_number",
        "Caller Number",
        "contact_phone_number",
        "Contact Phone Number",
        "phone_number",
        "Phone Number",
    ),
    "caller_name": ("caller_name", "Caller Name", "contact_name", "Contact Name"),
    "first_name": ("first_name", "First Name"),
    "last_name": ("last_name", "Last Name"),
    "caller_city": ("caller_city", "Caller City", "city", "City"),
    "caller_region": ("caller_state", "Caller State", "state", "State"),
    "caller_country": ("caller_country", "Caller Country", "country", "Country"),
    "tracking_number": ("tracking_number", "Tracking Number"),
    "destination_number": ("destination_number", "Destination Number"),
    "label": ("phone_name", "Phone Name", "form_name", "Form Name"),
    "source": ("lead_source", "Lead Source", "Source"),
    "medium": ("lead_medium", "Lead Medium", "Medium"),
    "campaign": ("lead_campaign", "Lead Campaign", "Campaign"),
    "keyword": ("lead_keyword", "Lead Keyword", "Keyword"),
    "landing_page": ("landing_url", "Landing URL", "Landing Page"),
    "last_page": ("lead_url", "Lead URL", "Lead Page"),
    "gclid": ("gclid", "Google Click ID"),
    "msclkid": ("msclkid", "Microsoft Click ID"),
    "fbclid": ("facebook_click_id", "Facebook Click ID", "fbclid"),
    "lead_status": ("quotable", "Quotable"),
    "sales_value": ("sales_value", "Sales Value"),
    "quote_value": ("quote_value", "Quote Value"),
    "currency": ("currency", "Currency"),
    "spam": ("spam", "Spam"),
    "email": (
        "contact_email_address",
        "Contact Email Address",
        "email_address",
        "Email Address",
        "Email",
    ),
    "company": ("account", "Account"),
    "tags": ("Tags",),
    "notes": ("notes", "Notes"),
    "agent": ("Agent",),
    "recording": ("recording", "Recording", "Recording URL"),
    "transcript": (
        "call_transcription",
        "Call Transcription",
        "voicemail_transcription",
        "Voicemail Transcription",
        "Transcription",
        "Call Transcript",
    ),
    "account": (),
}
_NOT_CARRIED: Final = """
account_id profile_id profile user_id last_updated spotted_keywords lead_score lead_state
lead_content operating_system browser device_type device_make duplicate caller_zip zip_code
line_type message ip_address contact_company_name facebook_browser_id google_analytics_client_id
google_analytics_session_id hubspot_visitor_id salesforce_user_id unbounce_page_id
unbounce_variant_id unbounce_visitor_id vwo_account_id vwo_experiment_id vwo_variant_id vwo_user_id
roistat_visit_id play_recording play_voicemail
lead_analysis additional_fields zip company_name
"""


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    kind = rows.word("kind", _KINDS, ("call", *_LEAD_KINDS))
    if not rows.has("kind"):
        kind = kind.fillna("call")
    rows.lose(kind.isna().to_numpy(), "kind", "not a kind of lead that is known")
    calls = (kind == "call").to_numpy()
    zone = rows.text("timezone") if rows.has("timezone") else None
    moment = rows.time("started_at", zone=zone)
    caller = rows.phone("caller_number")
    given = rows.text("id")
    shared = {
        "account": rows.account(),
        "provider": rows.constant(_PROVIDER),
        "caller_number": caller,
        "caller_name": rows.person("caller_name").fillna(rows.joined("first_name", "last_name")),
        "channel": rows.channel(),
        **rows.attribution(),
        "click_id": rows.click_id(),
        "lead_status": rows.word("lead_status", LEADS, schema.LEAD_STATUSES).fillna("unknown"),
        "value": rows.money("sales_value").fillna(rows.money("quote_value")),
        "currency": rows.currency("sales_value", "quote_value"),
    }
    duration = rows.seconds("duration_s")
    tracking = rows.phone("tracking_number")
    found = {
        "calls": rows.table(
            "calls",
            {
                **shared,
                "call_id": call_ids(_PROVIDER, given, moment, [tracking, caller, duration]),
                "started_at": moment,
                "duration_s": duration,
                "direction": rows.constant("inbound"),
                "status": rows.status(),
                "caller_city": rows.text("caller_city"),
                "caller_region": rows.text("caller_region"),
                "caller_country": rows.text("caller_country"),
                "tracking_number": tracking,
                "destination_number": rows.phone("destination_number"),
                "first_call": _first(rows).mask(caller.isna()),
                "spam_score": rows.spam_mark(),
                "agent": rows.text("agent"),
                "purpose": purpose_of(rows.text("tags"), rows.text("notes")),
                "tags": split_tags(rows.text("tags")),
                "recording": rows.text("recording"),
                "transcript": rows.text("transcript"),
            },
            only=calls,
            needed={"started_at": "a call without a time it started"},
        )
    }
    if not calls.all():
        found["leads"] = rows.table(
            "leads",
            {
                **shared,
                "lead_id": call_ids(_PROVIDER, given, moment, [caller, rows.text("email")]),
                "kind": kind.where(~calls).astype("str"),
                "created_at": moment,
                "email": rows.text("email"),
            },
            only=~calls,
            needed={"created_at": "a lead without a time"},
        )
    return found


_LEAD_KINDS: Final = ("form", "chat", "text", "email", "transaction", "other")


def _first(rows: Rows) -> pd.Series[Any]:
    said = rows.text("repeat").str.lower()
    return said.map({"unique": True, "repeat": False}, na_action="ignore").astype("boolean")


def _refuse(rows: Rows) -> dict[str, pd.DataFrame]:
    everything = np.ones(len(rows), dtype=bool)
    rows.lose(everything, None, "an account or profile, not a call, a form or a chat")
    return {}


WHATCONVERTS: Final = ExportLayout(
    provider=_PROVIDER,
    kind="leads",
    fields=_FIELDS,
    needed=(("started_at",), ("id", "kind")),
    telling=("lead_type", "quotable", "lead_source", "lead_medium", "quote_value", "sales_value"),
    known=tuple(_NOT_CARRIED.split()),
    read=_read,
)
ACCOUNTS: Final = ExportLayout(
    provider=_PROVIDER,
    kind="accounts",
    fields={"name": ("account_name", "profile_name"), "created": ("date_created",)},
    needed=(("name",),),
    telling=("account_name", "profile_name"),
    known=("account_id", "profile_id", "profiles"),
    read=_refuse,
)
