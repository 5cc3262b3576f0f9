"""Files read by a mapping: the user's, one that ships, or one worked out from the values.

A mapping is resolved against the columns of one file. Where a field is joined, constant
or translated, a column of its own is added to each chunk, so that the readers see only
columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.fields import known_zone
from calltrack_nb.providers.files.sheets import Chunk, plain_name
from calltrack_nb.providers.layouts import ExportLayout, Match
from calltrack_nb.providers.systems.calls import read_calls
from calltrack_nb.providers.systems.spend import read_spend
from calltrack_nb.providers.values.header_zones import zone_of_columns
from calltrack_nb.providers.values.times import joined_texts
from calltrack_nb.settings import FieldSource, FileMapping

_READERS = {"calls": read_calls, "spend": read_spend}


def is_for(
    mapping: FileMapping, path: Path, columns: Sequence[str], *, headed: bool = True
) -> bool:
    """Tell whether a mapping is for a file, by its name and its columns.

    Parameters
    ----------
    mapping : FileMapping
    path : pathlib.Path
    columns : sequence of str
        The file's header.
    headed : bool
        Whether the file has a header line; a mapping with a ``width`` is for one without.
    """
    present = {plain_name(column) for column in columns}
    if mapping.files and not fnmatch(path.name.lower(), mapping.files.lower()):
        return False
    if mapping.width and (headed or len(columns) not in mapping.width):
        return False
    if mapping.columns:
        return all(plain_name(name) in present for name in mapping.columns)
    if mapping.files:
        return True
    return not _absent(mapping, columns)


def match_mapping(mapping: FileMapping, columns: Sequence[str], where: object) -> Match:
    """Resolve a mapping against the columns of a file it is for.

    Raises
    ------
    SourceError
        When the file lacks the column of a needed field.
    """
    resolved = {name: _resolve(source, columns) for name, source in mapping.fields.items()}
    lost = [name for name in ("started_at", "cost") if name in resolved and resolved[name] is None]
    if lost:
        said = " and ".join(repr(column) for column in mapping.fields[lost[0]].columns)
        raise SourceError(
            f"The mapping {mapping.name} takes {lost[0]} from {said}, which the file lacks",
            where=f"{where} ({', '.join(columns[:8])})",
            fix="Write the column's name as in the file",
        )
    found = {name: source for name, source in resolved.items() if source is not None}
    used = {column for source in found.values() for column in source.columns}
    used |= {
        column for column in columns if plain_name(column) in set(map(plain_name, mapping.only))
    }
    fields = {
        name: (_column_name(name, mapping.fields[name], source),) for name, source in found.items()
    }
    started = found.get("started_at", _Resolved())
    layout = ExportLayout(
        provider=mapping.name,
        kind=mapping.kind,
        fields={name: fields.get(name, ()) for name in mapping.fields},
        needed=(),
        read=partial(_read, mapping),
        prepare=partial(_prepare, mapping, found),
        units={name: source.unit for name, source in mapping.fields.items() if source.unit},
        timezone=known_zone(mapping.timezone, f"the mapping {mapping.name}")
        or zone_of_columns(started.columns),
    )
    unrecognised = tuple(column for column in columns if column not in used)
    absent = tuple(name for name in resolved if name not in found)
    known = len(columns) - len(unrecognised)
    return Match(layout, fields, unrecognised, known, absent=absent)


@dataclass(frozen=True, slots=True)
class _Resolved:
    """The columns of one file that a field is taken from."""

    columns: tuple[str, ...] = ()


def _resolve(source: FieldSource, columns: Sequence[str]) -> _Resolved | None:
    """Find the columns of a field in a file; None where they are not there."""
    if source.value is not None:
        return _Resolved()
    found = [_find(name, columns) for name in source.columns]
    if source.join:
        here = tuple(name for name in found if name)
        return _Resolved(here) if len(here) == len(found) else None
    first = next((name for name in found if name), None)
    return _Resolved((first,)) if first else None


def _find(name: str | int, columns: Sequence[str]) -> str | None:
    if isinstance(name, int):
        return columns[name - 1] if 0 < name <= len(columns) else None
    if name in columns:
        return name
    return next((column for column in columns if plain_name(column) == plain_name(name)), None)


def _absent(mapping: FileMapping, columns: Sequence[str]) -> list[str]:
    """Return the columns that a mapping names and a file lacks."""
    named = [name for source in mapping.fields.values() for name in source.columns]
    return [str(name) for name in named if _find(name, columns) is None]


def _column_name(field: str, source: FieldSource, resolved: _Resolved) -> str:
    """Name the column that a field is read from after :func:`_prepare`."""
    if source.value is not None:
        return f"{field} = {source.value}"
    joined = " + ".join(resolved.columns)
    translated = bool(source.values)
    return f"{joined} as {field}" if translated else joined


def _prepare(
    mapping: FileMapping,
    found: Mapping[str, _Resolved],
    chunk: Chunk,
) -> Chunk:
    """Add the columns that are joined, constant or translated."""
    added: dict[str, Any] = {}
    for field, resolved in found.items():
        source = mapping.fields[field]
        name = _column_name(field, source, resolved)
        if name in chunk.frame:
            continue
        if source.value is not None:
            added[name] = pd.Series(source.value, index=chunk.frame.index, dtype="str")
            continue
        text = joined_texts([chunk.frame[column] for column in resolved.columns])
        added[name] = _translated(text, source.values)
    if not added:
        return chunk
    frame = pd.concat([chunk.frame, pd.DataFrame(added, index=chunk.frame.index)], axis=1)
    return replace(chunk, frame=frame)


def _translated(text: pd.Series[Any], values: Mapping[str, str]) -> pd.Series[Any]:
    """Replace the texts that a mapping translates; the others stay for the common words."""
    if not values:
        return text
    plain = {key.strip().casefold(): value for key, value in values.items()}
    codes, distinct = pd.factorize(text)
    said = [plain.get(str(word).strip().casefold(), str(word)) or None for word in distinct]
    return pd.Series([*said, None], dtype="str").iloc[codes].set_axis(text.index)


def _read(mapping: FileMapping, rows: Any) -> dict[str, pd.DataFrame]:
    """Leave out the rows that the mapping's filter does not let pass, and read the rest."""
    for column, allowed in mapping.only.items():
        name = _find(column, list(rows.chunk.frame.columns))
        if name is None:
            continue
        text = rows.chunk.frame[name].str.strip().str.casefold()
        wanted = {value.strip().casefold() for value in allowed}
        other = ~text.isin(wanted).to_numpy(dtype=bool)
        rows.leave_out(other, name, f"no row for the table {mapping.kind}")
    return _READERS[mapping.kind](rows)
