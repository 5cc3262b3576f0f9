"""A provider's transcript taken apart into turns, by what stands in it and not by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.phrasing import without_surrogates
from calltrack_nb.transcription.provided.json_forms import read_json
from calltrack_nb.transcription.provided.subtitles import read_subtitles
from calltrack_nb.transcription.provided.tables import rows_of
from calltrack_nb.transcription.provided.texts import read_text
from calltrack_nb.transcription.provided.turns import Provided

SUFFIXES: Final = (".json", ".vtt", ".srt", ".csv", ".txt")
"""What files of transcripts end in; what tells more comes first."""

_JSON: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[{"]|\]))')
_CUES: Final = re.compile(r"\A\s*WEBVTT\b|^[ \t]*[\d:.,]+[ \t]+-->[ \t]+[\d:.,]+", re.MULTILINE)


def read_provided(text: str, names: Sequence[str] = ()) -> Provided:
    """Take a transcript apart into turns.

    Parameters
    ----------
    text : str
        JSON of a provider or of Whisper, subtitles (WebVTT, SRT), a table with a line for
        each sentence, or plain text with or without speakers and times; HTML is read as what
        it shows.
    names : sequence of str
        What the log calls those who spoke.

    Raises
    ------
    TranscriptionError
        When it is empty, JSON or subtitles that are damaged, or a table of several calls.

    Examples
    --------
    >>> [turn.speaker for turn in read_provided("Agent: Good morning. Customer: Hello!").turns]
    ['Agent', 'Customer']
    """
    text = without_surrogates(text).lstrip("\ufeff")
    if _JSON.match(text):
        try:
            content = _whole(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise TranscriptionError(
                "The transcript's JSON is cut off or damaged",
                where=str(error),
                fix="Fetch it again",
            ) from error
        return read_json(content, names)
    if _CUES.search(text):
        return read_subtitles(text, names)
    rows = rows_of(text)
    return read_text(text, names) if rows is None else read_json(rows, names)


def _whole(content: object) -> object:
    """Replace halves of letters, such as a cut emoji's, which no file can hold."""
    match content:
        case str():
            return without_surrogates(content)
        case list():
            return [_whole(one) for one in content]
        case dict():
            return {_whole(name): _whole(one) for name, one in content.items()}
    return content
