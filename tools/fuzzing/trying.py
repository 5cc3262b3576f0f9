"""Cases tried one by one, each in a fork: what it raised, printed, took and left behind."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calltrack_nb.errors import CalltrackError
from tools.fuzzing.targets import FAULT, Shop, Target, Wrong, make_template

MOST_BYTES: Final = 2 * 1024**3
MOST_S: Final = 60.0
_PATIENCE_S: Final = 300.0
"""Seconds of the clock, on however busy a machine."""
_LETTERS: Final = 3_000
_TRACEBACK: Final = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case.

    Parameters
    ----------
    target : str
    seed : int
        Of this case alone.
    came : str
        ``read`` or ``refused``, or how it failed: ``raised``, ``wrong``, ``printed`` a
        traceback, too much ``memory``, too much ``time``, ``died``.
    said : str
        What was raised or printed, the last of it.
    seconds : float
        Of the processor.
    size : int
        The most memory it held, in bytes.
    """

    target: str
    seed: int
    came: str
    said: str
    seconds: float
    size: int

    @property
    def failed(self) -> bool:
        """Whether it did what no input may do."""
        return self.came not in ("read", "refused")

    @property
    def kind(self) -> str:
        """What failures of one cause have in common: where it was raised, and what."""
        lines = [line.strip() for line in self.said.splitlines() if line.strip()]
        ours = [line for line in lines if line.startswith("File") and "calltrack_nb" in line]
        return f"{self.came}: {lines[-1][:120] if lines else ''} {ours[-1][-60:] if ours else ''}"


@contextmanager
def made_template() -> Iterator[Path]:
    """Make the workspace that cases work on copies of, and remove it in the end."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        template = Path(place) / "template"
        make_template(template)  # in this process, so that no case imports the package again
        yield template


def try_all(template: Path, name: str, target: Target, seeds: Iterable[int]) -> Iterator[Outcome]:
    """Try a target with one seed after another.

    Parameters
    ----------
    template : pathlib.Path
        From :func:`made_template`.
    name : str
        What outcomes call the target.
    target : callable
        From :data:`tools.fuzzing.targets.TARGETS`, or another.
    seeds : iterable of int
    """
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        folder = Path(place) / "case"
        for seed in seeds:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            yield _tried(name, target, seed, Shop(folder, template))


def _tried(name: str, target: Target, seed: int, shop: Shop) -> Outcome:
    """Try one case in a fork with bounded memory."""
    place = shop.folder.parent
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        os.setsid()
        _bound()
        _at_home_in(shop.folder)
        printed = os.open(place / "printed", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(printed, stream)
        told = _done(lambda: target(random.Random(f"{name} {seed}"), shop))
        kernels = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = [kernels.ru_utime + kernels.ru_stime, kernels.ru_maxrss]
        os.write(write, json.dumps([*told, *took]).encode())
        os._exit(0)
    os.close(write)
    clock = threading.Timer(_PATIENCE_S, _end, (child,))
    clock.start()
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    _, _, usage = os.wait4(child, 0)
    clock.cancel()
    _end(child)  # what it started, such as a kernel
    output = (place / "printed").read_text("utf-8", "replace")
    never: Any = ["died", f"within {_PATIENCE_S:.0f} s of the clock\n{output[-_LETTERS:]}", 0.0, 0]
    came, said, more_s, kernels_kb = json.loads(answer) if answer else never
    seconds = usage.ru_utime + usage.ru_stime + float(more_s)
    size = max(usage.ru_maxrss, int(kernels_kb)) * 1024
    if came in ("read", "refused"):
        came, said = _judged(came, said, output, seconds, size)
    return Outcome(name, seed, came, said, seconds, size)


def _done(work: Callable[[], str]) -> tuple[str, str]:
    """Do work; tell what came of it."""
    try:
        return work(), ""
    except CalltrackError as error:
        return "raised" if FAULT in str(error) else "refused", str(error)
    except Wrong as error:
        return "wrong", str(error)
    except BaseException:  # noqa: BLE001 - whatever it was, it is told
        return "raised", traceback.format_exc()[-_LETTERS:]


def _judged(came: str, said: str, output: str, seconds: float, size: int) -> tuple[str, str]:
    """Look at what a case printed and took that ended well."""
    if _TRACEBACK in output or FAULT in output:
        return "printed", output[-_LETTERS:]
    if size > MOST_BYTES:
        return "memory", f"{size / 1024**2:,.0f} MB"
    if seconds > MOST_S:
        return "time", f"{seconds:.0f} s"
    return came, said


def _bound() -> None:
    """Let no case take the whole machine; far above what is allowed, so that it is seen."""
    resource.setrlimit(resource.RLIMIT_AS, (12 * 1024**3, 12 * 1024**3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _at_home_in(folder: Path) -> None:
    """Let what the product and Jupyter keep for a while, or for good, stay with the case."""
    made = folder / "home"
    made.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(made)
    for variable in ("TMPDIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        os.environ[variable] = str(made)


def _end(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
