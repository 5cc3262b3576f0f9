"""What a report was made from, as one short text: the same where nothing it reads changed.

A report of June reads the whole log (who called before, who was rung back after), the
names of themes, the checks and the settings. So the fingerprint is of all of the workspace
that a report can read: when in doubt a report runs again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import calltrack_nb
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
    skipped = {(workspace.folder / name).resolve() for name in _NOT_READ}
    skipped |= {but.resolve()} if but else set()
    skipped.add((workspace.folder / _TABLES).resolve())
    large = tuple(workspace.folder / name for name in _LARGE)
    named = {path: path.relative_to(workspace.folder) for path in _files(workspace.folder, skipped)}
    # pinned, they lie elsewhere
    tables = workspace.tables
    named |= {path: _TABLES / path.relative_to(tables) for path in _files(tables, set())}
    for path, name in named.items():
        told: object = None
        with suppress(FileNotFoundError):  # replaced by an import that runs beside
            if any(path.is_relative_to(folder) for folder in large):
                known = path.stat()
                told = (known.st_size, known.st_mtime_ns)
            else:
                told = _content(path)
        digest.update(f"{name}\0{told}\0".encode(errors="replace"))
    return digest.hexdigest()


def of_code() -> str:
    """Return the fingerprint of this package's files, of Python and of what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    home = Path(calltrack_nb.__file__).resolve().parent
    for path in _files(home, {path.resolve() for path in home.rglob("__pycache__")}):
        digest.update(f"{path.relative_to(home)}\0{_content(path)}\0".encode())
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


def _content(path: Path) -> str:
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
