"""How much a campaign spent each day, relative to its usual day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.audit.log import each_group

Floats = npt.NDArray[np.float64]


def spending(spend: pd.DataFrame, days: pd.DatetimeIndex) -> dict[tuple[str, str], Floats]:
    """Return each campaign's spend per day as a share of its usual day, at most 1.

    Parameters
    ----------
    spend : pandas.DataFrame
        The ``spend`` table; a row's cost is spread evenly over its ``days``.
    days : pandas.DatetimeIndex
        Naive local days.

    Returns
    -------
    dict
        From (account, campaign) to an array of shape (days,): 0 on a day without
        spend, 1 on a day with the campaign's median spend or more. Days after the last
        row of the whole table carry on as the campaign's last week, for spend is often
        reported late.
    """
    shares: dict[tuple[str, str], Floats] = {}
    if spend.empty:
        return shares
    start = pd.to_datetime(spend["date"])
    length = spend["days"].astype(int).to_numpy()
    position = (start - days[0]).dt.days.to_numpy()
    known_until = min(int((position + length).max()), len(days))
    rows = pd.DataFrame(
        {
            "account": spend["account"].astype(str),
            "campaign": spend["campaign"].astype(str),
            "first": position,
            "length": length,
            "cost": spend["cost"].astype(float),
        }
    )
    for key, group in each_group(rows, ["account", "campaign"]):
        daily = np.zeros(len(days))
        for first, width, cost in zip(group["first"], group["length"], group["cost"], strict=True):
            daily[max(first, 0) : max(first + width, 0)] += cost / width
        if known_until <= 0 or not (daily > 0).any():
            continue
        usual = float(np.median(daily[daily > 0]))
        if known_until < len(days):
            daily[known_until:] = daily[max(known_until - 7, 0) : known_until].mean()
        account, campaign = key
        shares[(str(account), str(campaign))] = np.minimum(daily / usual, 1.0)
    return shares
