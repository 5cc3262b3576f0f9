"""What there is to transcribe in a workspace, and how fast this machine was at it."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

import pandas as pd

from calltrack_nb import schema, transcription
from calltrack_nb.errors import CalltrackError
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription.planning import Plan, Task, plan
from calltrack_nb.transcription.workload import Workload, why_again, workload
from calltrack_nb.workspace.contents import Contents
from calltrack_nb.workspace.failures import Failures, reading_of
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

# less sound than this does not tell how fast a machine is: loading the model counts as well
_LEAST_S: Final = 120.0


def plans_of(
    workspace: Workspace,
    matched: pd.DataFrame,
    engine: transcription.Transcriber | Transcription,
    options: transcription.Options,
    *,
    unread: bool = False,
) -> tuple[Plan, ...]:
    """Return what is to be transcribed, by who rang whom.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    matched : pandas.DataFrame
        Which recording is which call's; columns ``call_id``, ``path``.
    engine : Transcriber or Transcription
        An open engine, or what would be opened.
    options : Options
        How.
    unread : bool
        Whether recordings whose size and times are as they were need not be read again: enough
        for looking ahead.
    """
    contents = Contents.of(workspace)
    calls = workspace.table("calls").set_index("call_id")
    # who rang tells which side greets
    rang = calls["direction"].astype(str)
    found = matched.dropna(subset="path")
    plans = tuple(
        plan(
            {
                str(call_id): workspace.recordings / str(path)
                for call_id, path in zip(found["call_id"], found["path"], strict=True)
                if rang[call_id] == direction
            },
            engine,
            replace(options, direction=direction),
            workspace.transcripts,
            contents.believed if unread else contents.read,
        )
        for direction in get_args(transcription.Direction)
    )
    contents.keep(workspace)
    failures = Failures.read(workspace)
    return tuple(_without_failed(made, workspace, failures) for made in plans)


def _without_failed(made: Plan, workspace: Workspace, failures: Failures) -> Plan:
    """Pass over recordings that could not be read and have not changed since."""
    told: dict[str, CalltrackError] = {}
    for task in made.todo:
        with suppress(OSError):
            known = failures.known(*recording_reading(workspace, task))
            if known is not None:
                for one in (task, *made.alike.get(task.call_id, ())):
                    told[one.call_id] = CalltrackError(known.problem)
    todo = tuple(task for task in made.todo if task.call_id not in told)
    return replace(made, todo=todo, unreadable={**made.unreadable, **told})


def recording_reading(workspace: Workspace, task: Task) -> tuple[str, str]:
    """Return a recording's place within the workspace, and what reading it would be."""
    return task.path.relative_to(workspace.folder).as_posix(), reading_of(task.path, task.key)


def workload_of(workspace: Workspace, plans: Sequence[Plan]) -> Workload:
    """Foresee what carrying out plans takes on this machine."""
    recordings = workspace.table("recordings").set_index("call_id")
    keys = recordings["transcript_key"].where(recordings["origin"] == schema.FROM_AUDIO)
    keys = keys.fillna(recordings["other_key"]).dropna()
    logged = workspace.table("calls").set_index("call_id")["duration_s"]
    again: Counter[str] = Counter()
    new, lengths = 0, []
    for made in plans:
        for task in made.todo:
            before = (
                workspace.transcripts.get(str(keys[task.call_id])) if task.call_id in keys else None
            )
            if before is None or before.origin != schema.FROM_AUDIO:
                new += 1
                lengths.append(logged.get(task.call_id))
            else:
                again[why_again(before, made.info, made.options)] += 1
                lengths.append(before.duration_s)
    known = pd.to_numeric(pd.Series(lengths, dtype="object"), errors="coerce")
    # a call whose length nobody knows is taken to be as long as the others
    return workload(
        new, dict(again), float(known.mean() * len(known)), plans[0].info, _speeds(workspace)
    )


def keep_speed(
    workspace: Workspace, info: transcription.EngineInfo, audio_s: float, seconds: float
) -> None:
    """Keep how fast this machine transcribed, where there was enough sound to tell."""
    if audio_s < _LEAST_S:
        return
    every = _read(_file(workspace))
    every.setdefault(_machine(), {})[info.text] = round(audio_s / seconds, 2)
    workspace.state.mkdir(exist_ok=True)
    with replacing(_file(workspace)) as draft:
        draft.write(json.dumps(every, indent=1).encode())


def _speeds(workspace: Workspace) -> dict[str, float]:
    return _read(_file(workspace)).get(_machine(), {})


def _file(workspace: Workspace) -> Path:
    return workspace.state / "transcription_speed.json"


def _machine() -> str:
    """Return what tells this machine from another that opens the same folder."""
    return f"{platform.node()}, {platform.machine()}, {os.cpu_count()} processors"


def _read(file: Path) -> dict[str, dict[str, float]]:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # only a measurement: the next run makes another
    return said if isinstance(said, dict) else {}
