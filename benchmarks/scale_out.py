"""The same recordings through one process, two processes and two Dask workers, one killed.

Every way must give every call's transcript, byte for byte the same. The killed worker dies
with calls decoded and not yet told of; they are done again.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import soundfile as sf

from calltrack_nb import shipped
from calltrack_nb.audio import decode
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import (
    Decoding,
    EngineInfo,
    Options,
    Transcriber,
    TranscriptStore,
    Window,
    WindowResult,
    dask_executor,
    freed_memory_kept,
    open_engine,
    transcribe_many,
)

SOUND = (".wav", ".mp3", ".m4a", ".ogg", ".flac", ".amr")


@dataclass(frozen=True)
class Killed:
    """An engine that kills the process in which the `after`th batch was decoded."""

    engine: Transcriber
    mark: Path
    after: int

    @property
    def info(self) -> EngineInfo:
        """What it is."""
        return self.engine.info

    @property
    def at_once(self) -> int:
        """How many threads may ask it at once."""
        return self.engine.at_once

    def decode(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        """Decode, count, and perhaps die before the result is told."""
        made = self.engine.decode(windows, decoding)
        with self.mark.open("ab") as file:
            file.write(b".")
        if self.mark.stat().st_size == self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return made


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale-out")
    parser.add_argument("--audio", type=Path, help="a folder; by default the sample's recordings")
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(argv)
    engine = open_engine(Transcription())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        jobs = recordings(chosen.audio, chosen.calls, folder)
        audio_s = sum(decode(path).duration_s for path in jobs.values())
        print(f"{len(jobs)} calls, {audio_s / 60:.1f} minutes, {engine.info.text}")
        print(f"{'':28}{'seconds':>9}{'x real time':>13}{'same':>6}{'lost':>6}")
        answer: dict[str, object] = {"calls": len(jobs), "audio_s": round(audio_s, 1)}
        alone: dict[str, str] = {}
        for way, killed, executor in ways(chosen.workers):
            name = f"{way}_killed" if killed else way
            used = Killed(engine, folder / f"{name}.mark", 4) if killed else engine
            started = time.perf_counter()
            with executor as pool:
                made = transcripts(jobs, used, folder / name, pool)
            seconds = time.perf_counter() - started
            if killed and not (folder / f"{name}.mark").stat().st_size >= 4:
                raise SystemExit("no worker was killed: give more calls")
            alone = alone or made
            same = sum(made.get(call) == text for call, text in alone.items())
            lost = len(jobs) - len(made)
            speed = audio_s / seconds
            print(f"{name:28}{seconds:9.1f}{speed:13.1f}{same:6}{lost:6}", flush=True)
            answer[name] = {"seconds": round(seconds, 1), "same": same, "lost": lost}
    print(json.dumps(answer))


def recordings(folder: Path | None, count: int, scratch: Path) -> dict[str, Path]:
    """Return so many recordings; where the folder has fewer, others are made by their halves."""
    place = folder or shipped.sample() / "data" / "recordings"
    found = sorted(path for path in place.rglob("*") if path.suffix.lower() in SOUND)[:count]
    jobs = {path.stem: path for path in found}
    for path in found[: count - len(found)]:
        audio = decode(path)
        half = audio.samples[:, : audio.samples.shape[1] // 2]
        made = scratch / f"{path.stem}-half.wav"
        sf.write(made, half.T, 16_000, subtype="PCM_16")
        jobs[made.stem] = made
    return jobs


def transcripts(
    jobs: dict[str, Path], engine: Transcriber, store: Path, executor: Executor | None
) -> dict[str, str]:
    with freed_memory_kept():  # as the command line does
        done = list(
            transcribe_many(jobs, engine, Options(), TranscriptStore(store), executor=executor)
        )
    return {one.call_id: one.transcript.to_json() for one in done if one.transcript is not None}


@contextmanager
def nobody() -> Iterator[None]:
    yield


@contextmanager
def dask(workers: int) -> Iterator[Executor]:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        dask_executor(cluster.scheduler_address) as executor,
    ):
        yield executor


def ways(workers: int) -> Iterator[tuple[str, bool, object]]:
    yield "one_process", False, nobody()
    for killed in (False, True):
        spawned = get_context("spawn")
        yield f"{workers}_processes", killed, ProcessPoolExecutor(workers, mp_context=spawned)
    for killed in (False, True):
        yield f"{workers}_dask_workers", killed, dask(workers)
