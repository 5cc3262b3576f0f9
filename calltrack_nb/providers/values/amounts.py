"""Durations, money, counts and yes-or-no as providers write them.

These columns hold few distinct texts, so each distinct text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.tables import MONEY

Mask = npt.NDArray[np.bool_]

_COMMA_COUNTRIES: Final = """
AR AT BE BG BR CL CO CZ DE DK EE ES FI FR GR HR HU ID IS IT LT LU LV NL NO PL PT RO RS RU SE SI SK
TR UA UY VN
"""
DECIMAL_COMMA: Final = frozenset(_COMMA_COUNTRIES.split())
_SYMBOLS: Final = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_UNIT: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*"
    r"(?:(h)(?:ou)?(?:rs?)?|(ms)|(?:milli(s)econds?)|(m)(?:in(?:ute)?s?)?|(s)(?:ec(?:ond)?s?)?)"
    r"(?![a-z])\.?"
)
_TRUE: Final = frozenset({"true", "yes", "y", "1", "t", "x"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "f"})
_MOST: Final = Decimal(10) ** 14


def to_seconds(values: pd.Series[Any], *, unit: str = "s") -> tuple[pd.Series[Any], Mask]:
    """Read durations into seconds.

    Parameters
    ----------
    values : pandas.Series of str
        Plain numbers, ``00:01:30``, ``1m 30s``, ``13 seconds``.
    unit : {'s', 'ms'}
        What a plain number counts.

    Returns
    -------
    seconds : pandas.Series of float64
        Never negative; missing where there is none.
    unreadable : numpy.ndarray of bool

    Examples
    --------
    >>> texts = pd.Series(["90", "00:01:30", "1m 30s", "13 seconds", "long"])
    >>> to_seconds(texts)[0].tolist()
    [90.0, 90.0, 90.0, 13.0, nan]
    """
    return _by_text(values, partial(_seconds, scale=_UNITS[unit]), "float64")


def to_money(values: pd.Series[Any], country: str) -> tuple[pd.Series[Any], Mask]:
    """Read amounts of money into exact decimals with four places.

    Parameters
    ----------
    values : pandas.Series of str
        ``1250``, ``$1,250.00``, ``(12.50)``, ``EUR 3``.
    country : str
        Two letters; in some countries ``1.250`` is more than a thousand.

    Examples
    --------
    >>> to_money(pd.Series(["$1,250.50", "(3)", "free"]), "US")[0].tolist()
    [Decimal('1250.5000'), Decimal('-3.0000'), <NA>]
    >>> to_money(pd.Series(["1.250,50 €"]), "DE")[0].tolist()
    [Decimal('1250.5000')]
    """
    return _by_text(values, partial(_decimal, comma=country in DECIMAL_COMMA), MONEY)


def currencies(values: pd.Series[Any], default: str) -> pd.Series[Any]:
    """Return the currency each amount names, or the default; missing with the amount.

    A bare ``$`` names no one currency and is read as the default.
    """

    def name(text: str) -> str:
        if code := re.search(r"\b([A-Z]{3})\b", text):
            return code[1]
        return next((code for sign, code in _SYMBOLS.items() if sign in text), default)

    return _by_text(values, name, "str")[0]


def to_count(values: pd.Series[Any]) -> tuple[pd.Series[Any], Mask]:
    """Read whole numbers that are not negative, with or without thousands marks."""
    return _by_text(values, _count, "Int64")


def to_number(values: pd.Series[Any]) -> tuple[pd.Series[Any], Mask]:
    """Read numbers; ``15 %`` is 0.15."""
    return _by_text(values, _number, "float64")


def to_flag(values: pd.Series[Any]) -> tuple[pd.Series[Any], Mask]:
    """Read yes and no in the words exports use."""
    return _by_text(values, _flag, "boolean")


def _by_text(
    values: pd.Series[Any], read: Callable[[str], object], dtype: Any
) -> tuple[pd.Series[Any], Mask]:
    codes, texts = pd.factorize(values)
    known: list[object] = [read(str(text)) for text in texts]
    bad = np.array([value is None for value in known] + [False], dtype=bool)
    column = pd.Series([*known, None], dtype=dtype)
    return column.iloc[codes].set_axis(values.index), bad[codes]


def _seconds(text: str, *, scale: float) -> float | None:
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
    return total if rest != text and not rest.replace("and", "").strip() else None


def _decimal(text: str, *, comma: bool) -> Decimal | None:
    digits = re.sub(r"[^\d.,()\-]", "", text)
    negative = digits.startswith(("-", "(")) or digits.endswith("-")
    digits = digits.strip("()-")
    if not re.fullmatch(r"\d[\d.,]*|[.,]\d+", digits) or re.search(r"[a-z]{4,}", text.lower()):
        return None
    marks = [mark for mark in digits if mark in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        if digits.count(last) > 1:
            return None
        digits = digits.replace("," if last == "." else ".", "").replace(",", ".")
    elif marks and (len(marks) > 1 or _groups_thousands(digits, marks[0], comma=comma)):
        if not re.fullmatch(r"\d{1,3}(?:[.,]\d{2,3})+", digits):
            return None
        digits = digits.replace(marks[0], "")
    else:
        digits = digits.replace(",", ".")
    try:
        amount = Decimal(digits).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return None
    if amount >= _MOST:
        return None
    return -amount if negative else amount


def _groups_thousands(digits: str, mark: str, *, comma: bool) -> bool:
    """Tell whether the only mark in a number stands between thousands."""
    return re.fullmatch(r"\d{1,3}[.,]\d{3}", digits) is not None and (mark == ".") == comma


def _count(text: str) -> int | None:
    digits = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text.strip())
    whole = re.fullmatch(r"(\d{1,15})(?:\.0+)?", digits)
    return int(whole[1]) if whole else None


def _number(text: str) -> float | None:
    share = re.fullmatch(r"([+-]?\d{1,15}(?:\.\d+)?)\s*(%?)", text.strip().replace(",", ""))
    return None if share is None else float(share[1]) / (100 if share[2] else 1)


def _flag(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None
