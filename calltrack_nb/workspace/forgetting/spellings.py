"""One telephone number, in whatever way a text writes it.

Exports write a number with other scripts' figures, with dashes and spaces that only look
like the usual ones, or with signs of no width between; an import reads them all. So a text
is compared with its figures, dashes and spaces made plain, character for character.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import pandas as pd
import phonenumbers

from calltrack_nb import providers
from calltrack_nb.redaction.numerals import SPOKEN, digit_runs, may_be_spoken, tokenize

MASK: Final = "[PHONE]"
_COUNTRY_DIGITS: Final = 4
_BETWEEN: Final = r"[\s().\-/·•_~]*"
#: How a number of another country begins, of which ours may be the end.
_ABROAD: Final = re.compile(rf"(?:\+|(?<![0-9])00)[0-9]{{1,3}}{_BETWEEN}$")
_LONGEST_START: Final = 12
_NO_FIGURE: Final = re.compile(r"[^0-9]+")
_DECIMALS: Final = re.compile(r"[0-9]{7,}\.[0-9]+")


class _Plain(dict[int, int]):
    """Characters to their plain likeness, each worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        sign = chr(code)
        figure = unicodedata.decimal(sign, None)
        kind = unicodedata.category(sign)
        if figure is not None:
            plain = ord(str(figure))
        elif kind == "Pd" or sign == "\N{MINUS SIGN}":
            plain = ord("-")
        else:
            plain = ord(" ") if kind in ("Zs", "Cf") else code
        self[code] = plain
        return plain


_PLAIN: Final = _Plain()


@lru_cache(maxsize=4096)  # a log writes one number in one way
def _read(text: str, country: str) -> tuple[str, bool]:
    """Return the number that an import reads in a cell, and whether no more stands there."""
    read = providers.read_phones(pd.Series([text], dtype="str"), country)
    return str(read.series.iloc[0]), not read.remarks


@dataclass(frozen=True)
class Spellings:
    """A number and the texts that spell it.

    Parameters
    ----------
    e164 : str
        The number, such as ``+14045550199``.
    country : str
        Whose numbers are written without a country code, two letters.

    Examples
    --------
    >>> number = Spellings("+14045550199", "US")
    >>> number.stands_in("ring (404) 555\N{NON-BREAKING HYPHEN}0199")
    True
    >>> number.is_cell("4045550199.0")
    True
    >>> number.masked("ring oh four oh four, 555, oh one double nine today")
    'ring [PHONE] today'
    """

    e164: str
    country: str

    @cached_property
    def national(self) -> str:
        """The digits that stand in every way of writing it, area code and all."""
        return phonenumbers.national_significant_number(self._parsed)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its digits in a plain text, however they are punctuated.

        Without its country code it is only this number at home: abroad the same digits are
        somebody else's.
        """
        code = self._parsed.country_code or 0
        region = phonenumbers.region_code_for_country_code(code)
        trunk = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""
        lead = rf"(?:(?:\+|0[0-9]{{1,3}}){_BETWEEN})?{code}{_BETWEEN}(?:\(?0\)?{_BETWEEN})?"
        at_home = phonenumbers.country_code_for_region(self.country) == code
        if at_home:
            lead = rf"(?:{lead}|{trunk}{_BETWEEN})?"
        return re.compile(
            rf"(?<![0-9])(?<![0-9]\.){lead}\(?{_BETWEEN.join(self.national)}(?![0-9])"
        )

    @cached_property
    def _parsed(self) -> phonenumbers.PhoneNumber:
        return phonenumbers.parse(self.e164)

    def may_stand_in(self, text: str) -> bool:
        """Tell whether a text has the number's last figures, or figures that are spoken."""
        return self._may_be_written(text) or may_be_spoken(text)

    def may_stand_in_each(self, texts: pd.Series[str]) -> pd.Series[bool]:
        """Tell of a column's texts, none missing, what :meth:`may_stand_in` tells of one.

        Other scripts' figures are not made plain here: a text with any of their signs may.
        """
        last = "[^0-9]*".join(self.national[-4:])
        return texts.str.contains(rf"{last}|[^\x00-\x7F]|{SPOKEN}", regex=True)

    def stands_in(self, text: str) -> bool:
        """Tell whether a text holds the number in figures."""
        return self._may_be_written(text) and bool(self._places(text))

    def _may_be_written(self, text: str) -> bool:
        plain = text if text.isascii() else text.translate(_PLAIN)
        return self.national[-4:] in _NO_FIGURE.sub("", plain)

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return where the number stands in figures; decimals are none."""
        plain = text.translate(_PLAIN)
        return [
            found.span()
            for found in self.pattern.finditer(plain)
            if not _DECIMALS.fullmatch(found[0])
            and not _ABROAD.search(plain, max(0, found.start() - _LONGEST_START), found.start())
        ]

    def is_cell(self, text: str, *, alone: bool = False) -> bool:
        """Tell whether an import would read a cell as this number; `alone`, without more in it."""
        if not self._may_be_written(text):
            return False
        read, is_alone = _read(text, self.country)
        return read == self.e164 and (is_alone or not alone)

    def masked(self, text: str) -> str:
        """Return a text with ``[PHONE]`` for the number, in figures and in words."""
        if self._may_be_written(text):
            for first, last in reversed(self._places(text)):
                text = text[:first] + MASK + text[last:]
        if not may_be_spoken(text):
            return text
        tokens = tokenize(text)
        for run in reversed(digit_runs(tokens)):
            fits = len(run.digits) <= len(self.national) + _COUNTRY_DIGITS
            if fits and run.digits.endswith(self.national):
                text = text[: tokens[run.first].start] + MASK + text[tokens[run.last].end :]
        return text
