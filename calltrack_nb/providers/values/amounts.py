"""An amount of money taken apart: what is below zero, its digits and its currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel.numbers import get_currency_name, list_currencies

from calltrack_nb.providers.values.spelling import without_accents

# Signs and words without accents, and every currency that uses them.
_SIGNS: Final = {
    "$": "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP JMD TTD BBD BSD BZD FJD NAD XCD",
    "us$ usd$ $us dollar dollars": "USD",
    "c$ ca$ can$ cad$ $ca": "CAD",
    "a$ au$ aud$ $au": "AUD",
    "nz$ nzd$ $nz": "NZD",
    "hk$ hkd$ $hk": "HKD",
    "s$ sg$ sgd$": "SGD",
    "nt$": "TWD",
    "mx$ mxn$ $mx": "MXN",
    "r$": "BRL",
    "€ euro euros": "EUR",
    "£ gb£": "GBP",
    "¥": "JPY CNY",
    "jp¥": "JPY",
    "cn¥": "CNY",
    "₹": "INR",
    "rs rs.": "INR PKR LKR NPR MUR",
    "kr kr.": "SEK NOK DKK ISK",
    "zl": "PLN",  # as zł without its accents
    "kc": "CZK",
    "ft": "HUF",
    "fr fr. sfr sfr.": "CHF",
    "lei leu": "RON MDL",
    "лв лв.": "BGN",
    "₽": "RUB",
    "₴": "UAH",
    "₺ tl": "TRY",
    "₪": "ILS",
    "₩": "KRW",
    "₫": "VND",
    "₱": "PHP",
    "฿": "THB",
    "₦": "NGN",
    "r": "ZAR",
}
_NAMED: Final = {
    sign: tuple(codes.split()) for signs, codes in _SIGNS.items() for sign in signs.split()
}


DIGITS: Final = re.compile(r"[.,]?\d(?:[\d.,' ]*\d)?[.,]?")
"""Digits with the marks before, between and behind them."""

# Before the digits a full stop stands only behind a letter, as in "Rs.".
_AMOUNT: Final = re.compile(rf"((?:[^\d.,]|(?<=[^\W\d_])\.)*)({DIGITS.pattern})([^\d]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount taken apart.

    Parameters
    ----------
    negative : bool
    digits : str
        With its marks, as written.
    no_cents : bool
        Whether a dash stands in place of the cents, as in ``45.-``.
    signs : tuple of str
        The signs, codes and words of its currency.
    """

    negative: bool
    digits: str
    no_cents: bool
    signs: tuple[str, ...]


def take_apart(text: str) -> Amount | None:
    """Take an amount apart; None where any part of the text is not understood.

    Parameters
    ----------
    text : str
        In plain characters; see :func:`~calltrack_nb.providers.values.spelling.plain`.

    Examples
    --------
    >>> take_apart("CA$ (12.50)")
    Amount(negative=True, digits='12.50', no_cents=False, signs=('CA$',))
    >>> take_apart("about 12"), take_apart("12 USD 13"), take_apart("$5 EUR")
    (None, None, None)
    """
    inner = re.fullmatch(r"([^\d()]*)\(([^()]+)\)([^\d()]*)", text)
    parts = _AMOUNT.fullmatch(" ".join(inner.groups()) if inner else text)
    if parts is None:
        return None
    before, digits, after = parts.groups()
    no_cents = digits[-1] in ".," and after.startswith("-")
    if no_cents:
        digits, after = digits[:-1], after.lstrip("-")
    minus = (inner is not None) + before.count("-") + after.count("-")
    if minus + before.count("+") > 1 or "+" in after:
        return None
    signs = tuple(re.findall(r"[^\s+-]+", f"{before} {after}"))
    meant = [set(currencies_of(sign)) for sign in signs]
    if meant and not set.intersection(*meant):
        return None
    return Amount(minus == 1, digits, no_cents, signs)


def currencies_of(text: str) -> tuple[str, ...]:
    """Return the currencies that a sign, a code or a word can mean; empty where none.

    Examples
    --------
    >>> currencies_of("CA$"), currencies_of("kr"), currencies_of("PLN"), currencies_of("about")
    (('CAD',), ('SEK', 'NOK', 'DKK', 'ISK'), ('PLN',), ())
    >>> currencies_of("Canadian Dollar")
    ('CAD',)
    """
    if text in _codes():
        return (text,)
    word = without_accents(text).replace("ł", "l")
    if code := _english_names().get(word.casefold()):
        return (code,)
    # Small letters count for the codes that are no words of a language themselves.
    return _NAMED.get(word, (text.upper(),) if word in ("eur", "usd", "gbp", "chf") else ())


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies("en"))


@cache
def _english_names() -> dict[str, str]:
    return {get_currency_name(code, locale="en").casefold(): code for code in sorted(_codes())}
