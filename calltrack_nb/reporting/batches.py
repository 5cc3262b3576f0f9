"""Reports of each month, each campaign, or both: which they are, worked out before any runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb.errors import ReportError
from calltrack_nb.reporting.running import Job, each_job, on_the_clock
from calltrack_nb.workspace import Workspace

EACH: Final = ("month", "campaign")
"""What a report can be made of each of, beside each client."""


def prepare_each(
    workspace: Workspace,
    names: Sequence[str | Path],
    parameters: Mapping[str, Any],
    each: Collection[str],
) -> tuple[Job, ...]:
    """Prepare the reports of each month, each campaign, or each month of each campaign.

    Parameters
    ----------
    workspace : Workspace
        What they are about, of one client where there are several.
    names : sequence of str or pathlib.Path
        Names of reports, or paths of notebooks.
    parameters : mapping
        Given to each; months and campaigns are those of its ``period``.
    each : collection of str
        Some of :data:`EACH`. Months are calendar months, cut to the period where one is
        given; campaigns those that had calls or cost in it.

    Returns
    -------
    tuple of Job
        By month, then by campaign, then in the order of the names.

    Raises
    ------
    ParameterError
        When a notebook does not take ``period`` or ``campaign``, naming it.
    ReportError
        When there is no campaign in the period.
    """
    text = str(on_the_clock(workspace, parameters.get("period") or "all"))
    within: list[list[dict[str, str]]] = []
    if "month" in each:
        within.append([{"period": month} for month in _months(workspace, text)])
    if "campaign" in each:
        found = campaigns(workspace, text)
        if not found:
            raise ReportError(
                "There is no campaign with calls or spend to report on", where=f"period {text}"
            )
        within.append([{"campaign": campaign} for campaign in found])
    given = dict(parameters) | ({"period": text} if text != "all" else {})
    choices = [
        given | {key: value for one in chosen for key, value in one.items()}
        for chosen in product(*within)
    ]
    return each_job(workspace, names, choices)


def campaigns(workspace: Workspace, period: str) -> tuple[str, ...]:
    """Return the campaigns that had calls or cost in a period, in alphabetical order."""
    days = workspace.period(period)
    spend = workspace.table("spend")
    paid = pd.to_datetime(spend["date"]).dt.date.between(days.first, days.last)
    named = pd.concat([workspace.calls(days)["campaign"], spend.loc[paid, "campaign"]])
    return tuple(sorted({str(name) for name in named.dropna()} - {""}))


def _months(workspace: Workspace, period: str) -> list[str]:
    """Return the months of a period; those of the whole log are whole."""
    months = workspace.period(period).months()
    return [f"{each.first:%Y-%m}" if period == "all" else str(each) for each in months]
