"""Weekly callers of a changed campaign beside those of control campaigns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.calls import counted
from calltrack_nb.effectiveness.days import days_with_data
from calltrack_nb.effectiveness.grouping import groups_of
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import days
from calltrack_nb.settings import Settings
from calltrack_nb.stats import FEWEST_FOR_A_GAP, longest_gap, usual_days

Outcome = Literal["callers", "qualified"]

YEAR: Final = dt.timedelta(weeks=52)
"""A year of whole weeks, so that weekdays meet weekdays."""

OWN_PAST: Final = "its own weeks a year before"

_SILENT = 1e-3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which campaigns a user wants to compare with, and which not.

    Parameters
    ----------
    only : frozenset of str
        Nothing but these; all, where it is empty.
    never : frozenset of str
        None of these.

    Examples
    --------
    >>> wanted = Wanted.parse("not Flyer; not Radio")
    >>> wanted.holds("Search"), wanted.holds("Flyer")
    (True, False)
    """

    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read "Search; Flyer" (only these) or "not Flyer" (all but this one)."""
        names = {part.strip() for part in text.split(";")} - {""}
        struck = {name for name in names if name.lower().startswith("not ")}
        return cls(frozenset(names - struck), frozenset(name[4:].strip() for name in struck))

    def holds(self, group: str) -> bool:
        """Say whether a campaign may serve."""
        return group not in self.never and (not self.only or group in self.only)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whole weeks on either side of a day.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``week`` (its first day), ``place`` (weeks from the change on), ``treated``,
        ``control`` (callers), ``changed`` (bool); weeks that lack data are left out.
    control : tuple of str
        The campaigns that serve as the control.
    dropped : tuple of str
        Campaigns that could not, each with its reason.
    same_weeks : bool
        False where the control is the campaign itself in another year.
    each : pandas.DataFrame of int
        Callers of each campaign of the control, a column each, in the same weeks.
    silent, silent_before : str
        The days from the change on, and those before it, in which the campaign itself fell
        silent; else empty.
    """

    weeks: pd.DataFrame
    control: tuple[str, ...]
    dropped: tuple[str, ...]
    same_weeks: bool = True
    each: pd.DataFrame = field(default_factory=pd.DataFrame)
    silent: str = ""
    silent_before: str = ""

    @property
    def before(self) -> int:
        """Weeks before the change."""
        return int((~self.weeks["changed"]).sum())

    @property
    def after(self) -> int:
        """Weeks under the change."""
        return int(self.weeks["changed"].sum())


@dataclass(frozen=True, slots=True)
class Log:
    """The counted calls of a log, ready to be compared.

    Parameters
    ----------
    callers : pandas.DataFrame
        ``group`` (campaign, or channel where a call has none), ``named`` (bool),
        ``channel``, ``person``, ``day`` (local midnight), ``qualified``.
    covered : pandas.Series of bool
        Which local days hold data.
    """

    callers: pd.DataFrame
    covered: pd.Series

    @classmethod
    def of(cls, calls: pd.DataFrame, settings: Settings) -> Log:
        """Read a ``calls`` table."""
        kept = counted(calls, settings)
        channel = kept["channel"].astype(object).fillna("other")
        callers = pd.DataFrame(
            {
                "group": groups_of(kept),
                "named": kept["campaign"].notna(),
                "channel": channel,
                "person": kept["person"],
                "day": kept["local"].dt.normalize(),
                "qualified": kept["qualified"],
            }
        )
        if kept.empty:
            return cls(callers, pd.Series(dtype=bool))
        whole = Period(callers["day"].min().date(), callers["day"].max().date())
        return cls(callers, days_with_data(calls, settings, whole))

    @property
    def first(self) -> dt.date | None:
        """First day of the log."""
        return None if self.covered.empty else self.covered.index[0].date()

    @property
    def last(self) -> dt.date | None:
        """Last day of the log."""
        return None if self.covered.empty else self.covered.index[-1].date()


def compare(
    log: Log,
    treated: str,
    day: dt.date,
    *,
    before: int,
    after: int,
    touched: frozenset[str] = frozenset(),
    outcome: Outcome = "callers",
    wanted: Wanted | None = None,
) -> Comparison:
    """Count callers by whole weeks before and from a day on.

    Each person counts once a week, so that somebody who rings five times, or a robot
    that rings forty times, is one event.

    Parameters
    ----------
    log : Log
        The calls.
    treated : str
        The group that was changed.
    day : datetime.date
        First day under the change.
    before, after : int
        Whole weeks wanted on either side.
    touched : frozenset of str
        Groups that were changed themselves within these weeks.
    outcome : {"callers", "qualified"}
        Everyone who rang, or those with a qualified call.
    wanted : Wanted, optional
        Which campaigns the user wants in the control; all that can be, otherwise.

    Notes
    -----
    Weeks in which the campaign itself fell silent are left out as well, before the change;
    such a silence is a broken number, not a low week.
    """
    anchor = pd.Timestamp(day)
    rows, good_days = _within(log, anchor, before, after)
    daily = _daily(rows, good_days)
    control, dropped = _controls(daily, treated, touched, wanted or Wanted())
    weeks = pd.RangeIndex(-before, after)
    each = pd.DataFrame(
        {name: _callers(rows, (name,), anchor, weeks, outcome) for name in control},
        index=range(len(weeks)),
    )
    table = _table(
        anchor,
        weeks,
        _callers(rows, (treated,), anchor, weeks, outcome),
        np.asarray(each.sum(axis=1), dtype=np.int64),
    )
    # of a few callers it is said how few they are; that they are silent says more than is known
    silent = good_days[_silence(daily, treated) if _enough(daily, treated) else []]
    earlier, later = silent[silent < anchor], silent[silent >= anchor]
    whole = _whole_weeks(good_days.difference(earlier), anchor, weeks)
    return Comparison(
        table[whole].reset_index(drop=True),
        control,
        dropped,
        each=each[whole].reset_index(drop=True),
        silent=days(later[0], later[-1]) if len(later) else "",
        silent_before=days(earlier[0], earlier[-1]) if len(earlier) else "",
    )


def compare_with_past(
    log: Log, treated: str, day: dt.date, *, before: int, after: int, outcome: Outcome = "callers"
) -> Comparison:
    """Count a campaign's callers by week beside its own callers 52 weeks earlier.

    What comes back every year cancels, and so does steady growth from year to year; what
    happened in one of the two years only does not. It is for campaigns that have no
    other to be compared with.

    Parameters
    ----------
    log : Log
        The calls; it has to reach 52 weeks behind the weeks wanted.
    treated : str
        The group that was changed.
    day : datetime.date
        First day under the change.
    before, after : int
        Whole weeks wanted on either side.
    outcome : {"callers", "qualified"}
        Everyone who rang, or those with a qualified call.
    """
    weeks = pd.RangeIndex(-before, after)
    anchor = pd.Timestamp(day)
    counts, whole = [], np.ones(len(weeks), dtype=bool)
    for start in (anchor, anchor - YEAR):
        rows, good_days = _within(log, start, before, after)
        counts.append(_callers(rows, (treated,), start, weeks, outcome))
        whole &= _whole_weeks(good_days, start, weeks)
    table = _table(anchor, weeks, *counts)
    return Comparison(table[whole].reset_index(drop=True), (OWN_PAST,), (), same_weeks=False)


def _within(
    log: Log, anchor: pd.Timestamp, before: int, after: int
) -> tuple[pd.DataFrame, pd.DatetimeIndex]:
    """Return the calls of the weeks around a day, and those weeks' days that hold data."""
    start, stop = anchor - pd.Timedelta(weeks=before), anchor + pd.Timedelta(weeks=after)
    rows = log.callers[(log.callers["day"] >= start) & (log.callers["day"] < stop)]
    covered = log.covered[(log.covered.index >= start) & (log.covered.index < stop)]
    return rows, pd.DatetimeIndex(covered.index[covered.to_numpy()])


def _callers(
    rows: pd.DataFrame,
    groups: tuple[str, ...],
    anchor: pd.Timestamp,
    weeks: pd.RangeIndex,
    outcome: Outcome,
) -> NDArray[np.int64]:
    """Count the people of some groups week by week."""
    chosen = rows[rows["group"].isin(groups)]
    if outcome == "qualified":
        chosen = chosen[chosen["qualified"]]
    week = (chosen["day"] - anchor).dt.days // 7
    people = chosen.assign(week=week).drop_duplicates(["group", "person", "week"])
    by_week = people["week"].value_counts().reindex(weeks, fill_value=0)
    return np.asarray(by_week, dtype=np.int64)


def _whole_weeks(
    good_days: pd.DatetimeIndex, anchor: pd.Timestamp, weeks: pd.RangeIndex
) -> NDArray[np.bool_]:
    held = pd.Series((good_days - anchor).days // 7).value_counts().reindex(weeks, fill_value=0)
    return np.asarray(held.to_numpy() == 7)


def _table(
    anchor: pd.Timestamp,
    weeks: pd.RangeIndex,
    treated: NDArray[np.int64],
    control: NDArray[np.int64],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week": anchor + pd.to_timedelta(7 * weeks.to_numpy(), unit="D"),
            "place": weeks.to_numpy(),
            "treated": treated,
            "control": control,
            "changed": weeks.to_numpy() >= 0,
        }
    )


def busiest_campaign(calls: pd.DataFrame, settings: Settings) -> str:
    """Return the campaign with most calls; empty where the log names none."""
    callers = Log.of(calls, settings).callers
    named = callers.loc[callers["named"], "group"].value_counts()
    return str(named.index[0]) if len(named) else ""


def _daily(rows: pd.DataFrame, good_days: pd.DatetimeIndex) -> pd.DataFrame:
    """Count the people of each group by day, over the days that hold data."""
    people = rows.drop_duplicates(["group", "person", "day"])
    group, names = pd.factorize(people["group"], sort=True)
    place = good_days.get_indexer(pd.DatetimeIndex(people["day"]))
    counts = np.zeros((len(good_days), len(names)), dtype=np.int64)
    np.add.at(counts, (place[place >= 0], group[place >= 0]), 1)
    return pd.DataFrame(counts, index=good_days, columns=names)


def _controls(
    daily: pd.DataFrame, treated: str, touched: frozenset[str], wanted: Wanted
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the groups that nothing happened to, and say why others are not used."""
    control, dropped = [], []
    for group in (str(name) for name in daily.columns if name != treated):
        if group in touched:
            dropped.append(f"{group} (changed itself in these weeks)")
        elif not wanted.holds(group):
            dropped.append(f"{group} (struck out by you)")
        elif not _enough(daily, group):
            dropped.append(f"{group} (too few callers)")
        elif len(_silence(daily, group)):
            dropped.append(f"{group} (fell silent or had not begun)")
        else:
            control.append(group)
    missing = sorted(wanted.only - set(daily.columns) - {treated})
    dropped += [f"{group} (no calls in these weeks)" for group in missing]
    return tuple(control), tuple(dropped)


def _enough(daily: pd.DataFrame, group: str) -> bool:
    """Say whether a group has the callers that it takes to see a silence."""
    return group in daily and bool(daily[group].sum() >= FEWEST_FOR_A_GAP)


def _silence(daily: pd.DataFrame, group: str) -> NDArray[np.int64]:
    """Return the days of a group's silence, if it has one that chance would hardly make.

    Days count as the other groups ring on them, so that a shop that is closed on Sundays
    is not silent on Sundays.
    """
    none = np.zeros(0, dtype=np.int64)
    counts = daily[group].to_numpy(dtype=float)
    others = daily.drop(columns=group).sum(axis=1).to_numpy(dtype=float)
    exposure = usual_days(others, pd.DatetimeIndex(daily.index))
    gap = longest_gap(counts, np.where(counts > 0, np.maximum(exposure, 0.05), exposure))
    if gap is None or gap.p_value >= _SILENT:
        return none
    return np.arange(gap.first, gap.last + 1)
