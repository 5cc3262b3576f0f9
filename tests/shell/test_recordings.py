"""Recordings as they lie in a folder: counted, named, and each transcribed and quoted once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from calltrack_nb import init_workspace
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.workbench import Workbench
from calltrack_nb.workspace import Workspace, contents, pipeline
from calltrack_nb.workspace.doctor import diagnose
from calltrack_nb.workspace.workload import keep_speed
from tests.shell.conftest import Ran, write_log

Run = Callable[..., Ran]


@pytest.fixture
def ring_group(tmp_path: Path, shortest: list[Path]) -> Workspace:
    """A workspace with three calls of one recording, two by its name and one by a copy's."""
    workspace = init_workspace(tmp_path / "ring")
    shutil.copy(shortest[3], workspace.recordings / "same.mp3")
    shutil.copy(shortest[3], workspace.recordings / "copy.mp3")
    write_log(workspace.raw / "calls.csv", ["same.mp3", "same.mp3", "copy.mp3"])
    pipeline.import_logs(workspace)
    return workspace


def test_one_recording_of_three_calls_is_transcribed_and_counted_once(
    ring_group: Workspace,
) -> None:
    """What was said once is decoded once, stands once in the tables, and is shown for each."""
    engine = FakeTranscriber()
    step = pipeline.transcribe_calls(ring_group, engine=engine)
    assert step.text.startswith("1 recording transcribed, 2 known already; 2 calls have the rec")
    assert step.problems == ()
    assert sum("the same recording as" in line for line in step.details) == 2
    recordings = ring_group.table("recordings")
    assert recordings["transcript_key"].notna().all()
    assert recordings["transcript_key"].nunique() == 1
    pipeline.listen_to_calls(ring_group)
    for table in ("utterances", "talk"):
        assert ring_group.table(table)["call_id"].nunique() == 1
    bench = Workbench(ring_group.folder)
    pages = [bench.call(call_id).transcript for call_id in recordings["call_id"]]
    assert len(pages[0]) > 0
    assert all(page.equals(pages[0]) for page in pages)


def test_private_words_are_silent_whichever_call_is_played(ring_group: Workspace) -> None:
    """A call whose recording counts for another one gives away no more of it than that one."""
    spoken = dict.fromkeys(range(2), ("my number is 404 555 0123",))
    pipeline.transcribe_calls(ring_group, engine=FakeTranscriber(texts=spoken))
    pipeline.listen_to_calls(ring_group)
    bench = Workbench(ring_group.folder)
    ids = ring_group.table("recordings")["call_id"]
    safe = {bench.call(call_id).player(0, 10) for call_id in ids}
    assert len(safe) == 1
    assert safe != {bench.call(ids[0], share_safe=False).player(0, 10)}


def test_audit_and_doctor_tell_a_shared_recording(ring_group: Workspace, calltrack: Run) -> None:
    """A recording that three calls have is a note of the audit and a line of the doctor's."""
    pipeline.transcribe_calls(ring_group, engine=FakeTranscriber())
    found = Workbench(ring_group.folder).audit().of("recordings_shared").findings
    assert [finding.calls for finding in found] == [2]
    said = calltrack("doctor", "-w", ring_group.folder).out
    assert "check    listen_and_learn: 2 calls have the recording of another call" in said


def test_doctor_counts_and_names_recordings(calltrack: Run, shop: Workspace) -> None:
    """Found, missing, unreadable and nobody's recordings are counted, the first of each named."""
    for name in ("stray1.mp3", "stray2.wav", "stray3.mp3", "stray4.mp3"):
        (shop.recordings / name).write_bytes(name.encode())
    (shop.recordings / "whole0.txt").write_text("made of whole0.mp3")
    pipeline.import_logs(shop)
    pipeline.transcribe_calls(shop, engine=FakeTranscriber())
    said = calltrack("doctor", "-w", shop.folder).out
    assert "ok       listen_and_learn: 4 calls have a recording in data/recordings\n" in said
    missing = next(line for line in said.splitlines() if "1 recording is missing" in line)
    assert "There is no such file in the recordings folder: missing.mp3" in missing
    assert "check    listen_and_learn: 1 recording cannot be read: text.mp3; calltrack tr" in said
    stray = "4 recordings belong to no call: stray1.mp3, stray2.wav, stray3.mp3 and 1 more; name"
    assert stray in said


def test_several_files_of_a_call_are_told_and_not_taken_for_unfetched(
    tmp_path: Path, shortest: list[Path], calltrack: Run
) -> None:
    """A conflict is a problem of the run, also where the log names an address."""
    workspace = init_workspace(tmp_path / "shop")
    for number, name in enumerate(("rec.mp3", "old/rec.mp3")):
        (workspace.recordings / name).parent.mkdir(exist_ok=True)
        shutil.copy(shortest[number], workspace.recordings / name)
    addresses = ["https://r.example.com/rec.mp3", "https://r.example.com/gone.mp3"]
    write_log(workspace.raw / "calls.csv", addresses)
    pipeline.import_logs(workspace)
    step = pipeline.transcribe_calls(workspace, engine=FakeTranscriber())
    assert len(step.problems) == 1
    assert "Several files could be it: rec.mp3 and old/rec.mp3" in step.problems[0]
    assert "1 is still with the provider" in step.text
    said = calltrack("doctor", "-w", workspace.folder).out
    assert "1 recording is still with the provider" in said
    assert "1 recording is missing or cannot be told from others" in said


def test_what_a_file_lacks_is_told_when_it_is_transcribed(shop: Workspace) -> None:
    """A recording that breaks off is transcribed up to there, and the run says so."""
    pipeline.import_logs(shop)
    step = pipeline.transcribe_calls(shop, engine=FakeTranscriber())
    assert any("The file breaks off after" in line for line in step.details)


def test_change_of_glossary_says_what_it_does_again_before_it_starts(
    ring_group: Workspace, calltrack: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """The count, the reason and whether the time is known are told first, by doctor too."""
    caplog.set_level("INFO", logger="calltrack_nb")
    pipeline.transcribe_calls(ring_group, engine=FakeTranscriber())
    assert caplog.messages[0].startswith("To transcribe: 1 new recording; ")
    assert "fake was not timed on this machine yet" in caplog.messages[0]
    caplog.clear()
    pipeline.transcribe_calls(ring_group, engine=FakeTranscriber())
    assert caplog.messages == []
    settings = ring_group.folder / "calltrack.toml"
    said = settings.read_text(encoding="utf-8")
    shown = '#glossary = ["fondant", "gluten-free"]'
    assert shown in said
    settings.write_text(said.replace(shown, 'glossary = ["Luis"]'), encoding="utf-8")
    changed = Workspace(ring_group.folder)
    keep_speed(changed, FakeTranscriber().info, 1200.0, 100.0)
    pipeline.transcribe_calls(changed, engine=FakeTranscriber())
    assert "1 again (the glossary has changed)" in caplog.messages[0]
    assert "at the 12 times real time measured on this machine" in caplog.messages[0]
    doctor = calltrack("doctor", "-w", ring_group.folder).out
    assert "note     listen_and_learn: To transcribe: 1 again (the model was fake)" in doctor


def test_doctor_reads_no_recording_again_that_is_as_it_was(
    ring_group: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says the same unread; a file that took the other's place, size and time is read."""
    monkeypatch.setattr(contents, "_SETTLED_NS", 0)
    same, copy = (ring_group.recordings / name for name in ("same.mp3", "copy.mp3"))
    looked = []
    read = contents.content_of
    monkeypatch.setattr(contents, "content_of", lambda path: looked.append(path.name) or read(path))
    first = diagnose(ring_group).text
    assert "To transcribe: 1 new recording" in first
    assert set(looked) == {"same.mp3", "copy.mp3"}
    looked.clear()
    assert diagnose(ring_group).text == first
    assert looked == []
    told = copy.stat()
    copy.write_bytes(same.read_bytes()[:-1] + b"?")
    os.utime(copy, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert "To transcribe: 2 new recordings" in diagnose(ring_group).text
    assert looked == ["copy.mp3"]
    looked.clear()
    pipeline.transcribe_calls(ring_group, engine=FakeTranscriber())
    assert set(looked) == {"same.mp3", "copy.mp3"}


def test_recordings_of_another_length_than_their_call_are_told(tmp_path: Path) -> None:
    """One that the log names is kept and told; one named after a call's id is not believed."""
    workspace = init_workspace(tmp_path / "lengths")
    hum = 0.1 * np.sin(np.arange(130 * 8000) / 9)
    soundfile.write(workspace.recordings / "long.wav", hum, 8000)
    write_log(workspace.raw / "calls.csv", ["long.wav", "", ""])
    pipeline.import_logs(workspace)
    named, far, fine = sorted(workspace.table("calls")["call_id"], key=_day(workspace))
    soundfile.write(workspace.recordings / f"{far.partition(':')[2]}.wav", hum[::-1], 8000)
    soundfile.write(workspace.recordings / f"{fine.partition(':')[2]}.wav", hum[: 50 * 8000], 8000)
    step = pipeline.transcribe_calls(workspace, engine=FakeTranscriber())
    known = workspace.table("recordings").set_index("call_id")
    assert known["transcript_key"].notna()[[named, far, fine]].tolist() == [True, False, True]
    assert known["path"].isna()[far]
    assert [line for line in step.problems if far in line and "130 s for a call of 40 s" in line]
    assert f"{named}: its recording has 130 s, the call had 40 s" in step.details
    assert not any(fine in line for line in (*step.details, *step.problems))
    text = diagnose(workspace).text
    assert f"1 recording is much longer or shorter than the call: {named}" in text
    assert "1 recording is far longer than the call it is named after, and left out" in text
    assert "cannot be read" not in text


def _day(workspace: Workspace) -> Callable[[str], object]:
    return workspace.table("calls").set_index("call_id")["started_at"].to_dict().__getitem__
