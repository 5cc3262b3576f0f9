"""Recordings as providers deliver them, decoded to float channels at 16 kHz.

PyAV carries its own FFmpeg libraries, so MP3, AAC, Opus, G.711 and AMR are read alike
on every machine with nothing installed beside Python packages.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb import phrasing
from calltrack_nb.audio.mixing import mixed
from calltrack_nb.audio.mp3_frames import Mp3, find_mp3
from calltrack_nb.audio.not_audio import (
    FETCH_OR_SAVE,
    cannot_be_decoded,
    encrypted,
    is_gsm,
    refuse_what_is_no_recording,
)
from calltrack_nb.audio.wav_parts import Part, wav_parts
from calltrack_nb.errors import RecordingError, RecordingNotFound

SAMPLE_RATE: Final = 16_000

_LOGGER = logging.getLogger(__name__)

# Only containers that carry a single recording: a playlist format would let a file make
# the decoder open other files.
_CONTAINERS: Final = (
    "wav,w64,rf64,aiff,au,mp3,mov,mp4,m4a,3gp,aac,ogg,flac,amr,amrnb,amrwb,matroska,webm,caf,gsm"
)
# of these FFmpeg guesses the length by the first frame's bit rate
_WITHOUT_LENGTH: Final = frozenset({"mp3", "aac", "amr", "amrnb", "amrwb", "gsm"})
_MAX_RATE: Final = 192_000
# of two channels of floats; a file that holds more bytes than that for a second of sound
# was only taken for a recording
_BYTES_PER_S: Final = 2 * 4 * _MAX_RATE
# no codec of speech takes fewer bytes for a second; a header that claims a length the file
# cannot hold is not believed
_LEAST_BYTES_PER_S: Final = 500
# a constant this far from zero is a fault of the line, and would pass for loudness
_OFFSET: Final = 0.02
_AT_ONCE: Final = 1024


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
        Whether sound is missing that the file should hold: it broke off before the end
        it announces, or is damaged on the way.
    remarks : tuple of str
        What a reader should know of the file, a sentence each.
    """

    samples: NDArray[np.float32]
    source_rate: int
    truncated: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / SAMPLE_RATE)


@dataclass(slots=True)
class _Track:
    """What one part of a file gave."""

    rate: int
    video: bool
    announced_s: float | None
    remarks: list[str]
    before_s: float = 0.0
    pieces: list[NDArray[np.float32]] = field(default_factory=list)
    length: int = 0
    large: int = 0
    holes: list[int] = field(default_factory=list)
    breaks_off: bool = False

    def add(self, piece: NDArray[np.float32]) -> None:
        self.pieces.append(piece)
        self.length += piece.shape[1]
        if (
            len(self.pieces) - self.large >= _AT_ONCE
        ):  # of few large pieces each is let go when read
            latest = self.pieces[self.large :]
            self.pieces[self.large :] = [
                np.concatenate(list(run), axis=1) for _, run in groupby(latest, key=len)
            ]
            self.large = len(self.pieces)

    @property
    def length_s(self) -> float:
        return self.length / SAMPLE_RATE

    def lacks(self) -> str | None:
        """Say what is missing of what the file should hold."""
        # what cannot be decoded behind the announced end fills the file up
        cut = self.breaks_off
        if self.announced_s is not None:
            cut = self.announced_s - self.length_s > max(0.5, 0.02 * self.announced_s)
        if cut:
            return f"The file breaks off after {phrasing.number(self.length_s, 1)} s."
        if self.holes:
            return f"The file is damaged at {phrasing.number(self.holes[0] / SAMPLE_RATE, 1)} s."
        return None


def decode(path: Path, *, max_hours: float = 4.0) -> Audio:
    """Decode a recording up to its end, or up to where it breaks.

    Parameters
    ----------
    path : pathlib.Path
        WAV (PCM, float, A-law, µ-law, GSM, ADPCM), MP3, M4A/AAC, OGG/Opus/Vorbis, FLAC,
        AMR, or the sound of a video; told by its content, not by its extension.
    max_hours : float
        A longer recording is refused, one with two channels from half as long on: no call
        lasts that long, and it would fill the memory.

    Returns
    -------
    Audio
        Where a file holds several recordings, or changes its rate on the way, everything
        in it, one after the other; where it changes its channels, mixed into one.

    Raises
    ------
    RecordingNotFound
        When there is no such file.
    RecordingError
        When the file is empty, encrypted, not audio, has more than two channels, or is
        longer than `max_hours`.
    """
    import av  # noqa: PLC0415 - loads the codecs

    if not path.is_file():
        raise RecordingNotFound("There is no such recording", where=path, fix="Check the path")
    try:
        size = path.stat().st_size
        refuse_what_is_no_recording(path)
        heard = _read_parts(av, path, size, max_hours)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise cannot_be_decoded(path, error) from error
    samples, remarks = _joined(heard)
    taken_for_one = samples.shape[1] * _BYTES_PER_S <= size * SAMPLE_RATE
    if not samples.shape[1] or (taken_for_one and not any(part.video for part in heard)):
        raise _no_sound(path)
    for remark in remarks:
        _LOGGER.warning("%s: %s", path.name, remark)
    lacking = any(part.lacks() for part in heard)
    return Audio(_centred(samples), heard[0].rate, lacking, remarks)


def _read_parts(av: Any, path: Path, size: int, max_hours: float) -> list[_Track]:
    parts = wav_parts(path) or (Part(0, size),)
    heard: list[_Track] = []
    try:
        for part in parts:
            before_s = sum(one.length_s for one in heard)
            heard.append(_read(av, path, part, max_hours, before_s=before_s))
    except av.FFmpegError:
        # FFmpeg gives up where much stands before the first frame of an MP3
        mp3 = find_mp3(path)
        if mp3 is None or not mp3.skipped:
            raise
        return [_read(av, path, _behind_junk(mp3, size), max_hours)]
    return heard


def _read(av: Any, path: Path, part: Part, max_hours: float, *, before_s: float = 0.0) -> _Track:
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    if part.to_the_end:
        options["ignore_length"] = "1"
    size = path.stat().st_size
    place = str(path.absolute())
    if part.start or part.end < size:
        options["protocol_whitelist"] = "file,subfile"
        place = f"subfile,,start,{part.start},end,{part.end},,:{place}"
    with av.open(place, options=options) as container:
        stream = _audio_stream(container, path)
        mp3 = _mp3_of(container, path)
        if mp3 is not None and mp3.skipped and not part.start:
            return _read(av, path, _behind_junk(mp3, size), max_hours)
        announced = part.announced_s if mp3 is None else mp3.announced_s
        if announced is None and container.format.name not in _WITHOUT_LENGTH:
            announced = _stated_s(container, stream)
        channels = stream.channels
        if announced is not None and (before_s + announced) * channels > max_hours * 3600:
            if announced * _LEAST_BYTES_PER_S <= part.end - part.start:
                raise _too_long(before_s + announced, channels, max_hours, path)
            announced = None
        heard = _Track(
            rate=int(stream.rate),
            video=bool(container.streams.video),
            announced_s=announced,
            remarks=list(part.remarks),
            before_s=before_s,
        )
        if (tracks := len(container.streams.audio)) > 1:
            heard.remarks.append(f"The file holds {tracks} sound tracks; only the first was read.")
        _fill(heard, av, container, stream, max_hours, path)
    return heard


def _mp3_of(container: Any, path: Path) -> Mp3 | None:
    """Refuse what FFmpeg takes for MP3 or GSM by a few bytes; return an MP3's beginning."""
    name = container.format.name
    mp3 = find_mp3(path) if name == "mp3" else None
    if (name == "mp3" and mp3 is None) or (name == "gsm" and not is_gsm(path)):
        raise _no_sound(path)
    return mp3


def _behind_junk(mp3: Mp3, size: int) -> Part:
    count = phrasing.plural(mp3.skipped, "byte")
    verb = phrasing.agree(mp3.skipped, "was")
    return Part(mp3.start, size, remarks=(f"{count} before the first sound {verb} skipped.",))


def _audio_stream(container: Any, path: Path) -> Any:
    if not container.streams.audio:
        film = any(not _is_cover(stream) for stream in container.streams.video)
        kind = "is a video without sound" if film else "holds no sound"
        raise RecordingError(f"The file {kind}", where=path, fix=FETCH_OR_SAVE)
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise RecordingError("The file's codec is not known", where=path, fix=FETCH_OR_SAVE)
    if stream.rate > _MAX_RATE:
        raise RecordingError(
            f"The recording states an impossible {stream.rate} samples a second",
            where=path,
            fix=FETCH_OR_SAVE,
        )
    _refuse_channels(stream.channels, path)
    return stream


def _refuse_channels(channels: int, path: Path) -> None:
    if channels > 2:
        raise RecordingError(
            f"The recording has {channels} channels",
            where=path,
            fix="Save it with one channel, or one for each party",
        )


def _is_cover(stream: Any) -> bool:
    import av  # noqa: PLC0415 - loads the codecs

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _stated_s(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration) / 1_000_000 if container.duration else None


def _fill(
    heard: _Track, av: Any, container: Any, stream: Any, max_hours: float, path: Path
) -> None:
    """Decode a stream to its end, whatever its rate and channels change to on the way."""
    resampler: Any = None
    kind: tuple[Any, ...] | None = None
    for frame in _frames(av, container, stream, path):
        if frame is None:
            heard.breaks_off = True
            continue
        new = (frame.sample_rate, frame.layout.name, frame.format.name)
        # the seam of two recordings is no damage
        if heard.breaks_off and kind in (None, new):
            heard.holes.append(heard.length)
        heard.breaks_off = False
        if kind != new:
            kind = new
            _refuse_channels(frame.layout.nb_channels, path)
            _flush(resampler, heard)
            resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE)
        for piece in resampler.resample(frame):
            heard.add(piece.to_ndarray())
        channels = frame.layout.nb_channels
        length_s = heard.before_s + heard.length_s
        if length_s * channels > max_hours * 3600:
            raise _too_long(length_s, channels, max_hours, path)
    _flush(resampler, heard)


def _flush(resampler: Any, heard: _Track) -> None:
    if resampler is not None and heard.pieces:
        for piece in resampler.resample(None):
            heard.add(piece.to_ndarray())


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
            raise encrypted(path)
        try:
            for frame in packet.decode():
                frame.pts = None
                yield frame
        except av.InvalidDataError:
            yield None


def _joined(heard: Sequence[_Track]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Put the parts of a file one behind the other, and say what is to be known of them."""
    remarks = [remark for part in heard for remark in part.remarks]
    remarks += [lacking for part in heard if (lacking := part.lacks()) is not None]
    if len(heard) > 1:
        remarks.append(
            f"The file holds {len(heard)} recordings, which were read one after another."
        )
    pieces = [piece for part in heard for piece in part.pieces]
    for part in heard:
        part.pieces.clear()
    if not pieces:
        return np.zeros((1, 0), np.float32), tuple(remarks)
    if len({len(piece) for piece in pieces}) > 1:
        remarks.append("The number of channels changes within the file; they were mixed into one.")
        alike = [np.concatenate(list(run), axis=1) for _, run in groupby(pieces, key=len)]
        pieces = [mixed(run)[np.newaxis] / np.float32(len(run)) for run in alike]
    return _in_one(pieces), tuple(remarks)


def _in_one(pieces: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Put pieces one behind the other, and let each go: hours of sound are not held twice."""
    length = sum(piece.shape[1] for piece in pieces)
    joined = np.empty((len(pieces[0]), length), dtype=np.float32)
    pieces.reverse()
    at = 0
    while pieces:
        piece = pieces.pop()
        joined[:, at : at + piece.shape[1]] = piece
        at += piece.shape[1]
    return joined


def _centred(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take a constant out of each channel that has one, as some lines add it."""
    offsets = samples.mean(axis=1, dtype=np.float64)
    for side in np.flatnonzero(np.abs(offsets) > _OFFSET):
        samples[side] -= np.float32(offsets[side])
    return samples


def _no_sound(path: Path) -> RecordingError:
    return RecordingError("The recording holds no readable sound", where=path, fix=FETCH_OR_SAVE)


def _too_long(seconds: float, channels: int, max_hours: float, path: Path) -> RecordingError:
    most = f"{max_hours / channels:g}{' with two channels' if channels > 1 else ''}"
    return RecordingError(
        f"The recording lasts {seconds / 3600:.1f} hours; calls of up to {most} are read",
        where=path,
        fix="Cut it into calls",
    )
