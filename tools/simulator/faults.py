"""Faults of call tracking, one per check of the audit, to be planted in sound shops.

A fault is planted large enough to be worth finding; how large stands in each planter.
``PLANTERS`` maps the name of a check to the function that breaks what it looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import Business

STRANGE: Final = "+13125550188"
OTHER_NAME: Final = "Riverside Pizza Palace"


@dataclass(frozen=True)
class Planted:
    """A shop with one fault.

    Parameters
    ----------
    data : AuditInput
        The tables, the fault in them.
    subject : str
        What the subject of the right finding contains.
    """

    data: AuditInput
    subject: str


Planter = Callable[[AuditInput, np.random.Generator], Planted]


def plant(check: str, data: AuditInput, seed: int) -> Planted:
    """Plant the fault that a check looks for.

    Parameters
    ----------
    check : str
        A key of :data:`PLANTERS`.
    data : AuditInput
        A sound shop, which is left as it is.
    seed : int
        Where and how large, within the bounds of the planter.

    Raises
    ------
    CalltrackError
        When no fault of that name is known.

    Examples
    --------
    >>> from tools.simulator.sound_shops import sound_shop
    >>> planted = plant("unlisted_number", sound_shop(3), 3)
    >>> planted.subject in set(planted.data.numbers["tracking_number"])
    False
    """
    if check not in PLANTERS:
        raise CalltrackError(
            "No fault of that name can be planted",
            where=check,
            fix="Add what plants it to PLANTERS in tools/simulator/faults.py",
        )
    return PLANTERS[check](data, np.random.default_rng([seed, *check.encode()]))


def _number(
    data: AuditInput, rng: np.random.Generator, *, calls: int = 40, pooled: bool = False
) -> pd.Series[Any]:
    """Choose a row of the inventory that takes at least so many calls."""
    counts = data.inbound["tracking_number"].value_counts()
    rows = data.numbers[data.numbers["tracking_number"].map(counts).fillna(0) >= calls]
    if not pooled:
        rows = rows[rows["pool"].isna()]
    return rows.iloc[int(rng.integers(len(rows)))]


def _span(data: AuditInput, rng: np.random.Generator, days: int) -> tuple[Any, Any]:
    """Choose a span of days that leaves six weeks before it."""
    first, last = data.calls["started_at"].min(), data.log_end
    room = max((last - first).days - 42 - days, 1)
    start = first.normalize() + pd.Timedelta(days=42 + int(rng.integers(room)))
    return start, start + pd.Timedelta(days=days)


def _on(data: AuditInput, number: str) -> pd.Series[bool]:
    return data.calls["tracking_number"].eq(number) & data.calls["direction"].eq("inbound")


def _within(data: AuditInput, span: tuple[Any, Any]) -> pd.Series[bool]:
    times = data.calls["started_at"]
    return times.between(*span, inclusive="left")


def _some(mask: pd.Series[bool], share: float, rng: np.random.Generator) -> pd.Series[bool]:
    chosen: pd.Series[bool] = mask & (rng.random(len(mask)) < share)
    return chosen


def _added(calls: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    joined = pd.concat([calls.astype(object), rows.astype(object)], ignore_index=True)
    return schema.conform(joined, "calls").sort_values("started_at", ignore_index=True)


def _missed(calls: pd.DataFrame, mask: pd.Series[bool]) -> pd.DataFrame:
    calls = calls.copy()
    calls.loc[mask, "status"] = "missed"
    calls.loc[mask, "duration_s"] = 22.0
    return calls


def break_inventory(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Write a row that cannot be right: unreadable, too long, or forwarding in a ring."""
    row = _number(data, rng, calls=1)
    number = str(row["tracking_number"])
    numbers, kind = data.numbers.copy(), int(rng.integers(3))
    own = numbers["tracking_number"].eq(number)
    if kind == 0:
        bad = pd.DataFrame(
            {"import_id": ["i"], "file": ["numbers.csv"], "row": [7], "reason": ["not a number"]}
        )
        return Planted(replace(data, quarantine=schema.conform(bad, "quarantine")), "row 7")
    if kind == 1:
        numbers.loc[own, "destination_number"] = "+121255501"
        return Planted(replace(data, numbers=numbers), "destination_number +121255501")
    others = numbers.loc[~own, "tracking_number"]
    numbers.loc[own, "destination_number"] = others.iloc[int(rng.integers(len(others)))]
    return Planted(replace(data, numbers=numbers), f"redirect {number}")


def forget_number(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave a number that rings out of the inventory."""
    number = str(_number(data, rng, calls=1, pooled=True)["tracking_number"])
    kept = data.numbers[data.numbers["tracking_number"].ne(number)]
    return Planted(replace(data, numbers=kept.reset_index(drop=True)), number)


def misroute(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Send a number's calls elsewhere for three to eight weeks."""
    number = str(_number(data, rng)["tracking_number"])
    wrong = _on(data, number) & _within(data, _span(data, rng, int(rng.integers(21, 57))))
    calls = data.calls.copy()
    calls.loc[wrong, "destination_number"] = STRANGE
    return Planted(replace(data, calls=calls), number)


def book_twice(data: AuditInput, rng: np.random.Generator) -> Planted:
    """List a number for a second campaign."""
    named = data.numbers[data.numbers["campaign"].notna()]
    row = named.iloc[[int(rng.integers(len(named)))]].assign(campaign="Another campaign")
    numbers = pd.concat([data.numbers.astype(object), row.astype(object)], ignore_index=True)
    return Planted(
        replace(data, numbers=schema.conform(numbers, "numbers")),
        str(row["tracking_number"].iloc[0]),
    )


def retire(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Retire a number on paper while it still takes calls on two to fourteen days."""
    number = str(_number(data, rng)["tracking_number"])
    times = data.calls.loc[_on(data, number), "started_at"].dt.tz_convert(data.zone)
    day = sorted(set(times.dt.date))[-int(rng.integers(3, 16))]
    numbers = data.numbers.copy()
    numbers.loc[numbers["tracking_number"].eq(number), "active_to"] = day
    return Planted(replace(data, numbers=numbers), number)


def cross_campaigns(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Credit a number's calls to another number's campaign from some day on.

    The provider's rows say it; an import lets the inventory name the campaign of a call.
    """
    named = data.numbers[data.numbers["campaign"].notna() & data.numbers["pool"].isna()]
    first, second = rng.choice(len(named), 2, replace=False)
    number = str(named["tracking_number"].iloc[first])
    mine = data.calls[_on(data, number)]
    times = mine["started_at"].sort_values()
    since = times.iloc[-int(rng.integers(3, len(times)))]
    crossed = set(mine.loc[mine["started_at"] >= since, "call_id"])
    provider_calls = data.provider_calls.copy()
    provider_calls.loc[provider_calls["call_id"].isin(crossed), "campaign"] = named[
        "campaign"
    ].iloc[second]
    return Planted(replace(data, provider_calls=provider_calls), number)


def silence(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Cut a number off where its own rate would have brought 25 to 45 calls."""
    number = str(_number(data, rng, calls=90)["tracking_number"])
    own = _on(data, number)
    times = data.calls.loc[own, "started_at"].sort_values().reset_index(drop=True)
    width = int(rng.integers(25, 46))
    place = len(times) - width if rng.random() < 0.7 else int(rng.integers(30, len(times) - width))
    gone = own & data.calls["started_at"].between(times[place], times[place + width - 1])
    return Planted(replace(data, calls=data.calls[~gone].reset_index(drop=True)), number)


def lose_days(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave out days on which at least 30 calls came in."""
    start, _ = _span(data, rng, 10)
    later = data.calls["started_at"] >= start
    span = data.calls.loc[later & data.calls["direction"].eq("inbound"), "started_at"]
    local = span.sort_values().dt.tz_convert(data.zone).dt.normalize()
    end = local.iloc[min(30, len(local) - 1)] + pd.Timedelta(days=1)
    days = data.calls["started_at"].dt.tz_convert(data.zone).dt.normalize()
    gone = (days >= local.iloc[0]) & (days < end)
    return Planted(replace(data, calls=data.calls[~gone].reset_index(drop=True)), "2026-")


def stop_answering(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave three in five answered calls of 14 to 35 days unanswered, on all numbers."""
    span = _span(data, rng, int(rng.integers(14, 36)))
    answered = data.calls["status"].eq("answered") & data.calls["direction"].eq("inbound")
    lost = _some(answered & _within(data, span), 0.6, rng)
    return Planted(replace(data, calls=_missed(data.calls, lost)), "all ")


def neglect_number(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave two in five answered calls of one number unanswered throughout."""
    number = str(_number(data, rng, calls=70)["tracking_number"])
    lost = _some(_on(data, number) & data.calls["status"].eq("answered"), 0.4, rng)
    return Planted(replace(data, calls=_missed(data.calls, lost)), number)


def misstate_hours(data: AuditInput, rng: np.random.Generator) -> Planted:
    """State hours that miss half of the business day."""
    opens = int(rng.integers(9, 12))
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), f"{opens:02d}:00-{opens + 4:02d}:00")
    business = Business.model_validate(data.settings.business.model_dump() | {"hours": hours})
    settings = data.settings.model_copy(update={"business": business})
    return Planted(replace(data, settings=settings), "after_hours")


def ring_nobody_back(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Ring nobody back for four weeks or more, in which at least 20 were missed."""
    inbound = data.calls["direction"].eq("inbound")
    start, _ = _span(data, rng, 35)
    missed = inbound & data.calls["status"].ne("answered") & (data.calls["started_at"] >= start)
    times = data.calls.loc[missed, "started_at"].sort_values()
    end = max(times.iloc[min(20, len(times) - 1)], start + pd.Timedelta(days=28))
    gone = ~inbound & _within(data, (start, end + pd.Timedelta(days=4)))
    return Planted(replace(data, calls=data.calls[~gone].reset_index(drop=True)), "week of")


def cross_clicks(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Give a fifth of the organic calls an advertisement's click id."""
    organic = data.calls["channel"].eq("organic") & data.calls["direction"].eq("inbound")
    chosen = _some(organic, 0.2, rng)
    calls = data.calls.copy()
    calls.loc[chosen, "click_id"] = "msclkid:" + calls.loc[chosen, "call_id"]
    return Planted(replace(data, calls=calls), "organic msclkid")


def match_by_accident(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let one to ten calls match a channel by a part of a word."""
    value, channel = (
        ("not-linkedin", "referral"),
        ("metal-forum", "facebook"),
        ("no_google_list", "organic"),
        ("fbi-tips", "facebook"),
    )[int(rng.integers(4))]
    calls = data.calls.copy()
    inbound = calls.index[calls["direction"].eq("inbound")]
    chosen = rng.choice(inbound, int(rng.integers(1, 11)), replace=False)
    calls.loc[chosen, "source"] = value
    calls.loc[chosen, "channel"] = channel
    return Planted(replace(data, calls=calls), value)


def shrink_pool(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave the website three to six numbers."""
    pooled = data.numbers["pool"].notna()
    left = data.numbers.loc[pooled, "tracking_number"].head(int(rng.integers(3, 7)))
    kept = data.numbers[~pooled | data.numbers["tracking_number"].isin(left)]
    return Planted(replace(data, numbers=kept.reset_index(drop=True)), "website")


def send_robots(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let three robots ring a number 15 to 40 times in a day."""
    number = str(_number(data, rng)["tracking_number"])
    start, _ = _span(data, rng, 2)
    count = int(rng.integers(15, 41))
    like = data.calls[_on(data, number)].head(1)
    seconds = np.sort(rng.integers(13 * 3600, 21 * 3600, count))
    rows = pd.concat([like] * count, ignore_index=True).assign(
        call_id=[f"callrail:CALrobot{at}" for at in range(count)],
        started_at=start + pd.to_timedelta(seconds, unit="s"),
        caller_number=rng.choice(["+13055550141", "+17025550142", "+17025550143"], count),
        status=np.where(rng.random(count) < 0.7, "answered", "missed"),
        duration_s=rng.integers(2, 9, count).astype(float),
        spam_score=2,
    )
    return Planted(replace(data, calls=_added(data.calls, rows)), number)


def ring_oneself(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let the business ring its own numbers: by a staff telephone, a line, or in a round."""
    kind = int(rng.integers(3))
    own = data.numbers.loc[data.numbers["pool"].isna(), "tracking_number"].drop_duplicates()
    start, _ = _span(data, rng, 2)
    caller = (
        data.settings.qualified.staff_numbers[0],
        str(data.numbers["destination_number"].iloc[0]),
        STRANGE,
    )[kind]
    like = data.calls[data.calls["tracking_number"].isin(own)].drop_duplicates("tracking_number")
    rows = like.head(4).assign(
        call_id=[f"callrail:CALown{at}" for at in range(len(like.head(4)))],
        started_at=start
        + pd.Timedelta(hours=15)
        + pd.to_timedelta(np.arange(len(like.head(4))) * 4, unit="min"),
        caller_number=caller,
        duration_s=20.0,
    )
    subject = ("staff", "own line", "test round")[kind]
    return Planted(replace(data, calls=_added(data.calls, rows)), subject)


def log_twice(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Log three to twenty calls twice, by the same service or by another."""
    known = data.calls[
        data.calls["direction"].eq("inbound")
        & data.calls["caller_number"].notna()
        & data.calls["provider"].eq("callrail")
    ]
    rows = known.sample(int(rng.integers(3, 21)), random_state=int(rng.integers(1 << 31)))
    late, provider = ((1, "callrail"), (45, "calltrackingmetrics"))[int(rng.integers(2))]
    rows = rows.assign(
        call_id="twice:" + rows["call_id"],
        started_at=rows["started_at"] + pd.Timedelta(seconds=late),
        provider=provider,
    )
    return Planted(replace(data, calls=_added(data.calls, rows)), provider)


def lose_recordings(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Lose the files of one to thirty recordings, or spoil them."""
    recordings = data.recordings.copy()
    chosen = rng.choice(len(recordings), int(rng.integers(1, 31)), replace=False)
    if rng.random() < 0.5:
        recordings.loc[chosen, "path"] = None
    recordings.loc[chosen, "problem"] = "not audio"
    return Planted(replace(data, recordings=recordings), "missing")


def share_recordings(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let two to twenty calls name the recording of another one, or hold a copy of it."""
    recordings = data.recordings.copy()
    found = np.flatnonzero(recordings["path"].notna())
    chosen = rng.choice(found, int(rng.integers(3, 22)), replace=False)
    column = str(rng.choice(["path", "transcript_key"]))
    recordings.loc[chosen, column] = "a" * 40
    return Planted(replace(data, recordings=recordings), "shared")


def _spoilt(data: AuditInput, rng: np.random.Generator, **values: float | str) -> AuditInput:
    talk = data.talk.copy()
    length = data.calls.set_index("call_id")["duration_s"].reindex(talk["call_id"]).to_numpy()
    fit = np.flatnonzero((length >= 40) & talk["layout"].eq("two_party"))
    chosen = rng.choice(fit, int(rng.integers(1, 20)), replace=False)
    for column, value in values.items():
        talk.loc[chosen, column] = value
    return replace(data, talk=talk)


def silence_recordings(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let up to twenty recordings be silent."""
    spoilt = _spoilt(data, rng, layout="silent", caller_talk_s=0.0, agent_talk_s=0.0)
    return Planted(spoilt, "silent")


def drop_side(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let up to twenty recordings hold one side only."""
    side = str(rng.choice(["caller_talk_s", "agent_talk_s"]))
    return Planted(_spoilt(data, rng, layout="one_sided", **{side: 0.0}), "one_sided")


def cut_short(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Cut up to twenty recordings off after ten seconds."""
    return Planted(_spoilt(data, rng, audio_s=10.0), "cut")


def miscount(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let a provider lose three fifths of a full month's calls."""
    rows = data.provider_calls
    month = rows["started_at"].dt.tz_convert(data.zone).dt.strftime("%Y-%m")
    google = rows["provider"].eq("google_ads")
    busy = month[google].value_counts()
    chosen = str(rng.choice(sorted(busy.index[busy >= 20])))
    lost = google & month.eq(chosen) & (rng.random(len(rows)) < 0.6)
    return Planted(replace(data, provider_calls=rows[~lost].reset_index(drop=True)), chosen)


def greet_as_another(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Let one number's callers be greeted by another business, or be lost callers."""
    told = data.calls[data.calls["call_id"].isin(data.utterances["call_id"])]
    counts = told["tracking_number"].value_counts()
    usable = counts.index[counts >= 5]
    number = str(usable[int(rng.integers(len(usable)))])
    own = data.utterances["call_id"].isin(told.loc[told["tracking_number"].eq(number), "call_id"])
    words = data.utterances.copy()
    agent = own & words["speaker"].eq("agent")
    if rng.random() < 0.5:
        words.loc[agent, "text"] = f"Thank you for calling {OTHER_NAME}, how can I help you?"
        return Planted(replace(data, utterances=words), f"greeting {number}")
    words.loc[own & ~agent, "text"] = "Sorry, I must have the wrong number."
    return Planted(replace(data, utterances=words), f"wrong number {number}")


def announce_nothing(data: AuditInput, rng: np.random.Generator) -> Planted:
    """Leave the announcement out of calls from places that may ask for it."""
    share = float(rng.uniform(0.3, 1.0))
    words = data.utterances.copy()
    told = words["text"].str.startswith("This call may be recorded")
    chosen = _some(told, share, rng)
    if not chosen.any():
        chosen = told
    words.loc[chosen, "text"] = words.loc[chosen, "text"].str.partition(". ")[2]
    return Planted(replace(data, utterances=words), "US-CA")


PLANTERS: Final[Mapping[str, Planter]] = MappingProxyType(
    {
        "inventory": break_inventory,
        "unlisted_number": forget_number,
        "misrouted_number": misroute,
        "double_booked": book_twice,
        "retired_number": retire,
        "campaign_mismatch": cross_campaigns,
        "silent_number": silence,
        "log_gap": lose_days,
        "answer_rate_fall": stop_answering,
        "missed_calls": neglect_number,
        "after_hours": misstate_hours,
        "never_called_back": ring_nobody_back,
        "click_id_conflict": cross_clicks,
        "accidental_utm": match_by_accident,
        "pool_size": shrink_pool,
        "spam": send_robots,
        "staff_calls": ring_oneself,
        "duplicates": log_twice,
        "recordings_missing": lose_recordings,
        "recordings_shared": share_recordings,
        "recordings_silent": silence_recordings,
        "recordings_one_sided": drop_side,
        "recordings_cut": cut_short,
        "provider_totals": miscount,
        "other_business": greet_as_another,
        "consent": announce_nothing,
    }
)
"""From the name of a check to the function that plants what it looks for."""
