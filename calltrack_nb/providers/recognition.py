"""From a file to batches of canonical rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from calltrack_nb.providers.files.opening import open_sheet
from calltrack_nb.providers.files.sheets import Chunk, Sheet
from calltrack_nb.providers.layouts import Layout, Match, choose, in_words
from calltrack_nb.providers.rows import Context, Rows
from calltrack_nb.providers.systems import crm, google_ads, whatconverts
from calltrack_nb.providers.systems.callrail import CALLRAIL
from calltrack_nb.providers.systems.calltrackingmetrics import CALLTRACKINGMETRICS
from calltrack_nb.providers.systems.own_files import OWN_FILES
from calltrack_nb.providers.systems.spreadsheets import spreadsheet
from calltrack_nb.providers.systems.twilio import TWILIO
from calltrack_nb.settings import Settings

LAYOUTS: Final = (
    CALLRAIL,
    whatconverts.WHATCONVERTS,
    whatconverts.ACCOUNTS,
    google_ads.CALLS,
    google_ads.SPEND,
    CALLTRACKINGMETRICS,
    TWILIO,
    crm.HUBSPOT,
    crm.HUBSPOT_CALLS,
    crm.SALESFORCE,
    *OWN_FILES,
)


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which provider's file this is, and why it was taken for it."""

    provider: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one file, read.

    Parameters
    ----------
    provider, kind : str
        As recognised.
    tables : dict of str to pandas.DataFrame
        Canonical tables, conformed and valid; ``import_id`` and ``caller_key`` are left
        for whoever stores them.
    quarantine : pandas.DataFrame
        ``row, column, value, reason``.
    rows_read, rows_lost, rows_repeated : int
        Records read, records that are in no table, and records with the key of another
        record of the batch.
    unrecognised : tuple of str
        Columns of the file that nothing was done with.
    """

    provider: str
    kind: str
    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    rows_read: int
    rows_lost: int
    rows_repeated: int
    unrecognised: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file whose provider has been recognised; see :func:`open_source`."""

    sheet: Sheet
    match: Match
    settings: Settings

    @property
    def recognition(self) -> Recognition:
        """Which provider was chosen and why."""
        layout = self.match.layout
        reason = f"{in_words(self.match)}; {self.sheet.form}"
        return Recognition(layout.provider, layout.kind, reason)

    def batches(self) -> Iterator[Batch]:
        """Read the file chunk by chunk."""
        context: Context | None = None
        for chunk in self.sheet.chunks():
            if context is None:
                context = Context(self.settings, self.match.layout.provider, chunk.frame)
            yield _batch(chunk, self.match, context)


def layouts(settings: Settings) -> tuple[Layout, ...]:
    """Return every layout, with the aliases of ``calltrack.toml``."""
    return tuple(layout.extended(settings) for layout in (*LAYOUTS, spreadsheet(settings)))


def open_source(path: Path, settings: Settings, *, provider: str | None = None) -> FileSource:
    """Open a file and recognise its provider by its columns.

    Raises
    ------
    UnknownProvider
        When no provider's needed columns are in the file.
    SourceError
        When the file cannot be opened.
    """
    every = layouts(settings)
    sheet = open_sheet(path, _names(every))
    return FileSource(sheet, choose(every, sheet.columns, provider=provider, where=path), settings)


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
        Aliases, channel rules, zone and country.
    provider : str, optional
        The provider, where it is not to be recognised by the columns.

    Raises
    ------
    SourceError
        When the file cannot be read to its end; batches given before are then void.
    """
    yield from open_source(path, settings, provider=provider).batches()


def _names(every: Sequence[Layout]) -> frozenset[str]:
    return frozenset[str]().union(*(layout.names() for layout in every))


def _batch(chunk: Chunk, found: Match, context: Context) -> Batch:
    if found.layout.footer and len(chunk.frame):
        first = chunk.frame.bfill(axis=1).iloc[:, 0]
        data = ~first.str.match(found.layout.footer, na=False).to_numpy(dtype=bool)
        frame = chunk.frame[data].reset_index(drop=True)
        chunk = Chunk(frame, chunk.rows[data], chunk.broken)
    rows = Rows(chunk, found.columns, context)
    tables = found.layout.read(rows)
    return Batch(
        provider=found.layout.provider,
        kind=found.layout.kind,
        tables=tables,
        quarantine=rows.quarantine(),
        rows_read=len(rows) + len(chunk.broken),
        rows_lost=int(rows.lost.sum()) + len(chunk.broken),
        rows_repeated=rows.repeated,
        unrecognised=found.unrecognised,
    )
