"""Whether the pools that are swapped into the website hold enough numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_group
from calltrack_nb.phrasing import agree, percent, plural

HOLD_MINUTES: Final = 30.0
MOST_BLOCKED: Final = 0.02


def erlang_b(servers: int, load: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the share of arrivals that find all servers taken.

    Parameters
    ----------
    servers : int
        Numbers in the pool.
    load : array_like
        Offered load in Erlangs: arrivals per minute times minutes held.

    Returns
    -------
    numpy.ndarray of float
        Blocking probability, of the load's shape.

    Notes
    -----
    Erlang's loss formula by its stable recursion (Cooper, "Introduction to Queueing
    Theory", 1981); it holds for any distribution of the holding time.

    Examples
    --------
    >>> round(float(erlang_b(10, 5.0)), 4)
    0.0184
    """
    offered = np.asarray(load, dtype=float)
    blocked = np.ones_like(offered)
    for server in range(1, servers + 1):
        blocked = offered * blocked / (server + offered * blocked)
    return blocked


def pool_needed(load: float, *, blocked: float = MOST_BLOCKED) -> int:
    """Return the smallest pool that gives at most a share `blocked` the fallback number.

    Examples
    --------
    >>> pool_needed(5.0, blocked=0.02)
    10
    """
    servers, lost = 0, 1.0
    while lost > blocked:
        servers += 1
        lost = load * lost / (servers + load * lost)
    return servers


def pool_sizes(
    data: AuditInput, *, hold_minutes: float = HOLD_MINUTES, blocked: float = MOST_BLOCKED
) -> Look:
    """Hold each pool against its busiest hour.

    Parameters
    ----------
    data : AuditInput
        Needs `numbers` with pools, and `visits`.
    hold_minutes : float
        How long a visitor keeps a number, the lock after the visit included; providers
        name 20 to 30 minutes.
    blocked : float
        Largest share of the busiest hour's visitors who may see the fallback number.
    """
    pooled = data.numbers[data.numbers["pool"].notna().to_numpy(bool)]
    if pooled.empty:
        return Look(
            cannot_say="The list of numbers names no number that the website's visitors share "
            "(column pool)."
        )
    last = pd.Timestamp(data.visits["hour"].max()).tz_convert(data.zone).tz_localize(None)
    ended = pd.to_datetime(pooled["active_to"]) < last.normalize()
    pooled = pooled[~ended.to_numpy(bool)]
    findings, lines = [], []
    for (account, pool), rows in each_group(pooled, ["account", "pool"]):
        visits = data.visits[data.visits["account"].eq(account).to_numpy(bool)]
        channels = rows["channel"].dropna().unique()
        if len(channels) == 1 and visits["channel"].eq(channels[0]).any():
            visits = visits[visits["channel"].eq(channels[0]).to_numpy(bool)]
        hourly = visits.groupby("hour")["visitors"].sum().astype(float)
        if hourly.empty:
            continue
        size = rows["tracking_number"].nunique()
        peak = float(hourly.max())
        lost = erlang_b(size, hourly.to_numpy() * hold_minutes / 60)
        at_peak = float(lost.max())
        needed = pool_needed(peak * hold_minutes / 60, blocked=blocked)
        overall = float((lost * hourly.to_numpy()).sum() / max(hourly.sum(), 1.0))
        lines.append(
            {
                "account": account,
                "pool": pool,
                "numbers": size,
                "peak_visitors_per_hour": peak,
                "visitors_per_number": peak / size,
                "taken_at_peak": min(peak * hold_minutes / 60 * (1 - at_peak) / size, 1.0),
                "fallback_at_peak": at_peak,
                "fallback_overall": overall,
                "numbers_needed": needed,
            }
        )
        if at_peak > blocked:
            busy = pd.Timestamp(str(hourly.idxmax()))
            findings.append(
                Finding(
                    subject=str(pool),
                    account=str(account),
                    text=f"{plural(size, 'shared number')} ({pool}) met "
                    f"{plural(round(peak), 'visitor')} in the busiest hour, each with one for "
                    f"{hold_minutes:g} minutes: about {percent(at_peak)} of them found none free. "
                    f"{plural(needed, 'number')} {agree(needed, 'is')} needed.",
                    first_seen=busy,
                    last_seen=hourly[lost > blocked].index.max(),
                )
            )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"By Erlang's loss formula, if each visitor keeps a number for {hold_minutes:g} minutes. "
        f"There are enough if at most {percent(blocked)} of the visitors in the busiest hour find "
        "none free.",
        None if lines else "There are no visits to compare the shared numbers with.",
    )


CHECKS: Final = (
    Check(
        name="pool_size",
        question="Are there enough numbers for the website's visitors?",
        severity="warning",
        fix="Add shared numbers at the provider until there are enough, or shorten the time that a "
        "visitor keeps one.",
        needs=("numbers", "visits"),
        look=pool_sizes,
    ),
)
