"""Days as exports write them, in one order of day and month for a column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from calltrack_nb.providers.values.calendar_names import month_number, weekdays_of
from calltrack_nb.providers.values.clocks import NO_FORM, NO_SUCH
from calltrack_nb.providers.values.column import Unreadable
from calltrack_nb.providers.values.spelling import without_accents

REVERSED: Final = "day and month are in the other order than in the rest of the column"
DOUBTFUL: Final = "the column has both orders of day and month; this could be either"
OTHER_WEEKDAY: Final = "the weekday does not fit the date"

_MONTH_ONLY: Final = Unreadable("a month and not a day")
_NO_YEAR: Final = Unreadable("the year is missing")
_UNCLEAR: Final = Unreadable("which part is the day, the month and the year is not clear")

_WORD: Final = r"[^\W\d_]+"
_YEAR: Final = r"'?(\d{4}|\d\d)"
_NUMERIC: Final = re.compile(r"(\d\d?)([/.\-]) ?(\d\d?)\2 ?(\d{4}|\d\d)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:([/.\-]) ?(\d\d?)\2 ?(\d\d?)\.?|()(\d\d)(\d\d))")
_DAY_NAMED: Final = re.compile(
    rf"(\d\d?)(?:st|nd|rd|th|er|e|o|º|\.)?[ /.\-]*(?:de |of )?({_WORD})\.?,?[ /.\-]*"
    rf"(?:de |del )?{_YEAR}"
)
_NAMED_DAY: Final = re.compile(rf"({_WORD})\.?[ /\-]*(\d\d?)(?:st|nd|rd|th)?(?:, ?|[ /\-]+){_YEAR}")
_YEAR_NAMED: Final = re.compile(rf"(\d{{4}})\.?[ /\-]+({_WORD})\.?[ /\-]+(\d\d?)\.?")
_NO_DAY: Final = re.compile(
    rf"\d{{4}}[/.\-]?\d\d?|\d\d?[/.\-]\d{{4}}|({_WORD})\.?[ \-]\d{{4}}|\d{{4}} ({_WORD})"
)
_WITHOUT_YEAR: Final = re.compile(
    rf"\d\d?[/.\-] ?\d\d?\.?|\d\d?[.]?[ /\-]({_WORD})\.?|({_WORD})\.? \d\d?(?:st|nd|rd|th)?"
)


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How the days of a column are written.

    Parameters
    ----------
    day_first : bool
        Whether 03/04/2026 is the third of April.
    sure : bool
        Whether the column's own texts, or those of a column beside it, say so, and not
        the habit of a country.
    reason : str
        In words, for the report of an import; empty where no text depends on the order.
    mixed : bool
        Whether both orders occur in the column.
    year_first : bool
        Whether the year stands first where it has two digits, as in 26-08-03.
    """

    day_first: bool = False
    sure: bool = False
    reason: str = ""
    mixed: bool = False
    year_first: bool = False


MONTH_FIRST: Final = DateOrder()
"""Month and day, not settled by anything."""


class NumericDate(NamedTuple):
    """A date of three numbers, the year of two digits or last.

    Parameters
    ----------
    text : str
    first, second, third : int
    mark : str
        What stands between them.
    short : bool
        Whether the year has two digits.
    weekday : int or None
        The weekday beside it, Monday as 0.
    """

    text: str
    first: int
    second: int
    third: int
    mark: str
    short: bool
    weekday: int | None

    def day_first(self) -> date | None:
        """Return the date if the day stands first."""
        return _date(_full(self.third), self.second, self.first)

    def month_first(self) -> date | None:
        """Return the date if the month stands first."""
        return _date(_full(self.third), self.first, self.second)

    def year_first(self) -> date | None:
        """Return the date if the year stands first."""
        return _date(_full(self.first), self.second, self.third) if self.short else None


class Day(NamedTuple):
    """A day that was read, and remarks on it."""

    date: date
    remarks: tuple[str, ...] = ()


def numeric_date(text: str) -> NumericDate | None:
    """Return the numbers of a date such as ``Mon 03/04/2026``; None for any other form.

    Examples
    --------
    >>> numeric_date("03/04/26")
    NumericDate(text='03/04/26', first=3, second=4, third=26, mark='/', short=True, weekday=None)
    """
    weekday, text = _without_weekday(without_accents(text))
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    first, mark, second, third = found.groups()
    numbers = (int(first), int(second), int(third))
    return NumericDate(text, *numbers, mark, len(third) == 2, weekday)


@lru_cache(maxsize=100_000)
def read_day(text: str, order: DateOrder = MONTH_FIRST) -> Day | Unreadable:
    """Read one day.

    Parameters
    ----------
    text : str
        In plain characters, without a time of day.
    order : DateOrder
        Of the column.

    Examples
    --------
    >>> read_day("lunes, 3 de agosto de 2026").date, read_day("03-Aug-26").date
    (datetime.date(2026, 8, 3), datetime.date(2026, 8, 3))
    >>> read_day("13/08/2026").remarks
    ('day and month are in the other order than in the rest of the column',)
    >>> read_day("2026-03"), read_day("2026-02-30"), read_day("due 3 Aug 2026")
    ('a month and not a day', 'not a time that exists', 'not in a known form of time')
    """
    numbers = numeric_date(text)
    if numbers is not None:
        found = _numeric_day(numbers, order)
        weekday = numbers.weekday
    else:
        found, weekday = _written_day(without_accents(text)), None
        if found is NO_FORM:
            weekday, rest = _without_weekday(without_accents(text))
            found = _written_day(rest)
    if isinstance(found, Unreadable) or weekday in (None, found.date.weekday()):
        return found
    return Day(found.date, (*found.remarks, OTHER_WEEKDAY))


def _numeric_day(numbers: NumericDate, order: DateOrder) -> Day | Unreadable:
    if numbers.short and order.year_first:
        day = numbers.year_first()
        return Day(day) if day else NO_SUCH
    ways = (numbers.day_first, numbers.month_first)
    day, other = (way() for way in (ways if order.day_first else ways[::-1]))
    if day is None and other is not None:
        return _UNCLEAR if numbers.short else Day(other, (REVERSED,))
    if day is None:
        return NO_SUCH
    doubtful = order.mixed and other is not None and other != day
    return Day(day, (DOUBTFUL,) if doubtful else ())


def _written_day(text: str) -> Day | Unreadable:
    """Read a day whose form alone says which part is which."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, _, compact_month, compact_day = found.groups()
        return _day(int(year), int(month or compact_month), int(day or compact_day))
    for form, places in (
        (_DAY_NAMED, (3, 2, 1)),
        (_NAMED_DAY, (3, 1, 2)),
        (_YEAR_NAMED, (1, 2, 3)),
    ):
        found = form.fullmatch(text)
        if found and (month := month_number(found[places[1]])):
            return _day(_full(int(found[places[0]])), month, int(found[places[2]]))
    for form, reason in ((_NO_DAY, _MONTH_ONLY), (_WITHOUT_YEAR, _NO_YEAR)):
        found = form.fullmatch(text)
        if found and all(name is None or month_number(name) for name in found.groups()):
            return reason
    return NO_FORM


def _without_weekday(text: str) -> tuple[int | None, str]:
    """Take the name of a weekday from the beginning; None where it is none, or several."""
    found = re.match(rf"({_WORD}(?:-feira)?)(?:\.?, ?|\. ?| )(?=.)", text)
    days = weekdays_of(found[1]) if found else frozenset()
    if found is None or not days:
        return None, text
    return next(iter(days)) if len(days) == 1 else None, text[found.end() :]


def _full(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 69 else 1900)


def _day(year: int, month: int, day: int) -> Day | Unreadable:
    found = _date(year, month, day)
    return Day(found) if found else NO_SUCH


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
