"""What will be transcribed, and how long it takes, is said before it starts."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from calltrack_nb.transcription import EngineInfo, Options, Transcript
from calltrack_nb.transcription.workload import why_again, workload

TINY = EngineInfo("faster-whisper", "tiny.en", "1a5a", "cpu", "int8")
SMALL = replace(TINY, model="small.en", weights="small.en")


def before(**how: object) -> Transcript:
    """Return a transcript as it was made."""
    known = {"engine": TINY.engine, "model": TINY.model, "options": Options().as_dict()}
    return Transcript((), {}, "mono", 60.0, **{**known, **how})  # type: ignore[arg-type]


def test_time_is_reckoned_from_what_was_measured_here():
    """Sound over measured speed; with nothing measured there is no figure, and that is said."""
    known = workload(2, {}, 36_000, TINY, {TINY.text: 20.0})
    assert known.seconds == pytest.approx(1800)
    assert "10 hours of sound" in known.text
    assert "about 30 minutes, at the 20 times real time measured" in known.text
    unknown = workload(2, {}, 36_000, TINY, {"tiny.en by openai-whisper on cpu (float32)": 9.0})
    assert math.isnan(unknown.seconds)
    assert "tiny.en was not timed on this machine yet" in unknown.text


def test_larger_model_costs_by_its_size_and_its_download_is_said():
    """A model that was never run here is reckoned from one that was, and called no measurement."""
    found = workload(0, {"the model was tiny.en": 3}, 3600, SMALL, {TINY.text: 20.0})
    assert found.seconds == pytest.approx(180 * 244 / 39)
    assert "estimated from tiny.en on this machine and both models' sizes" in found.text
    assert "small.en is downloaded first if it is not here yet: about 488 MB" in found.text
    assert "downloaded" not in workload(1, {}, 3600, TINY, {}).text


def test_sound_of_unknown_length_has_no_time():
    """Where no recording's length is known, none is made up."""
    found = workload(4, {}, math.nan, TINY, {TINY.text: 20.0})
    assert math.isnan(found.seconds)
    assert found.text == (
        "To transcribe: 4 new recordings; of unknown length. How long that takes is not known."
    )


def test_nothing_to_do_is_not_told():
    """No line where there is nothing to transcribe."""
    assert workload(0, {}, 0.0, TINY, {}).text == ""


@pytest.mark.parametrize(
    ("made", "options", "why"),
    [
        (before(model="base"), Options(), "the model was base"),
        (before(engine="openai-whisper"), Options(), "the engine was openai-whisper"),
        (before(), Options(glossary=("Luis",)), "the glossary has changed"),
        (
            before(options={**Options().as_dict(), "front_end": 1}),
            Options(),
            "this version transcribes",
        ),
        (before(options={**Options().as_dict(), "beam_size": 9}), Options(), "the options have"),
        (before(), Options(), "the recording or the weights have changed"),
    ],
)
def test_why_it_is_transcribed_again_is_named(made, options, why):
    """Each thing that makes another transcript is named, the one a user can see first."""
    assert why_again(made, TINY, options).startswith(why)
