"""Fetch calls from a provider's API into the workspace, and the recordings they name.

What an API answers is kept as it came, one file per range of days in
``data/raw/api/``, and then imported like any other export. Every page is on disk before
the next one is asked for, with the place to go on from, so a process that is killed
loses nothing: the next run cuts off what was half written and continues. Each run asks
again for the last days of the one before, because providers complete calls later;
calls that are known already change nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keyring
import keyring.errors
from tqdm import tqdm

from calltrack_nb import audio
from calltrack_nb.errors import CalltrackError, RecordingError, SourceError
from calltrack_nb.phrasing import agree, plural
from calltrack_nb.providers import clients
from calltrack_nb.providers.clients.recordings import Access
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace import importing
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

OVERLAP_DAYS: Final = 3
FIRST_DAYS: Final = 90
SERVICE: Final = "calltrack_nb"
# What each provider's key consists of; environment variables are CALLTRACK_ and the
# provider and part in capitals, keyring entries provider-part.
SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "callrail": ("key",),
    "whatconverts": ("token", "secret"),
    "calltrackingmetrics": ("access", "secret"),
    "twilio": ("token",),
}


@dataclass(frozen=True, slots=True)
class SyncReport(BaseResult):
    """What a synchronisation did.

    Parameters
    ----------
    provider : str
    fetched : int
        Records the provider gave.
    imported : ImportReport
    recordings : int
        Recordings downloaded.
    problems : tuple of str
    """

    provider: str
    fetched: int
    imported: importing.ImportReport
    recordings: int = 0
    problems: tuple[str, ...] = ()

    @property
    def details(self) -> tuple[str, ...]:
        """How each file of what was fetched was read."""
        return self.imported.lines

    @property
    def text(self) -> str:
        """What was done, in a sentence."""
        taped = (
            f" {plural(self.recordings, 'recording')} {agree(self.recordings, 'was')} downloaded."
            if self.recordings
            else ""
        )
        return f"{plural(self.fetched, 'record')} from {self.provider}: {self.imported.text}{taped}"


def sync(
    workspace: Workspace,
    provider: str,
    since: dt.date | None = None,
    *,
    until: dt.date | None = None,
    client: clients.PagedCalls | None = None,
    recordings: bool = True,
    bar: bool = False,
) -> SyncReport:
    """Fetch what is new at a provider, and import it.

    Parameters
    ----------
    workspace : Workspace
        Whose lock the caller holds.
    provider : str
        A key of :data:`SECRETS`.
    since : datetime.date, optional
        The first day wanted. Otherwise three days before the last run's end, or
        ninety days back the first time.
    until : datetime.date, optional
        The last day wanted; today where it is not said.
    client : PagedCalls, optional
        The provider's API; made from the settings and the key otherwise.
    recordings : bool
        Whether to download recordings as well.
    bar : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    SyncReport
        Where the provider refuses or stops answering, that is among its problems: what
        was fetched before is kept and imported, and the next run goes on from there.

    Raises
    ------
    SourceError
        When there is no key, or no such provider.
    """
    api = client or open_client(workspace, provider)
    today = dt.datetime.now(dt.UTC).date()
    state = _State.read(workspace, provider)
    fetched = 0
    problems: tuple[str, ...] = ()
    with tqdm(desc=provider, unit="call", disable=not bar) as progress:
        try:
            for span in _spans(api, state, since, until or today, today):
                fetched += _fetch(workspace, api, state, span, progress.update)
                state = _State(provider, done_until=max(span[1], state.done_until or span[1]))
                state.write(workspace)
        except SourceError as error:
            problems = (str(error),)
    files = sorted((workspace.raw / "api").glob(f"{provider}-*.json"))
    imported = importing.import_files(workspace, files)
    problems += imported.problems
    count = 0
    if recordings:
        count, failed = fetch_recordings(workspace, provider, bar=bar)
        problems = (*problems, *failed)
    return SyncReport(provider, fetched, imported, count, problems)


def open_client(workspace: Workspace, provider: str) -> clients.PagedCalls:
    """Make a provider's client from ``[sources.sync]`` and its key.

    Raises
    ------
    SourceError
        When the provider has no API here, or its account or key is not set.
    """
    if provider not in SECRETS:
        raise SourceError(
            "There is no API to synchronise with",
            where=provider,
            fix=f"Use one of {', '.join(SECRETS)}, or import an export",
        )
    secrets = [_secret(provider, part) for part in SECRETS[provider]]
    if provider == "whatconverts":
        return clients.WhatConvertsClient(secrets[0], secrets[1])
    account = workspace.settings.sources.sync.get(provider)
    if not account:
        raise SourceError(
            f"The account at {provider} is not set",
            where=workspace.folder / "calltrack.toml",
            fix=f'Write {provider} = "…" under [sources.sync]',
        )
    if provider == "callrail":
        return clients.CallRailClient(account, secrets[0])
    if provider == "twilio":
        return clients.TwilioClient(account, secrets[0])
    return clients.CallTrackingMetricsClient(account, secrets[0], secrets[1])


def _secret(provider: str, part: str) -> str:
    """Take a part of a key from the environment, else from the system's keyring."""
    variable = f"CALLTRACK_{provider}_{part}".upper()
    found = os.environ.get(variable)
    if not found:
        try:
            found = keyring.get_password(SERVICE, f"{provider}-{part}")
        except keyring.errors.KeyringError:
            found = None
    if not found:
        raise SourceError(
            f"There is no key for {provider}",
            where=variable,
            fix=f"Set the variable, or run: keyring set {SERVICE} {provider}-{part}",
        )
    return found


# -- pages on disk --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """How far a provider has been fetched.

    Parameters
    ----------
    provider : str
    done_until : datetime.date or None
        The last day of the last range that was fetched whole.
    first, last : datetime.date or None
        The range being fetched.
    cursor : str or None
        Where its next page begins.
    size : int
        How many bytes of its file are whole pages.
    records : int
        How many records they hold.
    """

    provider: str
    done_until: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    cursor: str | None = None
    size: int = 0
    records: int = 0

    @staticmethod
    def path(workspace: Workspace, provider: str) -> Path:
        return workspace.state / "sync" / f"{provider}.json"

    @classmethod
    def read(cls, workspace: Workspace, provider: str) -> _State:
        path = cls.path(workspace, provider)
        if not path.is_file():
            return cls(provider)
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for name in ("done_until", "first", "last"):
            said[name] = dt.date.fromisoformat(said[name]) if said[name] else None
        return cls(**said)

    def write(self, workspace: Workspace) -> None:
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        with replacing(self.path(workspace, self.provider)) as draft:
            draft.write(json.dumps(said, default=str).encode())


Span = tuple[dt.date, dt.date]


def _spans(
    api: clients.PagedCalls,
    state: _State,
    since: dt.date | None,
    until: dt.date,
    today: dt.date,
) -> Iterator[Span]:
    """Cut the days to fetch into ranges the provider answers; a range begun comes first."""
    day = dt.timedelta(days=1)
    start = since
    if state.first and state.last:
        yield state.first, state.last
        start = start if start and start < state.first else state.last + day
    elif start is None and state.done_until:
        start = state.done_until - OVERLAP_DAYS * day
    start = start or today - FIRST_DAYS * day
    if api.retained_days is not None:
        start = max(start, today - api.retained_days * day)
    while start <= until:
        end = min(until, start + (api.longest_days - 1) * day)
        yield start, end
        start = end + day


def _fetch(
    workspace: Workspace,
    api: clients.PagedCalls,
    state: _State,
    span: Span,
    tell: Callable[[int], object],
) -> int:
    """Fetch a range to its end, from where an earlier run left off; return its records."""
    first, last = span
    folder = workspace.raw / "api"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{api.provider}-{first}-{last}.partial"
    if (state.first, state.last) != span or not partial.is_file():
        state = _State(api.provider, state.done_until, first, last)
        partial.write_bytes(b"")
    os.truncate(partial, state.size)
    if not (state.cursor is None and state.size):  # all pages are there: only the name is not
        for page in api.pages(first, last, state.cursor):
            text = "".join(json.dumps(dict(record)) + "\n" for record in page.records)
            with partial.open("ab") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            state = _State(
                api.provider,
                state.done_until,
                first,
                last,
                page.cursor,
                partial.stat().st_size,
                state.records + len(page.records),
            )
            state.write(workspace)
            tell(len(page.records))
    if state.records:
        partial.replace(_whole(folder, api.provider, span))
    else:
        partial.unlink()
    return state.records


def _whole(folder: Path, provider: str, span: Span) -> Path:
    """Name the file of a range; an earlier one of the same days stays beside it."""
    path = folder / f"{provider}-{span[0]}-{span[1]}.json"
    number = 2
    while path.exists():
        path = folder / f"{provider}-{span[0]}-{span[1]}-{number}.json"
        number += 1
    return path


# -- recordings -----------------------------------------------------------------------


def fetch_recordings(
    workspace: Workspace, provider: str, *, bar: bool = False
) -> tuple[int, tuple[str, ...]]:
    """Download the recordings that a provider's calls name and the workspace lacks.

    A file is named for its call. One that cannot be had is a problem, and the rest is
    downloaded all the same.

    Returns
    -------
    downloaded : int
    problems : tuple of str
    """
    calls = workspace.table("calls")
    mine = calls[(calls["provider"] == provider) & calls["recording"].str.match(r"https?://")]
    hosts = clients.RECORDING_HOSTS.get(provider, ())
    allowed = workspace.settings.sources.recording_hosts
    access = _access(provider, workspace)
    done, problems = 0, []
    matched = audio.match(calls, workspace.recordings).set_index("call_id")["problem"]
    away = matched.index[matched.str.startswith(audio.NOT_FETCHED, na=False)]
    lacking = mine[mine["call_id"].isin(away)].set_index("call_id")
    named: Mapping[Any, Any] = lacking["recording"].to_dict()
    for call_id, url in tqdm(named.items(), desc="recordings", unit="file", disable=not bar):
        target = workspace.recordings / recording_name(str(call_id), str(url))
        try:
            with replacing(target) as draft:
                clients.download_recording(
                    str(url), draft, hosts=hosts, allowed=allowed, access=access
                )
        except RecordingError as error:
            problems.append(str(error.at(f"{call_id} ({error.where})")))
            continue
        done += 1
    return done, tuple(problems)


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


def _access(provider: str, workspace: Workspace) -> Access | None:
    """Return the key for hosts that ask for one, where there is a key."""
    try:
        secrets = [_secret(provider, part) for part in SECRETS.get(provider, ())]
    except CalltrackError:
        return None
    account = workspace.settings.sources.sync.get(provider, "")
    if provider == "callrail":
        return Access("api.callrail.com", {"Authorization": f'Token token="{secrets[0]}"'})
    if provider == "whatconverts":
        return Access("app.whatconverts.com", auth=(secrets[0], secrets[1]))
    if provider == "calltrackingmetrics":
        return Access("api.calltrackingmetrics.com", auth=(secrets[0], secrets[1]))
    if provider == "twilio":
        return Access("api.twilio.com", auth=(account, secrets[0]))
    return None
