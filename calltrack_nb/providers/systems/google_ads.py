"""Google Ads: the call details report, ``call_view`` rows, and cost by campaign.

Reports begin with a title and dates and end with totals; both are passed over. Times
are the account's local time. The API gives no caller number and leaves the area code
out for calls under 15 seconds; the screens' export may have the number.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.systems.spend import read_spend
from calltrack_nb.providers.values.words import STATUSES, split_tags

_PROVIDER: Final = "google_ads"

_CALL_FIELDS: Final = {
    "started_at": (
        "Start time",
        "CallStartTime",
        "callView.startCallDateTime",
        "start_call_date_time",
    ),
    "ended_at": ("End time", "CallEndTime", "callView.endCallDateTime", "end_call_date_time"),
    "duration_s": (
        "Duration (seconds)",
        "CallDuration",
        "callView.callDurationSeconds",
        "call_duration_seconds",
        "Duration",
    ),
    "status": ("Status", "Call status", "CallStatus", "callView.callStatus", "call_status"),
    "caller_number": ("Caller phone number", "Phone number"),
    "country": (
        "Caller country code",
        "Country code",
        "callView.callerCountryCode",
        "CallerCountryCallingCode",
        "caller_country_code",
    ),
    "area": (
        "Caller area code",
        "Area code",
        "callView.callerAreaCode",
        "CallerNationalDesignatedCode",
        "caller_area_code",
    ),
    "campaign": ("Campaign", "campaign.name", "CampaignName", "campaign_name"),
    "ad_group": ("Ad group", "adGroup.name", "AdGroupName", "ad_group.name", "ad_group_name"),
    "timezone": ("customer.timeZone", "customer.time_zone"),
    "recording": ("Recording", "Recording URL"),
    "transcript": ("Transcript", "Call transcript", "Transcription"),
    "tags": ("Hashtags", "Call hashtags"),
    "resource": ("callView.resourceName", "call_view.resource_name", "resource_name"),
    "account": (),
}
_CALL_KNOWN: Final = (
    "Call source",
    "CallTrackingDisplayLocation",
    "callView.callTrackingDisplayLocation",
    "call_tracking_display_location",
    "Call type",
    "CallType",
    "callView.type",
    "type",
    "Summary",
    "AI summary",
    "customer.id",
    "customer.resourceName",
    "campaign.id",
    "campaign.resourceName",
    "adGroup.id",
    "adGroup.resourceName",
    "Customer",
    "Currency code",
)
_SPEND_FIELDS: Final = {
    "date": ("Day", "Date", "segments.date"),
    "week": ("Week", "segments.week"),
    "month": ("Month", "segments.month"),
    "campaign": ("Campaign", "campaign.name", "Campaign name"),
    "cost": ("Cost",),
    "micros": ("metrics.costMicros", "metrics.cost_micros", "cost_micros"),
    "currency": ("Currency code", "Currency", "customer.currencyCode"),
    "impressions": ("Impr.", "Impressions", "metrics.impressions"),
    "clicks": ("Clicks", "Interactions", "metrics.clicks"),
    "account": (),
}
_SPEND_KNOWN: Final = (
    "Campaign status",
    "Campaign state",
    "Campaign type",
    "Campaign ID",
    "Budget",
    "CTR",
    "Avg. CPC",
    "Avg. cost",
    "Conversions",
    "Conv. value",
    "Cost / conv.",
    "Conv. rate",
    "Interaction rate",
    "Phone calls",
    "Phone impressions",
    "PTR",
    "campaign.id",
    "campaign.resourceName",
    "customer.resourceName",
)
_TOTAL: Final = r"(?i)totals?\b"


def _read_calls(rows: Rows) -> dict[str, pd.DataFrame]:
    zone = rows.text("timezone") if rows.has("timezone") else None
    started = rows.time("started_at", zone=zone)
    duration = rows.seconds("duration_s")
    caller = rows.phone("caller_number")
    area = "area code " + rows.text("area")
    country = rows.text("country")
    campaign, ad_group = rows.text("campaign"), rows.text("ad_group")
    resource = rows.text("resource").str.extract(r"(\d[\w~]*)$", expand=False)
    parts = [rows.constant(""), caller, duration, country, area, campaign, ad_group]
    return {
        "calls": rows.table(
            "calls",
            {
                "account": rows.account(),
                "provider": rows.constant(_PROVIDER),
                "call_id": call_ids(_PROVIDER, resource, started, parts),
                "started_at": started,
                "duration_s": duration,
                "direction": rows.constant("inbound"),
                "status": rows.word("status", STATUSES, schema.STATUSES),
                "caller_number": caller,
                "caller_country": country,
                "caller_region": area,
                "channel": rows.constant("google_ads"),
                "campaign": campaign,
                "ad_group": ad_group,
                "lead_status": rows.constant("unknown"),
                "tags": split_tags(rows.text("tags").str.replace(r"\s+(?=#)", ",", regex=True)),
                "recording": rows.text("recording"),
                "transcript": rows.text("transcript"),
            },
            needed={"started_at": "a call without a time it started"},
        )
    }


CALLS: Final = ExportLayout(
    provider=_PROVIDER,
    kind="calls",
    fields=_CALL_FIELDS,
    needed=(("started_at",), ("duration_s", "status"), ("country", "area", "status", "campaign")),
    telling=(
        "Caller area code",
        "Caller country code",
        "Call source",
        "callView.startCallDateTime",
        "CallStartTime",
        "start_call_date_time",
    ),
    known=_CALL_KNOWN,
    footer=_TOTAL,
    read=_read_calls,
)
SPEND: Final = ExportLayout(
    provider=_PROVIDER,
    kind="spend",
    fields=_SPEND_FIELDS,
    needed=(("campaign",), ("cost", "micros")),
    telling=("Campaign status", "Campaign state", "Impr.", "Avg. CPC", "metrics.costMicros"),
    known=_SPEND_KNOWN,
    footer=_TOTAL,
    read=partial(read_spend, channel="google_ads"),
)
