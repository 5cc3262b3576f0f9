"""Three things to do tomorrow, each with the report that shows why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from calltrack_nb.audit import AuditResult
from calltrack_nb.briefing.advice import RAISE, STOP, Advice
from calltrack_nb.briefing.wiring import worst_first
from calltrack_nb.effectiveness import MissedRevenue, RingBack, Scorecard
from calltrack_nb.phrasing import agree, first_sentence, money, number, plural
from calltrack_nb.results import Result

MOST = 3


@dataclass(frozen=True, slots=True)
class ThingToDo:
    """One thing to do.

    Parameters
    ----------
    what : str
        To be done, in a sentence.
    why : str
        What speaks for it.
    report : str
        The report that holds the evidence.
    """

    what: str
    why: str
    report: str


def things_to_do(
    card: Scorecard,
    advice: Advice,
    audit: AuditResult,
    broken: pd.DataFrame,
    missed: MissedRevenue,
    back: RingBack,
    hesitations: Result,
    followed: Result,
) -> tuple[ThingToDo, ...]:
    """Choose three things to do: repairs first, then people waiting, then money, then words.

    Parameters
    ----------
    card : Scorecard
        By campaign, with the broken days.
    advice : Advice
        Of the same card.
    audit : AuditResult
        What was found.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.
    missed : MissedRevenue
        Calls nobody took.
    back : RingBack
        People to ring back.
    hesitations, followed : Result
        What callers held back over, and what became of them.

    Returns
    -------
    tuple of ThingToDo
        Three at most; fewer where the data gives no reason for more.
    """
    kinds: Sequence[Iterable[ThingToDo]] = (
        _repairs(card, worst_first(audit, broken)),
        _money(advice),
        _waiting(back),
        _phone(missed),
        _words(hesitations, followed),
    )
    queues = [list(kind) for kind in kinds]
    chosen: list[ThingToDo] = []
    for place in range(max(map(len, queues), default=0)):
        chosen += [queue[place] for queue in queues if place < len(queue)]
    return tuple(chosen[:MOST])


def _repairs(card: Scorecard, faults: pd.DataFrame) -> Iterable[ThingToDo]:
    for _, event in faults.head(1).iterrows():
        more = len(faults) - 1
        rest = f" {plural(more, 'more thing')} {agree(more, 'is')} broken." if more else ""
        lost = _spent_while_broken(card)
        seen, _ = first_sentence(str(event["finding"]))
        yield ThingToDo(str(event["fix"]), f"{seen}{rest}{lost}", "number_audit")


def _spent_while_broken(card: Scorecard) -> str:
    known = card.table.set_index(card.by)["cost"]
    sound = card.sound.set_index(card.by).reindex(columns=["cost"])["cost"].fillna(0.0)
    spent = float((known.reindex(sound.index).fillna(0.0) - sound).sum())
    if spent < 1:
        return ""
    return f" {money(spent, card.currency)} went into campaigns while their number was broken."


def _money(advice: Advice) -> Iterable[ThingToDo]:
    rows = advice.table.set_index(advice.by)
    for word, told in ((STOP, "Stop {} or change it"), (RAISE, "Raise the budget of {} in steps")):
        for name in advice.of(word)[:1]:
            yield ThingToDo(
                f"{told.format(name)}.", str(rows.loc[name, "why"]), "campaign_effectiveness"
            )


def _waiting(back: RingBack) -> Iterable[ThingToDo]:
    if len(back.table):
        yield ThingToDo(
            f"Ring {plural(len(back.table), 'caller')} back.", back.text, "campaign_effectiveness"
        )


def _phone(missed: MissedRevenue) -> Iterable[ThingToDo]:
    told = {
        "in opening hours": "Have more calls answered in opening hours.",
        "after hours": "Have calls answered after hours, or ring these callers back next day.",
    }
    for row in missed.table.sort_values("missed", ascending=False).to_dict("records"):
        when, lost = str(row["when"]), float(row["missed"])
        if when in told and lost > 0:
            yield ThingToDo(
                told[when],
                f"{number(lost)} of {plural(float(row['calls']), 'call')} {when} "
                f"{agree(lost, 'was')} missed.",
                "campaign_effectiveness",
            )


def _words(hesitations: Result, followed: Result) -> Iterable[ThingToDo]:
    ends = {str(row["label"]): row for row in followed.table.to_dict("records")}
    for row in hesitations.table.head(1).to_dict("records"):
        label, lost = str(row["label"]), ""
        if end := ends.get(label):
            gone, won = float(end["lost"]), float(end["booked"])
            lost = f" {number(gone)} of them {agree(gone, 'was', 'were')} lost, "
            lost += f"{number(won)} booked."
        alone = int((hesitations.table["calls"] == row["calls"]).sum()) == 1
        yield ThingToDo(
            f"Agree on an answer to what callers hesitate over{' most' if alone else ''}: {label}.",
            f"Found in {plural(row['calls'], 'call')}.{lost}",
            "listen_and_learn",
        )
