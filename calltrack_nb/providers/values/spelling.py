"""A text in the plainest characters that mean the same."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_SPACES: Final = r"[\s\x0b\x1c-\x1f\x{a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]+"
_QUOTES: Final = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'"} | {
    "\u201c": '"',
    "\u201d": '"',
    "\u2033": '"',
}


# letters whose stroke or ligature Unicode takes for no accent
_WHOLE: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def plain(text: str) -> str:
    """Write every kind of space, dash, quote and digit in its ASCII form.

    Invisible marks, such as those of the writing direction, are left out.

    Examples
    --------
    >>> plain("\u22121\u202f234,50\u00a0€"), plain("\uff11 \u200e\u0663")
    ('-1 234,50 €', '1 3')
    """
    if not text.isascii():
        text = "".join(map(_plain_character, text))
    return " ".join(text.split())


def plain_column(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Write each text of a column as :func:`plain` does.

    Examples
    --------
    >>> plain_column(pd.Series(["1:05\u202fPM", "3\u00a0 ao\u00fbt"])).tolist()
    ['1:05 PM', '3 août']
    """
    spaced = pc.replace_substring_regex(
        pa.array(texts, pa.string(), from_pandas=True), _SPACES, " "
    )
    column: pd.Series[Any] = pd.Series(pc.utf8_trim(spaced, " ").to_pandas().array, texts.index)
    other = ~np.asarray(pc.string_is_ascii(spaced).fill_null(True), dtype=bool)
    return column.mask(other, column[other].map(plain)) if other.any() else column


def without_accents(text: str) -> str:
    """Fold case and leave out accents, to compare words by.

    Examples
    --------
    >>> without_accents("Août"), without_accents("SÍ"), without_accents("Głosowa")
    ('aout', 'si', 'glosowa')
    """
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFD", text.casefold().translate(_WHOLE))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if "\uff01" <= character <= "\uff5e":  # full-width forms of ASCII
        return chr(ord(character) - 0xFEE0)
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "\u2212":
        return "-"
    return "" if kind == "Cf" else _QUOTES.get(character, character)
