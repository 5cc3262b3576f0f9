"""Days as callers say them: "a week on Tuesday", "the third of May", "this weekend".

A day is read against the day of the call. What may be two days, such as "next Thursday"
said on a Monday, is given as either of both.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from calltrack_nb.findings.wishes.value import Value

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORT: Final = {"sept": 9} | {name[:3]: place for place, name in enumerate(_MONTHS, 1)}
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{'|'.join(_SHORT)})\b\.?)"
_MONTHS_ONLY: Final = rf"(?:{'|'.join(_MONTHS)})"
_DOW: Final = (
    r"(?P<dow>mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|"
    r"saturday|sat(?= (?:the )?\d)|sunday|sun(?= (?:the )?\d))"
)
_NTH: Final = r"(?P<nth>\d{1,2})(?:st|nd|rd|th)"
_YEAR: Final = r"(?P<year> ,? ?20\d\d| next year| this year)?"
_COUNT: Final = r"(?P<count>a|an|1|2|3|4|5|6|7|8|9|10|couple of|a couple of)"
_ENDS: Final = (
    r"(?= ?$| [,.?!;]| (?:at|please|or|and|in|would|is|works?|if|for|around|about|morning|afternoon|"
    r"evening|night|to|till|until|through|then|thanks|between|after|before|by|from|maybe|suits?|"
    r"instead|because|but|so|i|we|we've|we're|i'm|that|with|when|as|onwards?|would've|was|were|"
    r"preferably|ideally|if)\b)"
)
_HOLIDAYS: Final = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "new year's day": (1, 1),
    "new years day": (1, 1), "valentine's day": (2, 14), "valentines day": (2, 14),
    "halloween": (10, 31),
}  # fmt: skip
_SOON: Final = (
    r"as soon as (?:you can|possible|you're able|you could)|a s a p|asap|right away|straight ?away|"
    r"immediately|the sooner the better|urgently|as quickly as (?:you can|possible)|"
    r"at your earliest convenience"
)
_RULES: Final = tuple(
    (name, re.compile(rf"(?<![\w'])(?:{expression})(?![\w/])"))
    for name, expression in (
        ("soon", _SOON),
        ("past", rf"last (?:{_DOW}|week|month|year|night|weekend)|yesterday|the other day"),
        ("past", r"\d+ (?:days?|weeks?|months?|years?) ago|a (?:week|month|year|while) ago"),
        ("left", rf"(?:the )?{_DOW} (?:after|before)(?= ?$| (?:that|then|next|if|or|please|instead)\b)"),
        ("left", r"(?:the )?(?:(?:1st|2nd|3rd|4th|last|first) )?(?:week|weekend|end|beginning|start|middle) of "
                 rf"(?:the )?(?:{_NTH}|month|{_MONTH})"),
        ("left", r"(?:easter|bank holiday) ?(?:monday|sunday|weekend)?"),
        ("left", rf"(?:{_NTH} (?:of )?{_MONTH}|{_MONTHS_ONLY} (?:the )?\d+(?:st|nd|rd|th)?) ,? ?(?:19 ?\d\d|[4-9]\d)(?! (?:people|guests|of))"),
        ("of_week", rf"{_DOW} (?:of )?(?P<which>this|next) week"),
        ("of_week", rf"(?P<which>this|next) week (?:on )?{_DOW}"),
        ("weeks_on", rf"{_COUNT} (?P<unit>weeks?|fortnights?) (?:on|from|after) {_DOW}"),
        ("weeks_on", rf"{_DOW} (?P<unit>week|fortnight)"),
        ("weeks_on", rf"(?P<unit>week|fortnight) on {_DOW}"),
        ("from_now", rf"{_COUNT} (?P<unit>weeks?|fortnights?|days?|months?) (?:from )?(?P<base>today|tomorrow|now)"),
        ("from_now", rf"in {_COUNT} (?P<unit>weeks?|fortnights?|days?)(?:'s?)?(?: ' s?)?(?: time)?"),
        ("after_tomorrow", r"(?:the )?day after tomorrow"),
        ("date", rf"(?:{_DOW} )?(?:,? ?the )?{_NTH} (?:of )?{_MONTH}{_YEAR}"),
        ("date", rf"(?:{_DOW} ,? ?)?{_MONTH} (?:the )?(?P<nth>\d{{1,2}})(?:st|nd|rd|th)?(?![:.\d]| ?(?:people|of us|pm|am)\b){_YEAR}"),
        ("date", rf"(?:{_DOW} )?(?:the )?(?P<nth>[0-3]?\d) (?:of )?(?P<month>{'|'.join(m for m in _MONTHS if m not in ('may', 'march'))}){_YEAR}"),
        ("date", rf"(?:{_DOW} )?(?:the )?{_NTH} (?:of )?(?P<which>this|next) month"),
        ("date", rf"{_DOW} ,? ?(?:the )?{_NTH}"),
        ("date", rf"(?:the|on) {_NTH}{_ENDS}"),
        ("alone", rf"{_NTH}{_ENDS}"),
        ("last_day", r"(?:the )?last day of (?:the|this|next) month"),
        ("written", r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<full>\d{2,4}))?"),
        ("holiday", "|".join(_HOLIDAYS)),
        ("thanksgiving", r"thanksgiving(?: day)?"),
        ("new_year", r"in the new year|(?:early )?(?:in )?next year"),
        ("today", r"today|tonight|this (?:very )?(?:morning|afternoon|evening)|later on today"),
        ("tomorrow", r"tomorrow|tomorrow's"),
        ("weekend", r"(?P<which>this|this coming|next|the|at the|on the|at)? ?weekends?"),
        ("week", r"(?P<which>week after next)"),
        ("week", r"(?P<which>this|next) week(?:'s)?"),
        ("weekdays", r"weekdays?|(?:during|in) the week|monday to friday|mondays? through fridays?"),
        ("every", rf"(?:every|each|most) (?:(?:other|second|week on) )?{_DOW}s?"),
        ("every", rf"{_DOW}s"),
        ("weekday", rf"(?P<which>this coming|this|coming|next)? ?{_DOW}(?:'s)?"),
        ("month", rf"(?:in|sometime in|during|for|by|around|early|mid|late|until|till|next|this|openings? in) (?:early |mid |late |around |the month of )?{_MONTH}(?! \d)"),
        ("in_month", r"(?P<which>this|next) month"),
    )
)  # fmt: skip
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_BOUND: Final = re.compile(r"\b(after|before) (?:the )?$")
_TWO: Final = re.compile(r" ?(?:to|till|until|through|and|-) (?:the )?")
MOVED: Final = re.compile(
    r"\b(?:mov|chang|switch|swap|push|bring|shift|resched)\w* [^,.;]*from (?:the )?$"
)
"""What makes "from two to three" a change, and no stretch of time."""
_FROM: Final = re.compile(r"\b(?:from|between|anywhere from) (?:the |on )?$")


def days_in(text: str, on: dt.date, country: str) -> Iterator[Value]:
    """Read the days that are said in a text.

    Parameters
    ----------
    text : str
        In figures, as :func:`~calltrack_nb.findings.wishes.spoken.in_figures` writes it.
    on : datetime.date
        The local day of the call.
    country : str
        Two letters; decides whether 5/4 is in April or in May.

    Yields
    ------
    Value
        Of the kind "day", in order, none inside another.

    Examples
    --------
    >>> wednesday = dt.date(2026, 11, 25)
    >>> [day.value for day in days_in("a week on tuesday or the 3rd of may", wednesday, "GB")]
    ['2026-12-08', '2027-05-03']
    """
    taken: list[tuple[int, int]] = []
    found: list[Value] = []
    for name, rule in _RULES:
        for match in rule.finditer(text):
            start = match.start() + (len(match[0]) - len(match[0].lstrip()))
            if any(start < last and match.end() > first for first, last in taken):
                continue
            if name == "alone" and not found:
                continue  # "the 3rd or 4th": a bare one only beside another day
            value, either = _read(name, match, on, country)
            taken.append((start, match.end()))
            if value is not None or either is not None:
                bound = _BOUND.search(text[:start]) if value and _DATE.fullmatch(value) else None
                value = f"{bound[1]} {value}" if bound else value
                found.append(Value("day", start, match.end(), value, either))
    yield from _ranges(text, sorted(found, key=lambda day: day.start))


def _ranges(text: str, found: list[Value]) -> Iterator[Value]:
    """Join "from the 12th till the 15th" into one stay."""
    joined: set[int] = set()
    for place, (one, two) in enumerate(pairwise(found)):
        dates = [day.value and _DATE.fullmatch(day.value) for day in (one, two)]
        between = _TWO.fullmatch(text[one.end : two.start].rstrip() + " ")
        from_to = _FROM.search(text[: one.start]) and not MOVED.search(text[: one.start])
        if place not in joined and all(dates) and between and from_to:
            joined |= {place, place + 1}
            yield Value("day", one.start, two.end, f"{one.value}/{two.value}")
    yield from (day for place, day in enumerate(found) if place not in joined)


def _read(
    name: str, match: re.Match[str], on: dt.date, country: str
) -> tuple[str | None, str | None]:
    """Return the value of a match, or its two readings; neither for what is past or vague."""
    group = match.groupdict()
    if name in ("date", "alone"):
        return _dated(group, on)
    if name == "weekday":
        return _weekday(_dow(group["dow"]), group["which"], on)
    if name == "weekend":
        return _weekend(match[0], group["which"], on)
    return _simple(name, match, on, country), None


def _simple(name: str, match: re.Match[str], on: dt.date, country: str) -> str | None:
    group, day = match.groupdict(), dt.timedelta(days=1)
    if name == "weeks_on":
        weeks = (
            _count(group.get("count")) * _DAYS_OF[group["unit"].rstrip("s").removesuffix("'")] * day
        )
        return (_coming(_dow(group["dow"]), on) + weeks).isoformat()
    if name == "of_week":
        monday = on + (7 * (group["which"] == "next") - on.weekday()) * day
        return (monday + _dow(group["dow"]) * day).isoformat()
    if name == "from_now":
        if group["unit"].startswith("month"):
            return None
        after = _count(group["count"]) * _DAYS_OF[group["unit"].rstrip("s")]
        return (on + (after + (group.get("base") == "tomorrow")) * day).isoformat()
    if name == "written":
        return _written(group, on, country)
    if name in ("week", "in_month", "month", "last_day"):
        return _span(name, match, on)
    if name == "thanksgiving":
        return _thanksgiving(on, country)
    if name == "every":
        return WEEKDAYS[_dow(group["dow"])]
    fixed = {
        "soon": "as soon as possible",
        "weekdays": "weekdays",
        "today": on.isoformat(),
        "tomorrow": (on + day).isoformat(),
        "after_tomorrow": (on + 2 * day).isoformat(),
        "new_year": str(on.year + 1),
    }
    if name == "holiday":
        return _next_date(*_HOLIDAYS[match[0]], on).isoformat()
    return fixed.get(name)


_DAYS_OF: Final = {"week": 7, "fortnight": 14, "day": 1}


def _count(said: str | None) -> int:
    if said is None or said in ("a", "an"):
        return 1
    return 2 if "couple" in said else int(said)


def _dow(said: str) -> int:
    return next(place for place, name in enumerate(WEEKDAYS) if name.lower()[:3] == said[:3])


def _coming(weekday: int, on: dt.date) -> dt.date:
    """Return the first such day after the call's own."""
    return on + dt.timedelta(days=(weekday - on.weekday() - 1) % 7 + 1)


def _weekday(weekday: int, which: str | None, on: dt.date) -> tuple[str | None, str | None]:
    coming = _coming(weekday, on)
    if which == "next":
        monday = on + dt.timedelta(days=7 - on.weekday())
        other = monday + dt.timedelta(days=weekday)
        return _one_of(coming, other)
    if weekday == on.weekday() and which is None:
        return _one_of(on, coming)
    return coming.isoformat(), None


def _one_of(one: dt.date, other: dt.date) -> tuple[str | None, str | None]:
    if one == other:
        return one.isoformat(), None
    return None, f"{min(one, other)} or {max(one, other)}"


def _weekend(said: str, which: str | None, on: dt.date) -> tuple[str | None, str | None]:
    if said.endswith("s") or which not in ("this", "this coming", "next"):
        return "weekend", None
    saturday = on if on.weekday() == 5 else _coming(5, on)
    if on.weekday() == 6:
        saturday = on - dt.timedelta(days=1)
    this, after = (
        f"{first}/{first + dt.timedelta(days=1)}"
        for first in (saturday, saturday + dt.timedelta(days=7))
    )
    return (None, f"{this} or {after}") if which == "next" else (this, None)


def _dated(group: dict[str, str | None], on: dt.date) -> tuple[str | None, str | None]:
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
    return _SHORT[said.rstrip(".")[:3]]


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


def _span(name: str, match: re.Match[str], on: dt.date) -> str | None:
    which = match.groupdict().get("which")
    if name == "week":
        weeks = {"this": 0, "next": 1}.get(which or "", 2)
        return f"{on + dt.timedelta(days=7 * weeks):%G-W%V}"
    first = on.replace(day=1)
    if name == "month":
        month = _month(match["month"])
        year = on.year + (month < on.month)
        return f"{year}-{month:02}"
    if name == "last_day":
        end = _after_month(_after_month(first) if "next" in match[0] else first)
        return (end - dt.timedelta(days=1)).isoformat()
    return f"{_after_month(first) if which == 'next' else first:%Y-%m}"


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
