"""Calls that another business answered: what is said in them is not said to this one."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.phrasing import agree, listed, plural


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


def elsewhere_note(theirs: pd.DataFrame) -> str:
    """Say how many calls rang at another business and are not listened to; else nothing.

    Parameters
    ----------
    theirs : pandas.DataFrame
        The calls that :func:`rang_elsewhere` tells, with their ``campaign``.
    """
    if theirs.empty:
        return ""
    names = listed(sorted(set(theirs["campaign"].dropna().astype(str))), 3)
    of = f" of {names}" if names else ""
    return (
        f"{plural(len(theirs), 'call')}{of} rang at another business (see the number "
        f"audit): what was said in {agree(len(theirs), 'it is', 'them is')} left out here."
    )
