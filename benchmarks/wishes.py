"""Wishes against labelled sentences: dates, times, places and the like, normalised right.

Lines of a file of yours: ``text``; ``on``, the local day of the call; ``country``, two
letters; ``values``, a list of ``kind`` and ``value`` (see calltrack_nb.findings.wishes.Value
for how values are written), or a mapping of kind to value or values; ``asked``, what the
agent said before, where it matters. ``either`` in place of a value names two readings that
the words leave open.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calltrack_nb.findings import likeness_to, read_examples, read_patterns
from calltrack_nb.themes import open_embedder
from tools.labelled.wishes import find_in_calls, measure, read_sentence, rows, spoken_calls

Found = list[tuple[str, str | None, str | None]]


def show(title: str, n: int, result: dict[str, Any]) -> None:
    print(f"{title}: {n} sentences")
    print(f"{'kind':12}{'precision':>10}{'recall':>8}{'n':>6}{'open':>8}")
    for kind, row in result.items():
        precision, recall = (
            "-" if row[name] is None else f"{row[name]:.2f}" for name in ("precision", "recall")
        )
        print(f"{kind:12}{precision:>10}{recall:>8}{row['n']:>6}{row['open']:>8}")
    print()


def dateparser_reads(row: dict[str, Any]) -> Found:
    """Read dates and times with dateparser's search, set up for the future."""
    from dateparser.search import search_dates

    noon = dt.datetime.combine(dt.date.fromisoformat(row["on"]), dt.time(12))
    settings = {
        "RELATIVE_BASE": noon,
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "MDY" if row.get("country", "US") == "US" else "DMY",
    }
    found: Found = []
    for _, at in search_dates(row["text"], languages=["en"], settings=settings) or ():
        found += [("day", at.date().isoformat(), None)] if at.date() != noon.date() else []
        found += [("time", f"{at:%H:%M}", None)] if at.time() != noon.time() else []
    return found


def parsedatetime_reads(row: dict[str, Any]) -> Found:
    """Read dates and times with parsedatetime."""
    import parsedatetime

    noon = dt.datetime.combine(dt.date.fromisoformat(row["on"]), dt.time(12))
    found: Found = []
    for at, flag, *_ in parsedatetime.Calendar().nlp(row["text"], sourceTime=noon) or ():
        found += [("day", at.date().isoformat(), None)] if flag in (1, 3) else []
        found += [("time", f"{at:%H:%M}", None)] if flag in (2, 3) else []
    return found


PEERS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "dateparser": dateparser_reads,
    "parsedatetime": parsedatetime_reads,
}


def compare(sentences: list[dict[str, Any]]) -> None:
    """Put the libraries that are installed beside ours, on plain dates and times alone."""
    plain = {"day": r"\d{4}-\d\d-\d\d", "time": r"\d\d:\d\d"}

    def only_plain(found: Found) -> Found:
        return [one for one in found if one[1] and re.fullmatch(plain.get(one[0], "$."), one[1])]

    dated = [
        row | {"values": [dict(zip(("kind", "value"), one, strict=False)) for one in left]}
        for row in sentences
        for left in [only_plain([(v["kind"], v["value"], None) for v in row["values"]])]
    ]
    for name, read in {"ours": read_sentence, **PEERS}.items():
        try:
            result = measure(dated, lambda row, read=read: only_plain(read(row)))
        except ImportError:
            print(f"{name} is not installed: pip install {name}\n")
            continue
        show(f"plain dates and times, {name}", len(dated), result)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks wishes", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="JSON lines, as said above")
    parser.add_argument(
        "--development", action="store_true", help="the sentences that the reader was written on"
    )
    options = parser.parse_args(argv)
    if options.labelled:
        title, sentences = options.labelled.name, rows(options.labelled)
    else:
        title = "development" if options.development else "held_out"
        sentences = rows(part=title)
        compare(sentences)
        if turns := spoken_calls():
            examples = likeness_to(read_examples(), read_patterns(), open_embedder("auto"))
            read = find_in_calls(turns, examples, dt.date(2026, 11, 6), "GB")
            show("shared spoken calls, whole", len(turns), measure(turns, read))
    result = measure(sentences)
    show(title, len(sentences), result)
    print(json.dumps(result))
