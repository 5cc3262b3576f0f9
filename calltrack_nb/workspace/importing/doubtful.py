"""What making calls anew found worth a check: lines of the quarantine, month by month.

They stand until the calls of their month are made anew, which finds them again where
they still hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from calltrack_nb import phrasing, providers, schema

_TYPES: Final = {
    "import_id": "str",
    "month": "str",
    "column": "str",
    "value": "str",
    "reason": "str",
    "count": "Int64",
    "of": "str",
}
NOTHING: Final = pd.DataFrame(columns=list(_TYPES)).astype(_TYPES)
"""No findings."""

_MONTH: Final = r"^(\d{4}-\d\d)(?:, [\d,]+ \w+)?: "
_LEFT_APART: Final = "may be the same call; kept apart, because another pairing is nearly as likely"


def findings_of(
    merge: providers.Merge, differences: pd.DataFrame, imports: pd.Series[Any], month: str
) -> pd.DataFrame:
    """List what a person may want to check in the calls of a month.

    Parameters
    ----------
    merge : Merge
        How the calls were made.
    differences : pandas.DataFrame
        Where a log contradicts the inventory, from
        :func:`~calltrack_nb.providers.channels_by_number`.
    imports : pandas.Series of str
        The import of each provider call, by its id.
    month : str
        Such as ``2026-08``.

    Returns
    -------
    pandas.DataFrame
        ``import_id, month, column, value, reason, count, of``: a line for each pair of
        provider calls, and one for each number and pair of words with the count of its calls.
    """
    because = merge.ambiguous["because"] + "in all " + merge.ambiguous["score"].astype("str")
    pairs = pd.concat(
        [
            merge.ambiguous.assign(reason=f"{_LEFT_APART} (" + because + ")"),
            merge.unsure,
        ]
    )
    doubts = pd.DataFrame(
        {
            "import_id": pairs["other_id"].map(imports),
            "column": "call_id",
            "value": pairs["call_id"] + " or " + pairs["other_id"],
            "reason": pairs["reason"],
        }
    )
    rung = pd.DataFrame(
        {
            "import_id": merge.legs["other_id"].map(imports),
            "column": "call_id",
            "reason": "phones that rang together with another for one call; counted with it",
            "of": "rows",
        }
    )
    contradicted = pd.DataFrame(
        {
            "import_id": differences["call_id"].map(imports),
            "column": "tracking_number",
            "value": differences["tracking_number"],
            "reason": "the list of numbers says "
            + differences["listed"]
            + ", the log says "
            + differences["said"]
            + "; the list decides",
            "of": "calls",
        }
    )
    counted = pd.concat([rung, contradicted], ignore_index=True)
    keys = ["import_id", "column", "value", "reason", "of"]
    sizes = counted.groupby(keys, dropna=False).size().rename("count").reset_index()
    found = pd.concat([doubts, sizes], ignore_index=True).assign(month=month)
    return found.reindex(columns=list(_TYPES)).astype(_TYPES)


def quarantine_lines(findings: pd.DataFrame, files: Mapping[str, str]) -> pd.DataFrame:
    """Write findings as rows of the table ``quarantine``.

    Parameters
    ----------
    findings : pandas.DataFrame
        From :func:`findings_of`.
    files : mapping of str to str
        The file of each import. One that was broken off is not recorded, and stands for
        itself.
    """
    count = (
        findings["count"]
        .map(lambda size: f", {phrasing.number(size)} ", na_action="ignore")
        .astype("str")
    )
    lines = pd.DataFrame(
        {
            "import_id": findings["import_id"],
            "file": findings["import_id"].map(files).fillna(findings["import_id"]),
            "column": findings["column"],
            "value": findings["value"],
            "reason": findings["month"]
            + (count + findings["of"]).fillna("")
            + ": "
            + findings["reason"],
        }
    )
    return schema.conform(lines, "quarantine")


def counted_lines(findings: pd.DataFrame, imports: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Say the findings that are counted in words, over all months.

    Parameters
    ----------
    findings : pandas.DataFrame
        From :func:`findings_of`.
    imports : sequence of str
        The imports that are reported on. The last of them also says what it brings to
        light in earlier ones, as a new inventory does.

    Returns
    -------
    mapping of str to tuple of str
        By import.
    """
    counted = findings[findings["count"].notna()]
    told = counted["import_id"].where(counted["import_id"].isin(list(imports)), imports[-1])
    keys = ["import_id", "value", "reason", "of"]
    totals = counted.assign(import_id=told).groupby(keys, dropna=False)["count"].sum()
    most_first = totals.sort_values(ascending=False).reset_index()
    number = (" to …" + most_first["value"].str[-4:]).fillna("")
    size = most_first["count"].map(lambda rows: f"{phrasing.number(rows)} ").astype("str")
    most_first["line"] = size + most_first["of"] + number + ": " + most_first["reason"]
    return {
        str(import_id): tuple(group["line"]) for import_id, group in most_first.groupby("import_id")
    }


def found_again(listed: pd.DataFrame, months: Collection[str]) -> pd.Series[Any]:
    """Find the lines of months whose calls were made anew.

    Parameters
    ----------
    listed : pandas.DataFrame
        The table ``quarantine``.
    months : collection of str
        These months.

    Returns
    -------
    pandas.Series of bool
    """
    again: pd.Series[Any] = listed["reason"].str.extract(_MONTH, expand=False).isin(list(months))
    return again
