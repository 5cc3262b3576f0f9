"""Findings against labelled caller turns: precision and recall by kind."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from calltrack_nb.findings import likeness_to, read_examples, read_patterns
from calltrack_nb.themes import open_embedder
from tools.labelled.findings import (
    WRITTEN,
    held_apart,
    hesitant,
    measure,
    shared_conversations,
    written,
)


def show(title: str, n: int, result: dict[str, Any]) -> None:
    print(f"{title}: {n} turns")
    print(f"{'kind':28}{'precision':>10}{'recall':>8}{'n':>6}")
    for kind, row in result.items():
        precision, recall = (
            "-" if row[name] is None else f"{row[name]:.2f}" for name in ("precision", "recall")
        )
        print(f"{kind:28}{precision:>10}{recall:>8}{row['n']:>6}")
    print()


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks findings", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="JSON lines: text, speaker, kinds")
    parser.add_argument(
        "--embedder", default="auto", help="auto, minilm, or tfidf: expressions alone"
    )
    parser.add_argument(
        "--development", action="store_true", help="the sets that the patterns were written on"
    )
    options = parser.parse_args(argv)
    likeness = likeness_to(read_examples(), read_patterns(), open_embedder(options.embedder))
    if options.labelled:
        lines = options.labelled.read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        title = options.labelled.name
    else:
        which = "development" if options.development else "held_out"
        for whose in WRITTEN:
            half = written(whose, which)
            show(f"written, {whose}, {which}", len(half), measure(half, likeness))
        calls = hesitant(which)
        measured = measure(calls, likeness)
        hesitations = {kind: row for kind, row in measured.items() if kind.startswith("hes")}
        show(f"hesitant calls, {which}", len(calls), hesitations)
        title, rows = f"shared conversations, {which}", held_apart(which)
        if not rows:
            print(f"the labelled conversations are not at {shared_conversations()}")
        elif not options.development:
            blind = held_apart("blind")
            show("shared conversations, blind", len(blind), measure(blind, likeness))
    result = measure(rows, likeness)
    show(title, len(rows), result)
    print(json.dumps(result))
