"""Findings against labelled caller turns: precision and recall by kind."""

from __future__ import annotations

import argparse
import csv
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calltrack_nb.findings import (
    Alike,
    Likeness,
    find_in_text,
    likeness_to,
    read_examples,
    read_patterns,
    sentences_to_compare,
)
from calltrack_nb.themes import open_embedder

LABELS = Path(__file__).parent / "labels"
#: Labelled turns of the shared conversations, by what they are used for.
SETS = {
    "held_out": "findings_held_out.csv",
    "blind": "findings_blind.csv",
    "development": "findings.csv",
}
#: Sentences as callers say them: ours, and those of a hand that never saw the finder.
WRITTEN = {"ours": "findings_written.jsonl", "another hand's": "findings_calls.jsonl"}
ROOT = Path(__file__).resolve().parent.parent
FAMILIES = ("hesitation", "preference")


def shared_conversations() -> Path:
    """Return where the labelled conversations are; their words are not in the repository."""
    place = Path(os.environ.get("CALLTRACK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    return place / "themes" / "multidogo"


def held_apart(name: str = "held_out") -> list[dict[str, Any]]:
    """Join our labels (ids only) with the words of the shared conversations."""
    with (LABELS / SETS[name]).open(encoding="utf-8", newline="") as file:
        labels = {row["utterance_id"]: row["kinds"] for row in csv.DictReader(file)}
    rows = []
    for path in sorted(shared_conversations().glob("*/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                kinds = labels.get(row["utteranceId"])
                if kinds is not None:
                    rows.append(
                        {"text": row["utterance"], "speaker": "caller", "kinds": kinds.split()}
                    )
    return rows


def written(whose: str, name: str) -> list[dict[str, Any]]:
    """Return the half of somebody's sentences of shop calls that has this name."""
    lines = (LABELS / WRITTEN[whose]).read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["set"] == name]


def found_in(text: str, speaker: str, alike: Mapping[str, Alike]) -> set[str]:
    return {
        f"{found.family}.{found.kind}"
        for found in find_in_text(text, speaker, alike=alike)
        if found.family in FAMILIES
    }


def full_name(kind: str) -> str:
    """Accept "hesitation.price", "hesitation: price", "hesitation_price" and "price"."""
    plain = kind.lower().replace(":", ".").replace(" ", "").replace("/", ".")
    if "." in plain:
        return plain
    for family in FAMILIES:
        if plain.startswith(f"{family}_"):
            return f"{family}.{plain.removeprefix(f'{family}_')}"
    family = (
        "preference" if plain in {"what", "when", "where", "contact", "budget"} else "hesitation"
    )
    return f"{family}.{plain}"


def measure(rows: list[dict[str, Any]], likeness: Likeness | None) -> dict[str, Any]:
    alike = (
        {}
        if likeness is None
        else likeness.compare(
            sentence for row in rows for sentence in sentences_to_compare(row["text"])
        )
    )
    true, found, both = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        wanted = {full_name(kind) for kind in row["kinds"]}
        got = found_in(row["text"], row.get("speaker", "caller"), alike)
        true.update(wanted)
        found.update(got)
        both.update(wanted & got)
        for family in FAMILIES:
            inside = any(kind.startswith(family) for kind in wanted)
            heard = any(kind.startswith(family) for kind in got)
            true[family] += inside
            found[family] += heard
            both[family] += inside and heard
    return {
        kind: {
            "precision": round(both[kind] / found[kind], 4) if found[kind] else None,
            "recall": round(both[kind] / true[kind], 4) if true[kind] else None,
            "n": true[kind],
        }
        for kind in sorted(set(true) | set(found))
    }


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
        title, rows = f"shared conversations, {which}", held_apart(which)
        if not rows:
            print(f"the labelled conversations are not at {shared_conversations()}")
        elif not options.development:
            blind = held_apart("blind")
            show("shared conversations, blind", len(blind), measure(blind, likeness))
    result = measure(rows, likeness)
    show(title, len(rows), result)
    print(json.dumps(result))
