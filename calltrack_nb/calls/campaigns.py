"""One campaign's calls."""

from __future__ import annotations

import difflib

import pandas as pd

from calltrack_nb.errors import CalltrackError
from calltrack_nb.phrasing import listed


def of_campaign(rows: pd.DataFrame, campaign: str, *, known: bool = False) -> pd.DataFrame:
    """Return the rows of one campaign; all of them where none is named.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``campaign``.
    campaign : str
        Its name, or nothing.
    known : bool
        Whether the log has calls or cost of it, though these rows may not.

    Raises
    ------
    CalltrackError
        When no row is of that campaign: a misspelt name is not an empty report.

    Examples
    --------
    >>> rows = pd.DataFrame({"campaign": ["Flyer", "Radio"]})
    >>> of_campaign(rows, "Radio")["campaign"].tolist(), len(of_campaign(rows, ""))
    (['Radio'], 2)
    """
    if not campaign:
        return rows
    chosen = rows[rows["campaign"].eq(campaign).to_numpy(bool)]
    if chosen.empty and not known:
        names = sorted(set(rows["campaign"].dropna().astype(str)))
        near = difflib.get_close_matches(campaign, names) or names
        raise CalltrackError(
            "No call belongs to that campaign",
            where=campaign,
            fix=f"Use one of {listed(near)}" if near else "No call names a campaign",
        )
    return chosen
