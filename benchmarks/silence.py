"""Words invented where nobody speaks: ten minutes each of five kinds of no conversation.

Everything is synthesized from a seed at telephone rate: silence, line noise, the ringing
tone, hold music (chords with a melody and a beat) and a looped menu. The menu is spoken
by synthetic vowels, and by real prompts where a folder of them is given; a menu that
says the same again and again is no part of a conversation, so unflagged words count.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from calltrack_nb.audio import decode
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Options, open_engine, transcribe

RATE = 8000
Sound = NDArray[np.float64]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks silence")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--prompts", type=Path, help="a WAV spoken as the menu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(argv)
    engine = open_engine(
        Transcription(engine=chosen.engine, model=chosen.model), threads=chosen.threads
    )
    sounds = made(chosen.minutes * 60, chosen.seed, chosen.prompts)
    print(f"{'':12}{'words/min':>11}{'flagged too':>13}")
    answer: dict[str, object] = {"minutes": chosen.minutes}
    with tempfile.TemporaryDirectory() as folder:
        for kind, sound in sounds.items():
            path = Path(folder) / f"{kind}.wav"
            sf.write(path, np.clip(sound, -1, 1), RATE, subtype="ULAW")
            said = transcribe(path, engine, Options()).utterances
            every = sum(len(one.text.split()) for one in said)
            plain = sum(len(one.text.split()) for one in said if not one.suspect)
            rate = plain / chosen.minutes
            print(f"{kind:12}{rate:11.2f}{every / chosen.minutes:13.2f}", flush=True)
            answer[kind] = {
                "invented_words_per_min": round(rate, 3),
                "with_flagged_words_per_min": round(every / chosen.minutes, 3),
            }
    print(json.dumps(answer))


def made(seconds: float, seed: int, prompt: Path | None) -> dict[str, Sound]:
    """Return the five sounds, each of so many seconds."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    spoken = menu(rng) if prompt is None else decode(prompt).samples[0, ::2].astype(float)
    return {
        "silence": np.zeros(count),
        "line_noise": line_noise(count, rng),
        "ringing": ringing(count),
        "music": music(count, rng),
        "menu": looped(spoken, count, rng),
    }


def line_noise(count: int, rng: np.random.Generator) -> Sound:
    """Hiss, hum and clicks."""
    time = np.arange(count) / RATE
    clicks = (rng.random(count) < 2 / RATE) * rng.normal(0, 0.2, count)
    hum = 0.004 * np.sin(2 * np.pi * 60 * time) + 0.002 * np.sin(2 * np.pi * 180 * time)
    return rng.normal(0, 0.006, count) + hum + clicks


def ringing(count: int) -> Sound:
    """Make the North American ringing tone: 440 and 480 Hz, two seconds of six."""
    time = np.arange(count) / RATE
    tone = 0.1 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time))
    return tone * (time % 6 < 2)


def music(count: int, rng: np.random.Generator) -> Sound:
    """Four chords around, a melody above them, and a beat."""
    beat = RATE // 2
    chords = [(0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14)]
    scale = np.array([0, 2, 4, 7, 9, 12])
    time = np.arange(beat) / RATE
    fade = np.exp(-3 * time)
    sound = np.zeros(count + beat)
    for number, start in enumerate(range(0, count, beat)):
        notes = [196 * 2 ** (step / 12) for step in chords[number // 8 % 4]]
        lead = 392 * 2 ** (rng.choice(scale) / 12)
        part = sum(
            0.05 * np.sin(2 * np.pi * note * harmonic * time) / harmonic
            for note in notes
            for harmonic in (1, 2, 3)
        )
        vibrato = 1 + 0.003 * np.sin(2 * np.pi * 5 * time)
        part = part + 0.12 * fade * np.sin(2 * np.pi * lead * vibrato * time)
        part = part + 0.05 * np.exp(-40 * time) * rng.normal(0, 1, beat)
        sound[start : start + beat] += part
    return sound[:count]


def menu(rng: np.random.Generator) -> Sound:
    """Make some eight seconds of vowels with the melody and the syllables of speech."""
    vowels = [(730, 1090, 2440), (270, 2290, 3010), (530, 1840, 2480), (570, 840, 2410)]
    parts = []
    for _ in range(28):
        length = int(RATE * rng.uniform(0.15, 0.3))
        time = np.arange(length) / RATE
        pitch = rng.uniform(170, 230) * (1 - 0.3 * time)
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        formants = vowels[rng.integers(len(vowels))]
        voice = np.zeros(length)
        for harmonic in range(1, 17):
            hertz = harmonic * pitch.mean()
            weight = sum(1 / (1 + ((hertz - formant) / 90) ** 2) for formant in formants)
            voice += weight * np.sin(harmonic * phase)
        shape = np.hanning(length)
        parts.extend([0.15 * voice * shape, np.zeros(int(RATE * rng.uniform(0.02, 0.12)))])
    return np.concatenate(parts)


def looped(spoken: Sound, count: int, rng: np.random.Generator) -> Sound:
    """Repeat the same again and again, two seconds apart, over a little noise."""
    once = np.concatenate([spoken, np.zeros(2 * RATE)])
    return np.tile(once, -(-count // len(once)))[:count] + rng.normal(0, 0.001, count)
