"""Findings against labelled caller turns: precision and recall by kind."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calltrack_nb.findings import Alike, Likeness, find_in_text, sentences_to_compare

LABELS = Path(__file__).parent / "labels"
#: Labelled turns of the shared conversations, by what they are used for.
SETS = {
    "held_out": "findings_held_out.csv",
    "blind": "findings_blind.csv",
    "development": "findings.csv",
}
#: Sentences as callers say them: ours, and those of a hand that never saw the finder.
WRITTEN = {"ours": "findings_written.jsonl", "another hand's": "findings_calls.jsonl"}
ROOT = Path(__file__).resolve().parent.parent.parent
#: Turns of sixty calls full of hesitations and of what looks like them; no preference is labelled.
HESITANT = "findings_hesitant.jsonl"
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
    return _part(WRITTEN[whose], name)


def hesitant(name: str) -> list[dict[str, Any]]:
    """Return the turns of the hesitant calls of the trades that have this name."""
    return _part(HESITANT, name)


def _part(file: str, name: str) -> list[dict[str, Any]]:
    lines = (LABELS / file).read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["set"] == name]


def found_in(text: str, speaker: str, alike: Mapping[str, Alike]) -> set[str]:
    """Return the full names of the hesitations and preferences found in a turn."""
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
    """Return precision, recall and number by kind, and by family."""
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
