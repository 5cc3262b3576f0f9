"""Staged rows into the tables, month by month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from calltrack_nb import clock, phrasing, schema
from calltrack_nb.workspace.importing.deriving import derive_calls
from calltrack_nb.workspace.importing.doubtful import counted_lines, found_again, quarantine_lines
from calltrack_nb.workspace.importing.keeping import WRITTEN
from calltrack_nb.workspace.importing.provider_calls import (
    LEG,
    SHARED_ID,
    Committed,
    commit_provider_calls,
)
from calltrack_nb.workspace.importing.report import FileImport, ImportReport
from calltrack_nb.workspace.importing.staging import Stage
from calltrack_nb.workspace.store import Workspace

# What identifies a row besides its account, in the tables that are not monthly.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "leads": ("lead_id",),
    "outcomes": ("outcome_id",),
    "tweaks": ("tweak_id",),
    "touchpoints": ("person_key", "call_id", "at", "kind"),
    "visits": ("hour", "channel"),
    "spend": ("date", "days", "channel", "campaign", "currency", "lead_id"),
    "numbers": ("tracking_number", "active_from"),
    "regimes": ("date", "redefined"),
}
_IDS: Final = frozenset({"leads", "outcomes", "tweaks"})
# Tables into which a row may go beside the call or lead that it is.
_KEPT_BESIDE: Final = frozenset({"spend", "touchpoints"})


def commit(stage: Stage, files: Sequence[FileImport]) -> ImportReport:
    """Let staged rows into the tables, all of them at once."""
    done = [file for file in files if not file.seen_before and not file.problem]
    if not done:
        return ImportReport(tuple(files))
    with stage.workspace.changing():
        return _committed(stage, files, done)


def _committed(stage: Stage, files: Sequence[FileImport], done: list[FileImport]) -> ImportReport:
    workspace = stage.workspace
    imports = workspace.table("imports")
    superseded = _superseded(imports, done, stage.replaced)
    earlier = imports[imports["import_id"].isin(superseded)]
    imports = imports[~imports["import_id"].isin(superseded)]
    bare = frozenset(imports["import_id"][imports["whole_minutes"].fillna(value=False)])
    committed = commit_provider_calls(stage, superseded, bare)
    months = committed.months
    kinds = {file.import_id: file.kind for file in done}
    for name, frames in stage.rows.items():
        new = pd.concat(frames, ignore_index=True)
        counted = _commit_rows(workspace, name, new, superseded)
        if name in _KEPT_BESIDE:  # others' rows are counted as the calls and leads they belong to
            counted = tuple(rows[rows.map(kinds).eq(name)] for rows in counted)
        for counts, rows in zip((committed.known, committed.again), counted, strict=True):
            counts.update(rows)
    _drop_rows(workspace, stage.rows, superseded)
    if any(file.kind == "numbers" for file in done):  # they name the channels of calls
        months |= {part.stem for part in workspace.parts("provider_calls")}
    derived = derive_calls(workspace, frozenset(months), committed.whole_minutes)
    told = counted_lines(derived.findings, [file.import_id for file in done])
    files = tuple(_completed(file, committed, told, earlier) for file in files)
    done = [file for file in files if not file.seen_before and not file.problem]
    imports = pd.concat([imports, _imports(done, committed)], ignore_index=True)
    names = dict(zip(imports["import_id"], imports["file"], strict=True))
    listed = workspace.table("quarantine")
    stale = listed["import_id"].isin(superseded) | found_again(listed, derived.months)
    lines = [listed[~stale], *stage.quarantine, committed.shared_ids(done)]
    lines.append(quarantine_lines(derived.findings, names))
    workspace.write_table("quarantine", pd.concat(lines, ignore_index=True))
    workspace.write_table("imports", imports)
    return ImportReport(files, derived.joined, derived.ambiguous, stage.forgotten)


def _completed(
    file: FileImport,
    committed: Committed,
    told: Mapping[str, Sequence[str]],
    earlier: pd.DataFrame,
) -> FileImport:
    """Say of a file what came out when its rows met those known."""
    known, legs, apart, again = (
        counts[file.import_id]
        for counts in (committed.known, committed.legs, committed.apart, committed.again)
    )
    kept = file.rows_kept - known - legs
    notes = [(legs, LEG), (apart, SHARED_ID)]
    counted = [f"{phrasing.number(count)}x the row: {what}" for count, what in notes if count]
    return replace(
        file,
        rows_kept=kept,
        rows_already_known=file.rows_already_known + known,
        rows_read_again=min(kept, max(again, _kept_of_same_content(file, earlier))),
        notes=(*file.notes, *counted, *told.get(file.import_id, ())),
    )


def _kept_of_same_content(file: FileImport, earlier: pd.DataFrame) -> int:
    """Return how many rows the same bytes gave before; read otherwise, they may have other ids."""
    content = earlier["import_id"].str.split("-").str[0]
    kept = earlier.loc[content == file.import_id.split("-")[0], "rows_kept"]
    return int(kept.max()) if len(kept) else 0


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


def _commit_rows(
    workspace: Workspace, name: str, new: pd.DataFrame, superseded: frozenset[str]
) -> tuple[pd.Series[Any], ...]:
    """Add rows to a table that is not monthly; a later import of a key is believed.

    Lines of one file stay beside each other even where their key is the same: two costs
    of one campaign and day add up, and a number listed twice is for the audit to find.

    Returns
    -------
    two of pandas.Series of str
        The imports of the rows that were known, and of those others that are read again: their
        keys are among the superseded rows.
    """
    known = workspace.table(name)
    stale = known["import_id"].isin(superseded)
    taken_out = _keys(known[stale], name)
    known = known[~stale].reset_index(drop=True)
    origin = new["import_id"]
    before, now = _keys(known, name), _keys(new, name)
    again = now.isin(before)
    kept = known[~before.isin(now)]
    if name in _IDS:
        repeated = now.duplicated(keep="last")
        again |= repeated
        new = new[~repeated]
    workspace.write_table(name, pd.concat([kept, new], ignore_index=True))
    read_again = now.isin(taken_out) & ~again
    return origin[again], origin[read_again]


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


def _imports(files: Sequence[FileImport], committed: Committed) -> pd.DataFrame:
    """Return the rows that record the imports of files."""
    new = pd.DataFrame(
        {
            "import_id": [file.import_id for file in files],
            "file": [file.file for file in files],
            "provider": [file.provider for file in files],
            "kind": [file.kind for file in files],
            "imported_at": pd.Timestamp(clock.now()),
            "rows_read": [file.rows_read for file in files],
            "rows_kept": [file.rows_kept for file in files],
            "rows_quarantined": [file.rows_quarantined for file in files],
            "rows_already_known": [file.rows_already_known for file in files],
            "unrecognised_columns": [list(file.unrecognised) for file in files],
            "reason": [file.reason for file in files],
            "whole_minutes": [file.import_id in committed.whole_minutes for file in files],
        }
    ).drop_duplicates("import_id")
    return schema.conform(new, "imports")
