"""The calls made anew from the sightings of the months that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import duckdb
import pandas as pd
import pyarrow as pa

from calltrack_nb import providers, tables
from calltrack_nb.workspace import Workspace

_EDGE: Final = pd.Timedelta(hours=1)
_ORIGINS: Final = """
    select distinct provider, contains(call_id, ':row-') from read_parquet($paths)
"""
_NEAR: Final = """
    select * from read_parquet($paths)
    where date_trunc('month', started_at - $edge) < date_trunc('month', started_at)
        or date_trunc('month', started_at + $edge) > date_trunc('month', started_at)
"""


@dataclass(frozen=True, slots=True)
class Derived:
    """What became of the sightings.

    Parameters
    ----------
    months : frozenset of str
        The months whose calls were made anew.
    joined : int
        Sightings that were joined into another's call.
    ambiguous : pandas.DataFrame
        ``call_id, other_id, score, because``: sightings that may be one call.
    """

    months: frozenset[str]
    joined: int
    ambiguous: pd.DataFrame


def derive_calls(workspace: Workspace, changed: frozenset[str]) -> Derived:
    """Make the calls of months anew from their sightings.

    Parameters
    ----------
    workspace : Workspace
        Whose sightings are up to date.
    changed : frozenset of str
        The months whose sightings changed, such as ``2026-08``. Others are made anew
        as well where these tell something about their calls.

    Returns
    -------
    Derived
    """
    joined = 0
    ambiguous = []
    renamed: dict[str, str] = {}
    numbers = workspace.table("numbers")
    edges = _Edges.of(workspace)
    judged = changed | edges.beside(changed)
    with _Earliest(workspace) as earliest:
        for month in sorted(judged | _months_of_same_callers(workspace, changed)):
            merge = _merge(workspace, month, edges)
            calls = providers.fill_from_numbers(merge.calls, numbers)
            calls = providers.first_calls(calls, earliest.of(calls))
            calls = calls.assign(spam_score=providers.spam_scores(calls))
            workspace.write_month("calls", month, calls)
            if month in judged:
                joined += len(merge.joined)
                ambiguous.append(merge.ambiguous)
                renamed |= dict(zip(merge.joined["other_id"], merge.joined["call_id"], strict=True))
    _rename_calls(workspace, renamed)
    listed = pd.concat(ambiguous, ignore_index=True) if ambiguous else pd.DataFrame()
    return Derived(judged, joined, listed)


def _merge(workspace: Workspace, month: str, edges: _Edges) -> providers.Merge:
    """Join the sightings of a month, and those of its neighbours that are of its calls."""
    own = workspace.read_month("sightings", month)
    near = edges.around(month)
    if not len(near):
        return providers.join_sightings(own)
    ids = pd.Index(own["call_id"])
    merge = providers.join_sightings(pd.concat([own, near], ignore_index=True))
    return providers.Merge(
        *(
            frame[frame["call_id"].isin(ids)].reset_index(drop=True)
            for frame in (merge.calls, merge.joined, merge.ambiguous)
        )
    )


@dataclass(frozen=True, slots=True)
class _Edges:
    """Sightings within an hour of a month's beginning or end, where providers can meet there.

    A call at midnight may be on either side of it at two providers. An hour holds all
    that such a call is compared with, and what those calls are compared with in turn.

    Parameters
    ----------
    rows : pandas.DataFrame
        The table ``sightings``.
    months : pandas.Series of str
        The month each is in.
    others : pandas.Series of str
        The month each is near.
    """

    rows: pd.DataFrame
    months: pd.Series[str]
    others: pd.Series[str]

    @classmethod
    def of(cls, workspace: Workspace) -> _Edges:
        """Find them; there are none where every sighting is of one origin."""
        paths = [str(part) for part in workspace.parts("sightings")]
        rows = tables.empty("calls")
        if len(paths) > 1:
            with duckdb.connect() as connection:
                connection.execute("set timezone = 'UTC'")
                given = {"paths": paths, "edge": _EDGE.to_pytimedelta()}
                origins = connection.execute(_ORIGINS, {"paths": paths}).fetchall()
                if len(origins) > 1:
                    near = connection.sql(_NEAR, params=given).to_arrow_table()
                    rows = tables.from_arrow(near, "calls")
        at = rows["started_at"]
        earlier, month, later = (
            (at + shift).dt.strftime("%Y-%m").astype("str")
            for shift in (-_EDGE, pd.Timedelta(0), _EDGE)
        )
        return cls(rows, month, earlier.where(earlier != month, later))

    def around(self, month: str) -> pd.DataFrame:
        """Return the sightings of other months that are near a month."""
        return self.rows[self.others == month]

    def beside(self, months: frozenset[str]) -> frozenset[str]:
        """Return the other months whose calls may change with the sightings of some."""
        mine = self.others[self.months.isin(months)]
        present = set(self.months)
        return frozenset(mine[mine.isin(present)]) - months


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
    for name in tables.OF_CALLS:
        frame = workspace.table(name)
        if len(frame) and frame["call_id"].isin(renamed.keys()).any():
            ids = frame["call_id"].map(renamed).fillna(frame["call_id"])
            changed = frame.assign(call_id=ids)
            if name in ("talk", "recordings"):
                changed = changed.drop_duplicates("call_id", keep="last")
            workspace.write_table(name, changed)
