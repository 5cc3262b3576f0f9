"""The store of transcripts, and runs over many recordings."""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import soundfile as sf

from calltrack_nb import shipped
from calltrack_nb.audio import SAMPLE_RATE, decode
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.transcription import Options, Transcript, TranscriptStore, transcribe_many
from calltrack_nb.transcription.store import content_of

OPTIONS = Options()


@pytest.fixture(scope="module")
def speech():
    path = min((shipped.sample() / "data" / "recordings").glob("*.mp3"))
    return decode(path).samples


@pytest.fixture
def recordings(tmp_path, speech):
    folder = tmp_path / "recordings"
    folder.mkdir()
    jobs = {}
    for number in range(5):
        path = folder / f"call{number}.wav"
        first = number * SAMPLE_RATE
        sf.write(path, speech[:, first : first + 5 * SAMPLE_RATE].T, SAMPLE_RATE)
        jobs[f"x:{number}"] = path
    return jobs


def run(jobs, store, **how):
    engine = how.pop("engine", FakeTranscriber())
    return {one.call_id: one for one in transcribe_many(jobs, engine, OPTIONS, store, **how)}


def texts(done):
    return {call_id: one.transcript.to_json() for call_id, one in done.items()}


def test_nothing_is_transcribed_twice(recordings, tmp_path):
    """A second run finds every transcript by content, under another name too."""
    store = TranscriptStore(tmp_path / "store")
    first = run(recordings, store)
    assert not any(one.cached for one in first.values())
    assert all(one.transcript.utterances for one in first.values())
    moved = recordings["x:0"].rename(recordings["x:0"].with_name("renamed.wav"))
    second = run({**recordings, "x:0": moved}, store)
    assert all(one.cached for one in second.values())
    assert texts(first) == texts(second)


def test_copies_in_one_run_are_transcribed_once(recordings, tmp_path):
    """Calls whose files hold the same are done once; each gets the words, or its own error."""
    copy = recordings["x:0"].with_name("copy.wav")
    copy.write_bytes(recordings["x:0"].read_bytes())
    for name in ("bad.wav", "worse.wav"):
        recordings["x:0"].with_name(name).write_bytes(b"no recording")
    bad = {name: copy.with_name(f"{name}.wav") for name in ("bad", "worse")}
    done = run({**recordings, "copy": copy, **bad}, TranscriptStore(tmp_path / "store"))
    assert len(done) == len(recordings) + 3
    assert [call_id for call_id, one in done.items() if one.cached] == ["copy", "worse"]
    assert done["copy"].transcript == done["x:0"].transcript
    assert done["copy"].key == done["x:0"].key
    assert str(bad["worse"]) in str(done["worse"].error)


def test_options_and_engine_make_another_transcript(recordings, tmp_path):
    """Another option or engine is another key."""
    store = TranscriptStore(tmp_path)
    path, info = content_of(recordings["x:0"]), FakeTranscriber().info
    keys = {
        store.key(path, info, OPTIONS),
        store.key(path, info, replace(OPTIONS, glossary=("Mary",))),
        store.key(path, replace(info, weights="other"), OPTIONS),
        store.key(path, replace(info, engine="other"), OPTIONS),
    }
    assert len(keys) == 4


def test_bad_files_are_listed_and_the_rest_goes_on(recordings, tmp_path):
    """Each bad file has its reason, and every good one its transcript."""
    bad = {"x:empty": b"", "x:text": b"hello " * 99, "x:cut": b"RIFF\x00\x00"}
    for call_id, content in bad.items():
        path = tmp_path / f"{call_id[2:]}.mp3"
        path.write_bytes(content)
        recordings[call_id] = path
    recordings["x:gone"] = tmp_path / "gone.wav"
    done = run(recordings, TranscriptStore(tmp_path / "store"))
    failed = {call_id for call_id, one in done.items() if one.error is not None}
    assert failed == {*bad, "x:gone"}
    assert len(done) == len(recordings)
    assert all(one.transcript is not None for call_id, one in done.items() if call_id not in failed)


def test_damaged_file_in_the_store_is_done_again(recordings, tmp_path):
    """Half a file in the store counts as none."""
    store = TranscriptStore(tmp_path / "store")
    key = run(recordings, store)["x:3"].key
    file = next((tmp_path / "store").glob(f"*/{key}*"))
    file.write_bytes(file.read_bytes()[:40])
    again = run(recordings, store)
    assert [call_id for call_id, one in again.items() if not one.cached] == ["x:3"]
    assert store.get(key) == again["x:3"].transcript


def test_store_that_cannot_be_written(recordings, tmp_path):
    """A store that cannot be written says so for each call, and leaves nothing behind."""
    (tmp_path / "store").write_text("a file where the folder should be")
    done = run(recordings, TranscriptStore(tmp_path / "store"))
    assert all("cannot be saved" in str(one.error) for one in done.values())
    assert len(done) == len(recordings)


def test_keys_cannot_lead_out_of_the_store(tmp_path):
    """A key is a hash and nothing else."""
    with pytest.raises(TranscriptionError, match="not a transcript's key"):
        TranscriptStore(tmp_path).get("../../etc/passwd")


def test_batch_size_does_not_matter(recordings, tmp_path):
    """Transcripts are the same byte for byte, whatever ran beside them."""
    many = run(recordings, TranscriptStore(tmp_path / "a"))
    one = {
        call_id: run({call_id: path}, TranscriptStore(tmp_path / "b"))[call_id]
        for call_id, path in reversed(recordings.items())
    }
    assert texts(many) == texts({call_id: one[call_id] for call_id in many})


def test_loops_are_done_again(tmp_path, spoken):
    """A window that loops is decoded again with another beam, and the call says so."""
    engine = FakeTranscriber(texts={0: ("hello there my friend",)}, looping=(OPTIONS.beam_size,))
    made = run({"x": spoken}, TranscriptStore(tmp_path), engine=engine)["x"].transcript
    assert "loop" not in made.text
    assert "hello there my friend" in made.text
    assert any("Decoded again" in remark for remark in made.remarks)


@pytest.fixture
def spoken(shared_data):
    return shared_data / "recordings" / "ivr_8k" / "wav" / "vm-opts.wav"


def test_readers_never_see_half_a_transcript(tmp_path):
    """A draft is renamed when it is whole; a reader finds none or all of it."""
    store = TranscriptStore(tmp_path)
    made = Transcript((), {}, "silent", 1.0, "fake", "fake")
    started = time.monotonic()
    store.put("a" * 40, made)
    assert store.get("a" * 40) == made
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".gz"]
    assert time.monotonic() - started < 5


@dataclass
class Counting:
    """An engine that counts how many calls were put together, and how often it was asked."""

    engine: FakeTranscriber = field(default_factory=FakeTranscriber)
    asked: list = field(default_factory=list)
    at_once: int = 1

    @property
    def info(self):
        return self.engine.info

    def decode(self, windows, decoding):
        if windows:
            self.asked.append(len(windows))
        return self.engine.decode(windows, decoding)


def test_a_run_that_nobody_listens_to_stops(recordings, tmp_path):
    """Whoever stops after the first calls waits for the calls in hand, not for all."""
    jobs = {f"{call_id}:{copy}": path for copy in range(12) for call_id, path in recordings.items()}
    engine = Counting()
    running = transcribe_many(jobs, engine, OPTIONS, TranscriptStore(tmp_path / "store"))
    next(running)
    running.close()
    assert sum(engine.asked) < len(jobs) / 2


def test_long_recordings_are_decoded_by_themselves(tmp_path, speech):
    """Calls are put together while they are short, so that long ones do not fill the memory."""
    jobs = {}
    for name, seconds in (("short", 5), ("long", 400), ("longer", 420)):
        for copy in range(2):
            path = tmp_path / f"{name}{copy}.wav"
            sound = np.zeros((2, seconds * SAMPLE_RATE), np.float32)
            sound[:, : 5 * SAMPLE_RATE] = speech[:, : 5 * SAMPLE_RATE]
            sound[:, -1] = 0.001 * copy  # copies are done once
            sf.write(path, sound.T, SAMPLE_RATE)
            jobs[path.stem] = path
    engine = Counting()
    done = run(jobs, TranscriptStore(tmp_path / "store"), engine=engine)
    assert all(one.transcript for one in done.values())
    assert max(engine.asked) == 2 * min(engine.asked)
    assert len(engine.asked) == 5
