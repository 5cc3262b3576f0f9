"""What labelled calls came to, as read from their words: precision, recall, calibration."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from calltrack_nb.findings.outcomes import read_outcome
from calltrack_nb.findings.outcomes.model import KNOWN, OutcomeModel
from tools.labelled.outcome_scores import Read, scores
from tools.labelled.outcomes import (
    LabelledCall,
    fit,
    hidden,
    labelled_calls,
    mixed_up,
    read_calls,
    run_together,
)


def read_all(calls: Sequence[LabelledCall], model: OutcomeModel | None = None) -> list[Read]:
    """Read each call with the shipped weights or others."""
    reads = []
    for call in calls:
        outcome = read_outcome(call.turns, model)
        if outcome is None:
            reads.append(Read(call.outcome, "no_conversation", 1.0))
        else:
            reads.append(Read(call.outcome, outcome.kind, outcome.probability))
    return reads


def read_left_out(calls: Sequence[LabelledCall], ours: Sequence[LabelledCall]) -> list[Read]:
    """Read each group by a model that has learnt from all the others."""
    usable = [call for call in calls if call.outcome != "not_booked"]
    named = [_in_our_words(call) for call in usable]
    reads = []
    for group in sorted({call.group for call in calls}):
        others = [call for call in (*ours, *named) if call.group != group]
        mine = [call for call in calls if call.group == group]
        reads += read_all(mine, fit(others, KNOWN))
    return reads


def _in_our_words(call: LabelledCall) -> LabelledCall:
    outcome = "lost" if call.outcome == "unavailable" else call.outcome
    return LabelledCall(call.group, outcome, call.facts, call.turns)


def show(title: str, told: dict[str, Any]) -> None:
    print(f"{title}: {told['n']} calls, {_figure(told['unclear'])} left unclear")
    print(f"{'outcome':18}{'precision':>10}{'recall':>8}{'unclear':>9}{'n':>6}{'stated':>8}")
    for kind, row in told["kinds"].items():
        figures = (_figure(row[name]) for name in ("precision", "recall", "unclear"))
        precision, recall, unclear = figures
        print(f"{kind:18}{precision:>10}{recall:>8}{unclear:>9}{row['n']:>6}{row['stated']:>8}")
    bins = ", ".join(
        f"{one['mean']:.2f} said {one['right']:.2f} right ({one['n']})"
        for one in told["calibration"]
    )
    print(f"calibration: {bins}; off by {_figure(told['calibration_error'])} on average\n")


def _figure(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def _ways(calls: Sequence[LabelledCall]) -> Iterator[tuple[str, list[LabelledCall]]]:
    """Give the calls as they are, and as recordings spoil them."""
    rng = random.Random(7)
    spoil: dict[str, Callable[[LabelledCall], LabelledCall]] = {
        "speakers unknown": hidden,
        "a tenth of the turns with the wrong speaker": lambda call: mixed_up(call, rng),
        "turns run together": lambda call: run_together(call, rng),
    }
    yield "as they are", list(calls)
    for name, change in spoil.items():
        yield name, [change(call) for call in calls]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks outcomes", description=__doc__)
    parser.add_argument(
        "--labelled", type=Path, help="JSON lines: turns, outcome, trade or service"
    )
    parser.add_argument(
        "--learn", action="store_true", help="learn from the file's other groups too, and ours"
    )
    parser.add_argument(
        "--development",
        action="store_true",
        help="our own calls that are learnt from, each trade by the others",
    )
    options = parser.parse_args(argv)
    ours = labelled_calls("development")
    if options.development:
        told = {"left out": scores(read_left_out(ours, ()))}
    elif options.labelled and options.learn:
        told = {"left out": scores(read_left_out(read_calls(options.labelled), ours))}
    else:
        calls = read_calls(options.labelled) if options.labelled else labelled_calls("held_out")
        told = {name: scores(read_all(changed)) for name, changed in _ways(calls)}
    for name, one in told.items():
        show(name, one)
    print(json.dumps(told))
