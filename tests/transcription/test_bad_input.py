"""Files that are no calls, and a disk that takes nothing: listed, and the rest goes on."""

import resource
import shutil
import subprocess
from contextlib import contextmanager

import av
import numpy as np
import pytest
import soundfile as sf

from calltrack_nb import init_workspace, shipped
from calltrack_nb.cli import main
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.transcription import Options, TranscriptStore, transcribe_many
from tests.shell.conftest import write_log


@pytest.fixture
def short():
    """Three short calls of the sample."""
    folder = shipped.sample() / "data" / "recordings"
    return sorted(folder.glob("*.mp3"), key=lambda path: path.stat().st_size)[2:5]


def video(path):
    with av.open(str(path), "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        target.add_stream("aac", rate=16000, layout="mono")
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def six_hours(path):
    sf.write(path, np.zeros(8), 8000, subtype="PCM_U8")
    with path.open("r+b") as file:
        file.seek(40)
        file.write((6 * 3600 * 8000).to_bytes(4, "little"))
        file.truncate(44 + 6 * 3600 * 8000)


def test_every_bad_file_has_its_reason(tmp_path, short, capsys):
    """One run over good and bad files: each bad one is named with why, each good one is there."""
    shop = init_workspace(tmp_path / "shop")
    folder = shop.recordings
    shutil.copy(short[0], folder / "good.mp3")
    shutil.copy(short[1], folder / "renamed.wav")
    (folder / "cut.mp3").write_bytes(short[2].read_bytes()[:30_000])
    (folder / "empty.mp3").touch()
    (folder / "sealed.mp3").write_bytes(b"Salted__" + np.random.default_rng(0).bytes(50_000))
    (folder / "cipher.mp3").write_bytes(np.random.default_rng(1).bytes(200_000))
    (folder / "login.mp3").write_text("<!DOCTYPE html><html>Please log in</html>" * 50)
    video(folder / "video.mp4")
    six_hours(folder / "day.wav")
    (folder / "folder.mp3").mkdir()
    shutil.copy(short[0], tmp_path / "secret.mp3")
    (folder / "link.mp3").symlink_to(tmp_path / "secret.mp3")
    good = ["good.mp3", "renamed.wav", "cut.mp3"]
    bad = {
        "empty.mp3": "The recording is empty",
        "sealed.mp3": "The recording is encrypted",
        "cipher.mp3": "The recording holds no readable sound",
        "login.mp3": "The file is a web page",
        "video.mp4": "The file is a video without sound",
        "day.wav": "lasts 6.0 hours",
        "folder.mp3": "no such file",
        "gone.mp3": "no such file",
        "../../../secret.mp3": "leads out of the recordings folder",
        "link.mp3": "leads out of the recordings folder",
        "/etc/hostname": "leads out of the recordings folder",
    }
    write_log(shop.raw / "calls.csv", [*bad, *good])
    for fresh in (3, 0):
        with pytest.raises(SystemExit) as stopped:
            main(["transcribe", "-w", str(shop.folder)])
        said = capsys.readouterr()
        assert stopped.value.code == 1
        assert f"{fresh} recordings transcribed" in said.out
        listed = [line for line in said.err.splitlines() if line.startswith("  ")]
        assert len(listed) == len(bad)
        for name, why in bad.items():
            assert any(name in line and why in line for line in listed), name
    known = shop.table("recordings").set_index("path")["transcript_key"]
    assert sorted(known.dropna().index) == sorted(good)
    cut = shop.transcripts.get(known["cut.mp3"])
    assert cut.truncated
    assert cut.remarks[0].startswith("The file breaks off after")


@contextmanager
def small_disk(folder, options):
    """Mount a disk in memory for a while, where this user may."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"may not mount a disk: {made.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def nothing_may_grow(folder):
    """Let writes break off inside a file, as they do on a full disk, without mounting one."""
    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def run(jobs, folder):
    done = transcribe_many(jobs, FakeTranscriber(), Options(), TranscriptStore(folder))
    return {one.call_id: one for one in done}


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_full_disk(tmp_path, short):
    """Where the disk fills up, what fits is kept whole, the rest is listed, no draft is left."""
    jobs = {path.stem: path for path in short}
    store = tmp_path / "store"
    with small_disk(store, "size=8k"):
        done = run(jobs, store)
        failed = [one for one in done.values() if one.error]
        assert 0 < len(failed) < len(jobs)
        assert all("No space left" in str(one.error) for one in failed)
        assert len(files(store)) == len(jobs) - len(failed)
        again = run(jobs, store)
        assert {name: one.cached for name, one in again.items()} == {
            name: one.error is None for name, one in done.items()
        }


def test_writes_that_break_off(tmp_path, short):
    """A transcript of which half could be written is none, and is made once there is room."""
    jobs = {path.stem: path for path in short}
    store = tmp_path / "store"
    with nothing_may_grow(store):
        done = run(jobs, store)
    assert all("cannot be saved" in str(one.error) for one in done.values())
    assert files(store) == []
    assert all(one.error is None and not one.cached for one in run(jobs, store).values())


def test_read_only_store(tmp_path, short):
    """A store that may not be written lists every call."""
    jobs = {path.stem: path for path in short}
    with small_disk(tmp_path / "store", "ro"):
        done = run(jobs, tmp_path / "store")
    assert len(done) == len(jobs)
    assert all("cannot be saved" in str(one.error) for one in done.values())
    assert all("ead-only" in str(one.error) for one in done.values())
