"""What several checks ask of the log: spans of calls, groups, names of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from calltrack_nb.audit.check import Finding
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.calls import local_days

NUMBER = ["account", "tracking_number"]

_SHOWN_CALLS = 20
_FIRST_TURNS = 4


def mask_number(number: object) -> str:
    """Return the last four digits of a number, as it may be shown to anyone.

    Examples
    --------
    >>> mask_number("+14155550142")
    '…0142'
    """
    return f"…{str(number)[-4:]}" if number else "no tracking number"


def number_names(numbers: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return how to call each number of the inventory: its label and last digits.

    Returns
    -------
    dict
        From (account, tracking number) to ``"flyer line (…0142)"``.
    """
    names: dict[tuple[str, str], str] = {}
    labels = numbers["label"].fillna(numbers["campaign"])
    for account, number, label in zip(
        numbers["account"], numbers["tracking_number"], labels, strict=True
    ):
        shown = mask_number(number)
        names.setdefault((account, number), f"{label} ({shown})" if pd.notna(label) else shown)
    return names


def seen(calls: pd.DataFrame) -> dict[str, Any]:
    """Return the span, number and first few ids of calls, for a finding."""
    return {
        "first_seen": calls["started_at"].min(),
        "last_seen": calls["started_at"].max(),
        "calls": len(calls),
        "call_ids": tuple(calls["call_id"].head(_SHOWN_CALLS)),
    }


def opening_turns(utterances: pd.DataFrame, within_s: float) -> pd.DataFrame:
    """Return the first things said in calls.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, or some columns of it.
    within_s : float
        Seconds from the start of a call.

    Returns
    -------
    pandas.DataFrame
        Where a transcript does not say when something was said, its first four turns.
    """
    untimed = (utterances["start_s"].isna() & (utterances["turn"] < _FIRST_TURNS)).to_numpy(bool)
    return utterances[(utterances["start_s"] <= within_s).to_numpy(bool) | untimed]


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Walk through a frame's rows as named tuples without the index."""
    return iter(frame.itertuples(index=False))


def each_group(
    frame: pd.DataFrame, keys: list[str]
) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Walk through the groups that occur, each with its tuple of keys, in their order."""
    for key, group in frame.groupby(keys, observed=True):
        yield tuple(key), group


def by_number(calls: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """Walk through calls by account and tracking number."""
    for (account, number), group in each_group(calls, NUMBER):
        yield (str(account), str(number)), group


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Lay findings out as rows, for checks whose findings are their table."""
    return pd.DataFrame(
        [
            {
                "account": finding.account,
                "subject": finding.subject,
                "finding": finding.text,
                "calls": finding.calls,
                "first_seen": finding.first_seen,
                "last_seen": finding.last_seen,
            }
            for finding in findings
        ],
        columns=["account", "subject", "finding", "calls", "first_seen", "last_seen"],
    )


def with_inventory(data: AuditInput) -> pd.DataFrame:
    """Join inbound calls to the inventory rows that were active on their day.

    Returns
    -------
    pandas.DataFrame
        A row per call and inventory row of its number, with the inventory's columns
        prefixed by ``listed_`` and ``active`` (bool): the call's local day lies within
        the row's dates.
    """
    listed = data.numbers[
        [*NUMBER, "channel", "campaign", "destination_number", "active_from", "active_to", "pool"]
    ].rename(columns=lambda name: name if name in NUMBER else f"listed_{name}")
    calls = data.inbound[[*NUMBER, "call_id", "started_at", "destination_number", "campaign"]]
    calls = calls[calls["tracking_number"].notna().to_numpy(bool)]
    joined = calls.merge(listed, on=NUMBER, how="inner")
    days = local_days(joined["started_at"], data.zone)
    start = pd.to_datetime(joined["listed_active_from"])
    end = pd.to_datetime(joined["listed_active_to"])
    joined["active"] = ~((days < start) | (days > end)).to_numpy(bool)
    return joined
