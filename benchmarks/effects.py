"""Ask whether the reports' tests and intervals keep their promises.

False alarms where nothing changed, coverage of every interval the reports print, and
the power to see +30 % and +50 %, on series with weekly and yearly rhythm, shared and own
ups and downs that last for days, and counts that scatter more than Poisson. Verdicts on
tweaks are judged as whole reports, on logs that move by many mechanisms
(:mod:`tools.simulator.mechanisms`), a quarter of the runs for each, beside three usual ways
of judging the same weeks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd

from benchmarks import _effects_series as series
from benchmarks import _effects_tables as tables
from benchmarks import _effects_tweaks as tweaks
from benchmarks._tally import Book, Tally

CHUNKS = 4

# The largest first, so that no process is left alone with one at the end.
SIMULATIONS: tuple[Callable[[int, np.random.Generator, Book], None], ...] = (
    tables.scorecards_alike,
    tables.scorecards_unlike,
    tables.goal_chances,
    tables.shops,
    tweaks.mechanisms,
    tweaks.mechanisms_elsewhere,
    series.trends,
    series.budgets,
    series.trials,
    tables.themes,
)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks effects", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="runs of each simulation")
    parser.add_argument("--seed", type=int, default=20261)
    parser.add_argument("--only", default="", help="simulations whose name holds this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    options = parser.parse_args(argv)
    began = time.perf_counter()
    chosen = [place for place, made in enumerate(SIMULATIONS) if options.only in made.__name__]
    shares = np.diff(np.linspace(0, options.runs, CHUNKS + 1).astype(int))
    jobs = [
        (place, int(runs), (options.seed, place, chunk))
        for place in chosen
        for chunk, runs in enumerate(shares)
        if runs
    ]
    book, seconds = Book(), dict.fromkeys((SIMULATIONS[place].__name__ for place in chosen), 0.0)
    with ProcessPoolExecutor(min(len(jobs), options.jobs)) as pool:
        done = zip(jobs, pool.map(simulate, jobs), strict=True)
        for number, ((place, *_), (part, took)) in enumerate(done, 1):
            name = SIMULATIONS[place].__name__
            print(f"{number} of {len(jobs)}: {name}, {took:.0f} s", file=sys.stderr, flush=True)
            book.merge(part)
            seconds[name] += took
    report(book, seconds, time.perf_counter() - began)


def simulate(job: tuple[int, int, tuple[int, ...]]) -> tuple[Book, float]:
    """Run one chunk of one simulation with a seed of its own."""
    place, runs, seed = job
    book, began = Book(), time.perf_counter()
    SIMULATIONS[place](runs, np.random.default_rng(seed), book)
    return book, time.perf_counter() - began


def report(book: Book, seconds: dict[str, float], whole: float) -> None:
    """Print the tables and the line for programs."""
    print_table("False alarms (nominal 5 % where no other figure stands)", others(book.alarms))
    print_table("Coverage of the printed 95 % intervals", others(book.coverage))
    print_table("Power", others(book.power))
    verdicts = tweaks.mechanisms_table(book)
    if len(verdicts):
        print(
            "\nVerdicts on tweaks, by what moves the log (± is the Monte-Carlo error; totals: "
            "before/after; ITS: interrupted series, Newey-West; level: local level, control and "
            f"step)\n{verdicts.to_string(index=False)}"
        )
        for name, ratios in sorted(book.overstated.items()):
            print(f"called helped or hurt, {name}: {np.mean(ratios):.2f} times the truth")
    calibration = book.calibration()
    if len(calibration):
        print("\nChances that were said, and how often it happened")
        print(calibration.to_string(index=False))
    print("\nSeconds: " + ", ".join(f"{name} {took:.0f}" for name, took in seconds.items()))
    line: dict[str, object] = {"false_alarms_max": None, "coverage_min": None}
    nominal = {name: tally for name, tally in book.alarms.items() if "nominal" not in name}
    if nominal and book.coverage:
        worst_alarm = max(nominal, key=lambda name: nominal[name].rate)
        worst_cover = min(book.coverage, key=lambda name: book.coverage[name].rate)
        print(f"worst: {worst_alarm} (false alarms), {worst_cover} (coverage)")
        line["false_alarms_max"] = round(nominal[worst_alarm].rate, 4)
        line["coverage_min"] = round(book.coverage[worst_cover].rate, 4)
    for name, size in (("power_30", "+30 %"), ("power_50", "+50 %"), ("power_100", "+100 %")):
        found = book.power.get(f"Poisson, {size}: {tweaks.OURS}")
        line[name] = None if found is None else round(found.rate, 4)
    gaps = (calibration["said"] - calibration["happened"]).abs() if len(calibration) else None
    line |= {
        "false_alarms": records(book.alarms),
        "coverage": records(book.coverage),
        "power": records(book.power),
        "peers": {
            "false_alarms": records(book.alarms_of_peers),
            "coverage": records(book.coverage_of_peers),
            "power": records(book.power_of_peers),
        },
        "overstated": {
            name: round(float(np.mean(found)), 3) for name, found in book.overstated.items()
        },
        "calibration": calibration.to_dict("records"),
        "calibration_gap": None
        if gaps is None
        else round(float(np.average(gaps, weights=calibration["cases"])), 4),
        "seconds": round(whole, 1),
    }
    print(json.dumps(line))


def others(tallies: dict[str, Tally]) -> dict[str, Tally]:
    """Leave out what stands in the table of verdicts by mechanism."""
    return {name: tally for name, tally in tallies.items() if not tweaks.tabled(name)}


def records(tallies: dict[str, Tally]) -> dict[str, dict[str, float]]:
    return {name: tally.record() for name, tally in sorted(tallies.items())}


def print_table(title: str, tallies: dict[str, Tally]) -> None:
    rows = [{"": name, **record} for name, record in records(tallies).items()]
    if rows:
        print(f"\n{title}\n{pd.DataFrame(rows).to_string(index=False)}", flush=True)
