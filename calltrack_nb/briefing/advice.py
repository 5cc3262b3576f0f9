"""What to do with each campaign's budget, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import gamma, norm

from calltrack_nb.effectiveness import Scorecard
from calltrack_nb.effectiveness.grouping import UNNAMED
from calltrack_nb.effectiveness.ledger import FEWEST_SALES, RIPE_SHARE
from calltrack_nb.phrasing import day, listed, money, number, plural, ranged, sentence
from calltrack_nb.results import Check, Result

RAISE: Final = "Raise in steps"
KEEP: Final = "Keep"
STOP: Final = "Stop or change"
REPAIR: Final = "Repair first"
UNSURE: Final = "Can't tell yet"

_EVEN: Final = 1.0


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Advice(Result):
    """One row for each campaign that money was spent on, the highest return first.

    Parameters
    ----------
    table : pandas.DataFrame
        The scorecard's group, ``advice`` (one of :data:`RAISE`, :data:`KEEP`, :data:`STOP`,
        :data:`REPAIR`, :data:`UNSURE`), ``why``, ``cost``, ``return``, ``return_low``,
        ``return_high``.
    text : str
        The advice in words.
    by : str
        The grouping.
    currency : str
        Of every amount.
    """

    by: str
    currency: str

    def of(self, advice: str) -> list[str]:
        """Return the groups that are given a piece of advice, in the order of the table."""
        return self.table.loc[self.table["advice"] == advice, self.by].tolist()

    def lines(self) -> tuple[str, ...]:
        """Return a line for each piece of advice that is given, with whom it is given to."""
        told = []
        for advice in (REPAIR, STOP, RAISE, KEEP, UNSURE):
            rows = self.table[self.table["advice"] == advice]
            # whoever is unsure stands last, behind others that say what the figure is
            unsure = advice == UNSURE
            unit, known = (
                ("", "return_low") if unsure else (f" per {self.currency} spent", "return")
            )
            names = [
                f"{row[self.by]} ({number(row['return'], 1)}{unit})"
                if np.isfinite(row[known])
                else str(row[self.by])
                for row in rows.to_dict("records")
            ]
            if names:
                told.append(f"{advice}: {listed(names, len(names))}.")
            elif advice == STOP and len(self.table):
                told.append(f"{STOP}: none for certain.")
        return tuple(told)

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        return pd.DataFrame(
            {
                sentence(self.by): self.table[self.by],
                "What to do": self.table["advice"],
                "Why": self.table["why"],
            }
        )


def campaign_advice(card: Scorecard, level: float) -> Advice:
    """Say of each campaign whether to raise, keep or stop its spend.

    A campaign is judged by the revenue of its orders per unit spent (return on ad spend),
    without the days on which its number was broken. It should be raised where its return is
    shown to lie above that of all paid campaigns together, kept where it is shown to bring
    back its spend, stopped where it is shown not to. Ranges are widened for the number of
    campaigns (Bonferroni); a campaign whose range holds both is left undecided. One with too few
    orders for a range is stopped where even as many persons as chance allows (exact Poisson
    bound), with orders of the size that all have, would bring back less than it cost; else it is
    left undecided. Where calls of the period have orders to come, a campaign is stopped only where
    it would not bring back its cost either if they brought orders as the others may have. Where no
    orders are on record the cost of a qualified call decides instead.

    Parameters
    ----------
    card : Scorecard
        By campaign or channel.
    level : float
        That of the card's ranges.

    Returns
    -------
    Advice
    """
    paid = card.table[(card.table["cost"] > 0) & (card.table[card.by] != UNNAMED)]
    judged = card.judged().set_index(card.by)
    tail = (1 - level) / 2 / max(len(paid), 1)
    widening = norm.ppf(1 - tail) / norm.ppf(1 - (1 - level) / 2)
    rows = []
    for name in paid[card.by]:
        row = judged.loc[name] if name in judged.index else None
        advice, why = _judge(row, card, float(widening), tail)
        figures = {
            each: np.nan if row is None else float(row[each])
            for each in ("cost", "return", "return_low", "return_high")
        }
        rows.append({card.by: name, "advice": advice, "why": why, **figures})
    columns = [card.by, "advice", "why", "cost", "return", "return_low", "return_high"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values("return", ascending=False, na_position="last", ignore_index=True)
    return Advice(table, _in_words(table, card), _method(card), by=card.by, currency=card.currency)


def _judge(row: pd.Series | None, card: Scorecard, widening: float, tail: float) -> tuple[str, str]:
    if row is None:
        return (
            REPAIR,
            "Its number was broken for so much of the period that too little is left to judge.",
        )
    orders = bool(np.isfinite(card.total["revenue"]))
    if not orders:
        return _by_cost(row, card, widening)
    booked = f"{plural(row['booked'], 'person', 'people')} ordered"
    grown = _at_most_grows(row)
    most = grown * gamma.isf(tail, row["booked"] + 1) * card.order_size / max(row["cost"], 0.01)
    waited = ", and the orders still to come," if grown > 1 else ","
    if row["booked"] < FEWEST_SALES and most < _EVEN:
        return STOP, (
            f"{booked}. Even as many as chance allows{waited} with orders as large as all have, "
            f"would bring back at most {card.currency} {number(most, 1)} for each {card.currency} "
            "spent."
        )
    if row["booked"] < FEWEST_SALES or not np.isfinite(row["return_low"]):
        so_far = number(row["return"], 1)
        return UNSURE, (
            f"{booked}, which brought back {card.currency} {so_far} for each {card.currency} "
            "spent: too few to say how much of this is chance. A longer period may tell."
        )
    low, high = _widened(row, "return", widening)
    figure = ranged(row.to_frame().T, "return", lambda value: number(value, 1)).iloc[0]
    why = f"{card.currency} {figure} of revenue for each {card.currency} spent"
    whole = float(card.total["return"])
    together = f"; all paid campaigns together bring {number(whole, 1)}."
    told = (
        (low > max(whole, _EVEN), RAISE, f"{why}{together}"),
        (low > _EVEN, KEEP, f"{why}."),
        (high * grown < _EVEN, STOP, f"{why}: less than it costs."),
    )
    if float(row["return_low"]) > _EVEN:
        by_chance = ": beside other campaigns, one may seem to earn its cost by chance alone"
    elif high < _EVEN:
        by_chance = " as yet: orders are still to come"
    elif float(row["return_high"]) < _EVEN:
        by_chance = ": probably less than it costs, though beside others one may seem so by chance"
    else:
        by_chance = ": this may be less than it costs, or more"
    unsure = (UNSURE, f"{why}{by_chance}.")
    return next(((advice, words) for holds, advice, words in told if holds), unsure)


def _at_most_grows(row: pd.Series) -> float:
    """Return how many times its orders a campaign may have once all of them have come."""
    if not row["waiting"]:
        return 1.0
    ripe = RIPE_SHARE * (row["calls"] - row["waiting"]) / row["calls"]
    return float(1 / ripe) if ripe > 0 else float("inf")


def _by_cost(row: pd.Series, card: Scorecard, widening: float) -> tuple[str, str]:
    whole = float(card.total["cost_per_qualified"])
    if not np.isfinite(row["cost_per_qualified"]):
        return UNSURE, "It brought no qualified call, or none that its spend can be set against."
    low, high = _widened(row, "cost_per_qualified", widening)
    figure = ranged(
        row.to_frame().T, "cost_per_qualified", lambda value: money(value, card.currency)
    ).iloc[0]
    together = f"all paid campaigns together: {money(whole, card.currency)}"
    why = f"{figure} for a qualified call; {together}"
    if high < whole:
        return RAISE, f"{why}. What these calls bring is not on record."
    if low > whole:
        return STOP, f"{why}. What these calls bring is not on record."
    return KEEP, f"{why}: no clear difference."


def _widened(row: pd.Series, name: str, widening: float) -> tuple[float, float]:
    """Return the ends of a range at a higher level, as those of a normal log."""
    point, low, high = (float(row[name + end]) for end in ("", "_low", "_high"))
    return (
        point * (low / point) ** widening if low > 0 else 0.0,
        point * (high / point) ** widening if np.isfinite(high) else np.inf,
    )


def _in_words(table: pd.DataFrame, card: Scorecard) -> str:
    if table.empty:
        return "No spend is on record for this period, so no campaign can be judged by money."
    told = table[table["return"].notna() & table["return_low"].notna()]
    missing = (
        f" No order is on record after {day(card.orders_until)}, though calls go on: orders seem "
        "to be missing, and what campaigns bring back is too low."
        if card.orders_until
        else ""
    )
    if told.empty:
        return f"Too few orders are on record to say which campaign earns most.{missing}"
    best = told.iloc[0]
    text = (
        f"{best[card.by]} brings back {card.currency} {_figure(best)} for each {card.currency} "
        "spent"
    )
    if len(told) > 1:
        worst = told.iloc[-1]
        text += f", {worst[card.by]} {_figure(worst)}"
    return f"{text}.{missing}"


def _figure(row: pd.Series) -> str:
    return str(ranged(row.to_frame().T, "return", lambda value: number(value, 1)).iloc[0])


def _method(card: Scorecard) -> tuple[Check, ...]:
    wide = (
        "Ranges are widened for the number of campaigns. Days on which its number was broken do "
        "not count."
    )
    if not np.isfinite(card.total["revenue"]):
        return (
            Check(
                "cost, not revenue",
                None,
                "No orders are on record, so what calls bring is not known. The cost of a "
                "qualified call decides.",
            ),
            Check(
                "how campaigns are judged",
                None,
                "A campaign is raised only where its whole range lies below the cost of all paid "
                "campaigns together. It is stopped only where its whole range lies above it. "
                f"{wide}",
            ),
        )
    return (
        Check(
            "revenue, not profit",
            None,
            "These are revenue, not profit, and what was earned on average: the next "
            f"{card.currency} may bring less, so raise in steps and watch.",
        ),
        Check(
            "how campaigns are judged",
            None,
            "A campaign is raised only where its whole range lies above its cost and above the "
            "return of all paid campaigns together. It is stopped only where its whole range lies "
            f"below its cost. With orders of fewer than {FEWEST_SALES} people there is no range. "
            "It is then stopped only where even as many orders as chance allows would not pay "
            f"for it. {wide}",
        ),
    )
