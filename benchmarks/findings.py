"""Findings against labelled caller turns: precision and recall by kind."""

from __future__ import annotations

import argparse
import csv
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from calltrack_nb.listening import find_in_text

HOME = Path(__file__).parent / "labels" / "findings.csv"
ROOT = Path(__file__).resolve().parent.parent
FAMILIES = ("hesitation", "preference")


def shared_conversations() -> Path:
    """Return where the labelled conversations are; their words are not in the repository."""
    place = Path(os.environ.get("CALLTRACK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    return place / "themes" / "multidogo"


def held_apart() -> list[dict[str, Any]]:
    """Join our labels (ids only) with the words of the shared conversations."""
    with HOME.open(encoding="utf-8", newline="") as file:
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


def found_in(text: str, speaker: str) -> set[str]:
    return {
        f"{found.family}.{found.kind}"
        for found in find_in_text(text, speaker)
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


def measure(rows: list[dict[str, Any]]) -> dict[str, Any]:
    true, found, both = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        wanted = {full_name(kind) for kind in row["kinds"]}
        got = found_in(row["text"], row.get("speaker", "caller"))
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


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks findings", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="JSON lines: text, speaker, kinds")
    options = parser.parse_args(argv)
    if options.labelled:
        lines = options.labelled.read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
    else:
        rows = held_apart()
        if not rows:
            print(f"the labelled conversations are not at {shared_conversations()}")
    result = measure(rows)
    print(f"{len(rows)} turns")
    print(f"{'kind':28}{'precision':>10}{'recall':>8}{'n':>6}")
    for kind, row in result.items():
        precision, recall = (
            "-" if row[name] is None else f"{row[name]:.2f}" for name in ("precision", "recall")
        )
        print(f"{kind:28}{precision:>10}{recall:>8}{row['n']:>6}")
    print(json.dumps(result))
