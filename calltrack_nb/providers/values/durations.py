"""Durations as exports write them, into seconds."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.amounts import DIGITS
from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.duration_units import SECONDS, UNIT_OF, Unit
from calltrack_nb.providers.values.numbers import DecimalMark, read_decimal, remark_on_decimals
from calltrack_nb.providers.values.spelling import plain, without_accents

_NO_DURATION: Final = Unreadable("not a duration")
_NEGATIVE: Final = Unreadable("a duration below zero")
_SIXTY: Final = Unreadable("sixty or more in a place that counts to sixty")
_NO_UNIT: Final = Unreadable("a plain number beside clocks, and nothing says what it counts")
_OF_DAY: Final = Unreadable("a time of day and not a duration")
_FRACTION: Final = Unreadable("too small for seconds; it may be a fraction of a day")

_CLOCK: Final = re.compile(
    r"(?:(\d{1,4})(?: ?([^\W\d_]+)\.?,? |\.(?=\d\d:\d\d:)))?"  # days: "1 d", "1 day, ", "1."
    r"(\d{1,5}):(\d\d)(?::(\d\d))?([.,]\d{1,9})?(?: ([^\W\d_]+)\.?)?"
)
_ISO: Final = re.compile(
    r"p(?=\d|t\d)(?:(\d+)d)?(?:t(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:[.,]\d+)?)s)?)?"
)
_PART: Final = re.compile(r"(\d(?:[\d.,]*\d)?)\s*([^\W\d_]+|''|['\"])\.?")
_BETWEEN: Final = r"(?:\s*[,&]\s*|\s+(?:and|und|et|y|e|en)\s+|\s*)"
_PARTS: Final = re.compile(rf"{_PART.pattern}(?:{_BETWEEN}{_PART.pattern})*(?:\s*(?P<rest>\d\d))?")
_SIGNS: Final = {"'": "min", "''": "s", '"': "s"}
_SMALLER: Final = {"h": "min", "min": "s"}
_SIZES: Final = ("d", "h", "min", "s", "ms")
_FULL: Final = {"h": 24, "min": 60, "s": 60, "ms": 1000}


def to_seconds(values: pd.Series[Any], mark: DecimalMark = ".", *, unit: Unit = "s") -> ReadColumn:
    """Read durations into seconds.

    Parameters
    ----------
    values : pandas.Series of str
        Plain numbers, clocks (``00:01:30``), ISO 8601 (``PT1M30S``), or numbers with
        their units (``1m 30s``, ``13 seconds``, ``2 Std. 5 Min.``).
    mark : {".", ",", ",."}
        What stands before the decimals in this column.
    unit : {"h", "min", "s", "ms", "h:mm", "m:ss"}
        What a plain number counts; see :data:`Unit`. A clock of two parts is ``h:mm`` in
        a column of hours and ``m:ss`` in every other.

    Returns
    -------
    ReadColumn
        ``float64``, never negative.

    Examples
    --------
    >>> texts = pd.Series(["90", "00:01:30", "1m 30s", "13 seconds", "long"])
    >>> to_seconds(texts).series.tolist()
    [90.0, 90.0, 90.0, 13.0, nan]
    >>> to_seconds(pd.Series(["1,5", "2:30"]), ",", unit="min").series.tolist()
    [90.0, 150.0]
    """
    read = read_distinct(values, partial(_seconds, mark=mark, unit=unit), "float64")
    return remark_on_decimals(values, read, mark)


def _seconds(text: str, *, mark: DecimalMark, unit: Unit) -> float | Unreadable:
    text = without_accents(plain(text))
    if re.match(r"[-(]\s?(?:pt?)?\d", text):
        return _NEGATIVE
    if re.fullmatch(r"\d[\d:.]*\s?[ap]\.?\s?m\.?", text):
        return _OF_DAY
    found: Decimal | Unreadable = _NO_DURATION
    if DIGITS.fullmatch(text):
        found = _plain_number(text, mark, unit)
    elif clock := _CLOCK.fullmatch(text):
        found = _clock(clock, unit)
    elif iso := _ISO.fullmatch(text):
        counts = (Decimal(count.replace(",", ".")) for count in iso.groups(default="0"))
        found = sum(
            (count * SECONDS[size] for count, size in zip(counts, _SIZES, strict=False)), Decimal()
        )
    elif parts := _PARTS.fullmatch(text):
        found = _with_units(text, parts["rest"], mark)
    return found if isinstance(found, Unreadable) else float(found)


def _plain_number(text: str, mark: DecimalMark, unit: Unit) -> Decimal | Unreadable:
    number = read_decimal(text, mark)
    if isinstance(number, Unreadable):
        return number
    if unit in ("h:mm", "m:ss"):
        return _NO_UNIT if number else number
    tiny = 0 < number < Decimal("0.01")
    if (tiny and unit in ("s", "min")) or (unit == "s" and number < 1 and len(text) > 8):
        return _FRACTION
    return number * SECONDS[unit]


def _clock(parts: re.Match[str], unit: Unit) -> Decimal | Unreadable:
    days, day_word, first, second, third, fraction, word = parts.groups()
    named = UNIT_OF.get(word) if word else unit[:1].replace("m", "min")
    if (day_word and UNIT_OF.get(day_word) != "d") or (word and named not in ("h", "min")):
        return _NO_DURATION
    if third is None:
        if days or (fraction and named == "h"):
            return _NO_DURATION
        places = (first, second, "0") if named == "h" else ("0", first, second)
    elif word and named != "h":
        return _NO_DURATION
    else:
        places = (first, second, third)
    if int(second) > 59 or int(third or 0) > 59:
        return _SIXTY
    hours, minutes, seconds = map(int, places)
    whole = ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + seconds
    return whole + Decimal("0." + fraction[1:] if fraction else 0)


def _with_units(text: str, rest: str | None, mark: DecimalMark) -> Decimal | Unreadable:
    """Add up numbers with their units, each smaller than the one before."""
    written = [(found[1], found[2]) for found in _PART.finditer(text)]
    parts = [(digits, _SIGNS.get(word) or UNIT_OF.get(word)) for digits, word in written]
    if rest:
        parts.append((rest, _SMALLER.get(parts[-1][1] or "")))
    total, before = Decimal(), -1
    for number, (digits, size) in enumerate(parts):
        if size is None or _SIZES.index(size) <= before:
            return _NO_DURATION
        count = read_decimal(digits, mark)
        if isinstance(count, Unreadable):
            return count
        if number and count >= _FULL[size]:
            return _SIXTY
        if count % 1 and number < len(parts) - 1:
            return _NO_DURATION
        total, before = total + count * SECONDS[size], _SIZES.index(size)
    return total
