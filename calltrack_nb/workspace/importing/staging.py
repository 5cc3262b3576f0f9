"""Rows on their way in: read to the end of their file before any of them enters a table."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import pandas as pd
import pyarrow.parquet as pq
from tqdm import tqdm

from calltrack_nb import phrasing, providers, schema
from calltrack_nb.errors import (
    NO_ROOM,
    CalltrackError,
    SourceError,
    UnclearFile,
    WorkspaceError,
    unforeseen,
)
from calltrack_nb.settings import Settings
from calltrack_nb.workspace.failures import Failure, Failures, reading_of
from calltrack_nb.workspace.importing.keeping import place_in_raw
from calltrack_nb.workspace.importing.report import FileImport
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import unwritable

_HASH_BLOCK: Final = 1 << 20
_HASH_FIGURES: Final = 16
_OPEN_MONTHS: Final = 4
_A_FEW: Final = 4
_IDS: Final = {"calls": "call_id", "leads": "lead_id"}


@dataclass(frozen=True, slots=True)
class ComingFile:
    """A file on its way in."""

    path: Path
    workspace: Workspace
    provider: str | None

    @property
    def name(self) -> str:
        """Its place within the workspace, or its path."""
        path = self.path.resolve()
        inside = path.is_relative_to(self.workspace.folder)
        return printable(path.relative_to(self.workspace.folder) if inside else self.path)

    def import_id(self) -> str:
        """Hash the content, and what the settings make of it."""
        content = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(_HASH_BLOCK):
                content.update(block)
        settings = _reading_settings(self.workspace.settings, self.provider)
        return f"{content.hexdigest()[:_HASH_FIGURES]}-{settings}"


def printable(path: Path) -> str:
    """Write a path as text, also where its bytes are no text in the system's encoding."""
    return path.as_posix().encode("utf-8", "replace").decode()


def _reading_settings(settings: Settings, provider: str | None) -> str:
    """Hash the settings that decide how a file is read."""
    said = settings.sources.model_dump_json() + settings.business.model_dump_json(
        include={"account", "country", "timezone", "currency"}
    )
    # Left out where there are none, so that the names of earlier imports stay.
    said += "".join(mapping.model_dump_json() for mapping in settings.mapping)
    said += "".join(settings.qualified.staff_numbers)
    for account, own in sorted(settings.accounts.items()):
        theirs = own.business.model_dump_json(
            include={"timezone", "currency"} & own.business.model_fields_set
        )
        said += f"{account}{theirs}" if theirs != "{}" else ""
    return hashlib.sha256(f"{said}{provider}".encode()).hexdigest()[:8]


@dataclass(slots=True)
class Stage:
    """Where the rows of files wait until every one of them has been read."""

    folder: Path
    workspace: Workspace
    parts: dict[str, list[tuple[str, Path]]] = field(default_factory=dict)
    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    forgotten_keys: frozenset[str] = frozenset()
    forgotten: int = 0
    forgotten_ids: set[str] = field(default_factory=set)
    copies: dict[Path, Path] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    own_numbers: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    staged: set[str] = field(default_factory=set)
    failures: Failures = field(default_factory=lambda: Failures({}))

    def __post_init__(self) -> None:
        self.own_numbers = own_numbers(self.workspace)
        self.imported = frozenset(self.workspace.table("imports")["import_id"])
        self.failures = Failures.read(self.workspace)
        path = self.workspace.state / "forgotten"
        if path.is_file():
            self.forgotten_keys = frozenset(path.read_text(encoding="utf-8").split())

    def accept(self, name: str, frame: pd.DataFrame, import_id: str) -> pd.DataFrame:
        """Give rows their origin and caller key; drop those of forgotten callers."""
        frame = frame.assign(import_id=import_id)
        if "caller_number" not in frame:
            return frame
        secret = self.workspace.secret()
        frame = providers.caller_keys(frame, secret)
        if self.forgotten_keys:
            forgotten = frame["caller_key"].isin(self.forgotten_keys)
            forgotten |= providers.named_by_ids(
                frame, lambda own: providers.private_key(own, secret) in self.forgotten_keys
            )
            self.forgotten += int(forgotten.sum())
            if name in _IDS:
                self.forgotten_ids.update(frame.loc[forgotten, _IDS[name]])
            frame = frame[~forgotten].reset_index(drop=True)
        return frame


def own_numbers(workspace: Workspace) -> frozenset[str]:
    """Return the business's telephone numbers as its inventory lists them, E.164."""
    numbers = workspace.table("numbers")
    known = pd.concat([numbers["tracking_number"], numbers["destination_number"]])
    return frozenset(known.dropna())


def stage_file(
    stage: Stage, source: ComingFile, bar: tqdm[Path], *, again: bool = False, ask: bool = False
) -> FileImport:
    """Read a file to its end, or give nothing of it and say why.

    Parameters
    ----------
    stage : Stage
    source : ComingFile
    bar : tqdm
    again : bool
        Whether to read a file that was imported before, or that could not be read and has not
        changed since.
    ask : bool
        Whether somebody can be asked what columns mean that would be left out.
    """
    reading = ""
    try:
        import_id = source.import_id()
        reading = reading_of(source.path, import_id, *sorted(stage.own_numbers))
        failed = stage.failures.known(source.name, reading)
        if failed is not None and not again:
            return FileImport(source.name, problem=failed.problem, proposal=failed.proposal)
        made = _staged(stage, source, import_id, bar, again=again, ask=ask)
    except WorkspaceError:
        raise
    except OSError as error:  # another try may mend it
        if error.errno in NO_ROOM and error.filename not in (source.path, str(source.path)):
            raise unwritable(stage.folder, error) from error  # not the file's fault
        problem = SourceError(
            "The file cannot be read", where=f"{source.path} ({error.strerror or error})"
        )
        return FileImport(source.name, problem=str(problem))
    except Exception as error:  # noqa: BLE001 - one odd file must not stop the others
        told = _told(source, error)
        proposal = told.proposal if isinstance(told, UnclearFile) else ""
        stage.failures.of[source.name] = Failure(reading, str(told), proposal)
        return FileImport(source.name, problem=str(told), proposal=proposal)
    stage.failures.of.pop(source.name, None)
    return made


def _told(source: ComingFile, error: Exception) -> CalltrackError:
    if isinstance(error, CalltrackError):
        return error
    return unforeseen("The file cannot be read", source.path, error)


def _staged(
    stage: Stage, source: ComingFile, import_id: str, bar: tqdm[Path], *, again: bool, ask: bool
) -> FileImport:
    # the same content may lie in two files, which are then read once
    if import_id in stage.staged or (import_id in stage.imported and not again):
        return FileImport(source.name, import_id=import_id, seen_before=True)
    opened = providers.open_source(
        source.path,
        stage.workspace.settings,
        provider=source.provider,
        own_numbers=stage.own_numbers,
    )
    if ask and opened.to_ask:
        asked = UnclearFile(
            "Columns left out may hold the calls' direction or status: "
            f"{phrasing.listed(opened.words, 5)}",
            where=source.path,
            fix="Name them in a [[mapping]] in calltrack.toml; the block below is ready to paste",
            proposal=opened.to_ask,
        )
        return FileImport(source.name, problem=str(asked), proposal=asked.proposal)
    kept = place_in_raw(stage.workspace, source.path, opened, stage.copies)
    name = printable(kept.relative_to(stage.workspace.folder))
    made = _stage_batches(stage, name, import_id, opened, bar)
    stage.staged.add(import_id)
    if kept != source.path.resolve():
        stage.copies[kept] = source.path
        if kept.exists():
            stage.replaced.add(name)
    return made


def _stage_batches(
    stage: Stage, name: str, import_id: str, source: providers.FileSource, bar: tqdm[Path]
) -> FileImport:
    recognised = source.recognition
    folder = stage.folder / import_id
    folder.mkdir(exist_ok=True)  # of a file of the same content that broke off
    others: dict[str, list[pd.DataFrame]] = {}
    notes: list[pd.DataFrame] = []
    dialled: set[str] = set()
    found: dict[str, None] = {}
    read = lost = repeated = 0
    with _MonthWriter(folder) as writer:
        for batch in source.batches():
            read += batch.rows_read
            lost += batch.rows_lost
            repeated += batch.rows_repeated
            found |= dict.fromkeys(batch.remarks)
            bar.set_postfix_str(f"{Path(name).name}, {phrasing.plural(read, 'row')}")
            people: dict[str, str] = {}
            for table, frame in batch.tables.items():
                rows = stage.accept(table, frame, import_id)
                if table in _IDS and "touchpoints" in batch.tables:
                    people |= _people(rows, _IDS[table])
                if table == "calls":
                    writer.write(rows)
                    dialled.update(rows["tracking_number"].dropna().unique())
                elif len(rows):
                    others.setdefault(table, []).append(rows)
            if "touchpoints" in batch.tables and (touches := others.get("touchpoints")):
                keys = touches[-1]["person_key"]
                named = [people.get(key, key) for key in keys]
                mine = touches[-1].assign(person_key=named)
                touches[-1] = mine[~keys.isin(stage.forgotten_ids)].reset_index(drop=True)
            if len(batch.quarantine):
                notes.append(batch.quarantine.assign(import_id=import_id, file=name))
    _refuse_unread(read, lost, notes, source)
    for month, path in writer.paths:
        stage.parts.setdefault(month, []).append((import_id, path))
    for table, frames in others.items():
        stage.rows.setdefault(table, []).extend(frames)
    stage.quarantine += [schema.conform(frame, "quarantine") for frame in notes]
    return FileImport(
        file=name,
        provider=recognised.provider,
        kind=recognised.kind,
        reason=recognised.reason,
        import_id=import_id,
        rows_read=read,
        rows_kept=read - lost - repeated,
        rows_quarantined=lost,
        rows_already_known=repeated,
        unrecognised=source.match.unrecognised,
        remarks=(*source.remarks, *found, *_of_another_client(dialled, stage.own_numbers)),
        notes=_counted_notes(notes),
    )


def _refuse_unread(
    read: int, lost: int, notes: list[pd.DataFrame], source: providers.FileSource
) -> None:
    """Refuse a file of which no row could be read: it was taken for what it is not."""
    if read > _A_FEW and read == lost:
        raise SourceError(
            f"None of its {phrasing.plural(read, 'row')} could be read; most often: "
            f"{_counted_notes(notes)[0]}",
            where=source.sheet.form,
            fix=_remedy(source.recognition),
        )


def _remedy(taken_for: providers.Recognition) -> str:
    """Say what helps a file that was misread; only calls and costs can be mapped."""
    look = "check it with import --dry-run"
    if taken_for.kind == "calls":
        return f"Describe the file by a [[mapping]], or {look}"
    if taken_for.kind == "spend":
        return f'Describe the file by a [[mapping]] with kind = "spend", or {look}'
    return f"Correct in the file what the reason names, or {look}"


def _of_another_client(dialled: Collection[str], own: Collection[str]) -> tuple[str, ...]:
    """Say so where none of the numbers that were dialled is in the inventory."""
    if not dialled or not own or set(dialled) & set(own):
        return ()
    numbers = phrasing.plural(len(dialled), "dialled number")
    return (f"none of its {numbers} is in numbers.csv: is this another client's log?",)


def _counted_notes(notes: list[pd.DataFrame]) -> tuple[str, ...]:
    """Say what stands in quarantine, one line for each column and reason, most first."""
    if not notes:
        return ()
    every = pd.concat(notes, ignore_index=True)
    column = every["column"].fillna("the row")
    counts = (column + ": " + every["reason"]).value_counts(sort=True)
    return tuple(f"{phrasing.number(count)}x {what}" for what, count in counts.items())


def _people(rows: pd.DataFrame, key: str) -> dict[str, str]:
    known = rows[rows["caller_key"].notna()]
    return dict(zip(known[key], known["caller_key"], strict=True))


class _MonthWriter:
    """Append rows of calls to staged Parquet files, one or more for each UTC month.

    A file that is being written holds memory; a log is mostly in order of time, so only
    the months written last are kept open. A month that comes up again gets another file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[tuple[str, Path]] = []
        self._open: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._open.values():
            writer.close()

    def write(self, rows: pd.DataFrame) -> None:
        for month, part in _by_month(rows):
            writer = self._open.pop(month, None) or self._begin(month)
            self._open[month] = writer  # last in line to be closed
            writer.write_table(schema.to_arrow(part, "calls"))

    def _begin(self, month: str) -> pq.ParquetWriter:
        if len(self._open) == _OPEN_MONTHS:
            self._open.pop(next(iter(self._open))).close()
        path = self.folder / f"{month}-{len(self.paths)}.parquet"
        self.paths.append((month, path))
        return pq.ParquetWriter(path, schema.arrow_schema("calls"), compression="lz4")


def _by_month(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    months = rows["started_at"].dt.year * 12 + rows["started_at"].dt.month - 1
    for month, part in rows.groupby(months.to_numpy(), sort=True):
        number = int(str(month))
        yield f"{number // 12:04d}-{number % 12 + 1:02d}", part.reset_index(drop=True)
