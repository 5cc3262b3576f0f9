"""The process that kernels are forked from: everything a report imports, imported once.

Started by :class:`calltrack_nb.reporting.kernels.Nursery`. It only imports: it computes
nothing, starts no thread and reads nothing of a workspace, so a kernel that is forked from
it is as a fresh one is after its imports.

Orders come in by standard input, a JSON object a line; what became of them goes out by the
pipe whose number is the one argument. It ends, and its kernels with it, when its input does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import selectors
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from calltrack_nb.calls import gazetteer

IMPORTED: Final = (
    *("ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.ipkernel"),
    *("pyarrow.dataset", "duckdb", "statsmodels.api", "sklearn.cluster", "great_tables"),
    *("matplotlib.backends.backend_agg", "matplotlib.pyplot", "seaborn"),
    *("PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin"),
    *("holidays.groups", "holidays.countries.united_states"),
    *("calltrack_nb.workbench.bench", "calltrack_nb.workbench.call", "calltrack_nb.briefing"),
    *("calltrack_nb.effectiveness", "calltrack_nb.audit", "calltrack_nb.workspace.auditing"),
    *("calltrack_nb.reporting.charts.effectiveness", "calltrack_nb.reporting.charts.listening"),
    *("calltrack_nb.reporting.charts.audit", "calltrack_nb.reporting.charts.places"),
)
"""What the reports that ship import, at once or on the way; a report may import more."""


def main() -> None:
    """Import, then fork a kernel for each order; in a child, become the kernel."""
    answers = int(sys.argv[1])
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read when ipykernel is imported
    for name in IMPORTED:
        with suppress(ImportError):  # another version's module: the kernel imports what it needs
            import_module(name)
    gazetteer.towns("US")  # shipped, and slow to unpack; other countries' are read when needed
    gc.collect()
    gc.freeze()  # a kernel's collections then leave the pages that it shares alone
    order = _serve(answers)
    # Taking thousands of modules down again takes as long as half a report, so neither does.
    os._exit(0 if order is None else _run_kernel(order))


def _serve(answers: int) -> dict[str, Any] | None:
    """Fork for each order until the input ends; in a child, return the order it is for."""
    wakes, woken = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    living: set[int] = set()
    for orders in _heard(wakes):
        if orders is None:
            break
        for order in orders:
            if "signal" in order:
                # reaped here alone, so the number of one that lives is still its own
                if order["pid"] in living:
                    os.killpg(order["pid"], order["signal"])
                continue
            pid = _forked()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for ours in (wakes, woken, answers):
                    os.close(ours)
                return order
            living.add(pid)
            _say(answers, started=pid)
        for pid, status in _ended():
            living.discard(pid)
            _say(answers, ended=pid, status=status)
    for pid in living:
        os.killpg(pid, signal.SIGKILL)
    return None


def _forked() -> int:
    """Fork a child that leads a session of its own; like ``os.fork``, in both."""
    ready, led = os.pipe()
    with warnings.catch_warnings():
        # OpenBLAS's threads, idle from its import on, which it mends after a fork
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.setsid()
    os.close(led)
    if pid:
        os.read(ready, 1)  # until the child has closed it, and so can be sent a signal
    os.close(ready)
    return pid


def _heard(wakes: int) -> Iterator[list[dict[str, Any]] | None]:
    """Yield orders as they come, an empty list where a child ended, None at the end."""
    unread = b""
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        selector.register(wakes, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if wakes in ready:
                os.read(wakes, 4096)
            if sys.stdin.fileno() not in ready:
                yield []
                continue
            more = os.read(sys.stdin.fileno(), 65536)
            if not more:
                yield None
                return
            *lines, unread = (unread + more).split(b"\n")
            yield [json.loads(line) for line in lines]


def _ended() -> Iterator[tuple[int, int]]:
    """Yield each child that ended, with its exit status; of one killed, minus the signal."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def _say(answers: int, **told: int) -> None:
    os.write(answers, json.dumps(told).encode() + b"\n")


def _run_kernel(order: dict[str, Any]) -> int:
    """Be a kernel until it is told to end, as :mod:`multiprocessing` ends a child; its status."""
    try:
        _be_kernel(order)
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - what Python itself does with it
        traceback.print_exc()
        status = 1
    else:
        status = 0
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001
    atexit._run_exitfuncs()  # noqa: SLF001
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _be_kernel(order: dict[str, Any]) -> None:
    """Run ipykernel's launcher here as Python's ``-m`` runs it in a process of its own."""
    import numpy as np  # noqa: PLC0415 - before the imports of main() it is not there yet

    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(order["env"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(order["cwd"])
    if not sys.flags.safe_path:
        sys.path[0] = str(Path.cwd())  # as Python's -m sets it; the launcher takes it away
    np.random.seed(None)  # noqa: NPY002 - the one that all children would share
    sys.argv[1:] = order["arguments"]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
