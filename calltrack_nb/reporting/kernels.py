"""Kernels that reports run in: this very Python, forked where it can be, its imports done.

A report's imports take longer than most reports. For several of them a :class:`Nursery`
imports once and forks a kernel for each; where there is none, a kernel is started as
Jupyter starts it. What a report shows is the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Self

from calltrack_nb.workspace.store import PINNED, VARIABLE

if TYPE_CHECKING:
    from types import TracebackType

    from jupyter_client.manager import AsyncKernelManager

CAN_FORK: Final = sys.platform == "linux"
"""Libraries of macOS do not survive a fork, and Windows has none."""

_PYTHON: Final = (sys.executable, "-Xfrozen_modules=off", "-m")
_LAUNCHER: Final = (*_PYTHON, "ipykernel_launcher")
_ENVIRONMENT: Final = {"MPLBACKEND": "agg"}
_GONE: Final = 1


class Nursery:
    """A process that has imported what reports import and forks their kernels.

    To be used in a ``with`` statement; at its end the process and what is left of its
    kernels end. The process starts with the first kernel. Threads may share it.

    Examples
    --------
    >>> with Nursery() as nursery:
    ...     manager = kernel_manager(Path("my-shop"), nursery)
    """

    def __init__(self) -> None:
        self._kernels: dict[int, ForkedKernel] = {}
        self._started: SimpleQueue[ForkedKernel | None] = SimpleQueue()
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._gone = not CAN_FORK

    def __enter__(self) -> Self:
        """Give the nursery."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and the kernels that still run."""
        del kind, error, trace
        self._gone = True
        if self._process is None or self._listener is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        self._process.wait()
        self._listener.join()

    def start(
        self, command: tuple[str, ...] | list[str], env: Mapping[str, str], cwd: str | Path
    ) -> ForkedKernel | None:
        """Fork a kernel.

        Parameters
        ----------
        command : sequence of str
            That of a kernel of this Python, from :func:`kernel_manager`.
        env : mapping
            Its environment, whole.
        cwd : str or pathlib.Path
            Its working folder.

        Returns
        -------
        ForkedKernel or None
            None where the process is gone or never was, or the command is another's: then
            the kernel is to be started in the usual way.
        """
        head, arguments = tuple(command[: len(_LAUNCHER)]), list(command[len(_LAUNCHER) :])
        if head != _LAUNCHER:
            return None
        order = {"arguments": arguments, "env": dict(env), "cwd": str(Path(cwd).resolve())}
        with self._one_at_a_time:
            if self._process is None and not self._gone:
                self._process = self._open()
            return self._started.get() if self._order(order) else None

    def send_signal(self, pid: int, signum: int) -> None:
        """Send a signal to a kernel and the processes it started, where it still runs."""
        self._order({"pid": pid, "signal": signum})

    def _open(self) -> subprocess.Popen[bytes]:
        answers, told = os.pipe()
        process = subprocess.Popen(  # noqa: S603 - our own module
            (*_PYTHON, "calltrack_nb.reporting.nursery", str(told)),
            stdin=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
            pass_fds=(told,),
            start_new_session=True,  # Ctrl-C is the caller's, who ends the kernels
        )
        os.close(told)
        self._listener = threading.Thread(target=self._listen, args=(answers,), daemon=True)
        self._listener.start()
        return process

    def _order(self, order: Mapping[str, Any]) -> bool:
        """Write an order down; tell whether there is a process to read it."""
        if self._gone or self._process is None or self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):  # it has just ended, or was closed
            return False
        return True

    def _listen(self, answers: int) -> None:
        """Take down what becomes of the kernels, until the process is gone."""
        with open(answers, encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                if "started" in told:
                    kernel = ForkedKernel(self, told["started"])
                    self._kernels[kernel.pid] = kernel
                    self._started.put(kernel)
                else:
                    self._kernels.pop(told["ended"]).end(told["status"])
        self._gone = True
        self._started.put(None)  # for one who waits
        for kernel in self._kernels.values():  # they see that their parent is gone, and end
            kernel.end(_GONE)


class ForkedKernel:
    """A kernel's process, with what Jupyter asks of a :class:`subprocess.Popen`.

    Parameters
    ----------
    nursery : Nursery
        Whose child it is.
    pid : int
        Of the process, which leads a session of its own.
    """

    stdin = stdout = stderr = None

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery
        self._ended = threading.Event()

    def end(self, status: int) -> None:
        """Take down that it ended."""
        self.returncode = status
        self._ended.set()

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs; minus the signal that killed it."""
        return self.returncode

    def wait(self) -> int | None:
        """Wait until it ended and return its exit status."""
        self._ended.wait()
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send it, and what it started, a signal."""
        self._nursery.send_signal(self.pid, signum)


def kernel_manager(
    workspace: Path,
    nursery: Nursery | None = None,
    *,
    pin: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> type[AsyncKernelManager]:
    """Return a kind of kernel manager that starts this very Python, whatever kernels there are.

    An installed kernel spec may name another interpreter, and a wheel installed into a
    fresh environment may find none at all.

    Parameters
    ----------
    workspace : pathlib.Path
        The folder that the kernel's notebook works on where it names none.
    nursery : Nursery, optional
        Where to fork the kernels from.
    pin : pathlib.Path, optional
        Where the state of its tables is pinned that the notebook is to read.
    env : mapping of str to str, optional
        More of the kernel's environment.
    """
    # Jupyter's client is heavy, and the command line opens without it
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415
    from jupyter_client.provisioning.local_provisioner import (  # noqa: PLC0415
        LocalProvisioner,
    )

    spec = KernelSpec(
        argv=[
            *(*_LAUNCHER, "-f", "{connection_file}", "--log-level=CRITICAL"),
            # a pandas.py in the folder somebody is in is no pandas
            "--InteractiveShellApp.ignore_cwd=True",
        ],
        display_name="Python 3",
        language="python",
        env={VARIABLE: str(workspace), **_ENVIRONMENT, PINNED: str(pin or ""), **(env or {})},
    )

    class Provisioner(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            cwd = kwargs.get("cwd") or Path.cwd()
            forked = nursery and nursery.start(cmd, kwargs["env"], cwd)
            if not forked:
                return await super().launch_kernel(cmd, **kwargs)
            self.process: Any = forked
            self.pid, self.cwd = forked.pid, cwd
            return self.connection_info

    class ThisPython(AsyncKernelManager):
        kernel_spec = property(lambda _: spec)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.provisioner = Provisioner(kernel_spec=spec, parent=self)

    return ThisPython
