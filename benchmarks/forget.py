"""Forget a caller of many random workspaces; nothing is left, and nothing else is changed.

``python -m benchmarks forget`` makes workspaces in which a caller stands in every way there is
(``tools/simulator/forgettable.py``): the number in ten spellings, names, e-mail addresses and
click ids, in tables of several systems, packed and not, sidecars, reports and notes. Each is
imported, the caller is forgotten, and counted are the places in which a trace is left, Parquet
decoded and archives unpacked, and the files in which anything else is another byte than before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import traceback
from pathlib import Path

from calltrack_nb.workspace import forgetting, importing, pipeline
from tools.simulator.forgettable import changed, make_forgettable, traces


def main(argv: list[str]) -> None:
    """Print what is left of callers who were forgotten."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks forget", description=__doc__)
    parser.add_argument("--workspaces", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1000, help="of the first")
    asked = parser.parse_args(argv)
    held = left = others = errors = 0
    for seed in range(asked.seed, asked.seed + asked.workspaces):
        folder = Path(tempfile.mkdtemp())
        try:
            made = make_forgettable(folder / "shop", seed)
            with made.workspace.lock():
                importing.import_files(made.workspace, pipeline.exports_in(made.workspace))
                before = traces(made)
                forgetting.forget(made.workspace, made.caller.number)
            after, touched = traces(made), changed(made)
        except Exception:  # noqa: BLE001 - any of them is one
            errors += 1
            print(f"{seed}: {traceback.format_exc()[-600:]}", flush=True)
            continue
        finally:
            shutil.rmtree(folder)
        held += len(before)
        left += len(after)
        others += len(touched)
        for said in (*after, *touched):
            print(f"{seed}: {said}"[:300], flush=True)
    print(f"{'workspaces':>12}{'held':>12}{'left':>12}{'changed':>12}{'errors':>12}")
    print(f"{asked.workspaces:12}{held:12,}{left:12,}{others:12,}{errors:12,}")
    figures = {"held": held, "left": left, "changed": others, "errors": errors}
    print(json.dumps({"workspaces": asked.workspaces, **figures}))
