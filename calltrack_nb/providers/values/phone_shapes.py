"""What the shape of a text tells before its digits are read as a telephone number."""

from __future__ import annotations

import re
from typing import Final

from calltrack_nb.providers.values.phone_digits import NOT_A_NUMBER, Reading
from calltrack_nb.providers.values.spelling import plain

ROUNDED: Final = "a spreadsheet rounded this number; export the column as text"
DECIMALS: Final = "a number with decimals, not a telephone number"
DATE: Final = "a date, not a telephone number"
IP: Final = "an IP address, not a telephone number"
MASKED: Final = "masked: some of its digits are hidden"
SERVICE: Final = "a dialled service code, not a telephone number"

_SPREADSHEET: Final = re.compile(r"""^[='"`\s]+(?=[+(\d])|(?<=[\d)])['"\s]+$""")
_DATE_SHAPE: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
# Four groups of two digits are how Danes and others write a telephone number.
_IP_SHAPE: Final = re.compile(r"(?!\d\d(?:\.\d\d){3}$)(?:(?:[1-9]\d{0,2}|0)(?:\.|$)){4}")
_HIDING: Final = "*\u2022\u25cf\u2217\u00d7\u2588"  # signs that stand for one digit
_MASK: Final = re.compile(
    rf"(?i)[x#?_{_HIDING}]{{2,}}|[{_HIDING}](?=\d)|(?<=\d)[{_HIDING}]|(?<=\d)x(?![\s.:]*\d)"
    r"|\.\.|\u2026"
)
_SCIENTIFIC: Final = re.compile(r"[+-]?(\d)[.,]?(\d*)[eE][+-]?(\d{1,2})")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3}){3,}(?:\.0+)?")
_DECIMAL: Final = re.compile(r"(\+?\d{7,})[.,](\d*)")


def plain_text(text: str) -> str:
    """Write a text in ASCII digits and marks, without what spreadsheets put around it.

    Spreadsheets keep a number as a text by ``'404…`` or ``="404…"``.

    Examples
    --------
    >>> plain_text("+1 404·555·٠١٢٣"), plain_text('="4045550123"')
    ('+1 404.555.0123', '4045550123')
    """
    lines = filter(None, map(plain, text.splitlines()))
    return _SPREADSHEET.sub("", "\n".join(lines).replace("·", "."))


def other_than_a_number(text: str) -> str:
    """Say what else a text with digits is; empty where it may be a telephone number.

    Examples
    --------
    >>> other_than_a_number("03/08/2026"), other_than_a_number("020/794/60018")
    ('a date, not a telephone number', '')
    """
    if (found := _DATE_SHAPE.fullmatch(text)) and _is_date(found[1], found[3], found[4]):
        return DATE
    if _IP_SHAPE.fullmatch(text) and max(map(int, text.split("."))) < 256:
        return IP
    if re.match(r"[*#]\d", text):
        return SERVICE
    return MASKED if _MASK.search(text) else ""


def _is_date(*parts: str) -> bool:
    year, *days = sorted(map(int, parts), reverse=True)
    return (year < 100 or 1900 <= year < 2100) and 0 < min(days) < 13 and max(days) < 32


def from_quantity(text: str) -> Reading | None:
    """Read the digits of a number that a spreadsheet keeps as a quantity.

    None where the text is no quantity. A mantissa with fewer decimals than its exponent
    is refused: whether the missing digits are zeros or were rounded away is not known.

    Examples
    --------
    >>> from_quantity("14045550123.0").number, from_quantity("1.4045550123E+10").number
    ('14045550123', '14045550123')
    >>> from_quantity("4.479E+11").reason
    'a spreadsheet rounded this number; export the column as text'
    """
    if found := _SCIENTIFIC.fullmatch(text):
        whole, decimals, exponent = found[1], found[2], int(found[3])
        if len(decimals) < exponent:
            return Reading(reason=ROUNDED)
        fraction = decimals[exponent:].strip("0")
        return Reading(reason=NOT_A_NUMBER) if fraction else Reading(whole + decimals[:exponent])
    if _GROUPED.fullmatch(text):
        return Reading(text.partition(".")[0].replace(",", ""))
    if found := _DECIMAL.fullmatch(text):
        return Reading(reason=DECIMALS) if found[2].strip("0") else Reading(found[1])
    return None
