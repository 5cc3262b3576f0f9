"""Chances of reaching a goal beside what happened, over simulated shop-months.

Shops open Monday to Friday, with a season, falling, and steady on all seven days, in turn;
see :mod:`tools.simulator.goal_months`.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import pandas as pd

from tools.simulator.goal_months import KINDS, shop_month

BINS = 10


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks goals")
    parser.add_argument("--months", type=int, default=2000, help="shop-months")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    rows: list[dict[str, object]] = []
    unsaid = 0
    rng = np.random.default_rng(chosen.seed)
    while len(rows) + unsaid < chosen.months:
        kind = KINDS[(len(rows) + unsaid) % len(KINDS)]
        found = shop_month(kind, rng)
        if found is None:
            continue
        if np.isfinite(found[0]):
            rows.append({"kind": kind, "said": found[0], "happened": float(found[1])})
        else:
            unsaid += 1
    table = pd.DataFrame(rows)
    bins = binned(table)
    print(f"{len(table)} shop-months; ± is one Monte-Carlo standard error; {unsaid} without chance")
    print(bins.to_string(index=False))
    kinds = {str(kind): scores(part) for kind, part in table.groupby("kind")}
    whole = scores(table)
    scored = pd.DataFrame({**kinds, "all": whole}).T
    print(scored.to_string())
    record = {"shop_months": len(table), "seed": chosen.seed, "unsaid": unsaid, **whole}
    print(json.dumps(record | {"kinds": kinds, "bins": bins.to_dict("records")}))


def binned(table: pd.DataFrame) -> pd.DataFrame:
    """Set said beside happened in ten bins of the chance."""
    place = np.minimum((table["said"] * BINS).astype(int), BINS - 1)
    grouped = table.groupby(place)
    share = grouped["happened"].mean()
    cases = grouped.size()
    return pd.DataFrame(
        {
            "from": cases.index / BINS,
            "cases": cases,
            "said": grouped["said"].mean().round(3),
            "happened": share.round(3),
            "error": np.sqrt(share * (1 - share) / cases).round(3),
        }
    )


def scores(table: pd.DataFrame) -> dict[str, float]:
    """Return the Brier score of the chances and of the base rate said each time."""
    happened = table["happened"].to_numpy()
    said = table["said"].to_numpy()
    base = float(happened.mean())
    return {
        "brier": round(float(np.mean((said - happened) ** 2)), 4),
        "brier_of_base_rate": round(base * (1 - base), 4),
        "said": round(float(said.mean()), 3),
        "happened": round(base, 3),
    }
