"""What is said of the next money where last week's money still works, beside the truth.

Campaigns of 42 callers a week whose budget is kept for three to six weeks and then changed, by
nobody who looks at the calls. A share of what worked in a week works on in the next. Beside the
ranges of the report stand those of a model in which money works in its own week only.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._tally import Tally
from calltrack_nb.effectiveness.budget import (
    CARRIES,
    callers_for,
    carried_over,
    elasticity,
    why_confounded,
)
from tools.simulator.series import SeriesSpec, simulate_series

EFFECTS = (0.0, 0.5, 0.8)
CARRIED = (0.0, 0.3, 0.6, 0.8)
WEEKS = 40
EARLIER = 10
USUAL = 200.0


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks budget", description=__doc__)
    parser.add_argument("--runs", type=int, default=300, help="campaigns of each kind")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    rng = np.random.default_rng(chosen.seed)
    rows = []
    for effect in EFFECTS:
        for carry in CARRIED[: 1 if effect == 0 else None]:
            rows.append(record(effect, carry, chosen.runs, rng))
            line = pd.DataFrame(rows[-1:]).to_string(index=False, header=len(rows) == 1)
            print(line, flush=True)
    print(json.dumps({"seed": chosen.seed, "runs": chosen.runs, "rows": rows}))


def record(effect: float, carry: float, runs: int, rng: np.random.Generator) -> dict[str, object]:
    """Judge campaigns alike, by the report's model and by that of the same week only."""
    said, true, peer_said, peer_true = Tally(), Tally(), Tally(), Tally()
    for _ in range(runs):
        callers, spend, others, usual = campaign(effect, carry, rng)
        more = 100 * effect * usual / float(spend.mean())
        asked = not why_confounded(callers, spend, others)
        week_only = np.repeat(spend[:, None], len(CARRIES), axis=1)
        for works, spoken, held in (
            (carried_over(spend), said, true),
            (week_only, peer_said, peer_true),
        ):
            slope = elasticity(callers, works, others)
            speaks = asked and slope[1] > 0
            spoken.add(speaks)
            if speaks:
                _, least, most = callers_for(100, callers, spend, slope)
                held.add(least <= more <= most)
    return {
        "effect": effect,
        "carried": carry,
        "speaks": round(said.rate, 3),
        "±": round(said.error, 3),
        "range holds": round(true.rate, 3),
        "± ": round(true.error, 3),
        "false of all": round(said.rate * (1 - true.rate), 3) if said.hits else 0.0,
        "same week only: speaks": round(peer_said.rate, 3),
        "range holds ": round(peer_true.rate, 3),
    }


def campaign(
    effect: float, carry: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """Draw callers, spend and the others' callers by week, and the usual callers at that spend."""
    weeks = WEEKS + EARLIER
    spec = SeriesSpec(days=7 * weeks, weekly=(42.0, 84.0))
    drawn = simulate_series(spec, 1, rng)
    counts = drawn.counts[0].reshape(2, weeks, 7).sum(axis=-1)
    kept = np.repeat(np.arange(weeks), rng.integers(3, 7, weeks))[:weeks]
    spend = USUAL * np.exp(0.45 * rng.standard_normal(weeks))[kept]
    works = np.empty(weeks)
    works[0] = spend[0]
    for week in range(1, weeks):
        works[week] = carry * works[week - 1] + (1 - carry) * spend[week]
    callers = rng.poisson(counts[0] * (works / USUAL) ** effect).astype(float)
    seen = slice(EARLIER, None)
    usual = 7 * float(drawn.usual[0, 0].mean()) * (float(spend[seen].mean()) / USUAL) ** effect
    return callers[seen], spend[seen], counts[1, seen].astype(float), usual
