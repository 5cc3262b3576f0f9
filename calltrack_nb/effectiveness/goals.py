"""Goals of the business: how far along, at what pace, and the chance to get there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import counted, in_period
from calltrack_nb.effectiveness import goal_pace
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import agree, listed, money, month, number, out_of, percent, plural, span
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

NAMES: Final = {
    "qualified_calls": "Qualified calls",
    "sales_calls": "Sales calls",
    "feedback_calls": "Feedback calls",
    "cost_per_qualified_call": "Paid cost per qualified call",
    "answer_rate": "Answer rate",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class GoalsProgress(Result):
    """One row per goal and month of the period.

    Parameters
    ----------
    table : pandas.DataFrame
        ``goal``, ``month``, ``target``, ``so_far``, ``low``, ``high`` (interval of the
        figure), ``expected`` (at the month's end), ``chance`` (of reaching it; 0 or 1
        once the month is over), ``state``: reached, not reached, under way, no data, no cost.
    text : str
        Where the last month stands, in words.
    checks : tuple of Check
        What limits the figures.
    currency : str
        Of costs.
    """

    currency: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        rows = self.table

        def written(column: str) -> list[str]:
            figures = (rows[name].astype(float) for name in (column, "target"))
            return [
                self._write(goal, value, target)
                for goal, value, target in zip(rows["goal"].astype(str), *figures, strict=True)
            ]

        chances = zip(rows["state"], rows["chance"].astype(float), strict=True)
        return pd.DataFrame(
            {
                "Goal": rows["goal"],
                "Month": rows["month"],
                "Target": written("target"),
                "So far": written("so_far"),
                "Range": [
                    span(low, high)
                    for low, high in zip(written("low"), written("high"), strict=True)
                ],
                "State": rows["state"],
                "Chance": [
                    _chance_in_words(chance) if state == "under way" else "-"
                    for state, chance in chances
                ],
            }
        )

    def _write(self, goal: str, value: float, target: float) -> str:
        if goal == NAMES["answer_rate"]:
            return percent(value, beside=target)
        if goal == NAMES["cost_per_qualified_call"]:
            return money(value, self.currency)
        return number(value)


def goals_progress(
    calls: pd.DataFrame,
    spend: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    findings: pd.DataFrame | None = None,
) -> GoalsProgress:
    """Measure each goal that is set, month by month.

    Parameters
    ----------
    calls, spend : pandas.DataFrame
        The canonical tables, whole.
    settings : Settings
        Its ``goals`` are targets per month.
    period : Period
        Local days; whole months are judged, an unfinished last one gets a chance.
    findings : pandas.DataFrame, optional
        The ``findings`` table: the purpose heard in a call stands in where the log
        gives none.

    Notes
    -----
    The chance is that of the count of the days left, each worth its part of a usual week
    (:mod:`~calltrack_nb.effectiveness.usual_week`), at a level that may drift
    (:mod:`~calltrack_nb.stats.outlook`), both learnt from the last 26 weeks; a log of less
    than four weeks gives none;
    that of a rate is beta-binomial at the effective number of calls. The ranges are
    exact Poisson and Wilson intervals, widened for repeat callers and for the
    dispersion of the last eight weeks, whichever is more.
    """
    targets = {
        name: float(value)
        for name, value in settings.goals.model_dump().items()
        if value is not None and name in NAMES
    }
    columns = ["goal", "month", "target", "so_far", "low", "high", "expected", "chance", "state"]
    if not targets:
        return GoalsProgress(
            pd.DataFrame(columns=columns),
            "No goals are set. Write targets per month under [goals] in calltrack.toml.",
            currency=settings.business.currency,
        )
    kept = _with_purpose(counted(calls, settings), findings)
    last_day = kept["local"].max().date() if len(kept) else None
    rows, checks = [], []
    months = _calendar_months(period)
    for calendar in months:
        state = goal_pace.month_of(kept, spend, settings, calendar, last_day)
        rows += [
            {"goal": NAMES[name], "month": str(calendar), "target": target}
            | goal_pace.progress_of(name, target, state, settings.evidence.level)
            for name, target in targets.items()
        ]
        known = len(state.learnt.index)
        if state.days_left and len(state.calls) and known < goal_pace.FEWEST_DAYS:
            checks.append(
                Check(
                    "chance",
                    False,
                    f"No chance is given for {month(str(calendar))}. The log holds "
                    f"{plural(known, 'day')} before the days that are left, and a usual week takes "
                    f"{goal_pace.FEWEST_DAYS} days to know.",
                )
            )
    table = pd.DataFrame(rows, columns=columns)
    asked = Period(months[0].first, months[-1].last)
    judged = in_period(kept, settings.business.timezone, asked)
    unknown = int(judged["purpose"].isna().sum())
    if "cost_per_qualified_call" in targets:
        checks.append(
            Check(
                "cost of a qualified call",
                None,
                "The goal on cost is about the paid cost: spend on paid campaigns over the "
                "qualified calls of those campaigns.",
            )
        )
    heard = int((judged["purpose"].notna() & ~judged["logged"]).sum())
    if heard and ({"sales_calls", "feedback_calls"} & set(targets)):
        checks.append(
            Check(
                "heard",
                None,
                f"The purpose of {out_of(heard, len(judged), 'call')} is not in the log and was "
                "read from the transcript.",
            )
        )
    if unknown and ({"sales_calls", "feedback_calls"} & set(targets)):
        checks.append(
            Check(
                "purpose",
                False,
                f"{out_of(unknown, len(judged), 'call')} of these months "
                f"{agree(unknown, 'has')} no known purpose, so sales and feedback calls are "
                "counted too low.",
            )
        )
    return GoalsProgress(
        table, _in_words(table), tuple(checks), currency=settings.business.currency
    )


def _calendar_months(period: Period) -> list[Period]:
    return [Period.parse(f"{part.first:%Y-%m}") for part in period.months()]


def _with_purpose(kept: pd.DataFrame, findings: pd.DataFrame | None) -> pd.DataFrame:
    """Add the purposes that were heard; ``logged`` tells which the log itself names."""
    logged = kept["purpose"].notna()
    purpose = kept["purpose"].astype(object)
    if findings is not None and len(findings):
        heard = findings[findings["family"] == "purpose"].sort_values("confidence")
        latest = heard.drop_duplicates("call_id", keep="last").set_index("call_id")["kind"]
        purpose = purpose.where(purpose.notna(), kept["call_id"].map(latest))
    return kept.assign(purpose=purpose, logged=logged)


def _chance_in_words(chance: float) -> str:
    if not np.isfinite(chance):
        return "-"
    if chance < 0.05:
        return "under 5 %"
    if chance > 0.95:
        return "over 95 %"
    return f"about {percent(round(chance, 1))}"


def _in_words(table: pd.DataFrame) -> str:
    last = table[table["month"] == table["month"].iloc[-1]]
    lines = []
    for state, verb in (
        ("reached", "reached"),
        ("not reached", "not reached"),
        ("under way", "still under way"),
        ("no data", "without data"),
        ("no cost", "without a cost to judge by"),
    ):
        goals = last.loc[last["state"] == state, "goal"].str.lower().tolist()
        if goals:
            lines.append(f"{verb}: {listed(goals)}")
    return f"Goals for {month(str(table['month'].iloc[-1]))} - " + "; ".join(lines) + "."
