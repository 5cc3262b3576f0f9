"""A forgotten caller's number in other people's words, masked wherever it is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from calltrack_nb import providers, schema
from calltrack_nb.errors import SourceError
from calltrack_nb.transcription import Transcript
from calltrack_nb.workspace.forgetting.plan import transcript_keys
from calltrack_nb.workspace.forgetting.spellings import Spellings
from calltrack_nb.workspace.provided import files_of_transcripts
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

#: The business's own numbers, among which no caller's is looked for.
_NOT_IN: Final = ("numbers",)


def mask_mentions(workspace: Workspace, number: Spellings) -> dict[str, int]:
    """Mask a number wherever other calls of a workspace mention it.

    Parameters
    ----------
    workspace : Workspace
        Whose own calls of that number are gone already.
    number : Spellings
        The number.

    Returns
    -------
    dict of str to int
        Rows changed, by table, and transcripts.
    """
    changed = {}
    for name in schema.TABLES:
        if name in _NOT_IN:
            continue
        frame = workspace.table(name)
        masked, told = _masked(frame, number)
        if told.any():
            workspace.write_table(name, masked)
            changed[f"{name} (mentions)"] = int(told.sum())
    count = 0
    for key in sorted(transcript_keys(workspace.table("recordings"))):
        known = workspace.transcripts.get(key)
        if known is not None and (clean := _without(known, number)) != known:
            workspace.transcripts.put(key, clean)
            count += 1
    count += sum(_mask_file(path, number) for path in files_of_transcripts(workspace))
    return changed | {"data/transcripts (mentions)": count}


def _mask_file(path: Path, number: Spellings) -> bool:
    """Mask a number in a provider's transcript that lies in a file; tell whether it was there."""
    try:
        text, encoding = providers.decode_text(path)
    except SourceError:
        return False  # no text, so no transcript
    masked = number.masked(text)
    if masked != text:
        with replacing(path) as draft:
            draft.write(masked.encode(encoding))
    return masked != text


def _masked(frame: pd.DataFrame, number: Spellings) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Return a table without the number, and which of its rows held it."""
    result = frame.copy()
    told = pd.Series(data=False, index=frame.index)
    for column in frame.columns:
        texts = frame[column]
        if isinstance(texts.dtype, pd.StringDtype):
            codes, distinct = pd.factorize(texts)  # a column's words are few, its rows many
            masked = pd.Series(distinct, dtype=texts.dtype)
            maybe = number.may_stand_in_each(masked)
            masked[maybe] = masked[maybe].map(number.masked)
            changed = np.flatnonzero(masked != distinct)
            here = np.isin(codes, changed)
            result.loc[here, column] = masked.iloc[codes[here]].to_numpy()
            told |= here
    return result, told


def _without(transcript: Transcript, number: Spellings) -> Transcript:
    """Mask what was said; the times of an utterance's single words go with the words."""
    said = tuple(
        one if (text := number.masked(one.text)) == one.text else replace(one, text=text, words=())
        for one in transcript.utterances
    )
    return replace(transcript, utterances=said)
