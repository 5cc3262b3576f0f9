"""What callers say in calls: the turns that themes and search read."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.schema import LEFT_OUT
from calltrack_nb.themes.words import clean


def caller_turns(utterances: pd.DataFrame) -> pd.DataFrame:
    """Select what callers said, without invented words, other languages and no conversations.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted. Where speakers could not be told apart
        ("unknown"), the turn counts as the caller's.

    Returns
    -------
    pandas.DataFrame
        Columns call_id, turn, start_s, end_s, text (redacted) and plain (without
        labels and stammers), by call and time.
    """
    keep = heard_rows(utterances) & utterances["speaker"].isin(["caller", "unknown"])
    said = utterances["redacted_text"].str.strip()
    turns = utterances.loc[keep, ["call_id", "turn", "start_s", "end_s"]].assign(text=said[keep])
    turns["plain"] = [clean(text) for text in turns["text"]]
    return turns.sort_values(["call_id", "start_s", "turn"], kind="stable").reset_index(drop=True)


def call_texts(turns: pd.DataFrame) -> pd.Series:
    """Join the turns of each call, one to a line; the index is the call's id, sorted."""
    if turns.empty:
        return pd.Series([], index=pd.Index([], name="call_id"), dtype=object, name="plain")
    return turns.groupby("call_id", sort=True)["plain"].agg("\n".join)


def heard_rows(utterances: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows hold redacted words of a conversation in English, not thought invented."""
    said = utterances["redacted_text"].fillna("").str.strip() != ""
    invented = [
        hasattr(flags, "__iter__") and bool(set(flags) & LEFT_OUT)
        for flags in utterances["flags"].astype(object)
    ]
    return said & ~pd.Series(invented, index=utterances.index, dtype=bool)
