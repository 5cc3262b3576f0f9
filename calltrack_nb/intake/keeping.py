"""Copies of imported files in ``data/raw``, so that they can be read again."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from calltrack_nb.workspace import Workspace
from calltrack_nb.writing import replacing

WRITTEN: Final = frozenset({"numbers", "spend", "tweaks", "outcomes", "regimes", "visits"})
"""The kinds of file that a user writes: the newest version says all there is to say."""


def place_in_raw(workspace: Workspace, path: Path, kind: str) -> Path | None:
    """Return where a file from elsewhere is to be kept; None where it is in ``data/raw``.

    Parameters
    ----------
    workspace : Workspace
    path : pathlib.Path
        The file to import.
    kind : str
        What its rows are. A file that a user writes takes the place of its earlier
        version; an export of the same name as another gets a number.
    """
    path = path.resolve()
    if path.is_relative_to(workspace.folder):
        return None
    target = workspace.raw / path.name
    number = 2
    while kind not in WRITTEN and target.exists() and not filecmp.cmp(path, target, shallow=False):
        target = workspace.raw / f"{path.stem}-{number}{path.suffix}"
        number += 1
    return target


def keep_copies(copies: Mapping[Path, Path]) -> None:
    """Copy files into ``data/raw``, each whole or not at all.

    Parameters
    ----------
    copies : mapping of pathlib.Path to pathlib.Path
        From the copy to the file.
    """
    for target, path in copies.items():
        if target.exists() and filecmp.cmp(path, target, shallow=False):
            continue
        with path.open("rb") as source, replacing(target) as draft:
            shutil.copyfileobj(source, draft)
