"""Run a benchmark by name: ``python -m benchmarks NAME [options]``.

Each benchmark prints a table for people and, as its last line, one JSON object for
programs. ``all`` runs every one that needs no file of yours, one process after another.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MODULES = {"import": "imports"}  # the one name that is a word of the language
NEEDS_A_FILE = ("findings", "redaction", "themes", "transcription", "turns")


def names() -> list[str]:
    """List the benchmarks there are."""
    spelled = {module: name for name, module in MODULES.items()}
    stems = (path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    return sorted(spelled.get(stem, stem.replace("_", "-")) for stem in stems)


def main(argv: Sequence[str]) -> int:
    """Find the benchmark and run it; return the exit status."""
    known = names()
    if not argv or argv[0] in ("-h", "--help"):
        print(f"usage: python -m benchmarks NAME [options]\nNAME is all, or: {', '.join(known)}")
        return 0 if argv else 2
    name, *options = argv
    if name == "all":
        return _run_all(known)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}, all."
        print(f"benchmarks: there is no benchmark {name!r}. {hint}", file=sys.stderr)
        return 2
    module = MODULES.get(name, name.replace("-", "_"))
    import_module(f"benchmarks.{module}").main(options)
    return 0


def _run_all(known: Sequence[str]) -> int:
    """Run each in a process of its own, so that peak memory is its own too."""
    failed = []
    for name in known:
        if name in NEEDS_A_FILE:
            print(f"\n== {name}: needs a file of yours, see python -m benchmarks {name} --help")
            continue
        print(f"\n== {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", "benchmarks", name], check=False)  # noqa: S603 - our own names
        failed += [name] * (done.returncode != 0)
    if failed:
        print(f"benchmarks: failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
