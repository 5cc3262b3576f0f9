"""CallRail: the dashboard's export of calls, and calls, forms and texts of API v3.

The export has no call id, and its start times no offset: they are the company's local
time. In the API and the export alike ``source`` is the first touch, and a click id may
be of another visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.systems.touches import touchpoints
from calltrack_nb.providers.values.web_addresses import CLICK_IDS
from calltrack_nb.providers.values.words import DIRECTIONS, LEADS, purpose_of, split_tags

_PROVIDER: Final = "callrail"

_FIELDS: Final = {
    "id": ("id", "Call ID", "CallRail Call ID"),
    "started_at": ("Start Time", "start_time", "Call Time", "Date/Time"),
    "duration_s": ("Duration (seconds)", "duration", "Call Duration", "Duration"),
    "status": ("Call Status", "answer_status"),
    "answered": ("answered",),
    "voicemail": ("voicemail",),
    "direction": ("direction", "Call Direction"),
    "caller_number": ("Phone Number", "customer_phone_number", "Caller Number", "Caller ID"),
    "caller_name": ("Name", "customer_name", "Customer Name", "Caller Name"),
    "caller_city": ("City", "customer_city"),
    "caller_region": ("State", "customer_state"),
    "caller_country": ("Country", "customer_country"),
    "tracking_number": ("Tracking Number", "tracking_phone_number", "current_tracking_number"),
    "destination_number": ("Destination Number", "business_phone_number", "Business Number"),
    "label": ("Number Name", "source_name", "Tracker Name", "tracker_name"),
    "source": ("Source", "utm_source"),
    "medium": ("Medium", "utm_medium"),
    "campaign": ("Campaign", "utm_campaign"),
    "ad_group": ("Ad Group",),
    "keyword": ("Keywords", "Keyword", "utm_term"),
    "landing_page": ("Landing Page", "landing_page_url", "Landing Page URL"),
    "last_page": ("last_requested_url", "Last URL", "Active Page"),
    **{kind: (kind,) for kind in CLICK_IDS},
    "gclid": ("gclid", "Google Ads gclid", "Google Click ID"),
    "fbclid": ("fbclid", "Facebook fbclid"),
    "msclkid": ("msclkid", "Microsoft Ads msclkid", "Bing msclkid"),
    "first_call": ("First-Time Caller", "first_call"),
    "lead_status": ("Qualified", "lead_status", "Lead Status"),
    "value": ("Value",),
    "agent": ("Agent Name", "Agent", "agent_email", "Agent Email"),
    "tags": ("Tags",),
    "recording": ("Recording Url", "recording"),
    "transcript": (
        "conversational_transcript",
        "Full Transcription",
        "transcription",
        "Transcript",
        "Call Transcript",
    ),
    "timezone": ("company_time_zone", "Time Zone"),
    "milestones": ("milestones",),
    "email": ("Email", "customer_email"),
    "submitted_at": ("submitted_at",),
    "form_data": ("form_data",),
    "last_message_at": ("last_message_at",),
    "company": ("Company Name", "company_name", "Company"),
    "account": (),
    # An object of the API that is no call says so in quarantine instead of being unknown.
    "api_object": ("customer_phone_number",),
}
_NOT_CARRIED: Final = """
call_type company_id created_at device_type Device_Type formatted_call_type
formatted_customer_location formatted_business_phone_number formatted_customer_name
formatted_customer_name_or_phone_number formatted_customer_phone_number formatted_duration
formatted_tracking_phone_number formatted_tracking_source formatted_value good_lead_call_id
prior_calls good_lead_call_time note total_calls waveforms tracker_id speaker_percent referring_url
Referrer referrer_domain utm_content utma utmb utmc utmv utmz ga
timeline_url integration_data keywords_spotted call_highlights call_summary
keypad_entries session_uuid sentiment zip_code Zip person_id lead_score
lead_score_explanation voice_assist_message recording_duration recording_player recording_enabled
outbound_greeting_recording_url outbound_greeting_text form_url first_form referrer
initial_tracker_id Company_ID Agent_Number Browser Match_Type Ad_Position
Customer_Talk_Time_Percent Agent_Talk_Time_Percent
Reported_Attribution Device current_tracker_id initial_tracking_number state recent_messages
formatted_initial_tracking_number formatted_current_tracking_number
"""


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    forms = rows.text("submitted_at", "form_data").notna().to_numpy()
    messages = rows.text("last_message_at").notna().to_numpy() & ~forms
    calls = ~forms & ~messages
    zone = rows.text("timezone") if rows.has("timezone") else None
    given = rows.text("id")
    account = rows.account()
    person = {
        "account": account,
        "provider": rows.constant(_PROVIDER),
        "caller_number": rows.phone("caller_number"),
        "caller_name": rows.person("caller_name"),
        "channel": rows.channel(),
        **rows.attribution(),
        "click_id": rows.click_id(),
        "lead_status": rows.word("lead_status", LEADS, schema.LEAD_STATUSES).fillna("unknown"),
        "value": rows.money("value"),
        "currency": rows.currency("value"),
    }
    started = rows.time("started_at", zone=zone)
    tracking = rows.phone("tracking_number")
    duration = rows.seconds("duration_s")
    ids = call_ids(_PROVIDER, given, started, [tracking, person["caller_number"], duration])
    found = {
        "calls": rows.table(
            "calls",
            {
                **person,
                "call_id": ids,
                "started_at": started,
                "duration_s": duration,
                "direction": _direction(rows),
                "status": rows.status(),
                "caller_city": rows.text("caller_city"),
                "caller_region": rows.text("caller_region"),
                "caller_country": rows.text("caller_country"),
                "tracking_number": tracking,
                "destination_number": rows.phone("destination_number"),
                "first_call": rows.flag("first_call").mask(person["caller_number"].isna()),
                "agent": rows.text("agent"),
                "purpose": purpose_of(rows.text("tags")),
                "spam_score": rows.spam_mark(),
                "tags": split_tags(rows.text("tags")),
                "recording": rows.text("recording"),
                "transcript": rows.text("transcript"),
            },
            only=calls,
            needed={"started_at": "a call without a time it started"},
        )
    }
    if forms.any() or messages.any():
        moment = rows.time("submitted_at", "last_message_at", zone=zone)
        found["leads"] = rows.table(
            "leads",
            {
                **person,
                "lead_id": call_ids(_PROVIDER, given, moment, [person["caller_number"]]),
                "kind": pd.Series(np.where(forms, "form", "text")),
                "created_at": moment,
                "email": rows.text("email"),
            },
            only=forms | messages,
            needed={"created_at": "a form or text without a time"},
        )
    if rows.has("milestones"):
        found["touchpoints"] = touchpoints(
            rows, "milestones", _milestones, _MILESTONE, ids=ids, account=account
        )
    return found


def _direction(rows: Rows) -> pd.Series[Any]:
    return rows.word("direction", DIRECTIONS, schema.DIRECTIONS).fillna("inbound")


def _milestones(found: Any) -> Iterator[tuple[str, dict[str, object]]]:
    """Give first touch, lead created, qualified and last touch, as far as they are there."""
    for kind, touch in found.items() if isinstance(found, dict) else ():
        if isinstance(touch, dict):
            yield str(kind), touch


_MILESTONE: Final = {
    "at": "event_date",
    "source": "source",
    "medium": "medium",
    "campaign": "campaign",
    "keyword": "keywords",
    "landing_page": "landing",
}

CALLRAIL: Final = ExportLayout(
    provider=_PROVIDER,
    kind="calls",
    fields=_FIELDS,
    needed=(("started_at", "submitted_at", "last_message_at", "api_object"),),
    telling=(
        "First-Time Caller",
        "Number Name",
        "Google Ads gclid",
        "Facebook fbclid",
        "Call Highlights",
        "Reported Attribution",
        "Customer Talk Time Percent",
        "customer_phone_number",
        "tracking_phone_number",
        "business_phone_number",
        "recording_player",
        "company_time_zone",
    ),
    known=tuple(_NOT_CARRIED.split()),
    read=_read,
)
