"""The words for hours, minutes and seconds, and what a column of durations counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any, Final, Literal

import pandas as pd

from calltrack_nb.providers.values.amounts import DIGITS
from calltrack_nb.providers.values.numbers import decimal_mark, read_decimal
from calltrack_nb.providers.values.spelling import plain, without_accents

Unit = Literal["h", "min", "s", "ms", "h:mm", "m:ss"]
"""What a plain number of a column counts.

``"h:mm"`` and ``"m:ss"`` say how a clock of two parts is cut in a column without plain
numbers: there a plain number has no unit and is refused.
"""

SECONDS: Final = {
    "d": Decimal(86_400),
    "h": Decimal(3600),
    "min": Decimal(60),
    "s": Decimal(1),
    "ms": Decimal("0.001"),
}

_WORDS: Final = {
    "d": "d day days tag tage tagen jour jours dia dias giorno giorni dag dagen",
    "h": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur godz 時間 小时"
    " 시간",
    "min": "m min mins minute minutes minuten minuto minutos minuti minuut minuty mn 分 分钟 분",
    "s": "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos seg"
    " secondo secondi seconden sekundy 秒 秒钟 초",
    "ms": "ms msec msecs milli millis millisecond milliseconds millisekunden millisecondes",
}
UNIT_OF: Final = {
    without_accents(word): unit for unit, words in _WORDS.items() for word in words.split()
}

_COUNTED: Final[tuple[Unit, ...]] = ("h", "min", "s", "ms")
_PLACE: Final = "(?:hh?|mm?|ss?|hours?|hrs?|minutes?|mins?|seconds?|secs?)"
# In a header these could be part of another name: "Min. wait", "Second call", "Hour".
_LAST_ONLY: Final = frozenset({"h", "m", "min", "mn", "s", "sec", "second", "hour", "hora", "ora"})
_CLOCK: Final = re.compile(r"\d+:\d\d(:\d\d)?(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class DurationForm:
    """What a column of durations counts, and how that is known.

    Parameters
    ----------
    unit : {"h", "min", "s", "ms", "h:mm", "m:ss"}
    sure : bool
        Whether the header or the values settle it.
    reason : str
        In words, for the report of an import.
    """

    unit: Unit
    sure: bool
    reason: str


def header_unit(header: str) -> Unit | None:
    """Return the unit that a column's name gives its durations, such as ``Mins``.

    Examples
    --------
    >>> header_unit("Duration (seconds)"), header_unit("Mins"), header_unit("Length")
    ('s', 'min', None)
    >>> header_unit("callDuration_ms"), header_unit("Dauer (Sek.)"), header_unit("Time (hh:mm)")
    ('ms', 's', 'h:mm')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain(header)).replace("_", " ")
    text = re.sub(r"(\w)'s\b", r"\1", without_accents(spaced))
    if clock := re.search(rf"\b({_PLACE}):({_PLACE})(:{_PLACE})?\b", text):
        return "h:mm" if clock[1][0] == "h" and clock[3] is None else "m:ss"
    words = re.findall(r"[^\W\d_]+", text)
    bracketed = set(re.findall(r"[(\[](?:in )?([^\W\d_]+)\.?[)\]]", text))
    named = {word for word in words if word not in _LAST_ONLY} | bracketed | set(words[-1:])
    found = {UNIT_OF[word] for word in named if word in UNIT_OF}
    found |= {"s" for word in words if re.search(r".(?:sec|secs|seconds)$", word)}
    for unit in _COUNTED:
        if found == {unit}:
            return unit
    return None


def duration_form(values: pd.Series[Any], header: str) -> DurationForm:
    """Tell from a column's name and its values what its plain numbers count.

    Parameters
    ----------
    values : pandas.Series of str
    header : str

    Examples
    --------
    >>> duration_form(pd.Series(["12", "3.7", "2:30"]), "Mins").unit
    'min'
    >>> duration_form(pd.Series(["125000", "95000"]), "Duration")
    DurationForm(unit='ms', sure=False, reason='whole thousands look like milliseconds')
    """
    texts = [plain(text) for text in values.dropna().unique()]
    clocks = [text for text in texts if _CLOCK.fullmatch(text)]
    if len(clocks) > 2 and all(re.fullmatch(r"0?[1-9]\d*:\d\d:00", text) for text in clocks):
        reason = "each clock has hours and no seconds: minutes and seconds typed as hours?"
        return DurationForm("m:ss", sure=False, reason=reason)
    if (unit := header_unit(header)) is not None:
        return DurationForm(unit, sure=True, reason=f"the column's name, {header}")
    mark = decimal_mark(values, "")
    read = (read_decimal(text, mark) for text in texts if DIGITS.fullmatch(text))
    numbers = [number for number in read if isinstance(number, Decimal)]
    if clocks:
        return _form_of_clocks(clocks, beside=bool(numbers))
    if not numbers:
        named = any(re.search(r"\d.*[^\W\d_]", text) for text in texts)
        reason = "the values name their units" if named else "no value says what is counted"
        return DurationForm("s", sure=named, reason=reason)
    return _form_of_numbers(numbers)


def _form_of_clocks(clocks: Sequence[str], *, beside: bool) -> DurationForm:
    if beside:
        reason = "clocks and plain numbers, and nothing says what the numbers count"
        return DurationForm("m:ss", sure=False, reason=reason)
    long = any(text.count(":") == 2 or int(text.split(":")[0]) >= 5 for text in clocks)
    reason = "clocks of minutes and seconds" if long else "these clocks could be hours and minutes"
    return DurationForm("m:ss", sure=long, reason=reason)


def _form_of_numbers(numbers: Sequence[Decimal]) -> DurationForm:
    middle, most = median(numbers), max(numbers)
    counted = [number for number in numbers if number]
    fractions = [number for number in counted if number % 1]
    if most < 1 and any(number != round(number, 4) for number in fractions):
        reason = "numbers below 1 look like fractions of a day: format them as h:mm:ss"
        return DurationForm("m:ss", sure=False, reason=reason)
    if counted and most > 1000 and not any(number % 1000 for number in counted):
        return DurationForm("ms", sure=False, reason="whole thousands look like milliseconds")
    if middle >= 20_000:
        return DurationForm("ms", sure=False, reason="too large for seconds")
    if fractions and most < 90:
        return DurationForm("min", sure=False, reason="small decimals look like minutes")
    if most > 1440 and middle < 1000:
        return DurationForm("s", sure=True, reason=f"{most} minutes would be more than a day")
    return DurationForm("s", sure=False, reason="no unit is named; seconds are usual")
