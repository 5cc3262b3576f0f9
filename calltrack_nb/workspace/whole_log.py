"""What a report of some days has to know of the whole log: little, and seldom another.

Each is worked out from every call and noted by what comes out, so that a call of another month
that changes none of it changes no report.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from calltrack_nb import effectiveness
from calltrack_nb.calls import counted
from calltrack_nb.periods import Period
from calltrack_nb.workspace import reads
from calltrack_nb.workspace.auditing import audit_workspace, broken_days
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

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
        if found is None:
            days = _once_a_batch(
                workspace, lambda: broken_days(workspace, audit_workspace(workspace))
            )
        else:
            days = broken_days(workspace, found)
    inside = days[(days["first"] <= closes) & (days["last"] >= opens)]
    return inside.assign(
        first=inside["first"].where(inside["first"] >= opens, opens),
        last=inside["last"].where(inside["last"] <= closes, closes),
    ).reset_index(drop=True)


def _once_a_batch(workspace: Workspace, work: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Do what does not depend on the period once for all reports of a batch.

    What comes out is kept in the batch's own folder, under the state of all that the audit
    reads; a table that is written meanwhile makes another name.
    """
    folder = os.environ.get(reads.BATCH)
    if not folder:
        return work()
    read = [*sorted(workspace.tables.rglob("*.parquet")), *sorted(workspace.folder.glob("*.toml"))]
    state = [(str(path), (told := path.stat()).st_size, told.st_mtime_ns) for path in read]
    name = hashlib.sha256(repr((workspace.account, state)).encode()).hexdigest()
    kept = Path(folder) / f"{name}.parquet"
    if not kept.is_file():
        days = work()
        with replacing(kept) as draft:
            draft.write(days.to_parquet())
    return pd.read_parquet(kept)


def orders_to_come(workspace: Workspace, period: Period) -> effectiveness.OrdersToCome:
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
