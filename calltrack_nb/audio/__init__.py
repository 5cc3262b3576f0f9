"""Recordings: found, decoded, split into channels, and where on them somebody speaks."""

from calltrack_nb.audio.clips import clip, peaks
from calltrack_nb.audio.crosstalk import leaked
from calltrack_nb.audio.decode import SAMPLE_RATE, Audio, decode
from calltrack_nb.audio.layout import Layout, probe
from calltrack_nb.audio.matching import NOT_FETCHED, match, stems_of, unmatched
from calltrack_nb.audio.speech import (
    FRAME_S,
    Span,
    SpeechOptions,
    find_speech,
    spans_of,
    speech_probability,
)
from calltrack_nb.audio.voices import Voices, diarize

__all__ = [
    "FRAME_S",
    "NOT_FETCHED",
    "SAMPLE_RATE",
    "Audio",
    "Layout",
    "Span",
    "SpeechOptions",
    "Voices",
    "clip",
    "decode",
    "diarize",
    "find_speech",
    "leaked",
    "match",
    "peaks",
    "probe",
    "spans_of",
    "speech_probability",
    "stems_of",
    "unmatched",
]
