"""Recordings as providers deliver them, decoded to float channels at 16 kHz.

PyAV carries its own FFmpeg libraries, so MP3, AAC, Opus, G.711 and AMR are read alike
on every machine with nothing installed beside Python packages.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.errors import RecordingError, RecordingNotFound

SAMPLE_RATE: Final = 16_000

_LOGGER = logging.getLogger(__name__)

# Only containers that carry a single recording: a playlist format would let a file make
# the decoder open other files.
_CONTAINERS: Final = (
    "wav,w64,rf64,aiff,au,mp3,mov,mp4,m4a,3gp,aac,ogg,flac,amr,amrnb,amrwb,matroska,webm,caf,gsm"
)
_FIX: Final = (
    "Fetch the recording again, decrypted where it is encrypted, or save it as WAV, MP3, "
    "M4A, OGG or FLAC"
)
# how files begin that OpenSSL, PGP and age have encrypted
_SEALED: Final = (b"Salted__", b"-----BEGIN PGP", b"age-encryption.org")
_MAX_RATE: Final = 192_000
# of two channels of floats; a file that holds more bytes than that for a second of sound
# was only taken for a recording
_BYTES_PER_S: Final = 2 * 4 * _MAX_RATE


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A decoded recording.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 in [-1, 1], shape (channels, n), at 16 kHz; one or two channels.
    source_rate : int
        Samples per second in the file.
    truncated : bool
        Whether the file broke off before the end it announces.
    """

    samples: NDArray[np.float32]
    source_rate: int
    truncated: bool = False

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / SAMPLE_RATE)


def decode(path: Path, *, max_hours: float = 4.0) -> Audio:
    """Decode a recording up to its end, or up to where it breaks.

    Parameters
    ----------
    path : pathlib.Path
        WAV (PCM, float, A-law, µ-law), MP3, M4A/AAC, OGG/Opus/Vorbis, FLAC, AMR; told by
        its content, not by its extension.
    max_hours : float
        A longer recording is refused: no call lasts that long, and it would fill the
        memory.

    Returns
    -------
    Audio

    Raises
    ------
    RecordingNotFound
        When there is no such file.
    RecordingError
        When the file is empty, encrypted, not audio, a video, has more than two channels,
        or is longer than `max_hours`.
    """
    import av  # noqa: PLC0415 - loads the codecs

    if not path.is_file():
        raise RecordingNotFound("There is no such recording", where=path, fix="Check the path")
    try:
        size = path.stat().st_size
        if size == 0:
            raise RecordingError("The recording is empty", where=path, fix="Fetch it again")
        if _is_sealed(path):
            raise _encrypted(path)
        with av.open(
            str(path), options={"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
        ) as container:
            stream = _audio_stream(container, path)
            announced = _announced_s(container, stream, path)
            if announced > max_hours * 3600:
                raise _too_long(announced, max_hours, path)
            samples, broken = _samples(av, container, stream, max_hours, path)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise RecordingError(
            "The recording cannot be decoded", where=f"{path} ({error})", fix=_FIX
        ) from error
    if samples.shape[1] * _BYTES_PER_S <= size * SAMPLE_RATE:
        raise RecordingError("The recording holds no sound that can be read", where=path, fix=_FIX)
    missing_s = announced - samples.shape[1] / SAMPLE_RATE
    truncated = broken or missing_s > max(0.5, 0.02 * announced)
    if truncated:
        _LOGGER.warning("%s breaks off after %.1f s", path.name, samples.shape[1] / SAMPLE_RATE)
    return Audio(samples, int(stream.rate), truncated)


def _audio_stream(container: Any, path: Path) -> Any:
    pictures = (stream for stream in container.streams.video)
    if any(not _is_cover(stream) for stream in pictures):
        raise RecordingError(
            "The file is a video, not a recording", where=path, fix="Save its sound as MP3"
        )
    if not container.streams.audio:
        raise RecordingError("The file holds no sound", where=path, fix=_FIX)
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise RecordingError("The file's codec is not known", where=path, fix=_FIX)
    if stream.rate > _MAX_RATE:
        raise RecordingError(
            f"The recording claims {stream.rate} samples a second", where=path, fix=_FIX
        )
    if stream.channels > 2:
        raise RecordingError(
            f"The recording has {stream.channels} channels",
            where=path,
            fix="Save it with one channel, or one for each party",
        )
    return stream


def _is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(32)
    # the first bit of a ZIP archive's flags
    return head.startswith(_SEALED) or (
        head.startswith(b"PK\x03\x04") and len(head) > 6 and bool(head[6] & 1)
    )


def _encrypted(path: Path) -> RecordingError:
    return RecordingError("The recording is encrypted", where=path, fix="Decrypt it")


def _is_cover(stream: Any) -> bool:
    import av  # noqa: PLC0415 - loads the codecs

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _announced_s(container: Any, stream: Any, path: Path) -> float:
    if container.format.name == "wav":
        header = _wav_seconds(path)
        if header is not None:
            return header
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration or 0) / 1_000_000


def _wav_seconds(path: Path) -> float | None:
    """Read the length a RIFF header promises, which FFmpeg cuts to what is there."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF":
            return None
        file.seek(12)
        bytes_per_s = 0
        while len(head := file.read(8)) == 8:
            size = int.from_bytes(head[4:], "little")
            if head[:4] == b"fmt ":
                bytes_per_s = int.from_bytes(file.read(size)[8:12], "little")
            elif head[:4] == b"data":
                # streamed files are written with a size of all ones, or none at all
                known = 0 < size < 0x7FFF_FFFF and bytes_per_s
                return size / bytes_per_s if known else None
            else:
                file.seek(size + size % 2, 1)
    return None


def _samples(
    av: Any, container: Any, stream: Any, max_hours: float, path: Path
) -> tuple[NDArray[np.float32], bool]:
    resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE)
    pieces: list[NDArray[np.float32]] = []
    length, broken = 0, False
    for frame in _frames(av, container, stream, path):
        if frame is None:
            broken = True
            continue
        for piece in resampler.resample(frame):
            pieces.append(piece.to_ndarray())
            length += piece.samples
        if length > max_hours * 3600 * SAMPLE_RATE:
            raise _too_long(length / SAMPLE_RATE, max_hours, path)
    if pieces:
        pieces.extend(piece.to_ndarray() for piece in resampler.resample(None))
    if not pieces:
        return np.zeros((1, 0), np.float32), broken
    return np.ascontiguousarray(np.concatenate(pieces, axis=1), dtype=np.float32), broken


def _frames(av: Any, container: Any, stream: Any, path: Path) -> Iterator[Any]:
    """Yield decoded frames, and None once for a place where the file is damaged."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:
            yield None
            return
        if packet.has_sidedata("encryption_info"):
            raise _encrypted(path)
        try:
            for frame in packet.decode():
                frame.pts = None
                yield frame
        except av.InvalidDataError:
            yield None


def _too_long(seconds: float, max_hours: float, path: Path) -> RecordingError:
    return RecordingError(
        f"The recording lasts {seconds / 3600:.1f} hours; calls of up to {max_hours:g} are read",
        where=path,
        fix="Cut it into calls",
    )
