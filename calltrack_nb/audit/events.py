"""Findings that are one event: what a reader repairs once is told once."""

from __future__ import annotations

import pandas as pd

COLUMNS = ("severity", "finding", "fix", "calls", "first_seen", "last_seen", "tracking_number")


def events(findings: pd.DataFrame) -> pd.DataFrame:
    """Join the findings that have one cause.

    Findings on one tracking number are one event, as are those of one check that are on no
    number: a bad fortnight is one, not two bad weeks.

    Parameters
    ----------
    findings : pandas.DataFrame
        Those of :class:`~calltrack_nb.audit.AuditResult`, the worst first.

    Returns
    -------
    pandas.DataFrame
        ``severity``, ``finding`` (the sentences of all), ``fix`` (of the worst), ``calls``,
        ``first_seen``, ``last_seen``, ``tracking_number``; in the order of `findings`.

    Examples
    --------
    >>> rows = pd.DataFrame({"severity": ["broken"] * 2, "check": ["misrouted", "greeting"],
    ...     "account": ["a"] * 2, "finding": ["Calls go elsewhere.", "They say Bob's."],
    ...     "fix": ["Mend it.", "Ring it."], "calls": [9, 1], "first_seen": [None] * 2,
    ...     "last_seen": [None] * 2, "tracking_number": ["+12125550113"] * 2})
    >>> events(rows)["finding"].tolist()
    ["Calls go elsewhere. They say Bob's."]
    """
    cause = findings["tracking_number"].where(
        findings["tracking_number"].astype(str) != "", findings["check"]
    )
    rows = [
        {
            "severity": group["severity"].iloc[0],
            "finding": " ".join(group["finding"]),
            "fix": group["fix"].iloc[0],
            "calls": int(group["calls"].max()),
            "first_seen": group["first_seen"].min(),
            "last_seen": group["last_seen"].max(),
            "tracking_number": group["tracking_number"].iloc[0],
        }
        for _, group in findings.groupby([findings["account"], cause], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
