"""Opening hours and public holidays of the business."""

from __future__ import annotations

import datetime as dt

import holidays
import numpy as np
import pandas as pd

from calltrack_nb.errors import SettingsError
from calltrack_nb.settings import Settings

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def public_holidays(settings: Settings, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Return the country's public holidays between two days; none for an unknown country."""
    try:
        known = holidays.country_holidays(
            settings.business.country, years=range(first.year, last.year + 1)
        )
    except NotImplementedError:
        return {}
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def in_hours(local: pd.Series, settings: Settings) -> pd.Series:
    """Say which local times fall into the opening hours.

    Parameters
    ----------
    local : pandas.Series of datetime64
        Naive times in the business's zone.

    Raises
    ------
    SettingsError
        When the hours are not written as ``09:00-17:00``.
    """
    minute = local.dt.hour * 60 + local.dt.minute
    inside = pd.Series(False, index=local.index)
    for day, name in enumerate(WEEKDAYS):
        if name in settings.business.hours:
            opens, closes = _minutes(settings.business.hours[name])
            inside |= (local.dt.day_of_week == day) & (minute >= opens) & (minute < closes)
    if len(local):
        closed = public_holidays(settings, local.min().date(), local.max().date())
        inside &= ~local.dt.date.isin(list(closed))
    return inside


def _minutes(hours: str) -> tuple[int, int]:
    try:
        opens, closes = (dt.time.fromisoformat(part.strip()) for part in hours.split("-"))
    except ValueError:
        raise SettingsError(
            "Those are not opening hours",
            where=f"business.hours, {hours!r}",
            fix="Write them as 09:00-17:00",
        ) from None
    end = closes.hour * 60 + closes.minute
    return opens.hour * 60 + opens.minute, end or 24 * 60


def open_days(days: pd.DatetimeIndex, settings: Settings) -> np.ndarray:
    """Say on which days the business opens at all."""
    closed = public_holidays(settings, days[0].date(), days[-1].date()) if len(days) else {}
    return np.array(
        [
            WEEKDAYS[day.weekday()] in settings.business.hours and day.date() not in closed
            for day in days
        ],
        dtype=bool,
    )
