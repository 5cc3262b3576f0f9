"""What people truly repeat, heard by the real engine: it stays, as often as it was said."""

import re
import shutil
import subprocess

import jiwer
import numpy as np
import pytest

from calltrack_nb import shipped
from calltrack_nb.audio import SAMPLE_RATE, Audio, decode, find_speech
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Options, open_engine, prepare, transcribe_prepared


@pytest.fixture(scope="module")
def engine():
    return open_engine(Transcription(engine="faster-whisper"))


def digits(text):
    return re.sub(r"\D", "", text)


def test_number_read_back(engine):
    """A number given, read back by the other party and given again stands there three times."""
    name = "CAL376fc18837b1ff9d"  # "six four six, five five five, zero one nine nine"
    audio = decode(shipped.sample() / "data" / "recordings" / f"{name}.mp3")
    caller = audio.samples[0]
    spoken = find_speech(caller)
    whole = transcribe_prepared([prepare(audio, Options())], engine, Options())[0]
    (given,) = [said for said in whole.utterances if len(digits(said.text)) > 8]
    first = next(word.start_s for word in given.words if word.text[0].isdigit())
    start_s = next(span.start_s for span in spoken if span.end_s > first) - 0.2
    cut = caller[int(start_s * SAMPLE_RATE) : int((given.end_s + 0.2) * SAMPLE_RATE)]
    rest, still = np.zeros(SAMPLE_RATE, np.float32), np.zeros_like(cut)
    left = np.concatenate([rest, cut, rest, still, rest, cut, rest])
    right = np.concatenate([rest, still, rest, cut, rest, still, rest])
    call = prepare(Audio(np.stack([left, right]), SAMPLE_RATE), Options())
    (made,) = transcribe_prepared([call], engine, Options())
    numbers = [digits(said.text) for said in made.utterances]
    # tiny.en mishears a digit or two; the number is there each time, and suspect to nobody
    assert len(numbers) == 3
    assert all(jiwer.cer("6465550199", number) <= 0.2 for number in numbers), numbers
    assert not any(said.suspect for said in made.utterances)


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite, which speaks, is not installed")
def test_no_no_no_no(engine, tmp_path):
    """A fourfold no and a number said twice are kept, suspect to nobody, decoded once."""
    path = tmp_path / "no.wav"
    text = "No, no, no, no. I said four one five, four one five, seven seven seven two."
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(path)], check=True)
    (made,) = transcribe_prepared([prepare(decode(path), Options())], engine, Options())
    words = re.findall(r"\w+", made.text.lower())
    assert words.count("no") == 4
    assert digits(made.text) == "4154157772"
    assert not any(said.suspect for said in made.utterances)
    assert made.remarks == ()
