"""Recordings that several calls name: each counts for one of them.

The legs of a ring group, and rows that a system writes twice, name one file; a copy of it
under another name is the same recording too. What is said in it was said once.
"""

from __future__ import annotations

import pandas as pd


def counted_for(recordings: pd.DataFrame, calls: pd.DataFrame) -> pd.Series[str]:
    """Tell which call a recording counts for, for each call that has one.

    Parameters
    ----------
    recordings : pandas.DataFrame
        The table of that name: ``call_id``, ``path``, ``transcript_key``.
    calls : pandas.DataFrame
        The table of that name; of several calls the answered one is taken, then the
        longest, then the first.

    Returns
    -------
    pandas.Series
        Call ids by ``call_id``, of the calls whose recording or transcript is there: the
        call's own, or that of the call which has the same one.

    Examples
    --------
    >>> legs = pd.DataFrame(
    ...     {
    ...         "call_id": ["1", "2"],
    ...         "status": ["missed", "answered"],
    ...         "duration_s": [20.0, 90.0],
    ...         "started_at": pd.to_datetime(["2026-08-03", "2026-08-03"], utc=True),
    ...     }
    ... )
    >>> files = pd.DataFrame(
    ...     {"call_id": ["1", "2"], "path": ["a.mp3", "a.mp3"], "transcript_key": [None, None]}
    ... )
    >>> counted_for(files, legs).to_dict()
    {'1': '2', '2': '2'}
    """
    found = recordings.dropna(subset=["path", "transcript_key"], how="all")
    facts = calls[["call_id", "status", "duration_s", "started_at"]]
    ranked = found[["call_id", "path", "transcript_key"]].merge(facts, on="call_id", how="left")
    ranked["missed"] = ~ranked["status"].eq("answered").fillna(value=False).astype(bool)
    ranked = ranked.sort_values(
        ["missed", "duration_s", "started_at", "call_id"], ascending=[True, False, True, True]
    )
    seen: dict[tuple[str, str], str] = {}
    owners: dict[str, str] = {}
    for call_id, *names in ranked[["call_id", "path", "transcript_key"]].itertuples(index=False):
        # the file, or a copy of it that gave the same transcript
        keys = [
            (kind, str(name))
            for kind, name in zip(("path", "transcript"), names, strict=True)
            if pd.notna(name)
        ]
        owner = next((seen[key] for key in keys if key in seen), str(call_id))
        seen |= dict.fromkeys(keys, owner)
        owners[str(call_id)] = owner
    return pd.Series(owners, dtype="str").reindex(found["call_id"].to_numpy())
