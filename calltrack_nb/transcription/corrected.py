"""A person's corrections put in the place of the machine's words, where they still fit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from calltrack_nb.schema import conform
from calltrack_nb.transcription.transcript import Transcript

_SAME_TURN_S: Final = 0.75


def apply_corrections(utterances: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Put a person's words in the place of the machine's.

    Parameters
    ----------
    utterances, corrections : pandas.DataFrame
        The tables of these names. The latest correction of a turn's field counts. To be
        applied before redaction: a corrected turn loses its ``redacted_text``.

    Returns
    -------
    pandas.DataFrame
        A new table ``utterances``; corrected turns carry the flag ``corrected``. A
        correction of a turn that the machine now hears elsewhere is left out, see
        :func:`unfitting_corrections`.
    """
    rows = utterances.to_dict("records")
    of_call: dict[str, list[dict[Hashable, Any]]] = {}
    for row in rows:
        of_call.setdefault(str(row["call_id"]), []).append(row)
    for change in _in_order(corrections):
        own = of_call.get(str(change["call_id"]), [])
        at = _turn_of(change, [(row["start_s"], row["end_s"]) for row in own])
        if at is None:
            continue
        own[at][change["field"]] = change["value"]
        own[at]["redacted_text"] = None
        own[at]["flags"] = sorted({*own[at]["flags"], "corrected"} - {"low_confidence"})
    return conform(pd.DataFrame(rows, columns=utterances.columns), "utterances")


def unfitting_corrections(utterances: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Find the corrections of turns that a new transcript does not have any more.

    Parameters
    ----------
    utterances, corrections : pandas.DataFrame
        The tables of these names.

    Returns
    -------
    pandas.DataFrame
        Rows of `corrections`: of calls that have a transcript, but no turn where the
        corrected one was.
    """
    spans = {
        str(call_id): list(zip(rows["start_s"], rows["end_s"], strict=True))
        for call_id, rows in utterances.groupby("call_id")
    }
    lost = [
        change["at"]
        for change in _in_order(corrections)
        if str(change["call_id"]) in spans
        and _turn_of(change, spans[str(change["call_id"])]) is None
    ]
    return corrections.loc[lost]


def corrected_transcripts(
    transcripts: Mapping[str, Transcript], corrections: pd.DataFrame
) -> dict[str, Transcript]:
    """Put a person's words and speakers into transcripts, as :func:`apply_corrections` does.

    Parameters
    ----------
    transcripts : mapping of str to Transcript
        The machine's, by ``call_id``; they stay as they are.
    corrections : pandas.DataFrame
        The table of this name.

    Returns
    -------
    dict of str to Transcript
        A corrected turn carries the flag ``corrected``; where its text was changed it has
        no times of words any more.
    """
    turns = {call_id: list(made.utterances) for call_id, made in transcripts.items()}
    for change in _in_order(corrections):
        own = turns.get(str(change["call_id"]), [])
        at = _turn_of(change, [(said.start_s, said.end_s) for said in own])
        if at is None:
            continue
        flags = tuple(sorted({*own[at].flags, "corrected"} - {"low_confidence"}))
        if change["field"] == "text":
            own[at] = replace(own[at], text=change["value"], words=(), flags=flags)
        else:
            own[at] = replace(own[at], speaker=change["value"], flags=flags)
    return {
        call_id: replace(made, utterances=tuple(turns[call_id]))
        for call_id, made in transcripts.items()
    }


def _in_order(corrections: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the corrections of turns, the latest last, with their place in the table."""
    wanted = corrections[corrections["field"].isin(("text", "speaker"))]
    return wanted.assign(at=wanted.index).sort_values("corrected_at").to_dict("records")


def _turn_of(change: Mapping[Hashable, Any], spans: Sequence[tuple[float, float]]) -> int | None:
    """Return which turn a correction is of: the one that is said where it was said.

    Another model, or another version of this one, may cut a call into other turns, so
    their numbers alone do not tell.
    """
    if pd.isna(change["start_s"]):  # made before corrections said where
        return int(change["turn"]) if change["turn"] < len(spans) else None
    fits = [
        (abs(start - change["start_s"]) + abs(end - change["end_s"]), at)
        for at, (start, end) in enumerate(spans)
        if abs(start - change["start_s"]) <= _SAME_TURN_S
        and abs(end - change["end_s"]) <= _SAME_TURN_S
    ]
    return min(fits)[1] if fits else None
