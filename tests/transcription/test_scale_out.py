"""The real engine spread over processes and over Dask: the same transcripts, none lost."""

import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from calltrack_nb import init_workspace, shipped
from calltrack_nb.cli import main
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import (
    Options,
    Transcriber,
    TranscriptStore,
    dask_executor,
    open_engine,
    transcribe_many,
)
from tests.shell.conftest import write_log

OPTIONS = Options()
ENGINE = Transcription(engine="faster-whisper")


@dataclass(frozen=True)
class Deadly:
    """A real engine that kills the first process which decodes with it."""

    engine: Transcriber
    mark: Path

    @property
    def info(self):
        return self.engine.info

    @property
    def at_once(self):
        return self.engine.at_once

    def decode(self, windows, decoding):
        try:
            self.mark.touch(exist_ok=False)
        except FileExistsError:
            return self.engine.decode(windows, decoding)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@pytest.fixture(scope="module")
def jobs():
    """Short calls, enough of them for a share for each of two workers."""
    folder = shipped.sample() / "data" / "recordings"
    found = sorted(folder.glob("*.mp3"), key=lambda path: (path.stat().st_size, path.name))
    return {path.stem: path for path in found[2:8]}


@pytest.fixture(scope="module")
def engine():
    return open_engine(ENGINE)


@pytest.fixture(scope="module")
def alone(jobs, engine, tmp_path_factory):
    """What one process makes of them, one call after another."""
    made = transcripts(jobs, engine, tmp_path_factory.mktemp("alone"))
    assert len(made) == len(jobs)
    assert all('"words":[{' in text for text in made.values())
    return made


def transcripts(jobs, engine, folder, executor=None):
    store = TranscriptStore(folder)
    done = list(transcribe_many(jobs, engine, OPTIONS, store, executor=executor))
    assert [one.error for one in done] == [None] * len(jobs)
    return {one.call_id: one.transcript.to_json() for one in done}


@pytest.fixture
def shop(jobs, tmp_path):
    """A workspace with two of the calls."""
    made = init_workspace(tmp_path / "shop")
    paths = list(jobs.values())[:2]
    for path in paths:
        shutil.copy(path, made.recordings)
    write_log(made.raw / "calls.csv", [path.name for path in paths])
    return made


def kept(shop):
    """The transcripts that the command left, by the recording's name."""
    known = shop.table("recordings").set_index("path")["transcript_key"]
    return {Path(path).stem: shop.transcripts.get(key).to_json() for path, key in known.items()}


def test_two_processes(jobs, alone, engine, shop, tmp_path, capsys):
    """Two processes give the same bytes, by the command too, and a killed one loses nothing."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert transcripts(jobs, ENGINE, tmp_path / "a", pool) == alone
        deadly = Deadly(engine, tmp_path / "mark")
        assert transcripts(jobs, deadly, tmp_path / "b", pool) == alone
    assert deadly.mark.exists()
    main(["transcribe", "--workers", "2", "-w", str(shop.folder)])
    assert "Transcribing with tiny.en by faster-whisper on " in capsys.readouterr().out
    assert kept(shop) == {name: alone[name] for name in list(jobs)[:2]}


@pytest.mark.filterwarnings("ignore")  # distributed's own sockets, when its worker dies
def test_two_dask_workers(jobs, alone, engine, shop, tmp_path):
    """A scheduler and two workers give the same bytes, by the command too; a kill loses nothing."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp"
    ) as cluster:
        address = cluster.scheduler_address
        with dask_executor(address) as executor:
            assert transcripts(jobs, ENGINE, tmp_path / "a", executor) == alone
            deadly = Deadly(engine, tmp_path / "mark")
            assert transcripts(jobs, deadly, tmp_path / "b", executor) == alone
        main(["transcribe", "--scheduler", address, "-w", str(shop.folder)])
    assert deadly.mark.exists()
    assert kept(shop) == {name: alone[name] for name in list(jobs)[:2]}


def test_no_scheduler_answers(tmp_path):
    """An address where nobody answers is named, with how to start a scheduler."""
    with (
        pytest.raises(TranscriptionError, match="dask scheduler"),
        dask_executor("tcp://127.0.0.1:9"),
    ):
        pass
