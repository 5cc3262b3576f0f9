"""One telephone number, in whatever way a text writes it.

Exports write a number with other scripts' figures, with dashes and spaces that only look
like the usual ones, or with signs of no width between; an import reads them all. So a text
is compared with its figures, dashes and spaces made plain, character for character.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from calltrack_nb import providers
from calltrack_nb.redaction.numerals import digit_runs, tokenize

MASK: Final = "[PHONE]"
_COUNTRY_DIGITS: Final = 4
_BETWEEN: Final = r"[\s().\-/·•_~]*"


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
        """The digits that stand in every way of writing it."""
        digits = re.sub(r"\D", "", self.e164)
        return digits[-10:] if self.e164.startswith("+1") else digits[-9:]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its national digits in a plain text, however they are punctuated."""
        return re.compile(
            rf"(?<![0-9])(?:\+?[0-9]{{1,3}}{_BETWEEN})?\(?{_BETWEEN.join(self.national)}(?![0-9])"
        )

    def may_stand_in(self, text: str) -> bool:
        """Tell whether a text has the number's last figures, which every spelling of it has."""
        plain = text if text.isascii() else text.translate(_PLAIN)
        return self.national[-4:] in re.sub(r"[^0-9]+", "", plain)

    def stands_in(self, text: str) -> bool:
        """Tell whether a text holds the number in figures."""
        return self.pattern.search(text.translate(_PLAIN)) is not None

    def is_cell(self, text: str) -> bool:
        """Tell whether an import would read a cell as this number."""
        if not self.may_stand_in(text):
            return False
        read = providers.read_phones(pd.Series([text], dtype="str"), self.country).series.iloc[0]
        return bool(read == self.e164)

    def masked(self, text: str) -> str:
        """Return a text with ``[PHONE]`` for the number, in figures and in words."""
        found = [match.span() for match in self.pattern.finditer(text.translate(_PLAIN))]
        for first, last in reversed(found):
            text = text[:first] + MASK + text[last:]
        tokens = tokenize(text)
        for run in reversed(digit_runs(tokens)):
            fits = len(run.digits) <= len(self.national) + _COUNTRY_DIGITS
            if fits and run.digits.endswith(self.national):
                text = text[: tokens[run.first].start] + MASK + text[tokens[run.last].end :]
        return text
