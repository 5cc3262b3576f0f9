"""One party heard through the other's channel: found, so that it is not transcribed twice.

Leakage is the other channel's own sound, weaker: it can be foretold from that channel
and the coupling between the two. What is no louder than foretold is leakage; a quiet
party speaking over a loud one is louder than that, and stays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio.layout import strongest_product
from calltrack_nb.audio.speech import FRAME, frame_power

_LAG: Final = 160
_STEP: Final = 4
_LEADS_DB: Final = 6.0
_COHERENT: Final = 0.1
_MARGIN_DB: Final = 6.0
_SMOOTH: Final = 5


def leaked(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell where a channel of a two-party recording holds only the other one's leakage.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 at 16 kHz, shape (2, n).

    Returns
    -------
    numpy.ndarray
        bool, shape (2, ceil(n / 512)): per channel and 32 ms. Nowhere true for a channel
        without a coherent leak.

    Examples
    --------
    >>> party = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    >>> leaked(np.vstack([party, 0.1 * party])).mean(axis=1).tolist()
    [0.0, 1.0]
    """
    power = [_power(channel) for channel in samples]
    return np.stack(
        [
            _only_leakage(samples[0], samples[1], power[0], power[1]),
            _only_leakage(samples[1], samples[0], power[1], power[0]),
        ]
    )


def _only_leakage(
    channel: NDArray[np.float32],
    other: NDArray[np.float32],
    power: NDArray[np.float64],
    other_power: NDArray[np.float64],
) -> NDArray[np.bool_]:
    leads = other_power > power * 10 ** (_LEADS_DB / 10)
    loud = leads & (other_power > 1e-5)
    if not loud.any():
        return np.zeros(len(power), bool)
    gain, coherence = _coupling(channel, other, loud)
    if coherence < _COHERENT:
        return np.zeros(len(power), bool)
    foretold = gain**2 * other_power * 10 ** (_MARGIN_DB / 10)
    return leads & (power <= foretold)


def _coupling(
    channel: NDArray[np.float32], other: NDArray[np.float32], loud: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return how strongly, and how coherently, the other channel is heard in this one."""
    mask = np.repeat(loud, FRAME)[: len(channel)]
    count = len(mask)
    here = np.where(mask, channel[:count], 0)[::_STEP].astype(np.float64)
    there = np.where(mask, other[:count], 0)[::_STEP].astype(np.float64)
    strongest = strongest_product(here, there, _LAG // _STEP)
    energy = float(np.square(there).sum())
    own = float(np.square(here).sum())
    if energy == 0 or own == 0:
        return 0.0, 0.0
    return strongest / energy, strongest / np.sqrt(energy * own)


def _power(channel: NDArray[np.float32]) -> NDArray[np.float64]:
    power = frame_power(channel).astype(np.float64)
    return np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH), "same")[: len(power)]
