"""Staged rows into the tables, month by month, and the calls made anew from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb import sources, tables
from calltrack_nb.intake.report import FileImport, ImportReport
from calltrack_nb.intake.staging import Stage
from calltrack_nb.workspace import Workspace

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


def commit(stage: Stage, files: Sequence[FileImport]) -> ImportReport:
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
    for name, frames in stage.rows.items():
        new = pd.concat(frames, ignore_index=True)
        known_here = _commit_rows(workspace, name, new, superseded)
        for import_id, count in known_here.items():
            known[import_id] = known.get(import_id, 0) + count
    _drop_rows(workspace, stage.rows, superseded)
    if any(file.kind == "numbers" for file in done):  # they name the channels of calls
        months |= {part.stem for part in workspace.parts("sightings")}
    joined, ambiguous = _derive_calls(workspace, months)
    files = tuple(_with_known(file, known.get(file.import_id, 0)) for file in files)
    _record(workspace, files, stage.quarantine, ambiguous, superseded)
    return ImportReport(files, joined, len(ambiguous), stage.forgotten)


def _with_known(file: FileImport, known: int) -> FileImport:
    return replace(
        file,
        rows_kept=file.rows_kept - known,
        rows_already_known=file.rows_already_known + known,
    )


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
    stage: Stage, superseded: frozenset[str]
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
    numbers = workspace.table("numbers")
    with _Earliest(workspace) as earliest:
        for month in sorted(months | _months_of_same_callers(workspace, months)):
            merge = sources.join_sightings(workspace.read_month("sightings", month))
            calls = sources.fill_from_numbers(merge.calls, numbers)
            calls = sources.first_calls(calls, earliest.of(calls))
            calls = calls.assign(spam_score=sources.spam_scores(calls))
            workspace.write_month("calls", month, calls)
            if month in months:
                joined += len(merge.joined)
                ambiguous.append(merge.ambiguous)
                renamed |= dict(zip(merge.joined["other_id"], merge.joined["call_id"], strict=True))
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


class _Earliest:
    """The first inbound call ever of every caller, worked out once and only if asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._paths = [str(part) for part in workspace.parts("sightings")]
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def of(self, calls: pd.DataFrame) -> pd.DataFrame | None:
        """Return ``account, caller_key, started_at`` of callers whose provider is silent."""
        unsaid = calls["first_call"].isna() & calls["caller_key"].notna()
        if not unsaid.any():
            return None
        if self._connection is None:
            self._connection = duckdb.connect()
            self._connection.execute("set timezone = 'UTC'")
            query = """
                create temp table earliest as
                select account, caller_key, min(started_at) as started_at
                from read_parquet($paths)
                where direction = 'inbound' and caller_key is not null group by all
            """
            self._connection.execute(query, {"paths": self._paths})
        wanted = pa.table({"caller_key": calls.loc[unsaid, "caller_key"].unique().tolist()})
        self._connection.register("wanted", wanted)
        query = "select * from earliest semi join wanted using (caller_key)"
        found: pd.DataFrame = self._connection.sql(query).to_arrow_table().to_pandas()
        self._connection.unregister("wanted")
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
