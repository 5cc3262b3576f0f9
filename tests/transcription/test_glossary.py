"""The business's own names: written where they were said, never where they were not."""

import re
from dataclasses import replace

import numpy as np
import pytest

from calltrack_nb import shipped
from calltrack_nb.audio import SAMPLE_RATE, Audio, Span, decode, probe
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import (
    Options,
    Packing,
    Prepared,
    WindowResult,
    Word,
    open_engine,
    prepare,
    transcribe_prepared,
)
from calltrack_nb.transcription.glossary import likeness, write_names
from calltrack_nb.transcription.windows import pack

ELSEWHERE = ("Hokanson", "Zephyrine", "Bramblewick", "tiramisu", "Kelly", "Sanders")


@pytest.fixture(scope="module")
def engine():
    return open_engine(Transcription(engine="faster-whisper"))


def heard(text, start=0.0):
    """Words of half a second each."""
    return WindowResult(
        tuple(
            Word(unit, start + at * 0.5, start + at * 0.5 + 0.5, 0.8)
            for at, unit in enumerate(text.split())
        ),
        -0.2,
        0.01,
    )


@pytest.mark.parametrize(
    ("plain", "told", "names", "written"),
    [
        ("Mary's case, Joan speaking.", "Mary's Cakes Joan", ["Mary's Cakes"], [0, 1]),
        ("with fun don't please", "with fondant please", ["fondant"], [1]),
        ("Louise, Louise.", "Luis Luis", ["Luis"], [0, 1]),
        ("any time. Shall I", "any time Kelly I", ["Kelly"], []),
        ("a cake for Saturday", "a fondant cake", ["fondant"], []),
        ("Louise is here today and", "a b c d e f g Luis", ["Luis"], []),
        ("Mary's cakes, Luis speaking", "Mary's Cakes, Luis speaking", ["Luis"], []),
        ("", "Luis", ["Luis"], []),
    ],
)
def test_names_need_both_decodings(plain, told, names, written):
    """A name is written only where both heard it: one by name, the other as something like it."""
    result, put = write_names(heard(plain), heard(told), names)
    assert list(put) == written
    if not written:
        assert result == heard(plain)


def test_everything_else_stays():
    """The other words, the punctuation and the times are those of the untold decoding."""
    plain = heard("Hello, this is Mary's case. How much?")
    result, put = write_names(plain, heard("hello this is Mary's Cakes how much"), ["Mary's Cakes"])
    assert result.text == "Hello, this is Mary's Cakes. How much?"
    assert [word.text for word in map(result.words.__getitem__, put)] == ["Mary's", "Cakes."]
    assert result.words[3].start_s == plain.words[3].start_s
    assert result.words[4].end_s == plain.words[4].end_s


def test_likeness_of_names_and_of_others():
    """What tiny.en made of names is alike; words it took for them in other calls are not."""
    assert likeness("luis", "louise") > 0.7
    assert likeness("maryscakes", "maryscase") > 0.7
    assert likeness("kelly", "shall") < 0.5
    assert likeness("graham", "mccurrins") < 0.5


def sample_call(name):
    return prepare(decode(shipped.sample() / "data" / "recordings" / f"{name}.mp3"), Options())


def letters(text):
    return re.sub(r"[\W_]", "", text.lower())


def test_spoken_name_is_heard(engine):
    """The shop's name, half heard untold, is written and flagged; no other word changes."""
    call = [sample_call("CAL22f360b7d2b05699")]
    untold, told = (
        transcribe_prepared(call, engine, Options(glossary=glossary))[0]
        for glossary in ((), ("Mary's Cakes", "fondant"))
    )
    assert "Mary's Cakes" not in untold.text
    assert "calling Mary's Cakes." in told.text
    assert [said.flags for said in told.utterances if "Mary's Cakes" in said.text] == [
        ("glossary",)
    ]
    assert told.text.replace("Cakes", "cake") == untold.text.replace("Cakes", "cake")


def test_names_nobody_said(engine):
    """A glossary of names that nobody said leaves real calls without any of them."""
    calls = [sample_call(name) for name in ("lead-4100068", "lead-4100534")]
    for made in transcribe_prepared(calls, engine, Options(glossary=ELSEWHERE)):
        assert made.text
        assert not any(letters(name) in letters(made.text) for name in ELSEWHERE)


def no_speech(kind):
    """Half a minute of something that is no speech."""
    rng = np.random.default_rng(7)
    time = np.arange(29 * SAMPLE_RATE) / SAMPLE_RATE
    if kind == "noise":
        return rng.normal(0, 0.05, len(time))
    if kind == "hum":
        return 0.1 * np.sin(2 * np.pi * 120 * time) * (1 + np.sin(2 * np.pi * 3 * time))
    notes = rng.choice([262, 294, 330, 392, 440], 58).repeat(SAMPLE_RATE // 2)[: len(time)]
    return 0.2 * np.sin(2 * np.pi * np.cumsum(notes) / SAMPLE_RATE)


@pytest.mark.parametrize("kind", ["noise", "hum", "melody"])
def test_names_over_noise(engine, kind):
    """Noise that is taken for speech gets no name."""
    samples = no_speech(kind).astype(np.float32)[np.newaxis]
    audio = Audio(samples, SAMPLE_RATE)
    spans = ((Span(0.5, 28.0),),)
    sure = [np.ones(samples.shape[1] // 512 + 1, np.float32)]
    call = Prepared(audio, probe(audio), spans, pack(samples, spans, sure, Packing()))
    names = ("Mary's Cakes", "fondant", *ELSEWHERE)
    (made,) = transcribe_prepared([call], engine, Options(glossary=names))
    assert not any(letters(name) in letters(made.text) for name in names)


def test_neighbours_do_not_matter_for_names(engine):
    """Calls decoded with a glossary together give, byte for byte, what each gives alone."""
    options = replace(Options(), glossary=("Mary's Cakes", "Luis"))
    calls = [sample_call(name) for name in ("CAL22f360b7d2b05699", "CAL0b24d5b0148d026a")]
    together = transcribe_prepared(calls, engine, options)
    alone = [transcribe_prepared([call], engine, options)[0] for call in calls]
    assert [one.to_json() for one in together] == [one.to_json() for one in alone]
    assert all(any("glossary" in said.flags for said in one.utterances) for one in together)
