"""A text in the plainest characters that mean the same."""

from __future__ import annotations

import unicodedata

_QUOTES = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'"} | {
    "\u201c": '"',
    "\u201d": '"',
    "\u2033": '"',
}


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


def without_accents(text: str) -> str:
    """Fold case and leave out accents, to compare words by.

    Examples
    --------
    >>> without_accents("Août"), without_accents("SÍ")
    ('aout', 'si')
    """
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
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
