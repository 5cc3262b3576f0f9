"""Transcripts out to files, and a person's corrections of them back in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from calltrack_nb import transcription
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing


def transcripts_of(
    workspace: Workspace, call_ids: Sequence[str] = ()
) -> dict[str, transcription.Transcript]:
    """Return transcripts by call id, as they are corrected; of every call where none is named.

    Raises
    ------
    WorkspaceError
        When a call that is named has no transcript.
    """
    known = workspace.table("recordings").dropna(subset="transcript_key")
    keys = dict(zip(known["call_id"].astype(str), known["transcript_key"].astype(str), strict=True))
    missing = [call_id for call_id in call_ids if call_id not in keys]
    if missing:
        raise WorkspaceError(
            "There is no transcript of this call",
            where=", ".join(missing),
            fix="Run calltrack transcribe, or check the id in the table calls",
        )
    found = {call_id: workspace.transcripts.get(keys[call_id]) for call_id in call_ids or keys}
    return transcription.corrected_transcripts(
        {call_id: made for call_id, made in found.items() if made is not None},
        workspace.table("corrections"),
    )


def export_transcripts(
    workspace: Workspace, call_ids: Sequence[str], out: Path, form: str
) -> tuple[Path, ...]:
    """Write transcripts by speaker, one file a call; where a person corrected them, so.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    call_ids : sequence of str
        Which calls; every call where it is empty.
    out : pathlib.Path
        A folder; it is made where it does not exist.
    form : str
        ``vtt``, ``srt``, ``json`` or ``csv``. A provider's transcript without times is no
        subtitle: it is written as ``csv`` in place of the first two.
    """
    paths = []
    for call_id, transcript in transcripts_of(workspace, call_ids).items():
        fits = transcript.timed or form not in transcription.TIMED
        chosen = form if fits else "csv"
        path = out / f"{call_id.replace(':', '-')}.{chosen}"
        with replacing(path) as file:
            text = transcription.format_transcript(transcript, chosen, call_id=call_id)
            file.write(text.encode())
        paths.append(path)
    return tuple(paths)


def correct_transcripts(workspace: Workspace, file: Path, *, call_id: str | None = None) -> int:
    """Take a person's corrections over into the table ``corrections``.

    Call it under the workspace's lock, and listen again afterwards. The machine's words
    stay in the transcript store as they were.

    Returns
    -------
    int
        How many turns' words or speakers differ from what was known so far.
    """
    rows = transcription.read_corrections(
        file, transcripts_of(workspace), workspace.settings.business.account, call_id=call_id
    )
    if len(rows):
        before = workspace.table("corrections")
        workspace.write_table("corrections", pd.concat([before, rows], ignore_index=True))
    return len(rows)
