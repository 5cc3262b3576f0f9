"""Times and parts of the day as callers say them: "half four", "after school".

Which half of the day an hour is in is seldom said. It is read from the words around it
("tomorrow night at eight", "a table for eight") or, where there are none, from when shops
are open: nine to twelve is the morning, one to six the afternoon, and eight is the morning.
Seven may be either, and is given as either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from calltrack_nb.findings.wishes.days import MOVED
from calltrack_nb.findings.wishes.value import Value

_HALF_IS_PAST: Final = frozenset({"GB", "IE", "AU", "NZ", "ZA"})
"""Countries where "half four" is 4:30; elsewhere it is not known which is meant."""

_PARTS: Final = (
    ("first thing", r"first thing(?: in the morning)?"),
    ("end of the day", r"(?:at )?the end of the day|end of day|close of business"),
    ("after school", r"after (?:the )?school(?: run)?|when the kids (?:get|are) (?:out|home)"),
    ("before school", r"before school"),
    ("after work", r"after (?:i finish )?work|after (?:business|office) hours"),
    ("before work", r"before (?:i go to |i start )?work"),
    ("lunchtime", r"lunch ?times?|lunch(?: (?:break|hour))?|over lunch"),
    ("teatime", r"tea ?times?"),
    ("morning", r"mornings?(?:'s)?"),
    ("afternoon", r"afternoons?(?:'s)?"),
    ("evening", r"evenings?(?:'s)?"),
    ("night", r"nights?(?:'s)?"),
)  # fmt: skip
_GREETED: Final = re.compile(
    r"(?:good|last|yesterday|the other|wedding|stag|hen|opening|every|all|per|a|lovely) $"
)
_PARTED: Final = tuple(
    (name, re.compile(rf"(?<![\w'])(?:{words})(?![\w'])")) for name, words in _PARTS
)

_HOUR: Final = r"(?:1[0-2]|[1-9])"
_CLOCK: Final = (
    rf"(?P<oclock>{_HOUR}) ?o ?[\"']? ?clock|"
    rf"(?P<half>half (?:past )?)(?P<halved>{_HOUR})\b|"
    r"(?<!from )(?<!between )"
    r"(?P<minutes>quarter|a quarter|5|10|20|25|5 and 20|[1-5]?\d(?= minutes?))(?: minutes?)? "
    rf"(?P<side>past|after|to|till|of|before) (?P<sided>{_HOUR}|noon|midday|midnight)\b|"
    rf"(?P<digital>(?:2[0-3]|1\d|0?\d))[:.](?P<digits>[0-5]\d)|"
    rf"(?P<spoken>{_HOUR}) (?:oh (?P<oh>[1-9])|(?P<tens>[1-5][05]|[1-5]\d))(?![\d%]|"
    rf" ?(?:pounds|dollars|quid|people|percent|bucks|a head|per))|"
    rf"(?P<noon>noon|midday|12 noon|midnight)|(?P<bare>{_HOUR})"
)
_HALF_DAY: Final = r"(?: ?(?P<m>[ap]) ?\.? ?m\b ?\.?)?"
_TIME: Final = re.compile(rf"(?<![\w$£€:.#'/])(?:{_CLOCK})(?![\w/%])(?:'s)?{_HALF_DAY}")
_TIMED: Final = re.compile(
    r"(?:\b(?:at|by|about|around|before|after|until|till|from|between|to|than|say|"
    r"make it|do|and|or|"
    r"past|roughly|say|want|the|have|can|approximately|like|say it's|is|how about|"
    r"what about|for about|mornings?|afternoon|evening) |^)"
    r"(?:about |around |maybe |like |say |uh |um |er )*$"
)
"""What a bare figure follows where it is an hour."""
_AT_ONE: Final = re.compile(
    r"\b(?:at|by|about|around|before|after|until|till|from|between|to|say|and|or) $"
)
_NO_TIME: Final = re.compile(
    r"^ ?(?:(?:(?:to|or|and) (?:about )?\d+ )?"
    r"(?:of (?:us|them|you|the|my|those|these|10)|people|person|kids?|"
    r"children|guests|adults|weeks?|days?|"
    r"hours?|minutes?|mins|months?|years?|pounds|dollars|quid|bucks|pence|cents|per|"
    r"miles?|dozen|times?)\b|(?:to|or) (?:about )?[$£€]?\d{3,}\b|[/%])"
)
_HALF_OF_DAY: Final = re.compile(r" ?(?:in the (?:morning|afternoon|evening)|at night)")
_COUNTED: Final = re.compile(r"\b(?:for|of|one|bedroom|number|flat|aged?|is|are) $")
_THEN: Final = re.compile(
    r"^ ?(?:$|[,.?!;-]|(?:on|at|in the|or|and|if|please|would|will|is|isn't|for|"
    r"works?|suits?|tomorrow|today|tonight|"
    r"this|next|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|thanks|to|till|"
    r"until|then|instead|with|onwards?|"
    r"but|so|when|because|i|we|you|he|she|rather|maybe|that|best|the|my|preferably|"
    r"ideally|doesn't|does|"
    r"of|sharp|ish|depending|since|after|before|too|'s)(?!\w))"
)
"""What may follow a bare figure that is an hour: no thing that it could count."""
_BOUNDS: Final = (
    ("before", r"(?:no later than|not later than|earlier than|before|by|until|till)(?: about)? $"),
    ("after", r"(?:any ?time |sometime )?(?:after|later than|from|past|starting at)(?: about)? $"),
)
_BOUND_AFTER: Final = re.compile(r"^ ?(?:onwards?|or later|or after|and later)\b")
_TO: Final = re.compile(r" (?:and|to|till|until|-|or maybe) (?:about )?")
_STARTS: Final = re.compile(r"(?:between|from|anywhere from|anywhere between|,) (?:about )?$")
_EVENING: Final = re.compile(
    r"\b(?:tonight|tables?|dinner|supper|party|drinks|evenings?|nights?|restaurant|dine|meal)\b"
)
_MORNING: Final = re.compile(r"\b(?:mornings?|breakfast|before (?:work|school))\b")
_LATER: Final = re.compile(
    r"\b(?:afternoons?|evenings?|nights?|tonight|tea ?time|after (?:work|school))\b"
)


def parts_in(text: str) -> Iterator[Value]:
    """Read the parts of the day that are said.

    Parameters
    ----------
    text : str
        In figures.

    Examples
    --------
    >>> [part.value for part in parts_in("good morning , is there anything after school")]
    ['after school']
    """
    taken: list[tuple[int, int]] = []
    for name, words in _PARTED:
        for match in words.finditer(text):
            inside = any(match.start() < last and match.end() > first for first, last in taken)
            if inside or _GREETED.search(text[: match.start()]):
                continue
            taken.append(match.span())
            yield Value("part", *match.span(), name)


def times_in(text: str, country: str) -> Iterator[Value]:
    """Read the times of the clock that are said.

    Parameters
    ----------
    text : str
        In figures.
    country : str
        Two letters; decides what "half eight" is.

    Examples
    --------
    >>> [time.value for time in times_in("between 2 and half past 4 , or after 6 pm", "GB")]
    ['14:00-16:30', 'after 18:00']
    >>> [(time.value, time.either) for time in times_in("can you do 7", "US")]
    [(None, '07:00 or 19:00')]
    """
    clocks = [match for match in _TIME.finditer(text) if _is_time(match, text)]
    at = 0
    while at < len(clocks):
        one = clocks[at]
        two = clocks[at + 1] if at + 1 < len(clocks) else None
        if two and _TO.fullmatch(text[one.end() : two.start()].rstrip() + " ") and _span(one, text):
            yield _range(one, two, text, country)
            at += 2
            continue
        yield _single(one, text, country)
        at += 1


def _is_time(match: re.Match[str], text: str) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if match["m"] or _NO_TIME.match(after):
        return bool(match["m"])
    if match["spoken"] and match["tens"] and int(match["tens"]) % 5:
        return re.search(r"\b(?:at|by|before|after|the) $", before) is not None
    if match["bare"] is None or _HALF_OF_DAY.match(after):
        return True
    leads = _AT_ONE if match["bare"] == "1" else _TIMED
    return bool(leads.search(before) and _THEN.match(after) and not _COUNTED.search(before))


def _span(one: re.Match[str], text: str) -> bool:
    if MOVED.search(text[: one.start()]):
        return False
    return bool(_STARTS.search(text[: one.start()])) or text[one.end() :].startswith(" to ")


def _single(match: re.Match[str], text: str, country: str) -> Value:
    start, end = match.span()
    end = start + len(match[0].rstrip())
    bound = next((name for name, words in _BOUNDS if re.search(rf"\b{words}", text[:start])), "")
    if _BOUND_AFTER.match(text[end:]):
        bound = "after"
    said = _clock(match, text, country)
    if said is None:
        return Value("time", start, end, None, match[0].strip())
    hour, minute, known = said
    if known is None:
        both = f"{hour:02}:{minute:02} or {hour + 12:02}:{minute:02}"
        return Value("time", start, end, None, both)
    value = f"{hour:02}:{minute:02}"
    return Value("time", start, end, f"{bound} {value}".strip())


def _range(one: re.Match[str], two: re.Match[str], text: str, country: str) -> Value:
    start, end = one.start(), two.start() + len(two[0].rstrip())
    first, last = _clock(one, text, country), _clock(two, text, country)
    if first is None or last is None or (first[2] is None and last[2] is None):
        return Value("time", start, end, None, text[start:end])
    (hour, minute, _), (until, after, sure) = first, last
    if sure is None:
        until += 12 if until + 12 > hour >= 12 or until < hour else 0
    if first[2] is None and until > 12 and hour + 12 < until:
        hour += 12
    if one["m"] is None and two["m"] == "a" and hour >= 12:
        hour -= 12
    return Value("time", start, end, f"{hour:02}:{minute:02}-{until:02}:{after:02}")


def _clock(match: re.Match[str], text: str, country: str) -> tuple[int, int, bool | None] | None:
    """Return hour, minute, and whether the half of the day is known; None for what is unclear."""
    group = match.groupdict()
    hour, minute = _face(group)
    if group["half"] == "half " and country not in _HALF_IS_PAST:
        return None
    if group["noon"]:
        return (0 if group["noon"] == "midnight" else 12), 0, True
    if group["digital"] and (
        (len(group["digital"]) == 2 and group["digital"][0] == "0") or hour > 12
    ):
        return hour, minute, True
    return (*_half_day(hour, minute, group["m"], text, match.end()),)


_HOURS: Final = ("oclock", "bare", "halved", "digital", "spoken")


def _face(group: Mapping[str, str | None]) -> tuple[int, int]:
    """Return what the clock's face shows: hours of twelve."""
    if group["sided"]:
        named = {"noon": 12, "midday": 12, "midnight": 12}
        hour = named.get(group["sided"]) or int(group["sided"])
        said = (group["minutes"] or "").removeprefix("a ")
        minute = {"quarter": 15, "5 and 20": 25}.get(said) or int(said)
        before = group["side"] not in ("past", "after")
        return ((hour - 2) % 12 + 1, 60 - minute) if before else (hour, minute)
    said = next((group[name] for name in _HOURS if group[name]), None) or "12"
    minutes = group["digits"] or group["oh"] or group["tens"] or (30 if group["halved"] else 0)
    return int(said), int(minutes)


def _half_day(
    hour: int, minute: int, m: str | None, text: str, end: int
) -> tuple[int, int, bool | None]:
    behind = re.match(
        r" ?(?:o'clock )?(?:in the (?P<part>morning|afternoon|evening)|at (?P<night>night))",
        text[end:],
    )
    if m or behind:
        late = m == "p" or bool(behind and behind["part"] != "morning")
        return (hour % 12 + 12 if late else hour % 12), minute, True
    if _MORNING.search(text) and not _LATER.search(text) and hour != 12:
        return hour, minute, True
    late = bool(_LATER.search(text) and not _MORNING.search(text))
    if (late and hour != 12) or (_EVENING.search(text) and 5 <= hour <= 11):
        return hour % 12 + 12, minute, True
    if 1 <= hour <= 6:
        return hour + 12, minute, True
    return hour, minute, None if hour == 7 else True
