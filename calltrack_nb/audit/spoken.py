"""Calls that can be listened to as evidence of a finding."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_row, opening_turns

_OPENING_S = 25.0
_TURNS = 4


def spoken_evidence(data: AuditInput, findings: pd.DataFrame, *, most: int = 2) -> pd.DataFrame:
    """Return how calls behind the findings open, in redacted words.

    Parameters
    ----------
    data : AuditInput
        Needs `utterances`.
    findings : pandas.DataFrame
        Those of an :class:`~calltrack_nb.audit.AuditResult`.
    most : int
        Calls per finding.

    Returns
    -------
    pandas.DataFrame
        ``call_id``, ``start_s``, ``end_s``, ``quote``, ``why`` (the finding) and
        ``group`` (the question that it answers with no); empty where no call behind a finding
        was transcribed. A call stands there once, for the first finding that it shows.
    """
    opening = opening_turns(data.utterances, _OPENING_S)
    opening = opening.sort_values(["call_id", "start_s", "turn"])
    heard = dict(tuple(opening.groupby("call_id")))
    quotes: list[dict[str, object]] = []
    for row in each_row(findings):
        shown = {quote["call_id"] for quote in quotes}
        known = [call_id for call_id in row.call_ids if call_id in heard and call_id not in shown]
        for call_id in known[:most]:
            turns = heard[call_id].head(_TURNS)
            words = turns["redacted_text"].dropna()
            if words.empty:
                continue
            quotes.append(
                {
                    "call_id": call_id,
                    "start_s": float(turns["start_s"].min()),
                    "end_s": float(turns["end_s"].max()),
                    "quote": " … ".join(words),
                    "why": row.finding,
                    "group": row.question,
                }
            )
    return pd.DataFrame(quotes, columns=["call_id", "start_s", "end_s", "quote", "why", "group"])
