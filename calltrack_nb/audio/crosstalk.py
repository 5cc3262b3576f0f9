"""One party heard through the other's channel: found, so that it is not transcribed twice.

Leakage is the other channel's own sound, weaker: it can be foretold from that channel
and the coupling between the two. What is no louder than foretold is leakage; a quiet
party speaking over a loud one is louder than that, and stays. An echo is leakage that
comes later, from the far end of the line: the channel is compared with what the other
one held then, and being later tells which of the two is the echo.
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
# an echo comes up to half a second later; among so many delays speech resembles other
# speech by chance, so more likeness is asked for than of a leak
_ECHO: Final = 8000
_ECHO_COHERENT: Final = 0.3
_ECHO_LEADS_DB: Final = 3.0
_BLOCK: Final = 1 << 17


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
        without a coherent leak or echo.

    Examples
    --------
    >>> party = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    >>> leaked(np.vstack([party, 0.1 * party])).mean(axis=1).tolist()
    [0.0, 1.0]
    """
    power = [_power(channel) for channel in samples]
    delays = _likeliest_delays(samples)
    found = []
    for here, there in ((0, 1), (1, 0)):
        leak = _only_leakage(
            samples[here], samples[there], power[here], power[there], _LEADS_DB, _COHERENT
        )
        delay = delays[here]
        if delay:
            sound = np.concatenate([np.zeros(delay, np.float32), samples[there][:-delay]])
            leak |= _only_leakage(
                samples[here], sound, power[here], _power(sound), _ECHO_LEADS_DB, _ECHO_COHERENT
            )
        found.append(leak)
    return np.stack(found)


def _likeliest_delays(samples: NDArray[np.float32]) -> tuple[int, int]:
    """Return by how many samples each channel would follow the other, were it its echo."""
    least, reach = _LAG // _STEP, _ECHO // _STEP
    usable = samples.shape[1] - samples.shape[1] % _STEP
    if usable <= reach * _STEP:
        return 0, 0
    slow = samples[:, :usable].reshape(2, -1, _STEP).mean(axis=2)
    product = np.zeros(_BLOCK + 1, np.complex128)
    for first in range(0, slow.shape[1], _BLOCK):
        one, other = np.fft.rfft(slow[:, first : first + _BLOCK], 2 * _BLOCK)
        product += one * np.conj(other)
    likeness = np.abs(np.fft.irfft(product))
    # the first channel follows the second at positive shifts, the second the first at negative
    later = least + int(np.argmax(likeness[least:reach]))
    earlier = least + int(np.argmax(likeness[-least:-reach:-1]))
    return later * _STEP, earlier * _STEP


def _only_leakage(
    channel: NDArray[np.float32],
    other: NDArray[np.float32],
    power: NDArray[np.float64],
    other_power: NDArray[np.float64],
    leads_db: float,
    coherent: float,
) -> NDArray[np.bool_]:
    leads = other_power > power * 10 ** (leads_db / 10)
    loud = leads & (other_power > 1e-5)
    if not loud.any():
        return np.zeros(len(power), bool)
    gain, coherence = _coupling(channel, other, loud)
    if coherence < coherent:
        return np.zeros(len(power), bool)
    foretold = gain**2 * other_power * 10 ** (_MARGIN_DB / 10)
    return leads & (power <= foretold)


def _coupling(
    channel: NDArray[np.float32], other: NDArray[np.float32], loud: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return how strongly, and how coherently, the other channel is heard in this one."""
    # every fourth sample is taken first: hours of sound are not copied for it
    count = min(len(loud) * FRAME, len(channel))
    mask = np.repeat(loud, FRAME // _STEP)[: -(-count // _STEP)]
    here = np.where(mask, channel[:count:_STEP], 0).astype(np.float64)
    there = np.where(mask, other[:count:_STEP], 0).astype(np.float64)
    strongest = strongest_product(here, there, _LAG // _STEP)
    energy, own = (float(np.einsum("i,i->", sound, sound)) for sound in (there, here))
    if energy == 0 or own == 0:
        return 0.0, 0.0
    return strongest / energy, strongest / np.sqrt(energy * own)


def _power(channel: NDArray[np.float32]) -> NDArray[np.float64]:
    power = frame_power(channel).astype(np.float64)
    return np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH), "same")[: len(power)]
