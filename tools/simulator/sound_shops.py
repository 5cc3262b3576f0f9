"""Random shops in which every call is wired right, with all that an audit reads.

Built on :func:`tools.simulator.shop.simulate_shop`: size, campaigns, rhythm and
dispersion differ from seed to seed; transcripts, recordings and a second provider's
provider calls are added.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.settings import Business, QualifiedCall, Settings
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import CAMPAIGNS, ShopSpec, Tweak

NAMES: Final = (
    "Mary's Cakes",
    "Northside Plumbing",
    "Harbor Dental",
    "Lakeview Auto Repair",
    "Green Thumb Gardens",
)

_SHAPES: Final = (
    "Thank you for calling {name}, this is Mary, how can I help you?",
    "Thanks for calling {name}. How may I help?",
    "Hello, you've reached {name}, Joan speaking.",
    "{name}, good morning.",
    "Welcome to {name}, what can I do for you?",
)
_NOTHING: Final = Tweak(
    date=dt.date(2026, 4, 1),
    campaign=CAMPAIGNS[0].name,
    changed="Spelling",
    expected_effect=0.0,
    rate_ratio=1.0,
)
_ONE_PARTY: Final = ("NY", "NJ")
_NOTICE: Final = "This call may be recorded for quality. "
_ASKED: Final = "Hi, I would like to ask what you charge and when you have time."
_LOST: Final = "Oh sorry, I think I have the wrong number."


def sound_shop(seed: int) -> AuditInput:
    """Make a random shop whose wiring is right.

    Parameters
    ----------
    seed : int
        Equal seeds give equal shops.

    Returns
    -------
    AuditInput
        All tables filled; about 600 to 4,000 calls over four to nine months.

    Examples
    --------
    >>> data = sound_shop(3)
    >>> bool(len(data.calls) > 400), len(data.quarantine)
    (True, 0)
    """
    rng = np.random.default_rng([seed, *b"sound shop"])
    shop = simulate_shop(_spec(seed, rng), account="shop")
    settings = Settings(
        business=Business(
            name=str(rng.choice(NAMES)),
            account="shop",
            hours={
                **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00"),
                "sat": "09:00-14:00",
            },
        ),
        qualified=QualifiedCall(staff_numbers=(shop.spec.staff_number,)),
    )
    calls = _elsewhere(shop.calls, rng)
    told = _transcribed(calls, rng)
    calls.loc[told.index, "recording"] = told["call_id"] + ".mp3"
    told = calls.loc[told.index]
    return AuditInput(
        calls=calls,
        numbers=shop.numbers,
        spend=shop.spend,
        visits=shop.visits,
        utterances=_utterances(told, settings.business.name, rng),
        talk=_talk(told, rng),
        imports=schema.empty("imports"),
        quarantine=schema.empty("quarantine"),
        recordings=_recordings(told),
        provider_calls=_provider_calls(calls, rng),
        settings=settings,
    )


def _spec(seed: int, rng: np.random.Generator) -> ShopSpec:
    first = dt.date(2026, 1, 5) + dt.timedelta(days=int(rng.integers(0, 60)))
    owned = [campaign for campaign in CAMPAIGNS if campaign.number]
    # Search on its own number is always there: a second provider watches it.
    kept = [owned[0], *(owned[at] for at in sorted(rng.choice([1, 2, 3, 4], 3, replace=False)))]
    pooled = [campaign for campaign in CAMPAIGNS if not campaign.number]
    campaigns = tuple(
        replace(campaign, weekly_calls=campaign.weekly_calls * float(rng.uniform(0.8, 2.2)))
        for campaign in (*kept, *pooled)
    )
    return ShopSpec(
        seed=seed,
        first=first,
        last=first + dt.timedelta(days=int(rng.integers(125, 270))),
        faults=False,
        volume=float(rng.uniform(0.8, 1.6)),
        dispersion=float(rng.uniform(1.0, 1.6)),
        common_shock=float(rng.uniform(0.05, 0.2)),
        repeat_share=float(rng.uniform(0.05, 0.25)),
        campaigns=campaigns,
        tweaks=(_NOTHING,),
    )


def _elsewhere(calls: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let a tenth of the callers live where everyone's consent may be asked for."""
    people = calls["caller_number"].dropna().unique()
    far = set(rng.choice(people, size=len(people) // 10, replace=False))
    return calls.assign(
        caller_region=calls["caller_region"].mask(calls["caller_number"].isin(list(far)), "CA")
    )


def _transcribed(calls: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    answered = calls[(calls["status"] == "answered") & (calls["direction"] == "inbound")]
    long_enough = answered[answered["duration_s"] >= 25]
    chosen = rng.choice(long_enough.index, size=min(150, len(long_enough)), replace=False)
    return calls.loc[np.sort(chosen)]


def _utterances(told: pd.DataFrame, name: str, rng: np.random.Generator) -> pd.DataFrame:
    turns: list[dict[str, Any]] = []
    for call in told.itertuples():
        greeting = str(rng.choice(_SHAPES)).format(name=_misheard(name, rng))
        if call.caller_region not in _ONE_PARTY:
            greeting = _NOTICE + greeting
        asked = _LOST if rng.random() < 0.01 else _ASKED
        for turn, (speaker, text) in enumerate((("agent", greeting), ("caller", asked))):
            turns.append(
                {
                    "account": call.account,
                    "call_id": call.call_id,
                    "turn": turn,
                    "speaker": speaker,
                    "start_s": 1.0 + 6.0 * turn,
                    "end_s": 6.0 + 6.0 * turn,
                    "text": text,
                    "confidence": 0.9,
                }
            )
    return schema.conform(pd.DataFrame(turns), "utterances")


def _misheard(name: str, rng: np.random.Generator) -> str:
    """Write a name as a speech recogniser may: without marks, in lower case, a letter off."""
    draw = rng.random()
    if draw < 0.3:
        return name.replace("'", "").lower()
    if draw < 0.4:
        place = int(rng.integers(1, len(name) - 1))
        return name[:place] + name[place + 1 :]
    return name


def _talk(told: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    length = told["duration_s"].to_numpy(float) * rng.uniform(0.92, 1.01, len(told))
    share = rng.uniform(0.25, 0.55, len(told))
    return schema.conform(
        pd.DataFrame(
            {
                "account": told["account"].to_numpy(),
                "call_id": told["call_id"].to_numpy(),
                "layout": np.where(rng.random(len(told)) < 0.9, "two_party", "mono"),
                "audio_s": length,
                "caller_talk_s": length * share,
                "agent_talk_s": length * (0.8 - share),
            }
        ),
        "talk",
    )


def _recordings(told: pd.DataFrame) -> pd.DataFrame:
    return schema.conform(
        pd.DataFrame(
            {
                "account": told["account"].to_numpy(),
                "call_id": told["call_id"].to_numpy(),
                "path": told["recording"].to_numpy(),
            }
        ),
        "recordings",
    )


def _provider_calls(calls: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add Google's own rows of the calls to the search number."""
    searched = (
        (calls["channel"] == "google_ads")
        & (calls["provider"] == "callrail")
        & (calls["direction"] == "inbound")
    )
    seen = calls[searched & (rng.random(len(calls)) < 0.96)]
    shift = pd.to_timedelta(rng.integers(-20, 21, len(seen)), unit="s")
    google = seen.assign(
        provider="google_ads",
        call_id="google_ads:" + seen["call_id"],
        started_at=seen["started_at"] + shift,
        duration_s=(seen["duration_s"] + rng.integers(-5, 6, len(seen))).clip(lower=0),
        tracking_number=None,
        destination_number=None,
    )
    return schema.conform(pd.concat([calls.astype(object), google.astype(object)]), "calls")
