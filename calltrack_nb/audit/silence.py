"""Which numbers are silent, and which stretches of the log are, judged by their own rates.

How surprising a silence is says :func:`~calltrack_nb.stats.longest_gap`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

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
    number_names,
)
from calltrack_nb.audit.spending import spending
from calltrack_nb.calls import day_start, days_off, local_days
from calltrack_nb.stats import FEWEST_FOR_A_GAP, Gap, longest_gap, usual_days, weekday_profile

Floats = npt.NDArray[np.float64]

SILENCE_ALPHA: Final = 0.02
_FEWEST_RATES = 3
_MANY_A_DAY = 3.0
_PRIOR_FREEDOM = 20


def silent_numbers(data: AuditInput, *, alpha: float = SILENCE_ALPHA) -> Look:
    """Find numbers of the inventory that fell silent while their campaign spends.

    Each number is judged by its own rate of calls over days weighed by the rhythm of
    the shop's other numbers (weekday, season, holidays) and by its campaign's spend:
    a day on which the campaign spent nothing does not count, one on which it spent
    less than usual counts less. A number that never rang is judged by the spread of
    the rates of the others.

    Parameters
    ----------
    data : AuditInput
        Needs `calls` and `numbers`; `spend` is used where it is there.
    alpha : float
        Probability of any false alarm in one audit; divided by the numbers looked at.
    """
    grid = _daily(data)
    rows = data.numbers[data.numbers["tracking_number"].notna().to_numpy(bool)].drop_duplicates(
        NUMBER
    )
    spend = spending(data.spend, grid.days)
    names = number_names(data.numbers)
    judged = [_judged(row, grid, spend) for row in each_row(rows)]
    judged = [item for item in judged if item["exposure"].sum() > 0]
    rates = np.array(
        [
            item["counts"].sum() / item["exposure"].sum()
            for item in judged
            if item["counts"].sum() >= FEWEST_FOR_A_GAP
        ]
    )
    spreads = [_weekly_dispersion(item) for item in judged]
    findings, lines, said = [], [], []
    for place, item in enumerate(judged):
        prior = _pooled([spread for other, spread in enumerate(spreads) if other != place])
        gap = longest_gap(item["counts"], item["exposure"], prior) or _never_rang(
            item, rates, prior[0]
        )
        if gap is None:
            continue
        silent = gap.p_value < alpha / len(judged)
        bursts = not silent and gap.p_if_steady < alpha / len(judged)
        first, last = grid.days[gap.first], grid.days[gap.last]
        lines.append(
            {
                "account": item["account"],
                "tracking_number": item["number"],
                "calls": int(item["counts"].sum()),
                "longest_silence_from": first,
                "longest_silence_to": last,
                "calls_expected_in_it": round(gap.expected, 1),
                "p_value": gap.p_value,
                "silent": silent,
                "in_bursts": bursts,
            }
        )
        if silent:
            findings.append(_silence(item, gap, (first, last), names, data))
        elif bursts:
            said.append(_burst(names[(item["account"], item["number"])], first, last))
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{phrasing.plural(len(judged), 'number')} judged by "
        f"{phrasing.agree(len(judged), 'its', 'their')} own rate of calls. Over all numbers "
        f"together a false alarm has a probability of at most about {phrasing.percent(alpha)}."
        + "".join(f" {text}" for text in said),
        None if lines else "No number in the list has enough calls to know its usual rate.",
    )


def _weekly_dispersion(item: dict[str, Any]) -> tuple[float, int, float]:
    """Return a number's dispersion outside its longest gap, its degrees of freedom, its calls."""
    counts, exposure = item["counts"], item["exposure"]
    gap = longest_gap(counts, exposure)
    if gap is None:
        return 1.0, 0, 0.0
    outside = np.r_[0 : gap.first, gap.last + 1 : len(counts)]
    spread, freedom = stats.steady_dispersion(counts[outside], exposure[outside], 7)
    return spread, freedom, float(counts.sum())


def _pooled(spreads: list[tuple[float, int, float]]) -> tuple[float, int]:
    """Pool the dispersions of numbers, the busy ones weighing most."""
    known = [spread for spread in spreads if spread[1] > 0]
    calls = sum(count for _, _, count in known)
    if not calls:
        return 1.0, 0
    mean = sum(spread * count for spread, _, count in known) / calls
    return mean, min(_PRIOR_FREEDOM, sum(freedom for _, freedom, _ in known))


def log_gaps(data: AuditInput, *, alpha: float = SILENCE_ALPHA) -> Look:
    """Find stretches of days that are missing from a provider's log.

    Public holidays of the business's country count as far as its telephone rings on
    holidays at all, weekdays as far as it rings on them.
    """
    calls = data.inbound
    days = local_days(calls["started_at"], data.zone)
    everything = pd.date_range(days.min(), days.max(), freq="D")
    off = days_off(data.settings, everything[0].date(), everything[-1].date())
    closed = np.asarray(everything.isin(pd.DatetimeIndex(list(off))))
    findings, lines = [], []
    told: dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
    dated = calls[["account", "provider"]].assign(day=days)
    logs = {
        (str(account), "whole"): group["day"]
        for (account,), group in each_group(dated, ["account"])
        if (group["provider"] != group["provider"].iloc[0]).any()
    }
    for (account, provider), group in each_group(dated, ["account", "provider"]):
        logs[(str(account), str(provider))] = group["day"]
    for (account, provider), own_days in logs.items():
        counts = _per_day(own_days, everything)
        start = int(np.flatnonzero(counts)[0])
        counts, span = counts[start:], everything[start:]
        exposure = _on_holidays(counts, _own_rhythm(counts, span), closed[start:])
        gap = longest_gap(counts, exposure)
        if gap is None:
            continue
        first, last = span[gap.first], span[gap.last]
        missing = gap.p_value < alpha / len(logs)
        lines.append(
            {
                "account": account,
                "provider": provider,
                "calls": len(own_days),
                "longest_gap_from": first,
                "longest_gap_to": last,
                "calls_expected_in_it": round(gap.expected, 1),
                "p_value": gap.p_value,
                "missing": missing,
            }
        )
        # What is missing from the whole log is not told again for each provider.
        if missing and not any(
            begun <= first and last <= ended for begun, ended in told.get(account, [])
        ):
            told.setdefault(account, []).append((first, last))
            findings.append(
                Finding(
                    subject=f"{provider} {first:%Y-%m-%d}",
                    account=account,
                    text=f"The {provider} log holds no call "
                    f"{_when(first, last)}, where about {phrasing.number(gap.expected)} "
                    f"{phrasing.agree(round(gap.expected), 'was')} expected.",
                    first_seen=day_start(first, data.zone),
                    last_seen=day_start(last + dt.timedelta(days=1), data.zone),
                )
            )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{phrasing.plural(len(everything), 'day')} of {phrasing.plural(len(logs), 'log')} "
        f"checked. A false alarm has a probability of at most about {phrasing.percent(alpha)}.",
        None if lines else "The log holds too few calls to know how many a usual day brings.",
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    days: pd.DatetimeIndex
    counts: dict[tuple[str, str], Floats]
    total: dict[str, Floats]


def _daily(data: AuditInput) -> _Grid:
    calls = data.inbound
    days = local_days(calls["started_at"], data.zone)
    grid = pd.date_range(days.min(), days.max(), freq="D")
    position = ((days - grid[0]).dt.days).to_numpy()
    counts: dict[tuple[str, str], Floats] = {}
    total: dict[str, Floats] = {}
    placed = calls[NUMBER].assign(position=position)
    for (account,), group in each_group(placed, ["account"]):
        total[str(account)] = np.bincount(group["position"], minlength=len(grid)).astype(float)
    for (account, number), group in each_group(placed, NUMBER):
        counts[(str(account), str(number))] = np.bincount(
            group["position"], minlength=len(grid)
        ).astype(float)
    return _Grid(grid, counts, total)


def _judged(row: Any, grid: _Grid, spend: dict[tuple[str, str], Floats]) -> dict[str, Any]:
    key = (str(row.account), str(row.tracking_number))
    counts = grid.counts.get(key, np.zeros(len(grid.days)))
    others = grid.total.get(key[0], np.zeros(len(grid.days))) - counts
    exposure = usual_days(others, grid.days)
    exposure = exposure * spend.get((key[0], str(row.campaign)), 1.0)
    if pd.notna(row.active_from):
        exposure = np.where(grid.days < pd.Timestamp(row.active_from), 0.0, exposure)
    if pd.notna(row.active_to):
        exposure = np.where(grid.days > pd.Timestamp(row.active_to), 0.0, exposure)
    counts = np.where(exposure > 0, counts, 0.0)
    return {"account": key[0], "number": key[1], "counts": counts, "exposure": exposure}


def _on_holidays(counts: Floats, exposure: Floats, closed: npt.NDArray[np.bool_]) -> Floats:
    expected = exposure[closed].sum() * counts.sum() / max(exposure.sum(), 1e-9)
    share = min(1.0, counts[closed].sum() / expected) if expected > 0 else 1.0
    return np.where(closed, exposure * share, exposure)


def _own_rhythm(counts: Floats, days: pd.DatetimeIndex) -> Floats:
    """Return what a day of a log brings, by weekday and, where calls are many, by season.

    The level is a moving median, which a gap of two weeks leaves as it is, and never
    less than a quarter of the usual one.
    """
    weekday = weekday_profile(counts, days)
    if counts.mean() < _MANY_A_DAY:
        return weekday
    level = stats.level_of_days(counts, weekday, by="median")
    return np.asarray(weekday * np.maximum(level / max(level.mean(), 1e-9), 0.25))


def _per_day(days: pd.Series[Any], grid: pd.DatetimeIndex) -> Floats:
    return np.bincount((days - grid[0]).dt.days, minlength=len(grid)).astype(float)


def _never_rang(item: dict[str, Any], rates: Floats, dispersion: float) -> Gap | None:
    """Judge a number without calls by the others: log-normal rates, and their dispersion."""
    exposure = item["exposure"]
    days = np.flatnonzero(exposure > 0)
    if item["counts"].sum() > 0 or len(rates) < _FEWEST_RATES:
        return None
    logs = np.log(rates)
    spread = float(logs.std(ddof=1)) * np.sqrt(1.0 + 1.0 / len(logs))
    quantiles = (np.arange(400) + 0.5) / 400
    guesses = np.exp(logs.mean() + spread * distributions.t.ppf(quantiles, len(logs) - 1))
    whole = float(exposure.sum())
    steady = float(np.exp(-guesses * whole).mean())
    weight = stats.silence_weight(dispersion)
    return Gap(
        first=int(days[0]),
        last=int(days[-1]),
        p_value=float(np.exp(-guesses * whole * weight).mean()),
        p_if_steady=steady,
        expected=float(np.exp(logs.mean()) * whole),
        ends_the_log=True,
    )


def _silence(
    item: dict[str, Any],
    gap: Gap,
    span: tuple[pd.Timestamp, pd.Timestamp],
    names: dict[tuple[str, str], str],
    data: AuditInput,
) -> Finding:
    first, last = span
    about = f"about {phrasing.plural(round(gap.expected), 'call')}"
    name = names[(item["account"], item["number"])]
    if item["counts"].sum() == 0:
        said = f"{name} never rang; numbers like it would have brought {about}"
    elif gap.ends_the_log:
        said = (
            f"{name} has been silent since {phrasing.day(first)}, where its own rate "
            f"would have brought {about}"
        )
    else:
        said = (
            f"{name} was silent {_when(first, last)}, where its own rate would have brought {about}"
        )
    return Finding(
        subject=f"{item['number']} {first:%Y-%m-%d}",
        tracking_number=str(item["number"]),
        account=item["account"],
        text=f"{said} (probability by chance {_small(gap.p_value)}).",
        first_seen=day_start(first, data.zone),
        last_seen=day_start(last + dt.timedelta(days=1), data.zone),
    )


def _burst(name: str, first: pd.Timestamp, last: pd.Timestamp) -> str:
    days = phrasing.plural((last - first).days + 1, "day")
    return (
        f"{name} gets its calls in bursts. Its silence of {days}, {_when(first, last)}, is not "
        "unusual for it; ring it to be sure."
    )


def _when(first: dt.date, last: dt.date) -> str:
    return f"{'on' if first == last else 'from'} {phrasing.days(first, last)}"


def _small(p_value: float) -> str:
    return "under 1 in 10,000" if p_value < 1e-4 else f"{p_value:.1g}"


CHECKS: Final = (
    Check(
        name="silent_number",
        question="Does every number ring while its campaign spends?",
        severity="broken",
        fix="Ring the number from an outside telephone. If it does not connect, correct the "
        "forwarding. If it does, check whether the advertisement still shows this number.",
        needs=("calls", "numbers"),
        look=silent_numbers,
    ),
    Check(
        name="log_gap",
        question="Is the log complete?",
        severity="broken",
        fix="Export these days again from the provider and import them. If the business was "
        "closed, accept the finding: calltrack audit --accept.",
        needs=("calls",),
        look=log_gaps,
    ),
)
