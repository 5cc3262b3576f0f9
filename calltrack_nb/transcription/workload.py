"""What transcribing will do and how long it takes, said before it starts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calltrack_nb.phrasing import number, plural
from calltrack_nb.results import BaseResult
from calltrack_nb.transcription.engine import EngineInfo
from calltrack_nb.transcription.options import Options
from calltrack_nb.transcription.transcript import Transcript

# millions of parameters, from OpenAI's model card; a file of half-precision weights has two
# bytes for each
_PARAMETERS: Final = {
    "tiny": 39, "base": 74, "small": 244, "medium": 769, "large": 1550,
    "large-v1": 1550, "large-v2": 1550, "large-v3": 1550, "large-v3-turbo": 809, "turbo": 809,
}  # fmt: skip
_BYTES: Final = 2
_WHY: Final = {
    "language": "the language has changed",
    "agent_channel": "the agent's channel has changed",
    "direction": "the call's direction has changed",
    "glossary": "the glossary has changed",
    "front_end": "this version transcribes differently",
}


@dataclass(frozen=True, slots=True)
class Workload(BaseResult):
    """What there is to transcribe.

    Attributes
    ----------
    new : int
        Recordings that never were.
    again : mapping of str to int
        Recordings that were, by why they are transcribed again.
    audio_s : float
        Seconds of sound; NaN where no length is known.
    seconds : float
        How long that takes; NaN where nothing tells.
    text : str
        All of it as one line; empty where there is nothing to do.
    """

    new: int
    again: Mapping[str, int]
    audio_s: float
    seconds: float
    text: str

    @property
    def recordings(self) -> int:
        """How many recordings are to be transcribed."""
        return self.new + sum(self.again.values())


def workload(
    new: int,
    again: Mapping[str, int],
    audio_s: float,
    info: EngineInfo,
    speeds: Mapping[str, float],
) -> Workload:
    """Foresee what a run takes.

    Parameters
    ----------
    new, again, audio_s
        As the result has them.
    info : EngineInfo
        What transcribes.
    speeds : mapping of str to float
        Seconds of sound in a second, measured on this machine, by what transcribed
        (:attr:`EngineInfo.text`).

    Examples
    --------
    >>> tiny = EngineInfo("faster-whisper", "tiny.en", "1a5a", "cpu", "int8")
    >>> again = {"the glossary has changed": 312}
    >>> print(workload(3, again, 93_600, tiny, {tiny.text: 20.0}).text)
    To transcribe: 3 new recordings, 312 again (the glossary has changed); 26 hours of sound. \
That takes about 78 minutes, at the 20 times real time measured on this machine.
    """
    count = new + sum(again.values())
    if not count:
        return Workload(new, again, 0.0, 0.0, "")
    speed, how = _speed(info, speeds)
    seconds = audio_s / speed
    parts = [plural(new, "new recording")] if new else []
    parts += [f"{number(many)} again ({why})" for why, many in again.items()]
    sound = f"{_length(audio_s)} of sound" if math.isfinite(audio_s) else "of unknown length"
    if math.isfinite(seconds):
        takes = f"That takes about {_length(seconds)}, {how}."
    elif math.isfinite(speed):
        takes = "How long that takes is not known."
    else:
        takes = f"How long that takes is not known: {info.model} was not timed on this machine yet."
    text = f"To transcribe: {', '.join(parts)}; {sound}. {takes}{_fetched(info)}"
    return Workload(new, again, audio_s, seconds, text)


def why_again(before: Transcript, info: EngineInfo, options: Options) -> str:
    """Say why a recording that has a transcript is transcribed again.

    Parameters
    ----------
    before : Transcript
        The one it has.
    info, options
        What would make the new one.

    Examples
    --------
    >>> from calltrack_nb.transcription.transcript import Transcript
    >>> before = Transcript((), {}, "mono", 9.0, "faster-whisper", "tiny.en", Options().as_dict())
    >>> why_again(before, EngineInfo("faster-whisper", "base", "", "cpu", "int8"), Options())
    'the model was tiny.en'
    """
    if before.model != info.model:
        return f"the model was {before.model}"
    if before.engine != info.engine:
        return f"the engine was {before.engine}"
    now = options.as_dict()
    changed = [name for name in now if before.options.get(name) != now[name]]
    told = [_WHY[name] for name in _WHY if name in changed]
    if changed:
        return told[0] if told else "the options have changed"
    return "the recording or the weights have changed"


def _speed(info: EngineInfo, speeds: Mapping[str, float]) -> tuple[float, str]:
    """Return times real time and where that is known from; NaN where nothing tells."""
    if info.text in speeds:
        speed = speeds[info.text]
        return speed, f"at the {number(speed)} times real time measured on this machine"
    size = _size(info.model)
    for text, speed in speeds.items():
        model, _, rest = text.partition(" ")
        known = _size(model)
        if size and known and info.text.partition(" ")[2] == rest:
            how = f"estimated from {model} on this machine and both models' sizes, not measured"
            return speed * known / size, how
    return math.nan, ""


def _size(model: str) -> int | None:
    return _PARAMETERS.get(model.removesuffix(".en"))


def _fetched(info: EngineInfo) -> str:
    """Say what is downloaded first: weights that are known by their name only."""
    size = _size(info.model)
    if info.weights != info.model or size is None:
        return ""
    return f" {info.model} is downloaded first if it is not here yet: about {_size_of(size)}."


def _size_of(millions: int) -> str:
    megabytes = millions * _BYTES
    return f"{number(megabytes / 1000, 1)} GB" if megabytes >= 1000 else f"{number(megabytes)} MB"


def _length(seconds: float) -> str:
    """Write a stretch of time in the unit in which it is a plain figure.

    Examples
    --------
    >>> [_length(seconds) for seconds in (40, 95, 5400, 93_600)]
    ['40 seconds', '2 minutes', '90 minutes', '26 hours']
    """
    for unit, size, least in (("hour", 3600, 2 * 3600), ("minute", 60, 90)):
        if seconds >= least:
            return plural(round(seconds / size), unit)
    return plural(max(1, round(seconds)), "second")
