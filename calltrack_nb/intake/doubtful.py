"""Pairs of sightings that may be one call: listed in quarantine until they are settled."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import duckdb
import pandas as pd

from calltrack_nb import tables
from calltrack_nb.workspace import Workspace

_MAY_BE: Final = "may be the same call"
_OR: Final = " or "


def doubtful_notes(ambiguous: pd.DataFrame, import_id: str, file: str) -> pd.DataFrame:
    """Write pairs that were left apart as rows of the quarantine.

    Parameters
    ----------
    ambiguous : pandas.DataFrame
        ``call_id, other_id, score, because``.
    import_id, file : str
        The import that raised the doubt.

    Returns
    -------
    pandas.DataFrame
        The table ``quarantine``, a row a pair.
    """
    if not len(ambiguous):
        return tables.empty("quarantine")
    reason = (
        f"{_MAY_BE}; left apart because another pairing is nearly as likely ("
        + ambiguous["because"]
        + "in all "
        + ambiguous["score"].astype("str")
        + ")"
    )
    pairs = pd.DataFrame(
        {
            "import_id": import_id,
            "file": file,
            "column": "call_id",
            "value": ambiguous["call_id"] + _OR + ambiguous["other_id"],
            "reason": reason,
        }
    )
    return tables.conform(pairs, "quarantine")


def judged_again(
    workspace: Workspace, listed: pd.DataFrame, months: Collection[str]
) -> pd.Series[Any]:
    """Find the listed pairs whose calls were made anew: what is still in doubt is said anew.

    Parameters
    ----------
    workspace : Workspace
    listed : pandas.DataFrame
        The table ``quarantine``.
    months : collection of str
        The months whose calls were made anew.

    Returns
    -------
    pandas.Series of bool
    """
    pairs = (listed["column"] == "call_id") & listed["reason"].str.startswith(_MAY_BE)
    paths = [str(part) for part in workspace.parts("sightings") if part.stem in months]
    if not pairs.any() or not paths:
        return pairs & False
    first = listed["value"].where(pairs).str.partition(_OR)[0]
    query = "select call_id from read_parquet($paths) where list_contains($ids, call_id)"
    with duckdb.connect() as connection:
        ids = first[pairs].unique().tolist()
        found = connection.execute(query, {"paths": paths, "ids": ids}).fetchall()
    again: pd.Series[Any] = pairs & first.isin([row[0] for row in found])
    return again
