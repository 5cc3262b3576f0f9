"""Ids of rows: the provider's own, or one made of what identifies the row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from calltrack_nb.providers.values.column import Mask

MADE: Final = ":row-"
"""Stands in the ids of rows whose provider gives none."""

PAUSE: Final = pd.Timedelta(hours=1)
"""Longer than this no call waits between two of its legs."""

_DAY_S: Final = 86_400.0
# Services that never give an id twice; a telephone system or a list of one's own may
# count from one again, or its column may hold something else than ids of calls.
_NEVER_TWICE: Final = (
    "callrail",
    "whatconverts",
    "calltrackingmetrics",
    "twilio",
    "local_services",
)


def hashed_ids(provider: str, parts: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    """Make an id of what identifies a row whose provider gives it none.

    Returns
    -------
    pandas.Series of str
        ``provider:row-`` and twenty hexadecimal digits of BLAKE2b over the parts.
    """
    joined = parts[0].astype("str").fillna("")
    for part in parts[1:]:
        joined = joined + "\x1f" + part.astype("str").fillna("")
    start = f"{provider}{MADE}"
    digests = [
        start + hashlib.blake2b(text.encode(), digest_size=10).hexdigest() for text in joined
    ]
    return pd.Series(digests, index=joined.index, dtype="str")


def call_ids(
    provider: str,
    given: pd.Series[Any],
    started_at: pd.Series[Any],
    parts: Sequence[pd.Series[Any]],
) -> pd.Series[Any]:
    """Return ``provider:id``, or an id of the row's own where the export has none.

    Parameters
    ----------
    provider : str
    given : pandas.Series of str
        The provider's ids, missing where there is none.
    started_at : pandas.Series of datetime
    parts : sequence of pandas.Series
        Tracking number, caller and duration.
    """
    ids = provider + ":" + given
    if ids.notna().all():
        return ids
    stamp = started_at.astype("int64").astype("str")
    return ids.fillna(hashed_ids(provider, [*parts[:2], stamp, *parts[2:]]))


def has_own_id(calls: pd.DataFrame) -> Mask:
    """Tell which calls have an id that their provider gave them."""
    return ~calls["call_id"].str.contains(MADE, regex=False).to_numpy(dtype=bool)


def told_apart(calls: pd.DataFrame, known: Mask) -> pd.Series[Any]:
    """Give calls ids of their own where one id stands for calls at different hours.

    Rows of one id are one call as long as each begins within an hour of the end of those
    before it. What begins later is another call, whatever its id says. Services whose
    ids are never given twice are left as they are.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``, in which ids repeat.
    known : numpy.ndarray of bool
        The rows that keep their id, because they were imported before; else the earliest
        rows of an id do.

    Returns
    -------
    pandas.Series of str
        The id, or the id with ``@`` and the start of the call in UTC.

    Examples
    --------
    >>> import numpy as np
    >>> start = pd.to_datetime(["2026-08-03 10:00Z", "2026-08-03 10:01Z", "2026-08-04 09:00Z"])
    >>> rows = pd.DataFrame({
    ...     "call_id": "spreadsheet:1", "provider": "spreadsheet", "started_at": start,
    ...     "duration_s": 60.0,
    ... })
    >>> told_apart(rows, known=np.zeros(3, dtype=bool)).tolist()
    ['spreadsheet:1', 'spreadsheet:1', 'spreadsheet:1@20260804T090000']
    """
    lasted = pd.to_timedelta(calls["duration_s"].fillna(0).clip(upper=_DAY_S), unit="s")
    rows = pd.DataFrame(
        {
            "id": calls["call_id"],
            "start": calls["started_at"],
            "end": calls["started_at"] + lasted,
            "known": known,
            "unique": calls["provider"].isin(_NEVER_TWICE),
        }
    ).sort_values(["id", "start"], kind="stable")
    reached = rows.groupby("id")["end"].cummax().groupby(rows["id"]).shift()
    turn = (rows["start"] - reached > PAUSE).groupby(rows["id"]).cumsum()
    keeps = turn.where(rows["known"]).groupby(rows["id"]).transform("max").fillna(0)
    opened = rows["start"].groupby([rows["id"], turn]).transform("min")
    own = rows["id"] + "@" + opened.dt.strftime("%Y%m%dT%H%M%S")
    ids: pd.Series[Any] = rows["id"].where((turn == keeps) | rows["unique"], own)
    return ids.reindex(calls.index)
