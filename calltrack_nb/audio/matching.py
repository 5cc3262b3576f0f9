"""Which file belongs to which call.

A log names a recording by a path, by a file's name or by an address, or not at all; a file is
named by what the log says or by the call's id. A name decides where only one recording of the
log has it; where several files, or several calls, could be meant, that is said.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from calltrack_nb import phrasing
from calltrack_nb.audio.recording_files import SOUND, RecordingFiles, loose, without_ending

NOT_FETCHED: Final = "Not fetched yet"
"""How the problem of a recording begins that is still with the provider."""

_SHOWN: Final = 3


class _Found(NamedTuple):
    """A call's file, or why it has none; and every file that could be it."""

    path: str | None
    problem: str | None = None
    meant: tuple[str, ...] = ()


def match(calls: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Find the recordings of calls.

    Parameters
    ----------
    calls : pandas.DataFrame
        Columns ``call_id`` and ``recording``: a path below the folder, a file name, or
        the provider's address.
    folder : pathlib.Path
        Where recordings are kept. A file is found by the path given, by its name
        anywhere below the folder (of an address: its last part, decoded, or a file that
        its query names), by that name with another ending, or by the call's own id.
        Texts beside a recording, copies of it and downloads that did not finish are no
        rivals.

    Returns
    -------
    pandas.DataFrame
        One row per call with a recording named, or with a file named after it:
        ``call_id``, ``path`` (relative to the folder, POSIX; null where none was found)
        and ``problem`` (null where one was).
    """
    found = _find_all(calls, RecordingFiles.below(folder))
    rows = [(call_id, one.path, one.problem) for call_id, one in found.items()]
    return pd.DataFrame(rows, columns=["call_id", "path", "problem"]).astype("str")


def unmatched(calls: pd.DataFrame, folder: Path) -> tuple[str, ...]:
    """Return the recordings in a folder that belong to no call.

    Parameters
    ----------
    calls, folder
        As for :func:`match`.

    Returns
    -------
    tuple of str
        Paths relative to the folder. A copy of a call's recording belongs to the call.
    """
    files = RecordingFiles.below(folder)
    meant = {path for found in _find_all(calls, files).values() for path in found.meant}
    left = [path for path in files.recordings if path not in meant]
    copies = files.copies_of(meant, left)
    return tuple(path for path in left if path not in copies)


def stems_of(call_id: str) -> tuple[str, str, str]:
    """Return what a recording named after a call may be called, without its extension.

    Examples
    --------
    >>> stems_of("callrail:CAL7")
    ('callrail:CAL7', 'CAL7', 'callrail_CAL7')
    """
    return call_id, call_id.partition(":")[2] or call_id, re.sub(r"[^\w.-]+", "_", call_id)


@dataclass(frozen=True, slots=True)
class _Named:
    """A recording as a log names it."""

    text: str
    remote: bool
    names: tuple[str, ...]
    """What its file may be called, the likeliest first."""
    source: str
    """What tells it from other recordings of the same name."""

    @classmethod
    def read(cls, text: str) -> _Named:
        if not re.match(r"https?://", text, re.IGNORECASE):
            place = posixpath.normpath(text.replace("\\", "/"))
            name = posixpath.basename(place)
            return cls(text, remote=False, names=(name, text, unquote(name)), source=place)
        address = urlsplit(text)
        last = address.path.rstrip("/").rpartition("/")[2]
        asked = [PurePosixPath(value).name for _, value in parse_qsl(address.query)]
        names = (unquote(last), last, *filter(_sounds, asked))
        # the same file is handed out under ever new keys
        keys = "" if _sounds(unquote(last)) else f"?{address.query}"
        return cls(text, remote=True, names=names, source=f"{address.netloc}{address.path}{keys}")

    @property
    def stems(self) -> tuple[str, ...]:
        """What its file may be called but for the ending."""
        return tuple(without_ending(name) for name in self.names)

    @property
    def source_of_stem(self) -> str:
        """What tells it from others, where the ending of an address only asks for a format."""
        return without_ending(self.source).rstrip("?") if self.remote else self.source


@dataclass(frozen=True, slots=True)
class _Log:
    """What the calls of a log say, and how many recordings or calls a name stands for."""

    files: RecordingFiles
    named: dict[str, _Named]
    by_name: Mapping[str, set[str]]
    by_stem: Mapping[str, set[str]]
    by_id: Mapping[str, set[str]]

    @classmethod
    def read(cls, calls: pd.DataFrame, files: RecordingFiles) -> _Log:
        named = {
            str(call_id): _Named.read(str(text))
            for call_id, text in zip(calls["call_id"], calls["recording"], strict=True)
            if pd.notna(text)
        }
        ids = [str(call_id) for call_id in calls["call_id"]]
        return cls(
            files,
            named,
            _gathered((name, one.source) for one in named.values() for name in one.names),
            _gathered((stem, one.source_of_stem) for one in named.values() for stem in one.stems),
            _gathered((stem, call_id) for call_id in ids for stem in stems_of(call_id)),
        )


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    made: dict[str, set[str]] = defaultdict(set)
    for name, meaning in pairs:
        made[loose(name)].add(meaning)
    return made


def _sounds(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SOUND


def _find_all(calls: pd.DataFrame, files: RecordingFiles) -> dict[str, _Found]:
    """Find the file of each call that names one, then of those whose id a file bears."""
    log = _Log.read(calls, files)
    found = {call_id: _of_log(call_id, named, log) for call_id, named in log.named.items()}
    # many logs have no column of recordings: a file named after the call is its own
    for call_id in calls.loc[calls["recording"].isna(), "call_id"] if files.recordings else ():
        own = _of_id(str(call_id), log)
        if own is not None:
            found[str(call_id)] = own
    return found


def _of_log(call_id: str, named: _Named, log: _Log) -> _Found:
    """Find a call's file by the name in its log, by its id, or by the name with another end."""
    if not named.remote and (path := _at_its_path(named.text, log.files)) is not None:
        return _Found(path, None, (path,))
    files = log.files
    attempts = (
        _of_names(call_id, named, named.names, log.by_name, files.named, files),
        _of_id(call_id, log),
        _of_names(call_id, named, named.stems, log.by_stem, files.stemmed, files),
    )
    found = [one for one in attempts if one is not None]
    # one that is sure before one that is not
    return next((one for one in found if one.path is not None), None) or (
        found[0] if found else _missing(named, files)
    )


def _of_names(
    call_id: str,
    named: _Named,
    names: Iterable[str],
    meanings: Mapping[str, set[str]],
    lookup: Callable[[str], tuple[str, ...]],
    files: RecordingFiles,
) -> _Found | None:
    """Find a file by one of its names, where the log means one recording by that."""
    for name in names:
        candidates = lookup(name)
        if not candidates:
            continue
        if len(meant := meanings[loose(name)]) == 1:
            return _chosen(candidates, files)
        ending = "/".join(named.source.partition("?")[0].split("/")[-2:])
        if own := [path for path in candidates if f"/{path}".endswith(f"/{ending}")]:
            return _chosen(own, files)
        several = phrasing.plural(len(meant), "recording")
        return _Found(
            None,
            f"{several} in the log are called {name}; rename the file to {stems_of(call_id)[2]}",
            candidates,
        )
    return None


def _of_id(call_id: str, log: _Log) -> _Found | None:
    """Find the file that bears a call's id, and no other call's."""
    own: dict[str, None] = {}
    shared: _Found | None = None
    for stem in stems_of(call_id):
        candidates = log.files.stemmed(stem)
        owners = log.by_id[loose(stem)]
        if len(owners) == 1:
            own |= dict.fromkeys(candidates)
        elif candidates:
            calls = phrasing.listed(sorted(owners), _SHOWN)
            named = stems_of(call_id)[2]
            problem = f"{candidates[0]} could belong to {calls}; rename it to {named}"
            shared = _Found(None, problem, candidates)
    return _chosen(own, log.files) if own else shared


def _chosen(candidates: Iterable[str], files: RecordingFiles) -> _Found:
    """Take the only one of some files, or say that there are several."""
    every = tuple(candidates)
    sounding = [path for path in every if _sounds(path)] or every
    apart = files.without_copies(sounding)
    if len(apart) == 1:
        return _Found(apart[0], None, every)
    several = phrasing.listed(apart, _SHOWN)
    return _Found(None, f"Several files could be it: {several}; keep one of them", every)


def _at_its_path(text: str, files: RecordingFiles) -> str | None:
    for place in (text, text.replace("\\", "/")):
        if posixpath.isabs(place):
            root = files.folder.resolve().as_posix()
            inside = place.removeprefix(f"{root}/")
        else:
            inside = posixpath.normpath(place)
        if inside in files.paths:
            return inside
    return None


def _missing(named: _Named, files: RecordingFiles) -> _Found:
    if named.remote:
        return _Found(None, f"{NOT_FETCHED}: {named.text}")
    place = named.source
    if place.startswith(("../", "/")) or place in files.outside:
        return _Found(None, f"The path leads out of the recordings folder: {named.text}")
    return _Found(None, f"There is no such file in the recordings folder: {named.text}")
