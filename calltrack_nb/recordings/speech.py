"""Where somebody speaks: Silero's probabilities, turned into spans of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.recordings.decode import SAMPLE_RATE

FRAME: Final = 512
FRAME_S: Final = FRAME / SAMPLE_RATE

# Telephone speech lies between -45 and -10 dB of full scale; a frame 20 dB below the
# quietest of it needs no model to be called silence.
_FLOOR_DB: Final = -66.0
_FLOOR_REACH_S: Final = 0.5


class Span(NamedTuple):
    """A stretch of time, in seconds from the start of the recording."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How probabilities of speech become spans.

    Parameters
    ----------
    on, off : float
        A span opens at a probability of `on` and closes once it stays under `off`.
    min_silence_s : float
        Shorter pauses do not close a span.
    min_speech_s : float
        Shorter spans are taken for clicks.
    """

    on: float = 0.5
    off: float = 0.35
    min_silence_s: float = 0.3
    min_speech_s: float = 0.1


def speech_probability(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the probability of speech for every 32 ms.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel, float32 at 16 kHz, shape (n,).

    Returns
    -------
    numpy.ndarray
        float32, shape (ceil(n / 512),). Stretches of digital silence get 0 without
        asking the model.
    """
    from faster_whisper.vad import get_vad_model  # noqa: PLC0415 - loads onnxruntime

    count = -(-len(samples) // FRAME)
    padded = np.zeros(count * FRAME, np.float32)
    padded[: len(samples)] = samples
    probability = np.zeros(count, np.float32)
    model: Any = get_vad_model()
    for first, last in _loud_stretches(padded.reshape(count, FRAME)):
        heard = model(padded[first * FRAME : last * FRAME].copy())
        probability[first:last] = np.asarray(heard, np.float32).reshape(-1)
    return probability


def find_speech(
    samples: NDArray[np.float32], options: SpeechOptions | None = None
) -> tuple[Span, ...]:
    """Find the stretches of one channel in which somebody speaks.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel, float32 at 16 kHz, shape (n,).
    options : SpeechOptions, optional
        Thresholds.

    Returns
    -------
    tuple of Span
        In order, apart by at least `min_silence_s`, without padding.

    Examples
    --------
    >>> find_speech(np.zeros(16_000, np.float32))
    ()
    """
    return spans_of(speech_probability(samples), len(samples) / SAMPLE_RATE, options)


def spans_of(
    probability: NDArray[np.float32], duration_s: float, options: SpeechOptions | None = None
) -> tuple[Span, ...]:
    """Turn probabilities per 32 ms into spans of speech.

    Examples
    --------
    >>> spans_of(np.repeat(np.float32([0, 1, 0]), 50), 4.8)
    (Span(start_s=1.6, end_s=3.2),)
    """
    chosen = options or SpeechOptions()
    wait = chosen.min_silence_s / FRAME_S
    spans: list[Span] = []
    start: int | None = None
    quiet: int | None = None
    for index, value in enumerate(probability.tolist()):
        if value >= chosen.on:
            start = index if start is None else start
            quiet = None
        elif start is not None and value < chosen.off:
            quiet = index if quiet is None else quiet
            if index + 1 - quiet >= wait:
                spans.append(_span(start, quiet, duration_s))
                start = quiet = None
    if start is not None:
        spans.append(_span(start, len(probability) if quiet is None else quiet, duration_s))
    return tuple(span for span in spans if span.length_s >= chosen.min_speech_s)


def _span(first: int, last: int, duration_s: float) -> Span:
    return Span(round(first * FRAME_S, 3), round(min(last * FRAME_S, duration_s), 3))


def _loud_stretches(frames: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return [first, last) frames around sound, half a second of silence left on each side."""
    power = np.einsum("ij,ij->i", frames, frames) / FRAME
    loud = np.flatnonzero(power > 10 ** (_FLOOR_DB / 10))
    if len(loud) == 0:
        return []
    reach = int(_FLOOR_REACH_S / FRAME_S)
    breaks = np.flatnonzero(np.diff(loud) > 2 * reach)
    firsts = loud[np.r_[0, breaks + 1]]
    lasts = loud[np.r_[breaks, len(loud) - 1]]
    return [
        (max(0, int(first) - reach), min(len(frames), int(last) + 1 + reach))
        for first, last in zip(firsts, lasts, strict=True)
    ]
