"""What recordings hold, as hashes: read anew, or known again by the size and times of the file."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calltrack_nb.errors import WorkspaceError
from calltrack_nb.transcription.store import content_of
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

# a file that was changed this shortly before it was read may be changed again at the same time
_SETTLED_NS: Final = 3 * 10**9

_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class Contents:
    """The hashes of a workspace's recordings, and what the files were like when they were read.

    Parameters
    ----------
    folder : pathlib.Path
        Where recordings are.
    known : dict of str to tuple
        By path below the folder: size in bytes, times of the last change of the content and of
        the file in nanoseconds, and the hash.
    """

    folder: Path
    known: dict[str, tuple[int, int, int, str]]

    @classmethod
    def of(cls, workspace: Workspace) -> Contents:
        """Return what earlier runs have kept."""
        try:
            said = json.loads(contents_file(workspace).read_text(encoding="utf-8"))
            known = {
                str(path): (int(size), int(changed), int(touched), str(content))
                for path, (size, changed, touched, content) in said.items()
            }
        except (AttributeError, OSError, TypeError, ValueError):
            known = {}  # only what was read before: it is read again
        return cls(workspace.recordings, known)

    def read(self, path: Path) -> str:
        """Return the hash of a file, from its content."""
        before, began = _stamp(path), time.time_ns()
        found = content_of(path)
        name = path.relative_to(self.folder).as_posix()
        self.known.pop(name, None)
        if before == _stamp(path) and max(before[1:]) < began - _SETTLED_NS:
            self.known[name] = (*before, found)
        return found

    def believed(self, path: Path) -> str:
        """Return the hash of a file, unread where its size and times are as they were."""
        one = self.known.get(path.relative_to(self.folder).as_posix())
        return one[3] if one is not None and one[:3] == _stamp(path) else self.read(path)

    def keep(self, workspace: Workspace) -> None:
        """Keep them for the next run, but for files that are gone."""
        here = {path: one for path, one in self.known.items() if (self.folder / path).is_file()}
        # of a folder that may only be read, recordings are read again
        with suppress(WorkspaceError), replacing(contents_file(workspace)) as draft:
            draft.write(json.dumps(here, indent=0, ensure_ascii=False).encode())


def contents_file(workspace: Workspace) -> Path:
    """Return where the hashes are kept, beside the names of the recordings."""
    return workspace.state / "recording_contents.json"


def _stamp(path: Path) -> _Stamp:
    told = path.stat()
    return told.st_size, told.st_mtime_ns, told.st_ctime_ns
