"""Whether the day or the month stands first, decided for a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from calltrack_nb import clock
from calltrack_nb.providers.values.date_forms import DateOrder, NumericDate, numeric_date
from calltrack_nb.providers.values.moments import written_days

_MONTH_FIRST: Final = frozenset({"US", "PH", "PW", "FM", "MH", "GU", "PR", "VI", "AS", "MP"})
_NUMBERS: Final = r"\d[/.\-] ?\d{1,2}[/.\-] ?\d{2}"
_YEAR_FIRST: Final = r"'?\d{4}\D"
_YEAR: Final = timedelta(days=365)


def date_order(
    values: pd.Series[Any],
    country: str,
    others: Sequence[pd.Series[Any]] = (),
    *,
    today: date | None = None,
) -> DateOrder:
    """Decide how the days of a column are written, from all its texts.

    A part above 12 settles it, and so does the weekday beside a date. Where nothing in
    the column does, such a part in another column counts, then dots between the parts,
    as nobody writes the month first with them. What is left is likelihood: under the
    wrong order dates lie in the future, or scatter over the year. The country's habit
    comes last.

    Parameters
    ----------
    values : pandas.Series of str
        The column.
    country : str
        Two letters.
    others : sequence of pandas.Series of str
        Other columns of the same file.
    today : datetime.date, optional
        The day of the import.

    Examples
    --------
    >>> order = date_order(pd.Series(["03/04/2026", "25/04/2026"]), "US")
    >>> order.day_first, order.sure, order.reason
    (True, True, 'day/month: 25/04/2026 occurs')
    >>> date_order(pd.Series(["03.04.2026"]), "US").day_first
    True
    """
    habit = country not in _MONTH_FIRST
    dates = _numeric_dates(values)
    latest = (today or clock.today()) + timedelta(days=1)
    found = _year_first(dates, latest) or _by_parts(dates, habit=habit)
    if found or all(day.first == day.second for day in dates):
        return found or DateOrder(habit)
    found = _by_weekday(dates)
    for other in others:
        beside = None if found else _by_parts(_numeric_dates(other), habit=habit)
        if beside and beside.sure:
            found = replace(beside, reason=f"{beside.reason} in another column")
    if found is None and all(day.mark == "." for day in dates):
        found = DateOrder(True, habit, "day/month: dots stand between the parts")
    reason = f"{_way(habit)}, the habit of {country}; nothing in the file settles it"
    return found or _likely(dates, latest) or DateOrder(habit, reason=reason)


def _numeric_dates(values: pd.Series[Any]) -> list[NumericDate]:
    """Return the dates whose form leaves the order open, each once."""
    texts = values.dropna()
    open_ = texts.str.contains(_NUMBERS) & ~texts.str.match(_YEAR_FIRST)
    days = sorted(written_days(texts[open_]))
    return [found for day in days if (found := numeric_date(day))]


def _by_parts(dates: Sequence[NumericDate], *, habit: bool) -> DateOrder | None:
    days = [day.text for day in dates if day.first > 12 >= day.second]
    months = [day.text for day in dates if day.second > 12 >= day.first]
    if days and months:
        more = habit if len(days) == len(months) else len(days) > len(months)
        reason = f"{_way(more)}, but both orders occur: {days[0]} and {months[0]}"
        return DateOrder(more, reason=reason, mixed=True)
    if days or months:
        reason = f"{_way(bool(days))}: {(days or months)[0]} occurs"
        return DateOrder(bool(days), sure=True, reason=reason)
    return None


def _by_weekday(dates: Sequence[NumericDate]) -> DateOrder | None:
    fits = {
        (_falls_on(day.day_first(), day.weekday), _falls_on(day.month_first(), day.weekday))
        for day in dates
        if day.weekday is not None
    } - {(True, True), (False, False)}
    if len(fits) != 1:
        return None
    day_first = fits.pop()[0]
    return DateOrder(day_first, sure=True, reason=f"{_way(day_first)}: the weekdays fit")


def _falls_on(day: date | None, weekday: int | None) -> bool:
    return day is not None and day.weekday() == weekday


def _year_first(dates: Sequence[NumericDate], latest: date) -> DateOrder | None:
    """Tell whether dates such as 26-08-03 have their years first."""
    read = [day.year_first() for day in dates]
    years_first = [day for day in read if day is not None and day <= latest]
    if not dates or len(years_first) < len(dates):
        return None
    ways = [ways for ways in (_under(dates, True), _under(dates, False)) if len(ways) == len(dates)]
    last = [way for way in ways if max(way) <= latest]
    if not last:
        late = max(dates, key=lambda day: day.third).text
        reason = f"year/month/day: {late} would lie in the future with the year last"
        return DateOrder(sure=True, reason=reason, year_first=True)
    newer = all(max(years_first) - max(way) > _YEAR for way in last)
    old = all(max(way) < latest - 15 * _YEAR for way in last)
    wide = all(_span(way) > max(3 * _span(years_first), 3 * _YEAR) for way in last)
    if newer and (old or wide):
        reason = "year/month/day: with the year last the dates are old or scatter over years"
        return DateOrder(reason=reason, year_first=True)
    return None


def _likely(dates: Sequence[NumericDate], latest: date) -> DateOrder | None:
    """Prefer the order that puts no date in the future, or all dates close together."""
    days, months = _under(dates, True), _under(dates, False)
    ahead = [bool(way) and max(way) > latest for way in (days, months)]
    if ahead[0] != ahead[1]:
        reason = f"{_way(ahead[1])}: read the other way, dates would lie in the future"
        return DateOrder(ahead[1], reason=reason)
    day_first = _span(days) <= _span(months)
    near, far = (days, months) if day_first else (months, days)
    # The first days of months look like the first days of one month.
    monthly = all(day.day == 1 for day in far)
    if len(dates) < 3 or _span(far) < 3 * _span(near) or monthly:
        return None
    reason = f"{_way(day_first)}: read the other way, the dates would scatter over the year"
    return DateOrder(day_first, reason=reason)


def _under(dates: Sequence[NumericDate], day_first: bool) -> list[date]:  # noqa: FBT001
    """Return the dates that exist under an order with the year last."""
    read = (day.day_first() if day_first else day.month_first() for day in dates)
    return [day for day in read if day is not None]


def _span(days: Sequence[date]) -> timedelta:
    return max(days) - min(days) if days else timedelta()


def _way(day_first: bool) -> str:  # noqa: FBT001
    return "day/month" if day_first else "month/day"
