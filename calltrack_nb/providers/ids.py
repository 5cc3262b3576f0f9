"""Ids of rows: the provider's own, or one made of what identifies the row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd


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
    start = f"{provider}:row-"
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
