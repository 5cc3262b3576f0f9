"""What the texts of a column say of times: what a clock showed, and where.

A log has few different days and zones however many times it has: each is read once. The
few texts whose clock has no colons are read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.providers.values.clocks import (
    NO_FORM,
    Parts,
    frame_of,
    read_clock,
    split_column,
    take_apart,
)
from calltrack_nb.providers.values.column import Mask, Unreadable
from calltrack_nb.providers.values.date_forms import (
    DOUBTFUL,
    OTHER_WEEKDAY,
    REVERSED,
    DateOrder,
    read_day,
)
from calltrack_nb.providers.values.spelling import plain_column

Stamps = npt.NDArray[np.datetime64]

OUT_OF_RANGE: Final = Unreadable("before 1990 or after 2099")

_REMARKS: Final = (REVERSED, DOUBTFUL, OTHER_WEEKDAY)
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_DAY_ZERO_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC, as the offset beside it says
_FAR: Final = datetime(2050, 1, 1)  # noqa: DTZ001 - ten digits beyond are a telephone number
# Seconds, milliseconds, microseconds and nanoseconds since 1970 by their digits.
_EPOCHS: Final = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
_EAST_ASIAN: Final = r"^(\d{4})[年년]\s?(\d{1,2})[月월]\s?(\d{1,2})[日일](?:\s|$)"
_COUNT: Final = re.compile(r"([2-7]\d{4}|\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d+))?")


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of times as they are written, part by part.

    Parameters
    ----------
    wall : numpy.ndarray of datetime64[us]
        What the clock showed; NaT where nothing could be read.
    offset : numpy.ndarray of timedelta64[us]
        From UTC; NaT where none is written.
    zone : numpy.ndarray of object
        The IANA zone that is written, or None.
    reason : numpy.ndarray of object
        Why a text was not read, or None.
    noted : numpy.ndarray of int64
        The remarks on a text, a bit for each kind.
    """

    wall: Stamps
    offset: npt.NDArray[np.timedelta64]
    zone: npt.NDArray[np.object_]
    reason: npt.NDArray[np.object_]
    noted: npt.NDArray[np.int64]

    def problems(self) -> dict[str, Mask]:
        """Return the rows that were not read, by reason."""
        reasons = pd.unique(self.reason)
        return {str(reason): self.reason == reason for reason in reasons if reason is not None}

    def remarks(self) -> dict[str, Mask]:
        """Return the rows worth a check, by remark."""
        return {remark: (self.noted >> bit & 1) == 1 for bit, remark in enumerate(_REMARKS)}


def read_moments(values: pd.Series[Any], order: DateOrder, *, since_1904: bool) -> Moments:
    """Read a column of times in any form that is known.

    Parameters
    ----------
    values : pandas.Series of str
    order : DateOrder
        Of day and month in the column.
    since_1904 : bool
        Whether a spreadsheet's days are counted from 1904.

    Examples
    --------
    >>> read = read_moments(pd.Series(["3 Aug 2026 10:05", "soon"]), DateOrder(), since_1904=False)
    >>> read.wall
    array(['2026-08-03T10:05:00.000000',                        'NaT'],
          dtype='datetime64[us]')
    >>> list(read.problems())
    ['not in a known form of time']
    """
    split, alone = _split(values)
    apart = split["clock"].notna().to_numpy()
    codes, distinct = pd.factorize(alone)
    day_zero = _DAY_ZERO_1904 if since_1904 else _DAY_ZERO
    single = _laid_out([_moment(str(text), order, day_zero) for text in distinct], codes)
    pieces = _of_pieces(split[apart], order)
    back = np.concatenate([np.flatnonzero(apart), np.flatnonzero(~apart)]).argsort()
    every = zip(_columns(pieces), _columns(single), strict=True)
    return Moments(*(np.concatenate(both)[back] for both in every))


def written_days(values: pd.Series[Any]) -> set[str]:
    """Return the different days of a column of times, as they are written.

    Examples
    --------
    >>> sorted(written_days(pd.Series(["8/3/2026 1:05 PM", "8/3/2026 2:05 PM", "8/4/2026"])))
    ['8/3/2026', '8/4/2026']
    """
    split, alone = _split(values)
    _, frames = _frames(split[split["clock"].notna()])
    parts = (*frames, *(take_apart(str(text)) for text in alone.dropna().unique()))
    return {part.day for part in parts if not isinstance(part, Unreadable)}


def _split(values: pd.Series[Any]) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Split texts at their clocks, and return the texts without such a clock too."""
    texts = plain_column(values).str.lstrip("'")
    texts = texts.str.replace(_EAST_ASIAN, r"\1-\2-\3 ", regex=True).str.rstrip()
    split = split_column(texts)
    return split, texts[split["clock"].isna().to_numpy()]


class _Moment(NamedTuple):
    """What one text says."""

    wall: datetime | None
    zone: timedelta | str | None = None
    reason: str | None = None
    remarks: tuple[str, ...] = ()


def _moment(text: str, order: DateOrder, day_zero: datetime) -> _Moment:
    counted = _COUNT.fullmatch(text)
    if counted is None:
        return _dated(take_apart(text), order)
    whole, fraction = counted.groups(default="")
    number = Decimal(f"{whole}.{fraction}")
    if len(whole) == 5:
        return _Moment(day_zero + timedelta(seconds=round(number * 86_400)))
    wall = _EPOCH + timedelta(microseconds=round(number * 1_000_000 / _EPOCHS[len(whole)]))
    return _Moment(wall, timedelta()) if wall < _FAR else _Moment(None, reason=NO_FORM)


def _dated(parts: Parts | Unreadable, order: DateOrder) -> _Moment:
    day = parts if isinstance(parts, Unreadable) else read_day(parts.day, order)
    if isinstance(parts, Unreadable) or isinstance(day, Unreadable):
        return _Moment(None, reason=str(day))
    if not 1989 <= day.date.year <= 2100:
        return _Moment(None, reason=OUT_OF_RANGE)
    midnight = datetime(day.date.year, day.date.month, day.date.day)  # noqa: DTZ001
    return _Moment(midnight + (parts.clock or timedelta()), parts.zone, remarks=day.remarks)


def _of_pieces(split: pd.DataFrame, order: DateOrder) -> Moments:
    """Read texts from the distinct pieces before, at and behind their clocks."""
    codes, frames = _frames(split)
    days = _laid_out([_dated(frame, order) for frame in frames], codes)
    clock = split["clock"].cat
    clocks = [read_clock(text) for text in clock.categories]
    read = [None if isinstance(time, Unreadable) else time for time in clocks]
    reasons = [str(time) if isinstance(time, Unreadable) else None for time in clocks]
    since, reason = np.array([*read, None], "timedelta64[us]"), np.array([*reasons, None], object)
    at = clock.codes.to_numpy()
    told = np.where(pd.notna(reason[at]), reason[at], days.reason)
    return replace(days, wall=days.wall + since[at], reason=told)


def _frames(split: pd.DataFrame) -> tuple[npt.NDArray[np.intp], list[Parts | Unreadable]]:
    """Return the different days and zones around clocks, and codes of them."""
    before, behind = split["before"].cat, split["behind"].cat
    pairs = before.codes.to_numpy("int64") * len(behind.categories) + behind.codes.to_numpy()
    codes, distinct = pd.factorize(pairs)
    firsts, lasts = divmod(distinct, max(len(behind.categories), 1))
    around = zip(before.categories[firsts], behind.categories[lasts], strict=True)
    return codes, [frame_of(first, last) for first, last in around]


def _laid_out(moments: Sequence[_Moment], codes: npt.NDArray[np.intp]) -> Moments:
    """Lay out the moments that codes stand for; -1 stands for nothing."""
    every = (*moments, _Moment(None))
    offsets = [said.zone if isinstance(said.zone, timedelta) else None for said in every]
    zones = [said.zone if isinstance(said.zone, str) else None for said in every]
    bits = [sum(1 << _REMARKS.index(remark) for remark in said.remarks) for said in every]
    return Moments(
        np.array([said.wall for said in every], dtype="datetime64[us]")[codes],
        np.array(offsets, dtype="timedelta64[us]")[codes],
        np.array(zones, dtype=object)[codes],
        np.array([said.reason for said in every], dtype=object)[codes],
        np.array(bits, dtype=np.int64)[codes],
    )


def _columns(moments: Moments) -> tuple[npt.NDArray[Any], ...]:
    return moments.wall, moments.offset, moments.zone, moments.reason, moments.noted
