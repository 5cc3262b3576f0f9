"""Time zones by the names that providers give them, and offsets behind a time."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_HOURS: Final = {
    "UTC": 0,
    "GMT": 0,
    "UT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
    "BST": 1,
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "AWST": 8,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}
# Names of zones that keep daylight saving, as Rails and people in America write them.
_NAMED: Final = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "indiana (east)": "America/Indiana/Indianapolis",
    "arizona": "America/Phoenix",
    "alaska": "America/Juneau",
    "hawaii": "Pacific/Honolulu",
    "edinburgh": "Europe/London",
}
# Without daylight saving; "EST" the zone is not "Eastern time".
_FIXED: Final = frozenset({"EST", "CST", "MST", "PST", "HST", "GMT", "UTC", "UT", "Z"})
# Zones between whole hours that know no daylight saving.
_BETWEEN: Final = {
    timedelta(hours=3, minutes=30): "Asia/Tehran",
    timedelta(hours=4, minutes=30): "Asia/Kabul",
    timedelta(hours=5, minutes=30): "Asia/Kolkata",
    timedelta(hours=5, minutes=45): "Asia/Kathmandu",
    timedelta(hours=6, minutes=30): "Asia/Yangon",
    timedelta(hours=9, minutes=30): "Australia/Darwin",
}
_OFFSET: Final = re.compile(
    r"(?:(?:UTC|GMT|UT) ?)?([+-])(\d\d)(?::?([0-5]\d))?|(?:UTC|GMT|UT) ?([+-])(\d)"
)


def is_abbreviation(text: str) -> bool:
    """Tell whether a text is the abbreviation of a zone, such as EST or CEST.

    Examples
    --------
    >>> is_abbreviation("EDT"), is_abbreviation("east")
    (True, False)
    """
    return text.strip().upper() in _HOURS


def zone_name(text: str) -> str | None:
    """Return the IANA zone that a provider's name of a zone means, or None.

    Examples
    --------
    >>> zone_name("Eastern Time (US & Canada)"), zone_name("EST"), zone_name("Mars")
    ('America/New_York', 'Etc/GMT+5', None)
    >>> zone_name("(GMT-05:00) Eastern Time"), zone_name("Romance Standard Time")
    ('America/New_York', 'Europe/Paris')
    """
    text = re.sub(r"^\((?:GMT|UTC)[^)]*\)\s*", "", text.strip())
    if text.upper() in _FIXED:
        return _etc(timedelta(hours=_HOURS[text.upper()]))
    key = re.sub(r"\s+\((?:us|canada|us (?:&|and) canada)\)$", "", text.lower())
    found = _NAMED.get(key) or _NAMED.get(key.removesuffix(" time"))
    found = found or _windows().get(key) or _iana(text) or _by_city().get(key)
    if found or text.upper() not in _HOURS:
        return found or _etc(_offset(text))
    return _etc(timedelta(hours=_HOURS[text.upper()]))


def zone_behind(text: str) -> timedelta | str | None:
    """Return the offset or the IANA zone that stands behind a time; None where neither does.

    Examples
    --------
    >>> zone_behind("-04"), zone_behind("GMT-0400 (Eastern Daylight Time)"), zone_behind("ET")
    (datetime.timedelta(days=-1, seconds=72000), datetime.timedelta(days=-1, seconds=72000), \
'America/New_York')
    >>> zone_behind("about"), zone_behind("-0400 EST")
    (None, None)
    """
    bare = re.sub(r" ?[(\[][^()\[\]]*[)\]]$", "", text) or text.strip("()[]")
    if (found := _offset(bare)) is not None:
        return found
    if both := re.fullmatch(r"(\S+) ([A-Z]{2,5}|[+-]\d{4})", bare):  # as Go writes them
        found, name = _offset(both[1]), both[2]
        said = timedelta(hours=_HOURS[name]) if name in _HOURS else _offset(name)
        return found if said in (found, None) else None
    if bare.upper() in _HOURS:
        return timedelta(hours=_HOURS[bare.upper()])
    if daylight := re.fullmatch(r"(Eastern|Central|Mountain|Pacific) Daylight Time", bare):
        return timedelta(hours=_HOURS[f"{daylight[1][0]}DT"])
    # "Eastern Standard Time" behind a time is Windows' name all year, or winter time.
    return None if bare.endswith("Standard Time") else zone_name(text)


def _offset(text: str) -> timedelta | None:
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes, bare_sign, hour = found.groups()
    size = timedelta(hours=int(hours or hour), minutes=int(minutes or 0))
    if size > timedelta(hours=14):
        return None
    return -size if "-" in (sign, bare_sign) else size


def _etc(offset: timedelta | None) -> str | None:
    """Name a zone of a fixed offset; the names of whole hours count westwards."""
    if offset is None or offset % timedelta(hours=1):
        return _BETWEEN.get(offset) if offset is not None else None
    hours = offset // timedelta(hours=1)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"


@cache
def _windows() -> dict[str, str]:
    return {name.lower(): zone for name, zone in get_global("windows_zone_mapping").items()}


@cache
def _by_city() -> dict[str, str]:
    """Name the zones by the city they are named after."""
    zones = [zone for zone in get_global("zone_territories") if not zone.startswith("Etc/")]
    return {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in zones}


@cache
def _iana(name: str) -> str | None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return name
