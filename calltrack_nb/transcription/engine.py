"""The seam between the front end and whatever turns a window of sound into words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from calltrack_nb.transcription.transcript import Word
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import written


@dataclass(frozen=True, slots=True)
class Decoding:
    """How one window is decoded.

    Parameters
    ----------
    beam_size : int
        Hypotheses kept side by side; 1 is greedy.
    no_repeat_ngram : int
        Runs of so many tokens may not occur twice; 0 forbids nothing. Callers do repeat
        themselves, so this is for windows that loop without it.
    timestamps : bool
        Whether the model writes times between its words.
    language : str or None
        Code such as ``en``; None lets a multilingual model detect it.
    prompt : str
        Words the model is told to expect.
    whole : bool
        Whether the model looks at its full thirty seconds, as it was trained, where an
        engine can also let it look at the sound and a margin only, at a fraction of the
        cost.
    """

    beam_size: int = 1
    no_repeat_ngram: int = 0
    timestamps: bool = False
    language: str | None = "en"
    prompt: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class WindowResult:
    """What the model heard in one window.

    Parameters
    ----------
    words : tuple of Word
        With times on the window's own clock.
    mean_log_probability : float
        Over the tokens of the window.
    no_speech_probability : float
        The model's own.
    language : str or None
        The language in which the words are written.
    spoken : str or None
        The language that is spoken, where the model can tell and is sure of it.
    """

    words: tuple[Word, ...]
    mean_log_probability: float
    no_speech_probability: float
    language: str | None = None
    spoken: str | None = None

    @property
    def text(self) -> str:
        """The words, joined."""
        return written(self.words)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is, for the transcript and for people.

    Parameters
    ----------
    engine : str
        ``faster-whisper`` or ``openai-whisper``.
    model : str
        Name or path as asked for.
    weights : str
        Hash or revision of the weights, so that a changed model is another model.
    device : str
        ``cpu`` or ``cuda``.
    precision : str
        Of the arithmetic, such as ``int8``.
    """

    engine: str
    model: str
    weights: str
    device: str
    precision: str

    @property
    def text(self) -> str:
        """The same in words."""
        return f"{self.model} by {self.engine} on {self.device} ({self.precision})"


EngineName = Literal["auto", "faster-whisper", "openai-whisper"]


@runtime_checkable
class Transcriber(Protocol):
    """An engine that decodes windows.

    The result of a window may not depend on the windows beside it.
    """

    @property
    def info(self) -> EngineInfo:
        """What it is."""
        ...

    @property
    def at_once(self) -> int:
        """How many threads may ask it at once."""
        ...

    def decode(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        """Return one result per window, in order."""
        ...


def usable_threads() -> int:
    """Return how many CPU threads this process may use, four at most."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(4, count)
