"""Periods of time as people write them: a day, a month, a quarter, a year, a span.

A period is a pair of local calendar days. It becomes an interval of instants only
with the business's time zone, so that a call at 23:30 on the last of August in New
York belongs to August although it is September in UTC.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from calltrack_nb.errors import PeriodError

_FORMS = "2026, 2026-08, 2026-Q3, 2026-08-15, or two of them as 2026-04..2026-09; or all"


@dataclass(frozen=True, slots=True)
class Period:
    """The local days from ``first`` to ``last``, both included.

    Parameters
    ----------
    first, last : datetime.date
        Calendar days in the business's time zone.

    Examples
    --------
    >>> Period.parse("2026-02").days
    28
    >>> str(Period.parse("2026-Q3"))
    '2026-Q3'
    >>> str(Period.parse("2026-04..2026-09").before())
    '2025-10..2026-03'
    """

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.last < self.first:
            raise PeriodError(
                "A period ends before it starts",
                where=f"{self.first}..{self.last}",
                fix="Write the earlier date first",
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period.

        Parameters
        ----------
        text : str
            ``2026``, ``2026-08``, ``2026-Q3``, ``2026-08-15``, or two of these
            joined by ``..``.

        Raises
        ------
        PeriodError
            When the text has none of these forms or names a day that cannot be.
        """
        start, dots, end = str(text).strip().partition("..")
        first, last = _span(start.strip(), text)
        if dots:
            _, last = _span(end.strip(), text)
        return cls(first, last)

    @classmethod
    def relative(cls, name: str, today: dt.date) -> Period:
        """Return the days that a name of :data:`RELATIVE` means on a day.

        Parameters
        ----------
        name : str
            ``last-month``, ``last-week`` (Monday to Sunday) and ``last-quarter`` are over;
            ``this-month`` and ``year-to-date`` end today, ``last-30-days`` yesterday.
        today : datetime.date
            The day on the business's clock.

        Raises
        ------
        PeriodError
            When there is no such name.

        Examples
        --------
        >>> today = dt.date(2026, 3, 4)  # a Wednesday
        >>> print(*(Period.relative(name, today) for name in RELATIVE))
        2026-02 2026-03-01..2026-03-04 2026-02-23..2026-03-01 2025-Q4 2026-01-01..2026-03-04 \
2026-02-02..2026-03-03
        """
        if name not in RELATIVE:
            raise PeriodError(
                "There is no such period", where=name, fix=f"There are {', '.join(RELATIVE)}"
            )
        return cls(*RELATIVE[name](today))

    @property
    def days(self) -> int:
        """The number of calendar days."""
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """Return the period of the same length that ends the day before this one.

        Whole months are compared with as many whole months; any other span with the
        same number of days.
        """
        months = self._whole_months()
        last = self.first - dt.timedelta(days=1)
        if months:
            return Period(_add_months(self.first, -months), last)
        return Period(last - dt.timedelta(days=self.days - 1), last)

    def a_year_before(self) -> Period:
        """Return the same months a year before; of other spans, as many days 52 weeks before.

        Examples
        --------
        >>> str(Period.parse("2026-08").a_year_before())
        '2025-08'
        >>> str(Period.parse("2026-08-03..2026-08-09").a_year_before())
        '2025-08-04..2025-08-10'
        """
        if self._whole_months():
            first = _add_months(self.first, -12)
            return Period(first, _month_end(self.last.replace(day=1, year=self.last.year - 1)))
        weeks = dt.timedelta(weeks=52)
        return Period(self.first - weeks, self.last - weeks)

    def bounds(self, timezone: str) -> tuple[dt.datetime, dt.datetime]:
        """Return the half-open interval of instants, in UTC.

        Parameters
        ----------
        timezone : str
            IANA name of the business's zone.

        Returns
        -------
        tuple of datetime.datetime
            Start (included) and end (excluded), aware, in UTC.
        """
        zone = ZoneInfo(timezone)
        start = dt.datetime.combine(self.first, dt.time(), zone)
        end = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), zone)
        return start.astimezone(dt.UTC), end.astimezone(dt.UTC)

    def months(self) -> tuple[Period, ...]:
        """Return the calendar months this period touches, cut to its ends."""
        pieces = []
        start = self.first
        while start <= self.last:
            stop = min(_month_end(start), self.last)
            pieces.append(Period(start, stop))
            start = stop + dt.timedelta(days=1)
        return tuple(pieces)

    def _whole_months(self) -> int:
        if self.first.day != 1 or self.last != _month_end(self.last):
            return 0
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def __str__(self) -> str:
        """Write the shortest form that :meth:`parse` reads back."""
        months = self._whole_months()
        if months == 12 and self.first.month == 1:
            return f"{self.first.year}"
        if months == 3 and self.first.month % 3 == 1:
            return f"{self.first.year}-Q{self.first.month // 3 + 1}"
        if months == 1:
            return f"{self.first:%Y-%m}"
        if months:
            return f"{self.first:%Y-%m}..{self.last:%Y-%m}"
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _add_months(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def _span(text: str, whole: str) -> tuple[dt.date, dt.date]:
    try:
        if match := re.fullmatch(r"(\d{4})", text):
            year = int(match[1])
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if match := re.fullmatch(r"(\d{4})-[Qq]([1-4])", text):
            start = dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)
            return start, _month_end(_add_months(start, 2))
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
            start = dt.date(int(match[1]), int(match[2]), 1)
            return start, _month_end(start)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = dt.date.fromisoformat(text)
            return day, day
    except ValueError:
        pass
    raise PeriodError(
        "That is not a period",
        where=repr(str(whole)),
        fix=f"Write {_FORMS}; a report also takes {', '.join(RELATIVE)}",
    )


def _last_week(today: dt.date) -> tuple[dt.date, dt.date]:
    sunday = today - dt.timedelta(days=today.isoweekday())
    return sunday - dt.timedelta(days=6), sunday


def _last_quarter(today: dt.date) -> tuple[dt.date, dt.date]:
    begun = dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return _add_months(begun, -3), begun - dt.timedelta(days=1)


RELATIVE: Final[Mapping[str, Callable[[dt.date], tuple[dt.date, dt.date]]]] = {
    "last-month": lambda today: (_add_months(today, -1), today - dt.timedelta(days=today.day)),
    "this-month": lambda today: (today.replace(day=1), today),
    "last-week": _last_week,
    "last-quarter": _last_quarter,
    "year-to-date": lambda today: (today.replace(month=1, day=1), today),
    "last-30-days": lambda today: (today - dt.timedelta(days=30), today - dt.timedelta(days=1)),
}
"""Periods that move with the calendar, by name: the first and the last day, seen from a day."""
