"""What the inventory of tracking numbers says about calls whose provider says nothing."""

from __future__ import annotations

import pandas as pd

_KEY = ["account", "tracking_number"]


def fill_from_numbers(calls: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Name channel and campaign of calls by the number that was dialled.

    A call whose provider names no channel takes its number's channel and campaign; one
    whose channel is its number's takes the campaign where it has none. The numbers of a
    pool change visitors all the time and name nothing. A number that stands in the
    inventory twice for the day of a call names nothing either.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``.
    numbers : pandas.DataFrame
        The table ``numbers``.

    Returns
    -------
    pandas.DataFrame
        A copy with ``channel`` and ``campaign`` filled.
    """
    lacking = calls["channel"].isna() | calls["campaign"].isna()
    fixed = numbers[numbers["pool"].isna() & numbers["channel"].notna()]
    if not lacking.any() or not len(fixed):
        return calls
    mine = calls.loc[lacking, [*_KEY, "started_at"]].rename_axis("place").reset_index()
    listed = fixed[[*_KEY, "channel", "campaign", "active_from", "active_to"]]
    found = mine.merge(listed, on=_KEY)
    day = found["started_at"].dt.tz_localize(None).dt.normalize()
    begins = pd.to_datetime(found["active_from"].astype("str"), errors="coerce")
    ends = pd.to_datetime(found["active_to"].astype("str"), errors="coerce")
    active = (begins.isna() | (begins <= day)) & (ends.isna() | (day <= ends))
    found = found[active].drop_duplicates("place", keep=False).set_index("place")
    channel = found["channel"].reindex(calls.index)
    campaign = found["campaign"].reindex(calls.index)
    silent = calls["channel"].isna()
    agrees = silent | (calls["channel"].astype(object) == channel.astype(object))
    return calls.assign(
        channel=calls["channel"].where(~silent, channel).astype(calls["channel"].dtype),
        campaign=calls["campaign"].fillna(campaign.where(agrees)),
    )
