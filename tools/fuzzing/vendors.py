"""Records as each vendor's API gives them, in the pages that its client asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from calltrack_nb.providers import clients

_FAST: Final = clients.Patience(attempts=2, first_s=0.01, most_s=0.05, answer_s=2.0)
_PER_PAGE: Final = 3
_CALLS: Final = 7


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's records, and how its answers name them.

    Parameters
    ----------
    lists : mapping of str to list of dict
        By the member that holds them.
    calls : int
        How many calls they are.
    """

    lists: Mapping[str, list[dict[str, Any]]]
    calls: int = _CALLS


def _moment(number: int) -> str:
    return f"2026-07-{1 + number:02}T14:{number:02}:00"


VENDORS: Final[Mapping[str, Vendor]] = {
    "callrail": Vendor(
        {
            "calls": [
                {
                    "id": f"CAL{number}", "answered": number % 3 > 0, "voicemail": False,
                    "customer_phone_number": f"+1404555010{number}", "customer_name": "Zoë Ann",
                    "tracking_phone_number": "+12125550111", "direction": "inbound",
                    "duration": 60 + number, "start_time": f"{_moment(number)}.000-04:00",
                    "source": "Google Ads", "campaign": "Cakes", "tags": [{"name": "Sale"}],
                    "recording": f"https://api.callrail.com/v3/a/1/calls/CAL{number}/recording.json",
                    "milestones": {"first_touch": {"source": "Google Ads"}}, "value": "$12.50",
                }
                for number in range(_CALLS)
            ]
        }
    ),
    "whatconverts": Vendor(
        {
            "leads": [
                {
                    "lead_id": 4100 + number, "lead_type": "Phone Call", "lead_status": "Unique",
                    "date_created": f"{_moment(number)}Z", "quotable": "Yes", "sales_value": 12.5,
                    "call_duration": f"{60 + number} seconds", "answer_status": "Answered",
                    "caller_number": f"+1404555010{number}", "caller_name": "Ann",
                    "tracking_number": "+12125550111", "lead_source": "google",
                    "lead_campaign": "Cakes", "additional_fields": {"Size": "Large"},
                }
                for number in range(_CALLS)
            ]
        }
    ),
    "calltrackingmetrics": Vendor(
        {
            "calls": [
                {
                    "id": 900 + number, "unix_time": 1_782_915_060 + number * 3600,
                    "caller_number": f"+1404555010{number}", "tracking_number": "+12125550111",
                    "tracking_label": "Ads", "name": "Ann", "direction": "inbound",
                    "talk_time": 30, "duration": 40 + number, "dial_status": "answered",
                    "custom_fields": {"a": "b"}, "tag_list": ["sale"],
                }
                for number in range(_CALLS)
            ]
        }
    ),
    "twilio": Vendor(
        {
            "calls": [
                {
                    "sid": f"CA{number}", "parent_call_sid": None, "from": f"+1404555010{number}",
                    "start_time": f"Wed, {1 + number:02} Jul 2026 20:36:28 +0000",
                    "to": "+12125550111", "duration": str(60 + number), "direction": "inbound",
                    "status": "completed",
                }
                for number in range(_CALLS)
            ],
            "recordings": [
                {
                    "sid": f"RE{number}", "call_sid": f"CA{number}", "duration": "50",
                    "status": "completed", "channels": 2,
                }
                for number in range(_CALLS)
            ],
        }
    ),
}  # fmt: skip


def client_of(vendor: str, base: str) -> clients.PagedCalls:
    """Return a vendor's client that asks at an address and does not wait long."""
    if vendor == "callrail":
        return clients.CallRailClient("ACC1", "a-long-key", f"{base}/v3", _FAST)
    if vendor == "whatconverts":
        return clients.WhatConvertsClient("a-token", "a-secret", base, _FAST)
    if vendor == "calltrackingmetrics":
        return clients.CallTrackingMetricsClient("7", "an-access", "a-secret", base, _FAST)
    return clients.TwilioClient("AC1", "a-long-token", base, _FAST)


def page_at(vendor: str, base: str, target: str) -> dict[str, Any]:
    """Return the page that a vendor gives for a request.

    Parameters
    ----------
    vendor, base : str
    target : str
        Path and query of the request.

    Examples
    --------
    >>> page = page_at("whatconverts", "", "/leads?page_number=3")
    >>> page["total_pages"], [lead["lead_id"] for lead in page["leads"]]
    (3, [4106])
    """
    place = urlsplit(target)
    asked = {name: values[0] for name, values in parse_qs(place.query).items()}
    name = "recordings" if "Recordings" in place.path else next(iter(VENDORS[vendor].lists))
    number = int(asked.get("page_number") or asked.get("page") or 1)
    records = VENDORS[vendor].lists[name][(number - 1) * _PER_PAGE : number * _PER_PAGE]
    more = number * _PER_PAGE < len(VENDORS[vendor].lists[name])
    following = f"{place.path}?page={number + 1}"
    told: dict[str, Any]
    if vendor == "callrail":
        told = {"has_next_page": more, "next_page": base + following if more else None}
    elif vendor == "whatconverts":
        told = {"page_number": number, "total_pages": -(-_CALLS // _PER_PAGE)}
    elif vendor == "calltrackingmetrics":
        told = {"next_page": base + following if more else None, "total_entries": _CALLS}
    else:
        told = {"next_page_uri": following if more else None, "page": number - 1}
    return {**told, name: records}
