"""What is asked of a comparison before its effect is believed, each with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.effectiveness.comparison import Comparison
from calltrack_nb.effectiveness.grouping import groups_of
from calltrack_nb.effectiveness.reading import LAST_WEEKS, Reading, step_of
from calltrack_nb.effectiveness.windows import FEWEST_WEEKS, TweakWindow
from calltrack_nb.phrasing import agree, day, listed, money, out_of, plural
from calltrack_nb.results import Check
from calltrack_nb.stats import step_in_share

_LEFT_OUT: Final = 0.3
"""An effect that hangs on no single control has a smaller p-value without any of them."""

_MOVED: Final = 0.05
_MOVED_SHARE: Final = 1 / 3
"""A sibling that lost a third of what the campaign gained may have lost it to the campaign."""

_PLACEBO_ALARM: Final = 0.05
_PLACEBO_SHARE: Final = 0.35
_FEWEST_PLACEBOS: Final = 4
_MOST_PLACEBOS: Final = 8
_ALONE: Final = 1e6
"""Beside so many the logit of a share is the logarithm of the count itself."""


def told_apart(reading: Reading, alpha: float) -> tuple[Check, ...]:
    """Say what else may explain the weeks: an earlier step, a trend, a wander, a slump.

    The range allows for each. Where chance alone would have left an effect and all of them
    together leave none, the one that the weeks speak for most is the reason.
    """
    step = reading.step
    direction = "rising" if step.plain.average > 0 else "falling"
    began = plural(step.weeks_earlier, "week")
    asked = (
        (
            "nothing began earlier",
            step.earlier,
            f"The effect may have begun about {began} before the change.",
            "one step in the weeks before, which stays or fades",
        ),
        (
            "no trend before",
            step.trend,
            f"The campaign was already {direction} against the others before the change.",
            "a trend and a season of the campaign's own",
        ),
        (
            "steady by itself",
            step.wander,
            "The campaign moves by this much by itself; a randomised trial could tell.",
            "ups and downs of the campaign's own",
        ),
    )
    found = step.effect.two_sided < alpha
    strongest = max(odds for _, odds, _, _ in asked)
    hidden = not found and step.plain.two_sided < alpha
    checks = [
        Check(name, False, reason)
        if hidden and odds == strongest
        else Check(name, True if found else None, f"The range allows for {allowed}.")
        for name, odds, reason, allowed in asked
    ]
    return (*checks, _after_a_slump(reading, alpha))


def _after_a_slump(reading: Reading, alpha: float) -> Check:
    name = "not after a slump"
    if not reading.extreme:
        return Check(
            name,
            True,
            f"The last {LAST_WEEKS} weeks before the change were neither its lowest nor its "
            "highest.",
        )
    hangs = reading.p_value >= alpha > reading.step.effect.two_sided
    return Check(
        name,
        not hangs,
        f"It was changed right after its {reading.extreme} weeks, from which most campaigns come "
        "back by themselves; "
        + (
            "without these weeks the effect does not show." if hangs else "the range allows for it."
        ),
    )


def one_control(comparison: Comparison, reading: Reading) -> tuple[Check, ...]:
    """Ask whether the effect stands whichever campaign is left out of the control."""
    if len(comparison.control) < 2:
        return ()
    hangs = []
    for name in comparison.control:
        effect = step_of(
            comparison.weeks, without=comparison.each[name].to_numpy(), family=reading.family
        ).effect
        if effect.two_sided >= _LEFT_OUT or (effect.average > 0) != reading.up:
            hangs.append(name)
    text = (
        f"Without {listed(hangs, 4)} in the control the effect does not show, so it depends on one "
        "control campaign."
        if hangs
        else "It shows whichever campaign is left out of the control."
    )
    return (Check("no single control", not hangs, text),)


def moved_calls(comparison: Comparison, reading: Reading) -> Check:
    """Ask whether the others lost what this campaign gained, or gained what it lost."""
    name = "calls did not move"
    weeks = comparison.weeks
    place, whole = weeks["place"].to_numpy(), weeks["control"].to_numpy(dtype=float)
    gained = _explained(weeks["treated"].to_numpy(dtype=float), comparison, reading.ratio)
    others = {}
    if len(comparison.control) > 1:
        each = ((name, comparison.each[name].to_numpy(dtype=float)) for name in comparison.control)
        others = {name: (counts, whole - counts) for name, counts in each}
    others["the other campaigns"] = whole, np.full(len(whole), _ALONE)
    for sibling, (counts, beside) in others.items():
        effect = step_in_share(counts, beside, place).effect
        lost = -_explained(counts, comparison, float(np.exp(effect.average)))
        opposite = (effect.average < 0) == reading.up
        if opposite and effect.two_sided < _MOVED and abs(lost) >= _MOVED_SHARE * abs(gained):
            moved, way = ("fell", "from") if reading.up else ("rose", "to")
            return Check(
                name,
                False,
                f"{sibling[:1].upper()}{sibling[1:]} {moved} as this one did the opposite, so "
                f"calls may have moved {way} there, and the business has as many as before.",
            )
    return Check(
        name,
        True,
        "No other campaign moved against this one by as much. That some callers moved from one "
        "campaign to another can never be ruled out.",
    )


def _explained(counts: np.ndarray, comparison: Comparison, ratio: float) -> float:
    """Return how many of the callers seen after the change an effect explains."""
    on = comparison.weeks["changed"].to_numpy(dtype=bool)
    return float(counts[on].sum() * (1 - 1 / ratio))


def placebo(comparison: Comparison, family: NDArray[np.float64] | None = None) -> Check:
    """Ask the same question of dates before the change, on which nothing was changed."""
    before = comparison.weeks[~comparison.weeks["changed"]]
    cuts = np.arange(FEWEST_WEEKS, len(before) - FEWEST_WEEKS + 1)
    if len(cuts) < _FEWEST_PLACEBOS:
        return Check(
            "placebo dates",
            None,
            f"{plural(len(before), 'week')} before the change {agree(len(before), 'is')} too few "
            "to try dates on which nothing was changed.",
        )
    chosen = np.unique(np.linspace(cuts[0], cuts[-1], _MOST_PLACEBOS).round().astype(int))
    alarms = sum(
        step_of(before, change=int(place), family=family).effect.two_sided < _PLACEBO_ALARM
        for place in before["place"].to_numpy()[chosen]
    )
    return Check(
        "placebo dates",
        bool(alarms <= _PLACEBO_SHARE * len(chosen)),
        f"At {out_of(alarms, len(chosen), 'earlier date')}, on which nothing was changed, "
        "the same calculation would have shown an effect.",
    )


def all_weeks_in(window: TweakWindow) -> Check:
    """Say whether more weeks are to come: whoever looks every week looks too often."""
    if window.complete:
        return Check("all weeks in", True, "All weeks after the change that count have data.")
    return Check(
        "all weeks in",
        None,
        f"Only {plural(window.after, 'week')} of {window.most_after} after the change "
        f"{agree(window.after, 'has')} data. A result that is checked every week looks good sooner "
        "or later, so before that it takes much stronger evidence.",
    )


def steady_spend(
    spend: pd.DataFrame, campaign: str, comparison: Comparison, currency: str
) -> tuple[Check, ...]:
    """Ask whether the money changed along with the tweak."""
    own = spend[spend["campaign"] == campaign]
    weeks = comparison.weeks
    if own.empty or weeks.empty or not weeks["changed"].any():
        return ()
    start = weeks["week"].iloc[0].date()
    changed = weeks.loc[weeks["place"] >= 0].iloc[0]
    first = (changed["week"] - pd.Timedelta(weeks=int(changed["place"]))).date()
    stop = (weeks["week"].iloc[-1] + pd.Timedelta(days=6)).date()
    when = own["date"].astype("datetime64[s]").dt.date
    daily = own["cost"].astype("float64") / own["days"].astype("float64")
    before = daily[(when >= start) & (when < first)].mean()
    after = daily[(when >= first) & (when <= stop)].mean()
    if not before > 0 or not after > 0:
        return ()
    steady = bool(0.75 < after / before < 1.33)
    return (
        Check(
            "steady spend",
            steady,
            f"Spend on the campaign went from {money(before, currency)} to "
            f"{money(after, currency)} a day"
            + ("." if steady else ", so the effect may come from the money, not from the tweak."),
        ),
    )


def weeks_missing(comparison: Comparison) -> str:
    """Say why too few weeks are left."""
    if comparison.before < FEWEST_WEEKS and comparison.silent_before:
        return (
            f"It had no calls before the change ({comparison.silent_before}), so nothing shows "
            "what it brings without the change."
        )
    return "Too many of the weeks around it have days without data."


def changed_together(tweaks: pd.DataFrame, group: str, date: dt.date) -> str:
    """Say that several things of a campaign were changed on one day; empty where one was."""
    same = tweaks[(np.asarray(groups_of(tweaks)) == group) & (tweaks["date"] == date).to_numpy()]
    if len(same) < 2:
        return ""
    changed = listed([str(what) for what in same["changed"]], 4)
    return (
        f"{plural(len(same), 'change')} of this campaign are on record for one day ({changed}), "
        "so nothing shows which of them did what."
    )


def gap_across(comparison: Comparison, change: pd.Timestamp) -> str:
    """Say that the weeks on both sides of the change lack data; empty where one has them."""
    places = set(comparison.weeks["place"])
    if {-1, 0} & places:
        return ""
    return (
        f"The weeks right before and right after {day(change.date())} both lack days of data, so "
        "nothing shows when it changed."
    )
