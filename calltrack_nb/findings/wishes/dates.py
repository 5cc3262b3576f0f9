"""From what was matched to a date: which Thursday, which third of May.

Every reader takes what an expression of ``days.py`` caught, the day of the call and the
country, and gives a value, or the readings between which the words leave open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
SHORT: Final = {"sept": 9} | {name[:3]: place for place, name in enumerate(MONTHS, 1)}
HOLIDAYS: Final = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "new year's day": (1, 1),
    "new years day": (1, 1), "valentine's day": (2, 14), "valentines day": (2, 14),
    "halloween": (10, 31),
}  # fmt: skip
_DAY: Final = dt.timedelta(days=1)
_DAYS_OF: Final = {"week": 7, "fortnight": 14, "day": 1}

Groups = Mapping[str, str | None]
Reading = tuple[str | None, str | None]
"""A value, or what it is either of; neither where nothing is read."""


def read_day(name: str, match: re.Match[str], on: dt.date, country: str) -> Reading:
    """Return what a match says of a day: a value, or either of two; neither if vague or past.

    Parameters
    ----------
    name : str
        Which rule of ``days.py`` matched.
    match : re.Match
        What it matched.
    on : datetime.date
        The local day of the call.
    country : str
        Two letters.
    """
    if name == "written":
        return _written(match.groupdict(), on, country), None
    if name == "thanksgiving":
        return _thanksgiving(on, country), None
    reader = _READERS.get(name)
    return (None, None) if reader is None else reader(match, on)


def _fixed(value: Callable[[dt.date], str]) -> Callable[[re.Match[str], dt.date], Reading]:
    return lambda _, on: (value(on), None)


def _weeks_on(match: re.Match[str], on: dt.date) -> Reading:
    group = match.groupdict()
    after = _count(group.get("count")) * _DAYS_OF[str(group["unit"]).rstrip("s")]
    return (_coming(_dow(group["dow"]), on) + after * _DAY).isoformat(), None


def _of_week(match: re.Match[str], on: dt.date) -> Reading:
    monday = on + (7 * (match["which"] == "next") - on.weekday()) * _DAY
    return (monday + _dow(match["dow"]) * _DAY).isoformat(), None


def _from_now(match: re.Match[str], on: dt.date) -> Reading:
    group = match.groupdict()
    length = _DAYS_OF.get(str(group["unit"]).rstrip("s"))
    if length is None:
        return None, None
    after = _count(group.get("count")) * length + (group.get("base") == "tomorrow")
    return (on + after * _DAY).isoformat(), None


def _count(said: str | None) -> int:
    if said is None or said in ("a", "an"):
        return 1
    return 2 if "couple" in said else int(said)


def _dow(said: str | None) -> int:
    return next(place for place, name in enumerate(WEEKDAYS) if name.lower()[:3] == str(said)[:3])


def _coming(weekday: int, on: dt.date) -> dt.date:
    """Return the first such day after the call's own."""
    return on + dt.timedelta(days=(weekday - on.weekday() - 1) % 7 + 1)


def _weekday(match: re.Match[str], on: dt.date) -> Reading:
    weekday, which = _dow(match["dow"]), match["which"]
    coming = _coming(weekday, on)
    if which == "next":
        monday = on + dt.timedelta(days=7 - on.weekday())
        other = monday + dt.timedelta(days=weekday)
        return _one_of(coming, other)
    if weekday == on.weekday() and which in (None, "this"):
        return _one_of(on, coming)
    return coming.isoformat(), None


def _one_of(one: dt.date, other: dt.date) -> Reading:
    if one == other:
        return one.isoformat(), None
    return None, f"{min(one, other)} or {max(one, other)}"


def _weekend(match: re.Match[str], on: dt.date) -> Reading:
    which = match["which"]
    if match[0].endswith("s") or which not in ("this", "this coming", "next"):
        return "weekend", None
    saturday = on if on.weekday() == 5 else _coming(5, on)
    if on.weekday() == 6:
        saturday = on - dt.timedelta(days=1)
    this, after = (
        f"{first}/{first + dt.timedelta(days=1)}"
        for first in (saturday, saturday + dt.timedelta(days=7))
    )
    return (None, f"{this} or {after}") if which == "next" else (this, None)


def _dated(match: re.Match[str], on: dt.date) -> Reading:
    group = match.groupdict()
    nth = int(group["nth"] or 0)
    dow = group.get("dow")
    if group.get("month"):
        dates = [_with_month(nth, _month(group["month"] or ""), group.get("year"), on)]
    elif group.get("which"):
        first = on.replace(day=1)
        dates = [
            _safe(
                *(_after_month(first) if group["which"] == "next" else first).timetuple()[:2], nth
            )
        ]
    else:
        here = on.replace(day=1)
        dates = [_safe(here.year, here.month, nth), _safe(*_after_month(here).timetuple()[:2], nth)]
        dates = [date for date in dates if date is not None and date >= on]
    known = [date for date in dates if date is not None]
    if dow:
        known = [date for date in known if date.weekday() == _dow(dow)]
    return (known[0].isoformat() if known else None), None


def _with_month(nth: int, month: int, year: str | None, on: dt.date) -> dt.date | None:
    said = re.search(r"20\d\d", year or "")
    if said:
        return _safe(int(said[0]), month, nth)
    if year and "next" in year:
        return _safe(on.year + 1, month, nth)
    try:
        return _next_date(month, nth, on)
    except ValueError:
        return None


def _next_date(month: int, day: int, on: dt.date) -> dt.date:
    this = dt.date(on.year, month, day)
    return this if this >= on else dt.date(on.year + 1, month, day)


def _after_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def _safe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month(said: str) -> int:
    return SHORT[said.rstrip(".")[:3]]


def _written(group: dict[str, str | None], on: dt.date, country: str) -> str | None:
    first, second = int(group["first"] or 0), int(group["second"] or 0)
    if (first, second) == (24, 7):
        return None
    month, day = (first, second) if country == "US" else (second, first)
    if group.get("full"):
        year = int(group["full"] or 0)
        date = _safe(year + 2000 if year < 100 else year, month, day)
    else:
        date = _with_month(day, month, None, on) if 1 <= month <= 12 else None
    return None if date is None else date.isoformat()


def _week(match: re.Match[str], on: dt.date) -> Reading:
    weeks = {"this": 0, "next": 1}.get(match["which"], 2)
    return f"{on + 7 * weeks * _DAY:%G-W%V}", None


def _in_month(match: re.Match[str], on: dt.date) -> Reading:
    month = _month(match["month"])
    return f"{on.year + (month < on.month)}-{month:02}", None


def _month_from_now(match: re.Match[str], on: dt.date) -> Reading:
    first = on.replace(day=1)
    return f"{_after_month(first) if match['which'] == 'next' else first:%Y-%m}", None


def _last_day(match: re.Match[str], on: dt.date) -> Reading:
    first = on.replace(day=1)
    end = _after_month(_after_month(first) if "next" in match[0] else first)
    return (end - _DAY).isoformat(), None


def _holiday(match: re.Match[str], on: dt.date) -> Reading:
    return _next_date(*HOLIDAYS[match[0]], on).isoformat(), None


def _thanksgiving(on: dt.date, country: str) -> str | None:
    """Return the fourth Thursday of November; elsewhere than in the US it is another day."""
    if country != "US":
        return None
    for year in (on.year, on.year + 1):
        first = dt.date(year, 11, 1)
        day = first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21)
        if day >= on:
            return day.isoformat()
    return None


_READERS: Final[Mapping[str, Callable[[re.Match[str], dt.date], Reading]]] = {
    "date": _dated,
    "alone": _dated,
    "weekday": _weekday,
    "weekend": _weekend,
    "weeks_on": _weeks_on,
    "of_week": _of_week,
    "from_now": _from_now,
    "week": _week,
    "month": _in_month,
    "in_month": _month_from_now,
    "last_day": _last_day,
    "holiday": _holiday,
    "every": lambda match, _: (WEEKDAYS[_dow(match["dow"])], None),
    "soon": _fixed(lambda _: "as soon as possible"),
    "weekdays": _fixed(lambda _: "weekdays"),
    "today": _fixed(dt.date.isoformat),
    "tomorrow": _fixed(lambda on: (on + _DAY).isoformat()),
    "after_tomorrow": _fixed(lambda on: (on + 2 * _DAY).isoformat()),
    "new_year": _fixed(lambda on: str(on.year + 1)),
}
