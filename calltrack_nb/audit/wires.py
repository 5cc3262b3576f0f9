"""The wiring as a graph: numbers, the campaigns they stand for, the telephones they ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import NUMBER, each_row, mask_number, number_names
from calltrack_nb.phrasing import agree, plural
from calltrack_nb.results import Result

_BREAKS: Final = {
    "unlisted_number": "not in the list",
    "silent_number": "silent",
    "misrouted_number": "rings elsewhere",
    "other_business": "another business answers",
    "double_booked": "two campaigns",
    "retired_number": "retired",
    "campaign_mismatch": "credited to another campaign",
}
_LINK: Final = ["account", "line", "campaign", "destination", "listed", "trouble"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Wires(Result):
    """Every link that the inventory or the log knows.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per line, campaign and destination: ``account``, ``line`` (a number by
        its label and last digits, or a whole pool), ``campaign``, ``destination`` (last
        digits), ``calls`` (int), ``listed`` (bool: as the inventory says), ``trouble``
        (empty where the link is sound).
    text : str
        How many lines there are and which are broken.
    """


def wires(data: AuditInput, findings: pd.DataFrame) -> Wires:
    """Join inventory, log and findings into links.

    Parameters
    ----------
    data : AuditInput
        `numbers` and `calls`; either may be empty.
    findings : pandas.DataFrame
        Those of an :class:`~calltrack_nb.audit.AuditResult`.

    Returns
    -------
    Wires
        Numbers that rang without being listed, and destinations that are not the listed
        ones, are links with ``listed`` False.
    """
    listed = data.numbers[[*NUMBER, "campaign", "destination_number", "pool"]].drop_duplicates()
    calls = data.inbound
    calls = calls[calls["tracking_number"].notna().to_numpy(bool)]
    calls = _with_destinations(calls, listed)
    went = (
        calls.groupby([*NUMBER, "destination_number"], dropna=False)
        .agg(calls=("call_id", "size"))
        .reset_index()
    )
    links = listed.merge(went, on=[*NUMBER, "destination_number"], how="outer", indicator=True)
    links["listed"] = links["_merge"].ne("right_only").to_numpy(bool)
    known = listed.drop_duplicates(NUMBER).set_index(NUMBER)
    keys = list(zip(links["account"], links["tracking_number"], strict=True))
    for column in ("campaign", "pool"):
        own = known[column].to_dict()
        links[column] = links[column].fillna(pd.Series([own.get(key) for key in keys]))
    names = number_names(data.numbers)
    troubles = _troubles(findings)
    table = pd.DataFrame(
        [
            _link(row, names, troubles, sizes=listed["pool"].value_counts())
            for row in each_row(links)
        ],
        columns=[*_LINK, "calls"],
    )
    table = table.groupby(_LINK, sort=False).agg(calls=("calls", "sum")).reset_index()
    broken = table[table["trouble"].ne("")].drop_duplicates("line")
    said = "; ".join(f"{row.line}: {row.trouble}" for row in each_row(broken))
    return Wires(
        table.sort_values(["account", "campaign", "line"]).reset_index(drop=True),
        f"{_counted(table['line'].nunique(), links)} "
        + (f"Broken: {said}." if said else _sound(data)),
    )


def _with_destinations(calls: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Let calls whose log names no destination go where the inventory says, if that is one."""
    rings = listed.dropna(subset="destination_number").groupby(NUMBER)["destination_number"]
    only = rings.first()[rings.nunique().eq(1)].to_dict()
    keys = zip(calls["account"], calls["tracking_number"], strict=True)
    known = pd.Series([only.get(key) for key in keys], index=calls.index, dtype=schema.TEXT)
    return calls.assign(destination_number=calls["destination_number"].fillna(known))


def _counted(lines: int, links: pd.DataFrame) -> str:
    """Say how many lines, campaigns and telephones there are; what has no name is none."""
    said = f"{plural(lines, 'line')} for {plural(links['campaign'].nunique(), 'campaign')}"
    if telephones := links["destination_number"].nunique():
        return f"{said} {agree(lines, 'rings')} at {plural(telephones, 'telephone')}."
    return f"{said}; which telephones they ring is not known."


def _sound(data: AuditInput) -> str:
    if data.numbers.empty:
        return "There is no list of numbers to compare the links with."
    return "No link is broken."


def _link(
    row: Any,
    names: dict[tuple[str, str], str],
    troubles: dict[str, list[str]],
    *,
    sizes: pd.Series[Any],
) -> dict[str, Any]:
    number = str(row.tracking_number)
    pooled = pd.notna(row.pool)
    wrong = [
        check
        for check in troubles.get(number, [])
        # A stray destination is the misrouted link; the listed one is only unused.
        if check not in ("misrouted_number", "other_business") or not row.listed
    ]
    if pooled:
        line = f"{row.pool} ({plural(sizes[row.pool], 'shared number')})"
    else:
        line = names.get((str(row.account), number), mask_number(number))
    unnamed = "by the visit" if pooled else "no campaign"
    return {
        "account": str(row.account),
        "line": line,
        "campaign": str(row.campaign) if pd.notna(row.campaign) else unnamed,
        "destination": (
            mask_number(row.destination_number) if pd.notna(row.destination_number) else "not named"
        ),
        "listed": bool(row.listed),
        "trouble": ", ".join(_BREAKS[check] for check in wrong),
        "calls": 0 if pd.isna(row.calls) else int(row.calls),
    }


def _troubles(findings: pd.DataFrame) -> dict[str, list[str]]:
    """Return the checks that failed on each number, in the order they were asked."""
    troubles: dict[str, list[str]] = {}
    wiring = findings[findings["check"].isin(list(_BREAKS))]
    for check, subject in zip(wiring["check"], wiring["subject"], strict=True):
        for word in str(subject).split():
            if word.startswith("+") and check not in troubles.setdefault(word, []):
                troubles[word].append(str(check))
    return troubles
