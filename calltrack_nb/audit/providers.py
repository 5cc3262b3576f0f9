"""Whether two providers that saw the same calls count them alike."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import pandas as pd
from scipy import stats

from calltrack_nb import phrasing
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import (
    each_group,
)
from calltrack_nb.calls import day_start, local_days

_CLOCK: Final = pd.Timedelta(minutes=2)
_LENGTH_S: Final = 15.0
_SAME_CALLS: Final = 0.5
_TOLERATED: Final = 0.2


def provider_totals(
    data: AuditInput, *, tolerated: float = _TOLERATED, alpha: float = 0.01
) -> Look:
    """Compare providers month by month where they watch the same calls.

    Two providers watch the same calls of a channel when at least half of the provider calls
    of the one that saw fewer have a counterpart at the other (start within two minutes,
    length within 15 s). Then their monthly totals should agree; services differ by 10
    to 15 % by their own definitions, so that a month is reported where clearly more
    than a fifth is lacking at one of them (binomial, one-sided, Bonferroni over the
    months).
    """
    rows = data.provider_calls[["account", "provider", "started_at", "duration_s", "channel"]]
    rows = rows[data.provider_calls["direction"].eq("inbound").to_numpy(bool)]
    rows = rows[rows["channel"].notna().to_numpy(bool)]
    rows = rows.assign(month=local_days(rows["started_at"], data.zone).dt.strftime("%Y-%m"))
    findings: list[Finding] = []
    lines = []
    for (account, channel), group in each_group(rows, ["account", "channel"]):
        present = sorted(str(provider) for provider in group["provider"].unique())
        for one, other in combinations(present, 2):
            first = group[group["provider"].eq(one)]
            second = group[group["provider"].eq(other)]
            fewer, more = sorted((first, second), key=len)
            if _counterparts(fewer, more) < _SAME_CALLS * len(fewer):
                continue
            months = pd.DataFrame(
                {one: first.groupby("month").size(), other: second.groupby("month").size()}
            )
            # A month that only one of them covers is a gap of the log, not a disagreement.
            months = months.dropna().astype(int)
            for month, pair in months.iterrows():
                share = 1 - int(pair.min()) / int(pair.max())
                p_value = float(stats.binom.cdf(pair.min(), pair.max(), 1 - tolerated))
                disagrees = p_value < alpha / len(months)
                lines.append(
                    {
                        "account": account,
                        "channel": channel,
                        "month": month,
                        "provider": one,
                        "calls": int(pair[one]),
                        "other_provider": other,
                        "other_calls": int(pair[other]),
                        "difference": share,
                        "disagrees": disagrees,
                    }
                )
                if disagrees:
                    start = pd.Timestamp(f"{month}-01")
                    findings.append(
                        Finding(
                            subject=f"{channel} {month} {one}/{other}",
                            account=str(account),
                            text=f"{channel}, {phrasing.month(str(month))}: {one} counts "
                            f"{phrasing.plural(pair[one], 'call')}, {other} "
                            f"{phrasing.number(pair[other])} ({phrasing.percent(share)} "
                            "apart).",
                            first_seen=day_start(start, data.zone),
                            last_seen=day_start(start + pd.offsets.MonthEnd(1), data.zone),
                        )
                    )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{phrasing.plural(len(lines), 'month')} compared. A difference clearly above "
        f"{phrasing.percent(tolerated)} is reported.",
        None if lines else "No two providers tracked the same calls.",
    )


def _counterparts(fewer: pd.DataFrame, more: pd.DataFrame) -> int:
    left = fewer[["started_at", "duration_s"]].sort_values("started_at")
    right = more[["started_at", "duration_s"]].sort_values("started_at")
    near = pd.merge_asof(
        left, right, on="started_at", direction="nearest", tolerance=_CLOCK, suffixes=("", "_there")
    )
    return int(((near["duration_s"] - near["duration_s_there"]).abs() <= _LENGTH_S).sum())


CHECKS: Final = (
    Check(
        name="provider_totals",
        question="Do providers that track the same calls agree on how many there are?",
        severity="warning",
        fix="Export the month again from both. Check whether one hides spam, counts other numbers, "
        "or uses another time zone.",
        needs=("calls", "provider_calls"),
        look=provider_totals,
    ),
)
