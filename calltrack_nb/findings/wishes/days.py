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

from calltrack_nb.findings.wishes.dates import HOLIDAYS, MONTHS, SHORT, read_day
from calltrack_nb.findings.wishes.value import Value

_MONTH: Final = rf"(?P<month>{'|'.join(MONTHS)}|(?:{'|'.join(SHORT)})\b\.?)"
_MONTHS_ONLY: Final = rf"(?:{'|'.join(MONTHS)})"
_NO_VERB: Final = "|".join(name for name in MONTHS if name not in ("may", "march"))
_DOW: Final = (
    r"(?P<dow>mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|"
    r"saturday|sat(?= (?:the )?\d)|sunday|sun(?= (?:the )?\d))"
)
_NTH: Final = r"(?P<nth>\d{1,2})(?:st|nd|rd|th)"
_YEAR: Final = r"(?P<year> ,? ?20\d\d| next year| this year)?"
_COUNT: Final = r"(?P<count>a|an|1|2|3|4|5|6|7|8|9|10|couple of|a couple of)"
_ENDS: Final = (
    r"(?= ?$| [,.?!;]| (?:at|please|or|and|in|would|is|works?|if|for|around|about|"
    r"morning|afternoon|"
    r"evening|night|to|till|until|through|then|thanks|between|after|before|by|from|maybe|suits?|"
    r"instead|because|but|so|i|we|we've|we're|i'm|that|with|when|as|onwards?|would've|was|were|"
    r"preferably|ideally|if)\b)"
)
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
        ("left", (rf"(?:the )?{_DOW} (?:after|before)(?= ?$| (?:that|then|next|if|or|please|"
            rf"instead)\b)")),
        ("left", (r"(?:the )?(?:(?:1st|2nd|3rd|4th|last|first) )?(?:week|weekend|end|beginning|"
            r"start|middle) of "
                 rf"(?:the )?(?:{_NTH}|month|{_MONTH})")),
        ("left", r"(?:easter|bank holiday) ?(?:monday|sunday|weekend)?"),
        ("left", (rf"(?:{_NTH} (?:of )?{_MONTH}|{_MONTHS_ONLY} (?:the )?\d+(?:st|nd|rd|"
            rf"th)?) ,? ?(?:19 ?\d\d|[4-9]\d)(?! (?:people|guests|of))")),
        ("of_week", rf"{_DOW} (?:of )?(?P<which>this|next) week"),
        ("of_week", rf"(?P<which>this|next) week (?:on )?{_DOW}"),
        ("weeks_on", rf"{_COUNT} (?P<unit>weeks?|fortnights?) (?:on|from|after) {_DOW}"),
        ("weeks_on", rf"{_DOW} (?P<unit>week|fortnight)"),
        ("weeks_on", rf"(?P<unit>week|fortnight) on {_DOW}"),
        ("from_now", (rf"{_COUNT} (?P<unit>weeks?|fortnights?|days?|months?) (?:from )?"
            rf"(?P<base>today|tomorrow|now)")),
        ("from_now", (r"(?P<base>today|tomorrow) (?P<unit>week|fortnight)"
            r"(?! (?:after|before) (?:next|that|this)\b)")),
        ("from_now", rf"in {_COUNT} (?P<unit>weeks?|fortnights?|days?)'?(?: time)?"),
        ("after_tomorrow", r"(?:the )?day after tomorrow"),
        ("date", rf"(?:{_DOW} )?(?:,? ?the )?{_NTH} (?:of )?{_MONTH}{_YEAR}"),
        ("date", (rf"(?:{_DOW} ,? ?)?{_MONTH} (?:the )?(?P<nth>\d{{1,2}})(?:st|nd|rd|th)?(?![:.\d]|"
            rf" ?(?:people|of us|pm|am)\b){_YEAR}")),
        ("date", rf"(?:{_DOW} )?(?:the )?(?P<nth>[0-3]?\d) (?:of )?(?P<month>{_NO_VERB}){_YEAR}"),
        ("date", rf"(?:{_DOW} )?(?:the )?{_NTH} (?:of )?(?P<which>this|next) month"),
        ("date", rf"{_DOW} ,? ?(?:the )?{_NTH}"),
        ("date", rf"(?:the|on) {_NTH}{_ENDS}"),
        ("alone", rf"{_NTH}{_ENDS}"),
        ("last_day", r"(?:the )?last day of (?:the|this|next) month"),
        ("written", r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<full>\d{2,4}))?"),
        ("holiday", "|".join(HOLIDAYS)),
        ("thanksgiving", r"thanksgiving(?: day)?"),
        ("new_year", r"in the new year|(?:early )?(?:in )?next year"),
        ("today", r"today|tonight|this (?:very )?(?:morning|afternoon|evening)|later on today"),
        ("tomorrow", r"tomorrow|tomorrow's"),
        ("weekend", r"(?P<which>this|this coming|next|the|at the|on the|at)? ?weekends?"),
        ("week", r"(?P<which>week after next)"),
        ("week", r"(?P<which>this|next) week(?:'s)?"),
        ("weekdays", r"weekdays?|(?:during|in) the week|mondays? (?:to|through) fridays?"),
        ("every", rf"(?:every|each|most) (?:(?:other|second|week on) )?{_DOW}s?"),
        ("every", rf"{_DOW}s"),
        ("weekday", rf"(?P<which>this coming|this|coming|next)? ?{_DOW}(?:'s)?"),
        ("month", (rf"(?:in|sometime in|during|for|by|around|early|mid|late|until|till|next|this|"
            rf"openings? in) (?:early |mid |late |around |the month of )?{_MONTH}(?! \d)")),
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
            value, either = read_day(name, match, on, country)
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
