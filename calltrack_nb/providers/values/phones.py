"""Telephone numbers as providers write them, into E.164.

A million-row log holds hundreds of thousands of different callers, so the forms that
make up nearly all of them (``+14045551234``, ``(404) 555-1234``) are cleaned by the
column and read as bare digits; see :mod:`.numbering_plans`. Every other text is read by
itself, once; see :mod:`.phone_texts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import phonenumbers

from calltrack_nb.providers.values.column import Mask, ReadColumn
from calltrack_nb.providers.values.numbering_plans import (
    LONGEST,
    SHORTEST,
    Plan,
    leading_plan,
    plan_of,
    read_digits,
    read_international,
)
from calltrack_nb.providers.values.phone_texts import read_text
from calltrack_nb.providers.values.withheld import KEYPAD_NUMBERS

TOLL_FREE: Final = re.compile(r"^\+1(?:800|888|877|866|855|844|833|822)\d{7}$")

_KEPT: Final = 1 << 16  # kinds of numbers that are remembered
_PLAIN: Final = r"\+?[0-9(][0-9 ().\-/]{6,29}"
# Plain texts that may be more than a number or another thing than one: a date, an IP
# address, decimals, two numbers, a zero in brackets. They are read one by one.
_ODD: Final = (
    r"^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}$"
    r"|^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$"
    r"|^\+?[0-9]{7,}\.[0-9]*$"
    r"|^[^/]*(?:[0-9][^0-9/]*){7}/"
    r"|[0-9]{7} +\(?[0-9]{7}|(?:[0-9][ ().]*){7} -+ (?:[ ().]*[0-9]){7}"
    r"|\(0\)|[0-9][^0-9]*\([0-9]{1,3}\)$|\.\."
)
# How dummy numbers end, such as 9999999999 and 1234567890.
_DUMMY_ENDS: Final = (
    *(digit * SHORTEST for digit in "0123456789"),
    *("12345678901"[start : start + SHORTEST] for start in range(5)),
)


def read_phones(values: pd.Series[Any], country: str) -> ReadColumn:
    """Read telephone numbers into E.164.

    Digits with the usual punctuation are read as ``phonenumbers.parse`` reads them, where
    ``is_possible_number`` allows the result with its area code. Forms beyond that are
    read where they are fully understood: spreadsheet quantities (``14045550123.0``),
    ``="404…"``, SIP and tel addresses, names and labels beside a number, extensions (left
    out), ``+44 (0)20…``, ``00`` before a country code, Mexico's old ``+52 1``.

    Parameters
    ----------
    values : pandas.Series of str
        Numbers in any usual form; missing where there is none.
    country : str
        Two letters; a number without a country code is one of this country's.

    Returns
    -------
    ReadColumn
        ``str``: E.164 numbers, missing where the number is absent, withheld or unreadable.

        A withheld number (``Anonymous``, ``+266696687``, ``0000000000``; see
        :mod:`.withheld`) is missing and no problem. Problems, by reason: a number that a
        spreadsheet rounded, with decimals, masked, a date, an IP address, a service code,
        an internal extension, a short code, an emergency number, a local number without
        its area code, too few or too many digits, an unknown country code, an address
        without a number, words that are not understood, several numbers that are not
        each whole, and anything else. Remarks: only the first of several numbers is
        kept; words beside the number are left out.

    Examples
    --------
    >>> found = read_phones(
    ...     pd.Series(["(404) 555-1234", "+44 20 7946 0018", "Anonymous", "404-555-XXXX"]), "US"
    ... )
    >>> found.series.tolist()
    ['+14045551234', '+442079460018', nan, nan]
    >>> {reason: mask.tolist() for reason, mask in found.problems.items()}
    {'masked: some of its digits are hidden': [False, False, False, True]}
    """
    codes, distinct = pd.factorize(values)
    texts = pd.Series(distinct, dtype="str")
    numbers = _read_plain(texts, country)
    rest = np.flatnonzero(numbers.isna())
    readings = [read_text(text, country) for text in texts.iloc[rest]]
    numbers.iloc[rest] = [reading.number for reading in readings]
    known = pd.concat([numbers, pd.Series([None], dtype="str")], ignore_index=True)
    return ReadColumn(
        known.iloc[codes].set_axis(values.index),
        _masks([reading.reason for reading in readings], rest, codes, len(texts)),
        _masks([reading.remark for reading in readings], rest, codes, len(texts)),
    )


def number_kind(numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Tell toll-free numbers of the North American plan from local ones.

    Numbers of other plans are asked of ``phonenumbers``, one distinct number at a time.
    """
    return numbers.map(_kind, na_action="ignore")


@lru_cache(maxsize=_KEPT)
def _kind(number: str) -> str:
    if number.startswith("+1"):
        return "toll_free" if TOLL_FREE.match(number) else "local"
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return "toll_free" if kind == phonenumbers.PhoneNumberType.TOLL_FREE else "local"


def _read_plain(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    """Read the texts that are digits and punctuation; missing where that is not enough."""
    plain = texts.str.fullmatch(_PLAIN) & ~texts.str.contains(_ODD) & ~texts.isin(KEYPAD_NUMBERS)
    digits = texts[plain].str.replace(r"[^0-9+]", "", regex=True)
    digits = digits[(digits.str.len() >= SHORTEST) & ~digits.str.slice(-SHORTEST).isin(_DUMMY_ENDS)]
    coded, plan = digits.str.startswith("+"), plan_of(country)
    columns = [*_by_code(digits[coded].str.slice(1)), digits.iloc[:0]]
    if plan:
        columns += _inside(digits[~coded], plan)
    numbers = pd.concat(columns).reindex(digits.index)
    rest = numbers.isna()
    numbers[rest] = [_read_bare(text, plan) for text in digits[rest].to_numpy(dtype=object)]
    read: pd.Series[Any] = numbers.reindex(texts.index)
    return read


def _by_code(digits: pd.Series[Any]) -> Iterator[pd.Series[Any]]:
    """Read digits that begin with a country code, one code after the other."""
    starts = digits.str.slice(0, 3)
    plans = {start: leading_plan(start) for start in starts.unique()}
    codes = starts.map({start: plan.code for start, plan in plans.items() if plan})
    for code, part in digits.groupby(codes):
        if plan := leading_plan(str(code)):
            yield _unprefixed(part.str.slice(len(plan.code)), plan)


def _inside(digits: pd.Series[Any], plan: Plan) -> Iterator[pd.Series[Any]]:
    """Read digits as they are dialled inside a country, without and with its trunk prefix."""
    national = digits[~digits.str.match(f"{plan.code}|{plan.abroad.pattern}")]
    yield _unprefixed(national, plan)
    if plan.trunk and plan.trunk.pattern == plan.trunk_prefix:
        # What is a number even with the prefix is read one by one.
        prefixed = national.str.startswith(plan.trunk_prefix)
        prefixed &= ~national.str.fullmatch(plan.general.pattern)
        yield _of_length(national[prefixed].str.slice(len(plan.trunk_prefix)), plan)


def _unprefixed(digits: pd.Series[Any], plan: Plan) -> pd.Series[Any]:
    """Read the national numbers that do not begin with the trunk prefix."""
    free = ~digits.str.match(plan.trunk.pattern) if plan.trunk else slice(None)
    return _of_length(digits[free], plan)


def _of_length(digits: pd.Series[Any], plan: Plan) -> pd.Series[Any]:
    """Read the national numbers that have a possible number of digits."""
    main = leading_plan(plan.code) or plan
    lengths = [n for n in main.lengths if SHORTEST <= n + len(plan.code) <= LONGEST]
    numbers: pd.Series[Any] = f"+{plan.code}" + digits[digits.str.len().isin(lengths)]
    return numbers


def _read_bare(text: str, plan: Plan | None) -> str | None:
    if text.startswith("+"):
        return read_international(text[1:])
    return read_digits(text, plan) if plan else None


def _masks(words: list[str], places: Any, codes: Any, count: int) -> dict[str, Mask]:
    """Return for each word the rows whose distinct text, of so many, it was said of."""
    said = np.full(count + 1, "", dtype=object)  # the last is for missing rows, of code -1
    said[places] = words
    return {word: (said == word)[codes] for word in dict.fromkeys(filter(None, words))}
