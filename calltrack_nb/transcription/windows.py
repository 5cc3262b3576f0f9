"""Speech packed into full windows, and the way back from a window to the call's clock.

Whisper looks at up to thirty seconds at once. A call is mostly pauses, and on each channel
mostly the other party's turn; so the speech of a call is cut at its own pauses, long
pauses are shortened, and the pieces are laid into as few windows as they fill. Pieces
of one channel stay together, and two channels share a window only where both have a
rest to place, so that a word can hardly land on the wrong party.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio import FRAME_S, SAMPLE_RATE, Span

WINDOW_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Packing:
    """How speech is laid into windows.

    Parameters
    ----------
    fill_s : float
        Seconds of a window that are used; the rest gives the model an end to see. Full
        windows cost least for the same speech, and lose fewest words at their edges.
    keep_gap_s : float
        Pauses up to this length stay as they were; longer ones are cut.
    pad_s : float
        Seconds of the recording kept before and after speech.
    look_back_s : float
        A full window ends at the longest pause of its last seconds.
    """

    fill_s: float = 29.0
    keep_gap_s: float = 1.0
    pad_s: float = 0.25
    look_back_s: float = 8.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one channel inside a window.

    Parameters
    ----------
    channel : int
        Where it was heard.
    start_s, end_s : float
        On the call's clock, padding included.
    offset_s : float
        Where it begins inside the window.
    spans : tuple of Span
        The speech in it, on the call's clock.
    """

    channel: int
    start_s: float
    end_s: float
    offset_s: float
    spans: tuple[Span, ...]

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Up to thirty seconds for the model to look at.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 at 16 kHz, shape (n,).
    pieces : tuple of Piece
        What it is made of, in order of their offset.
    """

    samples: NDArray[np.float32]
    pieces: tuple[Piece, ...]

    @property
    def length_s(self) -> float:
        """Seconds of sound."""
        return len(self.samples) / SAMPLE_RATE

    @property
    def speech_s(self) -> float:
        """Seconds in which voice detection heard speech."""
        return sum(span.length_s for piece in self.pieces for span in piece.spans)

    def without(self, spans: Collection[tuple[int, Span]]) -> Window:
        """Return the window as if nothing had been said in some spans of its channels."""
        pieces = (
            replace(
                piece,
                spans=tuple(span for span in piece.spans if (piece.channel, span) not in spans),
            )
            for piece in self.pieces
        )
        return replace(self, pieces=tuple(piece for piece in pieces if piece.spans))


def pack(
    samples: NDArray[np.float32],
    spans: Sequence[Sequence[Span]],
    probability: Sequence[NDArray[np.float32]],
    packing: Packing,
) -> tuple[Window, ...]:
    """Lay the speech of a call into windows.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 at 16 kHz, shape (channels, n).
    spans : sequence of sequences of Span
        Speech per channel.
    probability : sequence of numpy.ndarray
        Probability of speech per channel and 32 ms, to cut speech without pauses where
        it is weakest.
    packing : Packing
        Lengths.

    Returns
    -------
    tuple of Window
        Every span is in one window, save those longer than a window, which are cut.
    """
    full: list[list[Piece]] = []
    rests: list[list[Piece]] = []
    duration_s = samples.shape[1] / SAMPLE_RATE
    for channel, heard in enumerate(spans):
        short = [
            part for span in heard for part in _cut(span, probability[channel], packing.fill_s)
        ]
        groups = _groups(short, packing)
        laid = [_pieces(channel, group, duration_s, packing) for group in groups]
        full.extend(laid[:-1])
        rests.extend(laid[-1:])
    for rest in rests:
        room = next(
            (window for window in full if _length(window) + _length(rest) <= packing.fill_s), None
        )
        if room is None:
            full.append(rest)
        else:
            room.extend(rest)
    return tuple(window_of(samples, pieces) for pieces in full)


def window_of(samples: NDArray[np.float32], pieces: Sequence[Piece]) -> Window:
    """Cut pieces out of a call and lay them one behind the other."""
    laid: list[Piece] = []
    sound: list[NDArray[np.float32]] = []
    count = 0
    for piece in pieces:
        first, last = round(piece.start_s * SAMPLE_RATE), round(piece.end_s * SAMPLE_RATE)
        cut = samples[piece.channel, first:last]
        offset_s = count / SAMPLE_RATE
        laid.append(Piece(piece.channel, piece.start_s, piece.end_s, offset_s, piece.spans))
        sound.append(cut)
        count += len(cut)
    return Window(np.concatenate(sound)[: int(WINDOW_S * SAMPLE_RATE)], tuple(laid))


def halves(samples: NDArray[np.float32], window: Window, packing: Packing) -> tuple[Window, ...]:
    """Cut a window in two at the pause nearest to its middle.

    Returns
    -------
    tuple of Window
        Two windows, or the same one where it has no pause.
    """
    flat = [(piece.channel, span) for piece in window.pieces for span in piece.spans]
    if len(flat) < 2:
        return (window,)
    lengths = np.cumsum([span.length_s for _, span in flat])
    middle = int(np.argmin(np.abs(lengths[:-1] - lengths[-1] / 2))) + 1
    return tuple(part_of(samples, part, packing) for part in (flat[:middle], flat[middle:]))


def part_of(
    samples: NDArray[np.float32], spans: Sequence[tuple[int, Span]], packing: Packing
) -> Window:
    """Make a window of some spans of speech, each with its channel."""
    duration_s = samples.shape[1] / SAMPLE_RATE
    pieces: list[Piece] = []
    for channel in dict.fromkeys(channel for channel, _ in spans):
        own = [span for owner, span in spans if owner == channel]
        pieces.extend(_pieces(channel, own, duration_s, packing))
    return window_of(samples, pieces)


def _cut(span: Span, probability: NDArray[np.float32], limit_s: float) -> list[Span]:
    """Cut a span that no window can hold where speech is weakest."""
    parts = []
    limit_s -= 1.0  # room for padding
    start, end = span
    while end - start > limit_s:
        low = int((start + 0.6 * limit_s) / FRAME_S)
        high = max(low + 1, int((start + limit_s) / FRAME_S))
        stretch = probability[low:high]
        at = (
            round((low + int(np.argmin(stretch))) * FRAME_S, 3) if len(stretch) else start + limit_s
        )
        parts.append(Span(start, at))
        start = at
    return [*parts, Span(start, end)]


def _groups(spans: Sequence[Span], packing: Packing) -> list[list[Span]]:
    """Divide one channel's speech into as many runs as windows are needed."""
    groups: list[list[Span]] = []
    current: list[Span] = []
    for span in spans:
        if current and _run_s([*current, span], packing) > packing.fill_s:
            at = _longest_pause(current, span, packing)
            groups.append(current[:at])
            current = current[at:]
            while current and _run_s([*current, span], packing) > packing.fill_s:
                groups.append(current[:1])
                current = current[1:]
        current.append(span)
    return [*groups, current] if current else groups


def _longest_pause(current: Sequence[Span], following: Span, packing: Packing) -> int:
    """Return the place after which a window ends: its longest pause near the end."""
    best, at = following.start_s - current[-1].end_s, len(current)
    behind = 0.0
    for index in range(len(current) - 1, 0, -1):
        behind += current[index].length_s
        if behind > packing.look_back_s:
            break
        gap = current[index].start_s - current[index - 1].end_s
        if gap > best:
            best, at = gap, index
    return at


def _run_s(spans: Sequence[Span], packing: Packing) -> float:
    gaps = (after.start_s - before.end_s for before, after in itertools.pairwise(spans))
    kept = sum(gap if gap <= packing.keep_gap_s else 2 * packing.pad_s for gap in gaps)
    return sum(span.length_s for span in spans) + kept + 2 * packing.pad_s


def _pieces(
    channel: int, spans: Sequence[Span], duration_s: float, packing: Packing
) -> list[Piece]:
    runs: list[list[Span]] = []
    for span in spans:
        if runs and span.start_s - runs[-1][-1].end_s <= packing.keep_gap_s:
            runs[-1].append(span)
        else:
            runs.append([span])
    return [
        Piece(
            channel,
            max(0.0, run[0].start_s - packing.pad_s),
            min(duration_s, run[-1].end_s + packing.pad_s),
            0.0,
            tuple(run),
        )
        for run in runs
    ]


def _length(pieces: Sequence[Piece]) -> float:
    return sum(piece.length_s for piece in pieces)
