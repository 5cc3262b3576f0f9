"""Small recordings and transcripts in every form, whole and damaged."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
import soundfile

from tools.fuzzing.mutations import ODD_TEXTS, mutated_bytes, mutated_value, odd_json

_S: Final = 3
_WAVS: Final = (
    "PCM_16",
    "PCM_U8",
    "PCM_24",
    "FLOAT",
    "ULAW",
    "ALAW",
    "IMA_ADPCM",
    "MS_ADPCM",
    "GSM610",
)
_FILES: Final = {
    "aiff": "AIFF",
    "au": "AU",
    "flac": "FLAC",
    "ogg": "OGG",
    "caf": "CAF",
    "rf64": "RF64",
}
_CODED: Final[Mapping[str, tuple[str, str, int]]] = {
    "mp3": ("mp3", "mp3", 16_000),
    "m4a": ("mp4", "aac", 16_000),
    "aac": ("adts", "aac", 16_000),
    "webm": ("webm", "libopus", 48_000),
    "opus": ("ogg", "libopus", 48_000),
    "mka": ("matroska", "aac", 16_000),
}


def _tones(rng: random.Random, rate: int, channels: int) -> np.ndarray[Any, Any]:
    at = np.arange(int(_S * rate)) / rate
    sound = 0.3 * np.sin(2 * np.pi * rng.choice((300, 440, 880)) * at) * (at % 1 > 0.3)
    return np.stack([sound, np.roll(sound, rate)][:channels], axis=1)


def any_sound(rng: random.Random) -> tuple[str, bytes]:
    """Return the ending and the bytes of a valid recording of three seconds."""
    channels = rng.choice((1, 2))
    way = rng.random()
    if way < 0.4:
        kind = rng.choice(_WAVS)
        rate = rng.choice((8_000, 11_025, 16_000))
        channels = 1 if kind == "GSM610" else channels
        return "wav", _written(_tones(rng, rate, channels), rate, "WAV", kind)
    if way < 0.65:
        ending = rng.choice(sorted(_FILES))
        kind = "VORBIS" if ending == "ogg" else "PCM_16"
        return ending, _written(_tones(rng, 16_000, channels), 16_000, _FILES[ending], kind)
    ending = rng.choice(sorted(_CODED))
    return ending, _coded(rng, ending, channels)


def _written(samples: np.ndarray[Any, Any], rate: int, form: str, kind: str) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=form, subtype=kind)
    return out.getvalue()


def _coded(rng: random.Random, ending: str, channels: int) -> bytes:
    form, codec, rate = _CODED[ending]
    layout = "stereo" if channels == 2 else "mono"
    pcm = (_tones(rng, rate, channels) * 32_767).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=layout)
    frame.rate, frame.time_base = rate, Fraction(1, rate)
    out = io.BytesIO()
    with av.open(out, "w", format=form) as target:
        stream: Any = target.add_stream(codec, rate=rate, layout=layout)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            target.mux(packet)
    return out.getvalue()


def mutated_sound(rng: random.Random) -> tuple[str, bytes]:
    """Return a recording that is damaged, lies, or is called something else."""
    ending, content = any_sound(rng)
    way = rng.random()
    if content[:4] == b"RIFF" and way < 0.5:
        content = _lying(rng, bytearray(content))
    elif way < 0.6:
        content = _damaged_head(rng, content)
    elif way < 0.7:
        content += any_sound(rng)[1]
    else:
        content = mutated_bytes(rng, content, (any_sound(rng)[1],))
    if rng.random() < 0.2:
        ending = rng.choice(("wav", "mp3", "ogg", "m4a", "gsm", "amr", "MP3", "ulaw", "webm"))
    return ending, content


_FIELDS: Final = ("<H", "<H", "<I", "<I", "<H", "<H")
_SIZES: Final = (0, 1, 2, 3, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 44, 100, 10**6)


def _lying(rng: random.Random, content: bytearray) -> bytes:
    """Let a WAV's header say what is not so."""
    way = rng.random()
    fmt = content.find(b"fmt ") + 8
    data = content.find(b"data") + 4
    if way < 0.5 and fmt > 8:
        number = rng.randrange(len(_FIELDS))
        at = fmt + sum(struct.calcsize(field) for field in _FIELDS[:number])
        most = 0xFFFF if _FIELDS[number] == "<H" else 0xFFFF_FFFF
        said = rng.choice((*_SIZES, 6, 7, 17, 49, 0xFFFE, 8_000, 192_000)) & most
        struct.pack_into(_FIELDS[number], content, at, said)
    elif way < 0.75 and data > 4:
        struct.pack_into("<I", content, rng.choice((4, data, fmt - 4)), rng.choice(_SIZES))
    else:
        chunk = rng.choice(
            (b"LIST", b"fact", b"data", b"bext", b"fmt ", b"ds64", b"\x00\x00\x00\x00")
        )
        size = struct.pack("<I", rng.choice(_SIZES))
        content[12:12] = chunk + size + rng.randbytes(rng.randrange(40))
    return bytes(content)


def _damaged_head(rng: random.Random, content: bytes) -> bytes:
    """Change bytes where formats say what they hold."""
    head = bytearray(content[:600])
    for _ in range(rng.randint(1, 6)):
        head[rng.randrange(len(head))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(head) + content[600:]


_TURNS: Final = [
    {"speaker": "Agent", "start": 0.5, "end": 2.0, "text": "Good morning, Sugar and Crumb."},
    {"speaker": "Caller", "start": 2.2, "end": 5.0, "text": "I want a wedding cake for Saturday."},
]
_TEXTS: Final[Mapping[str, str]] = {
    "txt": "Agent: Good morning, Sugar and Crumb.\nCaller: I want a wedding cake.\n",
    "vtt": "WEBVTT\n\n00:00.500 --> 00:02.000\n<v Agent>Good morning.\n\n00:02.200 --> 00:05.000\n"
    "<v Caller>I want a wedding cake.\n",
    "srt": "1\n00:00:00,500 --> 00:00:02,000\nAgent: Good morning.\n\n2\n00:00:02,200 --> "
    "00:00:05,000\nCaller: I want a wedding cake.\n",
    "csv": "speaker,start,end,text\nAgent,0.5,2.0,Good morning\nCaller,2.2,5.0,I want a cake\n",
}
_FORMS: Final[Mapping[str, Any]] = {
    "turns": _TURNS,
    "segments": {"language": "en", "segments": _TURNS, "text": "Good morning."},
    "words": {
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "Good morning",
                            "confidence": 0.9,
                            "words": [
                                {"word": "good", "start": 0.5, "end": 0.8, "confidence": 0.9},
                                {"word": "morning", "start": 0.8, "end": 1.2, "confidence": 0.9},
                            ],
                        }
                    ]
                }
            ]
        }
    },
}


def mutated_transcript(rng: random.Random) -> tuple[str, bytes]:
    """Return a provider's transcript with something odd in it."""
    if rng.random() < 0.5:
        value = rng.choice(list(_FORMS.values()))
        for _ in range(rng.choice((1, 2, 4))):
            value = mutated_value(rng, value)
        return "json", odd_json(rng, value)
    ending = rng.choice(list(_TEXTS))
    content = _TEXTS[ending].encode()
    odd = tuple(text.encode("utf-8", "surrogatepass") for text in ODD_TEXTS)
    return ending, mutated_bytes(rng, content, (*odd, b"99:99:99.999 --> -1:00", b"NOTE\n\n"))
