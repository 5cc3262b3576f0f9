"""The calls made anew from the provider calls of the months that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

import duckdb
import pandas as pd
import pyarrow as pa

from calltrack_nb import providers, schema
from calltrack_nb.workspace.importing.doubtful import NOTHING, findings_of
from calltrack_nb.workspace.store import Workspace

_ORIGIN: Final = ["call_id", "import_id"]
_EDGE: Final = pd.Timedelta(hours=1)
_ORIGINS: Final = """
    select distinct provider, contains(call_id, ':row-') from read_parquet($paths)
"""
_NEAR: Final = """
    select * from read_parquet($paths, union_by_name = true)
    where date_trunc('month', started_at - $edge) < date_trunc('month', started_at)
        or date_trunc('month', started_at + $edge) > date_trunc('month', started_at)
"""


@dataclass(frozen=True, slots=True)
class Derived:
    """What became of the provider calls.

    Parameters
    ----------
    months : frozenset of str
        The months whose calls were made anew.
    joined : int
        Provider calls that were joined into another source's call.
    ambiguous : int
        Provider calls that may be one call and were left apart.
    findings : pandas.DataFrame
        What a person may want to check, from
        :func:`~calltrack_nb.workspace.importing.doubtful.findings_of`.
    """

    months: frozenset[str]
    joined: int
    ambiguous: int
    findings: pd.DataFrame


def derive_calls(
    workspace: Workspace, changed: frozenset[str], whole_minutes: frozenset[str]
) -> Derived:
    """Make the calls of months anew from their provider calls.

    Parameters
    ----------
    workspace : Workspace
        Whose provider calls are up to date.
    changed : frozenset of str
        The months whose provider calls changed, such as ``2026-08``. Others are made anew
        as well where these tell something about their calls.
    whole_minutes : frozenset of str
        The imports whose times have no seconds.

    Returns
    -------
    Derived
    """
    joined = ambiguous = 0
    findings = []
    renamed: dict[str, str] = {}
    numbers, ours = workspace.table("numbers"), _own_numbers(workspace)
    zone = workspace.settings.business.timezone
    edges = _Edges.of(workspace)
    judged = changed | edges.beside(changed)
    with _Earliest(workspace) as earliest:
        for month in sorted(judged | _months_of_same_callers(workspace, changed)):
            own = workspace.read_month("provider_calls", month)
            near = edges.around(month)
            merge = _merge(own, near, whole_minutes)
            named = providers.channels_by_number(_without(merge.calls, ours), numbers, zone)
            calls = providers.first_calls(named.calls, earliest.of(named.calls, month))
            workspace.write_month("calls", month, providers.judge_spam(calls))
            if month in judged:
                joined += len(merge.joined)
                ambiguous += len(merge.ambiguous) + int(merge.unsure["apart"].sum())
                origin = pd.concat([own[_ORIGIN], near[_ORIGIN]]).set_index("call_id")["import_id"]
                findings.append(findings_of(merge, named.differences, origin, month))
                renamed |= _renamed(merge)
    _rename_calls(workspace, renamed)
    found = pd.concat(findings, ignore_index=True) if findings else NOTHING
    return Derived(judged, joined, ambiguous, found)


def _merge(own: pd.DataFrame, near: pd.DataFrame, whole_minutes: frozenset[str]) -> providers.Merge:
    """Join the provider calls of a month, and those of its neighbours that are of its calls."""
    if not len(near):
        return providers.join_provider_calls(own, whole_minutes)
    ids = pd.Index(own["call_id"])
    merge = providers.join_provider_calls(pd.concat([own, near], ignore_index=True), whole_minutes)
    frames = (getattr(merge, field.name) for field in fields(merge))
    return providers.Merge(
        *(frame[frame["call_id"].isin(ids)].reset_index(drop=True) for frame in frames)
    )


def _own_numbers(workspace: Workspace) -> frozenset[str]:
    """Return the numbers that customers dial."""
    paths = [str(part) for part in workspace.parts("provider_calls")]
    if not paths:
        return frozenset()
    query = """
        select distinct tracking_number from read_parquet($paths)
        where direction = 'inbound' and tracking_number is not null
    """
    with duckdb.connect() as connection:
        found = connection.execute(query, {"paths": paths}).fetchall()
    return frozenset(str(row[0]) for row in found)


def _without(calls: pd.DataFrame, ours: frozenset[str]) -> pd.DataFrame:
    """Take away callers that are numbers of the business's own.

    A call that is forwarded may show the number it was forwarded from: who rang is unknown.
    """
    shown = calls["direction"].eq("inbound") & calls["caller_number"].isin(ours)
    return calls.assign(
        caller_number=calls["caller_number"].mask(shown),
        caller_key=calls["caller_key"].mask(shown),
    )


def _renamed(merge: providers.Merge) -> dict[str, str]:
    """Return the id under which each row is now; what it was joined into may be joined."""
    pairs = pd.concat([merge.joined, merge.legs])
    into = dict(zip(pairs["other_id"], pairs["call_id"], strict=True))
    renamed = {}
    for other, call in into.items():
        last = call
        while last in into:
            last = into[last]
        renamed[str(other)] = str(last)
    return renamed


@dataclass(frozen=True, slots=True)
class _Edges:
    """Provider calls within an hour of a month's beginning or end, where providers can meet there.

    A call at midnight may be on either side of it at two providers. An hour holds all
    that such a call is compared with, and what those calls are compared with in turn.

    Parameters
    ----------
    rows : pandas.DataFrame
        The table ``provider_calls``.
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
        """Find them; there are none where every provider call is of one origin."""
        paths = [str(part) for part in workspace.parts("provider_calls")]
        rows = schema.empty("calls")
        if len(paths) > 1:
            with duckdb.connect() as connection:
                connection.execute("set timezone = 'UTC'")
                given = {"paths": paths, "edge": _EDGE.to_pytimedelta()}
                origins = connection.execute(_ORIGINS, {"paths": paths}).fetchall()
                if len(origins) > 1:
                    near = connection.sql(_NEAR, params=given).to_arrow_table()
                    rows = schema.from_arrow(near, "calls")
        at = rows["started_at"]
        earlier, month, later = (
            (at + shift).dt.strftime("%Y-%m").astype("str")
            for shift in (-_EDGE, pd.Timedelta(0), _EDGE)
        )
        return cls(rows, month, earlier.where(earlier != month, later))

    def around(self, month: str) -> pd.DataFrame:
        """Return the provider calls of other months that are near a month."""
        return self.rows[self.others == month]

    def beside(self, months: frozenset[str]) -> frozenset[str]:
        """Return the other months whose calls may change with the provider calls of some."""
        mine = self.others[self.months.isin(months)]
        present = set(self.months)
        return frozenset(mine[mine.isin(present)]) - months


def _months_of_same_callers(workspace: Workspace, months: frozenset[str]) -> set[str]:
    """Return other months where a caller of the changed months has no word on first calls.

    An earlier call that came in later takes the first call from a caller's later ones.
    """
    parts = {part.stem: str(part) for part in workspace.parts("provider_calls")}
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
        self._paths = [str(part) for part in workspace.parts("provider_calls")]
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def of(self, calls: pd.DataFrame, month: str) -> pd.DataFrame | None:
        """Return ``account, caller_key, started_at`` of callers whose provider is silent.

        Within the month its calls decide, not their provider calls: one of these may tell no
        seconds, and would lie before the call it was joined into.
        """
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
        found = found.astype({"started_at": schema.UTC, "account": "str", "caller_key": "str"})
        before = found[found["started_at"] < pd.Timestamp(month, tz="UTC")]
        inbound = (calls["direction"] == "inbound") & calls["caller_key"].notna()
        known = pd.concat([before, calls.loc[inbound, list(found.columns)]])
        return known.groupby(["account", "caller_key"])["started_at"].min().reset_index()


def _rename_calls(workspace: Workspace, renamed: Mapping[str, str]) -> None:
    """Let what hangs on a call's old id hang on the id it was joined into."""
    if not renamed:
        return
    for name in schema.OF_CALLS:
        frame = workspace.table(name)
        if len(frame) and frame["call_id"].isin(renamed.keys()).any():
            ids = frame["call_id"].map(renamed).fillna(frame["call_id"])
            changed = frame.assign(call_id=ids)
            if name in ("talk", "recordings"):
                changed = changed.drop_duplicates("call_id", keep="last")
            workspace.write_table(name, changed)
