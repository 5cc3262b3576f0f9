"""The audit's answer: what is broken, what it costs, what to repair first."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.audit import AuditResult, events
from calltrack_nb.phrasing import agree, first_sentence, number, plural, sentence
from calltrack_nb.results import Answer, KeyFigure


def worst_first(result: AuditResult, broken: pd.DataFrame) -> pd.DataFrame:
    """Return what is broken, the faults that touched most campaigns' days first.

    Parameters
    ----------
    result : AuditResult
        What the audit found.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.

    Returns
    -------
    pandas.DataFrame
        The broken ones of :func:`calltrack_nb.audit.events`.
    """
    found = events(result.findings)
    lasted = (broken["last"] - broken["first"]).dt.days + 1
    days = lasted.groupby(broken["tracking_number"]).sum()
    order = found["tracking_number"].map(days).fillna(0.0).astype(float)
    worst = found.assign(days=order).sort_values(["days", "calls"], ascending=False, kind="stable")
    return worst[worst["severity"] == "broken"].drop(columns="days")


def broken_lines(result: AuditResult, broken: pd.DataFrame) -> tuple[str, ...]:
    """Say what is broken in a few lines: the worst fault, how many more, and warnings.

    Parameters
    ----------
    result, broken
        As for :func:`worst_first`.
    """
    faults = worst_first(result, broken)["finding"]
    found = events(result.findings)
    warned = found.loc[found["severity"] == "warning", "finding"]
    if len(faults):
        rest = len(faults) - 1
        more = (f"{number(rest)} more in the number audit.",) if rest else ()
        return (first_sentence(faults.iloc[0])[0], *more)
    if warned.empty:
        return ("No check found anything broken.",)
    first, count = first_sentence(warned.iloc[0])[0], sentence(plural(len(warned), "warning"))
    return ("No check found a broken number.", f"{count}; the first: {first}")


def audit_answer(result: AuditResult, broken: pd.DataFrame) -> Answer:
    """Answer in three sentences whether the numbers are wired right.

    Parameters
    ----------
    result : AuditResult
        What the audit found.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.

    Returns
    -------
    Answer
        Figures count events: findings with one cause are one.
    """
    worst = worst_first(result, broken)
    found = events(result.findings)
    warned = found[found["severity"] == "warning"]
    unknown = sum(check.passed is None for check in result.checks)
    asked = (
        f"{number(unknown)} of {plural(len(result.checks), 'question')} could not be answered for "
        "lack of data."
        if unknown
        else f"All {plural(len(result.checks), 'question')} could be answered."
    )
    figures = (
        KeyFigure("Broken", number(len(worst)), "loses calls or credits them wrongly"),
        KeyFigure("Warnings", number(len(warned)), "cost calls or trust more slowly"),
        KeyFigure(
            "Questions passed",
            number(sum(check.passed is True for check in result.checks)),
            f"of {number(len(result.checks))}",
        ),
    )
    if worst.empty:
        return Answer((*broken_lines(result, broken), asked), figures)
    first = worst.iloc[0]
    tally = (
        f"{sentence(plural(len(worst), 'thing'))} {agree(len(worst), 'is')} broken; "
        f"{plural(len(warned), 'warning')}."
    )
    return Answer((tally, f"{first_sentence(first['finding'])[0]} {first['fix']}", asked), figures)
