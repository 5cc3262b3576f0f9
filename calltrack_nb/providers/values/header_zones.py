"""The time zone that a column's name gives its times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from calltrack_nb.providers.values.zones import zone_name

# Bare abbreviations in a header are those of the place, with its summer time.
_ZONES: Final[Mapping[str, str]] = {
    "utc": "UTC",
    "gmt": "UTC",
    "zulu": "UTC",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mountain": "America/Denver",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "central": "America/Chicago",
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "eastern": "America/New_York",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "aest": "Australia/Sydney",
}


def header_zone(header: str) -> str | None:
    """Return the time zone that a column's name gives its times.

    Examples
    --------
    >>> header_zone("Start Time (UTC)"), header_zone("createdAtPT"), header_zone("Start")
    ('UTC', 'America/Los_Angeles', None)
    >>> header_zone("Date [GMT-4]"), header_zone("Date (America/New_York)"), header_zone("T (s)")
    ('Etc/GMT+4', 'America/New_York', None)
    """
    bare = re.sub(r"(?i)(?:utc|gmt) ?[+-]\d\S*", "", header)  # an offset from it is no UTC
    named = [re.split(r"[^A-Za-z]+", bare)[::-1], re.findall(r"[A-Z]{2,4}(?![a-z])", bare)]
    for part in (part for parts in named for part in parts):
        if part.lower() in ("utc", "gmt") or (part.isupper() and part.lower() in _ZONES):
            return _ZONES[part.lower()]
    written = re.search(r"(?i)\b(pacific|mountain|central|eastern)\s+time", header)
    if written:
        return _ZONES[written[1].lower()]
    bracketed = re.findall(r"[(\[]([^()\[\]]{3,40})[)\]]", header)
    return next(filter(None, map(zone_name, bracketed)), None)


def zone_of_columns(columns: Iterable[object]) -> str:
    """Return the zone that the first of some columns' names gives; empty where none does.

    Examples
    --------
    >>> zone_of_columns(["Day", "Time (UTC)"]), zone_of_columns([3])
    ('UTC', '')
    """
    return next(filter(None, (header_zone(str(column)) for column in columns)), "") or ""
