"""Memory that is freed stays with a process of ours while an engine works, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress

import pytest

from calltrack_nb import shipped
from calltrack_nb.cli import main
from calltrack_nb.transcription import memory
from calltrack_nb.workbench.bench import _spread
from tests.conftest import ROOT
from tests.transcription.page_faults import GNU, once_and_thrice

GNU_ONLY = pytest.mark.skipif(
    not GNU, reason="only GNU's C library hands large blocks back at once"
)
# in a process of its own: what a test before it left free would be taken up first
RUN = """
import json, sys
from contextlib import nullcontext
from pathlib import Path
from calltrack_nb.transcription import freed_memory_kept
from tests.transcription.page_faults import once_and_thrice, while_transcribing

recording, folder, asked = sys.argv[1:]
with freed_memory_kept() if asked == "asked" else nullcontext():
    (inside, *_) = while_transcribing(Path(recording), Path(folder))
print(json.dumps({"inside": inside, "after": once_and_thrice()}))
"""


def counted(folder, asked):
    """Transcribe a call in a fresh process and return the pages cleared inside and after."""
    recording = min((shipped.sample() / "data" / "recordings").glob("*.mp3"))
    command = [sys.executable, "-c", RUN, str(recording), str(folder), asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# ratios, since a machine may lend pages of 4 KB or of 2 MB
def is_kept(first, again):
    return again < 0.2 * first


@GNU_ONLY
def test_a_large_block_is_lent_once_inside_and_each_time_outside(tmp_path):
    """Where it is asked for, pages are cleared once only while an engine decodes, until the end."""
    counts = counted(tmp_path, "asked")
    assert is_kept(*counts["inside"]), counts
    first, again = counts["after"]
    assert again > 2 * first > 0, counts


@GNU_ONLY
def test_a_call_of_the_library_leaves_its_host_alone(tmp_path):
    """Transcribing in somebody else's process changes nothing of how that one keeps memory."""
    counts = counted(tmp_path, "unasked")
    for first, again in counts.values():
        assert again > 2 * first > 0, counts


@GNU_ONLY
def test_workers_of_a_pool_of_ours_keep_what_they_free():
    """A process that was started to transcribe keeps freed memory from its start."""
    with _spread(2, None) as pool:
        assert is_kept(*pool.submit(once_and_thrice).result())


@pytest.mark.parametrize("command", ["transcribe", "report"])
def test_commands_set_the_limits_and_set_them_back(command, workspace, monkeypatch):
    """The command line, whose process it is, keeps freed memory, and gives it back at its end."""
    limits = []
    monkeypatch.setattr(memory, "_gnu_library", lambda: FakeLibrary(limits))
    arguments = ["no_such_report"] if command == "report" else []
    with suppress(SystemExit):
        main([command, *arguments, "-w", str(workspace.folder)])
    assert limits == [*memory._WHILE.items(), *memory._AFTER.items(), "trimmed"]


class FakeLibrary:
    """A C library that only remembers what it was told."""

    def __init__(self, told):
        self.told = told

    def mallopt(self, limit, value):
        self.told.append((limit, value))

    def malloc_trim(self, _):
        self.told.append("trimmed")
