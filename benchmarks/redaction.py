"""Redaction against labelled spans: recall by kind, and false alarms."""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from calltrack_nb.listening import redact_text

HOME = Path(__file__).parent / "labels" / "redaction.jsonl"

#: Other names under which labelled sets know our kinds.
ALIASES = {
    "phone_number": "phone",
    "telephone": "phone",
    "tel": "phone",
    "card_number": "card",
    "credit_card": "card",
    "credit_card_number": "card",
    "email_address": "email",
    "street_address": "address",
    "postal_address": "address",
    "person": "name",
    "person_name": "name",
    "first_name": "name",
    "last_name": "name",
    "cvv": "security_code",
    "ssn": "number",
    "account_number": "number",
    "id": "number",
}


def kind_of(label: str) -> str:
    plain = re.sub(r"[\s-]+", "_", label.lower())
    return ALIASES.get(plain, plain)


def judge(text: str, labelled: list[list[Any]]) -> dict[str, list[tuple[str, bool]]]:
    """Say for each labelled span whether it is hidden whole, for each found one if it is right."""
    spans = redact_text(text).spans
    hidden = [any(span.start <= i < span.end for span in spans) for i in range(len(text))]
    found = []
    for start, end, label in labelled:
        letters = [i for i in range(start, end) if text[i].isalnum()]
        found.append((kind_of(label), all(hidden[i] for i in letters)))
    alarms = [
        (span.kind, any(span.start < end and start < span.end for start, end, _ in labelled))
        for span in spans
    ]
    return {"found": found, "alarms": alarms}


def measure(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[bool]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    words = 0
    for row in rows:
        judged = judge(row["text"], row["spans"])
        words += len(row["text"].split())
        for kind, hidden in judged["found"]:
            found[kind].append(hidden)
        for kind, true in judged["alarms"]:
            right[kind].append(true)
    kinds = {
        kind: {
            "recall": round(sum(found[kind]) / len(found[kind]), 4) if found[kind] else None,
            "precision": round(sum(right[kind]) / len(right[kind]), 4) if right[kind] else None,
            "n": len(found[kind]),
        }
        for kind in sorted(set(found) | set(right))
    }
    false = sum(not true for marks in right.values() for true in marks)
    return {**kinds, "false_alarms_per_1000_words": round(1000 * false / max(words, 1), 3)}


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks redaction", description=__doc__)
    parser.add_argument("--labelled", type=Path, default=HOME, help="JSON lines: text, spans")
    options = parser.parse_args(argv)
    lines = options.labelled.read_text("utf-8").splitlines()
    result = measure([json.loads(line) for line in lines if line.strip()])
    print(f"{'kind':16}{'recall':>8}{'precision':>11}{'n':>6}")
    for kind, row in result.items():
        if isinstance(row, dict):
            recall, precision = (
                "-" if row[name] is None else f"{row[name]:.3f}" for name in ("recall", "precision")
            )
            print(f"{kind:16}{recall:>8}{precision:>11}{row['n']:>6}")
    print(f"false alarms per 1,000 words: {result['false_alarms_per_1000_words']}")
    print(json.dumps(result))
