"""The wiring as a graph: numbers, the campaigns they stand for, the telephones they ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import NUMBER, number_names, short

_BREAKS: Final = {
    "unlisted_number": "not in the inventory",
    "silent_number": "silent",
    "misrouted_number": "misrouted",
    "other_business": "another business",
    "double_booked": "two campaigns",
    "retired_number": "retired",
    "campaign_mismatch": "other campaign",
    "answer_rate_fall": "answered less",
}


@dataclass(frozen=True)
class Wires:
    """Every link the inventory or the log knows.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per number, campaign and destination: ``account``,
        ``tracking_number``, ``name``, ``campaign``, ``destination``, ``calls``,
        ``listed`` (bool: as the inventory says), ``trouble`` (empty where it is sound).
    text : str
        How many links there are and how many are broken.
    """

    table: pd.DataFrame
    text: str


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
        Destinations are shown by their last four digits.
    """
    listed = data.numbers[[*NUMBER, "campaign", "destination_number"]].drop_duplicates()
    listed = listed.assign(listed=True)
    calls = data.inbound
    calls = calls[calls["tracking_number"].notna().to_numpy(bool)]
    counts = calls.groupby(NUMBER).size().rename("calls").reset_index()
    unlisted = counts.merge(listed[NUMBER].drop_duplicates(), on=NUMBER, how="left", indicator=True)
    unlisted = unlisted[unlisted["_merge"].eq("left_only")][NUMBER].assign(listed=False)
    went = (
        calls.dropna(subset=["destination_number"])
        .groupby([*NUMBER, "destination_number"])
        .size()
        .reset_index()[[*NUMBER, "destination_number"]]
    )
    stray = went.merge(listed, on=[*NUMBER, "destination_number"], how="left")
    stray = stray[stray["listed"].isna()][[*NUMBER, "destination_number"]].assign(listed=False)
    unlisted = unlisted.merge(stray[NUMBER], on=NUMBER, how="left", indicator=True)
    unlisted = unlisted[unlisted["_merge"].eq("left_only")].drop(columns="_merge")
    table = pd.concat([listed, stray, unlisted], ignore_index=True).merge(
        counts, on=NUMBER, how="left"
    )
    names = number_names(data.numbers)
    table["name"] = [
        names.get((str(account), str(number)), short(number))
        for account, number in zip(table["account"], table["tracking_number"], strict=True)
    ]
    table["campaign"] = table["campaign"].fillna("no campaign")
    table["destination"] = [
        short(number) if pd.notna(number) else "no destination named"
        for number in table["destination_number"]
    ]
    table["calls"] = table["calls"].fillna(0).astype(int)
    table["listed"] = table["listed"].astype(bool)
    table["trouble"] = [
        _trouble(str(number), listed=bool(known), findings=findings)
        for number, known in zip(table["tracking_number"], table["listed"], strict=True)
    ]
    broken = table[table["trouble"].ne("")]["tracking_number"].nunique()
    columns = [*NUMBER, "name", "campaign", "destination", "calls", "listed", "trouble"]
    return Wires(
        table[columns].sort_values(["account", "tracking_number"]).reset_index(drop=True),
        f"{table['tracking_number'].nunique()} numbers, {table['campaign'].nunique()} campaigns, "
        f"{table['destination'].nunique()} destinations; {broken} numbers have a broken link.",
    )


def _trouble(number: str, *, listed: bool, findings: pd.DataFrame) -> str:
    own = findings[
        findings["check"].isin(list(_BREAKS))
        & findings["subject"].str.contains(number, regex=False)
    ]
    kinds = [
        check
        for check in dict.fromkeys(own["check"])
        # A stray destination is the misrouted link; the listed one is only unused.
        if check != "misrouted_number" or not listed
    ]
    return ", ".join(_BREAKS[kind] for kind in kinds)
