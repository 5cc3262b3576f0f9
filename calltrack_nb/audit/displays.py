"""Tables of an audit as a report shows them: plain words, no number in full."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.audit.answering import CHECKS as ANSWERING
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import mask_number, number_names
from calltrack_nb.audit.queueing import CHECKS as POOLS
from calltrack_nb.audit.setup import test_call_plan
from calltrack_nb.calls import missed_statuses


def answers(data: AuditInput) -> pd.DataFrame:
    """Count what became of the calls to each number.

    Parameters
    ----------
    data : AuditInput
        Needs `calls`.

    Returns
    -------
    pandas.DataFrame
        ``number``, ``calls``, ``answered`` (share of those whose status is known),
        ``missed`` and, of these, ``gave up`` and ``left a message``, ``after hours``
        (counts); empty without calls.
    """
    columns = ["number", "calls", "answered", "missed", "gave up", "left a message", "after hours"]
    (check,) = (check for check in ANSWERING if check.name == "missed_calls")
    table = check.run(data).table
    if table.empty:
        return pd.DataFrame(columns=columns)
    names = number_names(data.numbers)
    keys = zip(table["account"], table["tracking_number"], strict=True)
    missed = table[list(missed_statuses())].sum(axis=1)
    known = table["answered"] + missed
    return (
        table.assign(
            number=[names.get((str(account), str(one)), mask_number(one)) for account, one in keys],
            calls=known + table["unknown"],
            answered=table["answered"] / known,
            missed=missed,
        )
        .rename(
            columns={
                "abandoned": "gave up",
                "voicemail": "left a message",
                "after_hours": "after hours",
            }
        )[columns]
        .astype(dict.fromkeys(columns[3:], int))
        .sort_values("calls", ascending=False, ignore_index=True)
    )


def pools(data: AuditInput) -> pd.DataFrame:
    """Hold the pools against their busiest hours.

    Returns
    -------
    pandas.DataFrame
        ``shared by``, ``numbers``, ``visitors in the busiest hour``, ``found none free
        then``, ``found none free overall`` (shares), ``numbers needed``; empty without
        shared numbers or visits.
    """
    names = {
        "pool": "shared by",
        "numbers": "numbers",
        "peak_visitors_per_hour": "visitors in the busiest hour",
        "fallback_at_peak": "found none free then",
        "fallback_overall": "found none free overall",
        "numbers_needed": "numbers needed",
    }
    (check,) = POOLS
    table = check.run(data).table
    if table.empty:
        return pd.DataFrame(columns=list(names.values()))
    return table[list(names)].rename(columns=names)


def display_plan(data: AuditInput) -> pd.DataFrame:
    """Lay the test calls out for a report; empty without an inventory.

    Returns
    -------
    pandas.DataFrame
        ``test``, ``number``, ``ring it from``, ``when``, ``what should appear``.
    """
    names = {
        "test": "test",
        "name": "number",
        "ring_from": "ring it from",
        "when": "when",
        "should_appear": "what should appear",
    }
    if data.numbers.empty:
        return pd.DataFrame(columns=list(names.values()))
    return test_call_plan(data)[list(names)].rename(columns=names)
