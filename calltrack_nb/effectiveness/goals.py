"""Goals of the business: how far along, at what pace, and the chance to get there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from calltrack_nb import evidence
from calltrack_nb.effectiveness import ledger, words
from calltrack_nb.effectiveness.qualified import counted_calls
from calltrack_nb.effectiveness.results import Result
from calltrack_nb.evidence import Check
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

NAMES: Final = {
    "qualified_calls": "Qualified calls",
    "sales_calls": "Sales calls",
    "feedback_calls": "Feedback calls",
    "cost_per_qualified_call": "Cost per qualified call",
    "answer_rate": "Answer rate",
}
_PACE_DAYS: Final = 56


@dataclass(frozen=True, slots=True)
class GoalsProgress(Result):
    """One row per goal and month of the period.

    Parameters
    ----------
    table : pandas.DataFrame
        ``goal``, ``month``, ``target``, ``so_far``, ``low``, ``high`` (interval of the
        figure), ``expected`` (at the month's end), ``chance`` (of reaching it; 0 or 1
        once the month is over), ``state``: reached, missed, under way, no data, no cost.
    text : str
        Where the last month stands, in words.
    checks : tuple of Check
        What limits the figures.
    currency : str
        Of costs.
    """

    table: pd.DataFrame
    text: str
    checks: tuple[Check, ...]
    currency: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        rows = self.table

        def written(column: str) -> list[str]:
            pairs = zip(rows["goal"].astype(str), rows[column].astype(float), strict=True)
            return [self._write(goal, value) for goal, value in pairs]

        chances = zip(rows["state"], rows["chance"].astype(float), strict=True)
        return pd.DataFrame(
            {
                "Goal": rows["goal"],
                "Month": rows["month"],
                "Target": written("target"),
                "So far": written("so_far"),
                "Range": [
                    words.span(low, high)
                    for low, high in zip(written("low"), written("high"), strict=True)
                ],
                "State": rows["state"],
                "Chance": [
                    _chance_in_words(chance) if state == "under way" else "-"
                    for state, chance in chances
                ],
            }
        )

    def _write(self, goal: str, value: float) -> str:
        if goal == NAMES["answer_rate"]:
            return words.percent(value)
        if goal == NAMES["cost_per_qualified_call"]:
            return words.money(value, self.currency)
        return words.number(value)


@dataclass(frozen=True, slots=True)
class _Month:
    """The counts of one month so far, and of the weeks that set the pace."""

    calls: pd.DataFrame
    recent: pd.DataFrame
    days_left: int
    recent_days: int
    cost: float
    cost_left: float


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
    The chance is that of a negative binomial count for the days left, with the mean of
    the last eight weeks, its uncertainty, and those weeks' own dispersion. The ranges are
    exact Poisson and Wilson intervals, widened for repeat callers and for those weeks'
    dispersion, whichever is more.
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
            (),
            settings.business.currency,
        )
    counted = _with_purpose(counted_calls(calls, settings), findings)
    last_day = counted["local"].max().date() if len(counted) else None
    rows = []
    for month in _calendar_months(period):
        state = _month(counted, spend, settings, month, last_day)
        rows += [
            {"goal": NAMES[name], "month": str(month), "target": target}
            | _progress(name, target, state, settings.evidence.level)
            for name, target in targets.items()
        ]
    table = pd.DataFrame(rows, columns=columns)
    unknown = int(counted["purpose"].isna().sum())
    checks = []
    if unknown and ({"sales_calls", "feedback_calls"} & set(targets)):
        checks.append(
            Check(
                "purpose",
                False,
                f"{unknown} of {len(counted)} calls have no known purpose, so sales and feedback "
                "calls are counted too low.",
            )
        )
    return GoalsProgress(table, _in_words(table), tuple(checks), settings.business.currency)


def _calendar_months(period: Period) -> list[Period]:
    return [Period.parse(f"{part.first:%Y-%m}") for part in period.months()]


def _with_purpose(counted: pd.DataFrame, findings: pd.DataFrame | None) -> pd.DataFrame:
    purpose = counted["purpose"].astype(object)
    if findings is not None and len(findings):
        heard = findings[findings["family"] == "purpose"].sort_values("confidence")
        latest = heard.drop_duplicates("call_id", keep="last").set_index("call_id")["kind"]
        purpose = purpose.where(purpose.notna(), counted["call_id"].map(latest))
    return counted.assign(purpose=purpose)


def _month(
    counted: pd.DataFrame,
    spend: pd.DataFrame,
    settings: Settings,
    month: Period,
    last_day: dt.date | None,
) -> _Month:
    day = counted["local"].dt.date
    inside = counted[(day >= month.first) & (day <= month.last)]
    if last_day is None or last_day >= month.last:
        left, cut = 0, month.last
    else:
        left, cut = min((month.last - last_day).days, month.days), max(last_day, month.first)
    start = min(cut, max(cut - dt.timedelta(days=_PACE_DAYS - 1), day.min() if len(day) else cut))
    recent = counted[(day >= start) & (day <= cut)]
    span = (cut - start).days + 1
    cost = float(ledger.spend_in(spend, settings, month).rows["cost"].sum())
    recent_cost = float(ledger.spend_in(spend, settings, Period(start, cut)).rows["cost"].sum())
    so_far = float(ledger.spend_in(spend, settings, Period(month.first, cut)).rows["cost"].sum())
    expected = recent_cost / span * left
    return _Month(
        inside, recent, left, span, so_far if left else cost, max(expected, cost - so_far)
    )


def _progress(name: str, target: float, month: _Month, level: float) -> dict[str, object]:
    if name == "answer_rate":
        return _rate_progress(target, month, level)
    mask, recent = _chosen(name, month.calls), _chosen(name, month.recent)
    count = int(mask.sum())
    pace, variance = _ahead(month.recent[recent.to_numpy()], month)
    scatter = _scatter(month.calls[mask.to_numpy()], month.recent[recent.to_numpy()], month)
    if name == "cost_per_qualified_call":
        ends = evidence.poisson_interval(count, level, dispersion=scatter)
        return _cost_progress(target, month, count, (pace, variance), ends)
    low, high = (float(end) for end in evidence.poisson_interval(count, level, dispersion=scatter))
    needed = target - count
    chance = _chance_of(needed, pace, variance)
    return _row((count, low, high), count + pace, chance, month, reached=count >= target)


def _chosen(name: str, calls: pd.DataFrame) -> pd.Series:
    if name == "sales_calls":
        return (calls["purpose"] == "sale").fillna(False).astype(bool)
    if name == "feedback_calls":
        return (calls["purpose"] == "feedback").fillna(False).astype(bool)
    return calls["qualified"].astype(bool)


def _ahead(recent: pd.DataFrame, month: _Month) -> tuple[float, float]:
    """Expect events in the days left, and give their predictive variance."""
    if not month.days_left or not month.recent_days:
        return 0.0, 0.0
    total = len(recent)
    mean = total / month.recent_days * month.days_left
    dispersion = _weekly_dispersion(recent, month)
    return mean, dispersion * mean * (1 + mean / max(total, 1))


def _weekly_dispersion(recent: pd.DataFrame, month: _Month) -> float:
    """Variance over mean of the weekly counts that set the pace; never below 1."""
    if recent.empty:
        return 1.0
    day = recent["local"].dt.normalize()
    weeks = max(month.recent_days // 7, 1)
    back = (day.max() - day).dt.days // 7
    counts = back.value_counts().reindex(range(weeks), fill_value=0).to_numpy(dtype=float)
    fitted = np.full(weeks, max(counts.mean(), 1e-9))
    dispersion = evidence.pearson_dispersion(counts, fitted, fitted, weeks - 1)
    return max(1.0, dispersion) if np.isfinite(dispersion) else 1.0


def _scatter(counted: pd.DataFrame, recent: pd.DataFrame, month: _Month) -> float:
    """Variance over mean of a count: repeat callers, or lively weeks, whichever is more."""
    each = counted["person"].value_counts().to_numpy(dtype=float)
    repeats = float((each**2).sum() / each.sum()) if len(each) else 1.0
    return max(repeats, _weekly_dispersion(recent, month))


def _chance_of(needed: float, mean: float, variance: float) -> float:
    """Probability that a negative binomial of this mean and variance reaches `needed`."""
    if needed <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    at_least = np.ceil(needed) - 1
    if variance <= mean * (1 + 1e-9):
        return float(stats.poisson.sf(at_least, mean))
    return float(stats.nbinom.sf(at_least, mean**2 / (variance - mean), mean / variance))


def _cost_progress(
    target: float,
    month: _Month,
    count: int,
    ahead: tuple[float, float],
    ends: evidence.Bounds,
) -> dict[str, object]:
    if month.cost <= 0:
        names = ("so_far", "low", "high", "expected", "chance")
        return {**dict.fromkeys(names, np.nan), "state": "no cost"}
    low, high = (float(end) for end in evidence.cost_per(month.cost, ends))
    so_far = month.cost / count if count else np.nan
    final = month.cost + month.cost_left
    pace, variance = ahead
    chance = _chance_of(final / target - count, pace, variance)
    expected = final / (count + pace) if count + pace else np.nan
    return _row((so_far, low, high), expected, chance, month, reached=bool(so_far <= target))


def _rate_progress(target: float, month: _Month, level: float) -> dict[str, object]:
    calls, answered = len(month.calls), int(month.calls["answered"].sum())
    people = month.calls.groupby("person")["answered"].agg(["sum", "size"])
    design = evidence.clustering(people["sum"], people["size"])
    low, high = (float(end) for end in evidence.wilson(answered / design, calls / design, level))
    recent, heard = len(month.recent), int(month.recent["answered"].sum())
    left = round(recent / max(month.recent_days, 1) * month.days_left)
    needed = int(np.ceil(target * (calls + left) - answered))
    chance = float(stats.betabinom.sf(needed - 1, left, heard + 1, recent - heard + 1))
    rate = answered / calls if calls else np.nan
    usual = heard / recent if recent else np.nan
    expected = (answered + left * usual) / (calls + left) if calls + left else np.nan
    return _row((rate, low, high), expected, chance, month, reached=bool(rate >= target))


def _row(
    figure: tuple[float, float, float],
    expected: float,
    chance: float,
    month: _Month,
    *,
    reached: bool,
) -> dict[str, object]:
    if month.calls.empty:
        state, chance = "no data", np.nan
    elif month.days_left:
        state = "under way"
    else:
        state, chance = ("reached", 1.0) if reached else ("missed", 0.0)
    so_far, low, high = figure
    return {
        "so_far": so_far,
        "low": low,
        "high": high,
        "expected": expected,
        "chance": chance,
        "state": state,
    }


def _chance_in_words(chance: float) -> str:
    if not np.isfinite(chance):
        return "-"
    if chance < 0.05:
        return "under 5 %"
    if chance > 0.95:
        return "over 95 %"
    return f"about {round(chance * 10) * 10} %"


def _in_words(table: pd.DataFrame) -> str:
    last = table[table["month"] == table["month"].iloc[-1]]
    lines = []
    for state, verb in (
        ("reached", "reached"),
        ("missed", "not reached"),
        ("under way", "still under way"),
        ("no data", "without data"),
        ("no cost", "without a cost to judge by"),
    ):
        goals = last.loc[last["state"] == state, "goal"].str.lower().tolist()
        if goals:
            lines.append(f"{verb}: {words.listed(goals)}")
    return f"Goals for {table['month'].iloc[-1]} - " + "; ".join(lines) + "."
