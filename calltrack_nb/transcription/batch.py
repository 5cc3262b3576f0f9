"""Many recordings: one after another, or spread over any executor."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from calltrack_nb import settings
from calltrack_nb.audio import decode
from calltrack_nb.errors import (
    CalltrackError,
    MissingDependency,
    TranscriptionError,
    unforeseen,
)
from calltrack_nb.transcription.engine import EngineInfo, Transcriber
from calltrack_nb.transcription.engine_loading import load_engine
from calltrack_nb.transcription.frontend import Prepared, prepare, transcribe_prepared
from calltrack_nb.transcription.options import Options
from calltrack_nb.transcription.planning import Plan, Task, plan
from calltrack_nb.transcription.store import TranscriptStore
from calltrack_nb.transcription.transcript import Transcript

_LOGGER = logging.getLogger(__name__)

# enough windows to fill a batch, few enough to hold in memory decoded: calls of some
# minutes go together, very long ones by themselves
_CALLS_AT_ONCE: Final = 8
_BYTES_AT_ONCE: Final = 20_000_000
# A worker loads the engine anew for every share it takes, so that none outlives its work:
# a share holds enough calls to make half a second of loading cheap, and few enough to
# keep several workers busy and to lose little where one dies.
_SHARES: Final = 8
_CALLS_PER_SHARE: Final = (4, 32)


@dataclass(frozen=True, slots=True)
class Done:
    """One recording's end.

    Parameters
    ----------
    call_id : str
        The call.
    transcript : Transcript or None
        None where it failed.
    error : CalltrackError or None
        Why it failed.
    cached : bool
        Whether the transcript was in the store already.
    key : str or None
        Where it is kept in the store; None where it failed.
    """

    call_id: str
    transcript: Transcript | None
    error: CalltrackError | None
    cached: bool
    key: str | None


def transcribe_many(
    jobs: Mapping[str, Path],
    engine: Transcriber | settings.Transcription,
    options: Options,
    store: TranscriptStore,
    *,
    executor: Executor | None = None,
) -> Iterator[Done]:
    """Transcribe recordings that the store does not hold yet, each content once.

    Parameters
    ----------
    jobs : mapping of str to pathlib.Path
        Recording by ``call_id``.
    engine : Transcriber or settings.Transcription
        An open engine, or what to open once something needs transcribing.
    options : Options
        What shapes the text.
    store : TranscriptStore
        Where transcripts are kept.
    executor : concurrent.futures.Executor, optional
        As for :func:`carry_out`.

    Yields
    ------
    Done
        One per job, as they come.
    """
    opened = None if isinstance(engine, settings.Transcription) else engine
    made = plan(jobs, engine, options, store)
    yield from carry_out(made, store, engine=opened, executor=executor)


def carry_out(
    made: Plan,
    store: TranscriptStore,
    *,
    engine: Transcriber | None = None,
    executor: Executor | None = None,
) -> Iterator[Done]:
    """Do what a plan says.

    What fails is yielded with its reason and the rest goes on. Each transcript is in the
    store before it is yielded, so a run that is killed goes on where it stopped.

    Parameters
    ----------
    made : Plan
        See :func:`plan`.
    store : TranscriptStore
        Where transcripts are kept; the plan's.
    engine : Transcriber, optional
        The plan's engine, where it is open already; else it is opened once something needs
        transcribing.
    executor : concurrent.futures.Executor, optional
        A process pool, or Dask's. Its workers load the engine by themselves, once for
        each share of the calls, and must see the recordings under the same paths. Where
        a worker dies, the calls it held are done again: by Dask on another worker, else
        in this process.

    Yields
    ------
    Done
        One per job, as they come.
    """
    for call_id, error in made.unreadable.items():
        yield Done(call_id, None, error, cached=False, key=None)
    todo = list(made.todo)
    for task in made.known:
        found = store.get(task.key)
        if found is None:
            todo.append(task)
        else:
            yield Done(task.call_id, found, None, cached=True, key=task.key)
    for done in _make(todo, engine or made.info, made.options, store, executor):
        yield done
        for task in made.alike.get(done.call_id, ()):
            why = None if done.error is None else done.error.at(task.path)
            yield replace(done, call_id=task.call_id, error=why, cached=True)


def _make(
    todo: list[Task],
    engine: Transcriber | EngineInfo,
    options: Options,
    store: TranscriptStore,
    executor: Executor | None,
) -> Iterator[Done]:
    if todo and executor is not None:
        todo = yield from _spread(todo, engine, options, store, executor)
    if todo:
        for at, made in _transcribed([task.path for task in todo], _opened(engine), options):
            yield _kept(todo[at], made, store)


def _spread(
    todo: Sequence[Task],
    engine: Transcriber | EngineInfo,
    options: Options,
    store: TranscriptStore,
    executor: Executor,
) -> Generator[Done, None, list[Task]]:
    """Yield what the executor's workers make; return the calls that none of them finished."""
    waiting: dict[Future[Any], Sequence[Task]] = {}
    lost: list[Task] = []
    least, most = _CALLS_PER_SHARE
    for share in _dealt(todo, min(most, max(least, -(-len(todo) // _SHARES)))):
        paths = [task.path.resolve() for task in share]
        try:
            waiting[executor.submit(_in_worker, paths, engine, options)] = share
        except BrokenExecutor:
            lost.extend(share)
    for future in as_completed(waiting):
        share = waiting.pop(future)
        try:
            outcome = future.result()
        except Exception as error:  # noqa: BLE001 - the work is done again, and fails aloud there
            # whatever ends a worker: a broken pool, Dask's KilledWorker, a lost connection
            _LOGGER.warning("A worker did not finish (%r); its calls are done again", error)
            lost.extend(share)
            continue
        for task, made in zip(share, outcome, strict=True):
            yield _kept(task, made, store)
    return lost


def _in_worker(
    paths: Sequence[Path], engine: Transcriber | EngineInfo, options: Options
) -> list[Transcript | CalltrackError]:
    made = dict(_transcribed(paths, _opened(engine), options))
    return [made[at] for at in range(len(paths))]


def _transcribed(
    paths: Sequence[Path], engine: Transcriber, options: Options
) -> Iterator[tuple[int, Transcript | CalltrackError]]:
    """Yield what each recording gives, as they come, with its place among them.

    A thread takes some calls from their files to their words, so that one reads and
    prepares while another decodes.
    """
    with ThreadPoolExecutor(engine.at_once) as pool:
        waiting = {
            pool.submit(_transcribe_group, [paths[at] for at in group], engine, options): group
            for group in _grouped(paths)
        }
        try:
            for future in as_completed(waiting):
                yield from zip(waiting.pop(future), future.result(), strict=True)
        finally:
            # whoever stops listening waits for the calls in hand only
            pool.shutdown(cancel_futures=True)


def _grouped(paths: Sequence[Path]) -> Iterator[list[int]]:
    """Yield the places of recordings that are decoded together."""
    group: list[int] = []
    held = 0
    for at, path in enumerate(paths):
        size = path.stat().st_size if path.is_file() else 0
        if group and (len(group) == _CALLS_AT_ONCE or held + size > _BYTES_AT_ONCE):
            yield group
            group, held = [], 0
        group.append(at)
        held += size
    if group:
        yield group


def _opened(engine: Transcriber | EngineInfo) -> Transcriber:
    return load_engine(engine) if isinstance(engine, EngineInfo) else engine


def _dealt(tasks: Sequence[Task], size: int) -> list[Sequence[Task]]:
    return [tasks[first : first + size] for first in range(0, len(tasks), size)]


def _transcribe_group(
    paths: Sequence[Path], engine: Transcriber, options: Options
) -> list[Transcript | CalltrackError]:
    outcome: list[Transcript | CalltrackError | None] = [None] * len(paths)
    ready: list[tuple[int, Prepared]] = []
    for at, path in enumerate(paths):
        try:
            ready.append((at, prepare(decode(path), options)))
        except CalltrackError as error:
            outcome[at] = error
        except Exception as error:  # noqa: BLE001 - one odd recording must not stop the others
            outcome[at] = unforeseen("The recording cannot be read", path, error)
    made = _heard([call for _, call in ready], [paths[at] for at, _ in ready], engine, options)
    for (at, _), one in zip(ready, made, strict=True):
        outcome[at] = one
    return [one for one in outcome if one is not None]


def _heard(
    calls: Sequence[Prepared], paths: Sequence[Path], engine: Transcriber, options: Options
) -> Sequence[Transcript | CalltrackError]:
    """Transcribe calls together, and each by itself where together it fails."""
    try:
        return transcribe_prepared(calls, engine, options)
    except Exception as error:
        _LOGGER.debug("Recordings cannot be transcribed together", exc_info=True)
        if len(calls) == 1:
            return [unforeseen("The recording cannot be transcribed", paths[0], error)]
    return [
        one
        for call, path in zip(calls, paths, strict=True)
        for one in _heard([call], [path], engine, options)
    ]


def _kept(task: Task, made: Transcript | CalltrackError, store: TranscriptStore) -> Done:
    if isinstance(made, CalltrackError):
        return Done(task.call_id, None, made, cached=False, key=None)
    try:
        store.put(task.key, made)
    except TranscriptionError as error:
        return Done(task.call_id, None, error, cached=False, key=None)
    return Done(task.call_id, made, None, cached=False, key=task.key)


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Connect to a running Dask scheduler, and leave it again.

    Parameters
    ----------
    address : str
        Such as ``tcp://127.0.0.1:8786``.

    Yields
    ------
    concurrent.futures.Executor
        Spreads what it is given over the scheduler's workers; a task whose worker dies
        is given to another one.

    Raises
    ------
    MissingDependency
        When ``distributed`` is not installed.
    TranscriptionError
        When nobody answers at the address.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingDependency(
            "Dask's scheduler is not installed", fix="Run pip install 'calltrack-nb[cluster]'"
        ) from error
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise TranscriptionError(
            "No Dask scheduler answers", where=address, fix="Start one with dask scheduler"
        ) from error
    with client:
        yield client.get_executor(retries=2, pure=False)
