"""Small logs written by hand, in the canonical tables."""

import datetime as dt
from decimal import Decimal

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.settings import Business, Evidence, Goals, QualifiedCall, Settings


def settings(**goals):
    """A shop in New York that pools nothing, open on weekdays from nine to five."""
    return Settings(
        business=Business(name="Mary's", timezone="America/New_York"),
        goals=Goals(**goals),
        qualified=QualifiedCall(staff_numbers=("+12125550101",)),
        evidence=Evidence(min_group=1),
    )


def call(number, at, **more):
    """One answered inbound call of two minutes; `at` is local time in New York."""
    row = {
        "account": "main",
        "call_id": f"c{number}",
        "provider": "callrail",
        "started_at": pd.Timestamp(at, tz="America/New_York").tz_convert("UTC"),
        "duration_s": 120.0,
        "direction": "inbound",
        "status": "answered",
        "caller_key": f"p{number}",
        "channel": "google_ads",
        "campaign": "Weddings",
        "lead_status": "unknown",
    }
    return row | more


def calls(*rows):
    """A log of calls."""
    return schema.conform(pd.DataFrame(list(rows)), "calls") if rows else schema.empty("calls")


def spend(*rows):
    """Rows of (date, days, campaign, cost, currency)."""
    frame = pd.DataFrame(
        [
            {
                "account": "main",
                "date": dt.date.fromisoformat(date),
                "days": days,
                "channel": "google_ads",
                "campaign": campaign,
                "cost": Decimal(cost),
                "currency": currency,
            }
            for date, days, campaign, cost, currency in rows
        ]
    )
    return schema.conform(frame, "spend") if rows else schema.empty("spend")


def outcomes(*rows):
    """Orders won: (person, local time, value)."""
    frame = pd.DataFrame(
        [
            {
                "account": "main",
                "outcome_id": f"o{place}",
                "caller_key": person,
                "closed_at": pd.Timestamp(at, tz="America/New_York").tz_convert("UTC"),
                "stage": "won",
                "value": Decimal(value),
                "currency": "USD",
            }
            for place, (person, at, value) in enumerate(rows)
        ]
    )
    return schema.conform(frame, "outcomes") if rows else schema.empty("outcomes")


def tweaks(*rows):
    """Rows of (date, campaign)."""
    frame = pd.DataFrame(
        [
            {
                "account": "main",
                "tweak_id": f"T{place}",
                "date": dt.date.fromisoformat(date),
                "campaign": campaign,
                "channel": "google_ads",
                "changed": "headline",
            }
            for place, (date, campaign) in enumerate(rows)
        ]
    )
    return schema.conform(frame, "tweaks") if rows else schema.empty("tweaks")


def definition_changes(*days):
    """Days on which a definition changed."""
    frame = pd.DataFrame(
        [
            {"account": "main", "date": dt.date.fromisoformat(day), "redefined": "what counts"}
            for day in days
        ]
    )
    return schema.conform(frame, "regimes") if days else schema.empty("regimes")
