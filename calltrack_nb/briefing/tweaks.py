"""The tweak report's answer: which changes helped, by how much, what to try next."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb.briefing.marks import broken_words
from calltrack_nb.effectiveness import TrialPlan, Verdict, Verdicts
from calltrack_nb.phrasing import agree, changed, day, listed, plural, span
from calltrack_nb.results import Answer, KeyFigure

_WORDS: Final = {
    "helped": ("helped", "helped"),
    "looks like it helped": ("looks like it helped", "look like they helped"),
    "hurt": ("hurt", "hurt"),
    "looks like it hurt": ("looks like it hurt", "look like they hurt"),
    "no sign of change": ("shows no sign of an effect", "show no sign of an effect"),
    "can't tell": ("can't be judged yet", "can't be judged yet"),
}
"""What is said of one change, and of several."""


def tweak_answer(verdicts: Verdicts, plan: TrialPlan, broken: pd.DataFrame) -> Answer:
    """Answer in three sentences which changes helped and what to try next.

    Parameters
    ----------
    verdicts : Verdicts
        Of every change, marked where a number was broken.
    plan : TrialPlan
        The trial to come.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.

    Returns
    -------
    Answer
    """
    judged = verdicts.verdicts
    if not judged:
        return Answer((verdicts.text, _next(plan)))
    counts = {word: sum(verdict.word == word for verdict in judged) for word in _WORDS}
    tally = [f"{count} {agree(count, *_WORDS[word])}" for word, count in counts.items() if count]
    sentences = [f"Of {plural(len(judged), 'change')}, {listed(tally)}."]
    decided = [each for each in judged if each.word not in ("can't tell", "no sign of change")]
    if decided:
        surest = min(decided, key=lambda each: each.p_adjusted)
        words = broken_words(surest, broken)
        sentences.append(f"{_told(surest, verdicts.counted)} {words}".strip())
    sentences.append(_next(plan))
    figures = [
        KeyFigure(
            f"{each.campaign}, {day(each.date)}: {each.word}",
            changed(each.likely if each in decided else each.ratio),
            f"{'likely; ' if each in decided else ''}range "
            f"{span(changed(each.low), changed(each.high))}",
        )
        for each in [*decided, *(each for each in judged if each not in decided)]
        if np.isfinite(each.ratio)
    ]
    return Answer(tuple(sentences), tuple(figures[:4]))


def _told(verdict: Verdict, counted: str) -> str:
    return (
        f"“{verdict.changed}” ({verdict.campaign}, {day(verdict.date)}) {verdict.word}: likely "
        f"{changed(verdict.likely)} {counted}, range "
        f"{span(changed(verdict.low), changed(verdict.high))}."
    )


def _next(plan: TrialPlan) -> str:
    if plan.weeks is None:
        return "No trial that can be planned yet would show the change asked for."
    return (
        f"Next: a trial of {plan.campaign} over {plural(plan.weeks, 'week')} would show "
        f"{changed(1 + plan.effect)} in four cases of five."
    )
