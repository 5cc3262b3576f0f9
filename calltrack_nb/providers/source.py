"""A file whose layout is known, read chunk by chunk into canonical tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import pandas as pd

from calltrack_nb.phrasing import listed
from calltrack_nb.providers.context import Context
from calltrack_nb.providers.files.sheets import Chunk, Sheet
from calltrack_nb.providers.layouts import Match, in_words
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values.web_addresses import CLICK_IDS

TELLING_DIRECTION: Final = ("direction", "from_number")
"""The fields any of which tells which way calls went."""
TELLING_STATUS: Final = ("status", "answered", "missed", "connected_at")
"""The fields any of which tells whether somebody answered."""
_ORDERS_LACK: Final = {
    ("stage", "won"): "no column holds the stage (won, lost or open): no order counts as won",
    ("value",): "no column holds a value: these orders bring no revenue",
    (
        *("caller_number", "email", "call_id", *CLICK_IDS, "click_id"),
        *("landing_page", "last_page"),
    ): "no column says whose order it is (caller_number, call_id, email or a click id): no call is "
    "credited with it",
}
_FEWEST_WORDS: Final = 2
_MOST_WORDS: Final = 12
_FILLED: Final = 0.8
_LETTERED: Final = 0.7  # a dash or a number may stand among the words


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
    remarks : tuple of str
        What was found on the way, such as a second table.
    """

    provider: str
    kind: str
    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    rows_read: int
    rows_lost: int
    rows_repeated: int
    unrecognised: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file whose provider has been recognised; see :func:`open_source`.

    Parameters
    ----------
    sheet : Sheet
    match : Match
    context : Context
    first : Chunk
        The first records, by which the file was recognised.
    rest : iterator of Chunk
        The others; they can be read once.
    """

    sheet: Sheet
    match: Match
    context: Context
    first: Chunk
    rest: Iterator[Chunk]

    @property
    def recognition(self) -> Recognition:
        """Which provider was chosen and why."""
        layout = self.match.layout
        reason = f"{in_words(self.match)}; {self.sheet.form}"
        return Recognition(layout.provider, layout.kind, reason)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of how the file is read, a line each."""
        found = [
            f"{' + '.join(self.match.columns.get(name, ()))} as {name}: {reason}"
            for name, reason in self.match.reasons.items()
        ]
        absent = [f"{name}: the column named for it is missing" for name in self.match.absent]
        return (
            *self.sheet.remarks,
            *self._range(),
            *self._assumed(),
            *self._without(),
            *found,
            *absent,
            *self._notations(),
            *self._clients(),
        )

    def _assumed(self) -> list[str]:
        """Say what the columns do not tell, and what is taken for granted then."""
        if self.match.layout.kind != "calls" or not self.match.reasons:
            return []
        known = set(self.match.columns)
        said = []
        if not set(TELLING_DIRECTION) & known:
            said.append("no column holds the direction: every call counts as inbound")
        if not set(TELLING_STATUS) & known:
            said.append("no column holds the status: no call is known to be answered or missed")
        if said and self.words:
            said.append(
                f"{listed(self.words, 5)} may hold it: name the column in a [[mapping]] (direction "
                "or status, with the meaning of each word)"
            )
        if not {"caller_number", "from_number"} & known:
            said.append("no column holds the callers' numbers: callers cannot be told apart")
        return said

    def _without(self) -> list[str]:
        """Say what orders without some columns cannot tell."""
        if self.match.layout.kind != "outcomes":
            return []
        known = set(self.match.columns)
        return [said for fields, said in _ORDERS_LACK.items() if not known & set(fields)]

    @property
    def to_ask(self) -> str:
        """The reading as a ``[[mapping]]``, where what is left out may tell direction or status."""
        known = set(self.match.columns)
        told = set(TELLING_DIRECTION) & known and set(TELLING_STATUS) & known
        return self.match.proposal if not told and self.words else ""

    @property
    def words(self) -> dict[str, tuple[str, ...]]:
        """Of the columns nothing is done with, those of few words, and the words."""
        found = {}
        for name in self.match.unrecognised:
            cells = self.first.frame[name].dropna().str.strip()
            said = cells.drop_duplicates()
            words = said.str.contains(r"[^\W\d_]", regex=True).astype(bool)
            lettered = words.mean() >= _LETTERED
            few = _FEWEST_WORDS <= len(said) <= _MOST_WORDS and len(cells) > len(said)
            if few and lettered and len(cells) >= _FILLED * len(self.first.frame):
                found[name] = tuple(map(str, said[words]))
        return found

    def _range(self) -> list[str]:
        """Say that costs are of the days that the title names."""
        span = self.context.title_range
        dated = {"date", "week", "month"} & set(self.match.columns)
        if self.match.layout.kind != "spend" or dated or span is None:
            return []
        return [f"no day is given: every cost covers {span[0]} to {span[1]}, as the title says"]

    def _clients(self) -> list[str]:
        """Say that a file holds several clients, each of which becomes an account."""
        columns = self.match.columns.get("company", ())
        if not columns or not self.context.several(columns):
            return []
        names = sorted(self.context.sample[columns[0]].dropna().unique())
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        said = [f"{columns[0]} names {len(names)} clients, an account each: {shown}"]
        zones = {name: self.context.settings.of_account(name).business.timezone for name in names}
        if not self.context.said_zone and len(set(zones.values())) > 1:
            said.append(
                "times without an offset are read on each client's own clock: "
                + ", ".join(f"{name} {zone}" for name, zone in list(zones.items())[:5])
            )
        alike: dict[str, list[str]] = {}
        for name in names:
            plain = unicodedata.normalize("NFKD", str(name)).casefold()
            alike.setdefault("".join(filter(str.isalnum, plain)), []).append(name)
        return said + [
            f"these clients' names differ in case, accents or signs only, and are kept apart: "
            f"{', '.join(map(repr, same))}"
            for same in alike.values()
            if len(same) > 1
        ]

    def _notations(self) -> list[str]:
        """Say in which order days and months were read where the texts do not settle it."""
        columns = self.match.columns.get("started_at", ())
        if self.context.holds_days(columns):
            return [f"{columns[0]} holds days only: every call is placed at midnight"]
        texts = [self.first.frame[name] for name in columns if name in self.first.frame]
        if not texts or not texts[0].str.match(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}", na=False).any():
            return []
        return [f"{columns[0]}: {self.context.date_order(columns).reason}"]

    def batches(self) -> Iterator[Batch]:
        """Read the file chunk by chunk, once."""
        for chunk in chain([self.first], self.rest):
            yield _batch(chunk, self.match, self.context)


def _batch(chunk: Chunk, found: Match, context: Context) -> Batch:
    layout = found.layout
    if layout.footer and len(chunk.frame):
        first = chunk.frame.bfill(axis=1).iloc[:, 0]
        data = ~first.str.match(layout.footer, na=False).to_numpy(dtype=bool)
        frame = chunk.frame[data].reset_index(drop=True)
        chunk = replace(chunk, frame=frame, rows=chunk.rows[data])
    if layout.prepare is not None:
        chunk = layout.prepare(chunk)
    rows = Rows(chunk, found.columns, context, layout.units)
    tables = layout.read(rows)
    return Batch(
        provider=layout.provider,
        kind=layout.kind,
        tables=tables,
        quarantine=rows.quarantine(),
        rows_read=len(rows) + len(chunk.broken),
        rows_lost=int(rows.lost.sum()) + len(chunk.broken),
        rows_repeated=rows.repeated,
        unrecognised=found.unrecognised,
        remarks=chunk.remarks,
    )
