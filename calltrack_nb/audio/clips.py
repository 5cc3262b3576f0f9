"""Short pieces of a recording as MP3 and how loud they are, for reports that play them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from calltrack_nb.audio.decode import SAMPLE_RATE, Audio
from calltrack_nb.audio.mixing import mixed
from calltrack_nb.errors import RecordingError

_BIT_RATE: Final = 32_000


def clip(
    audio: Audio, start_s: float, end_s: float, *, mute: Iterable[tuple[float, float]] = ()
) -> bytes:
    """Cut a piece out of a recording, both parties mixed, as MP3.

    Parameters
    ----------
    audio : Audio
        The recording.
    start_s, end_s : float
        Seconds from the start of the recording; what lies outside it is left off.
    mute : iterable of tuple of float
        Spans, in the recording's seconds, that are silenced: what a caller must not
        be heard saying in a report.

    Returns
    -------
    bytes
        A mono MP3 of 32 kbit/s at 16 kHz, about 4 kB a second.

    Raises
    ------
    RecordingError
        When the piece holds no time of the recording.
    """
    import av  # noqa: PLC0415 - loads the codecs

    sound = _heard(audio, start_s, end_s, mute)
    peak = float(np.abs(sound).max())
    if peak > 1:
        sound = sound / peak
    pcm = (sound * 32_767).astype(np.int16)[np.newaxis]
    target = io.BytesIO()
    with av.open(target, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=SAMPLE_RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        frame = av.AudioFrame.from_ndarray(pcm, format="s16p", layout="mono")
        frame.rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return target.getvalue()


def peaks(
    audio: Audio,
    start_s: float,
    end_s: float,
    *,
    mute: Iterable[tuple[float, float]] = (),
    count: int = 120,
) -> npt.NDArray[np.float64]:
    """Measure how loud a piece of a recording is, from its start to its end.

    Parameters
    ----------
    audio, start_s, end_s, mute
        As for :func:`clip`: what is silenced there is silent here.
    count : int
        In how many equal parts.

    Returns
    -------
    numpy.ndarray of float
        The loudest sample of each part, as a share of the loudest of all; zeros where
        nothing is heard.

    Raises
    ------
    RecordingError
        When the piece holds no time of the recording.
    """
    sound = np.abs(_heard(audio, start_s, end_s, mute))
    starts = np.linspace(0, len(sound), count, endpoint=False).astype(int)
    loudest = np.maximum.reduceat(sound, starts).astype(np.float64)
    return loudest / (loudest.max() or 1.0)


def _heard(
    audio: Audio, start_s: float, end_s: float, mute: Iterable[tuple[float, float]]
) -> npt.NDArray[np.float32]:
    """Return a piece of both parties mixed, silent where it is muted."""
    first = max(0, round(start_s * SAMPLE_RATE))
    last = min(audio.samples.shape[1], round(end_s * SAMPLE_RATE))
    if last <= first:
        raise RecordingError(
            "The clip lies outside the recording",
            where=f"{start_s:.1f} to {end_s:.1f} s of {audio.duration_s:.1f}",
        )
    sound = mixed(audio.samples[:, first:last])
    for mute_start, mute_end in mute:
        begin = max(0, int(mute_start * SAMPLE_RATE) - first)
        end = max(0, int(np.ceil(mute_end * SAMPLE_RATE)) - first)
        sound[begin:end] = 0
    return sound
