"""Which call an order came of."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.calls.clock import latest
from calltrack_nb.calls.ids import known_call_ids
from calltrack_nb.calls.people import who_of_account

ORDER_WITHIN: Final = pd.Timedelta(days=90)
"""How long after a call an order of the same caller may come of it.

The longest for which Google Ads and Microsoft Advertising credit a click, so that a report and
what is uploaded tie the same orders.
"""

AT_ONCE: Final = pd.Timedelta(minutes=5)
"""Calls of one caller so close together are one attempt to reach the business."""

NAMED: Final = "named"
BY_CALLER: Final = "by caller"
NO_CALLER: Final = "no caller and no call on record"
NO_CALL: Final = "no call from that caller"
TOO_EARLY: Final = "before the caller's first call"
TOO_LATE: Final = f"more than {ORDER_WITHIN.days} days after the caller's last call"
SAME_DAY: Final = "only the day is known, and that day's calls came from different sources"
NEAR: Final = (
    f"calls within {AT_ONCE.seconds // 60} minutes of one another came from different sources"
)
UNTIED: Final = (NO_CALLER, NO_CALL, TOO_EARLY, TOO_LATE, SAME_DAY, NEAR)
"""Why an order is tied to no call."""

AMBIGUOUS: Final = (SAME_DAY, NEAR)
"""Those of them where one of several calls brought it, and nothing tells which."""


def calls_of_orders(
    orders: pd.DataFrame, calls: pd.DataFrame, zone: str, alike: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Tie each order to the call it came of, or say why to none.

    An order belongs to the call that it names, else to the last one of its caller in the 90
    days before it. One dated to the first moment of a local day is one of which only the day is
    known: any call of that day may have brought it, and without one the last before. Nor does
    anything tell calls apart that came within five minutes. Where such calls differ in a
    column of `alike`, the order belongs to none of them.

    Parameters
    ----------
    orders : pandas.DataFrame
        Rows of the table ``outcomes``.
    calls : pandas.DataFrame
        The calls that may have brought them, with the columns of `alike`.
    zone : str
        The time zone of the business.
    alike : tuple of str
        What has to be known of the call, such as ``campaign``.

    Returns
    -------
    pandas.DataFrame
        Under the index of `orders`: ``call_id`` (missing where there is none) and ``tie``,
        which is :data:`NAMED`, :data:`BY_CALLER` or one of :data:`UNTIED`.

    Examples
    --------
    >>> day = pd.Timestamp("2026-05-04", tz="UTC") + pd.to_timedelta([0, 9, 15], unit="h")
    >>> who = {"account": "main", "caller_key": "x", "caller_number": None}
    >>> calls = pd.DataFrame(
    ...     {"call_id": ["a", "b"], "started_at": day[1:], "campaign": ["Flyer", "Radio"], **who}
    ... )
    >>> order = pd.DataFrame({"call_id": [None], "closed_at": day[:1], **who})
    >>> calls_of_orders(order, calls, "UTC")["call_id"].tolist()
    ['b']
    >>> calls_of_orders(order, calls, "UTC", ("campaign",))["tie"].tolist()
    ["only the day is known, and that day's calls came from different sources"]
    """
    rows = orders.reset_index(drop=True)
    named = known_call_ids(rows["call_id"], calls["call_id"])
    rang = calls[["call_id", "started_at", *alike]].assign(who=who_of_account(calls))
    rang = rang.dropna(subset="who").sort_values("started_at", kind="stable")
    asked = pd.DataFrame(
        {
            "who": who_of_account(rows),
            "closed_at": rows["closed_at"],
            "until": latest(rows["closed_at"], zone),
        }
    )[named.isna()]
    last = pd.merge_asof(
        asked.dropna().rename_axis("order").reset_index().sort_values("until"),
        rang,
        left_on="until",
        right_on="started_at",
        by="who",
    ).set_index("order")
    found = last[last["call_id"].notna()]
    tie = pd.Series(NO_CALLER, index=rows.index).mask(named.notna(), NAMED)
    tie[asked.index[asked["who"].notna()]] = NO_CALL
    tie[asked.index[asked["who"].isin(rang["who"])]] = TOO_EARLY
    tie[found.index] = BY_CALLER
    tie[found.index[found["closed_at"] - found["started_at"] > ORDER_WITHIN]] = TOO_LATE
    tie = tie.where(tie != BY_CALLER, _torn(found, rang, alike))
    call_id = named.fillna(found["call_id"]).where(tie.isin((NAMED, BY_CALLER)))
    return pd.DataFrame({"call_id": call_id, "tie": tie}).set_axis(orders.index)


def _torn(found: pd.DataFrame, rang: pd.DataFrame, alike: tuple[str, ...]) -> pd.Series[Any]:
    """Say which orders, tied by caller, other calls may as well have brought."""
    day = (found["closed_at"] < found["until"]) & (found["started_at"] >= found["closed_at"])
    since = found["closed_at"].where(day, found["started_at"] - AT_ONCE)
    asked = found[["who", "started_at"]].assign(since=since).rename_axis("order").reset_index()
    pairs = asked.merge(rang, on="who", suffixes=("_of_last", ""))
    pairs = pairs[pairs["started_at"].between(pairs["since"], pairs["started_at_of_last"])]
    sorts = pairs[["order", *alike]].drop_duplicates().groupby("order").size()
    torn = sorts.index[sorts > 1]
    tie = pd.Series(BY_CALLER, index=found.index)
    tie[torn] = day[torn].map({True: SAME_DAY, False: NEAR})
    return tie
