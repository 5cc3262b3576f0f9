"""Transcripts as tables: a line for each sentence, under a header that says what is what."""

from __future__ import annotations

import csv
import io
from typing import Final

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.provided.json_forms import CALLS, SPEAKERS, STARTS, TEXTS
from calltrack_nb.transcription.provided.turns import plain_key

_DELIMITERS: Final = ",;\t"
_OF_ONE: Final = frozenset({*CALLS, "transcriptsid", "transcriptid", "recordingsid", "recordingid"})


def rows_of(text: str) -> list[dict[str, str]] | None:
    r"""Return the lines of a table of sentences by the names of its columns; None if it is none.

    A table has a column of what was said, beside one of who said it or when, in every line.

    Raises
    ------
    TranscriptionError
        When its lines are of several calls.

    Examples
    --------
    >>> rows_of("Speaker,Text\nAgent,Hello.\nCaller,Hi.")
    [{'Speaker': 'Agent', 'Text': 'Hello.'}, {'Speaker': 'Caller', 'Text': 'Hi.'}]
    """
    for delimiter in _DELIMITERS:
        try:
            records = list(csv.reader(io.StringIO(text.strip(), newline=""), delimiter=delimiter))
        except csv.Error:
            continue  # a cell longer than any sentence
        header, *lines = records or [[]]
        names = {plain_key(name) for name in header}
        told = names.intersection(TEXTS) and names.intersection((*SPEAKERS, *STARTS))
        if told and len(header) > 1 and lines and all(len(line) == len(header) for line in lines):
            rows = [dict(zip(header, line, strict=True)) for line in lines]
            _check_one_call(rows)
            return rows
    return None


def _check_one_call(rows: list[dict[str, str]]) -> None:
    for name in rows[0]:
        found = {row[name] for row in rows} - {""}
        if plain_key(name) in _OF_ONE and len(found) > 1:
            raise TranscriptionError(
                "The table holds the transcripts of several calls",
                where=f"{name}: {', '.join(sorted(found)[:3])}",
                fix="Save each call's lines as a file named after the call",
            )
