"""Kernels forked from one process are as those started by themselves, and end as they do."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import nbformat
import pytest

from calltrack_nb import reporting
from calltrack_nb.reporting import running
from calltrack_nb.reporting.kernels import CAN_FORK, Nursery, kernel_manager
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import KERNEL, NOTEBOOK, gone, notebook_with

pytestmark = [
    pytest.mark.filterwarnings("default"),  # jupyter's own, in the parent process
    pytest.mark.skipif(not CAN_FORK, reason="kernels are forked on Linux only"),
]
STATE = """
import os, random, signal, sys, warnings
import matplotlib as mpl, numpy as np, pandas as pd
print(sys.argv[0], sys.path, sys.flags, os.getcwd(), os.environ.get("MPLBACKEND"))
print(os.environ["CALLTRACK_WORKSPACE"], os.getsid(0) == os.getpid() == os.getpgid(0))
print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGINT), np.geterr())
print(sorted(map(str, mpl.rcParams.items())), pd.get_option("display.max_rows"))
print(__name__, sys.stdin.read() if os.isatty(0) else os.read(0, 1), random.getstate()[0])
print(sorted(map(str, warnings.filters)))
"""


def text_of(page: Path) -> str:
    """Return a page without the moment it was made at and how long it took."""
    page_text = re.sub(r"<meta[^>]*calltrack:(made-at|seconds)[^>]*>", "", page.read_text())
    return re.sub(r"made \d+ \w+ \d{4}, \d\d:\d\d", "made", page_text)


def test_a_forked_kernel_shows_what_a_fresh_one_shows(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """Both give the same page of one of everything, byte for byte, and the same state."""
    own = nbformat.read(NOTEBOOK, as_version=4)
    own.cells.append(nbformat.v4.new_code_cell(STATE))
    notebook = tmp_path / "own.ipynb"
    nbformat.write(own, notebook)
    forked = reporting.run_report(shop, notebook, out=tmp_path / "one", nursery=nursery)
    fresh = reporting.run_report(shop, notebook, out=tmp_path / "two")
    assert forked.error is fresh.error is None
    assert text_of(forked.html) == text_of(fresh.html)
    assert "ipykernel_launcher.py" in forked.html.read_text()


def test_every_kernel_draws_its_own_chance(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """Two kernels of one nursery draw different numbers, as two fresh ones do."""
    own = notebook_with(
        tmp_path, "import numpy, random", "print('drew', numpy.random.random(), random.random())"
    )
    runs = [
        reporting.run_report(shop, own, out=tmp_path / str(n), nursery=nursery) for n in range(2)
    ]
    one, two = (re.search(r"drew (\S+) (\S+)", run.html.read_text()).groups() for run in runs)
    assert one[0] != two[0]
    assert one[1] != two[1]


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(3)"])
def test_a_killed_kernel_is_said_to_have_stopped(
    shop: Workspace, tmp_path: Path, nursery: Nursery, end: str
) -> None:
    """As when memory runs out: one line that says so, and the next kernel starts."""
    own = notebook_with(tmp_path, "import os", end)
    run = reporting.run_report(shop, own, nursery=nursery)
    assert "kernel stopped" in run.error
    assert "memory" in run.error
    good = notebook_with(tmp_path, "1 + 1")
    assert reporting.run_report(shop, good, nursery=nursery).error is None


def test_a_port_that_another_process_took_costs_one_more_start(
    shop: Workspace, tmp_path: Path, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first kernel finds its port taken and ends; the second one makes the report."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1]])

        def manager_of(*args, **kwargs):
            class Unlucky(kernel_manager(*args, **kwargs)):
                def __init__(self, *given, **named):
                    super().__init__(*given, **named)
                    self.cache_ports = False  # which would look for others
                    self.shell_port = next(ports, 0)

            return Unlucky

        monkeypatch.setattr(running, "kernel_manager", manager_of)
        run = reporting.run_report(shop, NOTEBOOK, out=tmp_path / "out", nursery=nursery)
    assert run.error is None
    assert next(ports, None) is None


def test_kernels_end_with_the_process_they_came_from(shop: Workspace, tmp_path: Path) -> None:
    """Where the nursery dies its kernels do, which is told; the next one starts without it."""
    told = tmp_path / "pids"
    own = notebook_with(
        tmp_path,
        "import os, signal, time",
        f"print(open({str(told)!r}, 'w').write(f'{{os.getpid()}}'))",
        "os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)",
    )
    with Nursery() as nursery:
        idle = nursery.start(KERNEL, dict(os.environ), tmp_path)
        run = reporting.run_report(shop, own, nursery=nursery)
        assert "kernel stopped" in run.error
        assert gone(int(told.read_text()))
        assert gone(idle.pid)
        assert idle.wait() != 0
        notebook_with(tmp_path, "1 + 1")
        assert reporting.run_report(shop, own, nursery=nursery).error is None
