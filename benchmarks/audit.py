"""Hits and false alarms of every check over random shops, and the time for a large log."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from calltrack_nb.audit import CHECKS, AuditInput, run_checks
from tools.simulator.faults import PLANTERS, plant
from tools.simulator.sound_shops import sound_shop


def judge(seed: int) -> tuple[set[str], set[str]]:
    """Return the checks that cried wolf in a sound shop, and those that found their fault."""
    data = sound_shop(seed)
    result = run_checks(data)
    silent = [one.name for one in result.checks if one.passed is None]
    if silent:
        raise RuntimeError(f"shop {seed} gives {', '.join(silent)} nothing to look at")
    false_alarms = {one.name for one in result.checks if one.passed is False}
    hits = set()
    for check in CHECKS:
        planted = plant(check.name, data, seed)
        findings = check.run(planted.data).findings
        if any(planted.subject in finding.subject for finding in findings):
            hits.add(check.name)
    return false_alarms, hits


def large_shop(rows: int) -> AuditInput:
    """Put sound shops beside each other: one business, many callers, some hundred numbers."""
    shops = [sound_shop(seed) for seed in range(8)]
    size = sum(len(shop.calls) for shop in shops)
    calls, numbers, provider_calls = [], {}, []
    for copy in range(max(1, round(rows / size))):
        for at, shop in enumerate(shops):
            tail = f"{copy:03d}{at}" if copy or at else ""
            area = f"+1{201 + 10 * (copy % 6) + at}"
            ours = {"tracking_number": area + shop.calls["tracking_number"].str[5:]}
            renamed = shop.calls.assign(
                call_id=shop.calls["call_id"] + tail,
                caller_number=shop.calls["caller_number"] + tail,
                **ours,
            )
            calls.append(renamed)
            provider_calls.append(shop.provider_calls)
            listed = area + shop.numbers["tracking_number"].str[5:]
            days = shop.calls["started_at"].dt.tz_convert(shop.zone).dt.date
            numbers[area] = shop.numbers.assign(
                tracking_number=listed, active_from=days.min(), active_to=days.max()
            )
    return replace(
        shops[0],
        calls=pd.concat(calls, ignore_index=True),
        numbers=pd.concat(numbers.values(), ignore_index=True),
        provider_calls=pd.concat(provider_calls, ignore_index=True),
    )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks audit")
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first shop")
    parser.add_argument("--rows", type=int, default=1_000_000, help="0 leaves the large log out")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(argv)

    alarms: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    seeds = range(options.first, options.first + options.shops)
    with ProcessPoolExecutor(options.processes) as pool:
        for wrong, right in pool.map(judge, seeds, chunksize=5):
            alarms.update(wrong)
            hits.update(right)
    checks = {
        name: {
            "hits": hits[name] / options.shops,
            "hits_error": _error(hits[name], options.shops),
            "false_alarms": alarms[name] / options.shops,
            "false_alarms_error": _error(alarms[name], options.shops),
        }
        for name in PLANTERS
    }
    print(f"{options.shops} shops; ± is one Monte-Carlo standard error")
    print(f"{'check':<22}{'hits':>16}{'false alarms':>16}")
    for name, row in checks.items():
        print(
            f"{name:<22}{row['hits']:>8.1%} ±{row['hits_error']:>6.1%}"
            f"{row['false_alarms']:>8.1%} ±{row['false_alarms_error']:>6.1%}"
        )
    line: dict[str, object] = {
        "hits_min": min(row["hits"] for row in checks.values()),
        "false_alarms_max": max(row["false_alarms"] for row in checks.values()),
        "shops": options.shops,
        "checks": checks,
    }
    if options.rows:
        data = large_shop(options.rows)
        start = time.perf_counter()
        run_checks(data)
        line["rows"] = len(data.calls)
        line["seconds"] = round(time.perf_counter() - start, 2)
        line["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(f"{line['rows']:,} calls audited in {line['seconds']} s")
    print(json.dumps(line))


def _error(count: int, of: int) -> float:
    share = count / of
    return float(np.sqrt(share * (1 - share) / of))
