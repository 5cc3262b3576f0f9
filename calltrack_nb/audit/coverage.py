"""Which days the log covers: the figures behind the calendar."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import (
    each_row,
)
from calltrack_nb.calls import local_days


def daily_coverage(data: AuditInput, missing: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count calls per local day and tell the days that are missing from the log.

    Parameters
    ----------
    data : AuditInput
        Needs `calls`.
    missing : pandas.DataFrame, optional
        The table of the check ``log_gap``; days inside a gap that it calls missing are
        marked.

    Returns
    -------
    pandas.DataFrame
        One row per day from the first call to the last: ``day`` (naive midnight),
        ``calls`` (inbound), ``recorded`` (naming a recording), ``missing`` (bool). A
        missing day is not a day with no calls.
    """
    calls = data.inbound
    if calls.empty:
        return pd.DataFrame({"day": [], "calls": [], "recorded": [], "missing": []})
    days = local_days(calls["started_at"], data.zone)
    grid = pd.date_range(days.min(), days.max(), freq="D")
    counts = days.value_counts().reindex(grid, fill_value=0)
    recorded = days[calls["recording"].notna().to_numpy(bool)].value_counts()
    table = pd.DataFrame(
        {
            "day": grid,
            "calls": counts.to_numpy(),
            "recorded": recorded.reindex(grid, fill_value=0).to_numpy(),
            "missing": False,
        }
    )
    if missing is not None and not missing.empty:
        for row in each_row(missing[missing["missing"]]):
            within = table["day"].between(row.longest_gap_from, row.longest_gap_to)
            table.loc[within, "missing"] = True
    return table
