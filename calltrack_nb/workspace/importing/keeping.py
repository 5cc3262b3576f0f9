"""Copies of imported files in ``data/raw``, so that they can be read again."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from calltrack_nb import providers
from calltrack_nb.errors import CalltrackError
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

WRITTEN: Final = frozenset({"numbers", "spend", "tweaks", "outcomes", "regimes", "visits"})
"""The kinds of file that a user writes: the newest version says all there is to say."""

_SAME_ROWS: Final = 0.8


def place_in_raw(
    workspace: Workspace, path: Path, source: providers.FileSource, coming: Mapping[Path, Path]
) -> Path:
    """Return where a file is to be kept in ``data/raw``.

    Parameters
    ----------
    workspace : Workspace
    path : pathlib.Path
        The file to import.
    source : FileSource
        The file, opened.
    coming : mapping of pathlib.Path to pathlib.Path
        What is kept of the files before it, which are not copied yet, and those files.

    Returns
    -------
    pathlib.Path
        The file itself where it lies in the workspace. A file that a user writes, and a
        corrected version of an export, take the place of the earlier version; another
        export of the same name, or a file of another kind, gets a number.
    """
    path = path.resolve()
    if path.is_relative_to(workspace.folder):
        return path
    target = workspace.raw / path.name
    is_earlier = _is_of_the_kind if source.recognition.kind in WRITTEN else _is_corrected
    number = 2
    while (earlier := coming.get(target, target)).exists():
        if filecmp.cmp(path, earlier, shallow=False):
            return target
        if target not in coming and is_earlier(source, target, workspace):
            return target
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


def _is_of_the_kind(source: providers.FileSource, earlier: Path, workspace: Workspace) -> bool:
    """Tell whether an earlier file is of a file's kind: costs take no place of a log of calls."""
    imports = workspace.table("imports")
    name = earlier.relative_to(workspace.folder).as_posix()
    kinds = list(imports.loc[imports["file"] == name, "kind"])
    try:
        kinds = kinds or [providers.open_source(earlier, workspace.settings).recognition.kind]
    except CalltrackError:
        return False
    return bool(kinds[-1] == source.recognition.kind)


def _is_corrected(source: providers.FileSource, earlier: Path, workspace: Workspace) -> bool:
    """Tell whether a file is an earlier one with some cells corrected.

    It has as many rows, and most are the same in the same places. A later export has
    other rows, or the same ones elsewhere.
    """
    try:
        before = providers.open_source(earlier, workspace.settings).first.frame
    except CalltrackError:
        return False
    now = source.first.frame
    if list(now.columns) != list(before.columns) or len(now) != len(before) or not len(now):
        return False
    same: pd.Series[bool] = (now.fillna("") == before.fillna("")).all(axis=1)
    changed = int(len(now) - same.sum())
    return bool(same.any() and changed <= max(1, (1 - _SAME_ROWS) * len(now)))
