"""Money out and money in: spend cut to a period, orders tied to the calls before them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import stats
from calltrack_nb.calls import AMBIGUOUS, UNTIED, calls_of_orders
from calltrack_nb.effectiveness.grouping import GROUPINGS, SPENT_ON
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import agree, day, money, out_of, plural
from calltrack_nb.settings import Settings

FEWEST_SALES: Final = 8
"""Below this many sales an interval of revenue covers too seldom to be printed."""

_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Ledger:
    """Amounts in the business's currency, and what had to be left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        Spend (``channel``, ``campaign``, ``cost``, ``date``, ``days``) or sales (``person``,
        ``value``, the attribution of the call they came of).
    notes : tuple of str
        What could not be added, in words.
    """

    rows: pd.DataFrame
    notes: tuple[str, ...]


def spend_in(spend: pd.DataFrame, settings: Settings, period: Period) -> Ledger:
    """Cut spend to a period.

    A row that covers several days is spread evenly over them. Amounts in another
    currency than the business's are named, never added.
    """
    first = pd.to_datetime(spend["date"].astype("datetime64[s]"))
    days = spend["days"].astype("float64")
    last = first + pd.to_timedelta(days - 1, unit="D")
    opens, closes = pd.Timestamp(period.first), pd.Timestamp(period.last)
    start = first.where(first > opens, opens)
    end = last.where(last < closes, closes)
    inside = ((end - start).dt.days + 1).clip(lower=0)
    rows = pd.DataFrame(
        {
            "channel": spend["channel"],
            "campaign": spend["campaign"],
            "date": start,
            "days": inside,
            "cost": spend["cost"].astype("float64") * inside / days,
            "currency": spend["currency"].fillna(settings.business.currency),
        }
    )[inside.to_numpy() > 0]
    foreign = rows["currency"] != settings.business.currency
    notes = [
        f"{money(cost, str(currency))} of spend is in another currency and is not added to the "
        f"{settings.business.currency} figures."
        for currency, cost in rows[foreign].groupby("currency")["cost"].sum().items()
    ]
    negative = rows["cost"] < 0
    below = int(negative.sum())
    if below:
        notes.append(
            f"{plural(below, 'spend row')} below zero ({agree(below, 'a credit', 'credits')}) "
            f"{agree(below, 'is')} left out."
        )
    kept = rows[~foreign & ~negative].drop(columns="currency")
    whole = spend.loc[kept.index, "cost"].astype("float64").sum()
    if (outside := float(whole - kept["cost"].sum())) >= 0.005:
        notes.append(
            f"{money(outside, settings.business.currency)} of spend is for days before or after "
            "the period and is left out. A row for several days is spread evenly over them."
        )
    return Ledger(kept.reset_index(drop=True), tuple(notes))


def by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Spread spend evenly over the days it covers.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of :func:`spend_in`.

    Examples
    --------
    >>> week = pd.DataFrame({"date": [pd.Timestamp("2026-08-03")], "days": [2], "cost": [10.0]})
    >>> by_day(week)["cost"].tolist()
    [5.0, 5.0]
    """
    covered = rows["days"].astype(int)
    long = rows.loc[rows.index.repeat(covered)].reset_index(drop=True)
    step = long.groupby(np.repeat(np.arange(len(rows)), covered)).cumcount()
    return long.assign(
        date=long["date"] + pd.to_timedelta(step, unit="D"), cost=long["cost"] / long["days"]
    )


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid for: the calls it brought, and the spend on it.

    Parameters
    ----------
    calls : pandas.Series of bool
        One value per call.
    spend : pandas.Series of bool
        One value per row of spend: whether it names what it was spent on.
    """

    calls: pd.Series
    spend: pd.Series


def paid_for(counted: pd.DataFrame, costs: pd.DataFrame) -> Paid:
    """Tell the calls of campaigns that money was spent on from the rest.

    Spend that names a channel only pays for all calls of that channel; spend that names
    neither cannot be set against any call.

    Parameters
    ----------
    counted : pandas.DataFrame
        Calls with ``channel`` and ``campaign``.
    costs : pandas.DataFrame
        The rows of :func:`spend_in`.

    Examples
    --------
    >>> calls = pd.DataFrame({"channel": ["ads", "ads"], "campaign": ["Weddings", "Brand"]})
    >>> costs = pd.DataFrame({"channel": ["ads"], "campaign": ["Weddings"], "cost": [10.0]})
    >>> paid_for(calls, costs).calls.tolist()
    [True, False]
    """
    channel, campaign = SPENT_ON
    some = costs[costs["cost"] > 0]
    campaigns = set(some[campaign].dropna())
    channels = set(some.loc[some[campaign].isna(), channel].dropna())
    return Paid(
        counted[campaign].isin(campaigns) | counted[channel].isin(channels),
        costs[campaign].notna() | costs[channel].notna(),
    )


def sales_in(
    outcomes: pd.DataFrame,
    counted: pd.DataFrame,
    settings: Settings,
    period: Period,
    alike: tuple[str, ...] = (),
) -> Ledger:
    """Tie the orders won in a period to the calls they came of.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        The ``outcomes`` table.
    counted : pandas.DataFrame
        All calls of :func:`~calltrack_nb.calls.counted`, those
        before the period among them, since an order may follow an earlier call.
    settings : Settings
        Zone and currency.
    period : Period
        When the order was won.
    alike : tuple of str
        What has to be known of the call, see :func:`~calltrack_nb.calls.calls_of_orders`;
        without any it is enough to know the caller.
    """
    start, end = period.bounds(settings.business.timezone)
    won = outcomes[
        (outcomes["stage"] == "won").to_numpy()
        & ((outcomes["closed_at"] >= start) & (outcomes["closed_at"] < end)).to_numpy()
    ]
    currency = won["currency"].fillna(settings.business.currency)
    notes = [
        f"{money(value, str(name))} of orders is in another currency and is not added."
        for name, value in won["value"].astype("float64").groupby(currency).sum().items()
        if name != settings.business.currency
    ]
    won = won[(currency == settings.business.currency).to_numpy()]
    sales = _sales(won, counted, settings, alike)
    missing, tied = sales[sales["call_id"].isna()], sales[sales["call_id"].notna()]
    torn = missing["tie"].isin(AMBIGUOUS).any()
    if len(missing):
        notes.append(
            f"{out_of(len(missing), len(sales), 'order')} "
            f"({money(float(missing['value'].sum()), settings.business.currency)}) could not be "
            f"tied to a call and {agree(len(missing), 'is')} in no row: "
            f"{_reasons(missing, settings)}."
            + (" What one of several calls brought is in the total." if torn else "")
        )
    unpriced = tied["value"].isna()
    if unpriced.any():
        many = int(unpriced.sum())
        notes.append(
            f"{plural(many, 'order')} {agree(many, 'has')} no value; so revenue is too low."
        )
    rows = tied.drop(columns=["tie", "started_at"]).reset_index(drop=True)
    return Ledger(rows.assign(value=rows["value"].fillna(0.0)), tuple(notes))


RIPE_SHARE: Final = 0.9
"""The share of its orders that a call has brought when it is no longer said to wait for them."""


@dataclass(frozen=True, slots=True)
class OrdersToCome:
    """Which calls of a period will bring more orders than they have brought yet.

    Parameters
    ----------
    text : str
        A sentence; empty where there is no such call.
    since : datetime.date or None
        The local day from which calls have less than :data:`RIPE_SHARE` of their orders.
    until : datetime.date or None
        The local day of the last order, where orders of the period after it seem to be missing.
    """

    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def orders_to_come(
    outcomes: pd.DataFrame, counted: pd.DataFrame, settings: Settings, period: Period
) -> OrdersToCome:
    """Say which calls of a period will bring more orders than they have brought yet.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        The ``outcomes`` table.
    counted : pandas.DataFrame
        All calls of :func:`~calltrack_nb.calls.counted`: how long orders take is read from the
        whole log, and so is how far it goes.
    settings : Settings
        Zone and currency.
    period : Period
        Whose calls it is said of.

    Returns
    -------
    OrdersToCome
        Empty where no call of the period has orders still to come.
    """
    won = outcomes[(outcomes["stage"] == "won").to_numpy()]
    tied = _sales(won, counted, settings, ()).dropna(subset="call_id")
    if len(tied) < FEWEST_SALES:
        return OrdersToCome()
    zone = settings.business.timezone
    called, won_last = counted["started_at"].max(), tied["closed_at"].max()
    broken_off = _broken_off(tied["closed_at"], called)
    now = won_last if broken_off else max(called, won_last)
    took = (tied["closed_at"] - tied["started_at"]).dt.total_seconds() / _DAY_S
    could = (now - tied["started_at"]).dt.total_seconds() / _DAY_S
    half, most = (
        int(stats.quantile_by_now(np.ceil(took.clip(lower=0)), np.ceil(could), share))
        for share in (0.5, RIPE_SHARE)
    )
    since = (now.tz_convert(zone) - pd.Timedelta(days=most)).date()
    until = won_last.tz_convert(zone).date()
    told = [_won_later(tied, period, zone)]
    waits = since <= period.last and (most > 1 or broken_off)
    if waits:
        told.append(
            f"Half of the orders come within {plural(half, 'day')} of the call and nine in ten "
            f"within {plural(most, 'day')}. Orders of calls since {day(since)} may still "
            "come, so what these calls bring is not known yet."
        )
    return OrdersToCome(
        " ".join(filter(None, told)),
        since if waits else None,
        until if broken_off and until < period.last else None,
    )


_BY_CHANCE: Final = 0.001
_LONGER: Final = 1.5


def _broken_off(closed: pd.Series, called: pd.Timestamp) -> bool:
    """Tell whether orders end before the calls do, by more than chance and their habit explain.

    So many days without one are all but impossible at the orders' own pace (a Poisson process),
    and clearly more than there ever were between two orders.
    """
    at = closed.sort_values()
    silent = (called - at.iloc[-1]).total_seconds() / _DAY_S
    lasted = (at.iloc[-1] - at.iloc[0]).total_seconds() / _DAY_S
    longest = at.diff().dt.total_seconds().max() / _DAY_S
    if lasted <= 0:
        return False
    return bool(np.exp(-len(at) / lasted * silent) < _BY_CHANCE and silent > _LONGER * longest)


def _won_later(tied: pd.DataFrame, period: Period, zone: str) -> str:
    """Say how many orders of a period's calls were won after it; nothing where none was."""
    start, end = period.bounds(zone)
    called = (tied["started_at"] >= start) & (tied["started_at"] < end)
    many = int((called & (tied["closed_at"] >= end)).sum())
    if not many:
        return ""
    return (
        f"{plural(many, 'order')} of these calls {agree(many, 'was', 'were')} won after "
        f"{day(period.last)} and {agree(many, 'counts', 'count')} in no figure here."
    )


def _sales(
    won: pd.DataFrame, counted: pd.DataFrame, settings: Settings, alike: tuple[str, ...]
) -> pd.DataFrame:
    """Return orders beside the calls they came of, or why there is none."""
    sales = calls_of_orders(won, counted, settings.business.timezone, alike).assign(
        outcome_id=won["outcome_id"],
        closed_at=won["closed_at"],
        value=won["value"].astype("float64"),
    )
    calls = counted[["call_id", "person", "started_at", *GROUPINGS]]
    return sales.astype({"call_id": calls["call_id"].dtype}).merge(calls, on="call_id", how="left")


def _reasons(missing: pd.DataFrame, settings: Settings) -> str:
    """Say why orders are tied to no call, each reason with how many and how much it is."""
    worth = missing.groupby("tie")["value"].sum()
    return ", ".join(
        f"{int((missing['tie'] == why).sum())} {why} "
        f"({money(float(worth[why]), settings.business.currency)})"
        for why in UNTIED
        if why in worth
    )


def sums(codes: np.ndarray, values: pd.Series, groups: int) -> np.ndarray:
    """Add values up by group."""
    return np.bincount(codes, values.to_numpy(dtype=float), minlength=groups)
