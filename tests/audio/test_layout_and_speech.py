"""What channels hold, where speech is, and clips."""

import sys

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import shipped
from calltrack_nb.audio import (
    SAMPLE_RATE,
    Audio,
    clip,
    decode,
    diarize,
    find_speech,
    leaked,
    match,
    probe,
    spans_of,
    speech_probability,
)
from calltrack_nb.errors import RecordingError


def noise(seed, seconds=4, level=0.1):
    return np.random.default_rng(seed).normal(0, level, SAMPLE_RATE * seconds).astype(np.float32)


def stereo(left, right):
    return Audio(np.stack([left, right]).astype(np.float32), 8000)


def test_layouts():
    """Two parties, leakage, a copied mix, a dead channel and silence are told apart."""
    one, other, still = noise(1), noise(2), np.zeros(SAMPLE_RATE * 4, np.float32)
    assert probe(stereo(one, other)).kind == "two_party"
    assert probe(stereo(one + 0.1 * other, other + 0.1 * one)).kind == "two_party"
    assert probe(stereo(one + 0.5 * other, other + 0.5 * one)).kind == "crosstalk"
    assert probe(stereo(one, one)).kind == "copied_mono"
    assert probe(stereo(one, still)).channels == (0,)
    assert probe(stereo(still, one)).channels == (1,)
    assert probe(stereo(still, still)).kind == "silent"
    assert probe(Audio(one[np.newaxis], 8000)).kind == "mono"


def test_delayed_copy_is_a_copy():
    """A mix copied with a few milliseconds' delay is still one mix."""
    low = np.convolve(noise(3), np.ones(32) / 32, "same").astype(np.float32)
    assert probe(stereo(low, np.roll(low, 80))).kind == "copied_mono"


def test_no_speech_in_noise_or_silence():
    """Neither digital silence nor line noise is speech."""
    assert find_speech(np.zeros(SAMPLE_RATE * 3, np.float32)) == ()
    assert find_speech(noise(4, level=0.003)) == ()


def test_speech_of_a_real_call(shared_data):
    """Both parties of a real call are heard, mostly one at a time."""
    folder = shared_data / "recordings" / "auto_repair"
    audio = decode(folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav")
    assert probe(audio).kind == "two_party"
    caller, agent = (find_speech(channel) for channel in audio.samples)
    heard = [sum(span.length_s for span in spans) for spans in (caller, agent)]
    both = sum(
        max(0.0, min(one.end_s, other.end_s) - max(one.start_s, other.start_s))
        for one in caller
        for other in agent
    )
    assert min(heard) > 60
    assert both < 0.1 * sum(heard)
    assert agent[0].start_s < caller[0].start_s


def test_clip_is_cut_and_muted(tmp_path):
    """A clip holds the seconds asked for, and nothing of a muted span."""
    tone = np.sin(2 * np.pi * 500 * np.arange(SAMPLE_RATE * 5) / SAMPLE_RATE).astype(np.float32)
    made = clip(stereo(0.3 * tone, 0 * tone), 1.0, 4.0, mute=[(2.0, 3.0)])
    path = tmp_path / "clip.mp3"
    path.write_bytes(made)
    heard = decode(path)
    assert heard.duration_s == pytest.approx(3.0, abs=0.15)
    level = [np.abs(heard.samples[0, a:b]).max() for a, b in [(4000, 12000), (19000, 28000)]]
    assert level[0] > 0.2
    assert level[1] < 0.01
    assert len(made) < 20_000


def test_clip_outside_the_recording():
    """A clip with nothing in it is refused."""
    with pytest.raises(RecordingError, match="outside"):
        clip(stereo(noise(1), noise(2)), 10, 12)


def test_match(tmp_path):
    """Recordings are found by path, name, address or call id, never outside the folder."""
    for name in ("a/one.wav", "CAL2.mp3", "CAL3.mp3", "two/same.wav", "three/same.wav"):
        (tmp_path / "rec" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rec" / name).write_bytes(name.encode())
    (tmp_path / "secret.wav").write_bytes(b"x")
    calls = pd.DataFrame(
        {
            "call_id": [f"callrail:CAL{number}" for number in range(1, 8)],
            "recording": [
                "a/one.wav",
                "https://x.example/calls/CAL2.mp3?key=1",
                "https://x.example/recording.json",
                "../secret.wav",
                "same.wav",
                None,
                "gone.wav",
            ],
        }
    )
    found = match(calls, tmp_path / "rec").set_index("call_id")
    assert found["path"].dropna().to_dict() == {
        "callrail:CAL1": "a/one.wav",
        "callrail:CAL2": "CAL2.mp3",
        "callrail:CAL3": "CAL3.mp3",
    }
    assert "leads out" in found.loc["callrail:CAL4", "problem"]
    assert "Several" in found.loc["callrail:CAL5", "problem"]
    assert "no such file" in found.loc["callrail:CAL7", "problem"]
    assert "callrail:CAL6" not in found.index


def test_voices_of_a_real_call_mixed_to_one_channel(shared_data):
    """Where the parties of a mixed call are told apart, they are told apart rightly."""
    folder = shared_data / "recordings" / "auto_repair"
    two = decode(folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav").samples
    mixed = two.sum(axis=0)
    spans = find_speech(mixed)
    voices = diarize(mixed, spans)
    tally = {True: 0.0, False: 0.0}
    for span, label in zip(spans, voices.labels, strict=True):
        cut = slice(int(span.start_s * SAMPLE_RATE), int(span.end_s * SAMPLE_RATE))
        truth = int(np.square(two[1, cut]).sum() > np.square(two[0, cut]).sum())
        if label is not None:
            tally[label == truth] += span.length_s
    assert min(tally.values()) < 0.02 * sum(tally.values())
    assert sum(tally.values()) > 120


def test_one_voice_is_not_made_two(shared_data):
    """Prompts of one voice are not divided between two speakers."""
    folder = shared_data / "recordings" / "ivr_8k" / "wav"
    parts = [decode(path).samples[0] for path in sorted(folder.glob("vm-*.wav"))[:16]]
    mixed = np.concatenate(parts)
    assert set(diarize(mixed, find_speech(mixed)).labels) == {None}


def test_leakage_is_not_speech(shared_data):
    """Speech leaking into the other channel is not heard there; a party's own stays."""
    folder = shared_data / "recordings" / "auto_repair"
    two = decode(folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav").samples[:, :1_600_000]
    leaky = (two + 0.1 * np.roll(two[::-1], 40, axis=1)).astype(np.float32)
    before = tuple(speech_probability(channel) for channel in leaky)
    after = tuple(map(speech_probability, leaky, leaked(leaky)))

    def heard(probability):
        spans = [spans_of(chances, 100.0) for chances in probability]
        return [sum(span.length_s for span in own) for own in spans]

    clean = heard(tuple(speech_probability(channel) for channel in two))
    assert sum(heard(before)) > 1.3 * sum(clean)
    assert heard(after) == pytest.approx(clean, rel=0.1)


@pytest.mark.parametrize(("delay_s", "down_db"), [(0.15, 6), (0.15, 12), (0.3, 9), (0.25, 20)])
def test_echo_is_no_second_speaker(delay_s, down_db):
    """A party that comes back on the other channel is heard once; who answers there stays."""
    path = min((shipped.sample() / "data" / "recordings").glob("*.mp3"))
    caller, agent = decode(path).samples
    late = round(delay_s * SAMPLE_RATE)
    echo = np.concatenate([np.zeros(late, np.float32), caller[:-late]]) * 10 ** (-down_db / 20)
    for answered in (agent, np.zeros_like(agent)):
        both = np.stack([caller, answered + echo]).astype(np.float32)
        ignored = leaked(both)
        assert not ignored[0].any()
        heard = spans_of(speech_probability(both[1], ignored[1]), len(caller) / SAMPLE_RATE)
        truly = sum(span.length_s for span in find_speech(answered))
        assert sum(span.length_s for span in heard) == pytest.approx(truly, abs=0.5)


def test_parties_who_do_not_echo_are_left_alone():
    """On a call without an echo no delay is mistaken for one."""
    path = min((shipped.sample() / "data" / "recordings").glob("*.mp3"))
    assert not leaked(decode(path).samples).any()


def test_noise_of_the_line_hides_no_speech(shared_data):
    """Where the floor is raised to the line's own noise, quiet speech is still found."""
    folder = shared_data / "recordings" / "auto_repair"
    two = decode(folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav").samples[:, :1_600_000]
    quiet = 0.1 * two[0] / np.abs(two[0]).max()
    noisy = (quiet + np.random.default_rng(0).normal(0, 0.001, len(quiet))).astype(np.float32)
    found = [sum(span.length_s for span in find_speech(each)) for each in (two[0], noisy)]
    assert found[1] == pytest.approx(found[0], rel=0.1)
    assert find_speech(noisy - quiet.astype(np.float32)) == ()


def test_speech_of_hours_is_found_as_that_of_minutes(monkeypatch):
    """What is looked at piece by piece, so that it does not fill the memory, is heard alike."""
    path = min((shipped.sample() / "data" / "recordings").glob("*"), key=lambda p: p.stat().st_size)
    sound = np.tile(decode(path).samples[0], 3)
    whole = speech_probability(sound)
    speech = sys.modules[speech_probability.__module__]
    monkeypatch.setattr(speech, "_AT_ONCE", 300)
    monkeypatch.setattr(speech, "_WARM", 150)
    cut = speech_probability(sound)
    assert whole.shape == cut.shape
    assert ((whole > 0.5) == (cut > 0.5)).mean() > 0.98
    seconds = len(sound) / SAMPLE_RATE
    assert len(spans_of(whole, seconds)) == pytest.approx(len(spans_of(cut, seconds)), abs=1)
