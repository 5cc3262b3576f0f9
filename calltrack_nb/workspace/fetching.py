"""Download the recordings that a log names by their addresses."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from calltrack_nb import audio
from calltrack_nb.errors import CalltrackError, RecordingError, WorkspaceError, unforeseen
from calltrack_nb.phrasing import agree, plural
from calltrack_nb.providers import clients
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace.keys import access
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

APART_S: Final = 0.1
"""Seconds between two downloads, so that no server takes them for an attack."""
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Fetched(BaseResult):
    """What was downloaded.

    Parameters
    ----------
    recordings : int
        How many recordings.
    problems : tuple of str
        Why the others were not, the first calls of each reason named.
    """

    recordings: int
    problems: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What was done, in a sentence."""
        return f"{plural(self.recordings, 'recording')} {agree(self.recordings, 'was')} downloaded."

    @property
    def details(self) -> tuple[str, ...]:
        """What a reader may want to check: nothing."""
        return ()


def fetch_recordings(
    workspace: Workspace, providers: Collection[str] | None = None, *, bar: bool = False
) -> Fetched:
    """Download the recordings that calls name and the workspace lacks.

    A file is named for its call, and is whole or not there, so a run that is stopped goes on
    where it was. One that cannot be had is a problem, and the rest is downloaded all the same.

    Parameters
    ----------
    workspace : Workspace
        Whose lock the caller holds.
    providers : collection of str, optional
        Whose calls; everybody's where not said. A provider's recordings come from its own
        hosts, with its key where there is one, and from those that
        ``sources.recording_hosts`` allows.
    bar : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    Fetched
    """
    calls = workspace.table("calls")
    matched = audio.match(calls, workspace.recordings).set_index("call_id")["problem"]
    away = matched.index[matched.str.startswith(audio.NOT_FETCHED, na=False)]
    lacking = calls[calls["call_id"].isin(away) & calls["recording"].str.match(r"https?://")]
    if providers is not None:
        lacking = lacking[lacking["provider"].isin(providers)]
    keys = {str(name): access(str(name), workspace) for name in lacking["provider"].unique()}
    done = 0
    why: dict[str, CalltrackError] = {}
    rows: Any = lacking[["call_id", "provider", "recording"]].itertuples(index=False)
    for call_id, provider, url in tqdm(
        rows, "recordings", len(lacking), unit="file", disable=not bar
    ):
        target = workspace.recordings / recording_name(str(call_id), str(url))
        try:
            with replacing(target) as draft:
                clients.download_recording(
                    str(url),
                    draft,
                    hosts=clients.RECORDING_HOSTS.get(provider, ()),
                    allowed=workspace.settings.sources.recording_hosts,
                    access=keys[provider],
                )
        except RecordingError as error:
            why[str(call_id)] = error
        except WorkspaceError:
            raise  # no room on the disk, for none of them
        except Exception as error:  # noqa: BLE001 - one odd address must not stop the others
            why[str(call_id)] = unforeseen("The recording cannot be downloaded", url, error)
        else:
            done += 1
        time.sleep(APART_S)
    return Fetched(done, _by_reason(why))


def _by_reason(why: Mapping[str, CalltrackError]) -> tuple[str, ...]:
    """Name the first calls of each reason, and how many more there are."""
    told: Counter[str] = Counter()
    lines = []
    for call_id, error in why.items():
        reason = f"{error.what} {error.fix or ''}"
        told[reason] += 1
        if told[reason] <= _SHOWN:
            lines.append(str(error.at(f"{call_id} ({error.where})")))
    more = {reason: count - _SHOWN for reason, count in told.items() if count > _SHOWN}
    lines += [f"{plural(count, 'call')} more: {reason.strip()}" for reason, count in more.items()]
    return tuple(lines)


def recording_name(call_id: str, url: str) -> str:
    """Name a recording's file for its call.

    Examples
    --------
    >>> recording_name("callrail:CAL81", "https://app.callrail.com/calls/1/recording.json")
    'callrail_CAL81.mp3'
    """
    ending = Path(re.split(r"[?#]", url)[0]).suffix.lower()
    stem = re.sub(r"[^\w.-]+", "_", call_id)
    return stem + (ending if ending in (".mp3", ".wav", ".ogg", ".m4a", ".opus") else ".mp3")
