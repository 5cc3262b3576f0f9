"""What followed a hesitation: booked all the same, lost, or neither; and what was answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.findings.summary import QUOTABLE, label_of
from calltrack_nb.findings.unmeasured import NOT_MEASURED
from calltrack_nb.phrasing import agree, number, plural
from calltrack_nb.results import Check, Result
from calltrack_nb.stats import wilson
from calltrack_nb.themes.turns import heard_rows

_FOLLOWED: Final = {"booked": "booked", "rescheduled": "booked", "lost": "lost"}
"""What became of a caller who hesitated; every other outcome, and none, is neither."""
_ENDS: Final = ("booked", "lost", "neither")
_COLUMNS: Final = ["label", "group", "calls", "booked", "lost", "neither", "share", "low", "high"]
_ALL: Final = "all calls"
_NONE: Final = "not known"
_SHORTEST_ANSWER: Final = 5
_LONGEST_ANSWER: Final = 400


def after_hesitation(
    findings: pd.DataFrame,
    calls: pd.DataFrame,
    heard: Collection[str],
    *,
    by: str | None = None,
    min_calls: int = 5,
    level: float = 0.95,
) -> Result:
    """Count what became of the callers who hesitated, by what they hesitated over.

    Parameters
    ----------
    findings : pandas.DataFrame
        The table ``findings``, with one outcome a call.
    calls : pandas.DataFrame
        The table ``calls``.
    heard : collection of str
        Ids of the calls that were listened to.
    by : str, optional
        Column of `calls` to count by, such as ``campaign`` or ``agent``; all calls together
        where not said.
    min_calls : int
        No share is given of fewer calls, and no row of fewer where they are counted by something.
    level : float
        Of the Wilson intervals.

    Returns
    -------
    Result
        Columns label, group, calls, booked, lost, neither, and the share booked with its
        range; the most frequent first. A call counts once for each thing hesitated over. That
        an agent or a campaign has a higher share does not say that it is the cause.

    Examples
    --------
    >>> from calltrack_nb import schema
    >>> said = [("1", "hesitation", "price"), ("1", "outcome", "booked"),
    ...         ("2", "hesitation", "price")]
    >>> rows = pd.DataFrame(said, columns=["call_id", "family", "kind"]).assign(account="a")
    >>> findings = schema.conform(rows, "findings")
    >>> found = after_hesitation(findings, schema.empty("calls"), ["1", "2"])
    >>> found.table[["label", "calls", "booked", "lost", "neither"]].to_numpy().tolist()
    [['the price', 2, 1, 0, 1]]
    """
    rows = _hesitated(findings, heard)
    groups = None if by is None else calls.set_index("call_id")[by].astype(object)
    rows["group"] = _ALL if groups is None else rows["call_id"].map(groups).fillna(_NONE)
    marked = rows.assign(**{name: rows["followed"] == name for name in _ENDS})
    table = marked.groupby(["label", "group"])[list(_ENDS)].sum().astype("int64").reset_index()
    table["calls"] = table[list(_ENDS)].sum(axis=1)
    enough = (table["calls"] >= min_calls).to_numpy()
    bounds = wilson(table["booked"].to_numpy(), table["calls"].to_numpy(), level)
    table["share"] = (table["booked"] / table["calls"]).where(enough)
    table["low"], table["high"] = (
        np.where(enough, end, np.nan) for end in (bounds.low, bounds.high)
    )
    table = table.sort_values(["calls", "label", "group"], ascending=[False, True, True])
    few = int((~enough).sum())
    checks = [NOT_MEASURED]
    if few:
        what = "they have no share" if by is None else "they are left out"
        checks.append(
            Check(
                "Enough calls",
                None,
                f"{plural(few, 'row')} {agree(few, 'has')} fewer than {number(min_calls)} calls: "
                f"{what}.",
            )
        )
    if by is not None:
        table = table[table["calls"] >= min_calls]
    return Result(table[_COLUMNS].reset_index(drop=True), _in_words(rows), tuple(checks))


def answers_before_booking(
    findings: pd.DataFrame,
    utterances: pd.DataFrame,
    heard: Collection[str],
    *,
    per_kind: int = 2,
) -> pd.DataFrame:
    """Quote what the agent answered to a hesitation in calls that were booked after it.

    It is what was said before a booking, not what caused it.

    Parameters
    ----------
    findings, utterances : pandas.DataFrame
        The tables of those names; utterances redacted.
    heard : collection of str
        Ids of the calls that were listened to.
    per_kind : int
        Most quotes for one thing hesitated over.

    Returns
    -------
    pandas.DataFrame
        Columns kind, label, call_id, turn, start_s, end_s, quote, why; the surest first.
    """
    rows = _hesitated(findings, heard)
    outcome_turn = _outcomes(findings).set_index("call_id")["turn"]
    rows["until"] = rows["call_id"].map(outcome_turn).astype("Float64")
    rows = rows[(rows["followed"] == "booked") & (rows["confidence"] >= QUOTABLE)]
    rows = rows[~(rows["until"] < rows["turn"])]
    said = utterances[heard_rows(utterances) & (utterances["speaker"].astype(str) == "agent")]
    said = said[said["call_id"].isin(rows["call_id"])].sort_values(["start_s", "turn"])
    answers: list[dict[str, Any]] = []
    found: Any = rows.sort_values(["confidence", "call_id"], ascending=[False, True]).itertuples()
    for row in found:
        last = said["turn"].max() if pd.isna(row.until) else row.until
        after = said[(said["call_id"] == row.call_id) & said["turn"].between(row.turn + 1, last)]
        long_enough = after["redacted_text"].str.split().str.len() >= _SHORTEST_ANSWER
        if not long_enough.any():
            continue
        answer = after[long_enough].iloc[0]
        answers.append(
            {
                "kind": row.kind,
                "label": row.label,
                "call_id": row.call_id,
                "turn": answer["turn"],
                "start_s": answer["start_s"],
                "end_s": answer["end_s"],
                "quote": str(answer["redacted_text"])[:_LONGEST_ANSWER],
                "why": f"After “{row.words}”; the caller booked in the same call",
            }
        )
    columns = ["kind", "label", "call_id", "turn", "start_s", "end_s", "quote", "why"]
    table = pd.DataFrame(answers, columns=columns)
    return table.groupby("kind", sort=False).head(per_kind).reset_index(drop=True)


def _outcomes(findings: pd.DataFrame) -> pd.DataFrame:
    rows = findings[findings["family"].astype(str) == "outcome"]
    return rows.drop_duplicates("call_id", keep="last")


def _hesitated(findings: pd.DataFrame, heard: Collection[str]) -> pd.DataFrame:
    """Return one row per call and thing hesitated over, with what followed."""
    rows = findings[findings["call_id"].isin(heard)]
    rows = rows[rows["family"].astype(str) == "hesitation"]
    rows = rows.sort_values("confidence", ascending=False).drop_duplicates(["call_id", "kind"])
    outcome = _outcomes(findings).set_index("call_id")["kind"].map(_FOLLOWED)
    label = rows["kind"].map(label_of)
    return rows.assign(label=label, followed=rows["call_id"].map(outcome).fillna("neither"))


def _in_words(rows: pd.DataFrame) -> str:
    once = rows.drop_duplicates("call_id")
    if once.empty:
        return "No hesitation was found."
    counts = once["followed"].value_counts()
    booked, lost, neither = (int(counts.get(name, 0)) for name in _ENDS)
    return (
        f"Of {plural(len(once), 'call')} in which the caller hesitated, {number(booked)} "
        f"{agree(booked, 'was', 'were')} booked anyway and {number(lost)} "
        f"{agree(lost, 'was', 'were')} lost. {number(neither)} {agree(neither, 'was', 'were')} "
        "neither, as far as the transcripts show."
    )
