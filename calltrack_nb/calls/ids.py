"""Which call of the log another file means by an id."""

from __future__ import annotations

from typing import Any

import pandas as pd


def known_call_ids(named: pd.Series[Any], call_ids: pd.Series[Any]) -> pd.Series[Any]:
    """Return the id of the call that each id means, missing where the log has none.

    A CRM writes the id that the telephone system gave the call; here the system's name stands
    before it. An id that two systems gave means neither.

    Parameters
    ----------
    named : pandas.Series of str
        Ids as they were written.
    call_ids : pandas.Series of str
        The ids of the log, such as ``callrail:CAL8f``.

    Examples
    --------
    >>> log = pd.Series(["callrail:1", "callrail:2", "twilio:2"])
    >>> known_call_ids(pd.Series(["callrail:2", "1", "2", "3"]), log).tolist()
    ['callrail:2', 'callrail:1', nan, nan]
    """
    ids = call_ids.astype(object).drop_duplicates()
    bare = pd.Series(ids.to_numpy(), index=[text.partition(":")[2] for text in ids], dtype=object)
    bare = bare[~bare.index.duplicated(keep=False)]
    written = named.astype(object)
    found: pd.Series[Any] = written.where(written.isin(ids), written.map(bare))
    return found
