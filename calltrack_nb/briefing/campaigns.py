"""The campaign report's answer: how many good calls, which campaigns earn, what is broken."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calltrack_nb.briefing.advice import Advice
from calltrack_nb.briefing.marks import broken_among
from calltrack_nb.effectiveness import Scorecard
from calltrack_nb.effectiveness.score_words import BEFORE
from calltrack_nb.phrasing import agree, listed, money, number, percent, plural, span
from calltrack_nb.results import Answer, KeyFigure


def campaign_answer(card: Scorecard, advice: Advice, broken: pd.DataFrame) -> Answer:
    """Answer in three sentences which campaigns earn, and how far that can be believed.

    Parameters
    ----------
    card : Scorecard
        By campaign, with the broken days.
    advice : Advice
        Of the same card.
    broken : pandas.DataFrame
        ``campaign``, ``first``, ``last``, ``finding``.

    Returns
    -------
    Answer
        With four figures: qualified calls, their paid cost, what a unit spent brings back,
        calls missed.
    """
    total = card.total
    if not total["calls"]:
        return Answer((card.text,))
    share = percent(total["qualified_rate"])
    ends = span(percent(total["qualified_rate_low"]), percent(total["qualified_rate_high"]))
    counts = (
        f"{plural(total['calls'], 'call')} came in from "
        f"{plural(total['people'], 'person', 'people')}; {number(total['qualified'])} of them "
        f"qualified ({share}, range {ends})."
    )
    earning = advice.text if np.isfinite(card.total["revenue"]) else card.cost_text
    return Answer((counts, earning, *broken_sentence(card, broken)), _figures(card))


def broken_sentence(card: Scorecard, broken: pd.DataFrame) -> tuple[str, ...]:
    """Name the campaigns whose numbers were broken in the period, if any.

    Returns
    -------
    tuple of str
        One sentence, or none.
    """
    first, last = pd.Timestamp(card.period.first), pd.Timestamp(card.period.last)
    names = broken_among(card.table[card.by], broken, first, last)
    sound = set(card.judged()[card.by])
    partly = [name for name in names if name in sound]
    wholly = [name for name in names if name not in sound]
    return (
        *_broken(partly, "on some days: compare the figures without these days"),
        *_broken(
            wholly,
            f"for most of the period: leave {agree(len(wholly), 'it', 'them')} out of comparisons",
        ),
    )


def _broken(names: list[str], told: str) -> tuple[str, ...]:
    if not names:
        return ()
    numbers, verb = agree(len(names), "The number", "The numbers"), agree(len(names), "was", "were")
    return (f"{numbers} of {listed(names, 3)} {verb} broken {told}.",)


def _figures(card: Scorecard) -> tuple[KeyFigure, ...]:
    total = card.total.to_frame().T
    compared = not any(check.name == BEFORE for check in card.checks)
    was = f"; before: {number(card.total['qualified_before'])}" if compared else ""
    figures = [
        KeyFigure(
            "Qualified calls", number(card.total["qualified"]), _span(total, "qualified") + was
        )
    ]
    if np.isfinite(card.total["cost_per_qualified"]):
        cost = money(card.total["cost_per_qualified"], card.currency)
        figures.append(
            KeyFigure("Paid per qualified call", cost, _span(total, "cost_per_qualified", 2))
        )
    if np.isfinite(card.total["return"]):
        figures.append(
            KeyFigure(
                f"Revenue per {card.currency} spent",
                number(card.total["return"], 1),
                _span(total, "return", 1),
            )
        )
    missed = card.total["missed"] / card.total["calls"]
    figures.append(
        KeyFigure("Calls missed", percent(missed), f"{number(card.total['missed'])} calls")
    )
    return tuple(figures)


def _span(row: pd.DataFrame, name: str, digits: int = 0) -> str:
    low, high = (float(row[f"{name}_{end}"].iloc[0]) for end in ("low", "high"))
    if not np.isfinite(low):
        return ""
    if not np.isfinite(high):
        return f"{number(low, digits)} or more"
    return f"{number(low, digits)} to {number(high, digits)}"
