"""Times as exports write them, into UTC.

ISO 8601 is read by the column. Every other text is taken apart into its day, its time of
day and its zone, as a log has few different days and zones however many times it has.

A time without an offset is read in a named zone. In the hour that a clock shows twice
it is read as the first of the two, because nothing in one row says which it was and a
row must read the same whatever file it comes in; in the hour that a clock skips it is
read as if the clock had not yet been put forward. Both are noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from calltrack_nb.providers.values.column import Mask, ReadColumn
from calltrack_nb.providers.values.date_forms import MONTH_FIRST, DateOrder
from calltrack_nb.providers.values.date_orders import date_order
from calltrack_nb.providers.values.moments import OUT_OF_RANGE, Stamps, read_moments
from calltrack_nb.providers.values.months import read_months, read_range
from calltrack_nb.providers.values.zones import zone_name

__all__ = [
    "REPEATED",
    "SKIPPED",
    "DateOrder",
    "date_order",
    "joined_texts",
    "read_dates",
    "read_months",
    "read_range",
    "read_times",
    "zone_name",
]

REPEATED: Final = "the clock showed this time twice that night; read as the first"
SKIPPED: Final = "the clock skipped this time; read as an hour later"


_ISO: Final = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
_OFFSET: Final = r"\s*(?:Z|[+-]\d\d(?::?\d\d)?)"
_MIDNIGHT: Final = r"[T ]+(?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)$"
_EARLIEST: Final = np.datetime64("1990-01-01", "us")
_LATEST: Final = np.datetime64("2100-01-01", "us")
_A_DAY: Final = np.timedelta64(1, "D")


def read_times(
    values: pd.Series[Any],
    zone: str | pd.Series[Any],
    order: DateOrder = MONTH_FIRST,
    *,
    since_1904: bool = False,
) -> ReadColumn:
    """Read times into UTC.

    Parameters
    ----------
    values : pandas.Series of str
        ISO 8601, RFC 2822, the forms of locales and programs, seconds to nanoseconds
        since 1970, or a spreadsheet's days; missing where there is none. A day alone is
        its midnight.
    zone : str or pandas.Series of str
        IANA zone of the times without an offset, for all or row by row.
    order : DateOrder
    since_1904 : bool
        Whether a spreadsheet's days are counted from 1904, as on old Macs.

    Returns
    -------
    ReadColumn
        ``datetime64[us, UTC]``; remarks where the clock showed the time twice that night,
        where it never showed it, and where the day is worth a check.

    Examples
    --------
    >>> texts = pd.Series(["2026-08-01 09:30", "Aug 1, 2026, 9:30:00 AM", "1785591000"])
    >>> read_times(texts, "America/New_York").series.dt.strftime("%H:%M").tolist()
    ['13:30', '13:30', '13:30']
    """
    wall, instant = _read_iso(values)
    rest = (values.notna().to_numpy() & np.isnat(wall)) & np.isnat(instant)
    others = read_moments(values[rest], order, since_1904=since_1904)
    wall[rest], instant[rest] = others.wall, others.wall - others.offset
    named = np.full(len(values), None, dtype=object)
    named[rest] = others.zone
    near = np.isnat(instant) & (wall > _EARLIEST - _A_DAY) & (wall < _LATEST + _A_DAY)
    repeated, skipped = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    for name, mine in _by_zone(zone, named, near):
        instant[mine], repeated[mine], skipped[mine] = _locate(wall[mine], name)
    within = (instant >= _EARLIEST) & (instant < _LATEST)
    utc = pd.Series(instant, index=values.index).where(within).dt.tz_localize("UTC")
    problems = _spread(others.problems(), rest)
    outside = values.notna().to_numpy() & ~within & ~ReadColumn(utc, problems).unreadable
    remarks = {REPEATED: repeated, SKIPPED: skipped} | _spread(others.remarks(), rest)
    return ReadColumn(utc, _filled(problems | {OUT_OF_RANGE: outside}), _filled(remarks))


def read_dates(
    values: pd.Series[Any], order: DateOrder = MONTH_FIRST, *, since_1904: bool = False
) -> ReadColumn:
    """Read calendar days as they are written; a time of day beside them is left out.

    Returns
    -------
    ReadColumn
        ``datetime64[us]`` at midnight; remarks where the day is worth a check.

    Examples
    --------
    >>> texts = pd.Series(["3 Aug 2026", "2026-08-03T23:30:00-04:00", "2026-08"])
    >>> read_dates(texts).series.dt.strftime("%Y-%m-%d").tolist()
    ['2026-08-03', '2026-08-03', nan]
    """
    read = read_moments(values, order, since_1904=since_1904)
    days = read.wall.astype("datetime64[D]").astype("datetime64[us]")
    within = (days >= _EARLIEST) & (days < _LATEST)
    column = pd.Series(days, index=values.index).where(within)
    problems = read.problems() | {OUT_OF_RANGE: ~np.isnat(days) & ~within}
    return ReadColumn(column, _filled(problems), _filled(read.remarks()))


def joined_texts(parts: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    """Join the texts of columns, such as a day and a time of day; a blank one is left out.

    A day that a spreadsheet wrote as its midnight loses it before the time beside it.

    Examples
    --------
    >>> days, clocks = pd.Series(["2026-08-03 00:00:00"]), pd.Series(["10:05"])
    >>> joined_texts([days, clocks]).tolist()
    ['2026-08-03 10:05']
    """
    text, *others = parts
    for other in others:
        bare = text.str.replace(_MIDNIGHT, "", regex=True)
        text = (bare + " " + other).fillna(text).fillna(other)
    return text


def _read_iso(values: pd.Series[Any]) -> tuple[Stamps, Stamps]:
    """Read ISO 8601 by the column: what clocks showed, and instants with an offset."""
    wall = np.full(len(values), None, dtype="datetime64[us]")
    instant = wall.copy()
    bare = _matches(values, _ISO)
    wall[bare] = pd.to_datetime(values[bare], format="ISO8601", errors="coerce")
    if not (bare | values.isna().to_numpy()).all():
        offset = _matches(values, _ISO + _OFFSET)
        compact = pc.replace_substring_regex(_texts(values[offset]), r"\s+(Z|[+-][\d:]+)$", r"\1")
        read = pd.to_datetime(compact.to_pandas(), format="ISO8601", errors="coerce", utc=True)
        instant[offset] = read.dt.tz_localize(None)
    return wall, instant


def _matches(values: pd.Series[Any], pattern: str) -> Mask:
    found = pc.match_substring_regex(_texts(values), f"^(?:{pattern})$").fill_null(False)
    return np.asarray(found, dtype=bool)


def _texts(values: pd.Series[Any]) -> pa.Array:
    return pa.array(values, type=pa.string(), from_pandas=True)


def _by_zone(
    zone: str | pd.Series[Any], named: npt.NDArray[np.object_], rows: Mask
) -> Iterator[tuple[str, Mask]]:
    """Sort rows by the zone their text names, or else the one that is given."""
    own = pd.notna(named)
    if isinstance(zone, str) and not own.any():
        yield zone, rows
        return
    given = np.full(len(rows), zone, dtype=object) if isinstance(zone, str) else zone.to_numpy()
    zones = pd.Series(np.where(own, named, given), dtype=object)
    for name in zones[rows].dropna().unique():
        yield str(name), rows & (zones == name).to_numpy()


def _locate(wall: Stamps, zone: str) -> tuple[Stamps, Mask, Mask]:
    """Place wall-clock times in a zone; see the module for the two odd hours."""
    local = pd.Series(wall)
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
    located = strict.dt.tz_convert("UTC").dt.tz_localize(None)
    return located.to_numpy(dtype="datetime64[us]"), twice, never


def _spread(masks: Mapping[str, Mask], rows: Mask) -> dict[str, Mask]:
    """Give masks over some rows as masks over all."""
    spread = {reason: np.zeros(len(rows), dtype=bool) for reason in masks}
    for reason, mask in masks.items():
        spread[reason][rows] = mask
    return spread


def _filled(masks: Mapping[str, Mask]) -> dict[str, Mask]:
    return {reason: mask for reason, mask in masks.items() if mask.any()}
