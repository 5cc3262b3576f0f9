"""An agency's page: all its clients side by side, what moved, and where to look first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import stats
from calltrack_nb.effectiveness.score_words import BEFORE
from calltrack_nb.effectiveness.scorecard import Scorecard
from calltrack_nb.phrasing import changed, listed, money, number, percent, ranged
from calltrack_nb.results import Check, Result

_COLUMNS: Final = [
    *("client", "calls", "calls_before", "change", "change_low", "change_high", "moved"),
    *("answer_rate", "qualified", "qualified_rate", "cost", "cost_per_qualified"),
    "blended_cost_per_qualified",
    *("currency", "broken", "look"),
]


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Clients(Result):
    """One row a client, those with something to look at first.

    Parameters
    ----------
    table : pandas.DataFrame
        ``client``, ``calls``, ``calls_before``, ``change`` (ratio of calls a day, with
        ``change_low`` and ``change_high``; NaN where the period before is not covered),
        ``moved`` (bool: clearly, counting how many clients were looked at),
        ``answer_rate``, ``qualified``, ``qualified_rate``, ``cost``,
        ``cost_per_qualified`` (paid), ``blended_cost_per_qualified``, ``currency``,
        ``broken`` (findings of the number audit),
        ``look`` (what to look at first).
    text : str
        Who moved and where something is broken.
    """

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        rows = self.table
        return pd.DataFrame(
            {
                "Client": rows["client"],
                "Calls": rows["calls"].map(number),
                "Calls a day, against before (range)": ranged(rows, "change", changed),
                "Answered": rows["answer_rate"].map(percent),
                "Qualified": rows["qualified"].map(number),
                **{
                    f"{name} cost per qualified call": [
                        money(cost, currency)
                        for cost, currency in zip(rows[column], rows["currency"], strict=True)
                    ]
                    for name, column in (
                        ("Paid", "cost_per_qualified"),
                        ("Blended", "blended_cost_per_qualified"),
                    )
                },
                "Broken": rows["broken"].map(number),
                "Look first at": rows["look"],
            }
        )


def clients(
    cards: Mapping[str, Scorecard], broken: Mapping[str, Sequence[str]], *, level: float = 0.95
) -> Clients:
    """Set the clients of an agency side by side.

    Parameters
    ----------
    cards : mapping of str to Scorecard
        Each client's, all of one period.
    broken : mapping of str to sequence of str
        What the number audit found broken at each client, in sentences.
    level : float
        Confidence that no client at all is said to have moved by chance: divided by the
        number of clients (Bonferroni).

    Returns
    -------
    Clients
    """
    alpha = (1 - level) / max(len(cards), 1)
    rows = [_row(name, card, broken.get(name, ()), 1 - alpha) for name, card in cards.items()]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    order = ["broken", "moved", "calls"]
    table = table.sort_values(order, ascending=False, kind="stable", ignore_index=True)
    uncovered = table.loc[table["change"].isna(), "client"].tolist()
    checks = (
        Check(
            BEFORE,
            False if uncovered else None,
            f"No comparison for {listed(uncovered)}: the log does not cover the period before."
            if uncovered
            else "Every client's log covers the period before.",
        ),
    )
    return Clients(table, _in_words(table), checks)


def _row(name: str, card: Scorecard, broken: Sequence[str], level: float) -> dict[str, object]:
    total = card.total
    change, low, high = _change(card, level)
    moved = bool(low > 1 or high < 1)
    figures = ("calls", "calls_before", "answer_rate", "qualified", "qualified_rate", "cost")
    return {
        "client": name,
        **{figure: total[figure] for figure in figures},
        "cost_per_qualified": total["cost_per_qualified"],
        "blended_cost_per_qualified": total["blended_cost_per_qualified"],
        "change": change,
        "change_low": low,
        "change_high": high,
        "moved": moved,
        "currency": card.currency,
        "broken": len(broken),
        "look": _look(broken, change, moved=moved, calls=float(total["calls"])),
    }


def _change(card: Scorecard, level: float) -> tuple[float, float, float]:
    """Compare calls a day with the period before, as the scorecard ranges its counts."""
    covered = all(check.passed is not False for check in card.checks if check.name == BEFORE)
    now, before = float(card.total["calls"]), float(card.total["calls_before"])
    if not (covered and now and before):
        return np.nan, np.nan, np.nan
    days = card.period.days / card.period.before().days
    ends = [stats.poisson_interval(n, level, dispersion=card.dispersion) for n in (now, before)]
    bounds = stats.ratio(now, ends[0], before, ends[1])
    return now / before / days, float(bounds.low) / days, float(bounds.high) / days


def _look(broken: Sequence[str], change: float, *, moved: bool, calls: float) -> str:
    if broken:
        more = f" And {number(len(broken) - 1)} more." if len(broken) > 1 else ""
        return f"{broken[0]}{more}"
    if not calls:
        return "No call in this period."
    if moved:
        return f"Calls a day changed by {changed(change)}."
    return ""


def _in_words(table: pd.DataFrame) -> str:
    if table.empty:
        return "There is no client yet."
    faulty, moved = table[table["broken"] > 0], table[table["moved"]]
    lines = [
        f"The number audit found something broken at {listed(faulty['client'])}."
        if len(faulty)
        else "The number audit found nothing broken at any client."
    ]
    if len(moved):
        change = moved["change"].map(changed)
        said = [f"{name} ({by})" for name, by in zip(moved["client"], change, strict=True)]
        lines.append(f"Calls a day clearly changed at {listed(said)}.")
    else:
        lines.append(
            "No client with a comparison has calls that changed by more than chance explains."
        )
    return " ".join(lines)
