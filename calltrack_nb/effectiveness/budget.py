"""Where the next unit of money goes, as a range; silent when the data cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from calltrack_nb import phrasing, stats
from calltrack_nb.effectiveness.comparison import Log
from calltrack_nb.effectiveness.ledger import by_day, spend_in
from calltrack_nb.periods import Period
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Settings

FEWEST_WEEKS: Final = 12
FEWEST_CALLERS: Final = 60
LEAST_VARIATION: Final = 0.2
"""Standard deviation of the log of weekly spend, below which its effect cannot be seen."""

CARRIES: Final = (0.0, 0.25, 0.5, 0.7, 0.85)
"""Shares of what worked in one week that may still work in the next."""

_CARRY_PRIOR: Final = (0.4, 0.15, 0.15, 0.15, 0.15)
FEWEST_CHANGES: Final = 4
_UNCHANGED: Final = 0.07
_WEEKS_BEFORE: Final = 3
_DOUBT: Final = 0.7


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Budget(Result):
    """What one more unit of money would bring, where the past can say.

    Parameters
    ----------
    table : pandas.DataFrame
        ``campaign``, ``weeks``, ``spend`` (a week), ``callers`` (a week), ``elasticity``
        with ends (per cent more callers for one per cent more money), ``next_100`` with
        ends (callers for the next 100 of the currency), ``silent`` (why nothing is
        said; empty where something is).
    text : str
        What follows, if anything does.
    checks : tuple of Check
        The assumptions.
    currency : str
        Of the money.
    """

    currency: str

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it."""
        figures = phrasing.ranged(self.table, "next_100", lambda value: phrasing.number(value, 1))
        silent = self.table["silent"].astype(object)
        return pd.DataFrame(
            {
                "Campaign": self.table["campaign"],
                "Spent a week": [
                    phrasing.money(cost, self.currency) for cost in self.table["spend"]
                ],
                "Callers a week": [phrasing.number(value, 1) for value in self.table["callers"]],
                f"Callers for the next {self.currency} 100 (range)": figures.where(
                    silent == "", silent
                ),
            }
        )


def carried_over(spend: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what works in each week where money works on, for each of :data:`CARRIES`.

    Parameters
    ----------
    spend : numpy.ndarray of float, shape (weeks,)
        Of weeks that follow one another; before them it is taken to have been as in the first.

    Returns
    -------
    numpy.ndarray of float, shape (weeks, carries)
        A geometric mean over the weeks before: a share ``c`` of what worked the week before,
        and ``1 - c`` of the week's own spend (Broadbent 1979, One way TV advertisements work,
        Journal of the Market Research Society 21, 139-166).

    Examples
    --------
    >>> carried_over(np.array([100.0, 200.0, 200.0]))[:, [0, 2]].tolist()
    [[100.0, 100.0], [200.0, 150.0], [200.0, 175.0]]
    """
    carry = np.array(CARRIES)
    works = np.repeat(spend[:, None], len(carry), axis=1).astype(float)
    for week in range(1, len(spend)):
        works[week] = carry * works[week - 1] + (1 - carry) * spend[week]
    return works


def elasticity(
    callers: NDArray[np.float64],
    works: NDArray[np.float64],
    others: NDArray[np.float64],
    level: float = 0.95,
) -> tuple[float, float, float]:
    """Estimate per cent more callers for one per cent more money, kept up.

    A model of weekly callers (:func:`~calltrack_nb.stats.fit_counts`) on the logs of
    what works and of the other campaigns' callers, which stand for the season.

    Parameters
    ----------
    callers, others : numpy.ndarray of float, shape (weeks,)
        Of the campaign, and of all others.
    works : numpy.ndarray of float, shape (weeks, carries)
        Rows of :func:`carried_over`, above 0.
    level : float
        Confidence.

    Returns
    -------
    tuple of float
        Estimate, low end, high end.

    Notes
    -----
    How much carries over is not known. The estimates of all :data:`CARRIES` are weighed by
    their quasi-likelihood, with the slope, which is standard normal beforehand, integrated out,
    and mixed, so that the range holds what the weeks leave open of it. Without that, ranges
    cover .47 to .88 where six tenths or more carry over (``python -m benchmarks budget``).
    """
    season = np.log(others + 0.5) - np.log(others + 0.5).mean()
    logs = np.log(works) - np.log(works).mean(axis=0)
    slopes, errors, heights, scales = np.empty((4, works.shape[1]))
    degrees = 1
    for place, log in enumerate(logs.T):
        columns = [np.ones_like(log), log]
        if np.ptp(season) > 0:
            columns.append(season)
        design = np.column_stack(columns)
        fit = stats.fit_counts(callers, design, np.ones_like(log))
        expected = np.exp(design @ fit.params)
        slopes[place], errors[place] = fit.params[1], np.sqrt(fit.covariance[1, 1])
        heights[place] = callers @ np.log(expected) - expected.sum()
        scales[place] = max(fit.dispersion, 1) * (1 + fit.correlation) / (1 - fit.correlation)
        degrees = fit.df
    whole = errors**2 + 1
    weight = (
        heights / scales[heights.argmax()]
        + np.log(_CARRY_PRIOR)
        + np.log(errors)
        - (np.log(whole) + slopes**2 / whole) / 2
    )
    tail = (1 - level) / 2
    wider = distributions.t.isf(tail, degrees) / distributions.norm.isf(tail)
    known = stats.NormalMixture.of(weight, slopes, errors * wider)
    return known.average, known.quantile(tail), known.quantile(1 - tail)


def why_confounded(
    callers: NDArray[np.float64], spend: NDArray[np.float64], others: NDArray[np.float64]
) -> str:
    """Say why spend may have followed the calls instead of bringing them.

    Spend that goes up and down every week, as it does where clicks are paid for, rises with
    the demand of the same week: no series of weeks tells that from an effect. Only a budget
    that somebody sets tells, kept for some weeks and then changed, and not changed because
    of how many had been calling.

    Parameters
    ----------
    callers, spend, others : numpy.ndarray of float, shape (weeks,)
        Of the same weeks; spend above 0.

    Returns
    -------
    str
        Empty where nothing speaks against an effect.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> demand = rng.lognormal(0, 0.3, 30)
    >>> why_confounded(20 * demand, 100 * demand, np.full(30, 50.0))
    'spend went up and down from week to week, so it may have followed the calls: a trial can tell'
    >>> budget = np.repeat([100.0, 150, 100, 160, 110, 170], 5)
    >>> why_confounded(rng.poisson(20, 30).astype(float), budget, np.full(30, 50.0))
    ''
    """
    change = np.diff(np.log(spend))
    changed = np.flatnonzero(np.abs(change) > _UNCHANGED)
    if 2 * len(changed) > len(change):
        return (
            "spend went up and down from week to week, so it may have followed the calls: a trial "
            "can tell"
        )
    if len(changed) < FEWEST_CHANGES:
        return "spend was changed too seldom to tell its effect from other changes"
    level = np.log((callers + 0.5) / (others + 0.5))
    before = [level[max(0, at + 1 - _WEEKS_BEFORE) : at + 1].mean() for at in changed]
    link = distributions.spearmanr(change[changed], before)
    if link.statistic > 0 and link.pvalue < _DOUBT:
        return "spend was raised after weeks with many calls, so it may have followed them"
    return ""


def callers_for(
    amount: float,
    callers: NDArray[np.float64],
    spend: NDArray[np.float64],
    slope: tuple[float, float, float],
    level: float = 0.95,
) -> tuple[float, float, float]:
    """Estimate the callers that a little more money would bring.

    Parameters
    ----------
    amount : float
        The money.
    callers, spend : numpy.ndarray of float, shape (weeks,)
        Of the same weeks.
    slope : tuple of float
        What :func:`elasticity` gave, its low end above 0.
    level : float
        Confidence.

    Returns
    -------
    tuple of float
        The elasticity times callers per money, low end, high end; both are uncertain and
        enter the range (:func:`~calltrack_nb.stats.product`).
    """
    total = float(callers.sum())
    scatter = stats.lasting_dispersion(callers)
    per = amount / float(spend.sum())
    ends = stats.poisson_interval(total, level, dispersion=scatter)
    middle, low, high = (np.asarray(value) for value in slope)
    both = stats.product(
        middle,
        stats.Bounds(low, high),
        total * per,
        stats.Bounds(ends.low * per, ends.high * per),
    )
    return slope[0] * total * per, float(both.low), float(both.high)


def marginal_return(
    calls: pd.DataFrame, spend: pd.DataFrame, settings: Settings, period: Period
) -> Budget:
    """Estimate what the next 100 units of money would bring, campaign by campaign.

    Parameters
    ----------
    calls, spend : pandas.DataFrame
        The canonical tables.
    settings : Settings
        Zone, level and currency.
    period : Period
        Local days; whole Monday weeks that hold data and spend are used.
    """
    log = Log.of(calls, settings)
    rows = by_day(spend_in(spend, settings, period).rows)
    names = sorted(set(rows["campaign"].dropna().astype(str)))
    records = [_campaign(name, log, rows, period, settings.evidence.level) for name in names]
    columns = [
        "campaign", "weeks", "spend", "callers", "elasticity", "elasticity_low", "elasticity_high",
        "next_100", "next_100_low", "next_100_high", "silent",
    ]  # fmt: skip
    table = pd.DataFrame(records, columns=columns)
    return Budget(
        table, _in_words(table, settings), _ASSUMPTIONS, currency=settings.business.currency
    )


def _campaign(
    name: str, log: Log, rows: pd.DataFrame, period: Period, level: float
) -> dict[str, object]:
    own = rows[rows["campaign"] == name]
    monday = pd.Timestamp(period.first) + pd.Timedelta(days=-period.first.weekday() % 7)
    weeks = ((pd.Timestamp(period.last) - monday).days + 1) // 7
    if weeks < 1 or log.covered.empty:
        return _silent(name, 0, np.nan, np.nan, "too few weeks to say")
    index = pd.RangeIndex(weeks)
    covered = pd.DatetimeIndex(log.covered.index[log.covered.to_numpy()])
    held = pd.Series((covered - monday).days // 7).value_counts().reindex(index, fill_value=0)
    people = log.callers.assign(week=(log.callers["day"] - monday).dt.days // 7)
    people = people.drop_duplicates(["group", "person", "week"])
    mine = people.loc[people["group"] == name, "week"].value_counts().reindex(index, fill_value=0)
    rest = people.loc[people["group"] != name, "week"].value_counts().reindex(index, fill_value=0)
    cost = (
        own.groupby((own["date"] - monday).dt.days // 7)["cost"]
        .sum()
        .reindex(index, fill_value=0.0)
    )
    used = ((held == 7) & (cost > 0)).to_numpy()
    weekly, callers = cost.to_numpy()[used], mine.to_numpy()[used].astype(np.float64)
    count = int(used.sum())
    spent = float(weekly.mean()) if count else np.nan
    rang = float(callers.mean()) if count else np.nan
    if count < FEWEST_WEEKS or callers.sum() < FEWEST_CALLERS:
        return _silent(name, count, spent, rang, "too few weeks or callers to say")
    if float(np.std(np.log(weekly))) < LEAST_VARIATION:
        return _silent(
            name, count, spent, rang, "spend hardly varied, so its effect cannot be seen"
        )
    others = rest.to_numpy()[used].astype(np.float64)
    if why := why_confounded(callers, weekly, others):
        return _silent(name, count, spent, rang, why)
    slope = elasticity(callers, carried_over(cost.to_numpy())[used], others, level)
    if slope[1] <= 0:
        return _silent(name, count, spent, rang, "more money may have brought nothing: can't tell")
    ends = ("", "_low", "_high")
    more = callers_for(100, callers, weekly, slope, level)
    return {
        "campaign": name, "weeks": count, "spend": spent, "callers": rang, "silent": "",
        **{f"elasticity{end}": value for end, value in zip(ends, slope, strict=True)},
        **{f"next_100{end}": value for end, value in zip(ends, more, strict=True)},
    }  # fmt: skip


def _silent(name: str, weeks: int, spend: float, callers: float, why: str) -> dict[str, object]:
    return {"campaign": name, "weeks": weeks, "spend": spend, "callers": callers, "silent": why}


def _in_words(table: pd.DataFrame, settings: Settings) -> str:
    if table.empty:
        return "No spend is on record, so nothing can be said about the next unit of money."
    said = table[table["silent"] == ""].sort_values("next_100", ascending=False)
    if said.empty:
        return (
            "The data cannot say where the next money should go. Spend rose and fell with demand, "
            "or hardly changed, or too few people called. A trial can find out."
        )
    best = said.iloc[0]
    line = (
        f"The next {settings.business.currency} 100 on {best['campaign']} would bring "
        f"{phrasing.number(best['next_100_low'], 1)} to "
        f"{phrasing.number(best['next_100_high'], 1)} callers"
    )
    rest = said.iloc[1:]
    if len(rest) and (rest["next_100_high"] < best["next_100_low"]).all():
        return line + ", clearly more than on any other campaign that can be judged."
    return line + "; no campaign is clearly ahead of the others, so nothing is recommended."


_ASSUMPTIONS: Final = (
    Check(
        "assumptions",
        None,
        "A campaign is judged only where its budget was kept for weeks and then changed, and not "
        "after weeks with many calls. This assumes that no budget was raised because more calls "
        "were expected, and that further spend works like past spend. "
        "Spend may still bring callers in later weeks. How much is estimated from the weeks, and "
        "the range counts these later callers. "
        "It says nothing about amounts far beyond those tried.",
    ),
)
