"""The ad platform's own counts beside the log's: a table of differences, never forced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calltrack_nb.periods import Period
from calltrack_nb.phrasing import number
from calltrack_nb.results import Result
from calltrack_nb.settings import Settings


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Reconciliation(Result):
    """Two counts of the same months.

    Parameters
    ----------
    table : pandas.DataFrame
        ``month``, ``platform`` (calls the platform reports), ``log`` (calls the tracking
        service gives that channel), ``difference``, ``share`` (of the log; NaN where it
        has none).
    text : str
        How far they differ, and why they may.
    """


def reconcile(provider_calls: pd.DataFrame, settings: Settings, period: Period) -> Reconciliation:
    """Compare Google Ads' own call report with the tracking services' calls from Google Ads.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        Every provider's rows before the same call seen twice was joined: the
        ``provider_calls`` table.
    settings : Settings
        The zone that months are cut in.
    period : Period
        Local days.
    """
    start, end = period.bounds(settings.business.timezone)
    rows = provider_calls[
        (provider_calls["direction"] == "inbound")
        & (provider_calls["started_at"] >= start)
        & (provider_calls["started_at"] < end)
    ]
    local = rows["started_at"].dt.tz_convert(settings.business.timezone)
    month = local.dt.strftime("%Y-%m")
    platform = rows["provider"] == "google_ads"
    service = ~platform & (rows["channel"] == "google_ads")
    months = sorted(set(month)) if platform.any() else []
    table = pd.DataFrame(
        {
            "month": months,
            "platform": month[platform].value_counts().reindex(months, fill_value=0).to_numpy(),
            "log": month[service].value_counts().reindex(months, fill_value=0).to_numpy(),
        }
    )
    table["difference"] = table["platform"] - table["log"]
    log = table["log"].astype(float)
    table["share"] = table["difference"] / log.where(log > 0, np.nan)
    return Reconciliation(table, _in_words(table))


def _in_words(table: pd.DataFrame) -> str:
    if table.empty:
        return "No call report of the ad platform is on record, so there is nothing to compare."
    return (
        f"Google Ads reports {number(table['platform'].sum())} calls; the tracking services "
        f"have {number(table['log'].sum())} from Google Ads, spam and staff among them. They count "
        "different things. The platform knows only calls through its own forwarding numbers, and "
        "dates a conversion to the day of the ad. So they are compared by month here, not call by "
        "call."
    )
