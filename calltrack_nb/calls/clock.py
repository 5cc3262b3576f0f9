"""Instants on the business's own clock: its time of day, days and weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from calltrack_nb.periods import Period


def local_time(instants: pd.Series[Any], zone: str) -> pd.Series[Any]:
    """Return what the business's clock showed.

    Parameters
    ----------
    instants : pandas.Series of datetime64, UTC
    zone : str
        IANA name of the business's zone.

    Returns
    -------
    pandas.Series of datetime64
        Naive.

    Examples
    --------
    >>> local_time(pd.Series(pd.to_datetime(["2026-08-03 01:30Z"])), "America/New_York")[0]
    Timestamp('2026-08-02 21:30:00')
    """
    local: pd.Series[Any] = instants.dt.tz_convert(zone).dt.tz_localize(None)
    return local


def local_days(instants: pd.Series[Any], zone: str) -> pd.Series[Any]:
    """Return the local calendar day of instants, as naive midnights.

    Examples
    --------
    >>> local_days(pd.Series(pd.to_datetime(["2026-08-03 01:30Z"])), "America/New_York")[0]
    Timestamp('2026-08-02 00:00:00')
    """
    days: pd.Series[Any] = local_time(instants, zone).dt.normalize()
    return days


def weeks_of(days: pd.Series[Any]) -> pd.Series[Any]:
    """Return the Monday of each day's week.

    Examples
    --------
    >>> weeks_of(pd.Series(pd.to_datetime(["2026-08-02", "2026-08-03"]))).dt.day.tolist()
    [27, 3]
    """
    mondays: pd.Series[Any] = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays


def in_period(frame: pd.DataFrame, zone: str, period: Period | None) -> pd.DataFrame:
    """Return the rows that started within a period; all of them where there is none.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``started_at``.
    zone : str
    period : Period or None
        Local days.
    """
    if period is None:
        return frame
    start, end = period.bounds(zone)
    return frame[((frame["started_at"] >= start) & (frame["started_at"] < end)).to_numpy(bool)]


def latest(instants: pd.Series[Any], zone: str) -> pd.Series[Any]:
    """Return the last moment that each instant may mean: the day's end where it is a bare date.

    An instant at which a local day begins is one of which only the day is known.

    Parameters
    ----------
    instants : pandas.Series of datetime64, UTC
    zone : str

    Examples
    --------
    >>> latest(pd.Series(pd.to_datetime(["2026-08-03 04:00Z"])), "America/New_York")[0]
    Timestamp('2026-08-04 03:59:59.999999+0000', tz='UTC')
    """
    day = local_days(instants, zone)
    # a day may begin at one o'clock where the clocks go forward at midnight
    begins, ends = (
        days.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        for days in (day, day + pd.Timedelta(days=1))
    )
    last = ends.dt.tz_convert("UTC") - pd.Timedelta(microseconds=1)
    moments: pd.Series[Any] = instants.where(instants != begins, last.astype(instants.dtype))
    return moments


def day_start(day: pd.Timestamp | dt.date, zone: str) -> pd.Timestamp:
    """Return the instant a local day begins, UTC.

    Where the clock skips midnight it is the first moment the day has, and where the clock
    shows midnight twice the first of the two.

    Examples
    --------
    >>> day_start(dt.date(2026, 3, 8), "America/Havana")
    Timestamp('2026-03-08 05:00:00+0000', tz='UTC')
    """
    local = pd.Timestamp(day).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return local.tz_convert("UTC")
