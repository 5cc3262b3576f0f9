"""Wishes against labelled sentences: how many values are read, and read right."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.findings import Likeness, find_findings, find_wishes
from calltrack_nb.findings.wishes import asked_for, wishes_in
from calltrack_nb.schema import WISHES
from tools.labelled.findings import LABELS, shared_conversations

HOME = LABELS / "wishes.jsonl"
SPOKEN = LABELS / "wishes_spoken40.jsonl"
#: Other names under which labelled sets know our kinds.
ALIASES = {"date": "day", "weekday": "day", "town": "place", "product": "what", "where": "place"}
Read = Callable[[dict[str, Any]], Iterable[tuple[str, str | None, str | None]]]


def rows(path: Path = HOME, part: str | None = None) -> list[dict[str, Any]]:
    """Read labelled sentences; of one part where it is named."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [row for row in lines if part is None or row.get("set") == part]


def read_sentence(row: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Return kind, value and either of what a sentence wishes."""
    on = dt.date.fromisoformat(str(row.get("on") or row.get("date") or row.get("call_date"))[:10])
    asked = asked_for(row.get("asked", ""))
    found = wishes_in(row["text"], on, row.get("country", "US"), asked=asked)
    return [(wish.kind, wish.value, wish.either) for wish in found]


def spoken_calls() -> list[dict[str, Any]]:
    """Join our labels (ids and turns only) with the shared spoken calls' caller turns.

    The calls' day is said to be 6 November 2026, a Friday, in the United Kingdom.
    """
    home = shared_conversations().parent.parent / "outcomes" / "spoken40.jsonl"
    if not home.is_file():
        return []
    labels = {(row["id"], row["turn"]): row["values"] for row in rows(SPOKEN)}
    return [
        {"id": call["id"], "turn": place, "values": labels.get((call["id"], place), [])} | said
        for call in rows(home)
        for place, said in enumerate(call["turns"])
    ]


def find_in_calls(
    turns: list[dict[str, Any]], likeness: Likeness | None, on: dt.date, country: str
) -> Read:
    """Find the wishes of whole calls as the product does, and return how to look them up."""
    said = [
        {
            "account": "main",
            "call_id": row["id"],
            "turn": row["turn"],
            "speaker": row["speaker"],
            "start_s": 5.0 * row["turn"],
            "end_s": 5.0 * row["turn"] + 4,
            "text": row["text"],
            "redacted_text": row["text"],
        }
        for row in turns
    ]
    utterances = schema.conform(pd.DataFrame(said), "utterances")
    findings = find_findings(utterances, likeness=likeness)
    days = dict.fromkeys((row["id"] for row in turns), on)
    found = find_wishes(utterances, findings, days, {"main": country}).astype(object)
    found = found.where(found.notna(), None)
    by_turn: dict[tuple[str, int], list[tuple[str, str | None, str | None]]] = defaultdict(list)
    wishes: Any = found.itertuples()
    for wish in wishes:
        by_turn[wish.call_id, wish.turn].append((wish.kind, wish.value, wish.doubt))
    return lambda row: by_turn[row["id"], row["turn"]]


def labelled(row: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Return the labels of a sentence: a list of kind and value, or values by kind."""
    values = row["values"]
    if isinstance(values, dict):
        values = [
            {"kind": kind, "value": value}
            for kind, given in values.items()
            for value in (given if isinstance(given, list) else [given])
        ]
    return [
        (ALIASES.get(one["kind"], one["kind"]), one["value"], one.get("either")) for one in values
    ]


def same(kind: str, wanted: str | None, got: str | None) -> bool:
    """Tell whether a value is the one that was wished; of things, that most words agree."""
    if wanted is None or got is None:
        return wanted == got
    one, two = _plain(wanted), _plain(got)
    if kind != "what":
        return one == two
    first, second = set(one.split()), set(two.split())
    return 2 * len(first & second) >= len(first | second)


def _plain(value: str) -> str:
    return re.sub(r"^the ", "", " ".join(value.lower().replace(",", "").split()))


def measure(sentences: list[dict[str, Any]], read: Read = read_sentence) -> dict[str, Any]:
    """Return by kind how many values were read right, and how many of those read are right.

    What the words leave open counts by itself: as ``open``, how many of those labelled so
    were said to be so. A value read where the label is open is wrong.
    """
    right, wanted, given, opened, of = (Counter[str]() for _ in range(5))
    for row in sentences:
        left = list(read(row))
        for kind, value, either in labelled(row):
            match = next(
                (got for got in left if got[0] == kind and same(kind, value, got[1])), None
            )
            if match is not None:
                left.remove(match)
            if either is not None:
                of[kind] += 1
                opened[kind] += match is not None
            else:
                wanted[kind] += 1
                right[kind] += match is not None
                given[kind] += match is not None
        given.update(kind for kind, value, _ in left if value is not None)
    return {
        kind: {
            "recall": round(right[kind] / wanted[kind], 4) if wanted[kind] else None,
            "precision": round(right[kind] / given[kind], 4) if given[kind] else None,
            "n": wanted[kind],
            "open": f"{opened[kind]}/{of[kind]}",
        }
        for kind in WISHES
        if wanted[kind] or given[kind] or of[kind]
    }
