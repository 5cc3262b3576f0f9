"""What the headers of a WAV file say of its length, and what is there.

Recorders that are stopped leave a length of nothing, of all ones or of the first second;
some write the next recording behind the first. FFmpeg believes the first header and reads
no further.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calltrack_nb import phrasing

# what programs that write to a pipe put for "not known yet" lies above
_UNKNOWN_FROM: Final = 0x7FFF_0000
_CHUNK: Final = 8
_BY_RATE: Final = frozenset({1, 3, 6, 7})
"""Codecs of so many bytes a sample: PCM, float, A-law, µ-law."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file that is decoded by itself.

    Parameters
    ----------
    start, end : int
        Where it lies, in bytes.
    announced_s : float or None
        The length its header promises; None where it does not say.
    to_the_end : bool
        Whether to read on behind the length that the header states.
    remarks : tuple of str
        What a reader should know, a sentence each.
    """

    start: int
    end: int
    announced_s: float | None = None
    to_the_end: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    data_at: int
    stated: int
    bytes_per_s: int


def wav_parts(path: Path) -> tuple[Part, ...]:
    """Find the recordings that a WAV file holds, mostly one.

    Parameters
    ----------
    path : pathlib.Path
        A file that is not empty.

    Returns
    -------
    tuple of Part
        Empty where the file is no WAV.

    Examples
    --------
    >>> wav_parts(Path(__file__))
    ()
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw,
    ):
        if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
            return ()
        starts = _starts(raw)
        ends = [*starts[1:], len(raw)]
        parts = [_part(raw, start, end) for start, end in zip(starts, ends, strict=True)]
        # where an earlier one was cut, nobody knows: the next one begins at its end
        return (
            *(Part(one.start, one.end, None, one.to_the_end, one.remarks) for one in parts[:-1]),
            parts[-1],
        )


def _starts(raw: mmap.mmap) -> list[int]:
    starts = [0]
    at = 12
    while (at := raw.find(b"WAVEfmt ", at + 1)) >= 0:
        if raw[at - 8 : at - 4] == b"RIFF":
            starts.append(at - 8)
    return starts


def _part(raw: mmap.mmap, start: int, end: int) -> Part:
    header = _read_header(raw, start, end)
    if header is None or not header.stated or header.stated >= _UNKNOWN_FROM:
        return Part(start, end)
    per_s = header.bytes_per_s
    stated_s = header.stated / per_s if per_s else None
    behind = header.data_at + header.stated
    if end - behind <= _CHUNK or _are_chunks(raw, behind, end) or not any(raw[behind:end]):
        # what follows is no sound, and a tag that is broken would lose all of it
        return Part(start, min(behind, end), stated_s)
    held_s = (end - header.data_at) / per_s if per_s else None
    return Part(start, end, held_s, to_the_end=True, remarks=(_too_little(stated_s, held_s),))


def _too_little(stated_s: float | None, held_s: float | None) -> str:
    if stated_s is None or held_s is None:
        return "The header states less than the file holds; the file was read to its end."
    return (
        f"The header states {phrasing.number(stated_s, 1)} s; the file holds "
        f"{phrasing.number(held_s, 1)} s and was read to its end."
    )


def _read_header(raw: mmap.mmap, start: int, end: int) -> _Header | None:
    at, bytes_per_s = start + 12, 0
    while at + _CHUNK <= end:
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        if raw[at : at + 4] == b"data":
            return _Header(at + _CHUNK, size, bytes_per_s)
        if raw[at : at + 4] == b"fmt ":
            codec, channels, rate, per_s, block = (
                int.from_bytes(raw[at + first : at + last], "little")
                for first, last in ((8, 10), (10, 12), (12, 16), (16, 20), (20, 22))
            )
            bytes_per_s = rate * block if codec in _BY_RATE and channels else per_s
        at += _CHUNK + size + size % 2
    return None


def _are_chunks(raw: mmap.mmap, at: int, end: int) -> bool:
    """Tell whether what follows the sound is a row of RIFF chunks: titles, notes, cues."""
    if not _is_name(raw[at : at + 4]):
        at += 1  # an odd length is filled up, by most
    while at + _CHUNK <= end:
        if not _is_name(raw[at : at + 4]):
            return False
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        at += _CHUNK + size + size % 2
    return at <= end + 1


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and name.isascii() and name.decode().isprintable()
