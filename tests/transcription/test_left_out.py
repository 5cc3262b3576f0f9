"""Calls that are not in English, and recordings that are no conversation: told apart, counted."""

import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.findings import coverage, heard_calls, left_out, talk_measures
from calltrack_nb.settings import Transcription
from calltrack_nb.themes.turns import caller_turns
from calltrack_nb.transcription import (
    Options,
    Transcript,
    Utterance,
    Word,
    open_engine,
    transcribe,
    utterances_table,
    weights,
)
from calltrack_nb.transcription.conversation import is_conversation
from calltrack_nb.transcription.language import other_language
from calltrack_nb.workbench import init_workspace

PINNED = Path(__file__).parents[1] / "pinned" / "transcripts.json.gz"

SPANISH = (
    "Buenos días, quería pedir una tarta de boda para ochenta personas, para el sábado veinte "
    "de junio. ¿Me puede decir cuánto cuesta y si la entregan a domicilio?"
)
ENGLISH = (
    "Good morning, I would like to order a wedding cake for eighty people, for Saturday the "
    "twentieth of June. How much is it, and do you deliver?"
)

# from the first page of Poe's "The Fall of the House of Usher"
USHER = (
    "During the whole of a dull, dark, and soundless day in the autumn of the year, when the "
    "clouds hung oppressively low in the heavens, I had been passing alone, on horseback, "
    "through a singularly dreary tract of country; and at length found myself, as the shades "
    "of the evening drew on, within view of the melancholy House of Usher. I know not how it "
    "was but, with the first glimpse of the building, a sense of insufferable gloom pervaded "
    "my spirit."
)


def utterance(text, speaker="caller", flags=()):
    return Utterance(speaker, 0.0, 5.0, text, 0.9, flags)


def call(*utterances, language="en"):
    return Transcript(tuple(utterances), {}, "mono", 30.0, "fake", "fake", language=language)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(("voice", "text", "other"), [("es", SPANISH, 1), ("en-us", ENGLISH, 0)])
def test_english_model_knows_what_it_does_not_know(tmp_path, voice, text, other):
    """Spanish under a model of English is flagged as another language; English is not."""
    path = tmp_path / "spoken.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "145", "-w", str(path), text], check=True)
    made = transcribe(path, open_engine(Transcription(engine="faster-whisper")), Options())
    assert made.utterances
    assert all((schema.OTHER_LANGUAGE in said.flags) == other for said in made.utterances)
    assert made.language == ("und" if other else "en")


def test_calls_of_the_sample_are_english_conversations():
    """None of the sample's calls is taken for another language or for no conversation."""
    for stem, text in json.loads(gzip.decompress(PINNED.read_bytes())).items():
        made = Transcript.from_json(json.dumps(text))
        for speaker, spans in made.speech.items():
            words = [
                word for said in made.utterances if said.speaker == speaker for word in said.words
            ]
            seconds = sum(end - start for start, end in spans)
            # English was seen with half of that at most, but for voices of a machine
            assert other_language(words, seconds, no_speech=0.5) is None, stem
        assert is_conversation(made.utterances), stem


def test_model_of_many_languages_says_which():
    """Where the model detects languages, the one most of the speech is in counts."""
    sure = [Word("hola", 0, 1, 0.99)] * 9
    assert other_language(sure, 9.0, [("es", 6.0), ("en", 3.0)]) == "es"
    assert other_language(sure, 9.0, [("es", 3.0), ("en", 6.0)]) is None


def test_unsure_words_are_foreign_where_the_model_hears_nobody():
    """English on a bad line gives unsure words; a foreign voice is also taken for silence."""
    unsure = [
        Word(text, at / 2, at / 2 + 0.4, 0.3)
        for at, text in enumerate(
            [
                "the",
                "key",
                "to",
                "the",
                "back",
                "of",
                "a",
                "door",
                "for",
                "me",
                "and",
                "then",
                "I",
                "go",
            ]
        )
    ] + [Word(f"{at}", 7.0, 7.4, 0.95) for at in range(6)]
    assert other_language(unsure, 9.0, no_speech=0.05) is None
    assert other_language(unsure, 9.0, no_speech=0.6) == "und"


def test_a_word_or_two_do_not_tell_the_language():
    """Too little speech is taken for no foreign language, however unsure the words."""
    assert other_language([Word("Thank", 0, 0.3, 0.2)], 1.5) is None


@pytest.mark.parametrize(
    "text",
    [
        "For opening hours, press 1. To speak to somebody, press 2.",
        "Your call is important to us. Please stay on the line.",
        USHER,
    ],
)
def test_menus_and_texts_read_out_are_no_conversation(text):
    """What a machine says to nobody who answers, and a book, are told apart."""
    assert not is_conversation([utterance(text, "unknown")])


@pytest.mark.parametrize(
    "lines",
    [
        [utterance("Please hold, I will look.", "agent"), utterance("Sure, I have time for that.")],
        [utterance("Hi, this is Ann. Please call me back about my cake, thanks. Bye.", "unknown")],
        [utterance("Thank you.")],
        [utterance("Press 1 for sales.", "agent"), utterance("Hi, are you open on Sunday?")],
    ],
)
def test_people_who_talk_are_a_conversation(lines):
    """A message, a single thank you, and callers put on hold or led through a menu stay."""
    assert is_conversation(lines)


def test_what_is_left_out_is_counted_and_takes_no_part():
    """Such calls are in no theme and no count of calls heard, and are said with their number."""
    transcripts = {
        "en": call(utterance("I would like a cake.")),
        "es": call(utterance("Quisiera una tarta.", flags=("other_language",)), language="es"),
        "und": call(utterance("Thank you.", flags=("other_language",)), language="und"),
        "menu": call(utterance("Press 1 for sales.", flags=("no_conversation",))),
        "ring": call(),
    }
    said = utterances_table(transcripts, "main")
    said["redacted_text"] = said["text"]
    calls = pd.DataFrame({"call_id": list(transcripts), "status": "answered", "recording": "x"})
    calls["started_at"] = pd.Timestamp("2026-08-01", tz="UTC")
    heard = heard_calls(said, calls)
    assert list(heard) == ["en"]
    assert list(caller_turns(said)["call_id"]) == ["en"]
    talk = talk_measures(transcripts, "main")
    # what is not English cannot be judged by English words
    assert is_conversation(transcripts["es"].utterances)
    text = coverage(calls, heard, talk).text
    assert "2 calls are not in English (1 in Spanish)" in text
    assert "2 recordings are no conversation" in text
    assert left_out(talk[talk["call_id"] == "en"]) == ""


def test_parts_of_the_optional_model_are_joined_once_and_checked(tmp_path, monkeypatch):
    """The two parts make one file in the cache; a part that is not the known one is refused."""
    for number, (package, part) in enumerate(weights._PARTS):
        data = tmp_path / "site" / package / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / part).write_bytes(bytes([number]) * 10)
    for name in weights._BESIDE:
        (data / name).write_text("{}")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv(weights.CACHE_VARIABLE, str(tmp_path / "cache"))
    with pytest.raises(TranscriptionError, match="not the known ones"):
        weights.many_languages()
    assert not list((tmp_path / "cache").rglob("*.part"))
    whole = bytes([0]) * 10 + bytes([1]) * 10
    monkeypatch.setattr(weights, "MANY_LANGUAGES_SHA256", hashlib.sha256(whole).hexdigest())
    found = weights.many_languages()
    assert (found.path / "model.bin").read_bytes() == whole
    assert {path.name for path in found.path.iterdir()} == {"model.bin", *weights._BESIDE}
    before = (found.path / "model.bin").stat().st_mtime_ns
    assert weights.many_languages() == found
    assert (found.path / "model.bin").stat().st_mtime_ns == before


def test_asking_for_a_model_of_many_languages_asks_for_each_calls_own(workspace):
    """``--model base`` transcribes every call in its own language, unless one is said."""
    assert workspace._engine(None, "base")[0].language == "auto"
    assert workspace._engine(None, "base", "de")[0].language == "de"
    assert workspace._engine(None, "tiny.en")[0].language == "en"


@pytest.fixture
def workspace(tmp_path):
    return init_workspace(tmp_path / "shop")
