"""Values that come with a type, as the texts that the readers of values read.

A number is written so that no country's notation makes another of it: a point before
the decimals, never three of them, no exponent and no mark between thousands.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from calltrack_nb.phrasing import without_surrogates


def typed_text(value: object) -> str:
    """Write a value as text, a missing one as nothing.

    Examples
    --------
    >>> [typed_text(value) for value in (True, 12.345, 1.4045550123e10, 1e-7, None)]
    ['true', '12.3450', '14045550123', '0.0000001', '']
    >>> typed_text({"a": 1}), typed_text({})
    ('{"a": 1}', '')
    >>> typed_text(timedelta(hours=26)), typed_text(datetime(2026, 8, 3, 10, 5))
    ('26:00:00', '2026-08-03 10:05:00')
    """
    match value:
        case str():
            text = value
        case None:
            text = ""
        case dict() | list() | tuple() if not value:
            text = ""
        case bool():
            text = str(value).lower()
        case int() | float() | Decimal():
            text = _number(value)
        case timedelta():
            text = clock(value)
        case datetime():
            text = value.isoformat(" ")
        case date() | time():
            text = value.isoformat()
        case bytes():
            text = value.decode("utf-8", "replace")
        case _:
            text = json.dumps(value, ensure_ascii=False, default=typed_text)
    return without_surrogates(text)


def clock(length: timedelta) -> str:
    """Write a length of time as hours, minutes and seconds, which no unit can change.

    Examples
    --------
    >>> clock(timedelta(seconds=95)), clock(timedelta(seconds=-1.5))
    ('0:01:35', '-0:00:01.5')
    """
    seconds = Decimal(abs(length) // timedelta(microseconds=1)) / 1_000_000
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    sign = "-" if length < timedelta() else ""
    whole, _, part = f"{rest:f}".partition(".")
    end = f".{part.rstrip('0')}" if part.rstrip("0") else ""
    return f"{sign}{hours}:{minutes:02}:{whole:0>2}{end}"


def _number(value: float | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return ""
    text = f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) == 3:
        decimals += "0"
    return f"{whole}.{decimals}" if decimals else whole
