"""Are calls answered: rates and their falls, calls after hours, missed callers left alone.

The unit is a caller's day, not a call: someone who rings three times until somebody
answers was reached, and three rings are not three independent failures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats as distributions

from calltrack_nb import phrasing, stats
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import (
    NUMBER,
    each_group,
    each_row,
    mask_number,
    number_names,
    seen,
)
from calltrack_nb.calls import (
    SPOKEN_WITHIN,
    contacts,
    day_start,
    in_period,
    last_attempts,
    missed_statuses,
    outcome_known,
    reached_in_words,
    weeks_of,
)

Floats = npt.NDArray[np.float64]

ANSWER_ALPHA: Final = 0.01
_OUTCOME: Final = ("account", "call_id", "started_at", "tracking_number", "campaign", "status")
_LEAST_FALL: Final = 0.10
_FEWEST_WEEKS = 6
_FEWEST_DAYS = 30


def answer_rate_falls(data: AuditInput, *, alpha: float = ANSWER_ALPHA) -> Look:
    """Find spans of weeks in which fewer callers were answered than in the other weeks.

    Every span of whole weeks is looked at, per number and for the business as a whole.
    A span's p-value is the larger of the exact one (hypergeometric) and one that allows
    for weeks varying more than chance (binomial dispersion outside the span, Student's
    t), times the number of spans and numbers looked at.

    Parameters
    ----------
    data : AuditInput
        Needs `calls`.
    alpha : float
        Probability of any false alarm in one audit.
    """
    caller_days = _caller_days(data.counted)
    if caller_days.empty:
        return Look(cannot_say="No inbound call in opening hours has a known status.")
    names = number_names(data.numbers)
    first_week = caller_days["day"].min()
    caller_days["week"] = (caller_days["day"] - first_week).dt.days // 7
    series = {
        (str(account), ""): group for (account,), group in each_group(caller_days, ["account"])
    } | {(str(key[0]), str(key[1])): group for key, group in each_group(caller_days, NUMBER)}
    series = {key: group for key, group in series.items() if len(group) >= _FEWEST_DAYS}
    findings, lines = [], []
    for (account, number), group in series.items():
        total = np.bincount(group["week"]).astype(float)
        reached = np.bincount(group["week"], weights=group["answered"]).astype(float)
        fall = deepest_fall(reached, total)
        if fall is None:
            continue
        start = first_week + pd.Timedelta(weeks=fall.first)
        end = min(first_week + pd.Timedelta(days=7 * fall.last + 6), group["day"].max())
        p_value = min(1.0, fall.p_value * len(series))
        fell = p_value < alpha and fall.before - fall.within >= _LEAST_FALL
        lines.append(
            {
                "account": account,
                "tracking_number": number or "all",
                "from": start,
                "to": end,
                "answered_in_span": fall.within,
                "answered_otherwise": fall.before,
                "p_value": p_value,
                "fell": fell,
            }
        )
        if fell:
            who = (
                names.get((account, number), mask_number(number))
                if number
                else "all numbers together"
            )
            findings.append(
                Finding(
                    subject=f"{number or 'all'} {start:%Y-%m-%d}",
                    account=account,
                    text=f"{phrasing.percent(fall.within)} of callers "
                    f"to {who} were answered in opening hours from {phrasing.days(start, end)}, "
                    f"against {phrasing.percent(fall.before)} otherwise.",
                    first_seen=day_start(start, data.zone),
                    last_seen=day_start(end + pd.Timedelta(days=1), data.zone),
                    calls=fall.callers,
                )
            )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"Spans of weeks compared in {phrasing.number(len(series))} series, corrected for their "
        f"number. A false alarm has a probability of at most about {phrasing.percent(alpha)}.",
        None if lines else "It takes six weeks with a known status, and 30 callers on a number.",
    )


@dataclass(frozen=True, slots=True)
class Fall:
    """A span of weeks with a lower answer rate.

    Parameters
    ----------
    first, last : int
        Positions of its first and last week.
    p_value : float
        Corrected for the number of spans looked at.
    within, before : float
        Share of callers answered in the span and outside it.
    callers : int
        Callers in the span.
    """

    first: int
    last: int
    p_value: float
    within: float
    before: float
    callers: int


def deepest_fall(reached: Floats, total: Floats) -> Fall | None:
    """Find the span of weeks whose answer rate fell most clearly.

    Parameters
    ----------
    reached, total : numpy.ndarray
        Callers answered and callers in all, per week, shape (weeks,).

    Returns
    -------
    Fall or None
        Its p-value is corrected for the number of spans. None with fewer than six
        weeks, or where no span lies below the rest.
    """
    weeks = len(total)
    if int((total > 0).sum()) < _FEWEST_WEEKS or reached.sum() in (0.0, total.sum()):
        return None
    spans = np.array(
        [
            (first, last)
            for first in range(weeks)
            for last in range(first, weeks)
            if last - first + 1 <= weeks - _FEWEST_WEEKS // 2
        ]
    )
    sums, hits = np.r_[0.0, np.cumsum(total)], np.r_[0.0, np.cumsum(reached)]
    inside, good = (
        sums[spans[:, 1] + 1] - sums[spans[:, 0]],
        hits[spans[:, 1] + 1] - hits[spans[:, 0]],
    )
    outside, good_outside = total.sum() - inside, reached.sum() - good
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = good / inside, good_outside / outside
        pooled = reached.sum() / total.sum()
        distance = (high - low) / np.sqrt(pooled * (1 - pooled) * (1 / inside + 1 / outside))
    distance = np.nan_to_num(distance, nan=-np.inf, posinf=-np.inf, neginf=-np.inf)
    best = int(np.argmax(distance))
    if distance[best] <= 0:
        return None
    first, last = (int(week) for week in spans[best])
    rest = np.ones(weeks, dtype=bool)
    rest[first : last + 1] = False
    spread = stats.rate_dispersion(reached[rest], total[rest], float(high[best]))
    freedom = max(int((total[rest] > 0).sum()) - 1, 1)
    by_weeks = (
        float(distributions.t.sf(distance[best] / np.sqrt(spread), freedom)) if spread > 1 else 0.0
    )
    exact = float(distributions.hypergeom.cdf(good[best], total.sum(), reached.sum(), inside[best]))
    return Fall(
        first,
        last,
        min(1.0, max(exact, by_weeks) * len(spans)),
        float(low[best]),
        float(high[best]),
        int(inside[best]),
    )


def missed_calls(data: AuditInput, *, alpha: float = ANSWER_ALPHA) -> Look:
    """Find numbers whose callers are answered less often than those of the other numbers."""
    caller_days = _caller_days(data.counted_in_period)
    if caller_days.empty:
        return Look(cannot_say="No inbound call in opening hours has a known status.")
    table = _statuses(data)
    counts = (
        caller_days.groupby(NUMBER)
        .agg(reached=("answered", "sum"), people=("answered", "size"))
        .reset_index()
        .astype({"reached": int})
    )
    everyone = counts.groupby("account")[["reached", "people"]].transform("sum")
    rest = everyone - counts[["reached", "people"]]
    p_values = distributions.hypergeom.cdf(
        counts["reached"], everyone["people"], everyone["reached"], counts["people"]
    )
    clear = stats.corrected(p_values, "holm").adjusted <= alpha
    rate, usual = counts["reached"] / counts["people"], rest["reached"] / rest["people"]
    counts = counts.assign(rate=rate, usual=usual)
    names = number_names(data.numbers)
    findings = []
    for row in each_row(counts[clear & (usual - rate >= _LEAST_FALL)]):
        account, number = str(row.account), str(row.tracking_number)
        group = data.counted_in_period
        mine = group["tracking_number"].fillna("").eq(number) & group["account"].eq(account)
        group = group[mine.to_numpy(bool)]
        findings.append(
            Finding(
                subject=number,
                account=account,
                text=f"{names.get((account, number), mask_number(number))}: "
                f"{phrasing.percent(row.rate)} of {phrasing.plural(row.people, 'caller')} "
                f"{phrasing.agree(row.people, 'was')} answered in opening hours, against "
                f"{phrasing.percent(row.usual)} on the other numbers.",
                **seen(group[group["missed"]]),
            )
        )
    low, high = (
        float(end) for end in stats.wilson(caller_days["answered"].sum(), len(caller_days))
    )
    known = data.counted_in_period["answered"][outcome_known(data.counted_in_period)]
    goal = data.settings.goals.answer_rate
    aim = f" (the goal is {phrasing.percent(goal)})" if goal is not None else ""
    silent = len(data.counted_in_period) - len(known)
    unsaid = f", not counting {phrasing.number(silent)} with an unknown status" if silent else ""
    return Look(
        tuple(findings),
        table,
        f"Of {phrasing.plural(len(data.counted_in_period), 'call')} "
        f"{phrasing.percent(known.mean(), beside=goal)} were answered{aim}{unsaid}. Of "
        f"{phrasing.plural(len(caller_days), 'caller')} in opening hours, counted once a day and "
        f"number, {phrasing.percent(caller_days['answered'].mean())} were (95 % range "
        f"{phrasing.percent(low)} to {phrasing.percent(high)}). The numbers were compared by "
        "these, with a correction for how many numbers there are.",
    )


def after_hours(data: AuditInput, *, tolerated: float = 0.3) -> Look:
    """Find out whether a large share of calls arrives when nobody is there.

    Parameters
    ----------
    data : AuditInput
        Needs `calls`; opening hours come from the settings.
    tolerated : float
        The share of calls outside opening hours up to which nothing is reported.
    """
    if not data.settings.business.hours:
        return Look(cannot_say="The settings state no opening hours (business.hours).")
    calls = data.counted_in_period
    if calls.empty:
        return Look(cannot_say="The log holds no inbound calls.")
    findings = []
    for (account,), group in each_group(calls, ["account"]):
        closed = group[~group["in_hours"]]
        low = stats.wilson(len(closed), len(group), level=0.98).low
        taken = int(closed["status"].eq("answered").sum())
        if low > tolerated:
            findings.append(
                Finding(
                    subject="after_hours",
                    account=str(account),
                    text=f"{phrasing.out_of(len(closed), len(group), 'call')} "
                    f"({phrasing.percent(len(closed) / len(group))}) came outside the stated "
                    f"opening hours; {phrasing.number(taken)} of them "
                    f"{phrasing.agree(taken, 'was')} answered.",
                    **seen(closed),
                )
            )
    table = (
        calls.groupby(["in_hours", "status"], observed=True, dropna=False)
        .size()
        .rename("calls")
        .reset_index()
    )
    share = 1 - calls["in_hours"].mean()
    return Look(
        tuple(findings),
        table,
        f"{phrasing.percent(share)} of {phrasing.plural(len(calls), 'call')} came outside the "
        f"stated opening hours; up to {phrasing.percent(tolerated)} is not reported.",
    )


def never_called_back(
    data: AuditInput, *, tolerated: float = 0.25, alpha: float = ANSWER_ALPHA
) -> Look:
    """List missed callers whom nobody spoke to afterwards.

    Weeks are reported in which clearly more than the tolerated share was left alone
    (binomial, one-sided, Bonferroni over the weeks); the list of people stands in the
    table either way. See :func:`calltrack_nb.calls.contacts` for who was spoken to.
    """
    people = last_attempts(in_period(contacts(data.calls, data.settings), data.zone, data.period))
    alone = people[~people["spoken_to"].astype(bool)]
    table = alone[list(_OUTCOME)].sort_values("started_at").reset_index(drop=True)
    if people.empty:
        return Look((), table, "No caller was missed long enough ago to judge.")
    within = f"within {SPOKEN_WITHIN.days} days"
    said = reached_in_words(len(people) - len(alone), len(people))
    if not data.calls["direction"].eq("outbound").any():
        return Look(
            (),
            table,
            said,
            "The log holds no outbound calls, so it does not show who was called back.",
        )
    people = people.assign(week=weeks_of(people["local"].dt.normalize()))
    weeks = list(each_group(people, ["account", "week"]))
    findings = []
    for (account, week), group in weeks:
        left = group[~group["spoken_to"].astype(bool)]
        p_value = stats.share_above(len(left), len(group), tolerated)
        if p_value < alpha / len(weeks):
            findings.append(
                Finding(
                    subject=f"week of {week:%Y-%m-%d}",
                    account=str(account),
                    text=f"{phrasing.out_of(len(left), len(group), 'caller')} missed in the week "
                    f"of {phrasing.day(week)} {phrasing.agree(len(left), 'was')} not spoken to "
                    f"{within} of the last missed call.",
                    **seen(left),
                )
            )
    return Look(tuple(findings), table, said)


def _caller_days(counted: pd.DataFrame) -> pd.DataFrame:
    """One row per account, number, person and local day in opening hours."""
    calls = counted[(outcome_known(counted) & counted["in_hours"]).to_numpy(bool)]
    frame = calls[["account", "person", "answered"]].assign(
        tracking_number=calls["tracking_number"].fillna(""), day=calls["local"].dt.normalize()
    )
    frame = frame.sort_values("answered", ascending=False, kind="stable")
    once: pd.DataFrame = frame.drop_duplicates(["account", "tracking_number", "person", "day"])
    return once


def _statuses(data: AuditInput) -> pd.DataFrame:
    """Count what became of the counted calls to each number."""
    calls = data.counted_in_period
    calls = calls.assign(tracking_number=calls["tracking_number"].fillna(""))
    counts = pd.crosstab(
        [calls["account"], calls["tracking_number"]],
        calls["status"].astype("str").fillna("unknown"),
    ).reindex(columns=["answered", *missed_statuses(), "unknown"], fill_value=0)
    counts["after_hours"] = (~calls["in_hours"]).groupby([calls[key] for key in NUMBER]).sum()
    return counts.reset_index().rename_axis(columns=None)


CHECKS: Final = (
    Check(
        name="answer_rate_fall",
        question="Is the answer rate steady?",
        severity="broken",
        fix="Ring the number. Check what changed on the first of these days: forwarding, staff, "
        "opening hours, a full voicemail.",
        needs=("calls",),
        look=answer_rate_falls,
    ),
    Check(
        name="missed_calls",
        question="Are callers answered equally often on every number?",
        severity="warning",
        fix="Check where this number rings and who should answer it there.",
        needs=("calls",),
        look=missed_calls,
    ),
    Check(
        name="after_hours",
        question="Do most calls come in opening hours?",
        severity="warning",
        fix="Correct business.hours in calltrack.toml if it is wrong. If not, staff these hours, "
        "or stop advertising in them.",
        needs=("calls",),
        look=after_hours,
    ),
    Check(
        name="never_called_back",
        question="Are missed callers called back?",
        severity="warning",
        fix="Ring missed callers back every day: calltrack ring-back lists the recent ones.",
        needs=("calls",),
        look=never_called_back,
    ),
)
