"""Money, counts, numbers and yes-or-no as providers write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final, Literal

import pandas as pd

from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.tables import MONEY

DecimalMark = Literal[".", ","]

_COMMA_COUNTRIES: Final = """
AR AT BE BG BR CL CO CZ DE DK EE ES FI FR GR HR HU ID IS IT LT LU LV NL NO PL PT RO RS RU SE SI SK
TR UA UY VN
"""
DECIMAL_COMMA: Final = frozenset(_COMMA_COUNTRIES.split())
_SYMBOLS: Final = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
_TRUE: Final = frozenset({"true", "yes", "y", "1", "t", "x"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "f"})
_NO_MONEY: Final = Unreadable("not an amount of money")
_NO_COUNT: Final = Unreadable("not a whole number")
_NO_NUMBER: Final = Unreadable("not a number")
_NO_FLAG: Final = Unreadable("neither yes nor no")
_MOST: Final = Decimal(10) ** 14


def decimal_mark(values: pd.Series[Any], country: str) -> DecimalMark:
    """Decide from all the texts of a column which mark stands before the decimals.

    Parameters
    ----------
    values : pandas.Series of str
        A column of numbers or amounts.
    country : str
        Two letters; its habit decides where the texts do not.
    """
    del values
    return "," if country in DECIMAL_COMMA else "."


def to_money(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read amounts of money into exact decimals with four places.

    Parameters
    ----------
    values : pandas.Series of str
        ``1250``, ``$1,250.00``, ``(12.50)``, ``EUR 3``.
    mark : {".", ","}
        What stands before the decimals in this column; see :func:`decimal_mark`.

    Examples
    --------
    >>> to_money(pd.Series(["$1,250.50", "(3)", "free"])).series.tolist()
    [Decimal('1250.5000'), Decimal('-3.0000'), <NA>]
    >>> to_money(pd.Series(["1.250,50 €"]), ",").series.tolist()
    [Decimal('1250.5000')]
    """
    return read_distinct(values, partial(_decimal, comma=mark == ","), MONEY)


def currencies(values: pd.Series[Any], default: str) -> pd.Series[Any]:
    """Return the currency each amount names, or the default; missing with the amount.

    A bare ``$`` names no one currency and is read as the default.
    """

    def name(text: str) -> str:
        if code := re.search(r"\b([A-Z]{3})\b", text):
            return code[1]
        return next((code for sign, code in _SYMBOLS.items() if sign in text), default)

    return read_distinct(values, name, "str").series


def to_count(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read whole numbers that are not negative, with or without thousands marks."""
    del mark
    return read_distinct(values, _count, "Int64")


def to_number(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read numbers; ``15 %`` is 0.15."""
    del mark
    return read_distinct(values, _number, "float64")


def to_flag(values: pd.Series[Any]) -> ReadColumn:
    """Read yes and no in the words exports use."""
    return read_distinct(values, _flag, "boolean")


def _decimal(text: str, *, comma: bool) -> Decimal | Unreadable:
    digits = re.sub(r"[^\d.,()\-]", "", text)
    negative = digits.startswith(("-", "(")) or digits.endswith("-")
    digits = digits.strip("()-")
    if not re.fullmatch(r"\d[\d.,]*|[.,]\d+", digits) or re.search(r"[a-z]{4,}", text.lower()):
        return _NO_MONEY
    marks = [mark for mark in digits if mark in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        if digits.count(last) > 1:
            return _NO_MONEY
        digits = digits.replace("," if last == "." else ".", "").replace(",", ".")
    elif marks and (len(marks) > 1 or _groups_thousands(digits, marks[0], comma=comma)):
        if not re.fullmatch(r"\d{1,3}(?:[.,]\d{2,3})+", digits):
            return _NO_MONEY
        digits = digits.replace(marks[0], "")
    else:
        digits = digits.replace(",", ".")
    try:
        amount = Decimal(digits).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return _NO_MONEY
    if amount >= _MOST:
        return _NO_MONEY
    return -amount if negative else amount


def _groups_thousands(digits: str, mark: str, *, comma: bool) -> bool:
    """Tell whether the only mark in a number stands between thousands."""
    return re.fullmatch(r"\d{1,3}[.,]\d{3}", digits) is not None and (mark == ".") == comma


def _count(text: str) -> int | Unreadable:
    digits = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text.strip())
    whole = re.fullmatch(r"(\d{1,15})(?:\.0+)?", digits)
    return int(whole[1]) if whole else _NO_COUNT


def _number(text: str) -> float | Unreadable:
    share = re.fullmatch(r"([+-]?\d{1,15}(?:\.\d+)?)\s*(%?)", text.strip().replace(",", ""))
    return _NO_NUMBER if share is None else float(share[1]) / (100 if share[2] else 1)


def _flag(text: str) -> bool | Unreadable:
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else _NO_FLAG
