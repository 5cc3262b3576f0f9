"""What a simulated shop spends, whom it hears from in writing, and what it sells."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from tools.simulator.shop_arrivals import HOURS, WEEKDAYS, local_days, stream, to_utc
from tools.simulator.shop_people import FIRST_NAMES, LAST_NAMES
from tools.simulator.shop_spec import ShopSpec


def numbers(spec: ShopSpec) -> pd.DataFrame:
    """Write the inventory of tracking numbers as it ought to be."""
    own: list[dict[str, Any]] = [
        {
            "tracking_number": campaign.number,
            "kind": "local",
            "label": campaign.label,
            "channel": campaign.channel,
            "campaign": campaign.name or None,
            "destination_number": spec.destination,
            "active_from": spec.first - dt.timedelta(days=76),
            "active_to": None,
            "pool": None,
        }
        for campaign in spec.campaigns
        if campaign.number
    ]
    pooled: list[dict[str, Any]] = [
        {
            "tracking_number": number,
            "kind": "local",
            "label": f"Website pool {place}",
            "destination_number": spec.destination,
            "active_from": spec.first - dt.timedelta(days=76),
            "pool": "website",
        }
        for place, number in enumerate(spec.pool, start=1)
    ]
    return pd.DataFrame(own + pooled, dtype=object)


def spend(spec: ShopSpec) -> pd.DataFrame:
    """Write the money spent by campaign and calendar week (Monday to Sunday)."""
    rng = stream(spec, "spend")
    days = local_days(spec)
    weeks = pd.Series(days, index=days).groupby(days.to_period("W-SUN")).agg(["min", "count"])
    rows = []
    for campaign in spec.campaigns:
        if not campaign.weekly_cost:
            continue
        for first, count in weeks.itertuples(index=False):
            cost = campaign.weekly_cost * count / 7 * rng.uniform(0.9, 1.1)
            online = campaign.medium in ("cpc", "social", "paid social")
            clicks = rng.poisson(cost / 2.1) if online else None
            rows.append(
                {
                    "date": first.date(),
                    "days": int(count),
                    "channel": campaign.channel,
                    "campaign": campaign.name,
                    "cost": Decimal(f"{cost:.2f}"),
                    "currency": "USD",
                    "impressions": None if clicks is None else int(clicks * rng.integers(18, 40)),
                    "clicks": None if clicks is None else int(clicks),
                }
            )
    return pd.DataFrame(rows)


def visits(spec: ShopSpec) -> pd.DataFrame:
    """Count the website's visitors by hour and channel; hours without any are absent."""
    rng = stream(spec, "visits")
    hours = pd.date_range(
        spec.first, pd.Timestamp(spec.last) + pd.Timedelta(hours=23), freq="h", name="local"
    )
    rhythm = WEEKDAYS[hours.day_of_week] * HOURS[hours.hour] / HOURS.max()
    daily = {"google_ads": 1.4, "facebook": 0.6, "organic": 1.0}
    parts = [
        pd.DataFrame({"local": hours, "channel": channel, "visitors": rng.poisson(peak * rhythm)})
        for channel, peak in daily.items()
    ]
    seen = pd.concat(parts, ignore_index=True).query("visitors > 0")
    seen = seen.assign(hour=to_utc(seen["local"], spec))
    return seen.sort_values(["hour", "channel"], ignore_index=True)


def leads(spec: ShopSpec) -> pd.DataFrame:
    """Draw the website's forms and chats, which WhatConverts lists among its leads."""
    rng = stream(spec, "leads")
    days = local_days(spec)
    count = int(rng.poisson(0.4 * len(days) * spec.volume))
    day = rng.integers(0, len(days), count)
    local = pd.Series(days[day] + pd.to_timedelta(rng.integers(7, 22, count) * 3600, unit="s"))
    local = local + pd.to_timedelta(rng.integers(0, 3600, count), unit="s")
    web = [campaign for campaign in spec.campaigns if campaign.service == "whatconverts"]
    weights = np.array([campaign.weekly_calls for campaign in web])
    from_where = rng.choice(len(web), count, p=weights / weights.sum())
    first = rng.integers(0, len(FIRST_NAMES), count)
    last = rng.integers(0, len(LAST_NAMES), count)
    frame = pd.DataFrame(
        {
            "lead_id": [f"whatconverts:{4_900_000 + row}" for row in range(count)],
            "provider": "whatconverts",
            "kind": np.where(rng.random(count) < 0.75, "form", "chat"),
            "local": local,
            "created_at": to_utc(local, spec),
            "caller_name": [
                f"{FIRST_NAMES[one]} {LAST_NAMES[two]}"
                for one, two in zip(first, last, strict=True)
            ],
            "email": [
                f"{FIRST_NAMES[one]}.{LAST_NAMES[two]}@example.com".lower()
                for one, two in zip(first, last, strict=True)
            ],
            "channel": [web[at].channel for at in from_where],
            "source": [web[at].source for at in from_where],
            "medium": [web[at].medium for at in from_where],
            "campaign": [web[at].name or None for at in from_where],
            "landing_page": [web[at].landing_pages[0] for at in from_where],
            "lead_status": np.where(rng.random(count) < 0.5, "qualified", "unknown"),
        }
    )
    return frame.sort_values("local", ignore_index=True)


def orders(draft: pd.DataFrame, spec: ShopSpec) -> pd.DataFrame:
    """Write what the shop's customer book says of its callers' orders.

    Every call that ended in a booking closes as won some days later, a third of the
    lost ones are noted as lost; orders that close after the log's end are not known
    yet.
    """
    rng = stream(spec, "orders")
    draw = pd.Series(rng.random(len(draft)), index=draft.index)
    days = pd.Series(rng.gamma(2.0, 3.0, len(draft)), index=draft.index)
    known = draft["caller_number"].notna() & (draft["direction"] == "inbound")
    won = known & (draft["wins"] == True)  # noqa: E712 - null where there is no sale
    lost = known & (draft["outcome"] == "lost") & (draw < 0.33)
    book = draft[won | lost].assign(
        stage=np.where(won[won | lost], "won", "lost"),
        closed=_office_hours(draft["local"] + pd.to_timedelta(days, unit="D"), draw),
    )
    book = book[book["closed"] < pd.Timestamp(spec.last) + pd.Timedelta(days=1)]
    book = book.sort_values(["closed", "call_id"], ignore_index=True)
    return pd.DataFrame(
        {
            "outcome_id": [f"ORD-{1001 + row}" for row in range(len(book))],
            "caller_number": book["caller_number"],
            "click_id": book["click_id"],
            "local": book["closed"],
            "closed_at": to_utc(book["closed"], spec),
            "stage": book["stage"],
            "value": [
                Decimal(f"{value:.2f}") if stage == "won" else None
                for value, stage in zip(book["order_value"], book["stage"], strict=True)
            ],
            "currency": "USD",
        }
    )


def _office_hours(moments: pd.Series[Any], draw: pd.Series[float]) -> pd.Series[Any]:
    """Move moments to the afternoon of the next day, when the books are kept."""
    minutes = (60 * (13 + 4 * draw)).astype(int)
    next_day: pd.Series[Any] = moments.dt.normalize() + pd.Timedelta(days=1)
    return next_day + pd.to_timedelta(minutes, unit="min")
