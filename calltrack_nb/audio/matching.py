"""Which file belongs to which call."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlparse

import pandas as pd

TRANSCRIPTS: Final = (".json", ".vtt", ".srt", ".txt", ".tsv")
"""Files that lie beside recordings, named after the same calls, and hold no sound."""


def match(calls: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Find the recordings of calls.

    Parameters
    ----------
    calls : pandas.DataFrame
        Columns ``call_id`` and ``recording``: a path below the folder, a file name, or
        the provider's address.
    folder : pathlib.Path
        Where recordings are kept. A file is found by the path given, by its name
        anywhere below the folder, or by the call's own id as its stem.

    Returns
    -------
    pandas.DataFrame
        One row per call with a recording named, or with a file named after it:
        ``call_id``, ``path`` (relative to the folder, POSIX; null where none was found)
        and ``problem`` (null where one was).
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    root = folder.resolve()
    by_name: dict[str, list[str]] = {}
    by_stem: dict[str, list[str]] = {}
    for file in files:
        if not file.resolve().is_relative_to(root) or file.suffix.lower() in TRANSCRIPTS:
            continue
        inside = file.relative_to(folder).as_posix()
        by_name.setdefault(file.name, []).append(inside)
        by_stem.setdefault(file.stem, []).append(inside)
    named = calls.loc[calls["recording"].notna(), ["call_id", "recording"]]
    rows = []
    for call_id, recording in zip(named["call_id"], named["recording"], strict=True):
        path, problem = _find(str(call_id), str(recording), folder, by_name, by_stem)
        rows.append((call_id, path, problem))
    # many logs have no column of recordings: a file named after the call is its own
    for call_id in calls.loc[calls["recording"].isna(), "call_id"] if by_stem else ():
        found = [path for stem in stems_of(str(call_id)) for path in by_stem.get(stem, [])]
        if len(set(found)) == 1:
            rows.append((call_id, found[0], None))
    return pd.DataFrame(rows, columns=["call_id", "path", "problem"]).astype("str")


def _find(
    call_id: str,
    recording: str,
    folder: Path,
    by_name: dict[str, list[str]],
    by_stem: dict[str, list[str]],
) -> tuple[str | None, str | None]:
    address = urlparse(recording)
    remote = address.scheme in ("http", "https")
    wanted = PurePosixPath(unquote(address.path) if remote else recording.replace("\\", "/"))
    if not remote:
        target = (folder / wanted).resolve()
        if not target.is_relative_to(folder.resolve()):
            return None, f"The path leads out of the recordings folder: {recording}"
        if target.is_file():
            return target.relative_to(folder.resolve()).as_posix(), None
    for found in (
        by_name.get(wanted.name, []),
        *(by_stem.get(stem, []) for stem in stems_of(call_id)),
    ):
        if len(found) == 1:
            return found[0], None
        if found:
            return None, f"Several files could be it: {', '.join(found[:3])}"
    if remote:
        return None, f"Not fetched yet: {recording}"
    return None, f"There is no such file in the recordings folder: {recording}"


def stems_of(call_id: str) -> tuple[str, str, str]:
    """Return what a recording named after a call may be called, without its extension.

    Examples
    --------
    >>> stems_of("callrail:CAL7")
    ('callrail:CAL7', 'CAL7', 'callrail_CAL7')
    """
    return call_id, call_id.partition(":")[2] or call_id, call_id.replace(":", "_")
