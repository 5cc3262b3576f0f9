"""Times as providers write them, into UTC.

Nearly every start time of a log is different, so texts are read by the column: their
*shape* (digits as 9, letters as a) says which formats can fit, and each format is
applied to all texts of its shape at once.

A time without an offset is read in a named zone. In the hour that a clock shows twice
it is read as the first of the two, because nothing in one row says which it was and a
row must read the same whatever file it comes in; in the hour that a clock skips it is
read as if the clock had not yet been put forward. Both are noted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from calltrack_nb.providers.values.column import Mask, ReadColumn

REPEATED: Final = "the clock showed this time twice that night; read as the first"
SKIPPED: Final = "the clock skipped this time; read as an hour later"

_NO_TIME: Final = "not a time that exists"
_NO_DATE: Final = "not a date that exists"
_ISO: Final = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
_OFFSET: Final = r"\s*(?:Z|[+-]\d\d:?\d\d)"
_MONTH_FIRST: Final = frozenset({"US", "PH", "PW", "FM", "MH", "GU", "PR", "VI", "AS", "MP"})
_EARLIEST: Final = pd.Timestamp("1990-01-01", tz="UTC")
_LATEST: Final = pd.Timestamp("2100-01-01", tz="UTC")

_ABBREVIATIONS: Final = {
    "UTC": "+0000",
    "GMT": "+0000",
    "EST": "-0500",
    "EDT": "-0400",
    "CST": "-0600",
    "CDT": "-0500",
    "MST": "-0700",
    "MDT": "-0600",
    "PST": "-0800",
    "PDT": "-0700",
    "AKST": "-0900",
    "AKDT": "-0800",
    "HST": "-1000",
    "BST": "+0100",
    "CET": "+0100",
    "CEST": "+0200",
}
# Names that a Rails application gives the zones of North America and Britain.
_RAILS: Final = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "indiana (east)": "America/Indiana/Indianapolis",
    "arizona": "America/Phoenix",
    "alaska": "America/Juneau",
    "hawaii": "Pacific/Honolulu",
    "atlantic time (canada)": "America/Halifax",
    "london": "Europe/London",
    "edinburgh": "Europe/London",
    "dublin": "Europe/Dublin",
}
# Legacy names without daylight saving; "EST" the zone is not "Eastern time".
_FIXED: Final = {
    "est": "Etc/GMT+5",
    "cst": "Etc/GMT+6",
    "mst": "Etc/GMT+7",
    "pst": "Etc/GMT+8",
    "hst": "Etc/GMT+10",
    "gmt": "Etc/GMT",
    "utc": "Etc/UTC",
    "z": "Etc/UTC",
}


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How the days of a column are written.

    Parameters
    ----------
    day_first : bool
        Whether 03/04/2026 is the third of April.
    sure : bool
        Whether the column's own texts say so, and not the habit of a country.
    """

    day_first: bool = False
    sure: bool = False


def read_times(
    values: pd.Series[Any], zone: str | pd.Series[Any], order: DateOrder = DateOrder()
) -> ReadColumn:
    """Read times into UTC.

    Parameters
    ----------
    values : pandas.Series of str
        ISO 8601, RFC 2822, the usual locale forms, or seconds or milliseconds since
        1970; missing where there is none.
    zone : str or pandas.Series of str
        IANA zone of the times without an offset, for all or row by row.
    order : DateOrder

    Returns
    -------
    ReadColumn
        ``datetime64[us, UTC]``; remarks where the clock showed the time twice that night
        and where it never showed it.

    Examples
    --------
    >>> texts = pd.Series(["2026-08-01 09:30", "Aug 1, 2026, 9:30:00 AM", "1785591000"])
    >>> read_times(texts, "America/New_York").series.dt.strftime("%H:%M").tolist()
    ['13:30', '13:30', '13:30']
    """
    local, utc = _read(values, day_first=order.day_first)
    repeated = np.zeros(len(values), dtype=bool)
    skipped = np.zeros(len(values), dtype=bool)
    if local.notna().any():
        zones = zone if isinstance(zone, pd.Series) else None
        names = [str(zone)] if zones is None else list(zones[local.notna()].dropna().unique())
        for name in names:
            mine = (local.notna() if zones is None else local.notna() & (zones == name)).to_numpy()
            located, twice, never = _locate(local[mine], str(name))
            utc = utc.mask(mine, located.reindex(utc.index))
            repeated[mine] = twice
            skipped[mine] = never
    utc = utc.where((utc >= _EARLIEST) & (utc < _LATEST))
    unread = (values.notna() & utc.isna()).to_numpy()
    return ReadColumn(
        utc,
        {_NO_TIME: unread} if unread.any() else {},
        {reason: mask for reason, mask in ((REPEATED, repeated), (SKIPPED, skipped)) if mask.any()},
    )


def read_dates(values: pd.Series[Any], order: DateOrder = DateOrder()) -> ReadColumn:
    """Read calendar days; a time of day beside them is left out.

    Returns
    -------
    ReadColumn
        ``datetime64[us]`` at midnight.
    """
    local, utc = _read(values, day_first=order.day_first)
    days = local.fillna(utc.dt.tz_localize(None)).dt.normalize()
    days = days.where((days >= _EARLIEST.tz_localize(None)) & (days < _LATEST.tz_localize(None)))
    unread = (values.notna() & days.isna()).to_numpy()
    return ReadColumn(days, {_NO_DATE: unread} if unread.any() else {})


def date_order(
    values: pd.Series[Any], country: str, others: Sequence[pd.Series[Any]] = ()
) -> DateOrder:
    """Decide how the days of a column are written, from all its texts.

    A first part above 12 or a second part above 12 settles it; where none is, dots
    between the parts do, as nobody writes the month first with them, and else the
    country's habit.

    Parameters
    ----------
    values : pandas.Series of str
        The column.
    country : str
        Two letters; its habit decides where the texts do not.
    others : sequence of pandas.Series of str
        Other columns of days in the same file, asked where the column itself is silent.

    Examples
    --------
    >>> date_order(pd.Series(["03/04/2026", "25/04/2026"]), "US")
    DateOrder(day_first=True, sure=True)
    >>> date_order(pd.Series(["03.04.2026"]), "US").day_first
    True
    """
    every = pd.concat([values, *others])
    slashed = every.dropna().str.extract(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}\b").dropna()
    parts = slashed.astype("int64")
    first, second = (parts[0] > 12).sum(), (parts[1] > 12).sum()
    if first != second:
        return DateOrder(bool(first > second), sure=True)
    dotted = every.dropna().str.match(r"\d{1,2}\.\d{1,2}\.\d{2,4}\b")
    return DateOrder(country not in _MONTH_FIRST or (len(dotted) > 0 and bool(dotted.all())))


def zone_name(text: str) -> str | None:
    """Return the IANA zone that a provider's name of a zone means, or None.

    Examples
    --------
    >>> zone_name("Eastern Time (US & Canada)"), zone_name("EST"), zone_name("Mars")
    ('America/New_York', 'Etc/GMT+5', None)
    """
    key = text.strip().lower()
    if key in _RAILS or key in _FIXED:
        return _RAILS.get(key) or _FIXED[key]
    return _iana(text.strip())


@cache
def _iana(name: str) -> str | None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return name


def _locate(local: pd.Series[Any], zone: str) -> tuple[pd.Series[Any], Mask, Mask]:
    """Place wall-clock times in a zone; see the module for the two odd hours."""
    strict = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    odd = strict.isna().to_numpy()
    twice, never = np.zeros(len(local), dtype=bool), np.zeros(len(local), dtype=bool)
    if odd.any():
        doubtful = local[odd]
        first = np.ones(len(doubtful), dtype=bool)
        shifted = doubtful.dt.tz_localize(zone, ambiguous=first, nonexistent=pd.Timedelta(hours=1))
        exists = doubtful.dt.tz_localize(zone, ambiguous=first, nonexistent="NaT").notna()
        twice[odd] = exists
        never[odd] = ~exists
        strict = strict.mask(odd, shifted.reindex(strict.index))
    return strict.dt.tz_convert("UTC").astype("datetime64[us, UTC]"), twice, never


def _read(values: pd.Series[Any], *, day_first: bool) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Split texts into wall-clock times and instants; each text becomes at most one."""
    local = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    utc = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]")
    texts = values.dropna()
    plain = texts.str.fullmatch(_ISO)
    if plain.any():
        local = _fill(local, _parse(texts[plain], "ISO8601"))
    texts = texts[~plain]
    if len(texts) == 0:
        return local, utc
    offset = texts.str.fullmatch(_ISO + _OFFSET)
    if offset.any():
        compact = texts[offset].str.replace(r"\s+(?=Z|[+-]\d\d:?\d\d$)", "", regex=True)
        utc = _fill(utc, _parse(compact, "ISO8601", utc=True))
    texts = texts[~offset]
    epoch = texts.str.fullmatch(r"\d{10}(?:\d{3}|\d{6})?(?:\.\d+)?")
    if epoch.any():
        utc = _fill(utc, _from_epoch(texts[epoch]))
    texts = texts[~epoch]
    serial = texts.str.fullmatch(r"[2-7]\d{4}(?:\.\d+)?")
    if serial.any():  # a spreadsheet's day count since 1899-12-30
        days = pd.to_numeric(texts[serial])
        stamps = pd.Timestamp("1899-12-30") + pd.to_timedelta(days, unit="D")
        local = _fill(local, stamps.dt.round("s").astype("datetime64[us]"))
    texts = texts[~serial]
    if len(texts):
        return _read_by_shape(texts, local, utc, day_first=day_first)
    return local, utc


def _read_by_shape(
    texts: pd.Series[Any], local: pd.Series[Any], utc: pd.Series[Any], *, day_first: bool
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    plain = texts.str.slice(0, 60).str.replace(r"[,\s]+", " ", regex=True)
    for respell in (None, _tidy):
        plain = plain if respell is None else respell(plain)
        shapes = _shape(plain)
        formats = _formats(day_first=day_first)
        for shape in set(shapes.unique()) & formats.keys():
            left = plain[shapes == shape]
            for form in formats[shape]:
                zoned = form.endswith("%z")
                read = _parse(left, form, utc=zoned).dropna()
                if zoned:
                    utc = _fill(utc, read)
                else:
                    local = _fill(local, read)
                left = left.drop(read.index)
                if len(left) == 0:
                    break
        plain = plain[local[plain.index].isna() & utc[plain.index].isna()]
        if len(plain) == 0:
            break
    return local, utc


def _fill(column: pd.Series[Any], read: pd.Series[Any]) -> pd.Series[Any]:
    if len(read) == len(column):
        return read
    return column.mask(column.index.isin(read.index), read.reindex(column.index))


def _parse(texts: pd.Series[Any], form: str, *, utc: bool = False) -> pd.Series[Any]:
    read = pd.to_datetime(texts, format=form, errors="coerce", utc=utc)
    return read.astype("datetime64[us, UTC]" if utc else "datetime64[us]")


def _from_epoch(texts: pd.Series[Any]) -> pd.Series[Any]:
    whole = texts.str.split(".", n=1).str[0]
    numbers = pd.to_numeric(texts)
    scale = whole.str.len().map({10: 1e6, 13: 1e3, 16: 1.0})
    micros = (numbers * scale).round().astype("int64")
    return pd.to_datetime(micros, unit="us", utc=True).astype("datetime64[us, UTC]")


def _tidy(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Write the rarer spellings of a form alike, so that their shape tells the format."""
    tidy = texts.str.replace(r"\s*\(.*\)$|\bat\b", "", regex=True)
    tidy = tidy.str.replace(r"(?i)\b([a-z]{3})t?\.", r"\1", regex=True)
    tidy = tidy.str.replace(r"(?i)\bsept\b", "Sep", regex=True)
    tidy = tidy.str.replace(r"(?i)\s?\b([ap])\.?\s?m\b\.?", r" \1m", regex=True)
    tidy = tidy.str.replace(r"(?i)(?<=\d)([ap]m)\b", r" \1", regex=True)
    tidy = tidy.str.replace(r"(\d)(?:st|nd|rd|th)\b", r"\1", regex=True)
    tidy = tidy.str.replace(r"(?<=\d)Z$", " UTC", regex=True)
    zone = tidy.str.extract(r"\b([A-Z]{3,4})$", expand=False).map(_ABBREVIATIONS)
    named = tidy.str.replace(r"[A-Z]{3,4}$", "", regex=True) + " " + zone
    tidy = tidy.mask(zone.notna(), named)
    tidy = tidy.str.replace(
        r"(:\d\d(?:\.\d+)?|[AaPp][Mm])\s?([+-]\d\d:?\d\d)$", r"\1 \2", regex=True
    )
    return tidy.str.replace(r"\s+", " ", regex=True).str.strip()


def _shape(texts: pd.Series[Any]) -> pd.Series[Any]:
    shape = texts.str.replace(r"(?<=[\dmM]) [+-]\d\d:?\d\d$", " ±", regex=True)
    return shape.str.replace(r"\d+", "9", regex=True).str.replace(r"[A-Za-z]+", "a", regex=True)


@cache
def _formats(*, day_first: bool) -> dict[str, tuple[str, ...]]:
    """Return the formats that can fit each shape of text."""
    parts = ("%d{0}%m", "%m{0}%d") if day_first else ("%m{0}%d", "%d{0}%m")
    numeric = [f"{parts[0].format(mark)}{mark}{year}" for mark in "/.-" for year in ("%Y", "%y")]
    named = [
        f"{weekday}{form}"
        for weekday in ("", "%a ", "%A ")
        for form in ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y")
    ]
    days = (*numeric, *named, "%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d")
    clocks = ("", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f", "%I %p")
    table: dict[str, tuple[str, ...]] = {}
    for day, clock, zone in product(days, clocks, ("", "%z")):
        if zone and not clock:
            continue
        form = " ".join(part for part in (day, clock, zone) if part)
        sample = re.sub(r"%[aAbBp]", "a", re.sub(r"%[dmYyHIMSf]", "9", form)).replace("%z", "±")
        table[sample] = (*table.get(sample, ()), form)
    return table
