"""Figures, days and names as a reader sees them: one way of writing each, in every room.

>>> plural(1513, "call"), percent(0.52), money(9.111, "USD"), day(dt.date(2026, 7, 4))
('1,513 calls', '52 %', 'USD 9.11', '4 Jul 2026')
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

Writer = Callable[[float], str]

NONE: Final = "-"
"""What stands where there is no figure."""

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_CURRENCY: Final = re.compile(r"[A-Z]{3}\s")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MANY: Final = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go"}


def _known(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except TypeError:  # None, or what pandas has for it
        return False


def number(value: float, digits: int = 0) -> str:
    """Write a number with thousands' commas; a dash where there is none.

    Examples
    --------
    >>> number(1513), number(2.449, 1), number(float("nan"))
    ('1,513', '2.4', '-')
    """
    return f"{value:,.{digits}f}" if _known(value) else NONE


def surplus(count: float) -> str:
    """Write a count as more or fewer than another.

    Examples
    --------
    >>> surplus(1234), surplus(-3), surplus(0)
    ('+1,234', '-3', '0')
    """
    return f"{'+' if count > 0 else ''}{number(count)}" if _known(count) else NONE


def money(value: float, currency: str) -> str:
    """Write an amount, with cents below 100.

    Examples
    --------
    >>> money(1234.5, "USD")
    'USD 1,234'
    """
    return f"{currency} {number(value, 2 if abs(value) < 100 else 0)}" if _known(value) else NONE


def percent(value: float, *, beside: float | None = None) -> str:
    """Write a share as whole per cent, finer where whole ones would say all or none.

    Parameters
    ----------
    value : float
        The share; a dash where there is none.
    beside : float, optional
        Another share that the sentence compares it with: where the two differ, so does
        what is written.

    Examples
    --------
    >>> percent(0.52), percent(0.996), percent(0.9999), percent(0.0002), percent(1.0)
    ('52 %', '99.6 %', 'over 99.9 %', 'under 0.1 %', '100 %')
    >>> percent(0.7461, beside=0.75)
    '74.6 %'
    """
    if not _known(value):
        return NONE
    if 0.9995 <= value < 1:
        return "over 99.9 %"
    if 0 < value < 0.0005:
        return "under 0.1 %"
    digits = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0
    if beside is not None and _known(beside):
        while digits < 3 and _apart_unseen(value, beside, digits):
            digits += 1
    return f"{100 * value:.{digits}f} %"


def _apart_unseen(value: float, beside: float, digits: int) -> bool:
    whole = round(100 * beside)
    told = beside if abs(100 * beside - whole) > 1e-9 else whole / 100
    same = f"{100 * value:.{digits}f}" == f"{100 * told:.{digits}f}"
    return same and not math.isclose(value, beside, rel_tol=0, abs_tol=1e-9)


def signed(share: float) -> str:
    """Write a change, given as a share of what was before.

    Examples
    --------
    >>> signed(0.3), signed(-0.5), signed(0.0)
    ('+30 %', '-50 %', '0 %')
    """
    if not _known(share):
        return NONE
    whole = f"{100 * share:+,.0f}"
    return f"{'0' if whole in ('+0', '-0') else whole} %"


def changed(ratio: float) -> str:
    """Write a ratio as the change that it is.

    Examples
    --------
    >>> changed(1.3), changed(0.5)
    ('+30 %', '-50 %')
    """
    return signed(ratio - 1)


def span(low: str, high: str) -> str:
    """Write an interval whose high end may be missing; a currency is said once.

    Examples
    --------
    >>> span("USD 114", "-"), span("USD 114", "USD 120")
    ('USD 114 or more', 'USD 114 to 120')
    """
    if low == high == NONE:
        return NONE
    return f"{low} or more" if high == NONE else f"{low} to {_without_currency(high, low)}"


def _without_currency(amount: str, beside: str) -> str:
    """Return an amount without its currency, where it is that of another amount."""
    currency = _CURRENCY.match(beside)
    return amount.removeprefix(currency[0]) if currency else amount


def cannot_tell(figure: str, low: str, high: str) -> str:
    """Write a figure whose interval holds both: more and less, or gain and loss.

    Examples
    --------
    >>> cannot_tell("-40 %", "-65 %", "+8 %")
    "can't tell: -40 %, could be -65 % to +8 %"
    """
    return f"can't tell: {figure}, could be {span(low, high)}"


def between(value: float, low: float, high: float, write: Writer) -> str:
    """Write a figure with both ends behind it; a dash where an end is not known."""
    if math.isnan(low) or math.isnan(high):
        return NONE
    return f"{write(value)} ({write(low)} to {write(high)})"


def ranged(rows: pd.DataFrame, name: str, write: Writer) -> pd.Series:
    """Write a column with its interval behind it, from ``name``, ``name_low``, ``name_high``.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"cost": [9.112], "cost_low": [8.48], "cost_high": [9.81]})
    >>> ranged(rows, "cost", lambda value: money(value, "USD")).iloc[0]
    'USD 9.11 (8.48 to 9.81)'
    """
    import pandas as pd  # noqa: PLC0415 - heavy, and the command line writes numbers too

    def told(value: float, low: float, high: float) -> str:
        figure = write(value)
        if not math.isfinite(low):
            return figure
        return f"{figure} ({_without_currency(span(write(low), write(high)), figure)})"

    figures = [rows[column].astype(float) for column in (name, f"{name}_low", f"{name}_high")]
    return pd.Series([told(*row) for row in zip(*figures, strict=True)], index=rows.index)


def several(noun: str) -> str:
    """Return the plural of a regular noun.

    Examples
    --------
    >>> several("call"), several("inquiry"), several("business"), several("day")
    ('calls', 'inquiries', 'businesses', 'days')
    """
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def plural(count: float, noun: str, nouns: str | None = None) -> str:
    """Write how many there are of what.

    Parameters
    ----------
    count : float
        How many.
    noun, nouns : str
        What, when it is one and when it is not; the second only where it is irregular.

    Examples
    --------
    >>> plural(1, "call"), plural(1513, "call"), plural(2, "person", "people"), plural(0, "day")
    ('1 call', '1,513 calls', '2 people', '0 days')
    """
    return f"{number(count)} {noun if count == 1 else nouns or several(noun)}"


def out_of(count: float, total: float, noun: str, nouns: str | None = None) -> str:
    """Write how many of how many.

    Examples
    --------
    >>> out_of(1, 58, "recording"), out_of(1040, 1513, "call")
    ('1 of 58 recordings', '1,040 of 1,513 calls')
    """
    return f"{number(count)} of {plural(total, noun, nouns)}"


def agree(count: float, one: str, many: str | None = None) -> str:
    """Return the verb, or any other word, that goes with so many.

    Parameters
    ----------
    count : float
        How many.
    one : str
        The word for one: a verb in its third person.
    many : str, optional
        The word for several, where it is not the verb without its ending.

    Examples
    --------
    >>> f"{plural(1, 'recording')} {agree(1, 'is')}", f"{plural(3, 'call')} {agree(3, 'carries')}"
    ('1 recording is', '3 calls carry')
    >>> agree(2, "has"), agree(2, "lacks"), agree(2, "its", "their")
    ('have', 'lack', 'their')
    """
    if count == 1:
        return one
    if many is not None:
        return many
    return _MANY.get(one, f"{one[:-3]}y" if one.endswith("ies") else one.removesuffix("s"))


def listed(names: Iterable[str], most: int = 5) -> str:
    """Join names into a phrase, cut short where there are many.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed("abcdefgh", 3)
    ('a', 'a and b', 'a, b and c', 'a, b, c and 5 more')
    """
    every = list(names)
    shown = every[:most]
    more = len(every) - len(shown)
    if more:
        return f"{', '.join(shown)} and {number(more)} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def day(date: dt.date) -> str:
    """Write a day, without a zero in front.

    Examples
    --------
    >>> day(dt.date(2026, 7, 4))
    '4 Jul 2026'
    """
    return f"{_short(date)} {date.year}"


def _short(date: dt.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]}"


def days(first: dt.date, last: dt.date) -> str:
    """Write the days from one to another, with what they share said once.

    Examples
    --------
    >>> fourth = dt.date(2026, 7, 4)
    >>> days(fourth, fourth), days(fourth, dt.date(2026, 7, 9)), days(fourth, dt.date(2026, 8, 2))
    ('4 Jul 2026', '4 to 9 Jul 2026', '4 Jul to 2 Aug 2026')
    >>> days(dt.date(2025, 12, 30), dt.date(2026, 1, 2))
    '30 Dec 2025 to 2 Jan 2026'
    """
    if day(first) == day(last):
        return day(last)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    start = str(first.day) if first.month == last.month else _short(first)
    return f"{start} to {day(last)}"


def moment(at: dt.datetime) -> str:
    """Write a day and the time on it, on the clock that the moment is in.

    Examples
    --------
    >>> moment(dt.datetime(2026, 7, 4, 9, 5))
    '4 Jul 2026, 09:05'
    """
    return f"{day(at)}, {at:%H:%M}"


def month(of: dt.date | str) -> str:
    """Write a month, given by any of its days or as "2026-08".

    Examples
    --------
    >>> month("2026-08"), month(dt.date(2026, 7, 4))
    ('Aug 2026', 'Jul 2026')
    """
    if isinstance(of, str):
        return re.sub(
            r"^(\d{4})-(\d{2})$", lambda found: f"{_MONTHS[int(found[2]) - 1]} {found[1]}", of
        )
    return f"{_MONTHS[of.month - 1]} {of.year}"


def sentence(text: str) -> str:
    """Begin with a capital, and leave the rest as it is written.

    Examples
    --------
    >>> sentence("callers for the next USD 100")
    'Callers for the next USD 100'
    """
    return text[:1].upper() + text[1:]


def first_sentence(text: str) -> tuple[str, str]:
    """Part a text after its first sentence.

    Returns
    -------
    tuple of str
        The sentence, and the rest.

    Examples
    --------
    >>> first_sentence("Calls cost USD 9.10 each. That is little.")
    ('Calls cost USD 9.10 each.', 'That is little.')
    >>> first_sentence("One only.")
    ('One only.', '')
    """
    head, *rest = re.split(r"(?<=[a-z)%\d]\.)\s+(?=[A-Z…“\d])", text.strip(), maxsplit=1)
    return head, rest[0] if rest else ""


def harmless(text: str) -> str:
    """Keep a spreadsheet from reading text as a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Flyer")
    ("'=1+1", 'Flyer')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def harmless_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of whose text a spreadsheet reads nothing as a formula.

    Examples
    --------
    >>> import pandas as pd
    >>> harmless_cells(pd.DataFrame({"name": ["=1+1"], "calls": [-3]})).to_numpy().tolist()
    [["'=1+1", -3]]
    """
    return table.map(lambda value: harmless(value) if isinstance(value, str) else value)


def without_surrogates(text: str) -> str:
    r"""Replace halves of letters that stand alone, such as a cut emoji's: no file can hold them.

    Examples
    --------
    >>> without_surrogates("cake \ud83d")
    'cake \ufffd'
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
