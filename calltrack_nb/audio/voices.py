"""Two voices on one channel, told apart where two independent signs agree.

Each stretch of speech gets the timbre of its voice (mean mel cepstrum) and its pitch
(median fundamental frequency). Stretches are divided in two by each sign alone. Two
people of unlike voices are divided alike by both; where the divisions disagree, or the
pitches lie close, nothing is claimed: voices that only one sign tells apart were told
apart wrongly too often on calls whose parties are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio.decode import SAMPLE_RATE
from calltrack_nb.audio.speech import Span

CONFIDENT: Final = 0.9

_LEAST_S: Final = 0.5
_LEAST_SPANS: Final = 6
_LEAST_SHARE: Final = 0.15
_OCTAVES_APART: Final = 0.35
_HOP: Final = 160
_FRAME: Final = 400
_CEPSTRUM: Final = 12
_PITCH_FRAME: Final = 1024
_PITCH_HOP: Final = 320
_PITCH_HZ: Final = (70, 350)
_VOICED: Final = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voices:
    """Which of two voices speaks in each span.

    Parameters
    ----------
    labels : tuple of (int or None)
        0 or 1 per span; None where it is not known.
    confidence : float
        Share of speech, by length, that both signs divide alike; 0 where the voices are
        too much alike, or too little was said.
    """

    labels: tuple[int | None, ...]
    confidence: float


def diarize(samples: NDArray[np.float32], spans: Sequence[Span]) -> Voices:
    """Tell two voices on one channel apart, or say that they cannot be.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel, float32 at 16 kHz, shape (n,).
    spans : sequence of Span
        Its speech.

    Returns
    -------
    Voices
        Without labels where the confidence is under :data:`CONFIDENT`.
    """
    nobody = Voices((None,) * len(spans), 0.0)
    timbres, pitches, used = [], [], []
    bank = _mel_bank()
    for at, span in enumerate(spans):
        cut = samples[round(span.start_s * SAMPLE_RATE) : round(span.end_s * SAMPLE_RATE)]
        pitch = _pitch(cut) if span.length_s >= _LEAST_S else None
        if pitch is not None:
            timbres.append(_timbre(cut, bank))
            pitches.append(pitch)
            used.append(at)
    if len(used) < _LEAST_SPANS:
        return nobody
    weight = np.array([spans[at].length_s for at in used])
    heights = np.array(pitches)
    by_pitch = _divided(heights[:, np.newaxis])
    by_timbre = _divided(np.stack(timbres))
    alike = by_pitch == by_timbre
    if weight[alike].sum() < weight[~alike].sum():
        by_timbre, alike = 1 - by_timbre, ~alike
    shares = [float(weight[by_pitch == side].sum() / weight.sum()) for side in (0, 1)]
    apart = abs(float(np.median(heights[by_pitch == 0]) - np.median(heights[by_pitch == 1])))
    if min(shares) < _LEAST_SHARE or apart < _OCTAVES_APART:
        return nobody
    confidence = round(float(weight[alike].sum() / weight.sum()), 3)
    if confidence < CONFIDENT:
        return Voices(nobody.labels, confidence)
    labels: list[int | None] = [None] * len(spans)
    for at, side, sure in zip(used, by_pitch.tolist(), alike.tolist(), strict=True):
        labels[at] = int(side) if sure else None
    return Voices(tuple(labels), confidence)


def _divided(features: Floats) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - heavy, and for one channel only

    made = KMeans(2, n_init=10, random_state=0).fit_predict(features)
    sides: NDArray[np.int64] = made.astype(np.int64)
    return sides


def _mel_bank() -> Floats:
    from faster_whisper.feature_extractor import FeatureExtractor  # noqa: PLC0415 - heavy

    bank: Any = FeatureExtractor.get_mel_filters(SAMPLE_RATE, _FRAME, n_mels=80)
    return np.asarray(bank, np.float64)


def _timbre(samples: NDArray[np.float32], bank: Floats) -> Floats:
    """Return the mean mel cepstrum of the louder frames, without its level."""
    from scipy.fft import dct  # noqa: PLC0415 - heavy, and for one channel only

    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP] * np.hanning(_FRAME)
    bands = np.log((np.abs(np.fft.rfft(frames, axis=1)) ** 2) @ bank.T + 1e-8)
    loud = bands.mean(axis=1)
    kept = bands[loud > np.quantile(loud, 0.4)]
    cepstrum: Floats = dct(kept, axis=1, norm="ortho")[:, 1 : _CEPSTRUM + 1].mean(axis=0)
    return cepstrum


def _pitch(samples: NDArray[np.float32]) -> float | None:
    """Return the median pitch of voiced frames in octaves, by autocorrelation."""
    if len(samples) < _PITCH_FRAME:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(samples, _PITCH_FRAME)[::_PITCH_HOP]
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, 2 * _PITCH_FRAME, axis=1)) ** 2
    shortest, longest = (SAMPLE_RATE // hertz for hertz in reversed(_PITCH_HZ))
    likeness = np.fft.irfft(spectrum, axis=1)[:, :longest]
    likeness = likeness / (likeness[:, :1] + 1e-9)
    periods = likeness[:, shortest:]
    voiced = periods.max(axis=1) > _VOICED
    if voiced.sum() <= 5:
        return None
    return float(np.median(np.log2(SAMPLE_RATE / (periods.argmax(axis=1)[voiced] + shortest))))
