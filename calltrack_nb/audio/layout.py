"""What the channels of a recording hold: two parties, one copied twice, or nothing.

A stereo file proves nothing by itself: providers also deliver one mixed channel copied
into both, or a live channel beside a dead one. Correlation and energy tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio.decode import SAMPLE_RATE, Audio

Kind = Literal["two_party", "crosstalk", "copied_mono", "mono", "one_sided", "silent"]

SPLIT_BELOW: Final = 0.5
COPIED_FROM: Final = 0.95
DEAD_DB: Final = -65.0

_LAG_S: Final = 0.02
_BLOCK: Final = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """How a recording's channels are to be read.

    Parameters
    ----------
    kind : str
        ``two_party`` (independent channels), ``crosstalk`` (two parties that leak into
        each other), ``copied_mono`` (one mix in both channels), ``mono``, ``one_sided``
        (the other channel is dead), ``silent``.
    channels : tuple of int
        The channels worth listening to.
    correlation : float or None
        Largest absolute correlation of the two channels over lags up to 20 ms.
    level_db : tuple of float
        Level per channel in dB of full scale, over its loudest tenth.
    text : str
        The same in words.
    """

    kind: Kind
    channels: tuple[int, ...]
    correlation: float | None
    level_db: tuple[float, ...]
    text: str

    @property
    def split(self) -> bool:
        """Whether each channel is one party."""
        return self.kind in ("two_party", "crosstalk")


def probe(audio: Audio) -> Layout:
    """Tell what the channels of a recording hold.

    Parameters
    ----------
    audio : Audio
        The recording.

    Returns
    -------
    Layout
        Independent channels correlate near 0, a mix copied into both at 1; leakage of
        -20 dB gives about 0.2. Channels are split below 0.5, taken as one from 0.95
        and, between the two, split with a remark.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(0, 0.1, (1, 16_000)).astype(np.float32)
    >>> probe(Audio(np.vstack([noise, noise]), 8000)).kind
    'copied_mono'
    """
    levels = tuple(_level_db(channel) for channel in audio.samples)
    alive = tuple(index for index, level in enumerate(levels) if level > DEAD_DB)
    if not alive:
        return Layout("silent", (), None, levels, "No channel holds any sound.")
    if len(levels) == 1:
        return Layout("mono", (0,), None, levels, "One channel holds both parties.")
    if len(alive) == 1:
        side = ("left", "right")[alive[0]]
        text = f"Only the {side} channel holds sound."
        return Layout("one_sided", alive, None, levels, text)
    correlation = _correlation(audio.samples[0], audio.samples[1])
    if correlation >= COPIED_FROM:
        text = "Both channels hold the same mix."
        return Layout("copied_mono", (0,), correlation, levels, text)
    if correlation < SPLIT_BELOW:
        text = "Each channel holds one party."
        return Layout("two_party", alive, correlation, levels, text)
    text = f"Each channel holds one party, with the other heard through it ({correlation:.2f})."
    return Layout("crosstalk", alive, correlation, levels, text)


def _level_db(channel: NDArray[np.float32]) -> float:
    frame = SAMPLE_RATE // 50
    count = len(channel) // frame
    if count == 0:
        power = np.array([np.mean(np.square(channel), dtype=np.float64)])
    else:
        frames = channel[: count * frame].reshape(count, frame)
        power = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / frame
    loudest = np.sort(power)[-max(1, len(power) // 10) :]
    return round(float(10 * np.log10(loudest.mean() + 1e-12)), 1)


def _correlation(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    # speech lies below 2 kHz; a fourth of the samples tells as much in a tenth of the time
    usable = len(left) - len(left) % _BLOCK
    one, other = (
        channel[:usable].reshape(-1, _BLOCK).mean(axis=1, dtype=np.float64)
        for channel in (left, right)
    )
    one -= one.mean()
    other -= other.mean()
    scale = float(np.sqrt(np.square(one).sum() * np.square(other).sum()))
    if scale == 0:
        return 0.0
    reach = min(int(_LAG_S * SAMPLE_RATE / _BLOCK), len(one) - 1)
    return round(strongest_product(one, other, reach) / scale, 4)


def strongest_product(one: NDArray[np.float64], other: NDArray[np.float64], reach: int) -> float:
    """Return the largest absolute inner product of two signals shifted against each other.

    Parameters
    ----------
    one, other : numpy.ndarray
        float64, of one length.
    reach : int
        Shifts tried, in samples, either way.

    Examples
    --------
    >>> strongest_product(np.array([0.0, 1, 0]), np.array([0.0, 0, 2]), reach=1)
    2.0
    """
    # einsum, as BLAS would wake all its threads for each of these short products
    return max(
        abs(
            float(
                np.einsum(
                    "i,i->",
                    one[max(0, lag) : len(one) + min(0, lag)],
                    other[max(0, -lag) : len(other) - max(0, lag)],
                )
            )
        )
        for lag in range(-reach, reach + 1)
    )
