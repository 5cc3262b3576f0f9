"""What each day is worth of a usual week: by weekday, and by being closed on a holiday."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.calls import closing_holidays, open_days
from calltrack_nb.settings import Settings

Array = NDArray[np.float64]
Kinds = NDArray[np.intp]

_HOLIDAY: Final = 7
_DAYS_OF_THE_OTHERS = 2.0


@dataclass(frozen=True, slots=True)
class Days:
    """Days, and what kind of day each is.

    Parameters
    ----------
    index : pandas.DatetimeIndex
        Midnights of the business's clock.
    kind : numpy.ndarray of int, shape (days,)
        0 to 6 from Monday to Sunday; 7 on a public holiday that closes the business.
    is_open : numpy.ndarray of bool, shape (days,)
        Whether the business opens on it.
    """

    index: pd.DatetimeIndex
    kind: Kinds
    is_open: NDArray[np.bool_]


def days_between(first: dt.date, last: dt.date, settings: Settings) -> Days:
    """Lay out the days from one to another; none where the last is before the first."""
    index = pd.date_range(first, last, freq="D")
    is_open = open_days(index, settings)
    off = index.isin(pd.DatetimeIndex(closing_holidays(settings, first, last)))
    return Days(index, np.where(off, _HOLIDAY, index.day_of_week), is_open)


@dataclass(frozen=True, slots=True)
class UsualWeek:
    """Worth of each kind of day in usual weeks.

    Parameters
    ----------
    share : numpy.ndarray of float, shape (8,)
        Of a usual week; the seven weekdays sum to 1.
    days : numpy.ndarray of float, shape (8,)
        Days that each was learnt from.
    events : float
        Events of a usual week.
    """

    share: Array
    days: Array
    events: float

    def worth(self, kind: Kinds) -> Array:
        """Return usual weeks that each day is worth."""
        return self.share[kind]

    def doubt(self, ahead: Kinds) -> float:
        """Return the variance of the worth of some days, beyond that of the level itself.

        A share of which few days tell is known badly: the variance of a mean of Poisson
        counts over so many days, less what days in their usual mixture would have.
        """
        if self.events <= 0:
            return 0.0
        times = np.bincount(ahead, minlength=len(self.share))
        learnt = np.maximum(self.days, 1.0)
        alone = float((times**2 * self.share / learnt).sum())
        together = float(times @ self.share) ** 2 / float(learnt @ self.share)
        return max(0.0, alone - together) / self.events


def usual_week(counts: Array, days: Days) -> UsualWeek:
    """Learn what each kind of day brings.

    Parameters
    ----------
    counts : numpy.ndarray of float, shape (days,)
        Events per day.
    days : Days
        The same days.

    Notes
    -----
    The mean of each kind, drawn towards the mean of all open or all closed days as if two
    more days of that had been seen.

    Examples
    --------
    >>> days = days_between(dt.date(2026, 8, 3), dt.date(2026, 8, 30), Settings())
    >>> week = usual_week(np.tile([2.0, 2, 2, 2, 2, 0, 0], 4), days)
    >>> week.share.round(2).tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0]
    """
    seen = np.bincount(days.kind, minlength=_HOLIDAY + 1).astype(float)
    events = np.bincount(days.kind, counts, minlength=_HOLIDAY + 1)
    opens = np.bincount(days.kind, days.is_open, minlength=_HOLIDAY + 1) > 0
    mean = np.empty(_HOLIDAY + 1)
    for group in (opens, ~opens):
        of_all = events[group].sum() / max(seen[group].sum(), 1.0)
        mean[group] = (events[group] + _DAYS_OF_THE_OTHERS * of_all) / (
            seen[group] + _DAYS_OF_THE_OTHERS
        )
    whole = float(mean[:_HOLIDAY].sum())
    if whole <= 0:
        return UsualWeek(np.r_[np.full(_HOLIDAY, 1 / _HOLIDAY), 0.0], seen, 0.0)
    return UsualWeek(mean / whole, seen, whole)
