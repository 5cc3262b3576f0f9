"""Money, counts, numbers and yes-or-no as exports write them.

A number is read in one notation: its decimal mark is decided for the whole column by
:func:`decimal_mark`. A text that is no number in that notation is refused; no character
of it is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from calltrack_nb.providers.values.amounts import DIGITS, currencies_of, take_apart
from calltrack_nb.providers.values.column import ReadColumn, Unreadable, read_distinct
from calltrack_nb.providers.values.spelling import plain, without_accents
from calltrack_nb.schema import MONEY

DecimalMark = Literal[".", ",", ",."]
"""What stands before the decimals of a column.

``",."`` is the decimal comma beside numbers that a program wrote with a point, as in a
German workbook, and a comma that may be a slip: a text that both notations allow is
then refused.
"""

THREE_DECIMALS: Final = "read with three decimals; the mark could stand between thousands"

_COMMA_COUNTRIES: Final = """
AR AT BA BE BG BO BR BY CL CO CR CY CZ DE DK EC EE ES FI FR GE GR HR HU ID IS IT KZ LT LU LV MA MD
ME MK NL NO PL PT PY RO RS RU SE SI SK TN TR UA UY VE VN
"""
DECIMAL_COMMA: Final = frozenset(_COMMA_COUNTRIES.split())

_YES_WORDS: Final = """
true yes y 1 1.0 t x on ✓ ✔ ☑ ✅
ja j wahr oui vrai si s verdadero vero sim verdadeiro waar tak prawda
"""
_NO_WORDS: Final = """
false no n 0 0.0 f off ✗ ✘ ☐ ❌ nein falsch non faux falso nao nee onwaar nie falsz
"""
_YES: Final = frozenset(_YES_WORDS.split())
_NO: Final = frozenset(_NO_WORDS.split())
_NO_MONEY: Final = Unreadable("not an amount of money")
_NO_COUNT: Final = Unreadable("not a whole number")
_NO_NUMBER: Final = Unreadable("not a number")
_NO_FLAG: Final = Unreadable("neither yes nor no")
_NEGATIVE: Final = Unreadable("a count below zero")
_RANGE: Final = Unreadable("a range and not one number")
_CONTRARY: Final = Unreadable("the decimal mark is not that of the rest of the column")
_EITHER: Final = Unreadable("the mark could stand before decimals or between thousands")
_TOO_LARGE: Final = Unreadable("too large to be an amount of money")
_MOST: Final = Decimal(10) ** 14

# One kind of mark between the thousands, and India's groups of two.
_POINT: Final = re.compile(
    r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?: \d{3})+"
    r"|[1-9]\d?(?:,\d\d)+,\d{3})(?:\.\d*)?|\.\d+"
)
_COMMA: Final = re.compile(
    r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?: \d{3})+)"
    r"(?:,\d*)?|,\d+"
)
_BOTH_ENDS: Final = re.compile(r"\D{0,5}\d[\d.,' ]*\s?(?:-|to|bis)\D{0,5}\d[\d.,' ]*\D{0,5}")
_OPEN: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_WITH_POINT: Final = re.compile(r"\d*\.\d+")
_GROUPED: Final = r"\D*\d{1,3}(?:[.,' ]\d{3})+[.,]\d\d?\D*"


def decimal_mark(
    values: pd.Series[Any], country: str, others: Sequence[pd.Series[Any]] = ()
) -> DecimalMark:
    """Decide from all the texts of a column which mark stands before the decimals.

    Texts that only one notation allows, such as ``0,5``, ``1.25`` or ``1.234,50``, settle
    it. Where there is none, amounts such as ``1,234.50`` in other columns do, and then
    the country's habit.

    Parameters
    ----------
    values : pandas.Series of str
        A column of numbers or amounts.
    country : str
        Two letters.
    others : sequence of pandas.Series of str
        Other columns of the same file.

    Examples
    --------
    >>> decimal_mark(pd.Series(["1,234", "12,75"]), "US")
    ','
    >>> decimal_mark(pd.Series(["1,234"]), "US"), decimal_mark(pd.Series(["1,234"]), "DE")
    ('.', ',')
    """
    habit: DecimalMark = "," if country in DECIMAL_COMMA else "."
    votes = _votes(values.dropna().unique())
    if others and set(votes) == {"open"}:
        every = pd.concat(others).dropna()
        votes = _votes(every[every.str.fullmatch(_GROUPED)].unique())
    point, comma = votes["1,234.5"] + votes["0.5"], votes["1.234,5"] + votes["0,5"]
    if point and comma:
        most = habit if point == comma else "," if comma > point else "."
        mixed = not votes["1,234.5"] and "," in (habit, most)
        return ",." if mixed else most
    if not point and not comma:
        return habit
    mark: DecimalMark = "," if comma else "."
    slips = votes["open"] > 3 * (point + comma) and not votes["1,234.5"] + votes["1.234,5"]
    return ",." if slips and mark != habit else mark


def to_money(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read amounts of money into exact decimals with four places.

    Parameters
    ----------
    values : pandas.Series of str
        ``1250``, ``$1,250.00``, ``(12.50)``, ``EUR 3``, ``CHF 45.-``.
    mark : {".", ",", ",."}
        What stands before the decimals in this column; see :func:`decimal_mark`.

    Examples
    --------
    >>> to_money(pd.Series(["$1,250.50", "(3)", "free"])).series.tolist()
    [Decimal('1250.5000'), Decimal('-3.0000'), <NA>]
    >>> to_money(pd.Series(["1.250,50 €"]), ",").series.tolist()
    [Decimal('1250.5000')]
    """
    return remark_on_decimals(
        values, read_distinct(values, partial(_money, mark=mark), MONEY), mark
    )


def currency_signs(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the sign, code or word of a currency that stands with each amount, if any.

    Of several, the one that fewest currencies have.

    Examples
    --------
    >>> currency_signs(pd.Series(["CA$ 7", "12 USD", "9"], dtype="str")).tolist()
    ['CA$', 'USD', nan]
    """

    def name(text: str) -> str | None:
        amount = take_apart(plain(text))
        if amount is None or not amount.signs:
            return None
        return min(amount.signs, key=lambda sign: len(currencies_of(sign)))

    return read_distinct(values, name, "str").series


def currencies(
    signs: pd.Series[Any], named: pd.Series[Any], default: str | pd.Series[Any]
) -> ReadColumn:
    """Return the currency of amounts by their signs and by a column that names it.

    A sign of several currencies, such as ``$`` or ``kr``, means the one that the column names,
    or the default, where that is one of them. Elsewhere it stays the sign: nothing says which
    one it is. So does a word that is no currency; a sign and a name that contradict each other
    give both, which is a currency of its own and added to none.

    Parameters
    ----------
    signs : pandas.Series of str
        From :func:`currency_signs`.
    named : pandas.Series of str
        Codes, signs or names in a column of their own; missing where there is none.
    default : str or pandas.Series of str
        The currency where nothing is said.

    Returns
    -------
    ReadColumn
        Remarks where the words are no currency or contradict each other.

    Examples
    --------
    >>> signs = pd.Series(["$", None, "€", "kr", None, "£"], dtype="str")
    >>> named = pd.Series([None, "US Dollar", "USD", None, "Bitcoinz", "gbp"], dtype="str")
    >>> currencies(signs, named, "CAD").series.tolist()
    ['CAD', 'USD', 'EUR or USD', 'kr', 'Bitcoinz', 'GBP']
    """
    said = pd.DataFrame({"sign": signs, "named": named, "default": default})
    distinct = said.drop_duplicates()
    rows: Any = distinct.astype(object).where(distinct.notna(), None).itertuples(index=False)
    meant = [_currency(*row) for row in rows]
    read = said.merge(
        distinct.assign(
            currency=[currency for currency, _ in meant], remark=[remark for _, remark in meant]
        ),
        how="left",
        on=["sign", "named", "default"],
    )
    remarks = {
        remark: read["remark"].eq(remark).to_numpy(dtype=bool)
        for remark in {remark for _, remark in meant if remark}
    }
    series = read["currency"].astype("str").set_axis(signs.index)
    return ReadColumn(series, remarks=remarks)


_NO_CURRENCY: Final = "not a known currency; kept as written and not added to other amounts"
_TWO_CURRENCIES: Final = "the amount and its column name different currencies; not added to either"


def _currency(sign: str | None, named: str | None, default: str) -> tuple[str, str]:
    """Return the currency that is meant, and what is to be remarked."""
    by_sign = currencies_of(sign) if sign else ()
    if not named:
        if sign is None or default in by_sign:
            return default, ""
        return (by_sign[0] if len(by_sign) == 1 else sign.rstrip(".")), ""
    by_name = currencies_of(named) or currencies_of(named.upper())
    name = default if default in by_name else by_name[0] if len(by_name) == 1 else named
    if not sign:
        return name, "" if by_name else _NO_CURRENCY
    both = set(by_sign) & set(by_name)
    if both:
        return (name if name in both else min(both)), ""
    return f"{by_sign[0] if len(by_sign) == 1 else sign} or {name}", _TWO_CURRENCIES


def to_count(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read whole numbers that are not negative, with or without thousands marks.

    Examples
    --------
    >>> to_count(pd.Series(["12,000", "3.0", "1.5"])).series.tolist()
    [12000, 3, <NA>]
    """
    return read_distinct(values, partial(_count, mark=mark), "Int64")


def to_number(values: pd.Series[Any], mark: DecimalMark = ".") -> ReadColumn:
    """Read numbers; ``15 %`` is 0.15.

    Examples
    --------
    >>> to_number(pd.Series(["-12,5", "15 %"]), ",").series.tolist()
    [-12.5, 0.15]
    """
    return remark_on_decimals(
        values, read_distinct(values, partial(_number, mark=mark), "float64"), mark
    )


def to_flag(values: pd.Series[Any]) -> ReadColumn:
    """Read yes and no in the words, marks and spreadsheet values that exports use.

    An ``x`` is a tick, except beside ticks of another kind, where it could be a cross.

    Examples
    --------
    >>> to_flag(pd.Series(["Yes", "nein", "✓", "maybe"])).series.tolist()
    [True, False, True, <NA>]
    """
    ticked = values.str.contains("[✓✔☑✅]", na=False).any()
    doubtful = {"x"} if ticked else set[str]()

    def read(text: str) -> bool | Unreadable:
        word = without_accents(plain(text)).replace("\ufe0f", "").replace("ł", "l")
        known = word in _YES | _NO and word not in doubtful
        return word in _YES if known else _NO_FLAG

    return read_distinct(values, read, "boolean")


def read_decimal(digits: str, mark: DecimalMark) -> Decimal | Unreadable:
    """Read digits and marks, without a sign or a unit, in one notation.

    Examples
    --------
    >>> read_decimal("1.234,5", ","), read_decimal("1,234.5", ".")
    (Decimal('1234.5'), Decimal('1234.5'))
    >>> read_decimal("1,5", ".")
    'the decimal mark is not that of the rest of the column'
    """
    if mark == ",." and _OPEN.fullmatch(digits):
        return _EITHER
    if mark == "." or (_WITH_POINT.fullmatch(digits) and not _OPEN.fullmatch(digits)):
        notation, thousands = _POINT, ","
    else:
        notation, thousands = _COMMA, "."
    if not notation.fullmatch(digits):
        other = _COMMA if notation is _POINT else _POINT
        return _CONTRARY if other.fullmatch(digits) else _NO_NUMBER
    return Decimal(re.sub(rf"[{thousands}' ]", "", digits).replace(",", "."))


def remark_on_decimals(values: pd.Series[Any], read: ReadColumn, mark: DecimalMark) -> ReadColumn:
    """Remark on three decimals where no other text of the column settles the notation.

    Parameters
    ----------
    values : pandas.Series of str
    read : ReadColumn
        What they were read into.
    mark : {".", ",", ",."}

    Examples
    --------
    >>> amounts = pd.Series(["1.234"])
    >>> list(remark_on_decimals(amounts, ReadColumn(amounts), ".").remarks)
    ['read with three decimals; the mark could stand between thousands']
    """
    codes, texts = pd.factorize(values)
    alone = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}[{mark}]\d{{3}}(?![\d.,])")
    open_ = [alone.search(str(text)) is not None for text in texts]
    if not any(open_) or set(_votes(texts)) != {"open"}:
        return read
    rows = np.array([*open_, False], dtype=bool)[codes] & ~read.unreadable
    return ReadColumn(read.series, read.problems, {THREE_DECIMALS: rows} if rows.any() else {})


def _votes(texts: Iterable[object]) -> Counter[str]:
    """Count the texts that only one notation allows, by an example of their kind.

    ``open`` counts those that both notations allow and read differently.
    """
    votes: Counter[str] = Counter()
    for text in texts:
        runs = DIGITS.findall(plain(str(text)))
        if len(runs) != 1:
            continue
        point, comma = _POINT.fullmatch(runs[0]), _COMMA.fullmatch(runs[0])
        bare = re.fullmatch(r"\d*[.,]\d*", runs[0])
        if point and comma and _OPEN.fullmatch(runs[0]):
            votes["open"] += 1
        elif point and not comma:
            votes["0.5" if bare else "1,234.5"] += 1
        elif comma and not point:
            votes["0,5" if bare else "1.234,5"] += 1
    return votes


def _money(text: str, *, mark: DecimalMark) -> Decimal | Unreadable:
    amount = take_apart(plain(text))
    if amount is None or (amount.no_cents and mark[0] in amount.digits):
        return _RANGE if _BOTH_ENDS.fullmatch(plain(text)) else _NO_MONEY
    value = read_decimal(amount.digits, mark)
    if isinstance(value, Unreadable):
        return _NO_MONEY if value is _NO_NUMBER else value
    if value >= _MOST:
        return _TOO_LARGE
    value = value.quantize(Decimal("0.0001"))
    return -value if amount.negative else value


def _count(text: str, *, mark: DecimalMark) -> int | Unreadable:
    parts = re.fullmatch(rf"([+-]?)({DIGITS.pattern})", plain(text))
    value = _NO_NUMBER if parts is None else read_decimal(parts[2], mark)
    if isinstance(value, Unreadable):
        return _NO_COUNT if value is _NO_NUMBER else value
    if parts is not None and parts[1] == "-" and value:
        return _NEGATIVE
    return int(value) if value == value.to_integral_value() and value < 10**15 else _NO_COUNT


def _number(text: str, *, mark: DecimalMark) -> float | Unreadable:
    parts = re.fullmatch(rf"([+-]?) ?({DIGITS.pattern}) ?(%?)", plain(text))
    if parts is None:
        return _RANGE if _BOTH_ENDS.fullmatch(plain(text)) else _NO_NUMBER
    value = read_decimal(parts[2], mark)
    if isinstance(value, Unreadable):
        return value
    return float(value / 100 if parts[3] else value) * (-1 if parts[1] == "-" else 1)
