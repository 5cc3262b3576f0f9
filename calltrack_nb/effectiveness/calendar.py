"""Opening hours and public holidays of the business."""

from __future__ import annotations

import datetime as dt

import holidays
import pandas as pd

from calltrack_nb.hours import open_at
from calltrack_nb.settings import Settings


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
        When the hours are not written as ``09:00-17:00``, or as several such spans.
    """
    inside = pd.Series(open_at(local, settings.business.hours), index=local.index)
    if len(local):
        closed = public_holidays(settings, local.min().date(), local.max().date())
        inside &= ~local.dt.date.isin(list(closed))
    return inside
