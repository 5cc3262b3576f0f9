"""What the inventory of tracking numbers says about calls, and where a log contradicts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from calltrack_nb.calls import local_days

_KEY: Final = ["account", "tracking_number"]


@dataclass(frozen=True, slots=True)
class Inventoried:
    """Calls by the channel and campaign of the number that was dialled.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``.
    differences : pandas.DataFrame
        ``call_id, tracking_number, listed, said`` (str): a row for each call of which the
        log says another channel or campaign than the inventory.
    """

    calls: pd.DataFrame
    differences: pd.DataFrame


def channels_by_number(calls: pd.DataFrame, numbers: pd.DataFrame, timezone: str) -> Inventoried:
    """Name channel and campaign of calls by the number that was dialled.

    The owner put the number on one flyer or into one campaign, and a log can only guess
    where a caller saw it. So the inventory decides for the numbers it lists. The log's
    own words stay in ``source`` and ``medium``. The numbers of a pool change visitors all
    the time and name nothing; a number that stands in the inventory twice for the day of
    a call names nothing either.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``.
    numbers : pandas.DataFrame
        The table ``numbers``.
    timezone : str
        IANA zone in which the inventory's days are read.

    Returns
    -------
    Inventoried
    """
    listed = _listed(calls, numbers, timezone)
    own, named = calls["channel"].astype(object), calls["campaign"]
    other_channel = own.notna() & listed["channel"].notna() & (own != listed["channel"])
    # a campaign of another channel cannot be of this number
    kept = named.where(~(other_channel & listed["campaign"].isna()))
    both = named.notna() & listed["campaign"].notna()
    other_campaign = _plain(named[both]) != _plain(listed["campaign"][both])
    differs = other_channel | other_campaign.reindex(calls.index, fill_value=False)
    differences = pd.DataFrame(
        {
            "call_id": calls["call_id"][differs],
            "tracking_number": calls["tracking_number"][differs],
            "listed": _words(listed[differs]),
            "said": _words(pd.DataFrame({"channel": own, "campaign": named})[differs]),
        }
    )
    decided = calls.assign(
        channel=listed["channel"].fillna(own).astype(calls["channel"].dtype),
        campaign=listed["campaign"].fillna(kept).astype(named.dtype),
    )
    return Inventoried(decided, differences.reset_index(drop=True))


def _listed(calls: pd.DataFrame, numbers: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Return channel and campaign of each call's number on its day, missing where unclear."""
    mine = calls.loc[calls["tracking_number"].notna(), [*_KEY, "started_at"]]
    rows = numbers[[*_KEY, "channel", "campaign", "active_from", "active_to", "pool"]]
    found = mine.rename_axis("place").reset_index().merge(rows, on=_KEY)
    day = local_days(found["started_at"], timezone)
    begins = pd.to_datetime(found["active_from"].astype("str"), errors="coerce")
    ends = pd.to_datetime(found["active_to"].astype("str"), errors="coerce")
    active = (begins.isna() | (begins <= day)) & (ends.isna() | (day <= ends))
    found = found[active].drop_duplicates("place", keep=False)
    fixed = found[found["pool"].isna()].set_index("place")
    listed: pd.DataFrame = fixed[["channel", "campaign"]].astype(object).reindex(calls.index)
    return listed


def _plain(names: pd.Series[Any]) -> pd.Series[Any]:
    """Return names without what writers of them vary: case, spaces and punctuation."""
    return names.astype("str").str.casefold().str.replace(r"[\W_]+", " ", regex=True).str.strip()


def _words(said: pd.DataFrame) -> pd.Series[Any]:
    """Write channel and campaign as one text."""
    channel, campaign = (said[name].astype("str") for name in ("channel", "campaign"))
    both = channel + ", " + campaign
    words: pd.Series[Any] = both.fillna(channel).fillna(campaign)
    return words
