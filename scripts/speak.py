"""Speak a dialogue as a two-channel telephone call, with Debian's flite.

Caller left, agent right, 8 kHz, telephone band, a little line noise, gaps and slight
overlaps between turns, a long pause before a caller who hesitates.
"""

from __future__ import annotations

import functools
import random
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal

from tools.simulator.dialogues import Turn
from tools.simulator.shop_recordings import CUT_AFTER_S, HOLD_ON, Recorded

Samples = npt.NDArray[np.float64]

RATE: Final = 8000
HOLD_S: Final = 9.0
VOICES: Final = {"Mary": "slt", "Joan": "slt", "Luis": "rms"}
_BAND: Final = signal.butter(4, [300, 3400], btype="bandpass", fs=RATE, output="sos")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call as sound.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n,) or (n, 2)
        At 8 kHz; one column where the recording is mono.
    turns : list of dict
        ``speaker``, ``start``, ``end`` (seconds), ``text``, in order of start.
    call_s : float
        How long the call lasted, which is more than the recording where that was cut.
    """

    samples: Samples
    turns: list[dict[str, object]]
    call_s: float


def speak(recorded: Recorded) -> Spoken:
    """Make the sound of one recording; the same recording sounds the same every time."""
    rng = random.Random(f"sound:{recorded.call_id}")
    noise = np.random.default_rng(rng.getrandbits(64))
    voices = {"agent": (VOICES[recorded.agent], 1.03)}
    # awb is a Scot, and understood half as well by small models: one caller in five.
    others = {"rms": 2.0, "slt": 2.0, "awb": 0.5}
    del others[voices["agent"][0]]
    voice = rng.choices(tuple(others), tuple(others.values()))[0]
    voices["caller"] = (voice, rng.choice((1.0, 1.05, 1.1)))
    placed: list[tuple[Turn, float, Samples]] = []
    sounds: list[tuple[int, float, Samples]] = []
    clock = rng.uniform(0.6, 1.4)
    previous: Turn | None = None
    for turn in recorded.dialogue.turns:
        clock += _gap(previous, turn, rng)
        voice, stretch = voices[turn.speaker]
        samples = _say(turn.text, voice, stretch)
        placed.append((turn, clock, samples))
        clock += len(samples) / RATE
        if turn.text == HOLD_ON:
            sounds.append((1, clock + 0.4, _music(HOLD_S)))
            clock += HOLD_S + 0.8
        if recorded.kind == "voicemail" and turn.speaker == "agent":
            sounds.append((1, clock + 0.3, _beep()))
            clock += 1.2
        previous = turn
    length = clock + rng.uniform(0.4, 1.2) if placed else 24.0
    track = np.zeros((int(length * RATE) + 1, 2))
    for turn, start, samples in placed:
        _add(track[:, 0 if turn.speaker == "caller" else 1], start, samples)
    for channel, start, samples in sounds:
        _add(track[:, channel], start, samples)
    track += _line_noise(track.shape, noise)
    if recorded.kind == "one_sided":
        track[:, 0] = 0.0
    turns = [
        {
            "speaker": turn.speaker,
            "start": round(start, 2),
            "end": round(start + len(samples) / RATE, 2),
            "text": turn.text,
        }
        for turn, start, samples in placed
    ]
    if recorded.kind == "cut":
        track = track[: int(CUT_AFTER_S * RATE)]
        turns = [turn for turn in turns if float(str(turn["end"])) <= CUT_AFTER_S]
    if recorded.kind == "mono":
        track = track.sum(axis=1)
    return Spoken(np.clip(track, -0.99, 0.99), turns, length)


def write_mp3(path: Path, spoken: Spoken) -> None:
    """Write the sound as MP3, which every browser and decoder reads."""
    soundfile.write(
        path, spoken.samples, RATE, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.85
    )


def _gap(previous: Turn | None, turn: Turn, rng: random.Random) -> float:
    """Draw the silence before a turn: short, sometimes none, long where one hesitates."""
    if previous is None:
        return 0.0
    if any(family == "hesitation" for family, _ in turn.marks):
        return rng.uniform(1.8, 3.4)
    if rng.random() < 0.12:
        return rng.uniform(-0.35, -0.1)
    return rng.uniform(0.25, 0.9)


def _spellable(text: str) -> str:
    """Write text so that flite reads it as meant: single letters one by one."""
    return re.sub(r"\b([A-Z])(?=,|\.|$)", r"\1.", text).replace("..", ".")


@functools.lru_cache(maxsize=4096)
def _say(text: str, voice: str, stretch: float) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turn.wav"
        subprocess.run(
            [
                "flite", "-voice", voice, "--setf", f"duration_stretch={stretch}",
                "-t", _spellable(text), "-o", str(path),
            ],
            check=True,
        )  # fmt: skip
        samples, rate = soundfile.read(path)
    samples = signal.resample_poly(samples, RATE, rate)
    loud = np.flatnonzero(np.abs(samples) > 0.012)
    samples = samples[max(loud[0] - 480, 0) : loud[-1] + 800]
    samples = signal.sosfilt(_BAND, samples)
    return np.asarray(samples / np.sqrt(np.mean(samples**2)) * 0.08)


def _music(seconds: float) -> Samples:
    """Synthesise hold music: a slow sequence of soft chords."""
    time = np.arange(int(seconds * RATE)) / RATE
    chords = ((262, 330, 392), (349, 440, 523), (294, 349, 440), (392, 494, 587))
    tune = np.zeros_like(time)
    for place, begin in enumerate(np.arange(0, seconds, 1.1)):
        local = time - begin
        on = (local >= 0) & (local < 1.3)
        swell = np.where(on, np.exp(-1.6 * local) * np.minimum(local / 0.03, 1), 0)
        for tone in chords[place % len(chords)]:
            tune += swell * (
                np.sin(2 * np.pi * tone * time) + 0.4 * np.sin(4 * np.pi * tone * time)
            )
    return np.asarray(tune * 0.04)


def _beep() -> Samples:
    time = np.arange(int(0.5 * RATE)) / RATE
    return np.asarray(0.12 * np.sin(2 * np.pi * 1000 * time))


def _line_noise(shape: tuple[int, ...], rng: np.random.Generator) -> Samples:
    white = rng.normal(0, 1, shape)
    return np.asarray(signal.sosfilt(_BAND, white, axis=0) * 0.0006)


def _add(track: Samples, start: float, samples: Samples) -> None:
    at = int(start * RATE)
    room = track[at : at + len(samples)]
    room += samples[: len(room)]
