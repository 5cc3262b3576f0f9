"""Telephone numbers as providers write them, into E.164.

A million-row log holds hundreds of thousands of different callers, so the forms that
make up nearly all of them (``+14045551234``, ``(404) 555-1234``) are read by the
column, with the lengths and prefixes of ``phonenumbers``' own metadata; whatever they
do not cover is parsed by ``phonenumbers`` one distinct text at a time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import phonenumbers
from phonenumbers import PhoneMetadata

from calltrack_nb.providers.values.column import ReadColumn

_WITHHELD_WORDS: Final = (
    "anonymous",
    "restricted",
    "blocked",
    "unknown",
    "unavailable",
    "private",
    "withheld",
)
_OTHER_WITHHELD: Final = (
    "nocallerid",
    "callerunknown",
    "unknowncaller",
    "unknownnumber",
    "privatenumber",
    "privatecaller",
    "privatecall",
    "hidden",
    "hiddennumber",
    "idunavailable",
    "outofarea",
    "notset",
    "none",
    "redacted",
)
_KEYS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
# Telephone networks spell these words on the keypad: +266696687 is ANONYMOUS.
_WITHHELD_NUMBERS: Final = tuple(f"+{word.translate(_KEYS)}" for word in _WITHHELD_WORDS)
_WITHHELD: Final = frozenset((*_WITHHELD_WORDS, *_OTHER_WITHHELD))

_KEPT: Final = 1 << 16  # numbers read one by one that are remembered

TOLL_FREE: Final = re.compile(r"^\+1(?:800|888|877|866|855|844|833|822)\d{7}$")


def read_phones(values: pd.Series[Any], country: str) -> ReadColumn:
    """Read telephone numbers into E.164.

    Parameters
    ----------
    values : pandas.Series of str
        Numbers in any usual form; missing where there is none.
    country : str
        Two letters; a number without a country code is one of this country's.

    Returns
    -------
    ReadColumn
        E.164 texts, missing where the number is absent, withheld or unreadable.

    Examples
    --------
    >>> found = read_phones(
    ...     pd.Series(["(404) 555-1234", "+44 20 7946 0018", "Anonymous", "soon"]), "US"
    ... )
    >>> found.series.tolist()
    ['+14045551234', '+442079460018', nan, nan]
    >>> found.unreadable.tolist()
    [False, False, False, True]
    """
    codes, distinct = pd.factorize(values)
    texts = pd.Series(distinct, dtype="str")
    parsed = _read_texts(texts, country)
    unread = parsed.isna().to_numpy(dtype=bool, copy=True)
    unread[unread] = [not is_withheld(text) for text in texts[unread]]
    bad = np.append(unread, [False])
    known = pd.concat([parsed, pd.Series([None], dtype="str")], ignore_index=True)
    numbers = known.iloc[codes].set_axis(values.index)
    return ReadColumn(numbers, {"not a telephone number": bad[codes]} if bad.any() else {})


def is_withheld(text: str) -> bool:
    """Tell whether a caller number says that the caller withheld it.

    Examples
    --------
    >>> is_withheld("Restricted"), is_withheld("+266696687"), is_withheld("+14045551234")
    (True, True, False)
    """
    stripped = text.strip().lower()
    return stripped in _WITHHELD_NUMBERS or re.sub(r"[^a-z]", "", stripped) in _WITHHELD


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


def _read_texts(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    """Return distinct texts as E.164, None where they are not possible numbers."""
    fast = _international(texts)
    rest = fast.isna()
    if rest.any():
        fast = fast.mask(rest, _national(texts[rest], country).reindex(texts.index))
    rest = fast.isna()
    if rest.any():
        slow = [_parse(text, country) for text in texts[rest]]
        fast = fast.mask(rest, pd.Series(slow, index=texts.index[rest], dtype="str"))
    return fast


def _international(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Read the texts that are a plus, a country code and plain digits."""
    digits = texts.where(texts.str.match(r"\+[1-9]\d{6,14}$")).str.slice(1)
    result = pd.Series(np.nan, index=texts.index, dtype="str")
    for width in (1, 2, 3):
        code = digits.where(result.isna()).str.slice(0, width)
        for value in code.dropna().unique():
            plan = _plan(phonenumbers.region_code_for_country_code(int(value)))
            if plan is None:
                continue
            mine = digits[code == value]
            result.loc[mine.index] = _in_plan(mine.str.slice(width), plan).to_numpy()
    return result


def _national(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    """Read the texts that are a country's own number with the usual punctuation."""
    plan = _plan(country)
    plain = texts.where(texts.str.match(r"[\d\s().\-/]+$"))
    if plan is None or not plain.notna().any():
        return pd.Series(np.nan, index=texts.index, dtype="str")
    digits = plain.str.replace(r"\D", "", regex=True)
    digits = digits.where(~digits.str.match(plan.international_prefix).fillna(False))
    if plan.national_prefix:
        inside = digits.str.slice(len(plan.national_prefix))
        # A number may begin with the trunk prefix's digit without it being one.
        prefixed = digits.str.startswith(plan.national_prefix, na=False)
        digits = digits.mask(prefixed, inside)
    return _in_plan(digits, plan)


class _Plan:
    """What ``phonenumbers`` knows of one country's numbering plan."""

    __slots__ = ("code", "international_prefix", "lengths", "national_prefix", "trunk")

    def __init__(self, metadata: Any) -> None:
        self.code = str(metadata.country_code)
        self.lengths = tuple(metadata.general_desc.possible_length)
        self.national_prefix = metadata.national_prefix or ""
        self.trunk = metadata.national_prefix_for_parsing
        self.international_prefix = metadata.international_prefix or "00"


@cache
def _plan(country: str | None) -> _Plan | None:
    metadata = PhoneMetadata.metadata_for_region(country, None) if country else None
    return None if metadata is None else _Plan(metadata)


def _in_plan(digits: pd.Series[Any], plan: _Plan) -> pd.Series[Any]:
    """Keep the national digits that have a possible length and no trunk prefix left."""
    possible = digits.str.len().isin(plan.lengths)
    if plan.trunk:
        possible &= ~digits.str.match(plan.trunk).fillna(False).astype(bool)
    return ("+" + plan.code + digits.where(possible)).astype("str")


@lru_cache(maxsize=_KEPT)
def _parse(text: str, country: str) -> str | None:
    if is_withheld(text):
        return None
    try:
        number = phonenumbers.parse(text[:60], country)
    except phonenumbers.NumberParseException:
        return None
    complete = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(number) != complete:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if re.fullmatch(r"\+[1-9]\d{4,14}", written) else None
