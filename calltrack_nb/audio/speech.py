"""Where somebody speaks: Silero's probabilities, turned into spans of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio.decode import SAMPLE_RATE

FRAME: Final = 512
FRAME_S: Final = FRAME / SAMPLE_RATE

# Telephone speech lies between -45 and -10 dB of full scale; a frame 20 dB below the
# quietest of it needs no model to be called silence, nor does one that hardly stands out
# of the line's own noise, as long as that noise is itself below all speech.
_FLOOR_DB: Final = -66.0
_FLOOR_MOST_DB: Final = -48.0
_NOISE_QUANTILE: Final = 0.1
_NOISE_MARGIN_DB: Final = 6.0
_FLOOR_REACH_S: Final = 0.5
_AT_ONCE: Final = int(900 / FRAME_S)
_WARM: Final = int(30 / FRAME_S)


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


def speech_probability(
    samples: NDArray[np.float32], ignored: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Give the probability of speech for every 32 ms.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel, float32 at 16 kHz, shape (n,).
    ignored : numpy.ndarray, optional
        bool, shape (ceil(n / 512),): frames known to hold no speech of this channel,
        such as leakage.

    Returns
    -------
    numpy.ndarray
        float32, shape (ceil(n / 512),). Ignored frames get 0, and so do stretches of
        silence, without asking the model.

    Examples
    --------
    >>> speech_probability(np.zeros(1024, np.float32)).tolist()
    [0.0, 0.0]
    """
    from faster_whisper.vad import get_vad_model  # noqa: PLC0415 - loads onnxruntime

    power = frame_power(samples)
    count = len(power)
    probability = np.zeros(count, np.float32)
    sounding = power > _floor(power)
    if ignored is not None:
        sounding &= ~ignored
    model: Any = get_vad_model()
    for begun, last in _stretches(sounding):
        # the model takes a gigabyte for an hour at once
        for first in range(begun, last, _AT_ONCE):
            end = min(first + _AT_ONCE, last)
            warm = max(begun, first - _WARM)
            heard = samples[warm * FRAME : end * FRAME]
            padded = np.zeros((end - warm) * FRAME, np.float32)
            padded[: len(heard)] = heard
            likely = np.asarray(model(padded), np.float32).reshape(-1)
            probability[first:end] = likely[first - warm :]
    if ignored is not None:
        probability[ignored] = 0
    return probability


def frame_power(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean square of every 32 ms of one channel.

    Examples
    --------
    >>> frame_power(np.full(512, 0.5, np.float32)).tolist()
    [0.25]
    """
    whole = len(samples) // FRAME
    rest = np.zeros((-(-len(samples) // FRAME) - whole, FRAME), np.float32)
    rest.reshape(-1)[: len(samples) - whole * FRAME] = samples[whole * FRAME :]
    parts = [samples[: whole * FRAME].reshape(whole, FRAME), rest]
    power = [np.einsum("ij,ij->i", frames, frames) / FRAME for frames in parts]
    return np.asarray(np.concatenate(power), np.float32)


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


def _floor(power: NDArray[np.float32]) -> float:
    """Return the power up to which a frame is silence or the line's own noise."""
    least, most = (10 ** (level / 10) for level in (_FLOOR_DB, _FLOOR_MOST_DB))
    if len(power) == 0:
        return least
    noise = float(np.quantile(power, _NOISE_QUANTILE)) * 10 ** (_NOISE_MARGIN_DB / 10)
    return min(max(noise, least), most)


def _stretches(sounding: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return [first, last) frames around sound, half a second left on each side."""
    loud = np.flatnonzero(sounding)
    if len(loud) == 0:
        return []
    reach = int(_FLOOR_REACH_S / FRAME_S)
    breaks = np.flatnonzero(np.diff(loud) > 2 * reach)
    firsts = loud[np.r_[0, breaks + 1]]
    lasts = loud[np.r_[breaks, len(loud) - 1]]
    return [
        (max(0, int(first) - reach), min(len(sounding), int(last) + 1 + reach))
        for first, last in zip(firsts, lasts, strict=True)
    ]
