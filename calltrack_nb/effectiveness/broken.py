"""Leaving out the days on which a campaign's number was broken.

The days come from the audit (:func:`calltrack_nb.audit.broken_days`); this room only needs to
know which they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from calltrack_nb.phrasing import days, listed

if TYPE_CHECKING:
    from calltrack_nb.effectiveness.comparison import Log

NOTHING_BROKEN: Final = pd.DataFrame(
    {
        "campaign": pd.Series(dtype="str"),
        "first": pd.Series(dtype="datetime64[ns]"),
        "last": pd.Series(dtype="datetime64[ns]"),
        "tracking_number": pd.Series(dtype="str"),
        "elsewhere": pd.Series(dtype="bool"),
    }
)
"""No broken day of any campaign."""


def on_broken_days(
    campaigns: pd.Series[Any], days: pd.Series[Any], broken: pd.DataFrame
) -> pd.Series[bool]:
    """Tell which rows fall on a broken day of their campaign.

    Parameters
    ----------
    campaigns : pandas.Series of str
        May hold missing values, which are broken nowhere.
    days : pandas.Series of datetime64
        Local midnights, one for each of `campaigns`.
    broken : pandas.DataFrame
        ``campaign``, ``first``, ``last`` (naive midnights).

    Examples
    --------
    >>> one = pd.to_datetime(pd.Series(["2026-08-03", "2026-08-05"]))
    >>> broken = pd.DataFrame({"campaign": ["Flyer"], "first": one[:1], "last": one[:1]})
    >>> on_broken_days(pd.Series(["Flyer", "Flyer"]), one, broken).tolist()
    [True, False]
    """
    hit = pd.Series(data=False, index=campaigns.index)
    for campaign, first, last in broken[["campaign", "first", "last"]].itertuples(index=False):
        hit |= (campaigns == campaign).fillna(value=False).astype(bool) & days.between(first, last)
    return hit


def rang_elsewhere(calls: pd.DataFrame, broken: pd.DataFrame) -> pd.Series[bool]:
    """Tell which calls came in on days on which their number rang at another business.

    Parameters
    ----------
    calls : pandas.DataFrame
        With ``tracking_number`` and ``local``.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.

    Examples
    --------
    >>> days = pd.to_datetime(pd.Series(["2026-08-03 09:10", "2026-08-05 12:00"]))
    >>> calls = pd.DataFrame({"tracking_number": ["+1404", "+1404"], "local": days})
    >>> monday = pd.Timestamp("2026-08-03")
    >>> broken = pd.DataFrame({"tracking_number": ["+1404"], "elsewhere": [True],
    ...     "first": [monday], "last": [monday]})
    >>> rang_elsewhere(calls, broken).tolist()
    [True, False]
    """
    hit = pd.Series(data=False, index=calls.index)
    day = calls["local"].dt.normalize()
    theirs = broken.loc[broken["elsewhere"], ["tracking_number", "first", "last"]]
    for called, first, last in theirs.itertuples(index=False):
        hit |= (calls["tracking_number"] == called).fillna(value=False) & day.between(first, last)
    return hit


def without_broken_days(spend: pd.DataFrame, broken: pd.DataFrame) -> pd.DataFrame:
    """Leave the spend on broken days out, of a row of several days its share.

    Parameters
    ----------
    spend : pandas.DataFrame
        ``campaign``, ``date`` (naive midnight of the first day), ``days``, ``cost``.
    broken : pandas.DataFrame
        ``campaign``, ``first``, ``last``.

    Returns
    -------
    pandas.DataFrame
        A row for each whole row, or for each sound day of a row that was cut.
    """
    cut = spend["campaign"].isin(broken["campaign"]).to_numpy(bool)
    if not cut.any():
        return spend
    rows = spend[cut]
    lengths = rows["days"].astype(int)
    each = rows.loc[rows.index.repeat(lengths)]
    each = each.assign(
        date=each["date"] + pd.to_timedelta(each.groupby(level=0).cumcount(), unit="D"),
        cost=each["cost"] / each["days"],
        days=1,
    )
    sound = each[~on_broken_days(each["campaign"], each["date"], broken).to_numpy(bool)]
    return pd.concat([spend[~cut], sound], ignore_index=True)


def broken_between(broken: pd.DataFrame, first: dt.date, end: dt.date) -> set[str]:
    """Return the campaigns that were broken on a day from `first` to before `end`."""
    met = (broken["first"] < pd.Timestamp(end)) & (broken["last"] >= pd.Timestamp(first))
    return set(broken.loc[met, "campaign"].astype(str))


def treated_broken(broken: pd.DataFrame, campaign: str) -> str:
    """Write the days on which a campaign was broken; empty where it was not."""
    rows = broken[broken["campaign"] == campaign]
    spans = [days(first, last) for first, last in zip(rows["first"], rows["last"], strict=True)]
    return listed(list(dict.fromkeys(spans)), 3) if spans else ""


def sound_log(log: Log, campaigns: Collection[str], broken: pd.DataFrame) -> Log:
    """Return a log that has no data on the days on which some campaigns were broken.

    What is compared by whole weeks then leaves the weeks of these days out, on both sides.
    """
    rows = broken[broken["campaign"].isin(list(campaigns))]
    covered = log.covered.copy()
    for first, last in zip(rows["first"], rows["last"], strict=True):
        covered[(covered.index >= first) & (covered.index <= last)] = False
    return replace(log, covered=covered)


def without_groups(log: Log, groups: Collection[str]) -> Log:
    """Return a log without the calls of some campaigns."""
    return replace(log, callers=log.callers[~log.callers["group"].isin(list(groups))])
