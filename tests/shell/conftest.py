"""A small workspace with real recordings, some of them broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from calltrack_nb import init_workspace, shipped
from calltrack_nb.cli import main
from calltrack_nb.workspace import Workspace

HEADER = (
    "Call Status,Start Time,Duration (seconds),Phone Number,Tracking Number,Source,Recording Url"
)


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def calltrack(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process, as ``calltrack(*arguments)``."""

    def run(*arguments: object) -> Ran:
        try:
            main([str(argument) for argument in arguments])
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run


def write_log(path: Path, recordings: Sequence[str]) -> Path:
    """Write a CallRail-style export with one answered call per recording."""
    rows = [
        f"Answered Call,2026-08-{day:02} 10:00:00,40,(404) 555-01{day:02},(212) 555-0111,"
        f"Google Ads,{recording}"
        for day, recording in enumerate(recordings, start=1)
    ]
    path.write_text("\n".join((HEADER, *rows)) + "\n")
    return path


@pytest.fixture
def shortest() -> list[Path]:
    """Recordings of the sample, the smallest first."""
    folder = shipped.sample() / "data" / "recordings"
    return sorted(folder.glob("*.mp3"), key=lambda path: path.stat().st_size)


@pytest.fixture
def shop(tmp_path: Path, shortest: list[Path]) -> Workspace:
    """A workspace with five recorded calls: two whole, one missing, one cut, one not audio."""
    workspace = init_workspace(tmp_path / "shop")
    for number, path in enumerate(shortest[-2:]):
        shutil.copy(path, workspace.recordings / f"whole{number}.mp3")
    (workspace.recordings / "cut.mp3").write_bytes(shortest[-1].read_bytes()[:20_000])
    (workspace.recordings / "text.mp3").write_text("this is not a recording")
    names = ["whole0.mp3", "missing.mp3", "cut.mp3", "text.mp3", "whole1.mp3"]
    write_log(workspace.raw / "calls.csv", names)
    return workspace
