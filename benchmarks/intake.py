"""Right, asked or wrong in silence: logs of many systems and countries, read back.

Calls that are known are written as some forty systems and offices write them, in twelve
countries' notations: as they are (plain), with what offices and versions do to exports
(noisy), and with headers that mean nothing (scrambled). Each is imported into a workspace
that knows the country, the zone and the currency, and nothing else. For every file:

* right: every call is there once, with its start, caller, direction, status and duration as
  far as the file tells them; up to 2 % of cells may be left out with a note in quarantine;
* noted: all that was imported is right, and more than that was left out, with notes;
* asked: nothing was imported, and a reason was given;
* wrong: anything else, or the name of another vendor;
* crashed: the import failed by a fault of its own.

``--files DIR`` scores files of yours instead: FILE.csv (or another suffix) beside
FILE.truth.json, a list of calls ``{"started_at": UTC in ISO 8601, "caller", "duration_s",
"direction", "status"}`` with what the file tells, and FILE.toml, the whole
``calltrack.toml``, where it is needed. ``--write DIR`` keeps the files that are made, in that
form.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tools.intake.calls import load_locales
from tools.intake.cases import KINDS, make_cases, score, summarise, vendors
from tools.intake.files import Case, read_cases
from tools.intake.scoring import Verdict
from tools.intake.shapes import load_shapes


def print_table(scored: Sequence[tuple[Case, Verdict]], summary: dict[str, object]) -> None:
    """Print a line per shape, and the first example of what is wrong in each."""
    print(f"{'':<24}{'headers known':^40}{'headers scrambled':^40}")
    print(f"{'shape':<24}" + 2 * "".join(f"{kind:>8}" for kind in KINDS))
    shapes = summary["shapes"]
    assert isinstance(shapes, dict)
    for name, counts in shapes.items():
        known = "".join(f"{counts.get(f'known_{kind}', 0) or '.':>8}" for kind in KINDS)
        blind = "".join(f"{counts.get(f'scrambled_{kind}', 0) or '.':>8}" for kind in KINDS)
        print(f"{name:<24}{known}{blind}")
    print("\nFirst example of each kind of verdict but right:")
    shown: set[tuple[str, str, str]] = set()
    for case, verdict in scored:
        faults = ", ".join(f"{name} {count}" for name, count in verdict.faults.items())
        key = (case.system, verdict.kind, "".join(sorted(verdict.faults)))
        if verdict.kind != "right" and key not in shown:
            shown.add(key)
            print(f"{case.path.name} [{case.noise or 'as it is'}]")
            print(f"  {verdict.kind}{f' ({faults})' if faults else ''}: {verdict.example[:300]}")


def main(argv: list[str]) -> None:
    """Make or read the files, score them, print the table and the counts."""
    shapes, countries = list(load_shapes()), list(load_locales())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks intake",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shapes", nargs="+", default=shapes, choices=shapes, metavar="NAME")
    parser.add_argument("--locales", nargs="+", default=countries, choices=countries)
    parser.add_argument("--rounds", type=int, default=1, help="noisy and scrambled files of each")
    parser.add_argument("--files", type=Path, help="score the files of this folder instead")
    parser.add_argument("--write", type=Path, help="keep the files that are made in this folder")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(argv)

    with tempfile.TemporaryDirectory(prefix="intake-files-") as made:
        folder = options.write or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        cases = (
            list(read_cases(options.files))
            if options.files
            else list(
                make_cases(options.shapes, options.locales, options.seed, options.rounds, folder)
            )
        )
        judge_one = partial(score, names=vendors())
        with ProcessPoolExecutor(options.processes) as pool:
            scored = list(zip(cases, pool.map(judge_one, cases, chunksize=4), strict=True))
    summary = summarise(scored)
    print_table(scored, summary)
    print(json.dumps(summary))
