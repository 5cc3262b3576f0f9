"""Whether missed callers were spoken to afterwards."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.calls.counting import described
from calltrack_nb.calls.people import known_person
from calltrack_nb.phrasing import agree, number, out_of, plural
from calltrack_nb.settings import Settings

SPOKEN_WITHIN: Final = pd.Timedelta(days=7)
"""How long after a missed call somebody may still be spoken to."""


def contacts(
    calls: pd.DataFrame, settings: Settings, within: pd.Timedelta = SPOKEN_WITHIN
) -> pd.DataFrame:
    """Say of every missed call whether its caller was spoken to afterwards.

    A caller was spoken to when a later call from or to the same person was answered within
    `within`. That cannot be known of callers who withheld their number, nor yet of calls
    so late that the log ends before.

    Parameters
    ----------
    calls : pandas.DataFrame
        The whole table ``calls``, also what followed a period that is looked at.
    settings : Settings
    within : pandas.Timedelta

    Returns
    -------
    pandas.DataFrame
        One row for each missed call that counts, in order of time: ``account``,
        ``call_id``, ``person``, ``started_at``, ``local``, ``in_hours``,
        ``tracking_number``, ``campaign``, ``status``, ``known`` (bool: the caller can be
        recognised), ``settled`` (bool: the log goes on long enough), ``spoken_at`` (the
        next answered call, missing where there is none) and ``spoken_to`` (boolean,
        missing where it is not known or not settled).
    """
    told = described(calls, settings).assign(who=known_person(calls))
    told = told.sort_values("started_at", kind="stable")
    spoken = told.loc[told["answered"] & told["who"].notna(), ["account", "who", "started_at"]]
    spoken = spoken.rename(columns={"started_at": "spoken_at"})
    columns = [
        *("account", "call_id", "person", "who", "started_at", "local", "in_hours"),
        *("tracking_number", "campaign", "status"),
    ]
    missed = told.loc[told["counted"] & told["missed"], columns]
    after = pd.merge_asof(
        missed.astype({"account": "str", "who": "str"}),
        spoken.astype({"account": "str", "who": "str"}),
        left_on="started_at",
        right_on="spoken_at",
        by=["account", "who"],
        direction="forward",
        tolerance=within,
    )
    known = after["who"].notna()
    settled = after["started_at"] < calls["started_at"].max() - within
    reached: pd.Series[Any] = after["spoken_at"].notna().astype("boolean")
    told_of = known & (settled | reached.astype(bool))
    return after.drop(columns="who").assign(
        known=known, settled=settled, spoken_to=reached.where(told_of)
    )


def reached_in_words(reached: int, judged: int, within: pd.Timedelta = SPOKEN_WITHIN) -> str:
    """Say how many of the missed callers that can be judged were spoken to, and how many not.

    Examples
    --------
    >>> reached_in_words(307, 359)
    '307 of 359 missed callers were spoken to within 7 days; 52 were not.'
    >>> reached_in_words(9, 9)
    'All 9 missed callers were spoken to within 7 days.'
    >>> reached_in_words(0, 1)
    'The one missed caller was not spoken to within 7 days.'
    """
    left, time = judged - reached, f"within {within.days} days"
    if judged == 1:
        return f"The one missed caller was {'' if reached else 'not '}spoken to {time}."
    if not left:
        return f"All {plural(judged, 'missed caller')} were spoken to {time}."
    if not reached:
        return f"None of {plural(judged, 'missed caller')} was spoken to {time}."
    return (
        f"{out_of(reached, judged, 'missed caller')} {agree(reached, 'was')} spoken to {time}; "
        f"{number(left)} {agree(left, 'was')} not."
    )


def last_attempts(missed: pd.DataFrame) -> pd.DataFrame:
    """Return one row a person, of their last missed call that can be judged.

    Somebody who was missed twice and spoken to after the second was spoken to.

    Parameters
    ----------
    missed : pandas.DataFrame
        From :func:`contacts`.
    """
    judged = missed[missed["spoken_to"].notna()]
    return judged.drop_duplicates(["account", "person"], keep="last").reset_index(drop=True)
