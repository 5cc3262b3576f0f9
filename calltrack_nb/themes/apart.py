"""Calls that are of no theme: those that complain or praise, and those that ask for nothing."""

from __future__ import annotations

import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.themes.feedback import calls_of_feedback
from calltrack_nb.themes.no_inquiry import calls_without_inquiry


def calls_set_apart(utterances: pd.DataFrame) -> pd.Series:
    """Tell which calls are of no theme, since they complain, praise or ask for nothing.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.

    Returns
    -------
    pandas.Series
        The kind, indexed by the id of each such call. A complaint is one, whatever else
        is said in it.
    """
    said = calls_of_feedback(utterances)
    idle = calls_without_inquiry(utterances)
    kinds: pd.Series = pd.concat([said, idle[~idle.index.isin(said.index)]])
    return kinds


def apart_in_words(kinds: pd.Series) -> str:
    """Say how many calls complain, how many praise, and how many ask for nothing.

    Parameters
    ----------
    kinds : pandas.Series
        As :func:`calls_set_apart` gives them.

    Examples
    --------
    >>> apart_in_words(pd.Series(["complaint", "complaint", "silence"]))
    ' Complaints: 2 calls, in no theme. 1 call that asked for nothing, in no theme: silence (1).'
    """
    lines = [
        f" {name}: {phrasing.plural(count, 'call')}, in no theme."
        for kind, name in (("complaint", "Complaints"), ("praise", "Praise"))
        if (count := int((kinds == kind).sum()))
    ]
    idle = kinds[~kinds.isin(["complaint", "praise"])]
    if len(idle):
        listed = phrasing.listed(
            [f"{kind} ({phrasing.number(calls)})" for kind, calls in idle.value_counts().items()]
        )
        lines.append(
            f" {phrasing.plural(len(idle), 'call')} that asked for nothing, in no theme: {listed}."
        )
    return "".join(lines)
