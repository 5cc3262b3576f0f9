"""Import files into a workspace: all of a file or nothing of it, and never twice.

A file is first read to its end into staged parts; only then do its rows enter the
tables, month by month. A file that was imported before is passed over; one that was
imported under other settings replaces what it gave then. The table of calls is made
anew from the sightings of every month that changed.
"""

from __future__ import annotations

import hashlib
import html
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from calltrack_nb import sources, tables
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import Settings
from calltrack_nb.workspace import Workspace

log = logging.getLogger(__name__)

# The files a user writes: the newest version of a file says all there is to say.
REPLACED: Final = frozenset({"numbers", "spend", "tweaks", "outcomes", "regimes", "visits"})
# What identifies a row besides its account, in the tables that are not monthly.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "leads": ("lead_id",),
    "outcomes": ("outcome_id",),
    "tweaks": ("tweak_id",),
    "touchpoints": ("person_key", "call_id", "at", "kind"),
    "visits": ("hour", "channel"),
    "spend": ("date", "days", "channel", "campaign", "currency"),
    "numbers": ("tracking_number", "active_from"),
    "regimes": ("date", "redefined"),
}
_IDS: Final = frozenset({"leads", "outcomes", "tweaks"})
_CALL_TABLES: Final = ("utterances", "findings", "call_themes", "talk", "recordings", "corrections")
_HASH_BLOCK: Final = 1 << 20
_FIGURES: Final = 16


@dataclass(frozen=True, slots=True)
class FileImport:
    """What became of one file.

    Parameters
    ----------
    file : str
        Its name within the workspace, or its path.
    provider, kind, reason : str
        What it was taken for, and why.
    import_id : str
        Of its content and the settings it was read under.
    rows_read, rows_kept, rows_quarantined, rows_already_known : int
        Rows kept are new; rows already known came in an earlier export.
    unrecognised : tuple of str
        Columns nothing was done with.
    seen_before : bool
        Whether the same file had been imported and nothing was done.
    problem : str or None
        Why nothing of it was imported.
    """

    file: str
    provider: str = ""
    kind: str = ""
    reason: str = ""
    import_id: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    rows_already_known: int = 0
    unrecognised: tuple[str, ...] = ()
    seen_before: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Parameters
    ----------
    files : tuple of FileImport
    joined : int
        Sightings of calls that another export or provider had seen too.
    ambiguous : int
        Sightings that may be of one call and were left apart.
    forgotten : int
        Rows passed over because their caller asked to be forgotten.
    """

    files: tuple[FileImport, ...]
    joined: int = 0
    ambiguous: int = 0
    forgotten: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each file of which nothing was imported."""
        return tuple(file.problem for file in self.files if file.problem)

    @property
    def table(self) -> pd.DataFrame:
        """One row per file."""
        return pd.DataFrame(
            {
                "file": [file.file for file in self.files],
                "taken for": [f"{file.provider} {file.kind}".strip() for file in self.files],
                "read": [file.rows_read for file in self.files],
                "new": [file.rows_kept for file in self.files],
                "known": [file.rows_already_known for file in self.files],
                "quarantined": [file.rows_quarantined for file in self.files],
                "columns not recognised": [", ".join(file.unrecognised) for file in self.files],
            }
        )

    @property
    def text(self) -> str:
        """What was done, in a sentence or two."""
        done = [file for file in self.files if not file.seen_before and not file.problem]
        new = sum(file.rows_kept for file in done)
        parts = [f"{new:,} new rows from {_counted(len(done), 'file')}"]
        if before := sum(file.seen_before for file in self.files):
            parts.append(f"{_counted(before, 'file')} already imported")
        if known := sum(file.rows_already_known for file in done):
            parts.append(f"{known:,} rows already known")
        if quarantined := sum(file.rows_quarantined for file in done):
            parts.append(f"{quarantined:,} rows in quarantine")
        if self.joined:
            parts.append(f"{self.joined:,} calls that two sources saw joined into one each")
        if self.ambiguous:
            parts.append(f"{self.ambiguous:,} that may be doubles left apart and listed")
        if self.forgotten:
            parts.append(f"{self.forgotten:,} rows of forgotten callers passed over")
        if self.problems:
            parts.append(f"{_counted(len(self.problems), 'file')} could not be read")
        return "; ".join(parts) + "."

    def _repr_html_(self) -> str:
        body = self.table.to_html(index=False, border=0)
        return f"<p>{html.escape(self.text)}</p>{body}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def import_files(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    provider: str | None = None,
    progress: bool = False,
) -> ImportReport:
    """Import exports into a workspace.

    Parameters
    ----------
    workspace : Workspace
        Whose lock the caller holds.
    paths : iterable of pathlib.Path
        Files of any provider, in any order.
    provider : str, optional
        The provider, where it is not to be recognised by the columns.
    progress : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    ImportReport
        A file that cannot be read is a line among its problems; the others are
        imported all the same.
    """
    chosen = list(paths)
    workspace.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workspace.state, prefix="import-") as folder:
        stage = _Stage(Path(folder), workspace)
        files = []
        with tqdm(chosen, desc="import", unit="file", disable=not progress) as bar:
            for path in bar:
                bar.set_postfix_str(path.name)
                files.append(_stage_source(stage, _FileSource(path, workspace, provider), bar))
        return _commit(stage, files)


# -- staging --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _FileSource:
    """A file on its way in."""

    path: Path
    workspace: Workspace
    provider: str | None

    @property
    def name(self) -> str:
        path = self.path.resolve()
        if path.is_relative_to(self.workspace.folder):
            return path.relative_to(self.workspace.folder).as_posix()
        return str(self.path)

    def import_id(self) -> str:
        """Hash the content, and what the settings make of it."""
        content = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(_HASH_BLOCK):
                content.update(block)
        settings = _reading_settings(self.workspace.settings, self.provider)
        return f"{content.hexdigest()[:_FIGURES]}-{settings}"


def _reading_settings(settings: Settings, provider: str | None) -> str:
    """Hash the settings that decide how a file is read."""
    said = settings.sources.model_dump_json() + settings.business.model_dump_json(
        include={"account", "country", "timezone", "currency"}
    )
    return hashlib.sha256(f"{said}{provider}".encode()).hexdigest()[:8]


@dataclass(slots=True)
class _Stage:
    """Where the rows of files wait until every one of them has been read."""

    folder: Path
    workspace: Workspace
    parts: dict[str, list[tuple[str, Path]]] = field(default_factory=dict)
    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    forgotten_keys: frozenset[str] = frozenset()
    forgotten: int = 0

    def __post_init__(self) -> None:
        path = self.workspace.state / "forgotten"
        if path.is_file():
            self.forgotten_keys = frozenset(path.read_text(encoding="utf-8").split())

    def accept(self, name: str, frame: pd.DataFrame, import_id: str) -> pd.DataFrame:
        """Give rows their origin and caller key; drop those of forgotten callers."""
        frame = frame.assign(import_id=import_id)
        if "caller_number" not in frame:
            return frame
        frame = sources.caller_keys(frame, self.workspace.secret())
        if self.forgotten_keys and name != "quarantine":
            forgotten = frame["caller_key"].isin(self.forgotten_keys)
            self.forgotten += int(forgotten.sum())
            frame = frame[~forgotten].reset_index(drop=True)
        return frame


def _stage_source(stage: _Stage, source: _FileSource, bar: tqdm[Path]) -> FileImport:
    """Read a file to its end, or give nothing of it and say why."""
    try:
        import_id = source.import_id()
        imports = stage.workspace.table("imports")
        if (imports["import_id"] == import_id).any():
            return FileImport(source.name, import_id=import_id, seen_before=True)
        opened = sources.open_source(
            source.path, stage.workspace.settings, provider=source.provider
        )
        return _stage_batches(stage, source.name, import_id, opened, bar)
    except CalltrackError as error:
        return FileImport(source.name, problem=str(error))
    except OSError as error:
        return FileImport(
            source.name, problem=f"The file cannot be read: {source.path} ({error.strerror})."
        )


def _stage_batches(
    stage: _Stage, name: str, import_id: str, source: sources.FileSource, bar: tqdm[Path]
) -> FileImport:
    recognised = source.recognition
    folder = stage.folder / import_id
    folder.mkdir()
    others: dict[str, list[pd.DataFrame]] = {}
    notes: list[pd.DataFrame] = []
    read = lost = repeated = 0
    with _MonthWriter(folder) as writer:
        for batch in source.batches():
            read += batch.rows_read
            lost += batch.rows_lost
            repeated += batch.rows_repeated
            bar.set_postfix_str(f"{Path(name).name}, {read:,} rows")
            people: dict[str, str] = {}
            for table, frame in batch.tables.items():
                rows = stage.accept(table, frame, import_id)
                if table in ("calls", "leads") and "touchpoints" in batch.tables:
                    people |= _people(rows, "call_id" if table == "calls" else "lead_id")
                if table == "calls":
                    writer.write(rows)
                elif len(rows):
                    others.setdefault(table, []).append(rows)
            if people and (touches := others.get("touchpoints")):
                keys = touches[-1]["person_key"]
                touches[-1] = touches[-1].assign(person_key=keys.map(people).fillna(keys))
            if len(batch.quarantine):
                notes.append(batch.quarantine.assign(import_id=import_id, file=name))
    for month, path in writer.paths.items():
        stage.parts.setdefault(month, []).append((import_id, path))
    for table, frames in others.items():
        stage.rows.setdefault(table, []).extend(frames)
    stage.quarantine += [tables.conform(frame, "quarantine") for frame in notes]
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
    )


def _people(rows: pd.DataFrame, key: str) -> dict[str, str]:
    known = rows[rows["caller_key"].notna()]
    return dict(zip(known[key], known["caller_key"], strict=True))


class _MonthWriter:
    """Append rows of calls to one staged Parquet file per UTC month."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[str, Path] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def write(self, rows: pd.DataFrame) -> None:
        for month, part in _by_month(rows):
            if month not in self._writers:
                self.paths[month] = self.folder / f"{month}.parquet"
                self._writers[month] = pq.ParquetWriter(
                    self.paths[month], tables.arrow_schema("calls"), compression="lz4"
                )
            self._writers[month].write_table(tables.to_arrow(part, "calls"))


def _by_month(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    months = rows["started_at"].dt.year * 12 + rows["started_at"].dt.month - 1
    for month, part in rows.groupby(months.to_numpy(), sort=True):
        number = int(str(month))
        yield f"{number // 12:04d}-{number % 12 + 1:02d}", part.reset_index(drop=True)


# -- committing -----------------------------------------------------------------------


def _commit(stage: _Stage, files: Sequence[FileImport]) -> ImportReport:
    """Let staged rows into the tables; the imports are recorded last.

    A process killed on the way leaves rows without a record of their import: the next
    import of the file finds them known and completes it.
    """
    workspace = stage.workspace
    done = [file for file in files if not file.seen_before and not file.problem]
    if not done:
        return ImportReport(tuple(files))
    superseded = _superseded(workspace.table("imports"), done)
    months, known = _commit_sightings(stage, superseded)
    joined, ambiguous = _derive_calls(workspace, months)
    for name, frames in stage.rows.items():
        new = pd.concat(frames, ignore_index=True)
        known_here = _commit_rows(workspace, name, new, superseded)
        for import_id, count in known_here.items():
            known[import_id] = known.get(import_id, 0) + count
    _drop_rows(workspace, stage.rows, superseded)
    files = tuple(_with_known(file, known.get(file.import_id, 0)) for file in files)
    _record(workspace, files, stage.quarantine, ambiguous, superseded)
    return ImportReport(files, joined, len(ambiguous), stage.forgotten)


def _with_known(file: FileImport, known: int) -> FileImport:
    if not known:
        return file
    values = {name: getattr(file, name) for name in FileImport.__dataclass_fields__}
    values["rows_kept"] = file.rows_kept - known
    values["rows_already_known"] = file.rows_already_known + known
    return FileImport(**values)


def _superseded(imports: pd.DataFrame, done: Sequence[FileImport]) -> frozenset[str]:
    """Return the earlier imports whose rows these imports say anew.

    Those of the same content under other settings, and earlier versions of a file that
    a user writes by hand.
    """
    contents = {file.import_id.split("-")[0] for file in done}
    written = {file.file for file in done if file.kind in REPLACED}
    same = imports["import_id"].str.split("-").str[0].isin(contents)
    older = imports["file"].isin(written) & imports["kind"].isin(REPLACED)
    return frozenset(imports.loc[same | older, "import_id"])


def _commit_sightings(
    stage: _Stage, superseded: frozenset[str]
) -> tuple[frozenset[str], dict[str, int]]:
    """Add the staged calls to the sightings of their months."""
    workspace = stage.workspace
    known: dict[str, int] = {}
    months = set(stage.parts) | _months_of(workspace, superseded)
    for month in sorted(months):
        sightings = workspace.read_month("sightings", month)
        if superseded:
            sightings = sightings[~sightings["import_id"].isin(superseded)]
        ids = pd.Index(sightings["call_id"])
        fresh = []
        for import_id, path in stage.parts.get(month, ()):
            rows = tables.from_arrow(pq.read_table(path), "calls")
            again = int(rows["call_id"].isin(ids).sum()) + int(rows["call_id"].duplicated().sum())
            known[import_id] = known.get(import_id, 0) + again
            if len(stage.parts[month]) > 1:
                ids = ids.union(pd.Index(rows["call_id"]))
            fresh.append(rows)
        new = pd.concat(fresh, ignore_index=True) if fresh else tables.empty("calls")
        workspace.write_month("sightings", month, sources.unite_sightings(sightings, new))
    return frozenset(months), known


def _months_of(workspace: Workspace, imports: frozenset[str]) -> set[str]:
    """Return the months that hold sightings of some imports."""
    parts = workspace.parts("sightings")
    found = set()
    for part in parts if imports else ():
        ids = pq.read_table(part, columns=["import_id"], partitioning=None)["import_id"]
        if imports & set(ids.unique().to_pylist()):
            found.add(part.stem)
    return found


def _derive_calls(workspace: Workspace, months: frozenset[str]) -> tuple[int, pd.DataFrame]:
    """Make the calls of the changed months anew from their sightings."""
    joined = 0
    ambiguous = []
    renamed: dict[str, str] = {}
    merges = {}
    for month in sorted(months | _months_of_same_callers(workspace, months)):
        merge = sources.join_sightings(workspace.read_month("sightings", month))
        earliest = _earliest(workspace, merge.calls)
        calls = sources.first_calls(merge.calls, earliest)
        calls = calls.assign(spam_score=sources.spam_scores(calls))
        workspace.write_month("calls", month, calls)
        if month in months:
            joined += len(merge.joined)
            ambiguous.append(merge.ambiguous)
            renamed |= dict(zip(merge.joined["other_id"], merge.joined["call_id"], strict=True))
        merges[month] = len(calls)
    log.info("calls of %d months made from sightings", len(merges))
    _rename_calls(workspace, renamed)
    listed = pd.concat(ambiguous, ignore_index=True) if ambiguous else pd.DataFrame()
    return joined, listed


def _months_of_same_callers(workspace: Workspace, months: frozenset[str]) -> set[str]:
    """Return other months where a caller of the changed months has no word on first calls.

    An earlier call that came in later takes the first call from a caller's later ones.
    """
    parts = {part.stem: str(part) for part in workspace.parts("sightings")}
    mine = [parts[month] for month in sorted(months) if month in parts]
    rest = [path for month, path in parts.items() if month not in months]
    if not mine or not rest:
        return set()
    query = """
        select distinct filename from read_parquet($rest, filename = true)
        where first_call is null and caller_key in (
            select caller_key from read_parquet($mine) where caller_key is not null
        )
    """
    with duckdb.connect() as connection:
        found = connection.execute(query, {"rest": rest, "mine": mine}).fetchall()
    return {Path(str(row[0])).stem for row in found}


def _earliest(workspace: Workspace, calls: pd.DataFrame) -> pd.DataFrame | None:
    """Return the first inbound call ever of the callers whose provider does not say."""
    unsaid = calls["first_call"].isna() & calls["caller_key"].notna()
    if not unsaid.any():
        return None
    wanted = pa.table({"caller_key": calls.loc[unsaid, "caller_key"].unique().tolist()})
    paths = [str(part) for part in workspace.parts("sightings")]
    query = """
        select account, caller_key, min(started_at) as started_at
        from read_parquet($paths) semi join wanted using (caller_key)
        where direction = 'inbound' group by all
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("wanted", wanted)
        rows = connection.sql(query, params={"paths": paths}).to_arrow_table()
    found: pd.DataFrame = rows.to_pandas()
    return found.astype({"started_at": tables.UTC, "account": "str", "caller_key": "str"})


def _rename_calls(workspace: Workspace, renamed: Mapping[str, str]) -> None:
    """Let what hangs on a call's old id hang on the id it was joined into."""
    if not renamed:
        return
    for name in _CALL_TABLES:
        frame = workspace.table(name)
        if len(frame) and frame["call_id"].isin(renamed.keys()).any():
            ids = frame["call_id"].map(renamed).fillna(frame["call_id"])
            changed = frame.assign(call_id=ids)
            if name in ("talk", "recordings"):
                changed = changed.drop_duplicates("call_id", keep="last")
            workspace.write_table(name, changed)


def _commit_rows(
    workspace: Workspace, name: str, new: pd.DataFrame, superseded: frozenset[str]
) -> dict[str, int]:
    """Add rows to a table that is not monthly; a later import of a key is believed.

    Lines of one file stay beside each other even where their key is the same: two costs
    of one campaign and day add up, and a number listed twice is for the audit to find.

    Returns
    -------
    dict of str to int
        For each import, how many of its rows were known.
    """
    known = workspace.table(name)
    known = known[~known["import_id"].isin(superseded)].reset_index(drop=True)
    origin = new["import_id"]
    before, now = _keys(known, name), _keys(new, name)
    again = now.isin(before)
    kept = known[~before.isin(now)]
    if name in _IDS:
        repeated = now.duplicated(keep="last")
        again |= repeated
        new = new[~repeated]
    workspace.write_table(name, pd.concat([kept, new], ignore_index=True))
    counts = origin[again].value_counts()
    return {str(import_id): int(count) for import_id, count in counts.items()}


def _keys(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Join what identifies each row of a table into one text."""
    joined = frame["account"].fillna("")
    for column in _KEYS[name]:
        joined = joined + "\x1f" + frame[column].astype("str").fillna("")
    return joined


def _drop_rows(
    workspace: Workspace, staged: Mapping[str, object], superseded: frozenset[str]
) -> None:
    """Take the rows of superseded imports out of tables that got no new rows."""
    for name in ("leads", "touchpoints", *sorted(REPLACED)) if superseded else ():
        if name in staged:
            continue
        frame = workspace.table(name)
        stale = frame["import_id"].isin(superseded)
        if stale.any():
            workspace.write_table(name, frame[~stale])


def _record(
    workspace: Workspace,
    files: Sequence[FileImport],
    quarantine: Sequence[pd.DataFrame],
    ambiguous: pd.DataFrame,
    superseded: frozenset[str],
) -> None:
    done = [file for file in files if not file.seen_before and not file.problem]
    listed = workspace.table("quarantine")
    listed = listed[~listed["import_id"].isin(superseded)]
    notes = [listed, *quarantine]
    if len(ambiguous):
        values = ambiguous["call_id"] + " or " + ambiguous["other_id"]
        reason = (
            "may be the same call; left apart because another pairing is nearly as likely ("
            + ambiguous["because"]
            + "in all "
            + ambiguous["score"].astype("str")
            + ")"
        )
        pairs = pd.DataFrame({"value": values, "reason": reason})
        pairs = pairs.assign(import_id=done[-1].import_id, file=done[-1].file, column="call_id")
        pairs = pairs[~pairs["value"].isin(listed["value"])]
        notes.append(tables.conform(pairs, "quarantine"))
    workspace.write_table("quarantine", pd.concat(notes, ignore_index=True))
    imports = workspace.table("imports")
    imports = imports[~imports["import_id"].isin(superseded)]
    new = pd.DataFrame(
        {
            "import_id": [file.import_id for file in done],
            "file": [file.file for file in done],
            "provider": [file.provider for file in done],
            "kind": [file.kind for file in done],
            "imported_at": pd.Timestamp.now("UTC"),
            "rows_read": [file.rows_read for file in done],
            "rows_kept": [file.rows_kept for file in done],
            "rows_quarantined": [file.rows_quarantined for file in done],
            "rows_already_known": [file.rows_already_known for file in done],
            "unrecognised_columns": [list(file.unrecognised) for file in done],
            "reason": [file.reason for file in done],
        }
    ).drop_duplicates("import_id")
    rows = [imports, tables.conform(new, "imports")]
    workspace.write_table("imports", pd.concat(rows, ignore_index=True))
