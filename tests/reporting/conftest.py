"""A workspace with two recorded calls, and a small notebook that shows one of everything."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import soundfile

from calltrack_nb import schema
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.workspace import Workspace

NOTEBOOK = Path(__file__).resolve().parent / "tiny.ipynb"
KERNEL = (sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher")
PRIVATE = "My name is Tilda Quistgaard and my number is 212 555 0147"
REDACTED = "My name is [NAME] and my number is [PHONE]"


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Two calls, one of them with a transcript and ten seconds of sound."""
    return filled(workspace)


def filled(workspace: Workspace) -> Workspace:
    """Put two calls into a workspace."""
    (workspace.folder / "calltrack.toml").write_text(
        '[business]\nname = "Sugar & Crumb"\ntimezone = "America/New_York"\n'
    )
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": ["callrail:1", "callrail:2"],
            "provider": "callrail",
            "started_at": pd.to_datetime(["2026-08-03T14:00Z", "2026-08-20T15:30Z"]),
            "duration_s": [10.0, 0.0],
            "direction": "inbound",
            "status": ["answered", "missed"],
            "caller_number": ["+12125550147", "+12125550188"],
            "caller_key": ["a", "b"],
            "caller_name": ["Tilda Quistgaard", "New York"],
            "caller_city": "New York",
            "tracking_number": "+12125550100",
            "destination_number": "+12125550199",
            "channel": "google_ads",
            "campaign": "Cakes - Search",
            "lead_status": "unknown",
            "recording": ["one.wav", None],
        }
    )
    said = pd.DataFrame(
        {
            "account": "main",
            "call_id": "callrail:1",
            "turn": [0, 1, 2],
            "speaker": ["agent", "caller", "caller"],
            "start_s": [0.5, 3.0, 6.0],
            "end_s": [2.5, 5.5, 9.0],
            "text": ["Sugar and Crumb, how can I help?", PRIVATE, "I want a <big> cake"],
            "redacted_text": ["Sugar and Crumb, how can I help?", REDACTED, "I want a <big> cake"],
        }
    )
    for name, frame in {
        "calls": calls,
        "utterances": said,
        "recordings": pd.DataFrame(
            {"account": "main", "call_id": ["callrail:1"], "path": ["one.wav"]}
        ),
    }.items():
        workspace.write_table(name, schema.conform(frame, name))
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(10 * 8000) / 8000)
    workspace.recordings.mkdir(parents=True, exist_ok=True)
    soundfile.write(workspace.recordings / "one.wav", np.stack([tone, tone], axis=1), 8000)
    return Workspace(workspace.folder)


def notebook_with(folder: Path, *cells: str, parameters: str = 'period: str = "all"') -> Path:
    """Write a notebook with a parameters cell and some code cells."""
    head = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    path = folder / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[head, *code]), path)
    return path


def gone(pid: int, within_s: float = 10) -> bool:
    """Tell whether a process has ended, or does soon."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where tests fork kernels from; at its end no kernel is left, not even a stopped one."""
    with Nursery() as nursery:
        yield nursery
        left = nursery.start(KERNEL, dict(os.environ), tmp_path_factory.mktemp("left"))
        if left:
            left.send_signal(signal.SIGSTOP)
    assert left is None or (gone(left.pid) and left.wait())
    assert nursery.start(KERNEL, dict(os.environ), tmp_path_factory.mktemp("late")) is None
