"""Trials: how long a test must be, which weeks it runs, and what it showed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.effectiveness.broken import (
    NOTHING_BROKEN,
    broken_between,
    sound_log,
    treated_broken,
    without_groups,
)
from calltrack_nb.effectiveness.comparison import Log, Outcome, compare
from calltrack_nb.errors import EvidenceError
from calltrack_nb.phrasing import agree, changed, listed, percent, plural, signed
from calltrack_nb.results import Result
from calltrack_nb.settings import Settings
from calltrack_nb.stats import lasting_dispersion, paired_effect

PAIRS: Final = (4, 5, 6, 8, 10, 13, 18, 26)
"""Pairs of a stretch on and a stretch off that a plan tries, of a year at most."""

SEARCHED: Final = frozenset({"google_ads", "microsoft_ads"})
"""Channels whose callers ring soon: they were searching when they saw the advertisement."""

_LONGEST: Final = 52
MOST_WASH_OUT: Final = 5
"""With more the shortest plan is longer than a year."""

_WANTED: Final = 0.8
_USUAL_SCATTER: Final = 1.3
_WORTH_PAIRS: Final = 2
"""How much scatter weeks usually have, and how many pairs of weeks that knowledge is worth.

Whoever takes the first length that seems to do takes it too often because the past scattered
less than it usually does, so what was seen is drawn towards what is usual. Shops that scatter
little then have a little more power than they are promised, and shops that scatter very much
less (``python -m benchmarks trials``).
"""

_HISTORY: Final = 52
_RECENT: Final = 26
"""Weeks that tell how much a campaign scatters, and those that tell its numbers."""

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
        ``weeks``, ``callers`` (expected of the campaign in the weeks that count), ``power``
        (share of simulated trials that find the effect), ``false_alarms`` (that find one
        where none is).
    weeks : int or None
        The shortest length that finds it in four cases of five; None where none does.
    schedule : pandas.DataFrame
        As :func:`draw_schedule` gives it; empty where no length does.
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


def draw_schedule(weeks: int, start: dt.date, *, seed: int = 0, wash_out: int = 0) -> pd.DataFrame:
    """Say which weeks are on: one stretch of each pair, at random.

    Pairs keep on and off weeks equally far into the season; the lot keeps anybody's
    expectations out of it. A stretch is one week that counts, after the weeks in which the
    stretch before still works on.

    Parameters
    ----------
    weeks : int
        A multiple of a pair's weeks.
    start : datetime.date
        The trial begins on the Monday on or after it.
    seed : int
        The same seed draws the same schedule.
    wash_out : int
        Weeks at the beginning of each stretch that do not count.

    Returns
    -------
    pandas.DataFrame
        ``week`` (first day), ``on`` (bool) and, where some do not count, ``counts`` (bool).

    Raises
    ------
    EvidenceError
        For weeks that make no pairs, or fewer than two of them.

    Examples
    --------
    >>> draw_schedule(6, dt.date(2026, 10, 1))["on"].sum()
    np.int64(3)
    >>> draw_schedule(8, dt.date(2026, 10, 1), wash_out=1)["counts"].tolist()
    [False, True, False, True, False, True, False, True]
    """
    stretch = 1 + wash_out
    if weeks < 4 * stretch or weeks % (2 * stretch):
        raise EvidenceError(
            "A trial needs whole pairs of weeks",
            where=f"{weeks} weeks",
            fix=f"Use {', '.join(str(2 * stretch * pairs) for pairs in (3, 4, 5))} or more",
        )
    first = np.random.default_rng(seed).integers(0, 2, weeks // (2 * stretch)).astype(bool)
    monday = pd.Timestamp(start + dt.timedelta(days=-start.weekday() % 7))
    schedule = pd.DataFrame(
        {
            "week": monday + pd.to_timedelta(7 * np.arange(weeks), unit="D"),
            "on": np.repeat(np.column_stack([first, ~first]).ravel(), stretch),
        }
    )
    if wash_out:
        schedule["counts"] = np.arange(weeks) % stretch == wash_out
    return schedule


def plan_trial(  # noqa: PLR0913 - what a plan depends on
    calls: pd.DataFrame,
    settings: Settings,
    campaign: str,
    start: dt.date | str,
    *,
    effect: float = 0.3,
    outcome: Outcome = "callers",
    wash_out: int | None = None,
    runs: int = 1000,
    seed: int = 0,
    broken: pd.DataFrame | None = None,
) -> TrialPlan:
    """Find how many weeks a trial needs, by simulating it.

    The simulated weeks have the numbers of the last half year and the scatter of the last
    year from one stretch to the next, both as uncertain as so many weeks leave them; the
    effect is laid on the weeks that are on, and each trial is read as :func:`read_trial`
    will.

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
    wash_out : int, optional
        Weeks after each switch that do not count, because the weeks before still work on;
        without it none for campaigns of :data:`SEARCHED` channels and one for all others.
    runs, seed : int
        Simulated trials per length, and their seed.
    broken : pandas.DataFrame, optional
        Days on which a campaign's number was broken: the plan is made from weeks without those
        of the campaign, and says so.

    Raises
    ------
    EvidenceError
        When the effect is no change at all or more than everything, or the campaign is
        not in the log.
    """
    start = _day(start)
    if effect <= -1 or effect == 0:
        raise EvidenceError(
            "A trial needs a change to look for",
            where=f"effect={effect}",
            fix="Use 0.3 for 30 % more",
        )
    if wash_out is not None and not 0 <= wash_out <= MOST_WASH_OUT:
        raise EvidenceError(
            "That number of weeks after each switch cannot be left out",
            where=f"wash_out={wash_out}",
            fix=f"Use 0 to {MOST_WASH_OUT}",
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
            "The log has no call from that campaign",
            where=campaign,
            fix=f"It has {listed(sorted(set(log.callers['group'])), 8)}",
        )
    end = log.last + dt.timedelta(days=1)
    broken = NOTHING_BROKEN if broken is None else broken
    began = end - dt.timedelta(weeks=_HISTORY)
    others = broken_between(broken, began, end) - {campaign}
    sound = sound_log(log, [campaign], broken)
    past = compare(
        without_groups(sound, others), campaign, end, before=_HISTORY, after=0, outcome=outcome
    )
    if others and not past.control:
        sound = sound_log(sound, others, broken)
        past = compare(sound, campaign, end, before=_HISTORY, after=0, outcome=outcome)
    mended = _mend_first(campaign, broken, began, end)
    if past.before < _FEWEST_HISTORY or not past.control or past.weeks["treated"].sum() == 0:
        text = (
            f"A trial of {campaign} cannot be planned: it takes {_FEWEST_HISTORY} weeks of data "
            f"and another campaign to compare with.{mended}"
        )
        return TrialPlan(
            pd.DataFrame(columns=columns),
            text,
            campaign=campaign,
            effect=effect,
            weeks=None,
            schedule=empty,
        )
    own = log.callers.loc[log.callers["group"] == campaign, "channel"]
    washed = int(not own.isin(SEARCHED).all()) if wash_out is None else wash_out
    table = power_by_length(
        past.weeks[["treated", "control"]].to_numpy(),
        effect,
        wash_out=washed,
        level=settings.evidence.level,
        runs=runs,
        seed=seed,
    )
    enough = table.loc[table["power"] >= _WANTED, "weeks"]
    weeks = int(enough.iloc[0]) if len(enough) else None
    schedule = empty if weeks is None else draw_schedule(weeks, start, seed=seed, wash_out=washed)
    return TrialPlan(
        table,
        f"{_plan_in_words(campaign, effect, table, weeks)} {_carried_in_words(washed)}{mended}",
        campaign=campaign,
        effect=effect,
        weeks=weeks,
        schedule=schedule,
    )


def _mend_first(campaign: str, broken: pd.DataFrame, first: dt.date, end: dt.date) -> str:
    """Say that a campaign's number was broken in the weeks that a plan is made from."""
    if campaign not in broken_between(broken, first, end):
        return ""
    spans = treated_broken(broken, campaign)
    last = broken.loc[broken["campaign"] == campaign, "last"].max()
    now = last >= pd.Timestamp(end) - pd.Timedelta(days=1)
    advice = " Repair it before the trial begins, or the trial shows nothing." if now else ""
    return (
        f" The number of {campaign} was broken on {spans}; the weeks that hold these days are left "
        f"out of the plan.{advice}"
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
    planned = schedule if "counts" in schedule else schedule.assign(counts=True)
    kept = planned[planned["counts"].to_numpy(dtype=bool)]
    kept = kept.drop(columns="counts").assign(pair=np.arange(len(kept)) // 2)
    table = kept.merge(comparison.weeks[["week", "treated", "control"]], on="week")
    pair = table.pop("pair")
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
            "That is not a date", where=str(said), fix="Write it as 2026-12-07"
        ) from error


def power_by_length(
    history: NDArray[np.int64],
    effect: float,
    *,
    wash_out: int = 0,
    level: float = 0.95,
    runs: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate trials of several lengths on what past weeks say.

    Parameters
    ----------
    history : numpy.ndarray of int, shape (weeks, 2)
        Callers of the campaign and of the control.
    effect : float
        As a share.
    wash_out : int
        As for :func:`draw_schedule`.
    level : float
        At which a trial is read.
    runs, seed : int
        Simulated trials of each length, and their seed.

    Returns
    -------
    pandas.DataFrame
        As the table of :class:`TrialPlan`.

    Notes
    -----
    How much more than by chance the share moves from one stretch to the next is the mean of
    its squared changes over their variances by chance; its uncertainty is that of a scaled
    inverse chi-squared distribution. Neighbouring changes share a week, which takes a third of
    their number (an autocorrelation of -1/2 makes the variance of a mean of squares 1.5 times
    as large).
    """
    rng = np.random.default_rng(seed)
    treated, control = history.T.astype(float)
    apart = 1 + wash_out
    share = np.log((treated + 0.5) / (control + 0.5))
    chance = 1 / (treated + 0.5) + 1 / (control + 0.5)
    changes = (share[apart:] - share[:-apart]) ** 2 / (chance[apart:] + chance[:-apart])
    worth = len(changes) / 1.5
    known = changes.mean() * worth + _USUAL_SCATTER * _WORTH_PAIRS
    scatter = np.maximum(known / rng.chisquare(worth + _WORTH_PAIRS, runs), 1)
    own, beside = treated[-_RECENT:], max(float(control[-_RECENT:].mean()), 0.5)
    lasting = max(float(lasting_dispersion(own)), 1.0)
    usual = max(own.mean(), 0.5) * np.exp(
        rng.normal(0, np.sqrt(lasting / max(own.sum(), 1.0)), runs)
    )
    deviation = np.sqrt((scatter - 1) * (1 / usual + 1 / beside))[:, None]

    def trials(pairs: int, size: float) -> NDArray[np.float64]:
        on, off = (
            np.stack(
                [
                    rng.poisson(
                        mean[:, None]
                        * np.exp(deviation * rng.standard_normal((runs, pairs)) - deviation**2 / 2)
                    ),
                    rng.poisson(beside, (runs, pairs)),
                ],
                axis=-1,
            )
            for mean in (usual * (1 + size), usual)
        )
        return np.asarray(paired_effect(on, off, level).p_value)

    rows = []
    for pairs in (pairs for pairs in PAIRS if 2 * apart * pairs <= _LONGEST):
        found, alarms = (float(np.mean(trials(pairs, size) < 1 - level)) for size in (effect, 0.0))
        rows.append((2 * apart * pairs, own.mean() * pairs * (2 + effect), found, alarms))
    return pd.DataFrame(rows, columns=["weeks", "callers", "power", "false_alarms"])


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
        f"half of them on and half off at random. About {plural(round(row['callers']), 'caller')} "
        f"would call in the weeks that count, and {percent(row['power'])} of such trials would "
        "show the change. Of the lengths tried "
        f"({listed([str(length) for length in table['weeks']], len(table))} weeks) it is the "
        "shortest that does so in four cases of five."
    )


def _carried_in_words(wash_out: int) -> str:
    if wash_out:
        return (
            f"The first {plural(wash_out, 'week')} after each switch "
            f"{agree(wash_out, 'does', 'do')} not count, because what ran before still brings "
            "callers."
        )
    return (
        "This assumes that people call in the week in which they see it. If many call later, leave "
        "out weeks after each switch (wash_out)."
    )
