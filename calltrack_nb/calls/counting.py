"""Which calls count, and what each came to.

:func:`described` says of every call of the log what it is; :func:`counted` keeps those
that count, which is what every rate and every sum is over.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.calls.clock import in_period, local_time
from calltrack_nb.calls.opening import open_hours
from calltrack_nb.calls.people import person
from calltrack_nb.periods import Period
from calltrack_nb.settings import Settings

_NOBODY_SPOKE: Final = ("missed", "abandoned")
_NOBODY_TOOK_IT: Final = (*_NOBODY_SPOKE, "voicemail")


def missed_statuses() -> tuple[str, ...]:
    """Return the statuses of a call that nobody took: missed, abandoned and voicemail."""
    return _NOBODY_TOOK_IT


def unspoken_statuses() -> tuple[str, ...]:
    """Return those of them in which nobody spoke; on a voicemail the caller does."""
    return _NOBODY_SPOKE


def described(calls: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Say of every call what it is.

    Parameters
    ----------
    calls : pandas.DataFrame
        Rows of the table ``calls``, of either direction.
    settings : Settings
        Its ``business`` and ``qualified`` sections hold the rules.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, under the same index, and

        ``local`` (datetime64)
            the start on the business's clock, naive;
        ``in_hours`` (bool)
            within the opening hours, see :func:`~calltrack_nb.calls.opening.open_hours`;
        ``person`` (str)
            who rang, see :func:`~calltrack_nb.calls.people.person`;
        ``staff``, ``spam`` (bool)
            from a number of the staff; with a score of spam of at least the threshold,
            unless somebody marked the call as qualified;
        ``counted`` (bool)
            inbound, and neither spam nor staff;
        ``answered``, ``missed`` (bool)
            somebody took it; nobody did. Neither where the log does not tell;
        ``talked_s`` (float)
            the seconds talked: the log's, else the length without the ringing;
        ``qualified`` (bool)
            counted, answered, and marked as qualified or, where nobody judged it,
            long enough.

    Notes
    -----
    Missed calls count, so that they stand in the denominator of every rate. One that the
    provider marks as spam, staff or test is never marked as qualified: an import sees to
    that.
    """
    rule = settings.qualified
    marked = (calls["lead_status"] == "qualified").to_numpy(dtype=bool)
    unjudged = (calls["lead_status"] == "unknown").to_numpy(dtype=bool)
    answered = (calls["status"] == "answered").to_numpy(dtype=bool)
    score = calls["spam_score"].fillna(0).to_numpy(dtype="int64")
    spam = (score >= rule.spam_score_from) & ~marked
    staff = calls["caller_number"].isin(rule.staff_numbers).to_numpy(dtype=bool)
    inbound = (calls["direction"] == "inbound").to_numpy(dtype=bool)
    counts = inbound & ~spam & ~staff
    talked = _talked(calls)
    long_enough = (talked >= rule.min_talk_s).to_numpy(dtype=bool)
    local = local_time(calls["started_at"], settings.business.timezone)
    return calls.assign(
        local=local,
        in_hours=open_hours(local, settings),
        person=person(calls),
        staff=staff,
        spam=spam,
        counted=counts,
        answered=answered,
        missed=calls["status"].isin(_NOBODY_TOOK_IT).to_numpy(dtype=bool),
        talked_s=talked,
        qualified=counts & answered & (marked | (unjudged & long_enough)),
    )


def counted(calls: pd.DataFrame, settings: Settings, period: Period | None = None) -> pd.DataFrame:
    """Return the calls that count, with what each came to.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``.
    settings : Settings
    period : Period, optional
        Local days to keep; all of them where not given.

    Returns
    -------
    pandas.DataFrame
        Columns of `calls` and those that :func:`described` adds, with a fresh index.
    """
    mine = in_period(calls, settings.business.timezone, period)
    told = described(mine[(mine["direction"] == "inbound").to_numpy(dtype=bool)], settings)
    kept: pd.DataFrame = told[told["counted"].to_numpy(dtype=bool)]
    return kept.drop(columns=["counted", "spam", "staff"]).reset_index(drop=True)


def outcome_known(kept: pd.DataFrame) -> pd.Series[Any]:
    """Say of which calls the log tells what became of them.

    Rates of answered and of missed calls are over these: where the log does not tell, a
    call is neither.

    Parameters
    ----------
    kept : pandas.DataFrame
        From :func:`counted` or :func:`described`.
    """
    known: pd.Series[Any] = kept["answered"] | kept["missed"]
    return known


def _talked(calls: pd.DataFrame) -> pd.Series[Any]:
    """Return the seconds talked; ringing is no talk where the log tells it apart."""
    rest = (calls["duration_s"] - calls["ring_s"].fillna(0)).clip(lower=0)
    talked: pd.Series[Any] = calls["talk_s"].fillna(rest)
    return talked
