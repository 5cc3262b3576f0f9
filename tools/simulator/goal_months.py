"""Shop-months with a goal, of four kinds of shop: what is said of the goal, what happens.

A shop's calls come by chance around its weekday rhythm, its own level, lively weeks and
days. The month is cut on any of its days, the target lies around what the weeks before it
brought. Nothing is shared with the forecast.
"""

from __future__ import annotations

import datetime as dt

import holidays
import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.effectiveness import goals_progress
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Day, Goals, Settings

KINDS = ("weekdays", "seasonal", "falling", "steady")
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shop_month(kind: str, rng: np.random.Generator) -> tuple[float, bool] | None:
    """Simulate one shop and one month; return the chance said and whether it was reached.

    None where the goal was reached on the day already, or no call had come.
    """
    month = pd.Timestamp(2025, int(rng.integers(1, 13)), 1)
    end = month + pd.offsets.MonthEnd(0)
    first = month - pd.Timedelta(days=int(rng.integers(60, 330)))
    days = pd.date_range(first, end)
    counts = drawn(expected(kind, days, rng), rng)
    cut = month + pd.Timedelta(days=int(rng.integers(4, end.day - 1)))
    inside = np.asarray(days >= month)
    whole = int(counts[inside].sum())
    # A target knows the weeks before the month, and nothing of what is to come.
    before = counts[~inside][-28:].sum() / 28 * end.day
    target = max(1, round(before * np.exp(rng.normal(0, 0.3))))
    seen = np.asarray(days <= cut)
    if counts[inside & seen].sum() >= target or counts[inside & seen].sum() == 0:
        return None
    settings = Settings(
        business=Business(timezone="America/New_York", hours=hours(kind)),
        goals=Goals(qualified_calls=target),
    )
    log = calls(days[seen], counts[seen])
    period = Period(month.date(), end.date())
    row = goals_progress(log, schema.empty("spend"), settings, period).table.iloc[0]
    return float(row["chance"]), whole >= target


def expected(kind: str, days: pd.DatetimeIndex, rng: np.random.Generator) -> np.ndarray:
    """Return the mean of each day, lively weeks included."""
    level = np.exp(rng.uniform(np.log(1.0), np.log(15.0)))
    week = rng.uniform(0.7, 1.3, 7)
    if kind != "steady":
        week[5:] = rng.choice([0.0, 0.02]) if kind == "weekdays" else rng.uniform(0.0, 0.6, 2)
    mean = level * week[days.day_of_week]
    if kind != "steady":
        known = holidays.country_holidays("US", years=range(2024, 2026))
        mean = np.where([day.date() in known for day in days], mean * 0.02, mean)
    since = np.arange(len(days))
    if kind == "seasonal":
        top = rng.uniform(0, 365)
        mean = mean * np.exp(
            rng.uniform(0.3, 0.8) * np.cos(2 * np.pi * (days.day_of_year - top) / 365)
        )
    if kind == "falling":
        mean = mean * np.exp(-rng.uniform(0.01, 0.05) * (since - since[-1]) / 7)
    lively = rng.normal(0, rng.uniform(0, 0.2), len(days) // 7 + 1)
    return np.asarray(mean * np.exp(lively[since // 7]))


def drawn(mean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw each day's calls: Poisson, of days more or less lively."""
    spread = rng.choice([0.0, 0.1, 0.3])
    lively = rng.gamma(1 / spread, spread, len(mean)) if spread else np.ones(len(mean))
    return rng.poisson(mean * lively)


def hours(kind: str) -> dict[Day, str]:
    """Return the shop's opening hours."""
    opened = {"weekdays": 5, "steady": 7}.get(kind, 6)
    return dict.fromkeys(WEEK[:opened], "09:00-17:00")


def calls(days: pd.DatetimeIndex, counts: np.ndarray) -> pd.DataFrame:
    """Write a log in which every call is a qualified one."""
    total = int(counts.sum())
    at = days.repeat(counts) + pd.Timedelta(hours=12)
    rows = pd.DataFrame(
        {
            "account": "main",
            "call_id": [f"c{place}" for place in range(total)],
            "provider": "callrail",
            "started_at": at.tz_localize("America/New_York").tz_convert(dt.UTC),
            "duration_s": 120.0,
            "direction": "inbound",
            "status": "answered",
            "caller_key": [f"p{place}" for place in range(total)],
            "lead_status": "qualified",
        }
    )
    return schema.conform(rows, "calls")
