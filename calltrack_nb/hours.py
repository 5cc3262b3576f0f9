"""Opening hours as the settings write them, held against a local clock."""

from __future__ import annotations

import re
from typing import Final, get_args

import numpy as np
import pandas as pd

from calltrack_nb.errors import SettingsError
from calltrack_nb.settings import Day

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
            f"Opening hours are not understood, got {text!r}",
            where=f"business.hours.{day}",
            fix="Write 09:00-17:00, or two spans with a comma, or closed",
        )
    numbers = [[int(part) for part in match.groups()] for match in found if match]
    return [(60 * a + b, 60 * c + d) for a, b, c, d in numbers]


def open_at(local: pd.Series, hours: dict[Day, str]) -> np.ndarray:
    """Say which local times fall into opening hours.

    Parameters
    ----------
    local : pandas.Series of datetime64
        Naive times on the business's clock.
    hours : dict
        By day, as in the settings; a span that ends before it begins runs past midnight.

    Examples
    --------
    >>> late = pd.Series(pd.to_datetime(["2026-08-03 23:30", "2026-08-04 01:30"]))
    >>> open_at(late, {"mon": "18:00-02:00"}).tolist()
    [True, True]
    """
    minute = (local.dt.hour * 60 + local.dt.minute).to_numpy()
    weekday = local.dt.day_of_week.to_numpy()
    inside = np.zeros(len(local), dtype=bool)
    for day, text in hours.items():
        index = DAYS.index(day)
        for opens, closes in spans(text, day):
            today = weekday == index
            if opens < closes:
                inside |= today & (minute >= opens) & (minute < closes)
            else:
                inside |= today & (minute >= opens)
                inside |= (weekday == (index + 1) % 7) & (minute < closes)
    return inside
