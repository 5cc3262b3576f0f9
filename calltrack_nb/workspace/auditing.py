"""The number audit of a workspace: its tables handed to the checks, its baseline read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calltrack_nb import audit
from calltrack_nb.errors import CalltrackError
from calltrack_nb.periods import Period
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

if TYPE_CHECKING:
    import pandas as pd

BASELINE: Final = "audit_baseline.toml"

_TABLES: Final = (
    "calls",
    "numbers",
    "spend",
    "visits",
    "utterances",
    "talk",
    "imports",
    "quarantine",
    "recordings",
    "provider_calls",
)


def audit_input(workspace: Workspace, period: Period | None = None) -> audit.AuditInput:
    """Read the tables that the checks look at; see there what a period is for."""
    tables = {name: workspace.table(name) for name in _TABLES}
    return audit.AuditInput(**tables, settings=workspace.settings, period=period)


def audit_workspace(
    workspace: Workspace, *, since: dt.date | None = None, period: Period | None = None
) -> audit.AuditResult:
    """Run every check, leaving out what the workspace's baseline accepts.

    Parameters
    ----------
    workspace : Workspace
        The workspace; accepted findings stand in its ``audit_baseline.toml``.
    since : datetime.date, optional
        Leave out findings whose last evidence is older than this local day.
    period : Period, optional
        Local days of which is said how calls were answered; the whole log where not given.
    """
    known = audit.read_baseline(workspace.folder / BASELINE)
    return audit.run_checks(audit_input(workspace, period), since=since, baseline=known)


def broken_days(workspace: Workspace, result: audit.AuditResult) -> pd.DataFrame:
    """Return the days on which each campaign's number was broken.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    result : calltrack_nb.audit.AuditResult
        What its audit found.

    Returns
    -------
    pandas.DataFrame
        See :func:`calltrack_nb.audit.broken_days`.
    """
    read = audit.AuditInput(
        calls=workspace.table("calls"),
        numbers=workspace.table("numbers"),
        settings=workspace.settings,
    )
    return audit.broken_days(read, result.findings)


def accept_findings(workspace: Workspace, keys: Sequence[str], *, reason: str, on: dt.date) -> Path:
    """Add findings to the workspace's baseline.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    keys : sequence of str
        As the audit prints them.
    reason : str
        Why they are accepted.
    on : datetime.date
        The day of the decision.

    Raises
    ------
    CalltrackError
        When the audit does not find what is to be accepted.
    """
    found = set(audit_workspace(workspace).findings["key"])
    unknown = [key for key in keys if key not in found]
    if unknown:
        raise CalltrackError(
            "The audit has no such finding",
            where=", ".join(unknown),
            fix="Copy the key from the output of calltrack audit",
        )
    path = workspace.folder / BASELINE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    with replacing(path) as draft:
        draft.write(audit.accept(text, keys, reason=reason, on=on).encode())
    return path
