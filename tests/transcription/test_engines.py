"""The real engines on real and synthetic calls, from the bundled weights."""

import itertools
import re

import jiwer
import pytest
from whisper.normalizers import EnglishTextNormalizer

from calltrack_nb import shipped
from calltrack_nb.audio import decode, probe
from calltrack_nb.errors import ModelNotFound
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import (
    Options,
    describe_engine,
    open_engine,
    prepare,
    transcribe,
    transcribe_prepared,
)
from calltrack_nb.transcription.engine import Decoding
from calltrack_nb.transcription.suspicion import longest_loop
from calltrack_nb.transcription.weights import CACHE_VARIABLE


def recordings_of_the_sample():
    return sorted((shipped.sample() / "data" / "recordings").glob("*.mp3"))


@pytest.fixture(scope="module")
def faster():
    return open_engine(Transcription(engine="faster-whisper"))


@pytest.fixture(scope="module")
def sample_calls():
    audios = ((path, decode(path)) for path in recordings_of_the_sample())
    calls = ((path, audio) for path, audio in audios if 25 < audio.duration_s < 60)
    return [path for path, audio in itertools.islice(calls, 8) if probe(audio).split][:6]


def test_auto_is_said_plainly():
    """What auto means on this machine is an engine, a device and a precision."""
    info = describe_engine(Transcription())
    assert info.engine in ("faster-whisper", "openai-whisper")
    assert info.text.startswith("tiny.en by ")


@pytest.mark.parametrize("model", ["/nowhere/model", "missing.pt"])
def test_missing_weights(model):
    """A model that is not there is named, with what is bundled."""
    with pytest.raises(ModelNotFound, match=r"tiny\.en is bundled"):
        describe_engine(Transcription(model=model))


def test_no_party_is_lost(faster):
    """Whoever speaks for two seconds in a short two-party call has words in its transcript."""
    audios = ((path, decode(path)) for path in recordings_of_the_sample())
    short = [path for path, audio in audios if audio.duration_s < 22 and probe(audio).split]
    assert short
    for path in short:
        made = transcribe(path, faster)
        spoke = {who for who, spans in made.speech.items() if sum(b - a for a, b in spans) >= 2}
        assert spoke <= {said.speaker for said in made.utterances}, path.name


def test_neighbours_do_not_matter(faster, sample_calls):
    """Calls decoded together give, byte for byte, what each gives alone."""
    options = Options()
    calls = [prepare(decode(path), options) for path in sample_calls[:3]]
    together = transcribe_prepared(calls, faster, options)
    alone = [transcribe_prepared([call], faster, options)[0] for call in calls]
    assert [one.to_json() for one in together] == [one.to_json() for one in alone]
    assert all(one.utterances for one in together)


def test_threads_do_not_matter(faster, sample_calls):
    """One thread gives, byte for byte, what all threads give."""
    options = Options()
    alone = open_engine(Transcription(engine="faster-whisper"), threads=1)
    calls = [prepare(decode(path), options) for path in sample_calls[:3]]
    one, other = (transcribe_prepared(calls, engine, options) for engine in (faster, alone))
    assert [made.to_json() for made in one] == [made.to_json() for made in other]


def test_batches_do_not_matter(faster, sample_calls):
    """Windows decoded by fours give the same words as one by one."""
    options = Options()
    by_fours = open_engine(Transcription(engine="faster-whisper"), threads=1, batch_size=4)
    calls = [prepare(decode(path), options) for path in sample_calls[:3]]
    one, other = (transcribe_prepared(calls, engine, options) for engine in (faster, by_fours))
    assert [made.text for made in one] == [made.text for made in other]


@pytest.mark.filterwarnings("ignore")
def test_short_look_hears_what_the_whole_one_hears(faster, sample_calls):
    """Looking at the sound and a margin only changes few words: less than one in ten."""
    windows = [
        window for path in sample_calls for window in prepare(decode(path), Options()).windows
    ]
    clean = EnglishTextNormalizer()
    texts = [
        [clean(result.text) for result in faster.decode(windows, Decoding(whole=whole))]
        for whole in (True, False)
    ]
    assert len(windows) > 10
    assert jiwer.wer(*texts) < 0.1


@pytest.mark.filterwarnings("ignore")
def test_engines_agree(faster, tmp_path_factory, monkeypatch):
    """Both engines hear the same words on four short calls: under 10 % apart, same weights."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
    openai = open_engine(Transcription(engine="openai-whisper"))
    # greedy, for that engine decodes several windows at once only without a beam
    options = Options(beam_size=1, careful_beam_size=1)
    found = ((path, decode(path)) for path in recordings_of_the_sample())
    two = sorted((audio.duration_s, path.name) for path, audio in found if probe(audio).split)
    folder = shipped.sample() / "data" / "recordings"
    calls = [prepare(decode(folder / name), options) for _, name in two[:4]]
    clean = EnglishTextNormalizer()
    texts = [
        [clean(made.text) for made in transcribe_prepared(calls, engine, options)]
        for engine in (faster, openai)
    ]
    assert sum(len(text.split()) for text in texts[0]) > 150
    assert jiwer.wer(texts[0], texts[1]) < 0.10


@pytest.mark.slow
def test_garage_call(faster, shared_data):
    """A real call: no stuck record, turns that alternate, a spelled name kept as letters."""
    folder = shared_data / "recordings" / "auto_repair"
    made = transcribe(folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav", faster)
    assert made.layout == "two_party"
    assert longest_loop(" ".join(one.text for one in made.utterances)) is None
    order = [one.speaker for one in made.utterances]
    changes = sum(before != after for before, after in itertools.pairwise(order))
    assert order[0] == "agent"
    assert changes >= 20
    caller = " ".join(one.text for one in made.utterances if one.speaker == "caller")
    # the first two letters stand before a pause, and Whisper's ear for them is luck
    assert re.search(r"\bT-I-L-L", caller)
    caller = " ".join(one.text for one in made.utterances if one.speaker == "caller").lower()
    assert "service light" in caller
    assert "two days from now" in caller
