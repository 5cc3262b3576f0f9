"""Staged rows into the tables, month by month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from calltrack_nb import providers, tables
from calltrack_nb.intake.deriving import Derived, derive_calls
from calltrack_nb.intake.doubtful import doubtful_notes, judged_again
from calltrack_nb.intake.keeping import WRITTEN
from calltrack_nb.intake.report import FileImport, ImportReport
from calltrack_nb.intake.staging import Stage
from calltrack_nb.workspace import Workspace

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


def commit(stage: Stage, files: Sequence[FileImport]) -> ImportReport:
    """Let staged rows into the tables; the imports are recorded last.

    A process killed on the way leaves rows without a record of their import: the next
    import of the file finds them known and completes it.
    """
    workspace = stage.workspace
    done = [file for file in files if not file.seen_before and not file.problem]
    if not done:
        return ImportReport(tuple(files))
    superseded = _superseded(workspace.table("imports"), done, stage.replaced)
    months, known = _commit_sightings(stage, superseded)
    for name, frames in stage.rows.items():
        new = pd.concat(frames, ignore_index=True)
        known_here = _commit_rows(workspace, name, new, superseded)
        for import_id, count in known_here.items():
            known[import_id] = known.get(import_id, 0) + count
    _drop_rows(workspace, stage.rows, superseded)
    if any(file.kind == "numbers" for file in done):  # they name the channels of calls
        months |= {part.stem for part in workspace.parts("sightings")}
    derived = derive_calls(workspace, months)
    files = tuple(_with_known(file, known.get(file.import_id, 0)) for file in files)
    _record(workspace, files, stage.quarantine, derived, superseded)
    return ImportReport(files, derived.joined, len(derived.ambiguous), stage.forgotten)


def _with_known(file: FileImport, known: int) -> FileImport:
    return replace(
        file,
        rows_kept=file.rows_kept - known,
        rows_already_known=file.rows_already_known + known,
    )


def _superseded(
    imports: pd.DataFrame, done: Sequence[FileImport], replaced: Collection[str]
) -> frozenset[str]:
    """Return the earlier imports whose rows these imports say again.

    Those of the same content under other settings, earlier versions of a file that a
    user writes by hand, and exports that were corrected.
    """
    contents = {file.import_id.split("-")[0] for file in done}
    written = {file.file for file in done if file.kind in WRITTEN}
    same = imports["import_id"].str.split("-").str[0].isin(contents)
    older = imports["file"].isin(written) & imports["kind"].isin(WRITTEN)
    older |= imports["file"].isin(replaced)
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
        workspace.write_month("sightings", month, providers.unite_sightings(sightings, new))
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
    for name in ("leads", "touchpoints", *sorted(WRITTEN)) if superseded else ():
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
    derived: Derived,
    superseded: frozenset[str],
) -> None:
    done = [file for file in files if not file.seen_before and not file.problem]
    listed = workspace.table("quarantine")
    stale = listed["import_id"].isin(superseded)
    stale |= judged_again(workspace, listed, derived.months)
    doubts = doubtful_notes(derived.ambiguous, done[-1].import_id, done[-1].file)
    notes = [listed[~stale], *quarantine, doubts]
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
