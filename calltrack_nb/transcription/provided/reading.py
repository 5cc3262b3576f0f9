"""A provider's transcript taken apart into turns, by what stands in it and not by its name."""

from __future__ import annotations

import html
import json
import re
from typing import Final

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.provided.json_forms import read_json
from calltrack_nb.transcription.provided.subtitles import read_subtitles
from calltrack_nb.transcription.provided.texts import read_text
from calltrack_nb.transcription.provided.turns import Provided

SUFFIXES: Final = (".json", ".vtt", ".srt", ".txt")
"""What files of transcripts end in; what tells more comes first."""

_JSON: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[{"]|\]))')
_CUES: Final = re.compile(r"\A\s*WEBVTT\b|^[ \t]*[\d:.,]+[ \t]+-->[ \t]+[\d:.,]+", re.MULTILINE)
_HIDDEN: Final = re.compile(
    r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_BLOCK: Final = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|html|body|section|dl|dt|dd))\b[^<>]*>",
    re.IGNORECASE,
)
_INLINE: Final = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|td|th|mark|code|img|label|time)\b[^<>]*>",
    re.IGNORECASE,
)


def read_provided(text: str) -> Provided:
    """Take a transcript apart into turns.

    Parameters
    ----------
    text : str
        JSON of a provider or of Whisper, subtitles (WebVTT, SRT), or plain text with or
        without speakers and times; HTML is read as what it shows.

    Raises
    ------
    TranscriptionError
        When it is empty, or JSON or subtitles that are damaged.

    Examples
    --------
    >>> [turn.speaker for turn in read_provided("Agent: Good morning. Customer: Hello!").turns]
    ['Agent', 'Customer']
    """
    text = text.lstrip("\ufeff")
    if _JSON.match(text):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise TranscriptionError(
                "The transcript is JSON that is cut off or damaged",
                where=str(error),
                fix="Fetch it again",
            ) from error
        return read_json(content)
    if _CUES.search(text):
        return read_subtitles(text)
    return read_text(_shown(text))


def _shown(text: str) -> str:
    """Return what a page shows of HTML; marks such as ``<CREDIT_CARD>`` are no tags of it."""
    if "<" in text:
        text = _INLINE.sub(" ", _BLOCK.sub("\n", _HIDDEN.sub(" ", text)))
    return html.unescape(text)
