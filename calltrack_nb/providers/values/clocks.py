"""A time as it is written, taken apart: its day, its time of day and its zone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from calltrack_nb.providers.values.column import Unreadable
from calltrack_nb.providers.values.spelling import plain
from calltrack_nb.providers.values.zones import zone_behind

NO_FORM: Final = Unreadable("not in a known form of time")
NO_SUCH: Final = Unreadable("not a time that exists")
NO_DAY: Final = Unreadable("only a time of day: the date is missing")
NO_ZONE: Final = Unreadable("the text after the time is not a known time zone")

_LONGEST: Final = 100
_HALF: Final = r"([AaPp])(?:\.? ?[Mm]\b\.?|(?<=\d[AaPp])\b)"
# Each finds hours, minutes, seconds, their fraction and the half of the day.
_CLOCKS: Final = (
    # 10:05, 10:05:00.250 AM
    re.compile(
        rf"(?<!\d)(\d\d?):(\d\d)(?::(\d\d)(?:[.,:](\d{{1,9}}))?)?(?![\d:])(?: ?{_HALF})?", re.ASCII
    ),
    # 10 AM
    re.compile(rf"(?<![\d.,])(\d\d?)()()() ?{_HALF}", re.ASCII),
    # 20260803T100500
    re.compile(r"(?<=^\d{8})[T _-]?(\d\d)(\d\d)(\d\d)?(?!\d)(?:[.,](\d{1,9}))?()"),
    # 3.8.2026 10.05, 3 août 2026 à 10h05, 2026-08-03_10-05-00, 03-AUG-26 10.05.00.250 AM
    re.compile(
        r"(?<=\d)[ _T,]+(?:[^\W\d_]+\.? ){0,2}(?=\d\d?[.h]|\d\d-\d\d-)"
        rf"(\d\d?)[.h-](\d\d)(?:[.-](\d\d)(?:[.,](\d{{1,9}}))?)?(?: ?{_HALF})?$"
    ),
)
# The first of them for a whole column, without the assertions that RE2 lacks.
_COLUMN: Final = (
    r"^(?P<before>(?:.*?\D)??)"
    r"(?P<clock>\d\d?:\d\d(?::\d\d(?:[.,:]\d{1,9})?)?(?: ?[AaPp]\.? ?[Mm]\b\.?|[AaPp]\b)?)"
    r"(?P<behind>(?:[^\d:].*)?)$"
)
# Between the day and the clock, and behind the clock, in several languages.
_JOIN: Final = re.compile(
    r"(?:[ ,_@-]|(?<=\d)[T:]|(?<![^\W\d_])(?:at|um|om|kl|klo|às|a las?|alle|ore|à|o)\.?)+$",
    re.IGNORECASE,
)
_HOURS: Final = re.compile(r"^ ?(?:uhr|hrs?|h|hours)\b\.?", re.IGNORECASE)


class Parts(NamedTuple):
    """What a text says of a time.

    Parameters
    ----------
    day : str
    clock : datetime.timedelta or None
        Since midnight; None where only a day is written.
    zone : datetime.timedelta, str or None
        The offset from UTC or the IANA zone behind the clock.
    """

    day: str
    clock: timedelta | None
    zone: timedelta | str | None


def take_apart(text: str) -> Parts | Unreadable:
    """Take a time apart; the day is not interpreted.

    Parameters
    ----------
    text : str
        In plain characters; see :func:`~calltrack_nb.providers.values.spelling.plain`.

    Examples
    --------
    >>> take_apart("Mon Aug 3 10:05:00 EDT 2026").day
    'Mon Aug 3 2026'
    >>> take_apart("3. August 2026 um 10:05 Uhr")
    Parts(day='3. August 2026', clock=datetime.timedelta(seconds=36300), zone=None)
    >>> take_apart("10:05 AM"), take_apart("3 Aug 2026 25:00")
    ('only a time of day: the date is missing', 'not a time that exists')
    """
    if len(text) > _LONGEST:
        return NO_FORM
    for pattern in _CLOCKS:
        if found := pattern.search(text):
            frame = frame_of(text[: found.start()], text[found.end() :])
            clock = _clock(*found.groups(default=""))
            if isinstance(clock, Unreadable) or isinstance(frame, Unreadable):
                return clock if isinstance(clock, Unreadable) else frame
            return frame._replace(clock=clock)
    return Parts(text, None, None)


def clocks_in(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Return the time of day that each text holds, missing where it holds none.

    Parameters
    ----------
    texts : pandas.Series of str

    Returns
    -------
    pandas.Series of timedelta64
        Since midnight.

    Examples
    --------
    >>> clocks_in(pd.Series(["3.4.2025 kl. 09.15", "3.4.2025"])).isna().tolist()
    [False, True]
    """
    distinct = texts.dropna().unique()
    found = {text: _clock_in(plain(str(text))) for text in distinct}
    return pd.to_timedelta(texts.map(found))


def tell_time(texts: pd.Series[Any]) -> bool:
    """Tell whether any text holds a time of day; midnight alone is how a day is written.

    Examples
    --------
    >>> tell_time(pd.Series(["2026-08-03 00:00:00"])), tell_time(pd.Series(["3.8.2026 9:05"]))
    (False, True)
    """
    return bool((clocks_in(texts) > pd.Timedelta(0)).any())


def _clock_in(text: str) -> timedelta | None:
    parts = take_apart(text)
    if not isinstance(parts, Unreadable):
        return parts.clock
    return timedelta() if parts == NO_ZONE and _CLOCKS[0].search(text) else None


def split_column(texts: pd.Series[Any]) -> pd.DataFrame:
    """Split a column at its clocks, where they have colons, as :func:`take_apart` does.

    Returns
    -------
    pandas.DataFrame
        ``before``, ``clock`` and ``behind`` as categories; missing without such a clock.

    Examples
    --------
    >>> split_column(pd.Series(["8/3/2026 1:05 PM EST", "8/3/2026"])).astype("str").loc[0].tolist()
    ['8/3/2026 ', '1:05 PM', ' EST']
    """
    found = pc.extract_regex(pa.array(texts, type=pa.string(), from_pandas=True), _COLUMN)
    names = ("before", "clock", "behind")
    parts = {name: pc.struct_field(found, name).dictionary_encode() for name in names}
    return pd.DataFrame({name: part.to_pandas() for name, part in parts.items()})


def read_clock(text: str) -> timedelta | Unreadable:
    """Read a time of day with colons, such as ``1:05 PM``, as the time since midnight.

    Examples
    --------
    >>> read_clock("1:05 PM"), read_clock("25:00")
    (datetime.timedelta(seconds=47100), 'not a time that exists')
    """
    found = _CLOCKS[0].fullmatch(text)
    return _clock(*found.groups(default="")) if found else NO_FORM


def frame_of(before: str, behind: str) -> Parts | Unreadable:
    """Find the day and the zone before and behind a clock.

    Examples
    --------
    >>> frame_of("Mon Aug 3 ", " 2026").day
    'Mon Aug 3 2026'
    """
    if len(before) + len(behind) > _LONGEST:
        return NO_FORM
    day, behind = _JOIN.sub("", before).strip(), _HOURS.sub("", behind).strip(" ,")
    if not behind:
        return Parts(day, None, None) if day else NO_DAY
    zone = zone_behind(behind)
    if zone is not None:
        return Parts(day, None, zone) if day else NO_DAY
    if not day:
        return Parts(behind, None, None)
    year = re.fullmatch(r"(?:(.+) )?(\d{4})", behind)  # as ctime and date write it
    zone = zone_behind(year[1]) if year and year[1] else None
    if year is None or (year[1] and zone is None):
        return NO_ZONE
    return Parts(f"{day} {year[2]}", None, zone)


def _clock(
    hours: str, minutes: str, seconds: str, fraction: str, half: str
) -> timedelta | Unreadable:
    hour = int(hours)
    if half in ("a", "A"):
        hour = 0 if hour == 12 else hour if hour < 12 else 99
    elif half:
        hour = 99 if hour == 0 else hour + 12 if hour < 12 else hour
    minute, second, micros = int(minutes or 0), int(seconds or 0), int(fraction[:6].ljust(6, "0"))
    midnight = hour == 24 and not minute and not second and not micros
    if (hour > 23 and not midnight) or minute > 59 or second > 59:
        return NO_SUCH
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
