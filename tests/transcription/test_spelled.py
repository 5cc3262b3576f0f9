"""What is spelled or joined by hyphens: each part where it is said, written as one."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from calltrack_nb.audio import SAMPLE_RATE, Audio, Layout, Span
from calltrack_nb.redaction import redact_text
from calltrack_nb.transcription import (
    Options,
    Packing,
    Prepared,
    WindowResult,
    Word,
    transcribe_prepared,
)
from calltrack_nb.transcription.engine import EngineInfo
from calltrack_nb.transcription.glossary import write_names
from calltrack_nb.transcription.windows import pack
from calltrack_nb.transcription.words import join_words, written


@dataclass
class Speller:
    """Hears one long word in a whole window, and counts how often it is asked."""

    text: str
    at_once: int = 1
    seen: list = field(default_factory=list)

    @property
    def info(self):
        return EngineInfo("fake", "fake", "none", "cpu", "none")

    def decode(self, windows, decoding):
        self.seen.extend(windows)
        return [
            WindowResult(
                join_words([Word(f" {self.text}", 0.2, window.length_s - 0.2, 0.9)], "en"),
                -0.2,
                0.01,
                "en",
            )
            for window in windows
        ]


def spelled_call(*spans):
    """A mono call in which somebody speaks in these spans."""
    seconds = 12
    samples = np.zeros((1, seconds * SAMPLE_RATE), np.float32)
    windows = pack(samples, (spans,), (np.ones(400, np.float32),), Packing())
    layout = Layout("mono", (0,), None, (0.0,), "One channel holds both parties.")
    return Prepared(Audio(samples, SAMPLE_RATE), layout, (spans,), windows)


@pytest.mark.parametrize("text", ["P-O-W-E-L-L-V-A-N-E-S-S-A.", "4155550142", "POWELLVANESSA"])
def test_spelled_over_a_pause_is_heard_once(text):
    """A name spelled and a number given over a pause stand there once, decoded once."""
    engine = Speller(text)
    call = spelled_call(Span(1.0, 4.0), Span(4.6, 7.6))
    (made,) = transcribe_prepared([call], engine, Options())
    assert [said.text for said in made.utterances] == [text]
    assert len(engine.seen) == 1


def test_parts_are_placed_each_where_it_is_said():
    """A spelled name over a pause of most of a second and more is parted there."""
    call = spelled_call(Span(1.0, 4.0), Span(5.0, 8.0))
    (made,) = transcribe_prepared([call], Speller("P-O-W-E-L-L-V-A-N-E-S-S-A."), Options())
    first, second = made.utterances
    assert written([*first.words, *second.words]) == "P-O-W-E-L-L-V-A-N-E-S-S-A."
    assert first.text.startswith("P-O-W-E")
    assert second.text.endswith("S-S-A.")
    assert not second.text.startswith("-")
    assert all(word.end_s <= 4.0 for word in first.words)
    assert all(word.start_s >= 5.0 for word in second.words)


def test_speech_without_any_word_is_still_looked_at_again():
    """Speech that nothing accounts for, neither words nor figures, is decoded by itself."""
    engine = Speller("hello")
    transcribe_prepared([spelled_call(Span(1.0, 2.0), Span(5.0, 8.0))], engine, Options())
    assert len(engine.seen) == 2


def test_both_parts_of_a_parted_name_are_redacted():
    """A name spelled in two turns is hidden in each."""
    for text in ("My last name is Powell, P-O-W-E-L-L.", "V-A-N-E-S-S-A."):
        hidden = redact_text(text).text
        assert "P-O" not in hidden
        assert "A-N-E" not in hidden


def test_name_of_the_glossary_replaces_a_hyphened_word_whole():
    """What hyphens join is taken for a name as one, never a part of it."""
    plain = WindowResult(join_words([Word(" Jean-Lucke", 0, 1, 0.5)], "en"), 0, 0)
    told = WindowResult(join_words([Word(" Jean-Luc", 0, 1, 0.5)], "en"), 0, 0)
    assert write_names(plain, told, ["Jean-Luc"])[0].text == "Jean-Luc"
