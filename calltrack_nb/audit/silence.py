"""Which numbers are silent, and which stretches of the log are, judged by their own rates.

For calls that come as a Poisson process with a known rhythm, the last of ``n`` calls
falls before the final share ``x`` of the exposure with probability ``(1 - x)**n``: an
exact test of "silent since", with no window chosen after looking. For the longest of
all gaps, that times the number of days after which one could begin bounds the
probability. Overdispersed counts are taken as negative binomial: with mean ``m`` and
variance ``v * m`` none come with probability ``exp(-m * log(v) / (v - 1))``; ``v`` is
the dispersion of the days outside the gap, in blocks as long as the gap but a week at
most (Pearson chi-square over its degrees of freedom, moderated towards that of the
shop's other numbers, never below one). That it is itself
an estimate is met as for a variance: with ``d`` degrees of freedom ``exp(-a)`` becomes
``(1 + 2 * a / d) ** (-d / 2)``, its mean over the chi-square distribution.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import holidays
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
from calltrack_nb.calls import day_start, local_days

Floats = npt.NDArray[np.float64]

SILENCE_ALPHA: Final = 0.02
_FEWEST_CALLS = 4
_SMOOTHING_DAYS = 28
_FEWEST_RATES = 3
_FEWEST_BLOCKS = 12
_MANY_A_DAY = 3.0
_PRIOR_FREEDOM = 20
_LEVEL_CALLS = 100.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without calls and how surprising it is.

    Parameters
    ----------
    first, last : int
        Positions of its first and last day.
    p_value : float
        Probability of so long a stretch if nothing had changed.
    expected : float
        Calls it should have held.
    ends_the_log : bool
        Whether the number is silent still.
    """

    first: int
    last: int
    p_value: float
    expected: float
    ends_the_log: bool


def longest_gap(
    counts: Floats, exposure: Floats, prior: tuple[float, int] = (1.0, 0)
) -> Gap | None:
    """Find the most surprising stretch of days without calls.

    Parameters
    ----------
    counts : numpy.ndarray
        Calls per day, shape (days,).
    exposure : numpy.ndarray
        Relative number of calls each day would bring at an unchanged rate; 0 on days
        that do not count.
    prior : tuple of float and int
        A dispersion known from elsewhere, and how many degrees of freedom it is worth.

    Returns
    -------
    Gap or None
        None where there are fewer than four calls or no gap. The p-value covers the
        choice among all gaps of the series: half of it is spent on the one that lasts
        to the end, half on the longest of the others.

    Notes
    -----
    The distribution of the longest spacing is that of Fisher (1929), "Tests of
    significance in harmonic analysis", bounded by its first term. The dispersion is
    moderated towards the prior one as variances are in Smyth (2004), "Linear models and
    empirical Bayes methods for assessing differential expression".

    Examples
    --------
    >>> import numpy as np
    >>> daily = np.r_[np.ones(60), np.zeros(15)]
    >>> gap = longest_gap(daily, np.ones(75))
    >>> gap.first, gap.ends_the_log, gap.p_value < 0.01
    (60, True, True)
    """
    ringing = np.flatnonzero(counts > 0)
    counts = np.where(exposure > 0, counts, 0.0)
    total, whole = counts.sum(), exposure.sum()
    if total < _FEWEST_CALLS or whole <= 0:
        return None
    before = np.r_[0.0, np.cumsum(exposure)]
    starts, ends = np.r_[0, ringing + 1], np.r_[ringing, len(counts)]
    shares = np.clip((before[ends] - before[starts]) / whole, 0.0, 1.0)
    candidates = [len(shares) - 1, int(np.argmax(shares[:-1]))]
    gaps = []
    for place in candidates:
        first, last, share = int(starts[place]), int(ends[place]) - 1, float(shares[place])
        if last < first or share <= 0:
            continue
        outside = np.ones(len(counts), dtype=bool)
        outside[first : last + 1] = False
        block = max(1, min(last - first + 1, 7, int(outside.sum()) // _FEWEST_BLOCKS))
        own, own_freedom = stats.steady_dispersion(counts[outside], exposure[outside], block)
        freedom = own_freedom + prior[1]
        spread = max(1.0, (own * own_freedom + prior[0] * prior[1]) / freedom)
        against = -total * np.log1p(-min(share, 1.0 - 1e-9)) * stats.silence_weight(spread)
        is_last = place == len(shares) - 1
        looks = 2.0 if is_last else 2.0 * len(shares)
        p_value = float(min(1.0, looks * (1.0 + 2.0 * against / freedom) ** (-freedom / 2.0)))
        expected = total * share / max(1.0 - share, 1e-9)
        gaps.append(Gap(first, last, p_value, expected, is_last))
    return min(gaps, key=lambda gap: gap.p_value, default=None)


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
            if item["counts"].sum() >= _FEWEST_CALLS
        ]
    )
    spreads = [_weekly_dispersion(item) for item in judged]
    findings, lines = [], []
    for place, item in enumerate(judged):
        prior = _pooled([spread for other, spread in enumerate(spreads) if other != place])
        gap = longest_gap(item["counts"], item["exposure"], prior) or _never_rang(item, rates)
        if gap is None:
            continue
        silent = gap.p_value < alpha / len(judged)
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
            }
        )
        if silent:
            findings.append(_silence(item, gap, (first, last), names, data))
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{phrasing.plural(len(judged), 'number')} judged by "
        f"{phrasing.agree(len(judged), 'its', 'their')} own rate of calls; over all of them "
        f"together a false alarm has a probability of about {phrasing.percent(alpha)} at most.",
        None if lines else "No number of the inventory has enough calls to know its rate.",
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
    closed = _holidays(everything, data.settings.business.country)
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
                    f"{phrasing.agree(round(gap.expected), 'was')} to be expected.",
                    first_seen=day_start(first, data.zone),
                    last_seen=day_start(last + dt.timedelta(days=1), data.zone),
                )
            )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{phrasing.plural(len(everything), 'day')} of {phrasing.plural(len(logs), 'log')} looked "
        f"at; a false alarm has a probability of about {phrasing.percent(alpha)} at most.",
        None if lines else "The log holds too few calls to know how many a day should bring.",
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
    exposure = _rhythm(others, grid.days)
    exposure = exposure * spend.get((key[0], str(row.campaign)), 1.0)
    if pd.notna(row.active_from):
        exposure = np.where(grid.days < pd.Timestamp(row.active_from), 0.0, exposure)
    if pd.notna(row.active_to):
        exposure = np.where(grid.days > pd.Timestamp(row.active_to), 0.0, exposure)
    counts = np.where(exposure > 0, counts, 0.0)
    return {"account": key[0], "number": key[1], "counts": counts, "exposure": exposure}


def _rhythm(others: Floats, days: pd.DatetimeIndex) -> Floats:
    """Return what share of a usual day each day is, from the calls of other numbers."""
    if others.sum() < 10 * _FEWEST_CALLS:
        return np.ones(len(days))
    # A burst on another number says nothing about this one.
    usual = np.median(others[others > 0])
    calm = np.minimum(others, 3.0 * usual)
    weekday = _weekday_profile(calm, days)
    # As short a window as still holds a hundred calls follows the ups and downs best.
    window = int(np.clip(np.ceil(_LEVEL_CALLS / calm.mean()), 7, _SMOOTHING_DAYS))
    level = (
        pd.Series(calm / np.maximum(weekday, 0.05))
        .where(weekday > 0.05)
        .rolling(window, center=True, min_periods=4)
        .mean()
        .bfill()
        .ffill()
        .to_numpy()
    )
    return np.asarray(weekday * level / max(level.mean(), 1e-9))


def _on_holidays(counts: Floats, exposure: Floats, closed: npt.NDArray[np.bool_]) -> Floats:
    expected = exposure[closed].sum() * counts.sum() / max(exposure.sum(), 1e-9)
    share = min(1.0, counts[closed].sum() / expected) if expected > 0 else 1.0
    return np.where(closed, exposure * share, exposure)


def _own_rhythm(counts: Floats, days: pd.DatetimeIndex) -> Floats:
    """Return what a day of a log brings, by weekday and, where calls are many, by season.

    The level is a moving median, which a gap of two weeks leaves as it is, and never
    less than a quarter of the usual one.
    """
    weekday = _weekday_profile(counts, days)
    if counts.mean() < _MANY_A_DAY:
        return weekday
    level = (
        pd.Series(counts / np.maximum(weekday, 0.05))
        .where(weekday > 0.05)
        .rolling(_SMOOTHING_DAYS, center=True, min_periods=7)
        .median()
        .bfill()
        .ffill()
        .to_numpy()
    )
    return np.asarray(weekday * np.maximum(level / max(level.mean(), 1e-9), 0.25))


def _weekday_profile(counts: Floats, days: pd.DatetimeIndex) -> Floats:
    frame = pd.DataFrame({"calls": counts, "weekday": days.day_of_week})
    means = frame.groupby("weekday")["calls"].mean()
    overall = max(float(means.mean()), 1e-9)
    return np.asarray(frame["weekday"].map(means / overall).to_numpy(float))


def _per_day(days: pd.Series[Any], grid: pd.DatetimeIndex) -> Floats:
    return np.bincount((days - grid[0]).dt.days, minlength=len(grid)).astype(float)


def _holidays(days: pd.DatetimeIndex, country: str) -> npt.NDArray[np.bool_]:
    try:
        known = holidays.country_holidays(country, years=range(days[0].year, days[-1].year + 1))
    except NotImplementedError:
        return np.zeros(len(days), dtype=bool)
    return np.array([day.date() in known for day in days])


def _never_rang(item: dict[str, Any], rates: Floats) -> Gap | None:
    """Judge a number without calls by the rates of the others, taken as log-normal."""
    exposure = item["exposure"]
    days = np.flatnonzero(exposure > 0)
    if item["counts"].sum() > 0 or len(rates) < _FEWEST_RATES:
        return None
    logs = np.log(rates)
    spread = float(logs.std(ddof=1)) * np.sqrt(1.0 + 1.0 / len(logs))
    quantiles = (np.arange(400) + 0.5) / 400
    guesses = np.exp(logs.mean() + spread * distributions.t.ppf(quantiles, len(logs) - 1))
    whole = float(exposure.sum())
    return Gap(
        first=int(days[0]),
        last=int(days[-1]),
        p_value=float(np.exp(-guesses * whole).mean()),
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
        account=item["account"],
        text=f"{said} (probability by chance {_small(gap.p_value)}).",
        first_seen=day_start(first, data.zone),
        last_seen=day_start(last + dt.timedelta(days=1), data.zone),
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
        fix="Ring the number from an outside telephone; if it does not connect, mend the "
        "forwarding; if it does, look whether the advertisement still shows this number.",
        needs=("calls", "numbers"),
        look=silent_numbers,
    ),
    Check(
        name="log_gap",
        question="Is the log complete?",
        severity="broken",
        fix="Export these days again from the provider and import them; days that the business "
        "was closed can be accepted in the baseline.",
        needs=("calls",),
        look=log_gaps,
    ),
)
