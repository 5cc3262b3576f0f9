"""The verdict on a tweak in plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from calltrack_nb import phrasing, stats
from calltrack_nb.effectiveness.verdicts import Verdict, Word
from calltrack_nb.results import Check
from calltrack_nb.settings import Settings

_SAME: Final = (0.8, 1.25)
"""A range within these is called no sign of change."""

_EARLY: Final = 0.001
"""The p-value that a verdict takes before all weeks are in."""

COUNTED: Final = {"callers": "callers", "qualified": "qualified callers"}
"""What is counted, in words."""


def worded(verdict: Verdict, settings: Settings, counted: str) -> Verdict:
    """Decide on the word, and write the sentence."""
    if np.isnan(verdict.ratio):
        return verdict
    failed = [check for check in verdict.checks if check.passed is False]
    sure = verdict.p_adjusted < 1 - settings.evidence.level
    limits = _limits(verdict)
    word: Word = "can't tell"
    if sure and not failed:
        if limits:
            word = "looks like it helped" if verdict.ratio > 1 else "looks like it hurt"
        else:
            word = "helped" if verdict.ratio > 1 else "hurt"
    elif not sure and _SAME[0] < verdict.low and verdict.high < _SAME[1]:
        word = "no sign of change"
    name = f"{verdict.campaign}, {phrasing.day(verdict.date)} ({verdict.changed})"
    ends = f"{phrasing.changed(verdict.low)} to {phrasing.changed(verdict.high)} {counted}"
    if word == "no sign of change":
        said = f"no sign of change; the range is {ends}."
    elif word == "can't tell":
        said = _undecided(verdict, failed, ends)
    else:
        said = _decided(verdict, word, limits, ends, settings, counted)
    return replace(verdict, word=word, text=f"{name}: {said}")


def _limits(verdict: Verdict) -> list[Check]:
    """Return the questions that could not be asked yet, for which a verdict says less."""
    names = {"placebo dates"}
    if verdict.p_adjusted >= _EARLY:
        names.add("all weeks in")
    return [check for check in verdict.checks if check.name in names and check.passed is None]


def _decided(
    verdict: Verdict, word: Word, limits: list[Check], ends: str, settings: Settings, counted: str
) -> str:
    worth = ""
    if np.isfinite(verdict.money_low):
        currency = settings.business.currency
        worth = (
            f", or {phrasing.money(verdict.money_low, currency)} to "
            f"{phrasing.money(verdict.money_high, currency)} by what {counted} of "
            f"{verdict.priced_by} bring"
        )
    amount = (
        f"{phrasing.number(verdict.extra_low)} to {phrasing.number(verdict.extra_high)} {counted} "
        f"in these weeks{worth}"
    )
    lead = f"it {word}" if word in ("helped", "hurt") else word
    return (
        f"{lead}. {phrasing.changed(verdict.ratio)}, range {ends}; {amount}. Effects that stand "
        f"out are too large on average: a likely figure is {phrasing.changed(verdict.likely)}."
        + "".join(f" {check.text}" for check in limits)
    )


def _undecided(verdict: Verdict, failed: list[Check], ends: str) -> str:
    reasons = [check.text.rstrip(".") for check in failed]
    if not reasons:
        moved = verdict.low > 1 or verdict.high < 1
        reasons = [
            "It may be chance, after correction for the number of tweaks judged"
            if moved
            else "The range holds both gain and loss"
        ]
    return (
        f"can't tell. {'. '.join(reasons)}: {ends}. These weeks would have shown a change of "
        f"about {phrasing.signed(verdict.detectable)} in four cases of five."
    )


def in_words(verdicts: tuple[Verdict, ...], family: stats.Corrected) -> str:
    """Say what became of all tweaks, and how their p-values were corrected."""
    if not verdicts:
        return (
            "No tweaks are on record. Write them into tweaks.csv: date, campaign, what was changed."
        )
    lines = [verdict.text for verdict in verdicts]
    if family.tests > 1:
        lines.append(
            f"{family.tests} tweaks were judged; p-values are corrected for their number "
            f"({family.method})."
        )
    return "\n\n".join(lines)
