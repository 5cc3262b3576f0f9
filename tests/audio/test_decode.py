"""Decoding: every format providers deliver, and what is refused with which words."""

import contextlib
import io
import sys
import time
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile as sf

from calltrack_nb.audio import SAMPLE_RATE, decode
from calltrack_nb.errors import RecordingError, RecordingNotFound

TONES = (440.0, 880.0)


def two_tones(rate, seconds=2.0):
    time = np.arange(int(rate * seconds)) / rate
    return np.stack([0.3 * np.sin(2 * np.pi * hertz * time) for hertz in TONES], axis=1)


def pitch(channel):
    spectrum = np.abs(np.fft.rfft(channel * np.hanning(len(channel))))
    return np.argmax(spectrum) * SAMPLE_RATE / len(channel)


def encoded(path, codec, container, rate, options=None):
    with av.open(str(path), "w", format=container, options=options or {}) as target:
        stream = target.add_stream(codec, rate=rate, layout="stereo")
        pcm = (two_tones(rate).T * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm.T).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.rate, frame.time_base = rate, Fraction(1, rate)
        resampler = av.AudioResampler(
            format=stream.format, layout="stereo", rate=rate, frame_size=stream.frame_size or None
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))


@pytest.mark.parametrize(
    ("subtype", "rate"),
    [
        ("PCM_16", 8000),
        ("PCM_U8", 8000),
        ("PCM_24", 44100),
        ("ULAW", 8000),
        ("ALAW", 8000),
        ("FLOAT", 48000),
        ("IMA_ADPCM", 11025),
    ],
)
def test_wav_of_every_kind(tmp_path, subtype, rate):
    """Each kind of WAV gives both channels at 16 kHz, at their pitch and length."""
    path = tmp_path / "call.wav"
    sf.write(path, two_tones(rate), rate, subtype=subtype)
    audio = decode(path)
    assert audio.samples.dtype == np.float32
    assert audio.samples.shape[0] == 2
    assert audio.source_rate == rate
    assert audio.duration_s == pytest.approx(2.0, abs=0.1)
    assert [pitch(channel) for channel in audio.samples] == pytest.approx(TONES, abs=4)
    assert not audio.truncated


@pytest.mark.parametrize(
    ("codec", "container", "suffix", "rate"),
    [
        ("mp3", "mp3", "mp3", 8000),
        ("aac", "mp4", "m4a", 16000),
        ("libopus", "ogg", "ogg", 48000),
        ("flac", "flac", "flac", 22050),
        ("libopus", "webm", "webm", 16000),
    ],
)
def test_compressed_formats(tmp_path, codec, container, suffix, rate):
    """MP3, AAC, Opus and FLAC come back with both channels, at their pitch."""
    path = tmp_path / f"call.{suffix}"
    encoded(path, codec, container, rate)
    audio = decode(path)
    assert audio.duration_s == pytest.approx(2.0, abs=0.15)
    assert [pitch(channel) for channel in audio.samples] == pytest.approx(TONES, abs=4)
    assert not audio.truncated


def amr(path, container):
    """Two seconds of 440 Hz as phones record it, with a real encoder."""
    with av.open(str(path), "w", format=container) as target:
        stream = target.add_stream("libopencore_amrnb", rate=8000, layout="mono")
        stream.bit_rate = 12_200
        pcm = (two_tones(8000)[:, 0] * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.rate, frame.time_base = 8000, Fraction(1, 8000)
        resampler = av.AudioResampler(format=stream.format, rate=8000, frame_size=160)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))


@pytest.mark.skipif(
    "libopencore_amrnb" not in av.codecs_available, reason="this build of PyAV writes no AMR"
)
@pytest.mark.parametrize(("container", "suffix"), [("amr", "amr"), ("3gp", "3gp")])
def test_amr(tmp_path, container, suffix):
    """AMR-NB, bare and in 3GP, comes back at its pitch; cut in the middle, up to there."""
    path = tmp_path / f"call.{suffix}"
    amr(path, container)
    audio = decode(path)
    assert audio.samples.shape[0] == 1
    assert audio.duration_s == pytest.approx(2.0, abs=0.1)
    assert pitch(audio.samples[0]) == pytest.approx(440, abs=4)
    if container == "amr":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        cut = decode(path)
        assert cut.truncated
        assert cut.duration_s == pytest.approx(1.0, abs=0.1)


def test_extension_does_not_matter(tmp_path):
    """A file is told by its content: an MP3 named .wav is read as MP3."""
    path = tmp_path / "call.wav"
    encoded(path, "mp3", "mp3", 16000)
    assert decode(path).samples.shape[0] == 2


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_broken_off_wav(tmp_path, share):
    """A WAV that breaks off is read up to there and said to be truncated."""
    whole = tmp_path / "whole.wav"
    sf.write(whole, two_tones(8000, 10), 8000, subtype="PCM_16")
    raw = whole.read_bytes()
    path = tmp_path / "cut.wav"
    path.write_bytes(raw[: int(len(raw) * share)])
    audio = decode(path)
    assert audio.truncated
    assert audio.duration_s == pytest.approx(10 * share, abs=0.1)


def test_broken_off_mp3(tmp_path):
    """An MP3 that breaks off is read up to there and said to be truncated."""
    whole = tmp_path / "whole.mp3"
    encoded(whole, "mp3", "mp3", 16000)
    path = tmp_path / "cut.mp3"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    audio = decode(path)
    assert audio.truncated
    assert 0.5 < audio.duration_s < 1.5


def test_header_of_unknown_length(tmp_path):
    """A streamed WAV, whose header says no length, is whole."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.zeros(8000, np.int16).tobytes())
    raw = bytearray(buffer.getvalue())
    raw[40:44] = b"\xff\xff\xff\xff"
    path = tmp_path / "stream.wav"
    path.write_bytes(bytes(raw))
    assert not decode(path).truncated


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"not audio at all " * 200, "is text"),
        (b"PK\x03\x04\x14\x00\x00" + bytes(range(256)) * 20, "a ZIP archive"),
        (b"PK\x03\x04\x14\x00\x09" + bytes(range(256)) * 20, "encrypted"),
        (b"Salted__" + bytes(range(256)) * 20, "encrypted"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA5b\n" * 20, "encrypted"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>" * 50, "a web page,"),
        (b"#EXTM3U\n#EXTINF:10,\n/etc/hostname\n#EXT-X-ENDLIST\n", "a playlist"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", "a playlist"),
    ],
)
def test_what_is_not_audio(tmp_path, content, words):
    """Empty, foreign, encrypted and playlist files are refused with the reason and the place."""
    path = tmp_path / "call.mp3"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=words) as caught:
        decode(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("suffix", ["mp3", "wav", "m4a", "ogg", "amr"])
def test_ciphertext_is_no_recording(tmp_path, seed, suffix):
    """Bytes that look like nothing, as a provider's own encryption leaves them, are refused."""
    path = tmp_path / f"call.{suffix}"
    path.write_bytes(np.random.default_rng(seed).bytes(200_000))
    with pytest.raises(RecordingError, match="decrypted if it is encrypted"):
        decode(path)


def test_encrypted_m4a(tmp_path):
    """An M4A under DRM is said to be encrypted, whatever its ciphertext happens to decode to."""
    path = tmp_path / "call.m4a"
    scheme = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "00112233445566778899aabbccddeeff",
        "encryption_kid": "ffeeddccbbaa99887766554433221100",
    }
    encoded(path, "aac", "mp4", 16000, scheme)
    with pytest.raises(RecordingError, match="is encrypted"):
        decode(path)


def test_damaged_files_raise_nothing_else(tmp_path):
    """Whatever bytes are changed, a file is decoded or refused with a reason, and soon."""
    sources = {"mp3": "mp3", "mp4": "aac", "ogg": "libopus", "flac": "flac", "wav": "pcm_mulaw"}
    rng = np.random.default_rng(0)
    path = tmp_path / "call"
    for container, codec in sources.items():
        encoded(path, codec, container, 48000 if codec == "libopus" else 16000)
        whole = path.read_bytes()
        for attempt in range(40):
            raw = bytearray(whole[: len(whole) >> attempt % 3])
            reach = len(raw) if attempt % 2 else 200
            for at in rng.integers(0, reach, 12):
                raw[at] = rng.integers(256)
            path.write_bytes(raw)
            started = time.monotonic()
            with contextlib.suppress(RecordingError):
                decode(path)
            assert time.monotonic() - started < 5


def test_rate_of_no_recording(tmp_path):
    """A header that claims a billion samples a second is refused before it is believed."""
    path = tmp_path / "call.wav"
    sf.write(path, two_tones(8000), 8000, subtype="PCM_16")
    raw = bytearray(path.read_bytes())
    raw[24:28] = (1_000_000_000).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(RecordingError, match="1000000000 samples a second"):
        decode(path)


@pytest.mark.parametrize("known", [True, False])
def test_six_hours(tmp_path, known):
    """Six hours are refused at once, by the header or by the file's size."""
    path = tmp_path / "day.wav"
    sf.write(path, np.zeros(8), 8000, subtype="PCM_U8")
    length = 6 * 3600 * 8000
    with path.open("r+b") as file:
        file.seek(40)
        file.write((length if known else 0xFFFFFFFF).to_bytes(4, "little"))
        file.truncate(44 + length)
    started = time.monotonic()
    with pytest.raises(RecordingError, match=r"lasts 6\.0 hours; calls of up to 4"):
        decode(path)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("sound", [True, False])
def test_the_sound_of_a_video_is_read(tmp_path, sound):
    """A screen recorder's video gives its sound; one without sound is said to be that."""
    path = tmp_path / "call.mp4"
    with av.open(str(path), "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        heard = target.add_stream("aac", rate=16000, layout="stereo") if sound else None
        for _ in range(20):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
        if heard is not None:
            pcm = two_tones(16000).T.astype(np.float32)
            frame = av.AudioFrame.from_ndarray(pcm.copy(), format="fltp", layout="stereo")
            frame.rate = 16000
            resampler = av.AudioResampler(format="fltp", frame_size=1024)
            for piece in (*resampler.resample(frame), *resampler.resample(None)):
                target.mux(heard.encode(piece))
            target.mux(heard.encode(None))
    if sound:
        audio = decode(path)
        assert [pitch(channel) for channel in audio.samples] == pytest.approx(TONES, abs=4)
        assert audio.duration_s == pytest.approx(2.0, abs=0.15)
    else:
        with pytest.raises(RecordingError, match="is a video without sound"):
            decode(path)


def test_too_long(tmp_path):
    """A recording longer than any call is refused before it fills the memory."""
    path = tmp_path / "day.wav"
    sf.write(path, np.zeros(8000), 8000, subtype="PCM_U8")
    with pytest.raises(RecordingError, match="hours"):
        decode(path, max_hours=0.0001)


def test_two_channels_take_twice_the_memory(tmp_path):
    """What is read of one channel is refused of two, whether or not the header says how long."""
    for channels in (1, 2):
        for known in (True, False):
            path = tmp_path / "day.wav"
            sf.write(path, np.zeros((8000 * 40, channels)), 8000)
            if not known:
                with path.open("r+b") as file:
                    file.seek(40)
                    file.write(b"\xff\xff\xff\xff")
            if channels == 1:
                assert decode(path, max_hours=60 / 3600).duration_s == pytest.approx(40)
            else:
                with pytest.raises(RecordingError, match="with two channels are read"):
                    decode(path, max_hours=60 / 3600)


def test_recordings_behind_each_other_are_as_long_as_all_of_them(tmp_path):
    """Many short recordings in one file do not fill the memory either."""
    sf.write(tmp_path / "one.wav", np.zeros(8000 * 40), 8000)
    path = tmp_path / "all.wav"
    path.write_bytes((tmp_path / "one.wav").read_bytes() * 3)
    assert decode(path, max_hours=130 / 3600).duration_s == pytest.approx(120)
    with pytest.raises(RecordingError, match="hours"):
        decode(path, max_hours=100 / 3600)


def test_sound_is_joined_piece_by_piece_as_it_was(tmp_path, monkeypatch):
    """However many pieces are put together on the way, each sample is where it was."""
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (16000 * 3, 2)).astype(np.float32)
    path = tmp_path / "call.wav"
    sf.write(path, sound, 16000, subtype="FLOAT")
    for at_once in (1, 2, 7, 10_000):
        monkeypatch.setattr(sys.modules[decode.__module__], "_AT_ONCE", at_once)
        np.testing.assert_allclose(decode(path).samples, sound.T, atol=1e-6)


def test_more_than_two_channels(tmp_path):
    """A file with more channels than parties is refused."""
    path = tmp_path / "many.wav"
    sf.write(path, np.zeros((800, 4)), 8000)
    with pytest.raises(RecordingError, match="4 channels"):
        decode(path)


def test_missing_file(tmp_path):
    """A missing file is not found, rather than not decodable."""
    with pytest.raises(RecordingNotFound):
        decode(tmp_path / "none.wav")
