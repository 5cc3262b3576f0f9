"""One party heard through the other's channel: found, so that it is not transcribed twice.

Leakage is the other channel's own sound, weaker: it can be foretold from that channel
and the coupling between the two. What is no louder than foretold is leakage; a quiet
party speaking over a loud one is louder than that, and stays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.recordings.speech import FRAME

_LAG: Final = 160
_STEP: Final = 4
_LEADS_DB: Final = 6.0
_COHERENT: Final = 0.1
_MARGIN_DB: Final = 6.0
_SMOOTH: Final = 5


def without_crosstalk(
    samples: NDArray[np.float32], probability: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Take leakage out of the probabilities of speech of a two-party recording.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 at 16 kHz, shape (2, n).
    probability : tuple of numpy.ndarray
        Of speech, per channel and 32 ms.

    Returns
    -------
    tuple of numpy.ndarray
        The same, 0 where a channel holds only the other's leakage. Channels without a
        coherent leak come back unchanged.
    """
    power = [_power(channel, len(probability[0])) for channel in samples]
    return (
        _own(samples[0], samples[1], power[0], power[1], probability[0]),
        _own(samples[1], samples[0], power[1], power[0], probability[1]),
    )


def _own(
    channel: NDArray[np.float32],
    other: NDArray[np.float32],
    power: NDArray[np.float64],
    other_power: NDArray[np.float64],
    probability: NDArray[np.float32],
) -> NDArray[np.float32]:
    leads = other_power > power * 10 ** (_LEADS_DB / 10)
    loud = leads & (other_power > 1e-5)
    if not loud.any():
        return probability
    gain, coherence = _coupling(channel, other, loud)
    if coherence < _COHERENT:
        return probability
    foretold = gain**2 * other_power * 10 ** (_MARGIN_DB / 10)
    return np.where(leads & (power <= foretold), np.float32(0), probability)


def _coupling(
    channel: NDArray[np.float32], other: NDArray[np.float32], loud: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return how strongly, and how coherently, the other channel is heard in this one."""
    mask = np.repeat(loud, FRAME)[: len(channel)]
    count = len(mask)
    here = np.where(mask, channel[:count], 0)[::_STEP].astype(np.float64)
    there = np.where(mask, other[:count], 0)[::_STEP].astype(np.float64)
    reach = _LAG // _STEP
    energy = float(there @ there)
    products = (
        float(
            here[max(0, lag) : len(here) + min(0, lag)]
            @ there[max(0, -lag) : len(there) - max(0, lag)]
        )
        for lag in range(-reach, reach + 1)
    )
    strongest = max(abs(product) for product in products)
    own = float(here @ here)
    if energy == 0 or own == 0:
        return 0.0, 0.0
    return strongest / energy, strongest / np.sqrt(energy * own)


def _power(channel: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    padded = np.zeros(count * FRAME, np.float64)
    padded[: len(channel)] = channel[: count * FRAME]
    frames = padded.reshape(count, FRAME)
    power = np.einsum("ij,ij->i", frames, frames) / FRAME
    return np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH), "same")
