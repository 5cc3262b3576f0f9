"""Which recordings need transcribing, before any of them is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from calltrack_nb import settings
from calltrack_nb.errors import CalltrackError, TranscriptionError
from calltrack_nb.transcription.engine import EngineInfo, Transcriber
from calltrack_nb.transcription.engine_loading import describe_engine
from calltrack_nb.transcription.options import Options
from calltrack_nb.transcription.store import TranscriptStore, content_of


@dataclass(frozen=True, slots=True)
class Task:
    """One recording.

    Parameters
    ----------
    call_id : str
        The call.
    path : pathlib.Path
        The recording.
    key : str
        Where its transcript is kept in the store, or will be.
    """

    call_id: str
    path: Path
    key: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run over recordings has to do.

    Parameters
    ----------
    info : EngineInfo
        The engine that will do it.
    options : Options
        How.
    known : tuple of Task
        Recordings whose transcripts are in the store.
    todo : tuple of Task
        Recordings that are still to be transcribed, each content once.
    alike : mapping of str to tuple of Task
        By call of `todo`, further calls whose recordings hold the same.
    unreadable : mapping of str to CalltrackError
        By call, why its file cannot be opened.
    """

    info: EngineInfo
    options: Options
    known: tuple[Task, ...]
    todo: tuple[Task, ...]
    alike: Mapping[str, tuple[Task, ...]]
    unreadable: Mapping[str, CalltrackError]


def plan(
    jobs: Mapping[str, Path],
    engine: Transcriber | settings.Transcription,
    options: Options,
    store: TranscriptStore,
    content: Callable[[Path], str] = content_of,
) -> Plan:
    """Look up which recordings the store has no transcript of.

    Parameters
    ----------
    jobs : mapping of str to pathlib.Path
        Recording by ``call_id``.
    engine : Transcriber or settings.Transcription
        An open engine, or what would be opened.
    options : Options
        What shapes the text.
    store : TranscriptStore
        Where transcripts are kept.
    content : callable
        How a recording is told by what it holds; by default it is read, once.
    """
    info = describe_engine(engine) if isinstance(engine, settings.Transcription) else engine.info
    known: list[Task] = []
    first: dict[str, Task] = {}
    alike: dict[str, tuple[Task, ...]] = {}
    unreadable: dict[str, CalltrackError] = {}
    for call_id, path in jobs.items():
        try:
            task = Task(call_id, path, store.key(content(path), info, options))
        except OSError as error:
            unreadable[call_id] = _unreadable(path, error)
            continue
        if task.key in first:
            owner = first[task.key].call_id
            alike[owner] = (*alike.get(owner, ()), task)
        elif store.holds(task.key):
            known.append(task)
        else:
            first[task.key] = task
    return Plan(info, options, tuple(known), tuple(first.values()), alike, unreadable)


def _unreadable(path: Path, error: OSError) -> CalltrackError:
    return TranscriptionError(
        "The recording cannot be read",
        where=f"{path} ({error.strerror or os.strerror(error.errno or 0)})",
        fix="Check that the file is there and may be read",
    )
