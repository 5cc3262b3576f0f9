"""Choose turns of the shared conversations to be labelled, by a rule anybody can repeat.

``python -m benchmarks.sampling --seed S --random N --near K`` prints one turn a line:
utterance id, how it was chosen, words. Conversations of which a turn is labelled already
are passed over, so that a new set shares nothing with the sets before it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from calltrack_nb.themes import open_embedder
from tools.labelled.findings import LABELS, shared_conversations

NEAREST = 60
WORDS = (5, 40)

#: Plain descriptions of the kinds, by which rare ones are looked for: not the finder's own.
DESCRIBED = {
    "hesitation.price": ("that costs too much for me", "can you lower the price"),
    "hesitation.timing": ("that takes too long, I cannot wait", "I have no time for this now"),
    "hesitation.someone_else": ("I must ask my wife", "my husband will decide that"),
    "hesitation.comparing": ("another company offers better", "I am comparing with others"),
    "hesitation.distrust": ("is this safe", "I am not sure I can trust you"),
    "hesitation.put_off": ("I will think about it", "I am not sure yet, maybe later"),
    "preference.what": ("I want it in blue", "I would rather have the bigger one"),
    "preference.when": ("please do it by Friday", "I need it as soon as possible"),
    "preference.where": ("deliver it to my home", "which branch is near me"),
    "preference.contact": ("please e-mail me", "call me on my phone instead"),
    "preference.budget": ("I do not want to pay more than 200 dollars", "the cheapest one please"),
}


def turns() -> list[dict[str, str]]:
    """Read every customer turn of five to forty words, each wording once."""
    rows, seen = [], set()
    for path in sorted(shared_conversations().glob("*/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                words = row["utterance"].split()
                plain = " ".join(words).lower()
                if WORDS[0] <= len(words) <= WORDS[1] and plain not in seen:
                    seen.add(plain)
                    rows.append(row | {"utterance": " ".join(words)})
    return rows


def labelled_conversations() -> set[str]:
    """Return the conversations of which a turn stands in one of our sets."""
    found = set()
    for path in LABELS.glob("findings*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {conversation(row["utterance_id"]) for row in csv.DictReader(file)}
    return found


def conversation(utterance_id: str) -> str:
    return utterance_id.removeprefix("<CONV>").split("<TURN>")[0]


def drawn(rows: list[dict[str, str]], seed: str) -> list[dict[str, str]]:
    """Shuffle by a hash of seed and id: the same on every machine."""
    return sorted(
        rows, key=lambda row: hashlib.sha256((seed + row["utteranceId"]).encode()).hexdigest()
    )


def sample(seed: str, random: int, near: int, cache: Path | None) -> Iterator[dict[str, Any]]:
    """Yield ``random`` turns of any kind, then ``near`` for each kind's description.

    For each kind the sixty turns nearest to its description are taken, and ``near`` of
    them drawn; no conversation gives two turns.
    """
    taken = labelled_conversations()
    rows = [row for row in turns() if row["conversationId"] not in taken]
    embedder = open_embedder("minilm", cache)
    vectors = embedder.embed([row["utterance"] for row in rows])
    used: set[str] = set()

    def fresh(candidates: list[dict[str, str]], most: int) -> Iterator[dict[str, str]]:
        given = 0
        for row in drawn(candidates, seed):
            if given < most and row["conversationId"] not in used:
                used.add(row["conversationId"])
                given += 1
                yield row

    for row in fresh(rows, random):
        yield row | {"chosen": "random"}
    for kind, described in DESCRIBED.items():
        nearness = (vectors @ embedder.embed(list(described)).T).max(axis=1)
        nearest = [rows[i] for i in np.argsort(-nearness, kind="stable")[:NEAREST]]
        for row in fresh(nearest, near):
            yield row | {"chosen": kind}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.sampling", description=__doc__)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--random", type=int, default=150)
    parser.add_argument("--near", type=int, default=16)
    parser.add_argument("--cache", type=Path, help="folder that keeps the vectors")
    options = parser.parse_args()
    for row in sample(options.seed, options.random, options.near, options.cache):
        print(row["utteranceId"], row["chosen"], row["utterance"], sep="\t")


if __name__ == "__main__":
    main()
