"""JSON: one object, a list of them, an API's answer, or one object per line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.errors import SourceError
from calltrack_nb.phrasing import without_surrogates
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    Broken,
    Chunk,
    Sheet,
    blank_to_missing,
    header_hits,
    unique_names,
)
from calltrack_nb.providers.files.texts import Text
from calltrack_nb.providers.files.typed_texts import typed_text
from calltrack_nb.providers.files.wrappings import columns_of, records_of

_ERRORS: Final = ("error", "errors", "error_message", "message", "detail", "fault")
_LONGEST_INTEGER: Final = 4_000
_START: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{\]"])')


def begins_json(text: str) -> bool:
    """Tell whether a text begins as JSON does; what a file is called says nothing."""
    return _START.match(text) is not None


def open_json(text: Text, known: Collection[str]) -> Sheet:
    """Open a JSON file; it is read whole.

    Parameters
    ----------
    text : Text
    known : collection of str
        Plain names of columns that some system uses.

    Raises
    ------
    SourceError
        When it is cut off, too large, or an error message in place of an answer.
    """
    whole = text.whole("JSON")
    try:
        found = _load(whole)
    except (RecursionError, ValueError) as error:
        raise SourceError(
            "The JSON is cut off or damaged",
            where=f"{text.content} ({error})",
            fix="Fetch it again",
        ) from error
    records = records_of(found, known)
    _check_answer(records, known, text)
    return _sheet(records, text)


def _load(text: str) -> object:
    """Parse one value, or one a line."""
    try:
        return _parse(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        return [_parse(line) for line in lines]


def _parse(text: str) -> object:
    return json.loads(
        text, object_pairs_hook=_object, parse_int=_integer, parse_constant=lambda _: None
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep every member, also those that share a name."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = unique_names([name for name, _ in pairs], "")
        members = dict(zip(names, (value for _, value in pairs), strict=True))
    return members


def _integer(digits: str) -> int | str:
    """Keep a number that is too long for Python as its digits."""
    return int(digits) if len(digits) < _LONGEST_INTEGER else digits


def _check_answer(records: Sequence[Any], known: Collection[str], text: Text) -> None:
    """Refuse an error message that was saved in place of an answer."""
    first = records[0] if records else None
    if len(records) != 1 or not isinstance(first, Mapping) or header_hits([*first], known) > 1:
        return
    if said := next((first[name] for name in _ERRORS if first.get(name)), None):
        raise SourceError(
            f"The file holds an error message of the service: “{typed_text(said)[:200]}”",
            where=text.content,
            fix="Fetch it again",
        )


def _sheet(records: Sequence[Any], text: Text) -> Sheet:
    """Make a sheet of objects as an API gives them.

    Inner objects and lists stay JSON text, except the few whose members are columns of
    their own (``campaign.name``).
    """
    objects = (record for record in records if isinstance(record, Mapping))
    names = dict.fromkeys(name for record in objects for name, _ in columns_of(record))
    columns = unique_names([without_surrogates(name) for name in names], str(text.content))

    def chunks() -> Iterator[Chunk]:
        for start in range(0, max(len(records), 1), CHUNK_ROWS):
            part = list(islice(records, start, start + CHUNK_ROWS))
            flat = {start + i: _flat(record) for i, record in enumerate(part, start=1)}
            kept = {row: cells for row, cells in flat.items() if cells}
            frame = pd.DataFrame(
                {
                    column: [cells.get(name, "") for cells in kept.values()]
                    for name, column in zip(names, columns, strict=True)
                },
                dtype="str",
            )
            broken = tuple(
                Broken(row, typed_text(records[row - 1])[:500], "this is not an object")
                for row, cells in flat.items()
                if not cells
            )
            rows = np.array(list(kept), dtype=np.int64)
            yield Chunk(blank_to_missing(frame), rows, broken)

    return Sheet(columns, "JSON", chunks, remarks=text.encoding.remarks)


def _flat(record: object) -> dict[str, str]:
    if not isinstance(record, dict):
        return {}
    return {name: typed_text(value) for name, value in columns_of(record)}
