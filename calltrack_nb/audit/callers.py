"""Who rings that should not count: spam, the business itself, calls logged twice."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb import phrasing, stats
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import (
    NUMBER,
    each_group,
    findings_table,
    mask_number,
    number_names,
    seen,
)
from calltrack_nb.calls import known_person, local_days
from calltrack_nb.settings import Settings

SPAM_ALPHA: Final = 0.01
_SMALLEST_BURST = 8
_SHORT_S = 10.0
_BRIEF_S = 30.0
_WINDOW = pd.Timedelta(hours=24)
_TEST_S = 60.0
_ROUND = pd.Timedelta(hours=1)
_AROUND = pd.Timedelta(days=7)


def spam_reasons(calls: pd.DataFrame, settings: Settings) -> pd.Series[Any]:
    """Say why a call may be spam.

    The score itself is the log's (`spam_score`); these are the circumstances that
    speak for it. A keen customer who rings three times unanswered has them too, which
    is why a score hides nothing.

    Parameters
    ----------
    calls : pandas.DataFrame
        Rows of the ``calls`` table.
    settings : Settings
        For the score from which calls are marked.

    Returns
    -------
    pandas.Series of str
        Reasons joined by ``"; "``, aligned with `calls`.
    """
    answered = calls["status"].eq("answered").to_numpy(bool)
    duration = calls["duration_s"].to_numpy(float)
    first = calls["first_call"].fillna(value=False).to_numpy(bool)
    reasons = {
        "shorter than 10 s": answered & (duration < _SHORT_S),
        "not answered": ~answered & calls["status"].notna().to_numpy(bool),
        "first call and shorter than 30 s": answered & first & (duration < _BRIEF_S),
        "same caller three times in a day": _repeated(calls).to_numpy(bool),
    }
    text = pd.Series("", index=calls.index, dtype="str")
    for reason, applies in reasons.items():
        joined = text.where(text.eq(""), text + "; ") + reason
        text = text.where(~applies, joined)
    marked = calls["spam_score"].fillna(0) >= settings.qualified.spam_score_from
    return text.where(text.ne("") | ~marked.to_numpy(bool), "marked by the provider")


def _repeated(calls: pd.DataFrame) -> pd.Series[Any]:
    frame = pd.DataFrame({"who": known_person(calls), "at": calls["started_at"]})
    frame = frame.sort_values(["who", "at"], kind="stable")
    groups = frame.groupby("who", dropna=True)["at"]
    spans = [
        frame["at"] - groups.shift(2),
        groups.shift(-2) - frame["at"],
        groups.shift(-1) - groups.shift(1),
    ]
    close = pd.concat([span <= _WINDOW for span in spans], axis=1).any(axis=1)
    return close.reindex(calls.index)


def spam(data: AuditInput, *, alpha: float = SPAM_ALPHA) -> Look:
    """Show calls that look like spam, and report days on which they come in a burst.

    A burst is a day on which a number took at least eight marked calls and more than
    its usual number of them explains: a negative binomial tail with the mean and the
    dispersion of its other days, Bonferroni over days and numbers.
    """
    calls = data.inbound
    least = data.settings.qualified.spam_score_from
    marked = (calls["spam_score"].fillna(0) >= least).to_numpy(bool)
    fruitless = ~calls["status"].eq("answered").to_numpy(bool) | (
        calls["duration_s"].to_numpy(float) < _SHORT_S
    )
    marked |= fruitless & _repeated(calls[fruitless]).reindex(calls.index).to_numpy(bool)
    suspects = calls[marked & ~calls["staff"].to_numpy(bool)]
    table = suspects[
        ["account", "call_id", "started_at", "tracking_number", "duration_s", "status"]
    ].assign(score=suspects["spam_score"], reasons=spam_reasons(suspects, data.settings))
    days = local_days(calls["started_at"], data.zone)
    span = int((days.max() - days.min()).days) + 1
    suspects = suspects.assign(
        day=local_days(suspects["started_at"], data.zone),
        number=suspects["tracking_number"].fillna("unknown"),
    )
    numbers = list(each_group(suspects, ["account", "number"]))
    names = number_names(data.numbers)
    findings: list[Finding] = []
    for (account, number), group in numbers:
        daily = group.groupby("day").size()
        for first, last in _bursts(daily, span, alpha / (span * len(numbers))):
            rows = group[group["day"].between(first, last)]
            days_text = phrasing.days(first, last)
            name = names.get((account, number), mask_number(number))
            findings.append(
                Finding(
                    subject=f"{number} {first:%Y-%m-%d}",
                    account=str(account),
                    text=f"{phrasing.plural(len(rows), 'call')} that "
                    f"{phrasing.agree(len(rows), 'looks')} like spam came to {name} "
                    f"({days_text}), where "
                    f"{phrasing.number((len(group) - len(rows)) / span, 1)} a day are usual.",
                    **seen(rows),
                )
            )
    out = int((~suspects["counted"]).sum())
    return Look(
        tuple(findings),
        table.sort_values("started_at").reset_index(drop=True),
        f"{phrasing.out_of(len(table), len(calls), 'inbound call')} in the log "
        f"{phrasing.agree(len(table), 'looks')} like spam: a score of {least} or more, or three "
        "brief or unanswered calls by one caller in a day. "
        f"{phrasing.number(out)} of these {phrasing.agree(out, 'is')} left out of every figure; "
        "all stay in the log.",
    )


def _bursts(
    daily: pd.Series[int], span: int, alpha: float
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the first and last days of runs of days with too many marked calls."""
    dates = daily.index.to_series()
    bursts: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for day, count in zip(dates, daily, strict=True):
        if count < _SMALLEST_BURST:
            continue
        # The days around belong to the same burst, if it is one.
        far = ((dates - day).abs() > _AROUND).to_numpy(bool)
        p_value = _tail(int(count), daily[far].to_numpy(float), span - 2 * _AROUND.days - 1)
        if p_value >= alpha:
            continue
        if bursts and day - bursts[-1][1] <= pd.Timedelta(days=1):
            bursts[-1] = (bursts[-1][0], day)
        else:
            bursts.append((day, day))
    return bursts


def _tail(count: int, others: npt.NDArray[np.float64], days: int) -> float:
    """Return the probability of at least `count` a day, from days of calls like these."""
    mean = max((float(others.sum()) + 0.5) / max(days, 1), 0.05)
    variance = (float((others**2).sum()) + 0.5) / max(days, 1) - mean**2
    return stats.reaching(count, mean, variance)


def staff_calls(data: AuditInput) -> Look:
    """Find calls by the business itself.

    Calls from the staff numbers of the settings, own lines that ring a tracking number,
    and people who ring three different tracking numbers within an hour for no more than a
    minute each, as only someone who tests them does. The numbers of a pool count as one,
    for a visitor is given another of them at each visit.
    """
    calls = data.inbound
    known = calls["staff"].to_numpy(bool)
    own_lines = set(data.numbers["destination_number"].dropna()) | set(
        data.numbers["tracking_number"].dropna()
    )
    rest = calls[~known]
    from_own = rest[rest["caller_number"].isin(list(own_lines)).to_numpy(bool)]
    findings = [
        Finding(
            subject=f"own line {number}",
            account=str(account),
            text=f"{phrasing.plural(len(group), 'call')} {phrasing.agree(len(group), 'comes')} "
            f"from {mask_number(number)}, one of the business's own lines.",
            **seen(group),
        )
        for (account, number), group in each_group(from_own, ["account", "caller_number"])
    ]
    pooled = data.numbers.dropna(subset=["pool"])
    pools = dict(zip(pooled["tracking_number"], pooled["pool"], strict=True))
    rounds = _test_rounds(rest.drop(from_own.index), pools)
    findings += [
        Finding(
            subject=f"test round {group['started_at'].min():%Y-%m-%dT%H:%M}",
            account=str(account),
            text="One caller rang "
            f"{phrasing.plural(group['tracking_number'].nunique(), 'different tracking number')} "
            "within an hour "
            f"({phrasing.moment(group['started_at'].min().tz_convert(data.zone))}): this looks "
            "like a test.",
            **seen(group),
        )
        for (account, _), group in each_group(rounds, ["account", "who"])
    ]
    findings += [
        Finding(
            subject=f"staff {number}",
            account=str(account),
            text=f"{phrasing.plural(len(group), 'call')} {phrasing.agree(len(group), 'comes')} "
            f"from the staff number {mask_number(number)}; "
            f"{phrasing.agree(len(group), 'it is', 'they are')} left out of every rate.",
            **seen(group),
        )
        for (account, number), group in each_group(calls[known], ["account", "caller_number"])
    ]
    return Look(
        tuple(findings),
        findings_table(findings),
        f"{phrasing.plural(len(calls), 'inbound call')} in the log searched for calls by staff "
        f"({phrasing.number(len(data.settings.qualified.staff_numbers))} staff numbers listed), "
        "from the business's own lines, and rounds of test calls.",
    )


def _test_rounds(calls: pd.DataFrame, pools: dict[str, str]) -> pd.DataFrame:
    line = calls["tracking_number"].map(lambda number: pools.get(number, number))
    frame = calls.assign(who=known_person(calls), line=line)
    brief = (frame["duration_s"] <= _TEST_S) & frame["tracking_number"].notna()
    frame = frame[frame["who"].notna().to_numpy(bool) & brief.to_numpy(bool)]
    frame = frame.sort_values(["account", "who", "started_at"], kind="stable")
    same = frame["line"].eq(frame["line"].shift()) & frame["who"].eq(frame["who"].shift())
    turns = frame[~same.to_numpy(bool)]
    groups = turns.groupby(["account", "who"])
    numbers = [groups["line"].shift(step) for step in (0, -1, -2)]
    quick = groups["started_at"].shift(-2) - turns["started_at"] <= _ROUND
    distinct = numbers[0].ne(numbers[2]) & numbers[1].ne(numbers[2]) & numbers[2].notna()
    starts = (quick & distinct).to_numpy(bool)
    testers = turns.loc[starts, ["account", "who", "started_at"]].rename(
        columns={"started_at": "round"}
    )
    joined = frame.merge(testers, on=["account", "who"])
    within = (joined["started_at"] - joined["round"]).between(pd.Timedelta(0), _ROUND)
    return joined[within.to_numpy(bool)].drop_duplicates("call_id")


def duplicates(data: AuditInput) -> Look:
    """Find calls that stand in the log twice.

    Nobody can ring twice at once: two calls of one person to one number are the same
    call where the second starts within two seconds of the first or, logged by another
    provider, within two minutes with the same length.
    """
    calls = data.inbound[
        [*NUMBER, "call_id", "started_at", "duration_s", "provider", "caller_key", "caller_number"]
    ].assign(who=known_person)
    calls = calls[calls["who"].notna().to_numpy(bool) & calls["tracking_number"].notna()]
    calls = calls.sort_values(["account", "who", "tracking_number", "started_at"], kind="stable")
    groups = calls.groupby(["account", "who", "tracking_number"], sort=False)
    apart = calls["started_at"] - groups["started_at"].shift()
    lengths = (calls["duration_s"] - groups["duration_s"].shift()).abs()
    provider = calls["provider"].astype("str")
    elsewhere = provider.ne(provider.shift())
    same = (apart <= pd.Timedelta(seconds=2)) | (
        (apart <= pd.Timedelta(minutes=2)) & (lengths <= 2) & elsewhere
    )
    twice = calls[same.fillna(value=False).to_numpy(bool)]
    findings = []
    for (account, provider_name), group in each_group(twice, ["account", "provider"]):
        findings.append(
            Finding(
                subject=f"{provider_name} {group['started_at'].min():%Y-%m-%d}",
                account=str(account),
                text=f"{phrasing.plural(len(group), 'call')} of the {provider_name} log "
                f"{phrasing.agree(len(group), 'is')} in it twice.",
                **seen(group),
            )
        )
    columns = ["account", "call_id", "started_at", "tracking_number", "duration_s", "provider"]
    return Look(
        tuple(findings),
        twice[columns].reset_index(drop=True),
        f"{phrasing.plural(len(calls), 'call')} with a known caller "
        f"{phrasing.agree(len(calls), 'was')} compared with that caller's previous call.",
    )


CHECKS: Final = (
    Check(
        name="spam",
        question="Are calls that look like spam as rare as usual?",
        severity="warning",
        fix="Listen to a few of them. Ask the provider to challenge such callers (press 1) rather "
        "than block them. Find out where the number is published.",
        needs=("calls",),
        look=spam,
    ),
    Check(
        name="staff_calls",
        question="Do all calls come from customers, none from the business itself?",
        severity="note",
        fix="List the business's telephones under qualified.staff_numbers in calltrack.toml. Calls "
        "from numbers listed there are already left out of every rate.",
        needs=("calls",),
        look=staff_calls,
    ),
    Check(
        name="duplicates",
        question="Is each call in the log only once?",
        severity="broken",
        fix="Import the files again, so that they are joined. If the finding stays, check which of "
        "the two services forwards the call to the other.",
        needs=("calls",),
        look=duplicates,
    ),
)
