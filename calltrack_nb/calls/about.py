"""The part of the log that a report of some days reads.

A report reads more than the calls of its days: the period before to compare with, the calls
that its orders came of, and what followed a missed call. What lies outside changes nothing in
it, so such a report need not be made again when another month's calls change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from calltrack_nb.calls.contact import SPOKEN_WITHIN
from calltrack_nb.calls.orders import ORDER_WITHIN
from calltrack_nb.calls.people import who_of_account
from calltrack_nb.periods import Period

_A_DAY: Final = pd.Timedelta(days=1)  # clocks go forward and back


def about_periods(
    calls: pd.DataFrame, orders: pd.DataFrame, zone: str, periods: Sequence[Period]
) -> pd.DataFrame:
    """Return the calls that a report of some periods reads.

    Parameters
    ----------
    calls, orders : pandas.DataFrame
        The tables ``calls`` and ``outcomes``.
    zone : str
        The time zone of the business.
    periods : sequence of Period
        What the report is about; of each the period before is read as well.

    Returns
    -------
    pandas.DataFrame
        Rows of `calls`: those from 90 days before the period before, as far back as an order
        may lie after its call, to seven days after the period, when nobody counts as rung back
        any more; the next call after, which shows that the log goes on; and all calls of
        those who rang in the period and ordered, or whose order closed in it, whenever
        they rang.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-02", "2026-06-10", "2026-08-01", "2026-09-01"], utc=True)
    >>> named = {"account": "main", "caller_key": list("abcd"), "caller_number": None}
    >>> calls = pd.DataFrame({"call_id": list("1234"), "started_at": days, **named})
    >>> orders = pd.DataFrame(columns=[*calls.columns, "closed_at"]).astype(
    ...     {"closed_at": "datetime64[ns, UTC]"}
    ... )
    >>> about_periods(calls, orders, "UTC", [Period.parse("2026-06")])["call_id"].tolist()
    ['2', '3']
    """
    kept = pd.Series(data=False, index=calls.index)
    at, who, customer = calls["started_at"], who_of_account(calls), who_of_account(orders)
    bare = calls["call_id"].astype(object).str.partition(":")[2]
    for period in periods:
        start, end = period.bounds(zone)
        since = period.before().bounds(zone)[0] - ORDER_WITHIN - _A_DAY
        until = pd.Timestamp(end) + SPOKEN_WITHIN + _A_DAY
        kept |= (at >= since) & (at <= until)
        kept |= at == at[at > until].min()
        now = (at >= start) & (at < end)
        mine = (orders["closed_at"] >= start) & (orders["closed_at"] < end)
        mine |= customer.isin(who[now].dropna())
        mine |= orders["call_id"].isin([*calls.loc[now, "call_id"], *bare[now]])
        kept |= who.isin(customer[mine].dropna())
        # an id may be written without its system's name, and then mean one of several calls
        named = orders.loc[mine, "call_id"].dropna()
        kept |= calls["call_id"].isin(named) | bare.isin(named)
    return calls[kept.to_numpy(bool)]


def spend_about(spend: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """Return the spend on days of some periods, or of the period before each.

    Parameters
    ----------
    spend : pandas.DataFrame
        The table ``spend``; a row may cover several days.
    periods : sequence of Period
        What a report is about.
    """
    first = pd.to_datetime(spend["date"].astype("datetime64[s]"))
    last = first + pd.to_timedelta(spend["days"].astype("float64") - 1, unit="D")
    kept = pd.Series(data=False, index=spend.index)
    for period in periods:
        opens, closes = pd.Timestamp(period.before().first), pd.Timestamp(period.last)
        kept |= (first <= closes) & (last >= opens)
    return spend[kept.to_numpy(bool)]
