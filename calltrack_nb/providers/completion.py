"""What a known system's columns lack, found among the columns that nobody recognised.

An export whose columns were renamed, or a vendor's new name for one, leaves the caller or
the duration out. Where the values settle it, the column is read all the same, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd

from calltrack_nb.providers.files.sheets import Chunk
from calltrack_nb.providers.layouts import Match
from calltrack_nb.providers.unknown import infer_mapping
from calltrack_nb.providers.values.clocks import tell_time
from calltrack_nb.providers.values.times import joined_texts
from calltrack_nb.settings import FieldSource

_ESSENTIAL: Final = (
    "started_at",
    "caller_number",
    "tracking_number",
    "duration_s",
    "status",
    "direction",
)
_JOINT: Final = " + "


def complete(match: Match, sample: pd.DataFrame, country: str, own: Collection[str]) -> Match:
    """Give the fields without which calls say little the columns that hold them.

    Parameters
    ----------
    match : Match
        Of calls; any other is returned as it is.
    sample : pandas.DataFrame
        The first rows of the file.
    country : str
        Two letters.
    own : collection of str
        The business's numbers, E.164.

    Returns
    -------
    Match
        With the columns added, and why.
    """
    if match.layout.kind not in ("calls", "leads") or not len(sample):
        return match
    match = _with_clock(_clock_first(match, sample), sample, country, own)
    lacking = [name for name in _ESSENTIAL if name in match.layout.fields]
    lacking = [name for name in lacking if name not in match.columns]
    if not lacking or not match.unrecognised:
        return match
    given = {name: columns[0] for name, columns in match.columns.items() if columns[0] in sample}
    known = [name for name in given.values() if name not in match.unrecognised]
    free = sample[[*dict.fromkeys(known), *match.unrecognised]]
    found = infer_mapping(free, country, own_numbers=own, given=given)
    if found.mapping is None:
        return match
    added = {
        name: source
        for name, source in found.mapping.fields.items()
        if name in lacking and len(source.columns) == 1 and source.columns[0] in match.unrecognised
    }
    if not added:
        return match
    columns = {name: (str(source.columns[0]),) for name, source in added.items()}
    units = {name: source.unit for name, source in added.items() if source.unit}
    used = {name for named in columns.values() for name in named}
    return replace(
        match,
        layout=replace(match.layout, units={**match.layout.units, **units}),
        columns={**match.columns, **columns},
        unrecognised=tuple(name for name in match.unrecognised if name not in used),
        recognised=match.recognised + len(used),
        reasons={**match.reasons, **{name: found.reasons[name] for name in added}},
    )


def _clock_first(match: Match, sample: pd.DataFrame) -> Match:
    """Of several columns of the start, take those with a time of day before mere days."""
    columns = [name for name in match.columns.get("started_at", ()) if name in sample]
    if len(columns) < 2:
        return match
    timed = {name: tell_time(sample[name]) for name in columns}
    ordered = tuple(sorted(columns, key=lambda name: not timed[name]))
    return replace(match, columns={**match.columns, "started_at": ordered})


def _with_clock(match: Match, sample: pd.DataFrame, country: str, own: Collection[str]) -> Match:
    """Join a start that holds days only with a column of times of day."""
    columns = match.columns.get("started_at", ())
    if len(columns) != 1 or columns[0] not in sample or not match.unrecognised:
        return match
    days = sample[columns[0]].dropna().head(200)
    if not len(days) or tell_time(days):
        return match
    found = infer_mapping(sample[[columns[0], *match.unrecognised]], country, own_numbers=own)
    source: FieldSource | None = found.mapping.fields.get("started_at") if found.mapping else None
    if source is None or len(source.join) != 2 or source.join[0] != columns[0]:
        return match
    clock = str(source.join[1])
    joint = f"{columns[0]}{_JOINT}{clock}"
    prepare = partial(_join, columns[0], clock, joint, match.layout.prepare)
    return replace(
        match,
        layout=replace(match.layout, prepare=prepare),
        columns={**match.columns, "started_at": (joint,)},
        unrecognised=tuple(name for name in match.unrecognised if name != clock),
        recognised=match.recognised + 1,
        reasons={**match.reasons, "started_at": found.reasons["started_at"]},
    )


def _join(
    day: str, clock: str, joint: str, before: Callable[[Chunk], Chunk] | None, chunk: Chunk
) -> Chunk:
    """Add a column of day and time of day to a chunk."""
    chunk = before(chunk) if before else chunk
    text = joined_texts([chunk.frame[day], chunk.frame[clock]])
    return Chunk(chunk.frame.assign(**{joint: text}), chunk.rows, chunk.broken)
