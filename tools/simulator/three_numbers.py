"""Audits of three tracking numbers: how often healthy ones are called silent, dead ones found.

Healthy numbers ring by chance, in bursts of up to ten, with a season of their own, or as
after mailings: a week of many calls, then weeks of none. Of three numbers that ring
steadily one goes dead, for good or for a while, so that 25 to 45 calls are missing; beside
it the two others ring steadily or in bursts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.audit import AuditInput
from calltrack_nb.audit.silence import silent_numbers
from calltrack_nb.settings import Business, Settings

HEALTHY = ("poisson", "bursts", "seasonal", "mailing")
DEAD = ("beside steady", "beside bursts")
NUMBERS = ("+14045550111", "+14045550122", "+14045550133")


def ring(kind: str, days: int, rng: np.random.Generator) -> np.ndarray:
    """Return a healthy number's calls per day."""
    time = np.arange(days)
    rate = np.exp(rng.uniform(np.log(0.2), np.log(4.0)))
    weekday = np.where((time + rng.integers(7)) % 7 < 5, 1.2, 0.5)
    if kind == "poisson":
        return np.asarray(rng.poisson(rate * weekday))
    if kind == "seasonal":
        swing = rng.uniform(0.3, 0.8) * np.sin(2 * np.pi * (time / 365 + rng.random()))
        return np.asarray(rng.poisson(rate * weekday * (1 + swing)))
    counts = np.zeros(days, dtype=int)
    if kind == "bursts":
        begun = np.flatnonzero(rng.random(days) < rng.uniform(0.04, 0.3))
        for first in begun:
            spread = rng.integers(0, rng.integers(1, 4), int(rng.integers(1, 11)))
            np.add.at(counts, np.minimum(first + spread, days - 1), 1)
        return counts
    start = int(rng.integers(0, 30))
    while start < days:
        length = int(rng.integers(4, 10))
        week = counts[start : start + length]
        week += rng.poisson(rng.uniform(2.0, 8.0), len(week))
        start += length + int(rng.integers(14, 57))
    return counts


def steady(days: int, rng: np.random.Generator, least: float = 0.3) -> np.ndarray:
    """Return the calls per day of a number that rings by chance, often enough to be judged."""
    return rng.poisson(np.exp(rng.uniform(np.log(least), np.log(4.0))), days)


def dead(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Take 25 to 45 calls in a row away, at the end or before."""
    width = int(rng.integers(25, 46))
    came = np.repeat(np.arange(len(counts)), counts)
    last = len(came) - 1
    if rng.random() < 0.3 and len(came) > width + 60:
        last = int(rng.integers(width + 30, len(came) - 1))
    silenced = counts.copy()
    silenced[came[last - width + 1] : came[last] + 1] = 0
    if last == len(came) - 1:
        silenced[came[last] :] = 0
    return silenced


def shop(counts: list[np.ndarray]) -> AuditInput:
    """Write the tables of numbers that rang so often each day."""
    days = pd.date_range("2026-01-05", periods=len(counts[0]))
    number = np.repeat(NUMBERS, [int(one.sum()) for one in counts])
    at = np.concatenate([days.repeat(one).to_numpy() for one in counts])
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": [f"c{place}" for place in range(len(number))],
            "provider": "callrail",
            "started_at": pd.DatetimeIndex(at).tz_localize("UTC") + pd.Timedelta(hours=17),
            "duration_s": 90.0,
            "direction": "inbound",
            "status": "answered",
            "tracking_number": number,
            "lead_status": "unknown",
        }
    )
    inventory = pd.DataFrame(
        {"account": "main", "tracking_number": NUMBERS, "campaign": ["One", "Two", "Three"]}
    )
    return AuditInput(
        calls=schema.conform(calls, "calls"),
        numbers=schema.conform(inventory, "numbers"),
        settings=Settings(business=Business(timezone="America/New_York")),
    )


def alarm(kind: str, rng: np.random.Generator) -> tuple[bool, bool]:
    """Audit three healthy numbers; return whether any is called silent, or in bursts."""
    days = int(rng.integers(120, 271))
    look = silent_numbers(shop([ring(kind, days, rng) for _ in NUMBERS]))
    return bool(look.findings), "comes in bursts" in look.text


def found(kind: str, rng: np.random.Generator) -> bool:
    """Audit a dead number beside two healthy ones; return whether it is found."""
    days = int(rng.integers(120, 271))
    beside = [
        steady(days, rng) if kind == "beside steady" else ring("bursts", days, rng)
        for _ in NUMBERS[1:]
    ]
    whole = steady(days, rng, least=90 / days)
    while whole.sum() < 90:
        whole = steady(days, rng, least=90 / days)
    findings = silent_numbers(shop([dead(whole, rng), *beside])).findings
    return any(NUMBERS[0] in finding.subject for finding in findings)
