"""Which calls are said not to be in English: shares flagged by language, beside the truth.

Files are named after the language that is spoken in them, up to the first ``_`` or ``-``
(``es_clinic_3.wav``, ``en-gb_7.mp3``); whatever has no such name is taken for English.
Without files, call-like sentences are spoken by espeak-ng, where it is installed, in five
languages and five accents of English. A synthesizer is not a person: the table says what
the test is worth between languages, not how it fares on a telephone.

The peer is Whisper's own detection, where a model of many languages is given.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from calltrack_nb.errors import CalltrackError
from calltrack_nb.findings import talk_measures
from calltrack_nb.schema import OTHER_LANGUAGE
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Options, open_engine, transcribe

SUFFIXES = (".wav", ".mp3", ".ogg", ".m4a", ".flac", ".opus")
ENGLISH = ("en-us", "en-gb", "en-gb-scotland", "en-029", "en-gb-x-gbclan")
TEXTS = {
    "en": (
        (
            "Good morning, I would like to order a wedding cake for eighty people, for "
            "Saturday the "
            "twentieth of June. How much is it, and do you deliver?"
        ),
        (
            "Hi, I'm calling because my car makes a strange noise when I brake. Do you have an "
            "opening this week? Thursday morning would work for me."
        ),
    ),
    "es": (
        (
            "Buenos días, quería pedir una tarta de boda para ochenta personas, para el "
            "sábado veinte "
            "de junio. ¿Me puede decir cuánto cuesta y si la entregan?"
        ),
        (
            "Hola, llamo porque el coche hace un ruido muy raro cuando freno. ¿Tienen hueco esta "
            "semana? Puedo ir el jueves por la mañana."
        ),
    ),
    "fr": (
        (
            "Bonjour, je voudrais commander un gâteau pour l'anniversaire de ma fille, samedi "
            "prochain. Nous serons une vingtaine. Quel est le prix ?"
        ),
        (
            "Bonjour, je vous appelle parce que ma voiture fait un bruit bizarre quand je freine. "
            "Est-ce que vous avez de la place cette semaine ?"
        ),
    ),
    "de": (
        (
            "Guten Tag, ich möchte gerne eine Torte für die Hochzeit meiner Schwester "
            "bestellen, am "
            "zwanzigsten Juni, für achtzig Gäste. Was kostet das ungefähr?"
        ),
        (
            "Hallo, mein Auto macht beim Bremsen ein komisches Geräusch. Haben Sie diese "
            "Woche noch "
            "einen Termin frei? Donnerstag vormittag wäre gut."
        ),
    ),
    "it": (
        (
            "Buongiorno, vorrei ordinare una torta per il matrimonio di mia sorella, il "
            "venti giugno, "
            "per ottanta persone. Quanto costa?"
        ),
        "Salve, la mia macchina fa un rumore strano quando freno. Avete posto questa settimana?",
    ),
    "cmn": (
        "您好，我想订一个婚礼蛋糕，六月二十号，大概八十个人。请问多少钱？可以送货吗？",  # noqa: RUF001
        "你好，我的车刹车的时候有奇怪的声音，这个星期有时间修吗？星期四早上可以。",  # noqa: RUF001
    ),
}


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks languages")
    parser.add_argument("paths", nargs="*", type=Path, help="recordings, or folders of them")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="tiny.en", help="base, where it is installed, detects")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(argv)
    engine = open_engine(
        Transcription(engine=chosen.engine, model=chosen.model), threads=chosen.threads
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with tempfile.TemporaryDirectory() as folder:
        files = _files(chosen.paths) if chosen.paths else spoken(Path(folder))
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


def spoken(folder: Path) -> list[Path]:
    """Let espeak-ng speak the sentences."""
    if shutil.which("espeak-ng") is None:
        raise SystemExit("espeak-ng, which speaks, is not installed; name recordings instead")
    made = []
    for language, texts in TEXTS.items():
        voices = ENGLISH if language == "en" else (language, f"{language}+f3")
        for voice in voices:
            for number, text in enumerate(texts):
                path = folder / f"{language}_{voice}_{number}.wav"
                command = ["espeak-ng", "-v", voice, "-s", "145", "-w", str(path), text]
                subprocess.run(command, check=True)  # noqa: S603 - our own words
                made.append(path)
    return made


def _files(paths: Sequence[Path]) -> list[Path]:
    inside = (sorted(path.iterdir()) if path.is_dir() else [path] for path in paths)
    return [file for files in inside for file in files if file.suffix in SUFFIXES]
