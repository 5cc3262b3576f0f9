"""Power that plans of trials promise beside the power that the trials then have.

Each shop plans on a year of its own, takes the shortest length that promises four in five,
goes on for a year, and reads the trial as the report does. Shops differ in what moves them: chance
alone, days and weeks that scatter, drifts of the campaign's own; and in some a week's
advertising brings half of its callers in the week after.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._tally import Tally
from calltrack_nb.effectiveness.trials import draw_schedule, power_by_length
from calltrack_nb.stats import paired_effect
from tools.simulator.campaigns import FIRST
from tools.simulator.mechanisms import wander

BEFORE, TRIAL = 52, 52
KINDS = ("Poisson", "scatters", "own drift", "slow drift")
SIZES = ((20.0, 0.5), (42.0, 0.3), (42.0, 0.5))
"""Callers a week, and the change looked for and made."""

BESIDE = 3
CARRIED = 0.5
WANTED = 0.8


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks trials", description=__doc__)
    parser.add_argument("--shops", type=int, default=400, help="of each kind and size")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    rng = np.random.default_rng(chosen.seed)
    cases = [(kind, size, 0.0, 0) for kind in KINDS for size in SIZES]
    cases += [
        (kind, size, CARRIED, wash_out)
        for kind in ("Poisson", "scatters")
        for size in ((42.0, 0.5),)
        for wash_out in (0, 1)
    ]
    rows = []
    for case in cases:
        rows.append(record(*case, chosen.shops, rng))
        print(pd.DataFrame(rows[-1:]).to_string(index=False, header=len(rows) == 1), flush=True)
    fair = [
        row for row in rows if row["planned"] >= WANTED and (row["wash-out"] or not row["carried"])
    ]
    gap = max((abs(row["promised"] - row["had"]) for row in fair), default=float("nan"))
    print(
        json.dumps({"seed": chosen.seed, "widest_gap_where_most_plan": round(gap, 3), "rows": rows})
    )


def record(
    kind: str,
    size: tuple[float, float],
    carried: float,
    wash_out: int,
    shops: int,
    rng: np.random.Generator,
) -> dict[str, object]:
    """Plan and run trials of shops alike."""
    weekly, effect = size
    had, false, promised, lengths = Tally(), Tally(), [], []
    for _ in range(shops):
        expected = rates(kind, weekly, rng)
        past = rng.poisson(expected[:BEFORE])
        table = power_by_length(
            past, effect, wash_out=wash_out, runs=500, seed=int(rng.integers(1e9))
        )
        enough = table[table["power"] >= WANTED]
        if enough.empty:
            continue
        promised.append(float(enough["power"].iloc[0]))
        lengths.append(int(enough["weeks"].iloc[0]))
        for tally, true in ((had, effect), (false, 0.0)):
            tally.add(found(expected[BEFORE:], lengths[-1], true, carried, wash_out, rng))
    return {
        "shop": kind,
        "a week": weekly,
        "effect": effect,
        "carried": carried,
        "wash-out": wash_out,
        "planned": round(len(promised) / shops, 3),
        "weeks": round(float(np.mean(lengths)), 1) if lengths else np.nan,
        "promised": round(float(np.mean(promised)), 3) if promised else np.nan,
        "had": round(had.rate, 3),
        "error": round(had.error, 3),
        "false": round(false.rate, 3),
        "error ": round(false.error, 3),
    }


def rates(kind: str, weekly: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw expected callers of the campaign and of its control, shape (weeks, 2)."""
    days = 7 * (BEFORE + TRIAL)
    made = np.tile(np.array([[weekly], [BESIDE * weekly]]) / 7, (1, days))
    if kind == "scatters":
        made *= rng.gamma(2, 1 / 2, made.shape) * np.exp(wander(0.2, 0.7, made.shape, rng))
    elif kind == "own drift":
        made *= np.exp(wander(0.3, 0.95, made.shape, rng))
    elif kind == "slow drift":
        made *= np.exp(wander(0.4, 0.985, made.shape, rng))
    return made.reshape(2, -1, 7).sum(axis=-1).T


def found(
    expected: NDArray[np.float64],
    weeks: int,
    effect: float,
    carried: float,
    wash_out: int,
    rng: np.random.Generator,
) -> bool:
    """Run a trial and say whether its reading finds an effect."""
    schedule = draw_schedule(weeks, FIRST, seed=int(rng.integers(1e9)), wash_out=wash_out)
    on = schedule["on"].to_numpy()
    works = (1 - carried) * on + carried * np.r_[False, on[:-1]]
    counts = expected[:weeks].copy()
    counts[:, 0] *= 1 + effect * works
    drawn = rng.poisson(counts)
    kept = schedule["counts"].to_numpy() if wash_out else np.ones(weeks, bool)
    return bool(paired_effect(drawn[on & kept], drawn[~on & kept]).p_value < 1 - 0.95)
