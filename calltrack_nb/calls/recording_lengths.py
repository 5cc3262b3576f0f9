"""How long calls were, and recordings that are much longer or shorter than theirs.

A recording may hold the ringing and the time on hold, or be cut; so one of another length is
told and not refused. One that is several times as long as its call is another call's, unless
the log names the file.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.calls.counting import unspoken_statuses

FAR_LONGER: Final = "Far longer than the call that it is named after"
"""How the problem of a recording begins that is not believed to be its call's."""

_MUCH: Final = 2
_FAR: Final = 3
_SLACK_S: Final = 60.0
_UNANSWERED_S: Final = 5.0


def lengths(calls: pd.DataFrame) -> pd.Series[float]:
    """Return how long calls were in seconds, NaN where the log does not say.

    Parameters
    ----------
    calls : pandas.DataFrame
        Columns ``duration_s``, ``talk_s`` and ``status``. A length of nothing says something
        only where nobody answered.
    """
    told = calls["duration_s"].fillna(calls["talk_s"]).astype("float64")
    return told.where((told > 0) | calls["status"].isin(unspoken_statuses()))


def unlike(recordings: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Find the recordings that are much longer or shorter than their call.

    Parameters
    ----------
    recordings : pandas.DataFrame
        Columns ``call_id`` and ``recorded_s``.
    calls : pandas.DataFrame
        Columns ``call_id``, ``duration_s``, ``talk_s`` and ``status``.

    Returns
    -------
    pandas.DataFrame
        ``call_id``, ``recorded_s``, ``call_s``, and ``far``: over three times as long as the
        call and over a minute longer. The others are twice as long or half as long, and a
        minute longer or shorter; five seconds longer where nobody answered.

    Examples
    --------
    >>> made = pd.DataFrame({"call_id": ["1", "2", "3"], "recorded_s": [400.0, 70.0, 1.0]})
    >>> log = pd.DataFrame(
    ...     {
    ...         "call_id": ["1", "2", "3"],
    ...         "duration_s": [10.0, 40.0, 3600.0],
    ...         "talk_s": [None, None, None],
    ...         "status": ["answered", "answered", "answered"],
    ...     }
    ... )
    >>> unlike(made, log)[["call_id", "far"]].to_dict("list")
    {'call_id': ['1', '3'], 'far': [True, False]}
    """
    facts = calls[["call_id", "status"]].assign(call_s=lengths(calls))
    both = recordings[["call_id", "recorded_s"]].merge(facts, on="call_id")
    made, call = both["recorded_s"].astype("float64"), both["call_s"]
    slack = both["status"].isin(unspoken_statuses()).map({True: _UNANSWERED_S, False: _SLACK_S})
    longer = (made > _MUCH * call) & (made > call + slack)
    shorter = (_MUCH * made < call) & (made + _SLACK_S < call)
    both["far"] = (made > _FAR * call) & (made > call + _SLACK_S)
    return both.loc[longer | shorter, ["call_id", "recorded_s", "call_s", "far"]]
