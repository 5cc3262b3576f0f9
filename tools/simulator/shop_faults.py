"""Faults in the wiring of a simulated shop, each planted by a function of its own.

Every fault is named after the audit's check that ought to find it. Planting draws from
random streams of its own, so a shop without faults has the very same customers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from tools.simulator.shop_arrivals import identities, is_open, stream, to_utc
from tools.simulator.shop_spec import Campaign, ShopSpec

RETIRED: Final = "+12125550119"
UNLISTED: Final = "+12125550120"
ELSEWHERE: Final = "+12125550177"
ROBOTS: Final = ("+13055550141", "+13055550142", "+17025550143", "+17025550144")
POOL_LEFT: Final = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, as the audit should report it.

    Parameters
    ----------
    check : str
        Name of the audit's check.
    number : str or None
        Tracking number it is about, E.164.
    first, last : datetime.date
        Local days on which it holds.
    calls : int
        Calls in the log that show it; 0 where it shows by their absence.
    note : str
        What happened, in a sentence.
    """

    check: str
    number: str | None
    first: dt.date
    last: dt.date
    calls: int
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """What faults may touch: calls, inventory, spend, visits, and the faults so far."""

    calls: pd.DataFrame
    numbers: pd.DataFrame
    spend: pd.DataFrame
    visits: pd.DataFrame
    pool: tuple[str, ...]
    faults: tuple[Fault, ...]

    def noted(self, fault: Fault) -> Wiring:
        """Add a fault to the list."""
        return replace(self, faults=(*self.faults, fault))


def plant(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Plant every fault."""
    for break_it in _FAULTS:
        wiring = break_it(wiring, spec)
    return wiring


def misroute(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Send one number's calls to somebody else's telephone."""
    number, first = _campaign(spec, "print").number, _day(spec, 0.563)
    calls = wiring.calls.copy()
    wrong = _between(calls, first, spec.last) & (calls["tracking_number"] == number)
    calls.loc[wrong, "destination_number"] = ELSEWHERE
    calls.loc[wrong & (calls["status"] == "answered"), "outcome"] = "wrong_number"
    calls.loc[wrong, ["wins", "value", "theme", "tagged_purpose", "tags", "agent"]] = None
    calls.loc[wrong & (calls["status"] == "answered"), "purpose"] = "other"
    calls.loc[wrong, "lead_status"] = "unknown"
    answered = wrong & (calls["status"] == "answered")
    calls.loc[answered, "duration_s"] = (calls.loc[answered, "duration_s"] % 26) + 9
    note = f"The flyer's number rings at {ELSEWHERE} instead of {spec.destination}"
    fault = Fault("misrouted_number", number, first, spec.last, int(wrong.sum()), note)
    return replace(wiring, calls=calls).noted(fault)


def silence(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let a number go dead while its campaign goes on spending."""
    campaign, first = _campaign(spec, "email"), _day(spec, 0.498)
    calls = wiring.calls
    dead = _between(calls, first, spec.last) & (calls["tracking_number"] == campaign.number)
    note = "The newsletter's number is dead; the newsletter is still paid for"
    fault = Fault("silent_number", campaign.number, first, spec.last, 0, note)
    return replace(wiring, calls=calls[~dead].reset_index(drop=True)).noted(fault)


def burst_of_spam(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let four robots ring one number over three days."""
    rng = stream(spec, "spam")
    campaign, first = _campaign(spec, "google_business"), _day(spec, 0.372)
    count = 40
    local = pd.Timestamp(first) + pd.to_timedelta(
        rng.integers(0, 3, count) * 86400 + rng.integers(9 * 3600, 18 * 3600, count), unit="s"
    )
    number = np.array(ROBOTS)[rng.choice(4, count, p=[0.55, 0.25, 0.15, 0.05])]
    rows = _extra(pd.Series(local), campaign, spec, rng).assign(
        caller_number=number,
        caller_city=np.where(np.char.startswith(number, "+1305"), "Miami", "Las Vegas"),
        caller_region=np.where(np.char.startswith(number, "+1305"), "FL", "NV"),
        status=np.where(rng.random(count) < 0.7, "answered", "abandoned"),
        duration_s=rng.integers(2, 9, count).astype(float),
        kind="spam",
    )
    last = first + dt.timedelta(days=2)
    fault = Fault("spam", campaign.number, first, last, count, "Four robots ring for three days")
    return _with(wiring, rows).noted(fault)


def book_twice(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Write one number into the inventory for a second campaign at the same time."""
    number, first = _campaign(spec, "instagram").number, _day(spec, 0.437)
    row = wiring.numbers[wiring.numbers["tracking_number"] == number].assign(
        label="Party season story", campaign="Party season", channel="facebook", active_from=first
    )
    inventory = pd.concat([wiring.numbers, row], ignore_index=True)
    note = "The Instagram number also stands in the story ads of the party campaign"
    fault = Fault("double_booked", number, first, spec.last, 0, note)
    return replace(wiring, numbers=inventory).noted(fault)


def keep_retired(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let people ring a number that was retired before the log begins."""
    rng = stream(spec, "retired")
    fair = replace(_campaign(spec, "print"), name="Bridal fair", label="Fair", number=RETIRED)
    rows = _extra(_moments(spec, 8, spec.first, rng), fair, spec, rng)
    closed = spec.first - dt.timedelta(days=1)
    row = pd.DataFrame(
        {
            "tracking_number": [RETIRED],
            "kind": "local",
            "label": "Fair",
            "channel": "print",
            "campaign": "Bridal fair",
            "destination_number": spec.destination,
            "active_from": [closed - dt.timedelta(days=400)],
            "active_to": [closed],
        }
    )
    wiring = replace(wiring, numbers=pd.concat([wiring.numbers, row], ignore_index=True))
    note = "The number of last year's bridal fair still stands on somebody's page"
    fault = Fault("retired_number", RETIRED, spec.first, spec.last, len(rows), note)
    return _with(wiring, rows).noted(fault)


def forget_to_list(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let calls arrive on a number that nobody wrote into the inventory."""
    rng = stream(spec, "unlisted")
    first = _day(spec, 0.53)
    trial = replace(
        _campaign(spec, "print"),
        name="",
        label="Trial",
        channel="other",
        source="TikTok trial",
        medium="video",
        number=UNLISTED,
    )
    rows = _extra(_moments(spec, 9, first, rng), trial, spec, rng)
    note = "A number was bought for a trial and never written down"
    fault = Fault("unlisted_number", UNLISTED, first, spec.last, len(rows), note)
    return _with(wiring, rows).noted(fault)


def stop_answering(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Leave the telephone alone for two weeks, and ring nobody back."""
    rng = stream(spec, "unanswered")
    first = _day(spec, 0.604)
    last = first + dt.timedelta(days=11)
    calls = wiring.calls.copy()
    inside = _between(calls, first, last)
    lost = inside & (calls["direction"] == "inbound") & (calls["status"] == "answered")
    lost &= is_open(calls["local"]) & (rng.random(len(calls)) < 0.6)
    calls.loc[lost, "status"] = "missed"
    calls.loc[lost, "outcome"] = "no_conversation"
    calls.loc[lost, "duration_s"] = 18 + calls.loc[lost, "duration_s"] % 13
    calls.loc[lost, ["theme", "purpose", "wins", "value", "tagged_purpose", "tags", "agent"]] = None
    calls.loc[lost, "lead_status"] = "unknown"
    unanswered = inside & (calls["direction"] == "inbound") & (calls["status"] != "answered")
    callers = set(calls.loc[unanswered, "caller_number"].dropna())
    rung = (calls["direction"] == "outbound") & calls["caller_number"].isin(callers)
    rung &= _between(calls, first, last + dt.timedelta(days=4))
    wiring = replace(wiring, calls=calls[~rung].reset_index(drop=True))
    note = "Joan is on holiday: most calls in opening hours are missed"
    wiring = wiring.noted(
        Fault("answer_rate_fall", None, first, last, int(lost.sum()), note),
    )
    note = "Nobody rings back the callers missed during the holiday"
    return wiring.noted(
        Fault("never_called_back", None, first, last, int(unanswered.sum()), note),
    )


def cross_click_ids(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Give calls to the flyer's number the click id of an advertisement."""
    rng = stream(spec, "clicks")
    number = _campaign(spec, "print").number
    calls = wiring.calls.copy()
    rows = np.flatnonzero((calls["tracking_number"] == number) & (calls["direction"] == "inbound"))
    chosen = np.sort(rng.choice(rows, size=min(6, len(rows)), replace=False))
    calls.loc[chosen, "click_id"] = [
        f"gclid:Cj0KCQjw{tail}" for tail in identities(len(chosen), rng)
    ]
    note = "Calls to the printed flyer carry the click id of a Google ad"
    fault = Fault("click_id_conflict", number, spec.first, spec.last, len(chosen), note)
    return replace(wiring, calls=calls).noted(fault)


def match_by_accident(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let a source's name hold another's: a blog that is not LinkedIn."""
    rng = stream(spec, "lookalike")
    calls = wiring.calls.copy()
    rows = np.flatnonzero((calls["channel"] == "organic") & (calls["direction"] == "inbound"))
    chosen = np.sort(rng.choice(rows, size=min(4, len(rows)), replace=False))
    calls.loc[chosen, "source"] = "not-linkedin"
    calls.loc[chosen, "medium"] = "referral"
    calls.loc[chosen, "channel"] = "referral"
    note = "The blog not-linkedin is a referral, not LinkedIn"
    fault = Fault("accidental_utm", None, spec.first, spec.last, len(chosen), note)
    return replace(wiring, calls=calls).noted(fault)


def shrink_pool(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Leave the website too few numbers for its visitors."""
    left = wiring.pool[:POOL_LEFT]
    gone = set(wiring.pool) - set(left)
    calls = wiring.calls.copy()
    moved = calls["tracking_number"].isin(gone)
    places = {number: left[place % len(left)] for place, number in enumerate(wiring.pool)}
    calls.loc[moved, "tracking_number"] = calls.loc[moved, "tracking_number"].map(places)
    inventory = wiring.numbers[~wiring.numbers["tracking_number"].isin(gone)]
    note = f"The website has {len(left)} numbers for visitors who need {len(wiring.pool)}"
    fault = Fault("pool_size", None, spec.first, spec.last, 0, note)
    wiring = replace(wiring, numbers=inventory.reset_index(drop=True), pool=left)
    return replace(wiring, calls=calls).noted(fault)


def try_from_staff(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Let the owner try her own numbers."""
    rng = stream(spec, "staff")
    campaign = _campaign(spec, "google_ads")
    rows = _extra(_moments(spec, 6, spec.first, rng), campaign, spec, rng).assign(
        caller_number=spec.staff_number,
        caller_name=None,
        caller_city="New York",
        caller_region="NY",
        status="answered",
        duration_s=rng.integers(8, 95, 6).astype(float),
        kind="staff",
    )
    note = "The owner tried the number from her own telephone"
    fault = Fault("staff_calls", campaign.number, spec.first, spec.last, len(rows), note)
    return _with(wiring, rows).noted(fault)


def lose_days(wiring: Wiring, spec: ShopSpec) -> Wiring:
    """Leave out three working days of one service's export."""
    first = _day(spec, 0.071)
    first += dt.timedelta(days=(1 - first.weekday()) % 7)
    last = first + dt.timedelta(days=2)
    calls = wiring.calls
    gone = _between(calls, first, last)
    note = "The services' exports lack three working days"
    fault = Fault("log_gap", None, first, last, 0, note)
    return replace(wiring, calls=calls[~gone].reset_index(drop=True)).noted(fault)


_FAULTS: Final[tuple[Callable[[Wiring, ShopSpec], Wiring], ...]] = (
    misroute,
    silence,
    burst_of_spam,
    book_twice,
    keep_retired,
    forget_to_list,
    stop_answering,
    cross_click_ids,
    match_by_accident,
    shrink_pool,
    try_from_staff,
    lose_days,
)


def _campaign(spec: ShopSpec, channel: str) -> Campaign:
    """Return the channel's campaign with a number of its own."""
    own = (one for one in spec.campaigns if one.number)
    return next(campaign for campaign in own if campaign.channel == channel)


def _day(spec: ShopSpec, share: float) -> dt.date:
    """Return the local day at a share of the log's length."""
    return spec.first + dt.timedelta(days=int(share * spec.days))


def _between(calls: pd.DataFrame, first: dt.date, last: dt.date) -> pd.Series[bool]:
    stop = pd.Timestamp(last) + pd.Timedelta(days=1)
    return (calls["local"] >= pd.Timestamp(first)) & (calls["local"] < stop)


def _moments(
    spec: ShopSpec, count: int, first: dt.date, rng: np.random.Generator
) -> pd.Series[pd.Timestamp]:
    span = (spec.last - first).days
    day = np.sort(rng.integers(0, span + 1, count))
    seconds = day * 86400 + rng.integers(9 * 3600, 17 * 3600, count)
    return pd.Series(pd.Timestamp(first) + pd.to_timedelta(seconds, unit="s"))


def _extra(
    local: pd.Series[pd.Timestamp], campaign: Campaign, spec: ShopSpec, rng: np.random.Generator
) -> pd.DataFrame:
    """Make rows for calls that a fault adds: short ones that come to nothing."""
    count = len(local)
    area = rng.choice(["646", "718", "914"], count)
    return pd.DataFrame(
        {
            "local": local.sort_values(ignore_index=True),
            "started_at": to_utc(local.sort_values(ignore_index=True), spec),
            "call_id": [f"callrail:CAL{tail}" for tail in identities(count, rng)],
            "provider": "callrail",
            "direction": "inbound",
            "status": "answered",
            "duration_s": rng.integers(20, 110, count).astype(float),
            "caller_number": [
                f"+1{code}5559{line:03d}"
                for code, line in zip(area, rng.integers(0, 1000, count), strict=True)
            ],
            "caller_city": "New York",
            "caller_region": "NY",
            "caller_country": "US",
            "tracking_number": campaign.number,
            "destination_number": spec.destination,
            "channel": campaign.channel,
            "source": campaign.source,
            "medium": campaign.medium,
            "campaign": campaign.name or None,
            "agent": "Mary",
            "kind": "other",
            "outcome": "lost",
            "purpose": "other",
            "lead_status": "unknown",
            "tags": None,
        }
    )


def _with(wiring: Wiring, rows: pd.DataFrame) -> Wiring:
    return replace(wiring, calls=pd.concat([wiring.calls, rows], ignore_index=True))
