"""Which campaign brings which hesitation."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.findings.summary import label_of
from calltrack_nb.results import Result
from calltrack_nb.themes.campaigns import cross


def findings_by_campaign(
    findings: pd.DataFrame,
    calls: pd.DataFrame,
    listened: pd.Series | None = None,
    *,
    family: str = "hesitation",
    by: str = "campaign",
    min_group: int = 5,
    level: float = 0.95,
) -> Result:
    """Cross a family of findings, such as hesitations, with campaigns.

    Parameters
    ----------
    findings : pandas.DataFrame
        The table ``findings``.
    calls : pandas.DataFrame
        The table ``calls``.
    listened : pandas.Series, optional
        Ids of the calls that were listened to, those without a finding among them; by
        default all calls with any finding.
    family : str
        Which findings.
    by, min_group, level
        As in :func:`~calltrack_nb.themes.themes_by_campaign`.

    Returns
    -------
    Result
    """
    chosen = findings[findings["family"].astype(str) == family]
    marks = chosen[["call_id", "kind"]].rename(columns={"kind": "mark"})
    heard = pd.Series(findings["call_id"].unique() if listened is None else listened.unique())
    labels = {kind: label_of(kind) for kind in marks["mark"].unique()}
    return cross(
        marks,
        calls,
        labels,
        by=by,
        min_group=min_group,
        level=level,
        noun=f"{family}s",
        heard=heard,
    )
