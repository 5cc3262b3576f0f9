"""Tables of calls, spend and orders whose true rates are known, for proving the scorecard.

Leaner than the shop of :mod:`tools.simulator.shop`: no words, no wiring, only
what figures rest on, so that a thousand of them can be made and scored in minutes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.periods import Period
from tools.simulator.series import SeriesSpec, simulate_series

FIRST = dt.date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignsSpec:
    """What a set of campaigns is told.

    Parameters
    ----------
    days : int
        Length of the log, from Monday 5 January 2026.
    weekly : tuple of float
        Expected new callers a week of each campaign.
    qualified : tuple of float
        Chance that a call qualifies, of each campaign.
    cost : tuple of float
        Money spent a week on each campaign.
    again : float
        Chance that a caller calls once more, again and again.
    alike : float
        Intra-class correlation of one caller's calls.
    sale : float
        Chance that a caller buys.
    sale_spread : float
        Standard deviation of the log of an order's value; the median is 100.
    """

    days: int = 91
    weekly: tuple[float, ...] = (20.0, 12.0, 8.0, 5.0, 3.0)
    qualified: tuple[float, ...] = (0.5, 0.5, 0.5, 0.5, 0.5)
    cost: tuple[float, ...] = (300.0, 150.0, 120.0, 100.0, 40.0)
    again: float = 0.15
    alike: float = 0.4
    sale: float = 0.2
    sale_spread: float = 0.8


@dataclass(frozen=True, slots=True)
class SimulatedCampaigns:
    """Tables and the truth behind them.

    Parameters
    ----------
    calls, spend, outcomes : pandas.DataFrame
        Canonical tables.
    truth : pandas.DataFrame
        Indexed by campaign: expected ``calls``, ``people``, ``qualified`` (counts),
        ``qualified_rate``, ``revenue``.
    people : pandas.DataFrame
        Expected new callers, days by campaigns.
    period : Period
        The days of the log.
    """

    calls: pd.DataFrame
    spend: pd.DataFrame
    outcomes: pd.DataFrame
    truth: pd.DataFrame
    people: pd.DataFrame
    period: Period


def simulate_campaigns(spec: CampaignsSpec, rng: np.random.Generator) -> SimulatedCampaigns:
    """Draw one set of campaigns.

    Examples
    --------
    >>> drawn = simulate_campaigns(CampaignsSpec(), np.random.default_rng(1))
    >>> drawn.truth.index.tolist()
    ['A', 'B', 'C', 'D', 'E']
    """
    names = np.array([chr(ord("A") + place) for place in range(len(spec.weekly))])
    series = simulate_series(SeriesSpec(days=spec.days, weekly=spec.weekly), 1, rng)
    campaign, day = (
        np.repeat(place.ravel(), series.counts[0].ravel())
        for place in np.indices(series.counts[0].shape)
    )
    callers = len(campaign)
    rings = rng.geometric(1 - spec.again, callers)
    rate = np.asarray(spec.qualified)
    size = 1 / spec.alike - 1
    own = rng.beta(rate[campaign] * size, (1 - rate[campaign]) * size)
    person = np.repeat(np.arange(callers), rings)
    count = len(person)
    good = rng.random(count) < own[person]
    start = pd.Timestamp(FIRST) + pd.to_timedelta(
        86400 * day[person] + rng.integers(9 * 3600, 17 * 3600, count), unit="s"
    )
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": [f"c{place}" for place in range(count)],
            "provider": "spreadsheet",
            "started_at": start.tz_localize("UTC"),
            "duration_s": 90.0,
            "direction": "inbound",
            "status": np.where(good, "answered", "missed"),
            "caller_key": [f"p{place}" for place in person],
            "channel": "other",
            "campaign": names[campaign][person],
            "lead_status": "unknown",
        }
    )
    truth = _truth(spec, series.rates[0].sum(axis=1), names)
    return SimulatedCampaigns(
        schema.conform(calls, "calls"),
        _spend(spec, names),
        _orders(spec, day, rng),
        truth,
        pd.DataFrame(
            series.rates[0].T, columns=names, index=pd.date_range(FIRST, periods=spec.days)
        ),
        Period(FIRST, FIRST + dt.timedelta(days=spec.days - 1)),
    )


def _truth(spec: CampaignsSpec, people: np.ndarray, names: np.ndarray) -> pd.DataFrame:
    calls = people / (1 - spec.again)
    rate = np.asarray(spec.qualified)
    value = 100 * np.exp(spec.sale_spread**2 / 2)
    return pd.DataFrame(
        {
            "people": people,
            "calls": calls,
            "qualified": calls * rate,
            "qualified_rate": rate,
            "revenue": people * spec.sale * value,
        },
        index=pd.Index(names, name="campaign"),
    )


def _spend(spec: CampaignsSpec, names: np.ndarray) -> pd.DataFrame:
    rows = [
        {
            "account": "main",
            "date": FIRST + dt.timedelta(weeks=week),
            "days": 7,
            "campaign": str(name),
            "cost": Decimal(str(round(cost, 2))),
            "currency": "USD",
        }
        for week in range(spec.days // 7)
        for name, cost in zip(names, spec.cost, strict=True)
    ]
    return schema.conform(pd.DataFrame(rows), "spend")


def _orders(spec: CampaignsSpec, day: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    buyers = np.flatnonzero(rng.random(len(day)) < spec.sale)
    value = 100 * np.exp(spec.sale_spread * rng.standard_normal(len(buyers)))
    closed = pd.Timestamp(FIRST) + pd.to_timedelta(86400 * day[buyers] + 18 * 3600, unit="s")
    orders = pd.DataFrame(
        {
            "account": "main",
            "outcome_id": [f"o{buyer}" for buyer in buyers],
            "caller_key": [f"p{buyer}" for buyer in buyers],
            "closed_at": closed.tz_localize("UTC"),
            "stage": "won",
            "value": [Decimal(f"{amount:.2f}") for amount in value],
            "currency": "USD",
        }
    )
    return schema.conform(orders, "outcomes")
