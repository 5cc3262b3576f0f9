"""Redaction against labelled spans: recall by kind, and false alarms."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from calltrack_nb.redaction import PrivateSpan, redact_call, redact_text
from tools.labelled.findings import LABELS, shared_conversations

HOME = LABELS / "redaction.jsonl"
#: Forms of many kinds, halved by a hash: ours, and those of a hand that never saw the patterns.
VARIED = {
    "ours": LABELS / "redaction_varied.jsonl",
    "another hand's": LABELS / "redaction_calls.jsonl",
}
#: What the shared conversations call their private slots; the other slots are not private.
SLOTS = {
    "name": "name",
    "address": "address",
    "email_address": "email",
    "phone_number": "phone",
    "card_number": "card",
    "account_number": "number",
    "target_account_number": "number",
    "ssn": "number",
    "policyid": "reference",
    "claimid": "reference",
}
#: Fewer digits than a card or a telephone number has: "the last four", a part of a number.
WHOLE = {"card": 12, "phone": 7}

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
    """Return our kind of what a label of any set names."""
    plain = re.sub(r"[\s-]+", "_", label.lower())
    return ALIASES.get(plain, plain)


def judge(
    text: str, labelled: list[list[Any]], spans: tuple[PrivateSpan, ...]
) -> dict[str, list[tuple[str, bool]]]:
    """Say for each labelled span whether it is hidden whole, for each found one if it is right."""
    hidden = [any(span.start <= i < span.end for span in spans) for i in range(len(text))]
    found = []
    for start, end, label in labelled:
        letters = [i for i in range(start, end) if text[i].isalnum()]
        found.append((kind_of(label), all(hidden[i] for i in letters)))
    alarms: list[tuple[str, bool]] = [
        (span.kind, any(span.start < end and start < span.end for start, end, _ in labelled))
        for span in spans
    ]
    return {"found": found, "alarms": alarms}


def shared(domain: str) -> list[dict[str, Any]]:
    """Turn the slot labels of a domain of the shared conversations into labelled spans.

    The customer's side only is there: what the agent asked, and so much of what tells a
    bare number from a telephone number, is not. A conversation is redacted as a whole.
    """
    turns: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in sorted(shared_conversations().glob(f"{domain}/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if len(row["utterance"].split()) == len(row["slot-labels"].split()):
                    turns[row["conversationId"]].append(row)
    rows = []
    for said in turns.values():
        said.sort(key=lambda row: float(row["turnNumber"]))
        texts = [" ".join(row["utterance"].split()) for row in said]
        for row, text, done in zip(said, texts, redact_call(texts), strict=True):
            labels = row["slot-labels"].split()
            rows.append({"text": text, "spans": list(slots(text, labels)), "found": done.spans})
    return rows


def slots(text: str, labels: list[str]) -> Iterator[list[Any]]:
    """Join neighbouring words of one slot to a span; of numbers, keep whole ones apart."""
    places, at = [], 0
    for word in text.split(" "):
        places.append((at, at + len(word)))
        at += len(word) + 1
    for label, group in groupby(zip(labels, places, strict=True), key=lambda pair: pair[0]):
        if label not in SLOTS:
            continue
        inside = [place for _, place in group]
        start, end = inside[0][0], inside[-1][1]
        kind = SLOTS[label]
        digits = sum(letter.isdigit() for letter in text[start:end])
        yield [start, end, kind if digits >= WHOLE.get(kind, 0) else f"part_of_{kind}"]


def measure(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return recall, precision and number by kind, and false alarms per 1,000 words."""
    found: dict[str, list[bool]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    words = 0
    for row in rows:
        spans = row["found"] if "found" in row else redact_text(row["text"]).spans
        judged = judge(row["text"], row["spans"], spans)
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


def read(path: Path) -> list[dict[str, Any]]:
    """Read a labelled set: JSON lines of text and spans."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def varied(whose: str, name: str) -> list[dict[str, Any]]:
    """Return the half of somebody's forms that has this name."""
    return [row for row in read(VARIED[whose]) if row["set"] == name]
