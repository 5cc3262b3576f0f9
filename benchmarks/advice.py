"""What owners are told to do with their money, over shops whose returns are known.

In half of the shops all campaigns bring the same; in the others one brings `--times` as much
and one brings back half of what it costs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.briefing import campaign_advice
from calltrack_nb.briefing.advice import RAISE, STOP
from calltrack_nb.effectiveness import Scorecard, scorecard
from calltrack_nb.periods import Period
from calltrack_nb.settings import Business, Settings

MONTH = Period.parse("2026-08")
SHOP = Settings(business=Business(timezone="UTC"))


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks advice")
    parser.add_argument("--shops", type=int, default=400)
    parser.add_argument("--times", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    rng = np.random.default_rng(chosen.seed)
    tally = {"alike": 0, "told_apart": 0, "unlike": 0, "raised": 0, "stopped": 0, "wrong": 0}
    for place in range(chosen.shops):
        unlike = place % 2 == 1
        returns = [4.0, 4.0, 4.0 * chosen.times, 0.5] if unlike else [4.0] * 4
        advice = campaign_advice(one_shop(returns, rng), SHOP.evidence.level)
        raised, stopped = advice.of(RAISE), advice.of(STOP)
        tally["unlike" if unlike else "alike"] += 1
        if unlike:
            tally["raised"] += "C2" in raised
            tally["stopped"] += "C3" in stopped
            tally["wrong"] += bool(set(raised) - {"C2"} or set(stopped) - {"C3"})
        else:
            tally["told_apart"] += bool(raised or stopped)
    print(pd.Series(tally).to_string())
    print(json.dumps(tally | {"seed": chosen.seed, "times": chosen.times}))


def one_shop(returns: list[float], rng: np.random.Generator) -> Scorecard:
    """Score a month of campaigns that bring so much for each unit spent, on average.

    Spend differs from campaign to campaign; orders are log-normal, with a few that are large.
    """
    calls, orders, paid = [], [], []
    for name, back in enumerate(returns):
        cost = float(rng.uniform(300, 1500))
        value = float(rng.uniform(60, 200))
        for _ in range(rng.poisson(back * cost / value)):
            at = pd.Timestamp("2026-08-01", tz="UTC") + pd.Timedelta(hours=rng.uniform(9, 24 * 30))
            key = f"p{len(calls)}"
            calls.append((key, at, f"C{name}"))
            worth = value * float(rng.lognormal(-0.32, 0.8))
            orders.append((key, at + pd.Timedelta(hours=2), Decimal(f"{worth:.2f}")))
        for _ in range(rng.poisson(60)):
            at = pd.Timestamp("2026-08-01", tz="UTC") + pd.Timedelta(hours=rng.uniform(9, 24 * 30))
            calls.append((f"p{len(calls)}", at, f"C{name}"))
        paid.append((f"C{name}", Decimal(f"{cost:.2f}")))
    log = pd.DataFrame(calls, columns=["caller_key", "started_at", "campaign"]).assign(
        account="a", provider="callrail", duration_s=120.0, direction="inbound",
        status="answered", channel="google_ads", lead_status="unknown",
    )  # fmt: skip
    log["call_id"] = log["caller_key"]
    won = pd.DataFrame(orders, columns=["caller_key", "closed_at", "value"]).assign(
        account="a", stage="won", currency="USD"
    )
    won["outcome_id"] = won["caller_key"]
    spend = pd.DataFrame(paid, columns=["campaign", "cost"]).assign(
        account="a", date=dt.date(2026, 8, 1), days=31, channel="google_ads", currency="USD"
    )
    tables = ((log, "calls"), (spend, "spend"), (won, "outcomes"))
    return scorecard(*(schema.conform(table, name) for table, name in tables), SHOP, MONTH)
