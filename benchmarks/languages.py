"""Which calls are said not to be in English: shares flagged by language, beside the truth.

Files are named after the language that is spoken in them, up to the first ``_`` or ``-``
(``es_clinic_3.wav``, ``en-gb_7.mp3``); whatever has no such name is taken for English.
Without files, call-like sentences are spoken by espeak-ng, where it is installed, in seven
languages and seven accents of English, each by other variants of the voice, over a
telephone's band. A synthesizer is not a person: the table says what the test is worth
between languages, not how it fares on a telephone.

The peer is Whisper's own detection, where a model of many languages is given.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import soundfile as sf
from scipy.signal import butter, resample_poly, sosfilt

from benchmarks._spoken_sentences import ENGLISH_VOICES, FOREIGN_VOICES, SPEAKERS, TEXTS
from calltrack_nb.errors import CalltrackError
from calltrack_nb.findings import talk_measures
from calltrack_nb.schema import OTHER_LANGUAGE
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Options, open_engine, transcribe

SUFFIXES = (".wav", ".mp3", ".ogg", ".m4a", ".flac", ".opus")


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks languages")
    parser.add_argument("paths", nargs="*", type=Path, help="recordings, or folders of them")
    parser.add_argument("--sentences", type=int, default=6, help="spoken by each voice, 6 at most")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="tiny.en", help="base, where it is installed, detects")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(argv)
    engine = open_engine(
        Transcription(engine=chosen.engine, model=chosen.model), threads=chosen.threads
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with tempfile.TemporaryDirectory() as folder:
        files = _files(chosen.paths) if chosen.paths else spoken(Path(folder), chosen.sentences)
        options = Options() if chosen.model.endswith(".en") else Options(language=None)
        for path in files:
            try:
                made = transcribe(path, engine, options)
            except CalltrackError as error:
                print(f"{path.name}: {error}")
                continue
            left_out = talk_measures({path.stem: made}, "main")["left_out"].iloc[0]
            count = counts[language_of(path)]
            count[0] += 1
            count[1] += left_out == OTHER_LANGUAGE
    print(f"{'':12}{'recordings':>12}{'not English':>13}{'share':>8}")
    for language, (files_n, flagged) in sorted(counts.items()):
        print(f"{language:12}{files_n:12}{flagged:13}{flagged / files_n:8.3f}")
    english = counts.pop("en", [0, 0])
    other = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0]
    answer = {
        "model": chosen.model,
        "english": english[0],
        "english_flagged_share": round(english[1] / max(1, english[0]), 4),
        "other": other[0],
        "other_flagged_share": round(other[1] / max(1, other[0]), 4),
    }
    print(json.dumps(answer))


def language_of(path: Path) -> str:
    """Return the language in a file's name.

    Examples
    --------
    >>> language_of(Path("es_3.wav")), language_of(Path("en-gb_1.wav")), language_of(Path("CAL1"))
    ('es', 'en', 'en')
    """
    found = re.match(r"([a-z]{2,3})[-_]", path.stem)
    return found[1] if found else "en"


def spoken(folder: Path, sentences: int) -> list[Path]:
    """Let espeak-ng speak the first sentences of every language, in every voice."""
    if shutil.which("espeak-ng") is None:
        raise SystemExit("espeak-ng, which speaks, is not installed; name recordings instead")
    made = []
    turns = itertools.cycle(SPEAKERS)
    for language, texts in TEXTS.items():
        voices = ENGLISH_VOICES if language == "en" else FOREIGN_VOICES[language]
        for voice in voices:
            for number, text in enumerate(texts[:sentences]):
                speaker = next(turns)
                path = folder / f"{language}_{voice}-{speaker}_{number}.wav"
                command = ["espeak-ng", "-v", f"{voice}+{speaker}", "-s", "145", "-w", str(path)]
                subprocess.run([*command, text], check=True)  # noqa: S603 - our own words
                _telephoned(path)
                made.append(path)
    return made


def _telephoned(path: Path) -> None:
    """Leave of a sound what a telephone lets through: 300 to 3,400 Hz, at 8 kHz."""
    samples, rate = sf.read(path)
    band = butter(4, (300, 3400), "bandpass", fs=rate, output="sos")
    sf.write(path, resample_poly(sosfilt(band, samples), 8000, rate), 8000)


def _files(paths: Sequence[Path]) -> list[Path]:
    inside = (sorted(path.iterdir()) if path.is_dir() else [path] for path in paths)
    return [file for files in inside for file in files if file.suffix in SUFFIXES]
