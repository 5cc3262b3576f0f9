"""A campaign whose number was broken carries a mark wherever it is compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from calltrack_nb.effectiveness import Verdict, Verdicts
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
        f"{BROKEN_MARK}: its number was broken on some days, so that calls are missing or belong "
        "to somebody else."
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
    return _words(*_broken(verdict, broken))


def _words(own: list[str], controls: list[str]) -> str:
    words = []
    if own:
        words.append("Its number was broken on some of these days, which can look like an effect.")
    if controls:
        numbers = agree(len(controls), "the number", "the numbers")
        verb = agree(len(controls), "was", "were")
        words.append(
            f"Of its control campaigns, {numbers} of {listed(controls, 3)} {verb} broken on some "
            "of these days."
        )
    return " ".join(words)


def _broken(verdict: Verdict, broken: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the campaign, where it was broken in the weeks compared, and the controls so."""
    weeks = pd.to_datetime(verdict.weeks["week"])
    first, last = (
        (weeks.min(), weeks.max() + _WEEK)
        if len(weeks)
        else (broken["first"].min(), broken["last"].max())
    )
    name = verdict.campaign.removesuffix(f" {BROKEN_MARK}")
    sides = (pd.Series([name]), pd.Series(verdict.control, dtype=object))
    own, controls = (broken_among(side, broken, first, last) for side in sides)
    return own, controls


def _marked(verdict: Verdict, broken: pd.DataFrame) -> Verdict:
    own, controls = _broken(verdict, broken)
    return replace(
        verdict,
        campaign=f"{verdict.campaign} {BROKEN_MARK}" if own else verdict.campaign,
        text=f"{verdict.text} {_words(own, controls)}".strip(),
    )
