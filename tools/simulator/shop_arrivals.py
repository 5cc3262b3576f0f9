"""When a simulated shop's telephone rings, for whom, and whether somebody picks up."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.simulator.shop_spec import Campaign, ShopSpec

Floats = npt.NDArray[np.float64]

WEEKDAYS: Final = np.array([1.12, 1.1, 1.04, 1.1, 1.3, 1.04, 0.3])
"""Calls on Monday to Sunday, relative to an average day."""

HOURS: Final = np.array(
    [0, 0, 0, 0, 0, 0, 0.2, 0.8, 6, 10, 12, 11, 9, 7.5, 8, 9, 9.5, 8, 3, 2, 1.2, 0.6, 0.2, 0.1]
)
"""Relative calls by local hour of the day."""

OPENS: Final = (8, 8, 8, 8, 8, 9, 24)
CLOSES: Final = (18, 18, 18, 18, 18, 14, 24)
"""Opening hours from Monday to Sunday; closed where a day opens at 24."""


def stream(spec: ShopSpec, name: str) -> np.random.Generator:
    """Return the random stream of one part of the simulation.

    Parts draw from streams of their own, so that changing one (planting faults, say)
    leaves the others as they were.
    """
    return np.random.default_rng([spec.seed, *name.encode()])


def local_days(spec: ShopSpec) -> pd.DatetimeIndex:
    """Return the log's local days, naive."""
    return pd.date_range(spec.first, spec.last, freq="D")


def to_utc(local: pd.Series[Any], spec: ShopSpec) -> pd.Series[Any]:
    """Read naive local times in the shop's zone."""
    aware = local.dt.tz_localize(
        spec.timezone, nonexistent="shift_forward", ambiguous=np.zeros(len(local), dtype=bool)
    )
    moments: pd.Series[Any] = aware.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    return moments


def season(days: pd.DatetimeIndex) -> Floats:
    """Return the yearly rhythm all campaigns share: a high in June, a dip in August."""
    day = days.day_of_year.to_numpy(dtype=float)
    year = 2 * np.pi * day / 365.25
    return np.asarray(1 + 0.14 * np.cos(year - 2.8) + 0.05 * np.cos(2 * year - 5.4))


def arrivals(spec: ShopSpec) -> pd.DataFrame:
    """Draw every inbound call of a customer.

    Daily counts are negative binomial around campaign x weekday x season x holiday x a
    shared weekly shock (autocorrelated) x the tweaks' true effects.

    Returns
    -------
    pandas.DataFrame
        Columns ``started_at`` (UTC), ``local`` (naive), ``status``, ``place`` (index of
        the campaign) and the campaign's own columns, in order of time.
    """
    rng = stream(spec, "arrivals")
    days = local_days(spec)
    shared = WEEKDAYS[days.day_of_week] * season(days) * _holidays(days) * _shock(spec, days)
    parts = []
    for place, campaign in enumerate(spec.campaigns):
        mean = campaign.weekly_calls / 7 * spec.volume * shared * _tweaked(campaign, spec, days)
        counts = _overdispersed(mean, spec.dispersion, rng)
        when = days.repeat(counts) + pd.to_timedelta(_seconds(int(counts.sum()), rng), unit="s")
        parts.append(pd.DataFrame({"local": when, "place": place}))
    draft = pd.concat(parts, ignore_index=True).sort_values("local", ignore_index=True)
    draft["started_at"] = to_utc(draft["local"], spec)
    draft["status"] = _picked_up(draft["local"], rng)
    draft["direction"] = "inbound"
    return _attributed(draft, spec)


def is_open(local: pd.Series[Any]) -> pd.Series[Any]:
    """Tell for naive local times whether the shop is open."""
    hour = local.dt.hour + local.dt.minute / 60
    weekday = local.dt.day_of_week.to_numpy()
    open_now: pd.Series[Any] = hour.between(
        np.array(OPENS)[weekday], np.array(CLOSES)[weekday], inclusive="left"
    )
    return open_now


def callbacks(draft: pd.DataFrame, spec: ShopSpec) -> pd.DataFrame:
    """Ring back everybody whose call was not picked up, in opening hours.

    Returns
    -------
    pandas.DataFrame
        Outbound calls over the shop's own line, as rows like `draft`'s.
    """
    rng = stream(spec, "callbacks")
    missed = draft[(draft["status"] != "answered") & draft["caller_number"].notna()]
    wait = pd.to_timedelta(rng.uniform(6, 150, len(missed)).round(2), unit="min")
    local = (missed["local"] + wait).map(_next_open).dt.floor("s")
    back = missed[["caller_number", "caller_city", "caller_region", "caller_country", "person"]]
    back = back.assign(
        local=local,
        started_at=to_utc(local, spec),
        direction="outbound",
        status="answered",
        duration_s=rng.lognormal(4.1, 0.5, len(missed)).round(),
        provider="callrail",
        destination_number=spec.destination,
        channel="direct",
        source="Outbound",
        agent=rng.choice(["Mary", "Joan"], len(missed)),
        kind="callback",
        lead_status="unknown",
        tags=None,
    )
    back["call_id"] = [f"callrail:CAL{identity}" for identity in identities(len(back), rng)]
    inside = (back["local"] < pd.Timestamp(spec.last) + pd.Timedelta(days=1)).to_numpy()
    return back[inside].reset_index(drop=True)


def identities(count: int, rng: np.random.Generator) -> list[str]:
    """Draw identifiers of the kind services print: sixteen hexadecimal digits."""
    return [f"{number:016x}" for number in rng.integers(0, 2**63, count)]


def _next_open(moment: pd.Timestamp) -> pd.Timestamp:
    """Put a moment off until the shop is open; a closed one to soon after it opens."""
    soon = pd.Timedelta(minutes=5 + moment.minute)
    while True:
        opens = moment.normalize() + pd.Timedelta(hours=OPENS[moment.day_of_week])
        closes = moment.normalize() + pd.Timedelta(hours=CLOSES[moment.day_of_week])
        if opens <= moment < closes:
            return moment
        if moment < opens < closes:
            return opens + soon
        moment = moment.normalize() + pd.Timedelta(days=1)


def _overdispersed(mean: Floats, dispersion: float, rng: np.random.Generator) -> Any:
    if dispersion <= 1:
        return rng.poisson(mean)
    return rng.negative_binomial(np.maximum(mean, 1e-9) / (dispersion - 1), 1 / dispersion)


def _seconds(count: int, rng: np.random.Generator) -> Any:
    hour = rng.choice(24, size=count, p=HOURS / HOURS.sum())
    return hour * 3600 + rng.integers(0, 3600, count)


def _holidays(days: pd.DatetimeIndex) -> Floats:
    import holidays  # noqa: PLC0415 - slow to import, and only simulations need it

    calendar = holidays.country_holidays("US", years=sorted(set(days.year)))
    closed = {day for day in calendar if day.month in (1, 5, 7, 9, 11, 12)}
    return np.array([0.4 if day.date() in closed else 1.0 for day in days])


def _shock(spec: ShopSpec, days: pd.DatetimeIndex) -> Floats:
    rng = stream(spec, "shock")
    week = ((days - days[0]).days // 7).to_numpy()
    noise = rng.normal(0, spec.common_shock * np.sqrt(1 - 0.4**2), int(week.max()) + 1)
    level = np.zeros(len(noise))
    for place in range(len(noise)):
        level[place] = noise[place] + (0.4 * level[place - 1] if place else 0)
    return np.asarray(np.exp(level - spec.common_shock**2 / 2)[week])


def _tweaked(campaign: Campaign, spec: ShopSpec, days: pd.DatetimeIndex) -> Floats:
    factor = np.ones(len(days))
    for tweak in spec.tweaks:
        if tweak.campaign == campaign.name:
            factor[days.date >= tweak.date] *= tweak.rate_ratio
    return factor


def _picked_up(local: pd.Series[Any], rng: np.random.Generator) -> Any:
    states = np.array(["answered", "missed", "abandoned", "voicemail"])
    draw = rng.random(len(local))
    at_work = states[np.searchsorted([0.905, 0.945, 0.975], draw)]
    closed = states[np.searchsorted([0.08, 0.4, 0.55], draw)]
    return np.where(is_open(local), at_work, closed)


def _attributed(draft: pd.DataFrame, spec: ShopSpec) -> pd.DataFrame:
    """Write the campaign's words into each of its calls."""
    rng = stream(spec, "attribution")
    place = draft["place"].to_numpy()
    pick = rng.random(len(draft))

    def words(name: str) -> list[str | None]:
        return [getattr(spec.campaigns[at], name) or None for at in place]

    def one_of(name: str) -> list[str | None]:
        options = [getattr(spec.campaigns[at], name) for at in place]
        return [
            choice[int(where * len(choice))] if choice else None
            for choice, where in zip(options, pick, strict=True)
        ]

    pool = np.array(spec.pool)[rng.integers(0, len(spec.pool), len(draft))]
    draft["provider"] = words("service")
    draft["tracking_number"] = [
        own or shared for own, shared in zip(words("number"), pool, strict=True)
    ]
    draft["destination_number"] = spec.destination
    for column in ("channel", "source", "medium", "ad_group"):
        draft[column] = words(column)
    draft["campaign"] = words("name")
    draft["keyword"] = one_of("keywords")
    draft["landing_page"] = one_of("landing_pages")
    clicked = {"google_ads": "gclid:Cj0KCQjw", "facebook": "fbclid:IwAR2"}
    online = (draft["provider"] == "whatconverts").to_numpy()
    tails = identities(len(draft), rng)
    draft["click_id"] = [
        f"{clicked[channel]}{tail}" if web and channel in clicked else None
        for channel, web, tail in zip(draft["channel"], online, tails, strict=True)
    ]
    draft["call_id"] = [
        f"whatconverts:{4_100_000 + row}" if web else f"callrail:CAL{tail}"
        for row, (web, tail) in enumerate(zip(online, identities(len(draft), rng), strict=True))
    ]
    return draft
