"""Trials: how long a test must be, which weeks it runs, and what it showed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.effectiveness.comparison import Log, Outcome, compare
from calltrack_nb.errors import EvidenceError
from calltrack_nb.phrasing import agree, changed, listed, percent, plural, signed
from calltrack_nb.results import Result
from calltrack_nb.settings import Settings
from calltrack_nb.stats import paired_effect

LENGTHS: Final = (8, 10, 12, 16, 20, 26, 36, 52)
"""Weeks that a plan tries; half of them are on."""

_WANTED: Final = 0.8
_HISTORY: Final = 26
_FEWEST_HISTORY: Final = 6
_FEWEST_PAIRS: Final = 3


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class TrialPlan(Result):
    """A test to come.

    Parameters
    ----------
    campaign : str
        What will be switched on and off, or changed to and fro.
    effect : float
        The change to be found, as a share (0.3 is 30 % more callers).
    table : pandas.DataFrame
        ``weeks``, ``callers`` (expected of the campaign), ``power`` (share of simulated
        trials that find the effect), ``false_alarms`` (that find one where none is).
    weeks : int or None
        The shortest length that finds it in four cases of five; None where none does.
    schedule : pandas.DataFrame
        ``week`` (first day, a Monday), ``on`` (bool); empty where no length does.
    text : str
        The plan in words.
    """

    campaign: str
    effect: float
    weeks: int | None
    schedule: pd.DataFrame

    def any_monday(self) -> pd.DataFrame:
        """Return the schedule with its weeks numbered, for a trial whose start is open.

        Examples
        --------
        >>> weeks = draw_schedule(4, dt.date(2026, 10, 1))
        >>> table = pd.DataFrame()
        >>> plan = TrialPlan(table, "", campaign="Flyer", effect=0.3, weeks=4, schedule=weeks)
        >>> plan.any_monday()["week"].tolist()
        ['Week 1', 'Week 2', 'Week 3', 'Week 4']
        """
        numbers = [f"Week {number}" for number in range(1, len(self.schedule) + 1)]
        return self.schedule.assign(week=numbers)


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class TrialReading(Result):
    """What a finished trial showed.

    Parameters
    ----------
    table : pandas.DataFrame
        ``week``, ``on``, ``treated``, ``control`` (callers).
    ratio, low, high, p_value : float
        Callers in weeks on, as a multiple of weeks off, against the control; NaN where
        too few weeks have data.
    text : str
        The reading in words.
    """

    ratio: float
    low: float
    high: float
    p_value: float


def draw_schedule(weeks: int, start: dt.date, *, seed: int = 0) -> pd.DataFrame:
    """Say which weeks are on: one of each pair, by lot.

    Pairs keep on and off weeks equally far into the season; the lot keeps anybody's
    expectations out of it.

    Parameters
    ----------
    weeks : int
        An even number.
    start : datetime.date
        The trial begins on the Monday on or after it.
    seed : int
        The same seed draws the same schedule.

    Raises
    ------
    EvidenceError
        For an odd number of weeks, or fewer than four.

    Examples
    --------
    >>> draw_schedule(6, dt.date(2026, 10, 1))["on"].sum()
    np.int64(3)
    """
    if weeks < 4 or weeks % 2:
        raise EvidenceError(
            "A trial needs pairs of weeks", where=f"{weeks} weeks", fix="Use 6, 8, 10 or more"
        )
    first = np.random.default_rng(seed).integers(0, 2, weeks // 2).astype(bool)
    monday = pd.Timestamp(start + dt.timedelta(days=-start.weekday() % 7))
    return pd.DataFrame(
        {
            "week": monday + pd.to_timedelta(7 * np.arange(weeks), unit="D"),
            "on": np.column_stack([first, ~first]).ravel(),
        }
    )


def plan_trial(
    calls: pd.DataFrame,
    settings: Settings,
    campaign: str,
    start: dt.date | str,
    *,
    effect: float = 0.3,
    outcome: Outcome = "callers",
    runs: int = 1000,
    seed: int = 0,
) -> TrialPlan:
    """Find how many weeks a trial needs, by simulating it on the shop's own weeks.

    Pairs of weeks are drawn from the last half year with replacement, so that the
    simulated trials have the shop's numbers, scatter and correlation; the effect is laid
    on the weeks that are on, and each trial is read as :func:`read_trial` will.

    Parameters
    ----------
    calls : pandas.DataFrame
        The ``calls`` table.
    settings : Settings
        Zone, level and the qualified-call rule.
    campaign : str
        As the calls name it; nothing can be planned for an empty one.
    start : datetime.date or str
        When the trial could begin; as text such as ``2026-12-07``.
    effect : float
        The change that would be worth knowing of, as a share above -1.
    outcome : {"callers", "qualified"}
        What is counted.
    runs, seed : int
        Simulated trials per length, and their seed.

    Raises
    ------
    EvidenceError
        When the effect is no change at all or more than everything, or the campaign is
        not in the log.
    """
    start = _day(start)
    if effect <= -1 or effect == 0:
        raise EvidenceError(
            "A trial looks for a change", where=f"effect={effect}", fix="Use 0.3 for 30 % more"
        )
    log = Log.of(calls, settings)
    columns = ["weeks", "callers", "power", "false_alarms"]
    empty = pd.DataFrame({"week": [], "on": []})
    if log.last is None or not campaign:
        text = "There is no campaign with calls yet, so no trial can be planned."
        return TrialPlan(
            pd.DataFrame(columns=columns),
            text,
            campaign=campaign,
            effect=effect,
            weeks=None,
            schedule=empty,
        )
    if campaign not in set(log.callers["group"]):
        raise EvidenceError(
            "The log has no call of that campaign",
            where=campaign,
            fix=f"It has {listed(sorted(set(log.callers['group'])), 8)}",
        )
    end = log.last + dt.timedelta(days=1)
    past = compare(log, campaign, end, before=_HISTORY, after=0, outcome=outcome)
    if past.before < _FEWEST_HISTORY or not past.control or past.weeks["treated"].sum() == 0:
        text = (
            f"A trial of {campaign} cannot be planned: it takes {_FEWEST_HISTORY} weeks of data "
            "and another campaign to compare with."
        )
        return TrialPlan(
            pd.DataFrame(columns=columns),
            text,
            campaign=campaign,
            effect=effect,
            weeks=None,
            schedule=empty,
        )
    history = past.weeks[["treated", "control"]].to_numpy()
    rng = np.random.default_rng(seed)
    alpha = 1 - settings.evidence.level
    rows = []
    for length in LENGTHS:
        on = draw_schedule(length, start, seed=seed)["on"].to_numpy()
        found, alarms = (
            float(np.mean(_simulate(history, on, size, runs, rng) < alpha))
            for size in (effect, 0.0)
        )
        rows.append((length, history[:, 0].mean() * length * (1 + effect / 2), found, alarms))
    table = pd.DataFrame(rows, columns=columns)
    enough = table.loc[table["power"] >= _WANTED, "weeks"]
    weeks = int(enough.iloc[0]) if len(enough) else None
    schedule = empty if weeks is None else draw_schedule(weeks, start, seed=seed)
    return TrialPlan(
        table,
        _plan_in_words(campaign, effect, table, weeks),
        campaign=campaign,
        effect=effect,
        weeks=weeks,
        schedule=schedule,
    )


def read_trial(
    calls: pd.DataFrame,
    schedule: pd.DataFrame,
    settings: Settings,
    campaign: str,
    *,
    outcome: Outcome = "callers",
) -> TrialReading:
    """Read a finished trial by its own design: weeks on against weeks off.

    Parameters
    ----------
    calls : pandas.DataFrame
        The ``calls`` table.
    schedule : pandas.DataFrame
        As :func:`draw_schedule` gave it.
    settings : Settings
        Zone and level.
    campaign : str
        What was switched.
    outcome : {"callers", "qualified"}
        What is counted.
    """
    log = Log.of(calls, settings)
    start = pd.Timestamp(schedule["week"].iloc[0]).date()
    comparison = compare(log, campaign, start, before=0, after=len(schedule), outcome=outcome)
    table = schedule.merge(comparison.weeks[["week", "treated", "control"]], on="week")
    pair = (table["week"] - pd.Timestamp(schedule["week"].iloc[0])).dt.days // 14
    whole = pair.map(pair.value_counts()) == 2
    table = table[whole.to_numpy()].reset_index(drop=True)
    if len(table) < 2 * _FEWEST_PAIRS or not comparison.control:
        nan = float("nan")
        text = (
            f"The trial of {campaign} cannot be read: {len(table) // 2} of its "
            f"{plural(len(schedule) // 2, 'pair')} of weeks {agree(len(table) // 2, 'has')} data, "
            f"and it takes {_FEWEST_PAIRS} and another campaign."
        )
        return TrialReading(table, text, ratio=nan, low=nan, high=nan, p_value=nan)
    counts = table[["treated", "control"]].to_numpy()
    on = table["on"].to_numpy(dtype=bool)
    effect = paired_effect(counts[on], counts[~on], settings.evidence.level)
    ratio, low, high = float(effect.ratio), float(effect.low), float(effect.high)
    verdict = "it helped" if low > 1 else "it hurt" if high < 1 else "can't tell"
    text = (
        f"{campaign}, {len(table)} weeks: {verdict}. In weeks on there were {changed(ratio)} "
        f"callers ({changed(low)} to {changed(high)}) against weeks off, measured against "
        f"{listed(list(comparison.control))}."
    )
    return TrialReading(table, text, ratio=ratio, low=low, high=high, p_value=float(effect.p_value))


def _day(said: dt.date | str) -> dt.date:
    try:
        return dt.date.fromisoformat(said) if isinstance(said, str) else said
    except ValueError as error:
        raise EvidenceError(
            "That is no day", where=str(said), fix="Write it as 2026-12-07"
        ) from error


def _simulate(
    history: NDArray[np.int64],
    on: NDArray[np.bool_],
    effect: float,
    runs: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the p-values of trials on weeks drawn, in pairs, from the past."""
    pairs = len(on) // 2
    starts = rng.integers(0, len(history) - 1, (runs, pairs))
    drawn = history[np.stack([starts, starts + 1], axis=-1).reshape(runs, -1)]
    treated, control = drawn[..., 0], drawn[..., 1]
    if effect > 0:
        treated = treated + np.where(on, rng.poisson(treated * effect), 0)
    elif effect < 0:
        treated = np.where(on, rng.binomial(treated, 1 + effect), treated)
    counts = np.stack([treated, control], axis=-1)
    return np.asarray(paired_effect(counts[:, on], counts[:, ~on]).p_value)


def _plan_in_words(campaign: str, effect: float, table: pd.DataFrame, weeks: int | None) -> str:
    if weeks is None:
        best = table.iloc[-1]
        return (
            f"A change of {signed(effect)} in {campaign} cannot be found within "
            f"{plural(best['weeks'], 'week')}: even then only {percent(best['power'])} of trials "
            "would show it. Try a bolder change, or count something that happens more often."
        )
    row = table[table["weeks"] == weeks].iloc[0]
    return (
        f"To find a change of {signed(effect)} in {campaign}, run the trial for {weeks} weeks, "
        f"half of them on and half off by lot: about {plural(round(row['callers']), 'caller')}, "
        f"and {percent(row['power'])} of such trials would show it."
    )
