"""The weekly trend: a count model with season, holidays and days without data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from calltrack_nb import phrasing, stats
from calltrack_nb._moved import old_keyword
from calltrack_nb.calls import counted, days_off, weeks_of
from calltrack_nb.effectiveness.days import days_with_data, gaps_in_words
from calltrack_nb.effectiveness.platform_changes import changes_in_words, changes_met
from calltrack_nb.periods import Period
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

Measure = Literal["calls", "qualified"]

FEWEST_WEEKS = 8
FEWEST_EVENTS = 30
_YEAR_WEEKS = 365.25 / 7
_SEASON_FROM = 78  # weeks: a year and a half, before which season and trend are one thing
_HOLIDAY_WEEKS = 4
_FEWEST_DAYS = 4


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Trend(Result):
    """Calls a week and the line through them.

    Parameters
    ----------
    measure : str
        What was counted.
    table : pandas.DataFrame
        One row per Monday week: ``week``, ``events``, ``days`` (with data), ``rate`` (a
        full week's worth; NaN where too few days), ``gap`` (bool: days are missing that
        belong to the week), ``line``, ``line_low``, ``line_high``,
        ``holidays``.
    change, change_low, change_high : float
        Change over four weeks as a share (0.1 is 10 % more); NaN where none is given.
    dispersion : float
        Pearson's X² over df of the weekly counts.
    definition_changes : tuple of (date, str)
        Changes of definition within the period, to be marked on charts: the user's, and
        those that ship for the platforms of the log.
    text : str
        The finding, in words.
    checks : tuple of Check
        Gaps, changes of definition, dispersion, season.
    """

    measure: str
    change: float
    change_low: float
    change_high: float
    dispersion: float
    definition_changes: tuple[tuple[pd.Timestamp, str], ...]


@old_keyword("regimes", "definition_changes")
def weekly_trend(
    calls: pd.DataFrame,
    settings: Settings,
    period: Period,
    *,
    measure: Measure = "calls",
    definition_changes: pd.DataFrame | None = None,
) -> Trend:
    """Fit a line through the weekly counts of a period.

    Parameters
    ----------
    calls : pandas.DataFrame
        The whole ``calls`` table.
    settings : Settings
        Zone, country, level and the qualified-call rule.
    period : Period
        Local days.
    measure : {"calls", "qualified"}
        All counted calls, or the qualified ones.
    definition_changes : pandas.DataFrame, optional
        The ``regimes`` table; those within the period are handed on to the chart, with
        those that are known of the log's platforms.

    Notes
    -----
    A log-linear model of counts (:func:`~calltrack_nb.stats.fit_counts`) with the days
    that hold data as exposure; holidays as a term where enough weeks hold one, yearly
    season where the log is long enough.
    """
    weeks = _weeks(calls, settings, period, measure)
    changes = changes_met(calls, definition_changes)
    changes = changes[changes["date"].map(lambda day: period.first <= day <= period.last).eq(True)]
    marked = tuple(
        (pd.Timestamp(date), str(what))
        for date, what in zip(changes["date"], changes["redefined"], strict=True)
    )
    gaps = gaps_in_words(days_with_data(calls, settings, period))
    checks = [Check("days with data", not gaps, gaps or "Every day of the period holds data.")]
    if marked:
        checks.append(Check("changes of definition", None, changes_in_words(changes)))
    used = weeks[weeks["days"] >= _FEWEST_DAYS]
    if len(used) < FEWEST_WEEKS or used["events"].sum() < FEWEST_EVENTS:
        text = (
            f"{phrasing.plural(used['events'].sum(), _noun(measure))} in "
            f"{phrasing.plural(len(used), 'full week')}: too few for a trend, which takes "
            f"{FEWEST_WEEKS} weeks and {FEWEST_EVENTS} calls."
        )
        blank = weeks.assign(line=np.nan, line_low=np.nan, line_high=np.nan)
        return Trend(
            blank,
            text,
            tuple(checks),
            measure=measure,
            change=np.nan,
            change_low=np.nan,
            change_high=np.nan,
            dispersion=np.nan,
            definition_changes=marked,
        )
    fit = fit_trend(
        used["events"].to_numpy(dtype=float),
        used["days"].to_numpy(dtype=float),
        used.index.to_numpy(dtype=float),
        used["holidays"].str.len().gt(0).to_numpy(),
        settings.evidence.level,
    )
    table = weeks.assign(
        line=pd.Series(fit.line, used.index),
        line_low=pd.Series(fit.line_low, used.index),
        line_high=pd.Series(fit.line_high, used.index),
    )
    checks += _checks(fit)
    low, high = phrasing.signed(fit.change_low), phrasing.signed(fit.change_high)
    what = f"{phrasing.several(_noun(measure))} a week"
    if fit.change_low > 0 or fit.change_high < 0:
        moved = "rise" if fit.change_low > 0 else "fall"
        text = (
            f"{phrasing.sentence(what)} {moved}: {phrasing.signed(fit.change)} every four weeks "
            f"({low} to {high})."
        )
    else:
        said = phrasing.cannot_tell(f"{phrasing.signed(fit.change)} every four weeks", low, high)
        text = f"Do {what} rise or fall? {phrasing.sentence(said)}."
    return Trend(
        table,
        text,
        tuple(checks),
        measure=measure,
        change=fit.change,
        change_low=fit.change_low,
        change_high=fit.change_high,
        dispersion=fit.dispersion,
        definition_changes=marked,
    )


@dataclass(frozen=True, slots=True)
class TrendFit:
    """The fitted line of a weekly series, per full week, and its change over four weeks."""

    line: NDArray[np.float64]
    line_low: NDArray[np.float64]
    line_high: NDArray[np.float64]
    change: float
    change_low: float
    change_high: float
    dispersion: float
    correlation: float
    season: bool


def fit_trend(
    events: NDArray[np.float64],
    days: NDArray[np.float64],
    week: NDArray[np.float64],
    holiday: NDArray[np.bool_],
    level: float = 0.95,
) -> TrendFit:
    """Fit the trend model of :func:`weekly_trend` to weekly counts.

    Parameters
    ----------
    events, days, week : numpy.ndarray of float, shape (weeks,)
        Counts, days that hold data (above 0), and the number of the week.
    holiday : numpy.ndarray of bool, shape (weeks,)
        Weeks that hold a public holiday.
    level : float
        Confidence.
    """
    centred = week - week.mean()
    columns: list[Any] = [np.ones_like(centred), centred]
    season = bool(np.ptp(week) >= _SEASON_FROM)
    if season:
        angle = 2 * np.pi * week / _YEAR_WEEKS
        columns += [np.sin(angle), np.cos(angle)]
    plain = len(columns)
    if _HOLIDAY_WEEKS <= holiday.sum() <= len(week) - _HOLIDAY_WEEKS:
        columns.append(holiday.astype(float))
    design = np.column_stack(columns)
    fit = stats.fit_counts(events, design, days / 7)
    reach = distributions.t.isf((1 - level) / 2, fit.df)
    slope, error = float(fit.params[1]), float(np.sqrt(fit.covariance[1, 1]))
    drawn = design.copy()
    drawn[:, plain:] = 0
    centre = drawn @ fit.params
    spread = reach * np.sqrt(np.einsum("ij,jk,ik->i", drawn, fit.covariance, drawn))
    return TrendFit(
        np.exp(centre),
        np.exp(centre - spread),
        np.exp(centre + spread),
        float(np.expm1(4 * slope)),
        float(np.expm1(4 * (slope - reach * error))),
        float(np.expm1(4 * (slope + reach * error))),
        fit.dispersion,
        fit.correlation,
        season,
    )


def _weeks(
    calls: pd.DataFrame, settings: Settings, period: Period, measure: Measure
) -> pd.DataFrame:
    kept = counted(calls, settings, period)
    if measure == "qualified":
        kept = kept[kept["qualified"]]
    covered = days_with_data(calls, settings, period)
    index = pd.DatetimeIndex(covered.index)
    monday = index - pd.to_timedelta(index.day_of_week.to_numpy(), unit="D")
    weeks = pd.date_range(monday[0], monday[-1], freq="7D")
    day = kept["local"].dt.normalize()
    of_call = weeks_of(day)
    days = covered.groupby(monday).sum().reindex(weeks, fill_value=0)
    due = covered.groupby(monday).size().reindex(weeks, fill_value=0)
    marked = days_off(settings, period.first, period.last)
    names: dict[pd.Timestamp, list[str]] = {}
    for date, name in marked.items():
        names.setdefault(pd.Timestamp(date) - pd.Timedelta(days=date.weekday()), []).append(name)
    # Events on days that count as gaps cannot be: a gap holds no call at all.
    events = of_call.value_counts().reindex(weeks, fill_value=0)
    table = pd.DataFrame(
        {
            "week": weeks,
            "events": events.to_numpy(),
            "days": days.to_numpy(),
            "gap": (due > days).to_numpy(),
            "holidays": [", ".join(names.get(week, [])) for week in weeks],
        }
    )
    full = table["days"] >= _FEWEST_DAYS
    return table.assign(rate=(table["events"] / table["days"].clip(lower=1) * 7).where(full))


def _checks(fit: TrendFit) -> list[Check]:
    return [
        Check(
            "scatter",
            None,
            f"The weeks vary {fit.dispersion:.1f} times as much as independent calls would "
            "(overdispersion: Pearson's X² over df). The correlation from one week to the next is "
            f"{fit.correlation:.1f}. The range is widened for both.",
        ),
        Check(
            "season",
            fit.season,
            "The yearly season is removed."
            if fit.season
            else "The period is shorter than a year and a half, so trend and season cannot be "
            "separated. This is the change as it was, the season included.",
        ),
    ]


def _noun(measure: str) -> str:
    return "qualified call" if measure == "qualified" else "call"
