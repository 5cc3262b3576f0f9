"""JSON: one object, a list of them, an API's answer, or one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.sheets import CHUNK_ROWS, Broken, Chunk, Sheet, blank_to_missing

# Members of an answer that hold its records, and of an event that wrap one record.
_LISTS: Final = (
    "calls",
    "leads",
    "accounts",
    "profiles",
    "results",
    "data",
    "records",
    "recordings",
)
_WRAPPERS: Final = ("object", "call", "lead", "event", "payload", "body", "data")
# Inner objects whose members are columns of their own.
_INNER: Final = frozenset(
    {"callView", "call_view", "campaign", "adGroup", "ad_group", "customer", "metrics", "segments"}
    | {"paid", "ga", "agent", "sale", "properties"}
)


def open_json(path: Path, encoding: str) -> Sheet:
    """Open a JSON file; it is read whole."""
    try:
        text = path.read_text(encoding=encoding)
        found = _load_json(text)
    except (UnicodeError, RecursionError, ValueError) as error:
        raise SourceError(
            "The JSON is cut off or damaged",
            where=f"{path} ({error})",
            fix="Fetch it again",
        ) from error
    return sheet_of(records_of(found), form="JSON")


def _load_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]


def records_of(found: object) -> list[object]:
    """Return the records of an answer, a list, or one object, without their wrapping.

    Examples
    --------
    >>> records_of({"page": 1, "calls": [{"id": 1}, {"id": 2}]})
    [{'id': 1}, {'id': 2}]
    """
    if isinstance(found, Mapping):
        for name in _LISTS:
            inner = found.get(name)
            if isinstance(inner, list) and (not inner or isinstance(inner[0], Mapping)):
                return (
                    records_of(inner) if name != "profiles" or "page_number" in found else [found]
                )
        for name in _WRAPPERS:
            inner = found.get(name)
            if isinstance(inner, Mapping) and len(inner) > 2:
                return records_of(inner)
        return [found]
    if isinstance(found, list):
        return [record for item in found for record in _unwrapped(item)]
    return [found]


def _unwrapped(item: object) -> list[object]:
    if isinstance(item, Mapping):
        for name in _WRAPPERS:
            inner = item.get(name)
            if isinstance(inner, Mapping) and len(inner) > 2:
                return [inner]
        if set(item) & set(_LISTS[:3]) and "page" in " ".join(map(str, item)):
            return records_of(item)
    return [item]


def sheet_of(records: Sequence[object], *, form: str) -> Sheet:
    """Make a sheet of objects as an API gives them.

    Inner objects and lists stay JSON text, except the few whose members are columns of
    their own (``campaign.name``).
    """
    flat = [_flatten(record) for record in records]
    columns = tuple(dict.fromkeys(name for record in flat if record for name in record))

    def chunks() -> Iterator[Chunk]:
        for start in range(0, max(len(flat), 1), CHUNK_ROWS):
            part = flat[start : start + CHUNK_ROWS]
            good = [i for i, record in enumerate(part) if record]
            data = {name: [(part[i] or {}).get(name, "") for i in good] for name in columns}
            frame = pd.DataFrame(data, columns=list(columns), dtype="str")
            broken = tuple(
                Broken(start + i + 1, str(records[start + i])[:500], "this is not an object")
                for i, record in enumerate(part)
                if not record
            )
            rows = np.array([start + i + 1 for i in good], dtype=np.int64)
            yield Chunk(blank_to_missing(frame), rows, broken)

    return Sheet(columns, form, chunks)


def _flatten(record: object) -> dict[str, str]:
    if not isinstance(record, Mapping):
        return {}
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and name in _INNER:
            flat |= {f"{name}.{inner}": _json_text(text) for inner, text in value.items()}
        else:
            flat[str(name)] = _json_text(value)
    return flat


def _json_text(value: object) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
