"""The names of months and weekdays in the languages that exports are written in.

They come from the Unicode CLDR through Babel. A month's name that means different months
in two of the languages, such as Polish and Croatian ``listopad``, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from babel import Locale

from calltrack_nb.providers.values.spelling import without_accents

_OTHERS: Final = (
    *("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro"),
    *("tr", "hr", "sl", "ru", "uk", "et", "lv", "lt", "id", "el", "bg"),
)
# Spreadsheets and databases write these, and CLDR does not.
_MORE: Final = {"sept": 9, "mrz": 3, "mrt": 3, "maerz": 3}


def month_number(name: str) -> int | None:
    """Return the month that a name or its abbreviation means, 1 to 12.

    Parameters
    ----------
    name : str
        In small letters, without accents and without a full stop.

    Examples
    --------
    >>> month_number("aug"), month_number("aout"), month_number("listopad")
    (8, 8, None)
    """
    english = _months(("en",)).get(name) or _MORE.get(name)
    return english or _months(_OTHERS).get(name)


def weekdays_of(name: str) -> frozenset[int]:
    """Return the weekdays that a name can mean, Monday as 0; empty where it is none.

    Examples
    --------
    >>> sorted(weekdays_of("mon")), sorted(weekdays_of("di")), sorted(weekdays_of("due"))
    ([0], [1, 6], [])
    """
    return _weekdays(("en",)).get(name) or _weekdays(_OTHERS).get(name, frozenset())


@cache
def _months(languages: Sequence[str]) -> dict[str, int]:
    meant: dict[str, set[int]] = {}
    for name, number in _names(languages, "months", ("wide", "abbreviated")):
        meant.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


@cache
def _weekdays(languages: Sequence[str]) -> dict[str, frozenset[int]]:
    meant: dict[str, frozenset[int]] = {}
    for name, number in _names(languages, "days", ("wide", "abbreviated", "short")):
        meant[name] = meant.get(name, frozenset()) | {number}
    return meant


def _names(languages: Sequence[str], kind: str, widths: Sequence[str]) -> Iterator[tuple[str, int]]:
    for language in languages:
        names = getattr(Locale(language), kind)
        for usage in ("format", "stand-alone"):
            for width in widths:
                for number, name in names[usage].get(width, {}).items():
                    plain = without_accents(name).rstrip(".")
                    if len(plain) > 1:
                        yield plain, number
