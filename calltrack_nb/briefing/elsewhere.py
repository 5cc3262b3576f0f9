"""Calls that another business answered: what is said in them is not said to this one."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.phrasing import agree, listed, plural


def elsewhere_note(theirs: pd.DataFrame) -> str:
    """Say how many calls rang at another business and are not listened to; else nothing.

    Parameters
    ----------
    theirs : pandas.DataFrame
        The calls that :func:`calltrack_nb.effectiveness.rang_elsewhere` tells, with their
        ``campaign``.
    """
    if theirs.empty:
        return ""
    names = listed(sorted(set(theirs["campaign"].dropna().astype(str))), 3)
    of = f" of {names}" if names else ""
    return (
        f"{plural(len(theirs), 'call')}{of} rang at another business (see the number "
        f"audit): what was said in {agree(len(theirs), 'it is', 'them is')} left out here."
    )
