"""Where the frames of an MP3 begin, and how long its header says it is.

An MP3 has no beginning of its own: a decoder looks for something like a frame, also in
bytes that are none. Frames that follow one another at the distance each of them states are
no chance.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_HEADER: Final = re.compile(rb"\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][\x10-\xef]", re.DOTALL)
_RATES: Final = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8000),
}
_KBITS: Final = {
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    # MPEG 2 and 2.5, of either layer
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_CHAIN: Final = 4
# junk before the first frame is a tag that was cut or a picture of some megabytes
_SEARCHED: Final = 16 * 1024 * 1024
_TAG: Final = 10
_TAIL: Final = 128
_BYTES_PER_S: Final = (500.0, 48_000.0)
"""The least and the most that a second of MP3 takes."""


@dataclass(frozen=True, slots=True)
class Mp3:
    """What the frames of a file say.

    Parameters
    ----------
    start : int
        Where the first frame begins, in bytes.
    skipped : int
        Bytes before it that are neither a tag nor zeros.
    announced_s : float or None
        Seconds that the header of a whole MP3 (Xing, Info) counts; None where there is
        none, or its figures cannot be those of one file.
    """

    start: int
    skipped: int
    announced_s: float | None


class _Frame(NamedTuple):
    length: int
    samples: int
    rate: int
    version: int
    layer: int


def find_mp3(path: Path) -> Mp3 | None:
    """Find where an MP3's frames begin, behind whatever stands before them.

    Parameters
    ----------
    path : pathlib.Path
        A file that is not empty.

    Returns
    -------
    Mp3 or None
        None where no frames follow one another.

    Examples
    --------
    >>> find_mp3(Path(__file__)) is None
    True
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw,
    ):
        tagged = _behind_tags(raw)
        start = _first_of_a_chain(raw, tagged)
        if start is None and tagged:
            start = _first_of_a_chain(raw, 0)
            tagged = 0
        frame = None if start is None else _frame(raw, start)
        if start is None or frame is None:
            return None
        skipped = start - tagged if any(raw[tagged:start]) else 0
        return Mp3(start, skipped, _counted_s(raw, start, frame))


def _behind_tags(raw: mmap.mmap) -> int:
    """Return where the ID3v2 tags say that they end; 0 where there are none, or they cannot."""
    end = 0
    while raw[end : end + 3] == b"ID3" and end + _TAG < len(raw):
        size = 0
        for byte in raw[end + 6 : end + _TAG]:
            size = size << 7 | byte & 0x7F
        end += size + _TAG
    return end if end < len(raw) else 0


def _first_of_a_chain(raw: mmap.mmap, first: int) -> int | None:
    for found in _HEADER.finditer(raw, first, min(len(raw), first + _SEARCHED)):
        count, end = _followed(raw, found.start())
        whole = found.start() == first and count and end >= len(raw) - _TAIL
        if count >= _CHAIN or whole:
            return found.start()
    return None


def _followed(raw: mmap.mmap, start: int) -> tuple[int, int]:
    """Return how many frames of one kind follow one another, up to enough, and their end."""
    at, count = start, 0
    kind = None
    while count < _CHAIN and (frame := _frame(raw, at)) is not None:
        if kind not in (None, frame[2:]) or at + frame.length > len(raw):
            break
        kind = frame[2:]
        at += frame.length
        count += 1
    return count, at


def _frame(raw: mmap.mmap, at: int) -> _Frame | None:
    head = raw[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    step, rate_index = head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or layer not in (2, 3) or step in (0, 15) or rate_index == 3:
        return None
    rate = _RATES[version][rate_index]
    table = (3, 1 if layer == 3 else 2) if version == 3 else (2, 1)
    samples = 576 if layer == 3 and version != 3 else 1152
    length = samples // 8 * _KBITS[table][step - 1] * 1000 // rate + (head[2] >> 1 & 1)
    return _Frame(length, samples, rate, version, layer)


def _counted_s(raw: mmap.mmap, start: int, frame: _Frame) -> float | None:
    """Read how long the Xing or Info header says the whole file is."""
    body = raw[start : start + min(frame.length, 200)]
    at = max(body.find(b"Xing"), body.find(b"Info"))
    if at < 0:
        return None
    flags, frames, size = (int.from_bytes(body[at + n : at + n + 4], "big") for n in (4, 8, 12))
    seconds = frames * frame.samples / frame.rate
    if not flags & 1 or not frames:
        return None
    least, most = _BYTES_PER_S
    if flags & 2 and not least * seconds <= size <= most * seconds + 10_000:
        return None
    return seconds
