"""Durations as providers write them, into seconds."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Final, Literal

import pandas as pd

from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.numbers import DecimalMark

Unit = Literal["h", "min", "s", "ms"]

_UNITS: Final = {"h": 3600.0, "m": 60.0, "min": 60.0, "s": 1.0, "ms": 0.001}
_UNIT: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*"
    r"(?:(h)(?:ou)?(?:rs?)?|(ms)|(?:milli(s)econds?)|(m)(?:in(?:ute)?s?)?|(s)(?:ec(?:ond)?s?)?)"
    r"(?![a-z])\.?"
)
_NO_DURATION: Final = Unreadable("not a duration")


def header_unit(header: str) -> Unit | None:
    """Return the unit that a column's name gives its durations, such as ``Mins``.

    Examples
    --------
    >>> header_unit("Duration (seconds)"), header_unit("Mins"), header_unit("Length")
    ('s', 'min', None)
    """
    words = re.findall(r"[a-z]+", header.lower())
    for unit, names in _UNIT_WORDS.items():
        if any(word in names for word in words):
            return unit
    return None


_UNIT_WORDS: Final[dict[Unit, frozenset[str]]] = {
    "s": frozenset({"s", "sec", "secs", "second", "seconds"}),
    "min": frozenset({"m", "min", "mins", "minute", "minutes"}),
    "ms": frozenset({"ms", "millis", "milliseconds"}),
    "h": frozenset({"h", "hr", "hrs", "hour", "hours"}),
}


def to_seconds(values: pd.Series[Any], mark: DecimalMark = ".", *, unit: Unit = "s") -> ReadColumn:
    """Read durations into seconds.

    Parameters
    ----------
    values : pandas.Series of str
        Plain numbers, ``00:01:30``, ``1m 30s``, ``13 seconds``.
    mark : {".", ","}
        What stands before the decimals in this column.
    unit : {"h", "min", "s", "ms"}
        What a plain number counts.

    Returns
    -------
    ReadColumn
        ``float64``, never negative.

    Examples
    --------
    >>> texts = pd.Series(["90", "00:01:30", "1m 30s", "13 seconds", "long"])
    >>> to_seconds(texts).series.tolist()
    [90.0, 90.0, 90.0, 13.0, nan]
    """
    del mark
    return read_distinct(values, partial(_seconds, scale=_UNITS[unit]), "float64")


def _seconds(text: str, *, scale: float) -> float | Unreadable:
    text = text.strip().lower().replace(",", "")
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text):
        return float(text) * scale
    if clock := re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d(?:\.\d+)?)", text):
        hours, minutes, seconds = clock.groups(default="0")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    total, rest = 0.0, text
    for match in _UNIT.finditer(text):
        letter = "ms" if match[4] else next(unit for unit in match.groups()[1:] if unit)
        total += float(match[1]) * _UNITS[letter]
        rest = rest.replace(match[0], "", 1)
    return total if rest != text and not rest.replace("and", "").strip() else _NO_DURATION
