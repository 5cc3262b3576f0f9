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
import filecmp
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from calltrack_nb import clock
from calltrack_nb.errors import NoAnswer, SourceError, SyncError, WorkspaceError, unforeseen
from calltrack_nb.phrasing import agree, plural
from calltrack_nb.providers import clients
from calltrack_nb.results import BaseResult
from calltrack_nb.workspace import importing
from calltrack_nb.workspace.fetching import fetch_recordings
from calltrack_nb.workspace.keys import SECRETS, secret
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

OVERLAP_DAYS: Final = 3
FIRST_DAYS: Final = 90
MOST_PAGES: Final = 20_000
"""Pages of one range of days, five million calls: a provider that gives more goes in circles."""
MOST_S: Final = 6 * 3600.0
"""How long a run fetches, holding the workspace; the next one goes on where it stopped."""

_DAY: Final = dt.timedelta(days=1)


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
    today = clock.today()
    state = _State.read(workspace, provider, today)
    fetched = 0
    problems: tuple[str, ...] = ()
    with tqdm(desc=provider, unit="call", disable=not bar) as progress:
        try:
            for span in _spans(api, state, since, until or today, today):
                fetched += _fetch_or_anew(workspace, api, state, span, progress.update)
                state = _State(provider, done_until=max(span[1], state.done_until or span[1]))
                state.write(workspace)
        except SourceError as error:
            problems = (str(error),)
        except (WorkspaceError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - what no client thought of stops no import
            problems = (str(unforeseen("The provider's answer cannot be read", provider, error)),)
    files = sorted((workspace.raw / "api").glob(f"{provider}-*.json"))
    imported = importing.import_files(workspace, files)
    problems += imported.problems
    count = 0
    if recordings:
        fetched_sound = fetch_recordings(workspace, (provider,), bar=bar)
        count, problems = fetched_sound.recordings, (*problems, *fetched_sound.problems)
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
            "There is no API for this provider",
            where=provider,
            fix=f"Use one of {', '.join(SECRETS)}, or import an exported file",
        )
    secrets = [secret(provider, part) for part in SECRETS[provider]]
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
    def read(cls, workspace: Workspace, provider: str, today: dt.date) -> _State:
        """Read what the last run kept; where it cannot be, the range is fetched from its start."""
        try:
            said: dict[str, Any] = json.loads(cls.path(workspace, provider).read_text("utf-8"))
            for name in ("done_until", "first", "last"):
                said[name] = dt.date.fromisoformat(said[name]) if said[name] else None
            state = cls(**said)
            return state if state._may_be(provider, today) else cls(provider)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return cls(provider)

    def _may_be(self, provider: str, today: dt.date) -> bool:
        """Tell whether a run could have left this."""
        latest = today + _DAY  # somewhere it is tomorrow already
        return (
            self.provider == provider
            and (self.done_until is None or self.done_until <= latest)
            and (self.first is None) == (self.last is None)
            and (self.first is None or self.last is None or self.first <= self.last)
            and isinstance(self.cursor, str | None)
            and all(type(count) is int and count >= 0 for count in (self.size, self.records))
        )

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
    start = since
    if state.first and state.last:
        yield state.first, state.last
        start = start if start and start < state.first else state.last + _DAY
    elif start is None and state.done_until:
        start = state.done_until - OVERLAP_DAYS * _DAY
    start = start or today - FIRST_DAYS * _DAY
    if api.retained_days is not None:
        start = max(start, today - api.retained_days * _DAY)
    while start <= until:
        end = min(until, start + (api.longest_days - 1) * _DAY)
        yield start, end
        start = end + _DAY


def _fetch_or_anew(
    workspace: Workspace,
    api: clients.PagedCalls,
    state: _State,
    span: Span,
    tell: Callable[[int], object],
) -> int:
    """Fetch a range from where an earlier run left off, or anew where that leads nowhere."""
    resumed = (state.first, state.last) == span and state.cursor is not None
    try:
        return _fetch(workspace, api, state, span, tell)
    except NoAnswer:
        raise
    except SyncError:
        if not resumed:
            raise
        return _fetch(workspace, api, _State(api.provider, state.done_until), span, tell)


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
    lost = not partial.is_file() or partial.stat().st_size < state.size
    if (state.first, state.last) != span or lost:
        state = _State(api.provider, state.done_until, first, last)
        partial.write_bytes(b"")
    os.truncate(partial, state.size)
    if not (state.cursor is None and state.size):  # all pages are there: only the name is not
        for page in _bounded(api.pages(first, last, state.cursor), state.cursor):
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
    name = f"{api.provider}-{first}-{last}"
    known = [*folder.glob(f"{name}.json"), *folder.glob(f"{name}-*.json")]
    # a run that was stopped behind this fetches the same again
    if state.records and not any(filecmp.cmp(partial, path, shallow=False) for path in known):
        partial.replace(_whole(folder, api.provider, span))
    else:
        partial.unlink()
    return state.records


def _bounded(pages: Iterator[clients.Page], cursor: str | None) -> Iterator[clients.Page]:
    """Give pages as long as each leads to another, and for no longer than a run may last.

    Raises
    ------
    SyncError
        When a page leads back to one that was read; it is not given.
    NoAnswer
        When time is up.
    """
    began, seen = time.monotonic(), {cursor}
    for count, page in enumerate(pages, start=1):
        if page.cursor is not None and (page.cursor in seen or count > MOST_PAGES):
            raise SyncError(
                "The provider's pages go round in circles",
                where=f"after {plural(count, 'page')}",
                fix="Fetch fewer days with --since, or import an exported file",
            )
        yield page
        seen.add(page.cursor)
        if page.cursor is not None and time.monotonic() - began > MOST_S:
            raise NoAnswer(
                f"The provider is slow, and {MOST_S / 3600:.0f} hours are over",
                where=plural(count, "page"),
                fix="Run it again: it goes on from there",
            )


def _whole(folder: Path, provider: str, span: Span) -> Path:
    """Name the file of a range; an earlier one of the same days stays beside it."""
    path = folder / f"{provider}-{span[0]}-{span[1]}.json"
    number = 2
    while path.exists():
        path = folder / f"{provider}-{span[0]}-{span[1]}-{number}.json"
        number += 1
    return path
