"""Tables changed together: a reader finds all of a change, or nothing of it.

The files of a change are written beside the tables first. Then one small file says what takes
whose place, and from that moment the change is made for every reader who asks; after it the
new files are moved to where they belong. Who finds this half done, since the process was killed
or is still at it, reads the rest where it lies, and the next one to hold the lock moves it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace.writing import replacing, unwritable

_SAID_IN: Final = "tables.json"
_COMING: Final = "next-"
_MARK: Final = re.compile(r"[0-9a-f]{16}")
_NAME: Final = re.compile(r"(?:[a-z_]+/)?[a-z0-9_-]+\.parquet")


@dataclass(frozen=True, slots=True)
class State:
    """What was changed last, and what of it may not be in its place yet.

    Attributes
    ----------
    mark : str
        Another one after every change; empty before the first.
    coming : mapping of str to pathlib.Path
        By name under the folder of tables, the file that takes this place; it lies there
        already where it is no longer here.
    going : frozenset of str
        Names of files that go.
    """

    mark: str = ""
    coming: Mapping[str, Path] = field(default_factory=dict)
    going: frozenset[str] = frozenset()


def read_state(folder: Path) -> State:
    """Read what was changed last.

    Parameters
    ----------
    folder : pathlib.Path
        Where the workspace keeps its own small state.

    Raises
    ------
    WorkspaceError
        When what is said there is nothing that we wrote.
    """
    path = folder / _SAID_IN
    try:
        mark, coming, going = _read(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return State()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            "The record of the last change of the tables cannot be read",
            where=f"{path} ({error})",
            fix="Delete the file and run calltrack import again",
        ) from error
    drafts = folder / f"{_COMING}{mark}"
    return State(mark, {name: drafts / name for name in coming}, frozenset(going))


def carry_out(folder: Path, tables: Path) -> None:
    """Move the files of the last change to their places, where they are not there yet.

    Parameters
    ----------
    folder : pathlib.Path
        As for :func:`read_state`.
    tables : pathlib.Path
        The folder of tables.
    """
    state = read_state(folder)
    if not state.coming and not state.going:
        return
    try:
        for name, draft in state.coming.items():
            if draft.is_file():
                _move(draft, tables / name)
        for name in state.going:
            (tables / name).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(tables, error) from error
    _say(folder, state.mark)
    shutil.rmtree(folder / f"{_COMING}{state.mark}", ignore_errors=True)


def remove_drafts_of_changes(folder: Path) -> None:
    """Delete what killed runs had written of changes that they never made."""
    for drafts in folder.glob(f"{_COMING}*"):
        shutil.rmtree(drafts, ignore_errors=True)


class Change:
    """Files that are to change together; nothing of it is seen before :meth:`make`.

    Parameters
    ----------
    folder, tables : pathlib.Path
        As for :func:`carry_out`.
    """

    def __init__(self, folder: Path, tables: Path) -> None:
        self._folder, self._tables = folder, tables
        self._mark = secrets.token_hex(8)
        self._drafts = folder / f"{_COMING}{self._mark}"
        self._coming: set[str] = set()
        self._going: set[str] = set()

    @property
    def state(self) -> State:
        """The change, as a reader will find it."""
        coming = {name: self._drafts / name for name in sorted(self._coming)}
        return State(self._mark, coming, frozenset(self._going))

    @contextmanager
    def replacing(self, name: str) -> Iterator[IO[bytes]]:
        """Write a file that takes the place of that name, relative to the folder of tables."""
        with replacing(self._drafts / name) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # it is to be whole before it is said to count
        self._coming.add(name)
        self._going.discard(name)

    def remove(self, name: str) -> None:
        """Let a file go."""
        self._coming.discard(name)
        self._going.add(name)

    def make(self) -> None:
        """Make the change."""
        if self._coming or self._going:
            _say(self._folder, self._mark, sorted(self._coming), sorted(self._going))
            carry_out(self._folder, self._tables)

    def drop(self) -> None:
        """Delete what was written of a change that is not to be made."""
        shutil.rmtree(self._drafts, ignore_errors=True)


def _say(
    folder: Path, mark: str, coming: list[str] | None = None, going: list[str] | None = None
) -> None:
    said = {"mark": mark, "coming": coming or [], "going": going or []}
    with replacing(folder / _SAID_IN) as file:
        file.write(json.dumps(said).encode())
        file.flush()
        os.fsync(file.fileno())


def _read(said: bytes) -> tuple[str, list[str], list[str]]:
    change = json.loads(said)
    mark, coming, going = change["mark"], change["coming"], change["going"]
    # a workspace may have come from somebody else: no other file is moved or removed
    if not all([_MARK.fullmatch(mark), *map(_NAME.fullmatch, (*coming, *going))]):
        raise ValueError(mark)
    return mark, coming, going


def _move(draft: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV:  # the folder of tables may be a link to another disk
            raise
        with replacing(path) as file, draft.open("rb") as written:
            shutil.copyfileobj(written, file)
        draft.unlink()
