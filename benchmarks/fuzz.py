"""Hand over odd inputs by the thousand, through the doors that people use.

``python -m benchmarks fuzz`` takes valid things of ours (exports of many systems, settings,
parameters and notebooks of reports, the answers of vendors' APIs, recordings and transcripts),
changes each at random, and imports, runs, synchronises or transcribes it, each in a fork. It must
be read, or refused with a reason. A failure is an exception that nobody thought of, a traceback
that is printed, more than 2 GB of memory, more than 60 seconds of the processor, a workspace that
cannot be read behind it, or rows that differ though the file still says the same.

A failure names its seed: ``python -m benchmarks fuzz --only TARGET --seed SEED --cases 1`` tries
that one again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator

from tools.fuzzing.targets import TARGETS
from tools.fuzzing.trying import Outcome, made_template, try_all

COLUMNS = ("cases", "read", "refused", "failed", "most s", "most MB")
SHOWN = 40
MB = 1024**2


def seeds(first: int, cases: int | None, seconds: float) -> Iterator[int]:
    """Give seeds, up to a number of cases or until time is up."""
    end = time.monotonic() + seconds
    numbers = itertools.count(first) if cases is None else range(first, first + cases)
    for number in numbers:
        if cases is None and time.monotonic() > end:
            return
        yield number


def main(argv: list[str]) -> None:
    """Print what odd inputs did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="in all")
    parser.add_argument("--cases", type=int, help="of each target, in place of seconds")
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=0, help="of the first case")
    options = parser.parse_args(argv)
    print(f"{'':12}" + "".join(f"{column:>10}" for column in COLUMNS), flush=True)
    totals: dict[str, dict[str, float]] = {}
    kinds: Counter[str] = Counter()
    share = options.seconds / len(options.only)
    with made_template() as template:
        for name in options.only:
            numbers = seeds(options.seed, options.cases, share)
            outcomes = []
            for outcome in try_all(template, name, TARGETS[name], numbers):
                outcomes.append(outcome)
                kind = f"{name} {outcome.kind}"
                if outcome.failed and not kinds[kind]:
                    _show(outcome)
                kinds[kind] += outcome.failed
            totals[name] = _figures(outcomes)
            print(_row(name, totals[name]), flush=True)
    kinds = +kinds
    for kind, count in kinds.most_common():
        print(f"{count:6}  {kind}")
    failed = sum(int(figures["failed"]) for figures in totals.values())
    print(json.dumps({"targets": totals, "failed": failed, "kinds": len(kinds)}))


def _row(name: str, figures: dict[str, float]) -> str:
    return f"{name:12}" + "".join(
        f"{figures[column]:10,.{column == 'most s':d}f}" for column in COLUMNS
    )


def _figures(outcomes: list[Outcome]) -> dict[str, float]:
    came = Counter("failed" if outcome.failed else outcome.came for outcome in outcomes)
    return {
        "cases": len(outcomes),
        **{kind: came[kind] for kind in ("read", "refused", "failed")},
        "most s": round(max((outcome.seconds for outcome in outcomes), default=0), 1),
        "most MB": round(max((outcome.size for outcome in outcomes), default=0) / MB),
    }


def _show(outcome: Outcome) -> None:
    print(f"-- again: --only {outcome.target} --seed {outcome.seed} --cases 1")
    for line in f"{outcome.came}\n{outcome.said}".splitlines()[-SHOWN:]:
        print(f"   {line[:300]}")
