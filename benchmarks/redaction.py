"""Redaction against labelled spans: recall by kind, and false alarms."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tools.labelled.findings import shared_conversations
from tools.labelled.redaction import HOME, VARIED, measure, read, shared, varied

#: The misses of one domain are read, of the other only the figures.
DOMAINS = {"finance": "development", "insurance": "held apart"}


def show(title: str, rows: list[dict[str, Any]], result: dict[str, Any]) -> None:
    print(f"{title}: {len(rows)} utterances")
    print(f"{'kind':16}{'recall':>8}{'precision':>11}{'n':>6}")
    for kind, row in result.items():
        if isinstance(row, dict):
            recall, precision = (
                "-" if row[name] is None else f"{row[name]:.3f}" for name in ("recall", "precision")
            )
            print(f"{kind:16}{recall:>8}{precision:>11}{row['n']:>6}")
    print(f"false alarms per 1,000 words: {result['false_alarms_per_1000_words']}\n")


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks redaction", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="JSON lines: text, spans")
    options = parser.parse_args(argv)
    if options.labelled:
        title, rows = options.labelled.name, read(options.labelled)
    else:
        for whose in VARIED:
            for name in ("development", "held_out"):
                half = varied(whose, name)
                show(f"varied forms, {whose}, {name}", half, measure(half))
        for domain, use in DOMAINS.items():
            conversations = shared(domain)
            if conversations:
                title = f"shared conversations, slots of {domain}, {use}"
                show(title, conversations, measure(conversations))
            else:
                print(f"the shared conversations are not at {shared_conversations()}")
        title, rows = "our own sentences, development", read(HOME)
    result = measure(rows)
    show(title, rows, result)
    print(json.dumps(result))
