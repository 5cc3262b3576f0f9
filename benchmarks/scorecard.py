"""Score a large log: every grouping with all its intervals, beside plain pandas group-bys."""

from __future__ import annotations

import argparse
import json
import resource
import time
from decimal import Decimal

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.effectiveness import scorecard
from calltrack_nb.effectiveness.grouping import GROUPINGS
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

PERIOD = Period.parse("2026")
CAMPAIGNS = 40


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scorecard", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="calls in the log")
    options = parser.parse_args(argv)
    rng = np.random.default_rng(20262)
    calls = make_calls(options.rows, rng)
    spend, outcomes = make_spend(), make_outcomes(calls, rng)
    settings = Settings()
    made_mb = peak_mb()

    began = time.perf_counter()
    plain = [group_by(calls, spend, by) for by in GROUPINGS]
    pandas_seconds = time.perf_counter() - began

    began = time.perf_counter()
    cards = [scorecard(calls, spend, outcomes, settings, PERIOD, by=by) for by in GROUPINGS]
    seconds = time.perf_counter() - began

    rows = [
        {"grouping": by, "groups": len(card.table), "plain groups": len(table)}
        for by, card, table in zip(GROUPINGS, cards, plain, strict=True)
    ]
    print(pd.DataFrame(rows).to_string(index=False))
    print(
        f"{options.rows:,} calls, {len(GROUPINGS)} groupings: {seconds:.1f} s with intervals, "
        f"{pandas_seconds:.1f} s of plain group-bys; peak {peak_mb():,.0f} MB, {made_mb:,.0f} of "
        "them "
        "for making the log"
    )
    line = {
        "rows": options.rows,
        "seconds": round(seconds, 2),
        "pandas_seconds": round(pandas_seconds, 2),
        "peak_mb": round(peak_mb(), 1),
    }
    print(json.dumps(line))


def make_calls(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Make two years of calls: repeat callers, 40 campaigns, 2,000 keywords."""
    campaign = rng.zipf(1.5, rows) % CAMPAIGNS
    keyword = campaign * 50 + rng.integers(0, 50, rows)
    start = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 730 * 86400, rows), unit="s"
    )
    person = rng.integers(0, rows * 2 // 3, rows)
    name = np.array([f"Campaign {place}" for place in range(CAMPAIGNS)])
    channel = np.array(schema.CHANNELS)[np.arange(CAMPAIGNS) % len(schema.CHANNELS)]
    frame = pd.DataFrame(
        {
            "account": "main",
            "call_id": pd.Series(np.arange(rows)).astype(str).radd("callrail:"),
            "provider": "callrail",
            "started_at": start,
            "duration_s": rng.exponential(120, rows),
            "direction": "inbound",
            "status": rng.choice(["answered", "missed"], rows, p=[0.75, 0.25]),
            "caller_key": pd.Series(person).astype(str).radd("p"),
            "caller_number": pd.Series(person).astype(str).str.zfill(9).radd("+12"),
            "tracking_number": pd.Series(campaign).astype(str).str.zfill(2).radd("+121255501"),
            "channel": channel[campaign],
            "campaign": name[campaign],
            "keyword": pd.Series(keyword).astype(str).radd("keyword "),
            "landing_page": pd.Series(keyword % 300).astype(str).radd("https://shop.example/"),
            "lead_status": "unknown",
            "spam_score": rng.integers(0, 4, rows),
        }
    )
    return schema.conform(frame, "calls")


def make_spend() -> pd.DataFrame:
    """Make weekly spend on every campaign."""
    weeks = pd.date_range("2025-01-06", "2026-12-28", freq="7D")
    rows = [
        {
            "account": "main",
            "date": week.date(),
            "days": 7,
            "channel": schema.CHANNELS[place % len(schema.CHANNELS)],
            "campaign": f"Campaign {place}",
            "cost": Decimal(100 + place),
            "currency": "USD",
        }
        for week in weeks
        for place in range(CAMPAIGNS)
    ]
    return schema.conform(pd.DataFrame(rows), "spend")


def make_outcomes(calls: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Make an order for one call in twenty."""
    sold = calls.iloc[np.flatnonzero(rng.random(len(calls)) < 0.05)]
    frame = pd.DataFrame(
        {
            "account": "main",
            "outcome_id": pd.Series(np.arange(len(sold))).astype(str).radd("o"),
            "caller_key": sold["caller_key"].to_numpy(),
            "closed_at": (sold["started_at"] + pd.Timedelta(days=2)).to_numpy(),
            "stage": "won",
            "value": pd.Series(rng.integers(50, 900, len(sold))).map(Decimal),
            "currency": "USD",
        }
    )
    frame["closed_at"] = frame["closed_at"].astype("datetime64[us, UTC]")
    return schema.conform(frame, "outcomes")


def group_by(calls: pd.DataFrame, spend: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the same things in plain pandas, without intervals, orders or the period before."""
    start, end = PERIOD.bounds("America/New_York")
    kept = calls[
        (calls["direction"] == "inbound")
        & (calls["spam_score"] < 3)
        & (calls["started_at"] >= start)
        & (calls["started_at"] < end)
    ]
    answered = kept["status"] == "answered"
    kept = kept.assign(answered=answered, qualified=answered & (kept["duration_s"] >= 60))
    table = kept.groupby(by, observed=True).agg(
        calls=("call_id", "size"),
        people=("caller_key", "nunique"),
        answered=("answered", "sum"),
        qualified=("qualified", "sum"),
    )
    if by in spend.columns:
        cost = spend["cost"].astype("float64").groupby(spend[by], observed=True).sum()
        table = table.join(cost)
    return table


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
