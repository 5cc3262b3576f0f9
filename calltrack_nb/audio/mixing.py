"""Channels laid over one another without losing what they hold."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# two channels this much alike, one turned over, are one sound that a sum would silence
_TURNED_OVER: Final = -0.5


def mixed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add channels up, one of them turned over where they would silence each other.

    Parameters
    ----------
    samples : numpy.ndarray
        float32, shape (channels, n); one or two channels.

    Returns
    -------
    numpy.ndarray
        float32, shape (n,); as loud as the channels together.

    Examples
    --------
    >>> mixed(np.float32([[0.25, -0.5], [-0.25, 0.5]])).tolist()
    [0.5, -1.0]
    """
    if len(samples) > 1:
        one, other = samples
        product = float(np.einsum("i,i->", one, other, dtype=np.float64))
        scale = [float(np.einsum("i,i->", each, each, dtype=np.float64)) for each in samples]
        if product < _TURNED_OVER * np.sqrt(scale[0] * scale[1]):
            return np.asarray(one - other, np.float32)
    return np.asarray(samples.sum(axis=0), np.float32)
