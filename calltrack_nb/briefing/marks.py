"""A campaign whose number was broken carries a mark wherever it is compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from calltrack_nb.effectiveness import TrialPlan, Verdict, Verdicts
from calltrack_nb.effectiveness.scorecard import BROKEN_MARK
from calltrack_nb.phrasing import agree, listed

_WEEK: Final = pd.Timedelta(days=6)


def broken_among(
    names: pd.Series[str], broken: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> list[str]:
    """Return the campaigns of some whose number was broken on a day from `first` to `last`."""
    inside = broken[(broken["first"] <= last) & (broken["last"] >= first)]
    return list(dict.fromkeys(inside.loc[inside["campaign"].isin(names), "campaign"]))


def mark_calls(calls: pd.DataFrame, broken: pd.DataFrame) -> pd.DataFrame:
    """Mark the campaigns of calls whose number was broken while they came in.

    Parameters
    ----------
    calls : pandas.DataFrame
        With ``campaign`` and ``local``; what is counted by campaign then carries the mark.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.
    """
    if calls.empty:
        return calls
    days = calls["local"].dt.normalize()
    marks = {
        name: f"{name} {BROKEN_MARK}"
        for name in broken_among(calls["campaign"], broken, days.min(), days.max())
    }
    return calls.assign(campaign=calls["campaign"].astype(object).replace(marks))


def mark_note(calls: pd.DataFrame) -> str:
    """Say what the mark on some calls' campaigns means; nothing where there is none."""
    if not calls["campaign"].astype("str").str.endswith(BROKEN_MARK).any():
        return ""
    return (
        f"{BROKEN_MARK}: its number was broken on some days, so calls may be missing or credited "
        "to another campaign."
    )


def mark_verdicts(verdicts: Verdicts, broken: pd.DataFrame, campaign: str = "") -> Verdicts:
    """Mark the tweaks that were judged over days on which a number was broken.

    Parameters
    ----------
    verdicts : Verdicts
        Of every tweak.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.
    campaign : str
        Whose tweaks to keep, judged as one family with all others; every campaign's where empty.
    """
    kept = [each for each in verdicts.verdicts if campaign in ("", each.campaign)]
    marked = tuple(_marked(each, broken) for each in kept)
    if len(kept) == len(verdicts.verdicts):
        text = verdicts.text
        for before, after in zip(kept, marked, strict=True):
            text = text.replace(before.text, after.text)
    else:
        text = "\n\n".join(each.text for each in marked)
        text = text or f"No change of {campaign} is on record."
    done = Verdicts.of(marked, verdicts.currency, text, verdicts.counted)
    return replace(done, checks=verdicts.checks)


def broken_words(verdict: Verdict, broken: pd.DataFrame) -> str:
    """Say that the number of a tweak's campaign, or of a control, was broken meanwhile."""
    own, controls = _broken(verdict, broken)
    name = _bare(verdict)
    words = []
    if own and _used(verdict, broken, [name]):
        words.append("Its number was broken on some of these days, which can look like an effect.")
    elif own:
        words.append(
            "Its number was broken on some days in between; the weeks that hold them are left out."
        )
    if controls:
        numbers = agree(len(controls), "the number", "the numbers")
        verb = agree(len(controls), "was", "were")
        out = "of these days." if _used(verdict, broken, controls) else "days, which are left out."
        words.append(
            f"Of its control campaigns, {numbers} of {listed(controls, 3)} {verb} broken on some "
            f"{out}"
        )
    return " ".join(words)


def _bare(verdict: Verdict) -> str:
    return verdict.campaign.removesuffix(f" {BROKEN_MARK}")


def _used(verdict: Verdict, broken: pd.DataFrame, campaigns: list[str]) -> bool:
    """Tell whether any week that was compared holds a day on which one of some was broken."""
    rows = broken[broken["campaign"].isin(campaigns)]
    weeks = pd.to_datetime(verdict.weeks["week"])
    return any(
        bool(((weeks <= last) & (weeks + _WEEK >= first)).any())
        for first, last in zip(rows["first"], rows["last"], strict=True)
    )


def of_all_campaigns(text: str, campaign: str) -> str:
    """Say before a text that it is of all campaigns, in a report of one.

    Examples
    --------
    >>> of_all_campaigns("More would bring little.", "Flyer")
    'This is of all campaigns, not of Flyer alone. More would bring little.'
    >>> of_all_campaigns("More would bring little.", "")
    'More would bring little.'
    """
    return f"This is of all campaigns, not of {campaign} alone. {text}" if campaign else text


def mark_plan(plan: TrialPlan, broken: pd.DataFrame) -> TrialPlan:
    """Mark the campaign of a trial to come whose number was broken on a day of the log.

    Parameters
    ----------
    plan : TrialPlan
        The trial.
    broken : pandas.DataFrame
        From :func:`calltrack_nb.audit.broken_days`.
    """
    if plan.campaign not in set(broken["campaign"]):
        return plan
    return replace(plan, campaign=f"{plan.campaign} {BROKEN_MARK}")


def _broken(verdict: Verdict, broken: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the campaign, where it was broken in the weeks compared, and the controls so."""
    weeks = pd.to_datetime(verdict.weeks["week"])
    first, last = (
        (weeks.min(), weeks.max() + _WEEK)
        if len(weeks)
        else (broken["first"].min(), broken["last"].max())
    )
    name = _bare(verdict)
    sides = (pd.Series([name]), pd.Series(verdict.control, dtype=object))
    own, controls = (broken_among(side, broken, first, last) for side in sides)
    return own, controls


def _marked(verdict: Verdict, broken: pd.DataFrame) -> Verdict:
    own, _ = _broken(verdict, broken)
    return replace(
        verdict,
        campaign=f"{verdict.campaign} {BROKEN_MARK}" if own else verdict.campaign,
        text=f"{verdict.text} {broken_words(verdict, broken)}".strip(),
    )
