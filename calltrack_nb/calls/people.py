"""Who rang: one person behind several calls."""

from __future__ import annotations

from typing import Any

import pandas as pd


def known_person(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return who stands behind each row, missing where nobody can be recognised.

    Parameters
    ----------
    frame : pandas.DataFrame
        Calls or outcomes: with ``caller_key`` and ``caller_number``.

    Returns
    -------
    pandas.Series of str
        The key that may be shared, else the number.
    """
    return frame["caller_key"].fillna(frame["caller_number"])


def who_of_account(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return who stands behind each row as known to one client: another one for another account.

    Parameters
    ----------
    frame : pandas.DataFrame
        As for :func:`known_person`, with ``account``.
    """
    known = known_person(frame).astype(object)
    who: pd.Series[Any] = frame["account"].astype(object) + "\n" + known
    return who


def person(calls: pd.DataFrame) -> pd.Series[Any]:
    """Return who rang; each call with a withheld number is a person of its own.

    Parameters
    ----------
    calls : pandas.DataFrame
        With ``call_id`` beside what :func:`known_person` needs.

    Examples
    --------
    >>> rows = {"call_id": ["a", "b"], "caller_key": ["k", None], "caller_number": [None, None]}
    >>> person(pd.DataFrame(rows, dtype="str")).tolist()
    ['k', 'b']
    """
    return known_person(calls).fillna(calls["call_id"])
