"""Staged calls into the provider calls of their months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from calltrack_nb import phrasing, providers, schema
from calltrack_nb.workspace.importing.gathering import Gathered
from calltrack_nb.workspace.importing.report import FileImport
from calltrack_nb.workspace.importing.staging import Stage
from calltrack_nb.workspace.store import Workspace

LEG: Final = "a further row of a call, with the same id or the same caller, number and times"
SHARED_ID: Final = (
    "another call hours apart has the same id; kept as a separate call. Check that the column "
    "holds call ids"
)


@dataclass(slots=True)
class Committed:
    """What became of the staged calls, by import.

    Parameters
    ----------
    months : set of str
        The months whose provider calls changed.
    whole_minutes : frozenset of str
        The imports all of whose calls start at a whole minute.
    known : Counter of str
        Rows of calls that were imported before.
    legs : Counter of str
        Rows beyond the first of calls that were not.
    apart : Counter of str
        Rows whose id is another call's too.
    again : Counter of str
        Rows of calls that only the imports taken out had brought.
    """

    months: set[str]
    whole_minutes: frozenset[str]
    known: Counter[str] = field(default_factory=Counter)
    legs: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)

    def shared_ids(self, files: Sequence[FileImport]) -> pd.DataFrame:
        """List the files whose ids stand for several calls, as rows of the quarantine."""
        lines = [
            {
                "import_id": file.import_id,
                "file": file.file,
                "column": "call_id",
                "reason": f"{phrasing.number(self.apart[file.import_id])}x {SHARED_ID}",
            }
            for file in files
            if file.import_id in self.apart
        ]
        return schema.conform(pd.DataFrame(lines), "quarantine")

    def count(
        self, provider_calls: pd.DataFrame, new: pd.DataFrame, taken_out: pd.Series[Any]
    ) -> None:
        """Count the rows of a month that are known, read again, or further legs of calls."""
        known = new["call_id"].isin(provider_calls["call_id"]).to_numpy()
        again = new["call_id"].duplicated().to_numpy()
        if again.any():
            brought = new.groupby("call_id", sort=False)["import_id"].transform("first")
            known = known | (new["import_id"] != brought).to_numpy()
        read_again = new["call_id"].isin(taken_out).to_numpy() & ~known & ~again
        for counts, rows in (
            (self.known, known),
            (self.legs, again & ~known),
            (self.again, read_again),
        ):
            counts.update(new["import_id"][rows])


def commit_provider_calls(
    stage: Stage, superseded: frozenset[str], whole_minutes: frozenset[str]
) -> Committed:
    """Add the staged calls to the provider calls of their months.

    Parameters
    ----------
    stage : Stage
        Whose files were read to their end.
    superseded : frozenset of str
        Imports whose provider calls are taken out.
    whole_minutes : frozenset of str
        Earlier imports whose times have no seconds.
    """
    workspace = stage.workspace
    paths = [path for parts in stage.parts.values() for _, path in parts]
    gathered = Gathered.of(paths, workspace.parts("provider_calls"), superseded)
    committed = Committed(
        set(stage.parts) | _months_of(workspace, superseded) | gathered.touched,
        _whole_minutes([str(path) for path in paths]) | whole_minutes,
        apart=Counter(gathered.apart),
    )
    for month in sorted(committed.months):
        provider_calls = workspace.read_month("provider_calls", month)
        stale = provider_calls["import_id"].isin(superseded)
        taken_out = provider_calls.loc[stale, "call_id"]
        provider_calls = provider_calls[~stale]
        provider_calls = gathered.settled(provider_calls, month, known=True)
        parts = [pq.read_table(path) for _, path in stage.parts.get(month, ())]
        staged = [schema.from_arrow(part, "calls") for part in parts] or [schema.empty("calls")]
        new = gathered.settled(pd.concat(staged, ignore_index=True), month, known=False)
        committed.count(provider_calls, new, taken_out)
        united = providers.unite_provider_calls(provider_calls, new, committed.whole_minutes)
        workspace.write_month("provider_calls", month, united)
    return committed


def _whole_minutes(paths: Sequence[str]) -> frozenset[str]:
    """Return the staged imports whose times have no seconds."""
    if not paths:
        return frozenset()
    query = """
        select import_id from read_parquet($paths) group by import_id
        having bool_and(date_trunc('minute', started_at) = started_at)
    """
    with duckdb.connect() as connection:
        rows = connection.execute(query, {"paths": paths}).fetchall()
    return frozenset(str(row[0]) for row in rows)


def _months_of(workspace: Workspace, imports: frozenset[str]) -> set[str]:
    """Return the months that hold provider calls of some imports."""
    parts = workspace.parts("provider_calls")
    found = set()
    for part in parts if imports else ():
        ids = pq.read_table(part, columns=["import_id"], partitioning=None)["import_id"]
        if imports & set(ids.unique().to_pylist()):
            found.add(part.stem)
    return found
