"""Files as recorders and downloads leave them: read whole, said to be odd, or refused by name."""

import io
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile as sf

from calltrack_nb.audio import SAMPLE_RATE, Audio, clip, decode, probe
from calltrack_nb.errors import RecordingError


def tone(rate, seconds=2.0, hertz=440.0):
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def noise(seconds=4, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, SAMPLE_RATE * seconds)


def pitch(channel):
    spectrum = np.abs(np.fft.rfft(channel * np.hanning(len(channel))))
    return np.argmax(spectrum) * SAMPLE_RATE / len(channel)


def wav(samples, rate=8000, stated=None):
    """Return a WAV of 16 bit with 44 bytes of header, the length of its data as told."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    raw = bytearray(buffer.getvalue())
    if stated is not None:
        raw[40:44] = stated.to_bytes(4, "little")
    return bytes(raw)


def mp3(samples, rate):
    """Return an MP3 without the header that counts its frames, as telephone systems write it."""
    buffer = io.BytesIO()
    stereo = samples.ndim == 2
    layout = "stereo" if stereo else "mono"
    with av.open(buffer, "w", format="mp3", options={"write_xing": "0"}) as target:
        stream = target.add_stream("mp3", rate=rate, layout=layout)
        planes = samples.T if stereo else samples[np.newaxis]
        pcm = np.ascontiguousarray((planes * 32767).astype(np.int16))
        frame = av.AudioFrame.from_ndarray(pcm, format="s16p", layout=layout)
        frame.rate, frame.time_base = rate, Fraction(1, rate)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            target.mux(packet)
    return buffer.getvalue()


def counted_mp3(seconds=4.0):
    """Return an MP3 with a Xing header, and where that stands."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as target:
        stream = target.add_stream("mp3", rate=16000, layout="mono")
        pcm = (tone(16000, seconds) * 32767).astype(np.int16)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16p", layout="mono")
        frame.rate, frame.time_base = 16000, Fraction(1, 16000)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            target.mux(packet)
    raw = buffer.getvalue()
    return raw, max(raw.find(b"Xing"), raw.find(b"Info"))


def read(folder, raw, name="call.wav"):
    path = folder / name
    path.write_bytes(raw)
    return decode(path)


def refused(folder, raw, name):
    with pytest.raises(RecordingError) as caught:
        read(folder, raw, name)
    return str(caught.value)


# -- WAV ------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [16000, 16001, 100])
def test_wav_whose_header_says_too_little(tmp_path, stated):
    """A recorder that died left the length of the first second: all of it is read, and told."""
    audio = read(tmp_path, wav(tone(8000, 7.0), stated=stated))
    assert audio.duration_s == pytest.approx(7.0, abs=0.01)
    assert not audio.truncated
    assert "the file holds 7.0 s and was read to its end" in audio.remarks[0]


@pytest.mark.parametrize("stated", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000 - 36])
def test_wav_of_unknown_length(tmp_path, stated):
    """Whatever a streaming program writes for a length it does not know, the call is whole."""
    audio = read(tmp_path, wav(tone(8000, 3.0), stated=stated))
    assert audio.duration_s == pytest.approx(3.0, abs=0.01)
    assert not audio.truncated
    assert audio.remarks == ()


@pytest.mark.parametrize(
    "behind",
    [
        b"LIST\x1a\x00\x00\x00INFOISFT\x0e\x00\x00\x00Lavf62.3.100\x00\x00",
        b"id3 \x04\x00\x00\x00ID3\x03bext\x02\x00\x00\x00ab",
        bytes(4000),
        b"\x01\x02\x03",
    ],
)
def test_what_follows_the_sound_of_a_wav_is_no_sound(tmp_path, behind):
    """Titles, notes and filling behind the data are neither read as sound nor warned of."""
    audio = read(tmp_path, wav(tone(8000, 3.0)) + behind)
    assert audio.duration_s == pytest.approx(3.0, abs=0.001)
    assert audio.remarks == ()
    assert not audio.truncated


@pytest.mark.parametrize("stated", [None, 0xFFFFFFFF])
def test_two_wavs_in_one_file(tmp_path, stated):
    """A second recording behind the first is read too, at its own rate, and told."""
    first = wav(tone(8000, 2.0, 440), stated=stated)
    audio = read(tmp_path, first + wav(tone(11025, 3.0, 880), 11025))
    assert audio.duration_s == pytest.approx(5.0, abs=0.02)
    assert pitch(audio.samples[0, : 2 * SAMPLE_RATE]) == pytest.approx(440, abs=4)
    assert pitch(audio.samples[0, 2 * SAMPLE_RATE :]) == pytest.approx(880, abs=4)
    assert audio.remarks == ("The file holds 2 recordings, which were read one after another.",)
    assert not audio.truncated


def test_gsm_with_a_byte_to_fill_it_up(tmp_path):
    """The byte that makes a chunk's length even is no damage: GSM in WAV has odd blocks."""
    path = tmp_path / "call.wav"
    sf.write(path, tone(8000, 7.3), 8000, subtype="GSM610")
    raw = bytearray(path.read_bytes())
    at = raw.index(b"data") + 4
    size = int.from_bytes(raw[at : at + 4], "little")
    blocks = size // 65 - (size // 65 + 1) % 2
    raw = raw[: at + 4 + blocks * 65] + b"\x00"
    raw[at : at + 4] = (blocks * 65 + 1).to_bytes(4, "little")
    fact = raw.index(b"fact") + 8
    raw[fact : fact + 4] = (blocks * 320).to_bytes(4, "little")
    audio = read(tmp_path, bytes(raw))
    assert audio.duration_s == pytest.approx(blocks * 0.04, abs=0.05)
    assert not audio.truncated


# -- MP3 ------------------------------------------------------------------------------


def test_mp3_whose_rate_and_channels_change(tmp_path):
    """A greeting of 8 kHz before a call of 44.1 kHz stereo: both at their pitch, in one channel."""
    call = np.stack([tone(44100, 3.0, 880)] * 2, axis=1)
    audio = read(tmp_path, mp3(tone(8000, 3.0, 440), 8000) + mp3(call, 44100), "call.mp3")
    assert audio.samples.shape[0] == 1
    assert audio.duration_s == pytest.approx(6.0, abs=0.4)
    assert pitch(audio.samples[0, : 2 * SAMPLE_RATE]) == pytest.approx(440, abs=4)
    assert pitch(audio.samples[0, -2 * SAMPLE_RATE :]) == pytest.approx(880, abs=4)
    assert (
        "The number of channels changes within the file; they were mixed into one." in audio.remarks
    )
    assert not audio.truncated


def test_a_mix_of_changing_channels_loses_no_inverted_copy(tmp_path):
    """Where channels are mixed because they change, one turned over does not silence the other."""
    one = tone(8000, 2.0, 880)
    audio = read(tmp_path, wav(tone(8000, 2.0)) + wav(np.stack([one, -one], axis=1)))
    assert np.abs(audio.samples[0, -SAMPLE_RATE:]).max() > 0.25


@pytest.mark.parametrize(
    ("frames", "size"), [(0, None), (1, None), (2**32 - 1, None), (200_000, None), (2**31, 2**31)]
)
def test_absurd_count_of_frames(tmp_path, frames, size):
    """A Xing header that cannot be true is not believed: no refusal, no false break."""
    raw, at = counted_mp3()
    raw = bytearray(raw)
    raw[at + 8 : at + 12] = frames.to_bytes(4, "big")
    if size is not None:
        raw[at + 12 : at + 16] = size.to_bytes(4, "big")
    audio = read(tmp_path, bytes(raw), "call.mp3")
    assert audio.duration_s == pytest.approx(4.0, abs=0.2)
    assert not audio.truncated


@pytest.mark.parametrize(
    "tail",
    [
        b"TAG" + b"title".ljust(125),
        b"APETAGEX" + (2000).to_bytes(4, "little") + bytes(24) + b"title" * 100,
        bytes(5000),
        np.random.default_rng(0).bytes(3000),
    ],
)
def test_what_follows_an_mp3_is_no_break(tmp_path, tail):
    """Tags, filling and rubbish behind the last frame leave a whole recording whole."""
    raw, _ = counted_mp3()
    audio = read(tmp_path, raw + tail, "call.mp3")
    assert audio.duration_s == pytest.approx(4.0, abs=0.2)
    assert not audio.truncated


@pytest.mark.parametrize(
    "before",
    [
        np.random.default_rng(1).bytes(3000),
        np.random.default_rng(2).bytes(100_000),
        b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n" + bytes(range(128, 256)),
        b"ID3\x03\x00\x00\x00\x00\x00\x20" + np.random.default_rng(3).bytes(150_000),
        b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + np.random.default_rng(4).bytes(2000),
    ],
)
def test_junk_before_the_first_frame(tmp_path, before):
    """Bytes before the sound, also a picture whose tag was cut, are skipped, unheard and told."""
    raw, _ = counted_mp3()
    audio = read(tmp_path, before + raw, "call.mp3")
    assert audio.duration_s == pytest.approx(4.0, abs=0.2)
    assert np.abs(audio.samples).max() < 0.4
    assert "before the first sound were skipped" in audio.remarks[0]
    assert not audio.truncated


def test_whole_tag_with_a_picture(tmp_path):
    """A tag as it should be, with a picture that is none, is nothing to be told of."""
    picture = b"\x00image/jpeg\x00\x03\x00" + np.random.default_rng(5).bytes(150_000)
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\x00\x00" + picture
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    raw, _ = counted_mp3()
    audio = read(tmp_path, b"ID3\x03\x00\x00" + size + frame + raw, "call.mp3")
    assert audio.duration_s == pytest.approx(4.0, abs=0.2)
    assert audio.remarks == ()


def test_a_hole_is_told_where_it_is(tmp_path):
    """Damage on the way is said to be that, not an end."""
    raw = bytearray(mp3(tone(16000, 8.0), 16000))
    middle = len(raw) // 2
    raw[middle : middle + 3000] = np.random.default_rng(6).bytes(3000)
    audio = read(tmp_path, bytes(raw), "call.mp3")
    assert audio.truncated
    assert "is damaged at" in audio.remarks[0]


@pytest.mark.parametrize("name", ["call.wav", "call", "call.MP3", "call.dat"])
def test_mp3_under_any_name(tmp_path, name):
    """What a file is called does not matter, nor whether it has an extension."""
    assert read(tmp_path, counted_mp3()[0], name).duration_s == pytest.approx(4.0, abs=0.2)


# -- MP4, channels, levels ------------------------------------------------------------


def test_mp4_cut_before_its_index(tmp_path):
    """Half an M4A, whose index stands at its end, is said to be cut off, not just unreadable."""
    path = tmp_path / "whole.m4a"
    with av.open(str(path), "w", format="mp4") as target:
        stream = target.add_stream("aac", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            tone(16000, 4.0).astype(np.float32)[np.newaxis], format="fltp", layout="mono"
        )
        frame.rate = 16000
        resampler = av.AudioResampler(format="fltp", frame_size=1024)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    raw = path.read_bytes()
    assert "cut off before its index" in refused(tmp_path, raw[: len(raw) // 2], "half.m4a")


def test_three_channels_are_refused_with_what_to_do(tmp_path):
    """A conference of three channels is not guessed at."""
    said = refused(tmp_path, wav(np.stack([tone(8000)] * 3, axis=1)), "three.wav")
    assert "3 channels" in said
    assert "one for each party" in said


def test_an_inverted_copy_is_heard_in_clips():
    """A clip of a channel and its inverted copy is as loud as one of them, not silent."""
    sound = noise().astype(np.float32)
    audio = Audio(np.stack([sound, -sound]), 8000)
    assert probe(audio).kind == "copied_mono"
    assert len(set(clip(audio, 0, 2))) > 200
    made = io.BytesIO(clip(audio, 0, 2))
    with av.open(made) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert np.abs(heard).max() > 0.2


def test_a_constant_is_no_sound(tmp_path):
    """A dead channel with a constant on it is dead; a live one is centred, and stays as it is."""
    live = 0.3 * noise(3, 7)
    dead = np.full(len(live), 0.45)
    audio = read(tmp_path, wav(np.stack([live + 0.45, dead], axis=1), SAMPLE_RATE))
    assert probe(audio).kind == "one_sided"
    assert np.allclose(audio.samples[0], live - live.mean(), atol=1e-3)


def test_clipped_and_quiet_sound_is_left_as_it_is(tmp_path):
    """Neither loud nor quiet recordings are changed or refused."""
    loud = np.clip(40 * tone(SAMPLE_RATE), -1, 0.999)
    quiet = 0.01 * tone(SAMPLE_RATE)
    for samples in (loud, quiet):
        audio = read(tmp_path, wav(samples, SAMPLE_RATE))
        assert np.allclose(audio.samples[0], samples, atol=1e-3)
        assert audio.remarks == ()


# -- no recordings --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "says", "fix"),
    [
        (b"<!DOCTYPE html><html><head><title>Sign in</title>", "a web page (Sign in)", "logged in"),
        ("<html><title>Anmelden für …</title>".encode("cp1252"), "a web page", "logged in"),
        (b'\xef\xbb\xbf{"error": "Access denied.", "key": "s3cr3t"}', "Access denied", "expired"),
        (
            b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message><Id>s3cr3t",
            "an error in XML (AccessDenied: Request has expired)",
            "expired",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n",
            "a pointer of Git LFS",
            "git lfs pull",
        ),
        (b"", "is empty", "Fetch it again"),
        (bytes(20_000), "only zeros", "Fetch it again"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n" * 200, "text", "Fetch it again"),
        (b"[]", "JSON", "Fetch it again"),
        (b"%PDF-1.7\n\xe2\xe3", "a PDF", "Download the recording"),
        (b"\x1f\x8b\x08\x00" + bytes(range(256)), "packed", "Unpack it"),
    ],
)
@pytest.mark.parametrize("name", ["call.mp3", "call.wav"])
def test_what_a_download_left_is_named(tmp_path, raw, says, fix, name):
    """What lies under a recording's name and is none is called what it is, with what to do."""
    said = refused(tmp_path, raw, name)
    assert says in said
    assert fix in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize(
    ("name", "kind", "command"),
    [
        ("call.ulaw", "bare µ-law", "sox -t ul -r 8000 -c 1 call.ulaw call.wav"),
        ("call.alaw", "bare A-law", "sox -t al"),
        ("call.sln", "bare samples", "-e signed -b 16 -r 8000"),
        ("call.vox", "Dialogic ADPCM", "sox -t vox"),
        ("call.G729", "bare G.729", "ffmpeg -f g729 -i call.G729"),
    ],
)
def test_sound_without_a_header_says_how_to_convert_it(tmp_path, name, kind, command):
    """Of sound without a header nobody knows the rate: refused, with the command that helps."""
    said = refused(tmp_path, np.random.default_rng(8).bytes(30_000), name)
    assert kind in said
    assert command in said


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "PCM_16"])
@pytest.mark.parametrize("suffix", ["mp3", "wav", "gsm", "aac", "m4a"])
def test_bare_sound_is_never_taken_for_another_kind(tmp_path, subtype, suffix):
    """Bare samples, with silence in front, are not decoded to noise whatever they are called."""
    quiet = np.concatenate([np.zeros(8000), tone(8000, 4.0), 0.001 * noise(1)[:8000]])
    path = tmp_path / "call.wav"
    sf.write(path, quiet, 8000, subtype=subtype)
    raw = path.read_bytes()
    refused(tmp_path, raw[raw.index(b"data") + 8 :], f"bare.{suffix}")


def test_bare_gsm_is_read(tmp_path):
    """Bare GSM 06.10 tells itself by its frames."""
    frame = b"\xd2\xa0\xbb\x24\x95\x5b\x6c\xb0\xa2\x47\x1b\x6d\xc6\xe3\x8e\xd1"
    raw = b"".join((frame + bytes([number, 7 * number % 256]) + frame)[:33] for number in range(99))
    assert read(tmp_path, raw, "call.gsm").duration_s == pytest.approx(99 * 0.02, abs=0.03)
