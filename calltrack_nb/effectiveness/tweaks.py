"""Did the change help? Each tweak of the log, judged against unchanged campaigns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import phrasing, stats
from calltrack_nb._moved import old_keyword
from calltrack_nb.effectiveness import tweak_checks
from calltrack_nb.effectiveness.broken import (
    NOTHING_BROKEN,
    broken_between,
    sound_log,
    treated_broken,
    without_groups,
)
from calltrack_nb.effectiveness.comparison import (
    OWN_PAST,
    Comparison,
    Log,
    Outcome,
    Wanted,
    compare,
    compare_with_past,
)
from calltrack_nb.effectiveness.grouping import groups_of
from calltrack_nb.effectiveness.reading import Reading, read
from calltrack_nb.effectiveness.tweak_worth import ALL, Worth, worth_by_group
from calltrack_nb.effectiveness.verdict_words import COUNTED, in_words, worded
from calltrack_nb.effectiveness.verdicts import Verdict, Verdicts
from calltrack_nb.effectiveness.windows import (
    FEWEST_WEEKS,
    TweakWindow,
    window_of,
    window_of_two_years,
)
from calltrack_nb.results import Check
from calltrack_nb.settings import Settings
from calltrack_nb.stats import explained

FEWEST_CALLERS: Final = 10
_POWER: Final = 0.8
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class _Case:
    """What every tweak of a log is judged on."""

    log: Log
    tweaks: pd.DataFrame
    definition_changes: pd.DataFrame
    spend: pd.DataFrame
    settings: Settings
    outcome: Outcome
    controls: str
    broken: pd.DataFrame


@old_keyword("regimes", "definition_changes")
def judge_tweaks(  # noqa: PLR0913 - a table each, and what is counted
    calls: pd.DataFrame,
    tweaks: pd.DataFrame,
    settings: Settings,
    *,
    definition_changes: pd.DataFrame,
    outcomes: pd.DataFrame,
    spend: pd.DataFrame,
    outcome: Outcome = "callers",
    controls: str = "",
    broken: pd.DataFrame | None = None,
) -> Verdicts:
    """Judge every tweak of the log against unchanged (control) campaigns.

    Parameters
    ----------
    calls, tweaks, definition_changes, outcomes, spend : pandas.DataFrame
        The canonical tables, whole.
    settings : Settings
        Zone, level, currency and the qualified-call rule.
    outcome : {"callers", "qualified"}
        Everyone who rang, or those with a qualified call.

    controls : str
        Campaigns to compare with, "Search; Flyer", or those not to, "not Flyer; not Radio".
        What the column ``controls`` of `tweaks` says of a tweak goes before it. All that
        nothing happened to, where neither says anything.
    broken : pandas.DataFrame, optional
        Days on which a campaign's number was broken (see :mod:`calltrack_nb.audit.broken`):
        weeks that hold one of the campaign's own are left out, and campaigns that were broken in
        the weeks compared are no control; where no other is left, their weeks are left out too.

    Notes
    -----
    Up to 26 weeks before and 8 after, never across a change of definition or another
    change of the same campaign, are compared with campaigns that nothing happened to
    (:func:`~calltrack_nb.effectiveness.reading.read`). Where there is no such campaign, the
    same weeks of the year before stand in, and only if earlier dates, on which nothing
    was changed, can be tried as well. Several changes of a campaign on one day get no verdict.
    The p-values of the family are corrected by Benjamini
    and Hochberg. Until all weeks after a change are in, a verdict takes p < .001 (Peto and
    others 1976, British Journal of Cancer 34, 585-612), so that looking every week adds
    nothing to speak of to the error; and where too few weeks before are known to try other
    dates, it says "looks like" at most.
    """
    case = _Case(
        Log.of(calls, settings),
        tweaks,
        definition_changes,
        spend,
        settings,
        outcome,
        controls,
        NOTHING_BROKEN if broken is None else broken,
    )
    judged = [_judge(case, row) for row in _records(tweaks.sort_values("date"))]
    counting = COUNTED[outcome]
    family = stats.corrected([verdict.p_value for verdict in judged])
    worths = worth_by_group(case.log, calls, outcomes, settings, outcome)
    priced = (_priced(verdict, worths, counting, settings) for verdict in judged)
    verdicts = tuple(
        worded(replace(verdict, p_adjusted=float(p)), settings, counting)
        for verdict, p in zip(priced, family.adjusted, strict=True)
    )
    return Verdicts.of(verdicts, settings.business.currency, in_words(verdicts, family), counting)


def _records(tweaks: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in tweaks.to_dict("records")]


def _judge(case: _Case, row: dict[str, object]) -> Verdict:
    log, day = case.log, row["date"]
    assert isinstance(day, dt.date)
    treated = groups_of(pd.DataFrame([row]))[0]
    blank = Verdict.blank(row, treated, day)
    if log.first is None or not log.first <= day <= (log.last or day):
        return _refused(blank, "log", f"The log has no calls on both sides of {phrasing.day(day)}.")
    if several := tweak_checks.changed_together(case.tweaks, treated, day):
        return _refused(blank, "one change", several)
    window = window_of(log, treated, day, case.tweaks, case.definition_changes)
    if short := window.too_short():
        return _refused(blank, "weeks", short)
    span = (day - dt.timedelta(weeks=window.before), day + dt.timedelta(weeks=window.after))
    touched = frozenset(
        group
        for group, date in zip(groups_of(case.tweaks), case.tweaks["date"], strict=True)
        if span[0] < date < span[1]
    )
    case = replace(case, log=sound_log(log, [treated], case.broken))
    others = broken_between(case.broken, *span) - {treated}
    asked = partial(
        compare,
        treated=treated,
        day=day,
        before=window.before,
        after=window.after,
        touched=touched,
        outcome=case.outcome,
        wanted=Wanted.parse(_said(row.get("controls")) or case.controls),
    )
    comparison = asked(without_groups(case.log, others))
    if others and not comparison.control:
        case = replace(case, log=sound_log(case.log, others, case.broken))
        comparison = asked(case.log)
    elif others:
        broken = tuple(f"{name} (its number was broken in these weeks)" for name in sorted(others))
        comparison = replace(comparison, dropped=(*comparison.dropped, *broken))
    if comparison.silent:
        return _refused(
            blank,
            "silent",
            f"It had no calls at all ({comparison.silent}), as with a broken number; no other week "
            "shows what the change did.",
        )
    if not comparison.control:
        return _judge_alone(case, blank, comparison)
    return _estimate(blank, comparison, window, case)


def _said(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def _judge_alone(case: _Case, blank: Verdict, without: Comparison) -> Verdict:
    """Judge a campaign without a control by its own year before, and by placebo dates."""
    why = (
        f"No other campaign can serve as a control: {phrasing.listed(list(without.dropped), 4)}"
        if without.dropped
        else "There is no other campaign"
    )
    window = window_of_two_years(
        case.log, blank.campaign, blank.date, case.tweaks, case.definition_changes
    )
    comparison = compare_with_past(
        case.log,
        blank.campaign,
        blank.date,
        before=window.before,
        after=window.after,
        outcome=case.outcome,
    )
    enough = not window.too_short() and tweak_checks.placebo(comparison).passed is not None
    if not enough:
        return _refused(
            blank,
            "control",
            f"{why}, so nothing shows what would have happened anyway. A campaign alone can be "
            "judged only by its own weeks a year before, and by enough dates on which nothing was "
            f"changed. The log has {phrasing.plural(window.before, 'whole week')} before (back to "
            f"{window.before_cut}) and {window.after} after.",
        )
    return _estimate(blank, comparison, window, case)


def _estimate(blank: Verdict, comparison: Comparison, window: TweakWindow, case: _Case) -> Verdict:
    weeks = comparison.weeks
    blank = replace(blank, weeks=weeks, control=comparison.control)
    if comparison.before < FEWEST_WEEKS or comparison.after < FEWEST_WEEKS:
        own = treated_broken(case.broken, blank.campaign)
        broken = f" Days do not count on which its number was broken ({own})." if own else ""
        return _refused(blank, "weeks", tweak_checks.weeks_missing(comparison) + broken)
    if gap := tweak_checks.gap_across(comparison, pd.Timestamp(blank.date)):
        return _refused(blank, "gap", gap)
    on = weeks["changed"].to_numpy(dtype=bool)
    treated, control = (weeks[name].to_numpy(dtype=int) for name in ("treated", "control"))
    before = int(treated[~on].sum()), int(control[~on].sum())
    after = int(treated[on].sum()), int(control[on].sum())
    if min(*before, *after) < FEWEST_CALLERS:
        return _refused(
            blank,
            "callers",
            f"Too few callers: {phrasing.plural(before[0], 'caller')} before and "
            f"{phrasing.number(after[0])} after, {phrasing.number(before[1])} and "
            f"{phrasing.number(after[1])} in the control; it takes {FEWEST_CALLERS} in each.",
        )
    level = case.settings.evidence.level
    reading = read(comparison, level)
    least, most = explained(after[0], reading.ratio, reading.low, reading.high, level)
    return replace(
        blank,
        ratio=reading.ratio,
        low=reading.low,
        high=reading.high,
        likely=reading.likely,
        likely_low=reading.likely_low,
        likely_high=reading.likely_high,
        p_value=reading.p_value,
        extra=after[0] * (1 - 1 / reading.ratio),
        extra_low=float(least),
        extra_high=float(most),
        detectable=_detectable(reading, level),
        checks=_checks(comparison, reading, window, case, blank.campaign),
    )


def _checks(
    comparison: Comparison, reading: Reading, window: TweakWindow, case: _Case, campaign: str
) -> tuple[Check, ...]:
    """Ask everything that is asked; what takes long only where there is an effect to doubt."""
    alpha = 1 - case.settings.evidence.level
    checks = [_control_check(comparison, window), *tweak_checks.told_apart(reading, alpha)]
    found = reading.p_value < alpha
    if found:
        checks += tweak_checks.one_control(comparison, reading)
        if comparison.same_weeks:
            checks.append(tweak_checks.moved_calls(comparison, reading))
    if found or not comparison.same_weeks:
        checks.append(tweak_checks.placebo(comparison, reading.family))
    return (
        *checks,
        tweak_checks.all_weeks_in(window),
        *tweak_checks.steady_spend(
            case.spend, campaign, comparison, case.settings.business.currency
        ),
    )


def _detectable(reading: Reading, level: float) -> float:
    """Return the smallest change that a range so wide leaves out in four cases of five."""
    reach = _NORMAL.inv_cdf((1 + level) / 2)
    error = np.log(reading.high / reading.low) / (2 * reach)
    return float(np.expm1((reach + _NORMAL.inv_cdf(_POWER)) * error))


def _control_check(comparison: Comparison, window: TweakWindow) -> Check:
    span = (
        f"over {phrasing.plural(comparison.before, 'week')} before (back to {window.before_cut}) "
        f"and {comparison.after} after (up to {window.after_cut})"
    )
    if not comparison.same_weeks:
        text = (
            f"There was no other campaign to compare with, so it was compared with {OWN_PAST}, "
            f"{span}. What happened in only one of the two years counts as an effect."
        )
        return Check("control", None, text)
    unused = phrasing.listed(list(comparison.dropped), 8)
    text = f"Compared with {phrasing.listed(list(comparison.control), 8)}, {span}."
    return Check("control", True, text + (f" Not used: {unused}." if unused else ""))


def _priced(
    verdict: Verdict, worths: dict[str, Worth], counting: str, settings: Settings
) -> Verdict:
    """Turn callers into money; each end is taken at the end of the worth that widens it."""
    worth = worths.get(verdict.campaign, worths.get(ALL))
    if worth is None or np.isnan(verdict.ratio):
        return verdict
    return replace(
        verdict,
        money=verdict.extra * worth.usual,
        money_low=verdict.extra_low * (worth.low if verdict.extra_low > 0 else worth.high),
        money_high=verdict.extra_high * (worth.high if verdict.extra_high > 0 else worth.low),
        priced_by=worth.whose,
        checks=(*verdict.checks, worth.check(counting, settings)),
    )


def _refused(blank: Verdict, name: str, why: str) -> Verdict:
    head = f"{blank.campaign}, {phrasing.day(blank.date)} ({blank.changed})"
    return replace(blank, checks=(Check(name, False, why),), text=f"{head}: can't tell. {why}")
