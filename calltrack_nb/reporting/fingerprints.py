"""What a report was made from, as one short text: the same where nothing it reads changed.

The fingerprint of a report is of all of the workspace that a report can read. Where that is
another, the report is run again unless all that it did read is as it was: tables, the calls
about its days, what it asked the whole log (:mod:`calltrack_nb.reporting.rereading`). When in
doubt a report runs again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calltrack_nb import shipped

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace

_NOT_READ: Final = ("data/raw", "data/embeddings", "reports", "exports", "notebooks")
_TABLES: Final = Path("data/tables")
_LARGE: Final = ("data/recordings", "data/transcripts")  # known by size and time of change


def can_be_known(notebook: Path) -> bool:
    """Tell whether all that a notebook reads is known: of those that ship, and their copies.

    A notebook of one's own, or a copy with another cell, may read the clock, the web or any
    file.
    """
    ships = shipped.notebooks() / notebook.name
    return ships.is_file() and _cells(ships) == _cells(notebook)


def fingerprint(notebook: Path, parameters: Mapping[str, Any], *, read: str, code: str) -> str:
    """Return the fingerprint of a report.

    Parameters
    ----------
    notebook : pathlib.Path
        One of which :func:`can_be_known` holds.
    parameters : mapping
        What it runs with.
    read, code : str
        From :func:`of_workspace` and :func:`of_code`.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    parts = (
        _cells(notebook),
        json.dumps(dict(parameters), sort_keys=True, default=str),
        read,
        code,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def of_workspace(workspace: Workspace, *, but: Path | None = None) -> str:
    """Return the fingerprint of what reports can read of a workspace.

    Tables, checks and settings count by their content, recordings and transcripts by size
    and time of change.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    but : pathlib.Path, optional
        A folder that is left out, for reports are written there.
    """
    digest = hashlib.sha256()
    skipped = _skipped(workspace, but) | {(workspace.folder / _TABLES).resolve()}
    large = tuple(workspace.folder / name for name in _LARGE)
    named = {path: path.relative_to(workspace.folder) for path in _files(workspace.folder, skipped)}
    # pinned, they lie elsewhere
    tables = workspace.tables
    named |= {path: _TABLES / path.relative_to(tables) for path in _files(tables, set())}
    for path, name in named.items():
        told: object = None
        with suppress(FileNotFoundError):  # replaced by an import that runs beside
            if any(path.is_relative_to(folder) for folder in large):
                told = state(path)
            else:
                told = content(path)
        digest.update(f"{name}\0{told}\0".encode(errors="replace"))
    return digest.hexdigest()


def _skipped(workspace: Workspace, but: Path | None) -> set[Path]:
    skipped = {(workspace.folder / name).resolve() for name in _NOT_READ}
    return skipped | ({but.resolve()} if but else set())


def state(path: Path) -> tuple[int, int] | None:
    """Return a file's size and time of change; None where it is gone."""
    with suppress(FileNotFoundError):  # replaced by an import that runs beside
        known = path.stat()
        return known.st_size, known.st_mtime_ns
    return None


def of_the_rest(workspace: Workspace, *, but: Path | None = None) -> str:
    """Return the fingerprint of a workspace without what is taken down when it is read.

    That are the tables, the recordings and the transcripts.

    Parameters
    ----------
    workspace, but
        As for :func:`of_workspace`.
    """
    skipped = _skipped(workspace, but)
    skipped |= {(workspace.folder / name).resolve() for name in (_TABLES, *_LARGE)}
    return _of_files((str(path), content(path)) for path in _files(workspace.folder, skipped))


def of_times(folder: Path, *, skipped: Collection[Path] = ()) -> str:
    """Return the fingerprint of the names, sizes and times of change of a folder's files."""
    return _of_files((str(path), state(path)) for path in _files(folder, set(skipped)))


def of_times_of_workspace(workspace: Workspace, *, but: Path | None = None) -> str:
    """Return another text where any file that reports can read was written since."""
    skipped = _skipped(workspace, but)
    if workspace.pin is not None:  # its tables stay as they are
        skipped.add((workspace.folder / _TABLES).resolve())
    return of_times(workspace.folder, skipped=skipped)


def _of_files(told: Iterable[tuple[str, object]]) -> str:
    return hashlib.sha256(repr(list(told)).encode(errors="replace")).hexdigest()


def of_code() -> str:
    """Return the fingerprint of this package's files, of Python and of what is installed."""
    digest = hashlib.sha256(f"{sys.version}\0{shipped.code()}".encode())
    for place in sys.path:
        # the folders' names hold the versions
        names = sorted(found.name for found in Path(place or ".").glob("*.dist-info"))
        digest.update("\0".join(names).encode())
    return digest.hexdigest()


def _cells(notebook: Path) -> str:
    """Return what a notebook says, without outputs and an editor's own remarks."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    told = ((cell["cell_type"], "".join(cell["source"]), cell["metadata"]) for cell in cells)
    return json.dumps(list(told), sort_keys=True)


def content(path: Path) -> str:
    """Return SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(top: Path, skipped: set[Path]) -> Iterator[Path]:
    """Yield the files under a folder in order, through links, hidden ones left out."""
    seen = set(skipped)
    for folder, inner, names in os.walk(top, followlinks=True):
        inner[:] = sorted(
            name
            for name in inner
            if not name.startswith(".") and (Path(folder) / name).resolve() not in seen
        )
        seen |= {(Path(folder) / name).resolve() for name in inner}
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
