"""Months, and ranges of days, as cost reports write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.calendar_names import month_number
from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.date_forms import DateOrder, numeric_date, read_day
from calltrack_nb.providers.values.spelling import plain, without_accents

_NO_MONTH: Final = Unreadable("not a month of a year")
_A_DAY: Final = Unreadable("a day and not a month")

_NAMED: Final = re.compile(r"([^\W\d_]+)[.,]{0,2}[ /\-]*(?:de |del |of )?(?:'?(\d\d)|(\d{4}))")
_YEAR_NAMED: Final = re.compile(r"(\d{4})[ /.\-]+([^\W\d_]+)\.?")
_NUMERIC: Final = re.compile(r"(\d{4})(?:[/.\-](\d\d?)|(\d\d))|(\d\d?)[/.\-](\d{4})")
_MIDNIGHT: Final = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_TO: Final = re.compile(
    r"\s*(?:-|~)\s*|\s+(?:to|bis|au|al|a|until|through|thru|tot|do|til)\s+", re.IGNORECASE
)


def read_months(values: pd.Series[Any]) -> ReadColumn:
    """Read months into their first days.

    Parameters
    ----------
    values : pandas.Series of str
        ``January 2026``, ``Jan-26``, ``2026-01``, ``01/2026``, in other languages too, or
        the first day of the month.

    Returns
    -------
    ReadColumn
        ``datetime64[us]``.

    Examples
    --------
    >>> texts = pd.Series(["Jan 2026", "2026-03", "août 2026", "2026-03-01", "2026-03-02"])
    >>> read_months(texts).series.dt.strftime("%Y-%m-%d").tolist()
    ['2026-01-01', '2026-03-01', '2026-08-01', '2026-03-01', nan]
    """
    return read_distinct(values, _month, "datetime64[us]")


def read_range(text: str, order: DateOrder | None = None) -> tuple[date, date] | None:
    """Read a range of days such as that of a report's title; None where it is none.

    Parameters
    ----------
    text : str
        A label that ends in a colon may stand before it.
    order : DateOrder, optional
        Of the file. Without it a range is read where one order alone makes it a range.

    Examples
    --------
    >>> read_range("March 1, 2026 - March 31, 2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    >>> read_range("Report Time: 3/1/2026-3/31/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    >>> read_range("1/3/2026 - 4/3/2026")
    """
    text = re.sub(r"^[^\d:]*: *", "", plain(text))
    orders = (order,) if order else (DateOrder(day_first=True), DateOrder(day_first=False))
    found = {
        span
        for between in _TO.finditer(text)
        for way in orders
        if (span := _span(text[: between.start()], text[between.end() :], way))
    }
    return found.pop() if len(found) == 1 else None


def _span(first: str, last: str, order: DateOrder) -> tuple[date, date] | None:
    end = read_day(last, order)
    start = read_day(first, order)
    if isinstance(end, Unreadable) or end.remarks:
        return None
    if isinstance(start, Unreadable):  # "March 1 - March 31, 2026"
        start = read_day(f"{first.rstrip(' ,.')} {end.date.year}", order)
    if isinstance(start, Unreadable) or start.remarks or start.date > end.date:
        return None
    return start.date, end.date


def _month(text: str) -> datetime | Unreadable:
    text = without_accents(_MIDNIGHT.sub("", plain(text).lstrip("'")))
    year, month = 0, None
    if found := _NAMED.fullmatch(text):
        year, month = int(found[3] or f"20{found[2]}"), month_number(found[1])
    elif found := _YEAR_NAMED.fullmatch(text):
        year, month = int(found[1]), month_number(found[2])
    elif found := _NUMERIC.fullmatch(text):
        year, month = int(found[1] or found[5]), int(found[2] or found[3] or found[4])
    else:
        return _of_first_day(text)
    exists = month and month < 13 and 1990 <= year < 2100
    return datetime(year, month, 1) if month and exists else _NO_MONTH  # noqa: DTZ001


def _of_first_day(text: str) -> datetime | Unreadable:
    """Read the first day of a month; of three numbers the one that is not 1 is the month."""
    numbers = numeric_date(text)
    if numbers is None:
        day = read_day(text)
        days = {day.date} if not isinstance(day, Unreadable) and not day.remarks else set()
    else:
        days = {found for found in (numbers.day_first(), numbers.month_first()) if found}
    firsts = {day for day in days if day.day == 1}
    if not firsts:
        return _A_DAY if days else _NO_MONTH
    first = firsts.pop()
    return datetime(first.year, first.month, 1)  # noqa: DTZ001
