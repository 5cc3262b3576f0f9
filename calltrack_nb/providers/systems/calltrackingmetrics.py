"""CallTrackingMetrics: calls of the API, and exports with columns a user has picked.

Duration is the whole call; ringing and talking come apart. ``called_at`` is the
account's local time, so ``unix_time`` is believed before it. Messages and forms that
stand in the same log become leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import FLAGGED, Rows
from calltrack_nb.providers.systems.touches import touchpoints
from calltrack_nb.providers.values.web_addresses import CLICK_IDS
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES, purpose_of, split_tags

_PROVIDER: Final = "calltrackingmetrics"

_FIELDS: Final = {
    "id": ("id", "Call ID", "CTM ID"),
    "started_at": ("unix_time", "called_at", "Called At", "Call Date", "Date"),
    "duration_s": ("duration", "Duration", "Duration (seconds)"),
    "ring_s": ("ring_time", "Ring Time"),
    "talk_s": ("talk_time", "Talk Time"),
    "direction": ("direction", "Direction"),
    "status": ("dial_status", "call_status", "status", "Dial Status", "Call Status", "Status"),
    "caller_number": (
        "caller_number_complete",
        "caller_number",
        "Caller Number",
        "Contact Number",
        "Customer #",
        "caller_number_format",
    ),
    "caller_name": ("name", "cnam", "Name", "Caller Name", "Contact Name"),
    "caller_city": ("city", "City"),
    "caller_region": ("state", "State"),
    "caller_country": ("country", "Country"),
    "tracking_number": ("tracking_number", "Tracking Number", "tracking_number_format"),
    "destination_number": ("business_number", "Receiving Number", "Business Number"),
    "label": ("tracking_label", "Tracking Label", "Number Name"),
    "source": ("source", "Source", "Tracking Source", "paid.source"),
    "medium": ("paid.medium", "medium", "Medium"),
    "campaign": ("paid.campaign", "campaign", "Campaign", "Ad Campaign"),
    "ad_group": ("paid.ad_group", "Ad Group", "ad_group"),
    "keyword": ("paid.keyword", "keyword", "Keyword", "Search Query"),
    "landing_page": ("location", "Landing Page", "Location", "Page"),
    "last_page": ("Last URL",),
    "gclid": ("ga.gclid", "gclid", "GCLID"),
    "wbraid": ("ga.gwbraid", "wbraid"),
    **{kind: (kind,) for kind in CLICK_IDS if kind not in ("gclid", "wbraid")},
    "first_call": ("is_new_caller", "New Caller", "First Time Caller"),
    "conversion": ("sale.conversion", "conversion", "Conversion"),
    "value": ("sale.value", "Sale Value", "Reported Value"),
    "excluded": ("excluded",),
    "agent": ("agent.name", "agent.email", "Agent", "Agent Name"),
    "tags": ("tag_list", "Tags"),
    "recording": ("audio", "Audio", "Recording"),
    "transcript": ("transcription_text", "transcription", "Transcript", "Call Transcript"),
    "touchpoints": ("touchpoints",),
    "form": ("form",),
    "email": ("email", "Email"),
    "account": (),
}
_NOT_CARRIED: Final = """
sid account_id search referrer Referral Message_Body source_id likelihood
hold_time wait_time parent_id street postal_code
tracking_number_id tracking_number_bare caller_number_bare caller_number_split business_label
redacted call_path left_talk_time right_talk_time transfers legs spotted notes agent.id paid.type
ga.cid sale.score sale.sale_date sale.service_rep_name sale.notes first_touch last_touch webvisit
summary ring_status visitor_sid business_id extended_lookup_on
"""
_TOUCH: Final = {
    "at": "time",
    "source": "source",
    "medium": "medium",
    "campaign": "campaign",
    "keyword": "keyword",
    "landing_page": "location",
}


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    said = rows.text("direction").str.lower()
    messages = said.str.startswith("msg", na=False).to_numpy(dtype=bool)
    forms = (said.str.startswith("form", na=False) | rows.text("form").notna()).to_numpy(dtype=bool)
    calls = ~(messages | forms)
    started, duration = rows.time("started_at"), rows.seconds("duration_s")
    caller, tracking = rows.phone("caller_number"), rows.phone("tracking_number")
    account = rows.account()
    ids = call_ids(_PROVIDER, rows.text("id"), started, [tracking, caller, duration])
    shared = {
        "account": account,
        "provider": rows.constant(_PROVIDER),
        "caller_number": caller,
        "caller_name": rows.person("caller_name"),
        "channel": rows.channel(),
        **rows.attribution(),
        "click_id": rows.click_id(),
        "lead_status": _lead(rows),
        "value": rows.money("value"),
        "currency": rows.currency("value"),
    }
    found = {
        "calls": rows.table(
            "calls",
            {
                **shared,
                "call_id": ids,
                "started_at": started,
                "duration_s": duration,
                "ring_s": rows.seconds("ring_s"),
                "talk_s": rows.seconds("talk_s"),
                "direction": _direction(rows, calls),
                "status": rows.word("status", STATUSES, schema.STATUSES),
                "caller_city": rows.text("caller_city"),
                "caller_region": rows.text("caller_region"),
                "caller_country": rows.text("caller_country"),
                "tracking_number": tracking,
                "destination_number": rows.phone("destination_number"),
                "first_call": rows.flag("first_call").mask(caller.isna()),
                "purpose": purpose_of(rows.text("tags")),
                "spam_score": rows.flag("excluded")
                .map({True: FLAGGED}, na_action="ignore")
                .astype("Int64")
                .fillna(rows.spam_mark()),
                "agent": rows.text("agent"),
                "tags": split_tags(rows.text("tags")),
                "recording": rows.text("recording"),
                "transcript": rows.text("transcript"),
            },
            only=calls,
            needed={"started_at": "a call without a time it started"},
        )
    }
    if not calls.all():
        lead = {
            **shared,
            "lead_id": ids,
            "kind": pd.Series(np.where(forms, "form", "text")),
            "created_at": started,
            "email": rows.text("email"),
        }
        needed = {"created_at": "a form or text without a time"}
        found["leads"] = rows.table("leads", lead, only=~calls, needed=needed)
    if rows.has("touchpoints"):
        found["touchpoints"] = touchpoints(
            rows, "touchpoints", _touches, _TOUCH, ids=ids, account=account
        )
    return found


def _touches(found: Any) -> Iterator[tuple[str, dict[str, object]]]:
    for touch in found if isinstance(found, list) else ():
        if isinstance(touch, dict):
            yield str(touch.get("touch_type") or touch.get("position") or "touch"), touch


def _direction(rows: Rows, calls: Any) -> pd.Series[Any]:
    """Read the direction of the calls; messages and forms have their own words for it."""
    meanings = DIRECTIONS | {"msg": "inbound", "form": "inbound"}
    return rows.word("direction", meanings, schema.DIRECTIONS).fillna("inbound").where(calls)


def _lead(rows: Rows) -> pd.Series[Any]:
    """Take a reported sale for a qualified lead; nothing reported says nothing."""
    sold = rows.flag("conversion").fillna(False).astype(bool)
    return rows.constant("unknown").mask(sold, "qualified")


CALLTRACKINGMETRICS: Final = ExportLayout(
    provider=_PROVIDER,
    kind="calls",
    fields=_FIELDS,
    needed=(("started_at",), ("caller_number", "tracking_number")),
    telling=(
        "called_at",
        "unix_time",
        "tracking_label",
        "dial_status",
        "is_new_caller",
        "caller_number_complete",
        "tracking_number_bare",
        "Customer #",
        "Tracking Source",
    ),
    known=tuple(_NOT_CARRIED.split()),
    read=_read,
)
