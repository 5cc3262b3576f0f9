"""Subtitles with who says them: WebVTT and SRT."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from io import StringIO
from typing import Final

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.provided.labels import labels_of, spoken_by
from calltrack_nb.transcription.provided.turns import Provided, Turn, seconds_of

_TIMES: Final = re.compile(r"^[ \t]*[\d:.,]+[ \t]+-->", re.MULTILINE)


def read_subtitles(text: str, names: Sequence[str] = ()) -> Provided:
    r"""Read WebVTT or SRT; the speaker is the cue's voice, or the name before its words.

    Raises
    ------
    TranscriptionError
        When cues cannot be read.

    Examples
    --------
    >>> read_subtitles("1\n00:00:01,500 --> 00:00:02,000\nAgent: Hello\n").turns[0].start_s
    1.5
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    form = "vtt" if text.startswith("WEBVTT") else "srt"
    if form == "srt" and _TIMES.match(text):  # cues without numbers: WebVTT but for its head
        text, form = "WEBVTT\n\n" + text.replace(",", "."), "vtt"
    try:
        captions = webvtt.from_buffer(StringIO(text), format=form).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise TranscriptionError(
            "The subtitles cannot be read", where=str(error), fix="Export the transcript again"
        ) from error
    lost = len(_TIMES.findall(text)) - len(captions)
    if not captions or lost > len(captions) / 2:
        raise TranscriptionError(
            "The subtitles cannot be read", where=f"{lost} cues", fix="Export the transcript again"
        )
    turns = []
    lines = [" ".join(html.unescape(caption.text).split()) for caption in captions]
    labels = labels_of(lines, names)
    for caption, line in zip(captions, lines, strict=True):
        speaker, said = spoken_by(line, labels)
        turns.append(
            Turn(said, caption.voice or speaker, seconds_of(caption.start), seconds_of(caption.end))
        )
    return Provided(tuple(turns))
