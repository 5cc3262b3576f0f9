"""A telephone number in other people's words: found as written or as spoken, and masked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from calltrack_nb import providers
from calltrack_nb.errors import SourceError
from calltrack_nb.redaction.numerals import digit_runs, tokenize
from calltrack_nb.transcription import Transcript
from calltrack_nb.workspace.provided import files_of_transcripts
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

_MASK: Final = "[PHONE]"
_TABLES: Final = (
    "calls",
    "provider_calls",
    "leads",
    "outcomes",
    "touchpoints",
    "utterances",
    "findings",
    "corrections",
    "lessons",
    "call_themes",
)
_COUNTRY_DIGITS: Final = 4


def national_digits(e164: str) -> str:
    """Return the digits of a number that stand in every way of writing it."""
    digits = re.sub(r"\D", "", e164)
    return digits[-10:] if e164.startswith("+1") else digits[-9:]


def any_form_of(e164: str) -> str:
    """Return an expression for a number's national digits however they are punctuated."""
    return (
        r"(?<!\d)(?:\+?\d{1,3}[\s().\-]*)?\(?"
        + r"[\s().\-/]*".join(national_digits(e164))
        + r"(?!\d)"
    )


def mask_number(text: str, e164: str) -> str:
    """Replace a number by ``[PHONE]``, in figures and in words.

    Examples
    --------
    >>> mask_number("ring oh four oh four, 555, oh one double nine today", "+14045550199")
    'ring [PHONE] today'
    """
    masked = re.sub(any_form_of(e164), _MASK, text)
    national = national_digits(e164)
    tokens = tokenize(masked)
    for run in reversed(digit_runs(tokens)):
        fits = len(run.digits) <= len(national) + _COUNTRY_DIGITS
        if fits and run.digits.endswith(national):
            masked = masked[: tokens[run.first].start] + _MASK + masked[tokens[run.last].end :]
    return masked


def mask_mentions(workspace: Workspace, e164: str) -> dict[str, int]:
    """Mask a number wherever other calls of a workspace mention it.

    Parameters
    ----------
    workspace : Workspace
        Whose own calls of that number are gone already.
    e164 : str
        The number.

    Returns
    -------
    dict of str to int
        Rows changed, by table, and transcripts.
    """
    changed = {}
    for name in _TABLES:
        frame = workspace.table(name)
        masked, told = _masked(frame, e164)
        if told.any():
            workspace.write_table(name, masked)
            changed[f"{name} (mentions)"] = int(told.sum())
    count = 0
    recordings = workspace.table("recordings")
    keys = pd.concat([recordings["transcript_key"], recordings["other_key"]])
    for key in keys.dropna().unique():
        known = workspace.transcripts.get(str(key))
        if known is not None and (clean := _without(known, e164)) != known:
            workspace.transcripts.put(str(key), clean)
            count += 1
    count += sum(_mask_file(path, e164) for path in files_of_transcripts(workspace))
    return changed | {"data/transcripts (mentions)": count}


def _mask_file(path: Path, e164: str) -> bool:
    """Mask a number in a provider's transcript that lies in a file; tell whether it was there."""
    try:
        text, encoding = providers.decode_text(path)
    except SourceError:
        return False  # no text, so no transcript
    masked = mask_number(text, e164)
    if masked != text:
        with replacing(path) as draft:
            draft.write(masked.encode(encoding))
    return masked != text


def _masked(frame: pd.DataFrame, e164: str) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Return a table without the number, and which of its rows held it."""
    result = frame.copy()
    told = pd.Series(data=False, index=frame.index)
    for column in frame.columns:
        texts = frame[column]
        if isinstance(texts.dtype, pd.StringDtype):
            result[column] = texts.map(
                lambda text: mask_number(text, e164), na_action="ignore"
            ).astype(texts.dtype)
            told |= result[column].fillna("") != texts.fillna("")
    return result, told


def _without(transcript: Transcript, e164: str) -> Transcript:
    """Mask what was said; the times of an utterance's single words go with the words."""
    said = tuple(
        one
        if (text := mask_number(one.text, e164)) == one.text
        else replace(one, text=text, words=())
        for one in transcript.utterances
    )
    return replace(transcript, utterances=said)
