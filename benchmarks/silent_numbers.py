"""Audits of three tracking numbers: how often healthy ones are called silent, dead ones found.

The numbers are those of :mod:`tools.simulator.three_numbers`.
"""

from __future__ import annotations

import argparse
import json

import numpy as np

from tools.simulator.three_numbers import DEAD, HEALTHY, alarm, found


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks silent-numbers")
    parser.add_argument("--audits", type=int, default=300, help="of each kind")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    rng = np.random.default_rng(chosen.seed)
    answer: dict[str, object] = {"audits": chosen.audits, "seed": chosen.seed}
    print(f"{chosen.audits} audits of each kind")
    print(f"{'three healthy numbers':24}{'called silent':>14}{'in bursts':>12}")
    for kind in HEALTHY:
        said = np.array([alarm(kind, rng) for _ in range(chosen.audits)]).mean(axis=0)
        print(f"{kind:24}{said[0]:>14.1%}{said[1]:>12.1%}", flush=True)
        answer[kind] = {"called_silent": round(said[0], 4), "in_bursts": round(said[1], 4)}
    print(f"{'one is dead':24}{'found':>14}")
    for kind in DEAD:
        share = float(np.mean([found(kind, rng) for _ in range(chosen.audits)]))
        print(f"{kind:24}{share:>14.1%}", flush=True)
        answer[kind] = {"found": round(share, 4)}
    print(json.dumps(answer))
