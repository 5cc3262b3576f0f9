"""From a file to batches of canonical rows.

A file is tried, in this order, with the user's own mappings, with the systems whose
columns no other has, and with the values in its columns. What none of them settles is
asked for and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from calltrack_nb.errors import UnclearFile, UnknownProvider
from calltrack_nb.providers.completion import complete
from calltrack_nb.providers.context import Context
from calltrack_nb.providers.files.opening import open_sheet
from calltrack_nb.providers.files.sheets import Chunk, Sheet, chunk_of_texts, plain_name
from calltrack_nb.providers.layouts import (
    ExportLayout,
    Match,
    match_of_provider,
    sure_match,
)
from calltrack_nb.providers.mapped import is_for, match_mapping
from calltrack_nb.providers.mappings import (
    own_names,
    shipped_mappings,
    user_mappings,
    with_own_names,
)
from calltrack_nb.providers.proposals import proposal_toml
from calltrack_nb.providers.source import Batch, FileSource, Recognition
from calltrack_nb.providers.systems import crm, google_ads, whatconverts
from calltrack_nb.providers.systems.callrail import CALLRAIL
from calltrack_nb.providers.systems.calltrackingmetrics import CALLTRACKINGMETRICS
from calltrack_nb.providers.systems.local_services import LOCAL_SERVICES
from calltrack_nb.providers.systems.own_files import OWN_FILES, own_headers
from calltrack_nb.providers.systems.twilio import TWILIO
from calltrack_nb.providers.unknown import (
    COSTS,
    SALES,
    TRANSCRIPTS,
    Inference,
    infer_mapping,
    looks_like_a_log,
    what_it_seems,
)
from calltrack_nb.providers.values import times
from calltrack_nb.providers.values.header_zones import zone_of_columns
from calltrack_nb.settings import FieldSource, FileMapping, Settings

LAYOUTS: Final = (
    CALLRAIL,
    whatconverts.WHATCONVERTS,
    whatconverts.ACCOUNTS,
    google_ads.CALLS,
    google_ads.SPEND,
    LOCAL_SERVICES,
    CALLTRACKINGMETRICS,
    TWILIO,
    crm.HUBSPOT,
    crm.HUBSPOT_CALLS,
    crm.SALESFORCE,
    *OWN_FILES,
)
_LOOKED_AT: Final = 1_000
UNKNOWN: Final = "spreadsheet"
"""The provider of calls of a system that has no name here."""


def layouts(settings: Settings) -> tuple[ExportLayout, ...]:
    """Return every layout in code, with the aliases of ``calltrack.toml``."""
    return tuple(layout.extended(settings) for layout in LAYOUTS)


def open_source(
    path: Path,
    settings: Settings,
    *,
    provider: str | None = None,
    own_numbers: Collection[str] = (),
) -> FileSource:
    """Open a file and find out how it is to be read.

    Parameters
    ----------
    path : pathlib.Path
    settings : Settings
    provider : str, optional
        The provider, where the user says so; ``spreadsheet`` reads by the values.
    own_numbers : collection of str
        The business's telephone numbers that are known, E.164.

    Raises
    ------
    UnclearFile
        When more than one reading is possible, with a mapping to choose in.
    UnknownProvider
        When the file is no log of calls, or lacks the columns of the provider named.
    SourceError
        When the file cannot be opened.
    """
    every = layouts(settings)
    mine, shipped = user_mappings(settings), shipped_mappings()
    sheet = open_sheet(path, _names(every, (*mine, *shipped)))
    chunks = sheet.chunks()
    first = next(chunks, None) or chunk_of_texts([], sheet.columns, 0)
    own = frozenset(own_numbers) | frozenset(settings.qualified.staff_numbers)
    match = _of_provider(provider, every, (*mine, *shipped), sheet, path) if provider else None
    if provider is None:
        match = (
            _of_mappings(mine, path, sheet)
            or _fitting(sure_match(every, sheet.columns, path), first)
            or _of_shipped(shipped, path, sheet, first, settings)
        )
    if match is None and provider in (None, UNKNOWN):
        match = _of_own_names(path, sheet) or _of_values(path, sheet, first, settings, own)
    if match is None:
        raise _no_such_provider(provider, every, (*mine, *shipped))
    match = complete(match, first.frame, settings.business.country, own)
    match = _without_blank(match, first)
    _check_times(match, first, settings, path)
    context = Context(
        settings,
        match.layout.provider,
        first.frame if match.layout.prepare is None else match.layout.prepare(first).frame,
        own_numbers=own | match.own_numbers,
        title_range=_title_range(sheet, settings.business.country),
        zone=match.layout.timezone or zone_of_columns(match.columns.get("started_at", ())),
    )
    return FileSource(sheet, match, context, first, chunks)


def recognise(path: Path, settings: Settings, *, provider: str | None = None) -> Recognition:
    """Say which provider's file this is; see :func:`open_source`."""
    return open_source(path, settings, provider=provider).recognition


def read(path: Path, settings: Settings, *, provider: str | None = None) -> Iterator[Batch]:
    """Read a file in batches, so that its size does not matter.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, XLSX or JSON file.
    settings : Settings
        Mappings, aliases, channel rules, zone and country.
    provider : str, optional
        The provider, where it is not to be recognised by the columns.

    Raises
    ------
    SourceError
        When the file cannot be read to its end; batches given before are then void.
    """
    yield from open_source(path, settings, provider=provider).batches()


def _names(every: Sequence[ExportLayout], mappings: Sequence[FileMapping]) -> frozenset[str]:
    mapped = [
        str(name)
        for mapping in mappings
        for name in (
            *mapping.columns,
            *(column for source in mapping.fields.values() for column in source.columns),
        )
    ]
    return frozenset(map(plain_name, mapped)).union(*(layout.names() for layout in every))


def _of_mappings(mappings: Sequence[FileMapping], path: Path, sheet: Sheet) -> Match | None:
    """Match the first mapping that is for the file."""
    for mapping in mappings:
        if is_for(mapping, path, sheet.columns, headed=sheet.headed):
            named = with_own_names(mapping, sheet.columns)
            return match_mapping(named, sheet.columns, path)
    return None


def _fitting(match: Match | None, first: Chunk) -> Match | None:
    """Keep the match of a system only where the values are such as its columns have."""
    if match is None:
        return None
    for name, pattern in match.layout.fits.items():
        columns = [column for column in match.columns.get(name, ()) if column in first.frame]
        texts = first.frame[columns[0]].dropna() if columns else pd.Series([], dtype="str")
        if len(texts) and not texts.str.fullmatch(pattern).any():
            return None
    return match


def _of_shipped(
    shipped: Sequence[FileMapping], path: Path, sheet: Sheet, first: Chunk, settings: Settings
) -> Match | None:
    """Match a mapping of ours, unless other columns stand where it expects the times."""
    match = _of_mappings(shipped, path, sheet)
    if match is None or not _holds_times(match, first, settings):
        return None
    return replace(match, absent=())


def _of_own_names(path: Path, sheet: Sheet) -> Match | None:
    """Match the columns that bear the names of our own fields."""
    mapping = own_names(sheet.columns)
    return match_mapping(mapping, sheet.columns, path) if mapping else None


def _of_provider(
    provider: str,
    every: Sequence[ExportLayout],
    mappings: Sequence[FileMapping],
    sheet: Sheet,
    path: Path,
) -> Match | None:
    """Match the layouts and mappings of the provider that the user named."""
    named = [mapping for mapping in mappings if mapping.name == provider]
    for mapping in named:
        if is_for(mapping, path, sheet.columns, headed=sheet.headed):
            return match_mapping(mapping, sheet.columns, path)
    if any(layout.provider == provider for layout in every):
        return match_of_provider(every, sheet.columns, provider, path)
    return match_mapping(named[0], sheet.columns, path) if named else None


def _no_such_provider(
    provider: str | None, every: Sequence[ExportLayout], mappings: Sequence[FileMapping]
) -> UnknownProvider:
    names = {layout.provider for layout in every} | {mapping.name for mapping in mappings}
    return UnknownProvider(
        "There is no such provider",
        where=provider,
        fix=f"Use one of {', '.join(sorted(names - {'workspace'}))}",
    )


def _of_values(
    path: Path, sheet: Sheet, first: Chunk, settings: Settings, own: frozenset[str]
) -> Match:
    """Read the columns by their values, or ask; a file without rows has only its names."""
    if not len(first.frame):
        if sheet.columns and not looks_like_a_log(sheet.columns):
            raise _no_log(path, sheet)
        nothing = FileMapping(fields={"started_at": FieldSource(value="")})
        return match_mapping(nothing, sheet.columns, path)
    found = infer_mapping(first.frame, settings.business.country, own_numbers=own, name=UNKNOWN)
    if what_it_seems(sheet.columns) and not found.is_a_log:
        raise _no_log(path, sheet)
    if found.questions or found.mapping is None or not found.is_a_log:
        asked = {question.field for question in found.questions}
        numbered = {"caller_number", "from_number"} & {*found.fields, *asked}
        if not found.is_a_log and not (numbered and "started_at" in found.fields):
            raise _no_log(path, sheet)
        raise _unclear(path, sheet, found)
    match = match_mapping(found.mapping, sheet.columns, path)
    return replace(
        match,
        reasons=found.reasons,
        own_numbers=found.own_numbers,
        proposal=proposal_toml(found, sheet.columns, path),
    )


def _without_blank(match: Match, first: Chunk) -> Match:
    """Do not name the columns that have neither a name nor a cell, such as trailing commas."""
    blank = {
        name
        for place, name in enumerate(first.frame.columns, start=1)
        if name == f"column {place}" and first.frame[name].isna().all()
    }
    left = tuple(name for name in match.unrecognised if name not in blank)
    return replace(match, unrecognised=left)


def _no_log(path: Path, sheet: Sheet) -> UnknownProvider:
    seems = what_it_seems(sheet.columns)
    what = (
        f"The file is not a call log; it seems to be {seems}"
        if seems
        else (
            "The file has no columns of a call log"
            if sheet.headed
            else "The file has no header line, and its columns do not show what they are"
        )
    )
    columns = f"{', '.join(sheet.columns[:8])}{', …' if len(sheet.columns) > 8 else ''}"
    fix = (
        "Leave it out of the import"
        if seems
        else "Export one row per call, or describe the file by a [[mapping]]. Your own files, "
        f"such as tweaks or orders, are recognised by their headers ({own_headers()})"
    )
    if seems == COSTS:
        fix = (
            'Describe it by a [[mapping]] with kind = "spend" (fields: date, campaign, cost, …; '
            "calltrack fields --kind spend lists them), or leave it out"
        )
    if seems in SALES:
        fix = (
            "To count them as revenue, name its columns closed_at, stage, value and caller_number, "
            "as in outcomes.csv. Or leave it out"
        )
    if seems == TRANSCRIPTS:
        fix = "Save each call's sentences in data/recordings as a file named after the call"
    return UnknownProvider(what, where=f"{path} ({columns})", fix=fix)


def _unclear(path: Path, sheet: Sheet, found: Inference) -> UnclearFile:
    asked = " ".join(question.text for question in found.questions)
    if not asked and "started_at" not in found.fields:
        asked = "No column holds the start of the calls in a known form."
    asked = asked or "Only a time and a number suggest that these are calls. Is each row a call?"
    return UnclearFile(
        f"The file can be read in more than one way. {asked}",
        where=path,
        fix="Answer in a [[mapping]] in calltrack.toml; the block below is ready to paste",
        proposal=proposal_toml(found, sheet.columns, path),
    )


def _check_times(match: Match, first: Chunk, settings: Settings, path: Path) -> None:
    """Refuse a file whose column of times holds none: it was taken for what it is not."""
    if _holds_times(match, first, settings):
        return
    column = match.columns["started_at"][0]
    shown = first.frame[column].dropna().iloc[0]
    raise UnknownProvider(
        f"The file looks like {match.layout.provider}, but {column} holds no times",
        where=f"{path} (such as {shown!r})",
        fix="Describe the file by a [[mapping]], or export it again",
    )


def _holds_times(match: Match, first: Chunk, settings: Settings) -> bool:
    """Tell whether most texts of the start are times; so where there are too few to tell."""
    columns = [name for name in match.columns.get("started_at", ()) if name in first.frame]
    if not columns:
        return True
    head = first.frame[columns].head(_LOOKED_AT)
    texts = head.bfill(axis=1).iloc[:, 0].dropna().astype("str")
    read = times.read_times(texts, "UTC", times.date_order(texts, settings.business.country))
    return len(texts) < 3 or bool(read.series.notna().mean() >= 0.5)


def _title_range(sheet: Sheet, country: str) -> tuple[dt.date, dt.date] | None:
    """Return the first range of days that stands above the header."""
    order = times.date_order(pd.Series(sheet.preamble, dtype="str"), country)
    return next(filter(None, (times.read_range(line, order) for line in sheet.preamble)), None)
