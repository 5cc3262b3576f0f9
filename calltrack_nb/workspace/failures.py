"""Files that could not be read, remembered so that none is tried again before it changes."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final, Self

from calltrack_nb import shipped
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

_FIGURES: Final = 16


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file gave nothing.

    Parameters
    ----------
    reading : str
        What was read and how; see :func:`reading_of`.
    problem : str
        The line that says so.
    proposal : str
        A ``[[mapping]]`` block to fill in, where the reading is not certain.
    """

    reading: str
    problem: str
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Failures:
    """What is remembered of a workspace's files.

    Parameters
    ----------
    of : dict of str to Failure
        By the file's place within the workspace.
    """

    of: dict[str, Failure]

    @classmethod
    def read(cls, workspace: Workspace) -> Self:
        """Return what earlier runs have kept."""
        try:
            said = json.loads(failures_file(workspace).read_text(encoding="utf-8"))
            return cls({str(name): Failure(**told) for name, told in said.items()})
        except (AttributeError, OSError, TypeError, ValueError, RecursionError):
            return cls({})  # they are tried again, and fail again

    def known(self, file: str, reading: str) -> Failure | None:
        """Return why a file failed, where it is what it was and would be read as it was."""
        one = self.of.get(file)
        return one if one is not None and one.reading == reading else None

    def keep(self, workspace: Workspace) -> None:
        """Keep them for the next run, but for files that are gone."""
        here = {
            name: asdict(one)
            for name, one in sorted(self.of.items())
            if (workspace.folder / name).is_file()
        }
        # of a folder that may only be read, files are tried again
        with suppress(WorkspaceError):
            if here:
                with replacing(failures_file(workspace)) as draft:
                    draft.write(json.dumps(here, indent=1).encode())
            else:
                forget_failures(workspace)


def failures_file(workspace: Workspace) -> Path:
    """Return where they are kept; names of files and what stands in them may be private."""
    return workspace.state / "failures.json"


def forget_failures(workspace: Workspace) -> None:
    """Forget what failed; it is tried again."""
    with suppress(OSError):
        failures_file(workspace).unlink(missing_ok=True)


@cache
def _code() -> str:
    """Return the package's fingerprint, once a process: thousands of files are read by one."""
    return shipped.code()


def reading_of(path: Path, *how: str) -> str:
    """Name what is read and how, so that another content, way or code is tried again.

    Parameters
    ----------
    path : pathlib.Path
        The file, whose time counts: who touches it asks for another try.
    *how : str
        Whatever else decides what reading it gives, its content among that.
    """
    said = "\x1f".join((_code(), str(path.stat().st_mtime_ns), *how))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:_FIGURES]
