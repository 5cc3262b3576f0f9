"""When the business is open: its hours and the public holidays, on its own clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final, get_args

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.errors import SettingsError
from calltrack_nb.settings import Day, Settings

DAYS: Final[tuple[Day, ...]] = get_args(Day)
"""Monday to Sunday, as the settings name them."""

_SPAN: Final = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")


def spans(text: str, day: str) -> list[tuple[int, int]]:
    """Read one day's hours.

    Parameters
    ----------
    text : str
        ``09:00-17:00``, ``09:00-12:00, 13:00-17:00``, ``closed`` or nothing.
    day : str
        Whose they are, for the message.

    Returns
    -------
    list of tuple of int
        First minute and the minute after the last, counted from midnight.

    Raises
    ------
    SettingsError
        When that is not how hours are written.

    Examples
    --------
    >>> spans("09:00-12:00, 13:00-17:30", "mon")
    [(540, 720), (780, 1050)]
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if [part.lower() for part in parts] in ([], ["closed"]):
        return []
    found = [_SPAN.fullmatch(part) for part in parts]
    if not all(found):
        raise SettingsError(
            f"Opening hours {text!r} are not understood",
            where=f"business.hours.{day}",
            fix="Write 09:00-17:00, or two spans with a comma, or closed",
        )
    numbers = [[int(part) for part in match.groups()] for match in found if match]
    return [(60 * a + b, 60 * c + d) for a, b, c, d in numbers]


def open_at(
    local: pd.Series[Any], hours: Mapping[Day, str], closed: Collection[dt.date] = ()
) -> npt.NDArray[np.bool_]:
    """Say which local times fall into opening hours.

    Parameters
    ----------
    local : pandas.Series of datetime64
        Naive times on the business's clock.
    hours : mapping
        By day, as in the settings; a span that ends before it begins runs past midnight.
    closed : collection of datetime.date
        Days on which no span begins.

    Raises
    ------
    SettingsError
        When the hours are not written as ``09:00-17:00``, or as several such spans.

    Examples
    --------
    >>> late = pd.Series(pd.to_datetime(["2026-08-03 23:30", "2026-08-04 01:30"]))
    >>> open_at(late, {"mon": "18:00-02:00"}).tolist()
    [True, True]
    >>> open_at(late, {"mon": "18:00-02:00"}, [dt.date(2026, 8, 3)]).tolist()
    [False, False]
    """
    minute = (local.dt.hour * 60 + local.dt.minute).to_numpy()
    weekday = local.dt.day_of_week.to_numpy()
    days = local.dt.normalize()
    off = pd.DatetimeIndex(pd.to_datetime(list(closed)))
    today_off = days.isin(off).to_numpy(dtype=bool)
    day_before_off = (days - pd.Timedelta(days=1)).isin(off).to_numpy(dtype=bool)
    inside = np.zeros(len(local), dtype=bool)
    for day, text in hours.items():
        index = DAYS.index(day)
        today = (weekday == index) & ~today_off
        day_after = (weekday == (index + 1) % 7) & ~day_before_off
        for opens, closes in spans(text, day):
            if opens < closes:
                inside |= today & (minute >= opens) & (minute < closes)
            else:
                inside |= today & (minute >= opens)
                inside |= day_after & (minute < closes)
    return inside


def open_hours(local: pd.Series[Any], settings: Settings) -> npt.NDArray[np.bool_]:
    """Say which local times fall into the business's opening hours.

    Public holidays of its country are closed unless ``business.closed_on_holidays`` is
    false.

    Parameters
    ----------
    local : pandas.Series of datetime64
        Naive times on the business's clock.
    settings : Settings
    """
    if not len(local):
        return np.zeros(0, dtype=bool)
    first = local.min() - pd.Timedelta(days=1)
    closed = closing_holidays(settings, first.date(), local.max().date())
    return open_at(local, settings.business.hours, closed)


def open_days(days: pd.DatetimeIndex, settings: Settings) -> npt.NDArray[np.bool_]:
    """Say on which days a span of opening hours begins.

    Parameters
    ----------
    days : pandas.DatetimeIndex
        Midnights of the business's clock.
    settings : Settings

    Examples
    --------
    >>> open_days(pd.date_range("2026-09-04", "2026-09-08"), Settings()).tolist()
    [True, False, False, False, True]
    """
    if not len(days):
        return np.zeros(0, dtype=bool)
    hours = settings.business.hours
    weekly = np.array([bool(spans(hours.get(day, ""), day)) for day in DAYS])
    off = pd.DatetimeIndex(closing_holidays(settings, days.min().date(), days.max().date()))
    return np.asarray(weekly[days.day_of_week] & ~days.isin(off))


def closing_holidays(settings: Settings, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the public holidays between two days on which the business does not open."""
    return list(days_off(settings, first, last)) if settings.business.closed_on_holidays else []


def days_off(settings: Settings, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Return the country's public holidays between two days; none for an unknown country.

    Examples
    --------
    >>> days_off(Settings(), dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    {datetime.date(2026, 9, 7): 'Labor Day'}
    """
    known = _public_holidays(settings.business.country, first.year, last.year)
    return {day: name for day, name in known if first <= day <= last}


@lru_cache(maxsize=64)
def _public_holidays(
    country: str, first_year: int, last_year: int
) -> tuple[tuple[dt.date, str], ...]:
    try:
        known = holidays.country_holidays(country, years=range(first_year, last_year + 1))
    except NotImplementedError:
        return ()
    return tuple(sorted(known.items()))
