"""The verdict on a tweak in plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from calltrack_nb import phrasing, stats
from calltrack_nb.effectiveness.verdicts import Verdict, Word
from calltrack_nb.settings import Settings

_SAME: Final = (0.8, 1.25)
"""A range within these is called no sign of change."""


def worded(verdict: Verdict, settings: Settings) -> Verdict:
    """Decide on the word, and write the sentence."""
    if np.isnan(verdict.ratio):
        return verdict
    failed = [check.name for check in verdict.checks if check.passed is False]
    sure = verdict.p_adjusted < 1 - settings.evidence.level
    word: Word = "can't tell"
    if sure and not failed:
        word = "helped" if verdict.ratio > 1 else "hurt"
    elif not sure and _SAME[0] < verdict.low and verdict.high < _SAME[1]:
        word = "no sign of change"
    return replace(verdict, word=word, text=_sentence(verdict, word, failed, settings, sure=sure))


def _sentence(
    verdict: Verdict,
    word: Word,
    failed: list[str],
    settings: Settings,
    *,
    sure: bool,
) -> str:
    name = f"{verdict.campaign}, {phrasing.day(verdict.date)} ({verdict.changed})"
    ends = f"{phrasing.changed(verdict.low)} to {phrasing.changed(verdict.high)} callers"
    worth = ""
    if np.isfinite(verdict.money_low):
        currency = settings.business.currency
        worth = (
            f", or {phrasing.money(verdict.money_low, currency)} to "
            f"{phrasing.money(verdict.money_high, currency)}"
        )
    amount = (
        f"{phrasing.number(verdict.extra_low)} to {phrasing.number(verdict.extra_high)} callers "
        f"in these weeks{worth}"
    )
    if word in ("helped", "hurt"):
        return f"{name}: it {word}. {phrasing.changed(verdict.ratio)}, range {ends}; {amount}."
    if word == "no sign of change":
        return f"{name}: no sign of change; the range is {ends}."
    why = "the range holds both gain and loss"
    if failed:
        why = f"the check {phrasing.listed(failed)} failed"
    elif verdict.low > 1 or verdict.high < 1:
        why = "after correcting for the number of tweaks judged it may be chance"
    if sure and failed:
        why += ", although the figures moved"
    return (
        f"{name}: can't tell, since {why}: {ends}. These weeks would have shown a change of about "
        f"{phrasing.signed(verdict.detectable)} in four cases of five."
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
            f"{family.tests} tweaks were judged; p-values are corrected ({family.method})."
        )
    return "\n\n".join(lines)
