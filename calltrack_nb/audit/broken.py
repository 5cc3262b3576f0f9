"""The days on which a campaign's calls were not wired right: its figures then mean little."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_row
from calltrack_nb.calls import local_days

COLUMNS: Final = (
    *("campaign", "first", "last", "finding", "fix", "key", "tracking_number"), "elsewhere"
)  # fmt: skip


def broken_days(data: AuditInput, findings: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which each campaign's number was broken.

    A number that rings elsewhere, stands for two campaigns, is silent while money is spent, or
    is answered by another business spoils every figure of the campaigns behind it: these days
    are better left out than counted.

    Parameters
    ----------
    data : AuditInput
        What was audited.
    findings : pandas.DataFrame
        Those of :class:`~calltrack_nb.audit.AuditResult`.

    Returns
    -------
    pandas.DataFrame
        ``campaign``, ``first`` and ``last`` (local days as naive midnights), ``finding``,
        ``fix``, ``key``, ``tracking_number``, ``elsewhere`` (bool: whether callers reached
        another business); one row a finding and campaign, in the order of the findings.

    Examples
    --------
    >>> broken_days(AuditInput(), pd.DataFrame(columns=["severity", "tracking_number"])).empty
    True
    """
    wired = findings[
        (findings["severity"] == "broken").to_numpy(bool)
        & (findings["tracking_number"].astype(str) != "").to_numpy(bool)
    ]
    rows = [row for finding in each_row(wired) for row in _rows(data, finding)]
    days = pd.DataFrame(rows, columns=list(COLUMNS))
    return days.astype({"first": "datetime64[ns]", "last": "datetime64[ns]", "elsewhere": "bool"})


def _rows(data: AuditInput, finding: Any) -> list[tuple[Any, ...]]:
    first, last = _days(data, finding)
    told = (finding.finding, finding.fix, finding.key, finding.tracking_number, finding.elsewhere)
    return [(campaign, first, last, *told) for campaign in campaigns_behind(data, finding)]


def _days(data: AuditInput, finding: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last local day of a finding; of one without moments, the log's."""
    seen = pd.Series([finding.first_seen, finding.last_seen], dtype="datetime64[ns, UTC]")
    if seen.isna().any():
        seen = data.calls["started_at"].agg(["min", "max"])
    # a silence ends with the first moment of the day after it
    first, last = local_days(seen - pd.to_timedelta([0, 1], unit="s"), data.zone)
    return first, last


def campaigns_behind(data: AuditInput, finding: Any) -> list[str]:
    """Return the campaigns that a finding's number stands for, in the inventory or the log.

    Parameters
    ----------
    data : AuditInput
        What was audited.
    finding : Finding or row of the findings
        Of one number.
    """
    first, last = _days(data, finding)
    listed, calls = (
        table[
            table["tracking_number"].eq(finding.tracking_number).to_numpy(bool)
            & table["account"].eq(finding.account).to_numpy(bool)
        ]
        for table in (data.numbers, data.inbound)
    )
    start = pd.to_datetime(listed["active_from"]).fillna(first)
    end = pd.to_datetime(listed["active_to"]).fillna(last)
    days = local_days(calls["started_at"], data.zone)
    named = [
        listed.loc[((start <= last) & (end >= first)).to_numpy(bool), "campaign"],
        calls.loc[days.between(first, last).to_numpy(bool), "campaign"],
    ]
    return sorted(set(pd.concat(named).dropna().astype(str)))
