"""A forgotten caller in other people's words, masked wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import providers, schema
from calltrack_nb.errors import SourceError
from calltrack_nb.transcription import Transcript
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.plan import BY_PERSON, Plan, transcript_keys
from calltrack_nb.workspace.provided import files_of_transcripts
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

#: Where a mark is no number: there the caller's goes without one.
_NUMBERS: Final = ("caller_number", "tracking_number", "destination_number")
#: The business's own numbers, among which no caller's is looked for.
_NOT_IN: Final = ("numbers",)


def mask_mentions(
    workspace: Workspace, person: Person, plan: Plan, *, dry_run: bool = False
) -> dict[str, int]:
    """Mask a caller wherever other calls of a workspace mention it.

    Parameters
    ----------
    workspace : Workspace
    person : Person
        Whose.
    plan : Plan
        What is the caller's own, and goes or is gone altogether.
    dry_run : bool
        Whether to count only.

    Returns
    -------
    dict of str to int
        Rows changed, by table, and transcripts.
    """
    changed = {}
    own = rows_of(plan, person)
    for name in schema.TABLES:
        if name in _NOT_IN:
            continue
        frame = workspace.table(name)
        if name in own:
            frame = frame[~own[name](frame)].reset_index(drop=True)
        masked, told = _masked(frame, person)
        if told.any():
            changed[f"{name} (mentions)"] = int(told.sum())
            if not dry_run:
                workspace.write_table(name, masked)
    count = 0
    for key in sorted(keys_of_others(workspace, plan)):
        known = workspace.transcripts.get(key)
        if known is not None and (clean := _without(known, person)) != known:
            count += 1
            if not dry_run:
                workspace.transcripts.put(key, clean)
    others = set(files_of_transcripts(workspace)) - {workspace.folder / one for one in plan.files}
    count += sum(_mask_file(path, person, dry_run=dry_run) for path in sorted(others))
    return changed | {"data/transcripts (mentions)": count}


def rows_of(plan: Plan, person: Person) -> dict[str, Callable[[pd.DataFrame], pd.Series[bool]]]:
    """Return, for each table that may hold the caller's own rows, what tells which they are."""
    ids = set(plan.call_ids)
    return {
        **dict.fromkeys(BY_PERSON, plan.theirs),
        **dict.fromkeys(schema.OF_CALLS, lambda frame: frame["call_id"].isin(ids)),
        "touchpoints": lambda frame: frame["person_key"] == plan.key,
        "quarantine": lambda frame: (
            frame["value"]
            .map(person.stands_in, na_action="ignore")
            .fillna(value=False)
            .astype(bool)
        ),
    }


def keys_of_others(workspace: Workspace, plan: Plan) -> set[str]:
    """Return where the transcripts of the calls of others are kept."""
    known = workspace.table("recordings")
    return transcript_keys(known[~known["call_id"].isin(plan.call_ids)])


def _mask_file(path: Path, person: Person, *, dry_run: bool) -> bool:
    """Mask a caller in a provider's transcript that lies in a file; tell whether it had them."""
    try:
        text, encoding = providers.decode_text(path)
    except SourceError:
        return False  # no text, so no transcript
    masked = person.masked(text)
    if masked != text and not dry_run:
        with replacing(path) as draft:
            draft.write(masked.encode(encoding))
    return masked != text


def _masked(frame: pd.DataFrame, person: Person) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Return a table without the caller, and which of its rows held them."""
    result = frame.copy()
    told = pd.Series(data=False, index=frame.index)
    for column in frame.columns:
        texts = frame[column]
        if isinstance(texts.dtype, pd.StringDtype):
            codes, distinct = pd.factorize(texts)  # a column's words are few, its rows many
            masked = pd.Series(distinct, dtype=texts.dtype)
            maybe = person.may_stand_in_each(masked)
            masked[maybe] = masked[maybe].map(person.masked)
            if column in _NUMBERS:
                masked = masked.where(masked == distinct)
            changed = np.flatnonzero(masked != distinct)
            here = np.isin(codes, changed)
            result.loc[here, column] = masked.iloc[codes[here]].to_numpy()
            told |= here
    return result, told


def _without(transcript: Transcript, person: Person) -> Transcript:
    """Mask what was said; the times of an utterance's single words go with the words."""
    said = tuple(
        one if (text := person.masked(one.text)) == one.text else replace(one, text=text, words=())
        for one in transcript.utterances
    )
    return replace(transcript, utterances=said)
