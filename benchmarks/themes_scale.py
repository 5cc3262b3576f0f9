"""Themes of very many transcripts, with their vectors cached beforehand."""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.settings import Listening
from calltrack_nb.themes import ThemeRegistry, tag_themes, warm_cache
from calltrack_nb.themes.turns import caller_turns
from tools.simulator.dialogues import write_dialogue
from tools.simulator.dialogues_lines import INQUIRIES


def transcripts(rows: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write a number of calls, as the tables ``utterances`` and ``calls``."""
    rng = random.Random(seed)
    kinds = sorted(INQUIRIES)
    pool = [write_dialogue(rng.choice(kinds), None, rng) for _ in range(min(rows, 3000))]
    said, calls = [], []
    start = pd.Timestamp("2026-01-01", tz="UTC")
    for number in range(rows):
        call_id = f"sim:{number:07d}"
        calls.append(
            {
                "account": "main",
                "call_id": call_id,
                "provider": "callrail",
                "started_at": start + pd.Timedelta(minutes=3 * number),
                "direction": "inbound",
            }
        )
        for place, turn in enumerate(pool[rng.randrange(len(pool))].turns):
            text = turn.text
            said.append(("main", call_id, place, turn.speaker, 5.0 * place, 5.0 * place + 4, text))
    columns = ["account", "call_id", "turn", "speaker", "start_s", "end_s", "text"]
    utterances = pd.DataFrame(said, columns=columns)
    # Redaction is a step of its own, before this one; the written texts stand in for it.
    utterances["redacted_text"] = utterances["text"]
    return schema.conform(utterances, "utterances"), schema.conform(pd.DataFrame(calls), "calls")


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks themes-scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="number of transcripts")
    options = parser.parse_args(argv)
    utterances, calls = transcripts(options.rows, seed=0)
    settings = Listening()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        warm_cache(caller_turns(utterances), settings, cache)
        start = time.perf_counter()
        themes = tag_themes(utterances, calls, settings, ThemeRegistry(), cache=cache)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(themes.text)
    print(f"{options.rows} transcripts, {len(utterances)} turns: {seconds:.0f} s, {peak:.0f} MB")
    result = {
        "rows": options.rows,
        "seconds": round(seconds, 1),
        "peak_mb": round(peak),
        "n_themes": int(np.sum(themes.themes["calls"] > 0)),
    }
    print(json.dumps(result))
