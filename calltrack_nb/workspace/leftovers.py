"""What a killed run leaves: drafts of files, staged rows, folders in which a notebook ran.

A draft is written under the name of its file with eight figures behind, and is renamed at
once when it is whole; so one that is older than a minute is nobody's any more. A folder for a
run is held locked by its run, and the system lets go of the lock of a process that is gone.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

SETTLED_S: Final = 60.0
"""No draft lives as long, but one whose process is gone."""

_DRAFT: Final = re.compile(r"\..+\.[0-9a-f]{8}")
_RUN: Final = "calltrack-run-"
_HELD: Final = "held"


def remove_drafts(paths: Iterable[Path], *, older_s: float = 0.0) -> None:
    """Delete those of some paths that are drafts.

    Parameters
    ----------
    paths : iterable of pathlib.Path
    older_s : float
        How old they are at least, where others may be writing: longer than a draft lives.
    """
    latest = time.time() - older_s
    for path in paths:
        with suppress(OSError):
            if _DRAFT.fullmatch(path.name) and path.is_file() and path.stat().st_mtime <= latest:
                path.unlink(missing_ok=True)


@contextmanager
def scratch(place: Path | None = None) -> Iterator[Path]:
    """Give a folder for one run; it goes with the run, or is removed after a killed one.

    Parameters
    ----------
    place : pathlib.Path, optional
        Where to make it; where the system keeps such things, if not said.
    """
    with (
        tempfile.TemporaryDirectory(prefix=_RUN, dir=place, ignore_cleanup_errors=True) as name,
        FileLock(Path(name) / _HELD),
    ):
        yield Path(name)


def remove_scratch(place: Path | None = None) -> None:
    """Remove the folders of runs that are gone; they hold what a report shows."""
    for folder in (place or Path(tempfile.gettempdir())).glob(f"{_RUN}*"):
        with suppress(OSError, Timeout):
            if time.time() - folder.stat().st_mtime > SETTLED_S or (folder / _HELD).exists():
                with FileLock(folder / _HELD, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)


def end_scratch(place: Path) -> None:
    """Remove the folders of all runs, whether they are gone or not."""
    for folder in place.glob(f"{_RUN}*"):
        shutil.rmtree(folder, ignore_errors=True)
