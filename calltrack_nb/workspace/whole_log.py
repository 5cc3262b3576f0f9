"""What a report of some days has to know of the whole log: little, and seldom another.

Each is worked out from every call and noted by what comes out, so that a call of another month
that changes none of it changes no report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from calltrack_nb import effectiveness
from calltrack_nb.calls import counted
from calltrack_nb.periods import Period
from calltrack_nb.workspace.auditing import audit_workspace, broken_days
from calltrack_nb.workspace.store import Workspace

if TYPE_CHECKING:
    from calltrack_nb.audit import AuditResult


def broken_in(
    workspace: Workspace, period: Period, found: AuditResult | None = None
) -> pd.DataFrame:
    """Return the days of a period, and of the one before, on which a campaign's number was broken.

    Parameters
    ----------
    workspace : Workspace
    period : Period
        What a report is about.
    found : AuditResult, optional
        What the audit of the whole log found, where it is known.

    Returns
    -------
    pandas.DataFrame
        See :func:`calltrack_nb.audit.broken_days`, cut to these days.
    """
    opens, closes = pd.Timestamp(period.before().first), pd.Timestamp(period.last)
    with workspace.noting("broken", str(period)):
        days = broken_days(workspace, found or audit_workspace(workspace))
    inside = days[(days["first"] <= closes) & (days["last"] >= opens)]
    return inside.assign(
        first=inside["first"].where(inside["first"] >= opens, opens),
        last=inside["last"].where(inside["last"] <= closes, closes),
    ).reset_index(drop=True)


def orders_to_come(workspace: Workspace, period: Period) -> str:
    """Say which calls of a period have orders still to come, see the function of that name.

    Parameters
    ----------
    workspace : Workspace
    period : Period
        What a report is about.
    """
    settings = workspace.settings
    with workspace.noting("orders to come", str(period)):
        calls = counted(workspace.table("calls"), settings)
        return effectiveness.orders_to_come(workspace.table("outcomes"), calls, settings, period)
