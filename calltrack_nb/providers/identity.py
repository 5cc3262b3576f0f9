"""Who rang: a key that may be shared, who rang for the first time, and likely spam."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import unspoken_statuses

SPAM_WINDOW: Final = pd.Timedelta(hours=24)
SPAM_MARK: Final = 3
"""What the provider's own mark of spam counts: it reaches the usual threshold alone."""

ADDRESS: Final = re.compile(r"[^\s@<>,;:()\[\]\"'|/=]+@[\w-]+(?:\.[\w-]+)+")
"""An e-mail address in a text."""
_KEY_DIGITS: Final = 20  # 80 bits: no two callers of any log share them
_SHORT_S: Final = 10.0
_BRIEF_S: Final = 30.0


def caller_keys(frame: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    """Give rows the key of their caller, by which tables are joined.

    The key is an HMAC-SHA256 of the number under the workspace's secret: without the
    secret nobody can try out numbers against it. A withheld number has no key, so
    that withheld callers never become one repeat caller.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``caller_number``.
    secret : bytes
        The workspace's key.

    Returns
    -------
    pandas.DataFrame
        A copy with ``caller_key`` filled where the number is known.

    Examples
    --------
    >>> rows = pd.DataFrame({"caller_number": ["+14045551234", None]}, dtype="str")
    >>> caller_keys(rows, b"secret")["caller_key"].str.len().tolist()
    [20.0, nan]
    """
    codes, numbers = pd.factorize(frame["caller_number"])
    keys = [private_key(number, secret) for number in numbers]
    made = pd.Series([*keys, None], dtype="str").iloc[codes].set_axis(frame.index)
    if "caller_key" in frame:
        made = made.fillna(frame["caller_key"])
    return frame.assign(caller_key=made)


def private_key(text: str, secret: bytes) -> str:
    """Return what stands for a number, an address or a click where it may not be kept.

    Examples
    --------
    >>> private_key("ann@example.org", b"secret") == private_key("bob@example.org", b"secret")
    False
    """
    return hmac.digest(secret, text.encode(), "sha256").hex()[:_KEY_DIGITS]


def ids_in(text: object) -> set[str]:
    """Return the e-mail addresses of a cell, or the id of a click without whose it is.

    Examples
    --------
    >>> ids_in("Ann <Ann@Example.org>"), ids_in("gclid:Cj0K"), ids_in(None)
    ({'ann@example.org'}, {'Cj0K'}, set())
    """
    if not isinstance(text, str) or not text:
        return set()
    addresses = {found.casefold() for found in ADDRESS.findall(text)}
    return addresses or {text.partition(":")[2] or text}


def named_by_ids(frame: pd.DataFrame, is_known: Callable[[str], bool]) -> pd.Series[bool]:
    """Tell which rows without a caller's number hold an address or a click that is known.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``caller_number``, ``caller_key``, and perhaps ``email`` and ``click_id``.
    is_known : callable
        Asked once of each id.

    Examples
    --------
    >>> rows = pd.DataFrame({"caller_number": [None, "+14045551234"], "caller_key": [None, "k"],
    ...                      "email": ["Ann@example.org", "ann@example.org"]}, dtype="str")
    >>> named_by_ids(rows, {"ann@example.org"}.__contains__).tolist()
    [True, False]
    """
    nobodys = frame["caller_number"].isna() & frame["caller_key"].isna()
    named = pd.Series(data=False, index=frame.index)
    for column in {"email", "click_id"} & set(frame.columns):
        said = frame[column].where(nobodys)
        known = {text: any(map(is_known, ids_in(text))) for text in said.dropna().unique()}
        named |= said.map(known, na_action="ignore").eq(other=True)
    return named


def first_calls(calls: pd.DataFrame, earliest: pd.DataFrame | None = None) -> pd.DataFrame:
    """Fill in who rang for the first time, where the provider does not say.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``, with keys.
    earliest : pandas.DataFrame, optional
        Columns ``account, caller_key, started_at``: the first inbound call of each
        caller ever, where `calls` holds only some months. Taken from `calls` otherwise.

    Returns
    -------
    pandas.DataFrame
        A copy; ``first_call`` stays missing for withheld callers and outbound calls.
    """
    inbound = (calls["direction"] == "inbound") & calls["caller_key"].notna()
    unsaid = calls["first_call"].isna() & inbound
    if not unsaid.any():
        return calls
    if earliest is None:
        known = calls.loc[inbound, ["account", "caller_key", "started_at"]]
        earliest = known.groupby(["account", "caller_key"])["started_at"].min().reset_index()
    firsts = calls.loc[unsaid, ["account", "caller_key", "started_at"]].merge(
        earliest, on=["account", "caller_key"], how="left", suffixes=("", "_first")
    )
    is_first = (firsts["started_at"] <= firsts["started_at_first"]).to_numpy()
    filled = calls["first_call"].copy()
    filled[unsaid] = pd.array(is_first, dtype="boolean")
    return calls.assign(first_call=filled)


def spam_scores(calls: pd.DataFrame) -> pd.Series[Any]:
    """Score how much each call looks like spam; shown to people, never used to delete.

    The provider's own mark counts 3, an answered call under 10 seconds 2, a call that
    was not answered 1, an answered first call under 30 seconds 1, and the third such
    brief or unanswered call of one caller within 24 hours 1. A call that nobody
    answered can so never reach 3 by itself: it may be a customer who gave up.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``; ``spam_score`` holds the provider's mark or is missing.

    Returns
    -------
    pandas.Series of Int64
        Zero for outbound calls.
    """
    duration = calls["talk_s"].fillna(calls["duration_s"])
    answered = (calls["status"] == "answered") | (calls["status"].isna() & (duration > 0))
    brief = answered & (duration < _BRIEF_S)
    unanswered = calls["status"].isin(unspoken_statuses())
    score = (
        2 * (answered & (duration < _SHORT_S)).astype("int64")
        + unanswered.astype("int64")
        + (brief & calls["first_call"].fillna(False).astype(bool)).astype("int64")
        + _repeated(calls, (brief | unanswered).to_numpy()).astype("int64")
    )
    own = calls["spam_score"].fillna(0).astype("int64")
    inbound = calls["direction"] == "inbound"
    result: pd.Series[Any] = own + score.where(inbound, 0)
    return result.astype("Int64")


def judge_spam(calls: pd.DataFrame) -> pd.DataFrame:
    """Give calls their score of spam, and none of those marked as spam a qualified lead.

    The provider's mark means spam, staff or a test call. It overrides every other word
    about the lead, since a call cannot be both; a mere score overrides nobody's word.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``; ``spam_score`` holds the provider's mark or is missing.

    Returns
    -------
    pandas.DataFrame
        A copy with ``spam_score`` from :func:`spam_scores`, and ``lead_status`` not
        qualified where the provider marks spam.
    """
    marked = (calls["spam_score"].fillna(0) >= SPAM_MARK).to_numpy(dtype=bool)
    return calls.assign(
        spam_score=spam_scores(calls),
        lead_status=calls["lead_status"].mask(marked, "not_qualified"),
    )


def _repeated(calls: pd.DataFrame, counted: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    """Find the calls with at least three counted calls of their caller around them."""
    result = np.zeros(len(calls), dtype=bool)
    mine = counted & calls["caller_key"].notna().to_numpy()
    rows = calls.loc[mine, ["account", "caller_key", "started_at"]].reset_index()
    rows.columns = pd.Index(["place", "account", "caller_key", "at"])
    rows["place"] = np.flatnonzero(mine)
    rows = rows.sort_values(["account", "caller_key", "at"], ignore_index=True)
    groups = rows.groupby(["account", "caller_key"])["at"]
    third = (rows["at"] - groups.shift(2) <= SPAM_WINDOW).to_numpy()
    within = third | np.append(third[1:], False) if len(third) else third
    if len(third):
        within |= np.append(third[2:], [False, False])[: len(third)]
    result[rows.loc[within, "place"].to_numpy()] = True
    return result
