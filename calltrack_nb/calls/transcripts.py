"""Whose words a call is read in: heard here, or in a transcript that a provider made."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.schema import FROM_AUDIO


def by_provider(recordings: pd.DataFrame) -> pd.Series[bool]:
    """Tell which calls are read in a transcript that was not made here.

    Parameters
    ----------
    recordings : pandas.DataFrame
        The table ``recordings``.

    Examples
    --------
    >>> recordings = pd.DataFrame({"origin": ["audio", "callrail", None]})
    >>> by_provider(recordings).tolist()
    [False, True, False]
    """
    origin = recordings["origin"]
    return origin.notna() & origin.ne(FROM_AUDIO).fillna(value=False)
