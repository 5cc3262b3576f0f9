"""The owner's page: this period against the last and the same a year ago."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calltrack_nb import stats
from calltrack_nb.briefing.advice import Advice
from calltrack_nb.briefing.campaigns import broken_sentence
from calltrack_nb.effectiveness import Scorecard
from calltrack_nb.phrasing import (
    Writer,
    cannot_tell,
    changed,
    days,
    money,
    number,
    percent,
    plural,
    span,
)
from calltrack_nb.results import Answer, KeyFigure


def owner_answer(
    now: Scorecard,
    before: Scorecard | None,
    year_ago: Scorecard | None,
    advice: Advice,
    broken: pd.DataFrame,
) -> Answer:
    """Answer in three sentences how the period went, which campaigns earn, what is broken.

    Parameters
    ----------
    now : Scorecard
        Of the period, by campaign, with the broken days.
    before, year_ago : Scorecard or None
        Of the period before and of the same a year ago; None where the log does not cover it.
    advice : Advice
        Of `now`.
    broken : pandas.DataFrame
        ``campaign``, ``first``, ``last``.

    Returns
    -------
    Answer
        With four figures, each beside those of the other periods.
    """
    qualified = float(now.total["qualified"])
    first = (
        f"{plural(qualified, 'qualified call')} of {plural(now.total['calls'], 'call')} from "
        f"{days(now.period.first, now.period.last)}{_against(now, before, year_ago)}."
    )
    others = [("before", before), ("a year ago", year_ago)]
    cash = now.currency
    figures = [
        _figure(now, others, "Qualified calls", "qualified", number),
        _figure(now, others, "Paid per qualified call", "cost_per_qualified", _money(cash)),
        _figure(now, others, f"Revenue per {cash} spent", "return", _one_digit),
        _figure(now, others, "Calls answered", "answer_rate", percent),
    ]
    return Answer(
        (first, advice.text, *broken_sentence(now, broken)),
        tuple(each for each in figures if each is not None),
    )


def _against(now: Scorecard, before: Scorecard | None, year_ago: Scorecard | None) -> str:
    told = [
        f"compared with {name}, {_change(now, other)}"
        for name, other in (("the period before", before), ("the same days a year ago", year_ago))
        if other is not None and other.total["qualified"] > 0
    ]
    if not told:
        return "; there is no earlier period with qualified calls to compare with"
    return "; " + "; ".join(told)


def _change(now: Scorecard, other: Scorecard) -> str:
    """Say how the qualified calls a day compare, and whether chance explains it."""
    ends = [
        stats.Bounds(card.total["qualified_low"], card.total["qualified_high"])
        for card in (now, other)
    ]
    counts = [float(card.total["qualified"]) for card in (now, other)]
    length = now.period.days / other.period.days
    bounds = stats.ratio(counts[0], ends[0], counts[1], ends[1])
    low, high = (float(end) / length for end in bounds)
    ratio = counts[0] / counts[1] / length
    if low <= 1 <= high:
        return cannot_tell(f"{changed(ratio)} a day", changed(low), changed(high))
    return f"{changed(ratio)} a day ({span(changed(low), changed(high))})"


def _figure(
    now: Scorecard,
    others: list[tuple[str, Scorecard | None]],
    label: str,
    name: str,
    writer: Writer,
) -> KeyFigure | None:
    if not np.isfinite(now.total[name]):
        return None
    ends = [float(now.total.get(f"{name}_{end}", np.nan)) for end in ("low", "high")]
    # the currency stands in the figure itself
    low, high = (writer(end).removeprefix(f"{now.currency} ") for end in ends)
    parts = [span(low, high)] if np.isfinite(ends[0]) else []
    parts += [
        f"{words}: {writer(card.total[name])}"
        for words, card in others
        if card is not None and np.isfinite(card.total[name])
    ]
    return KeyFigure(label, writer(now.total[name]), "; ".join(parts))


def _money(currency: str) -> Writer:
    return lambda value: money(value, currency)


def _one_digit(value: float) -> str:
    return number(value, 1)
