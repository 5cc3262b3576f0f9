"""Rows of one id that lie in several months, or hours apart, brought to where they belong.

Provider calls are united month by month. A call that is passed on at a month's end has legs in
two months; they are brought into the month in which it began. An id that comes up again
hours later is no call's own id, and the later call gets one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import pandas as pd

from calltrack_nb import providers, schema

_ROWS: Final = """
    create temp table shared as
    with staged as (
        select call_id, started_at from read_parquet($staged)
        where not contains(call_id, ':row-')
    ),
    known as (
        select call_id, started_at from read_parquet($known)
        where call_id in (select call_id from staged) and import_id not in (
            select unnest($superseded)
        )
    )
    select call_id from (select * from staged union all select * from known)
    group by call_id having max(started_at) - min(started_at) > $pause
        or date_trunc('month', min(started_at)) < date_trunc('month', max(started_at))
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows whose ids lie in several months or hours apart.

    Parameters
    ----------
    ids : frozenset of str
        These ids, as the files say them.
    rows : pandas.DataFrame
        The table ``calls``, with the ids that the calls get.
    months : pandas.Series of str
        The month of the call that each row is of, such as ``2026-08``.
    known : pandas.Series of bool
        The rows that were imported before.
    """

    ids: frozenset[str]
    rows: pd.DataFrame
    months: pd.Series[Any]
    known: pd.Series[Any]

    @classmethod
    def of(cls, staged: Sequence[Path], known: Sequence[Path], superseded: Collection[str]) -> Self:
        """Find them among the staged rows and those known before.

        Parameters
        ----------
        staged, known : sequence of pathlib.Path
            Parquet files of the table ``provider_calls``.
        superseded : collection of str
            Imports whose known rows do not count any more.
        """
        nothing = schema.empty("calls")
        frames = [nothing, nothing]
        if staged:
            given = {
                "staged": [str(path) for path in staged],
                "known": [str(path) for path in known or staged],
                "superseded": sorted(superseded) if known else [],
                "pause": providers.PAUSE.to_pytimedelta(),
            }
            with duckdb.connect() as connection:
                connection.execute("set timezone = 'UTC'")
                connection.execute(_ROWS, given)
                if connection.execute("select count(*) from shared").fetchall() != [(0,)]:
                    frames = [
                        _rows_of_shared(connection, known, superseded),
                        _rows_of_shared(connection, staged, ()),
                    ]
        rows = pd.concat(frames, ignore_index=True)
        known_rows = pd.Series(rows.index < len(frames[0]))
        ids = providers.told_apart(rows, known_rows.to_numpy())
        begun = rows["started_at"].groupby(ids).transform("min")
        return cls(
            frozenset(rows["call_id"]),
            rows.assign(call_id=ids),
            begun.dt.strftime("%Y-%m"),
            known_rows,
        )

    def settled(self, rows: pd.DataFrame, month: str, *, known: bool) -> pd.DataFrame:
        """Return the rows of a month with the calls here that began in it, and no others.

        Parameters
        ----------
        rows : pandas.DataFrame
            All known or all new rows of the month.
        month : str
        known : bool
            Which of the two.
        """
        if not self.ids:
            return rows
        here = self.rows[(self.months == month) & (self.known == known)]
        return pd.concat([rows[~rows["call_id"].isin(self.ids)], here], ignore_index=True)

    @property
    def touched(self) -> set[str]:
        """The months that any of the rows was in or is brought into."""
        return {*self.months, *self.rows["started_at"].dt.strftime("%Y-%m")}

    @property
    def apart(self) -> pd.Series[Any]:
        """The imports of the new rows that were given ids of their own, one for each row."""
        return self.rows["import_id"][~self.rows["call_id"].isin(self.ids) & ~self.known]


def _rows_of_shared(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], left_out: Collection[str]
) -> pd.DataFrame:
    if not paths:
        return schema.empty("calls")
    query = """
        select * from read_parquet($paths, union_by_name = true) semi join shared using (call_id)
        where import_id not in (select unnest($left_out))
    """
    given = {"paths": [str(path) for path in paths], "left_out": sorted(left_out)}
    return schema.from_arrow(connection.sql(query, params=given).to_arrow_table(), "calls")
