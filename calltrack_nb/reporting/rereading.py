"""What reports took down as read, read again: a report whose every read is as it was is kept.

Names of reads come from :meth:`Workspace.note` and :meth:`Workspace.noting`; here stands how
each is read again. One that nobody knows counts as changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from calltrack_nb import schema
from calltrack_nb.errors import CalltrackError
from calltrack_nb.periods import Period
from calltrack_nb.reporting import fingerprints
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.auditing import audit_workspace
from calltrack_nb.workspace.reads import Read
from calltrack_nb.workspace.whole_log import broken_in, orders_to_come

if TYPE_CHECKING:
    import pandas as pd

    from calltrack_nb.audit import AuditResult

REST: Final[Read] = ("", "rest")
"""All files but those that are taken down when they are read: settings, checks and so on."""


class _ReadOnce(Workspace):
    """A workspace whose tables are read from the disk once."""

    def __init__(self, folder: Path, account: str | None = None) -> None:
        super().__init__(folder, account)
        self._tables: dict[tuple[str, ...], pd.DataFrame] = {}

    def _read(self, name: str, wanted: Callable[[str], bool] | None = None) -> pd.DataFrame:
        parts = tuple(part for part in self._parts(name) if wanted is None or wanted(part.stem))
        key = (name, *map(str, parts))
        if key not in self._tables:
            self._tables[key] = super()._read(name, wanted)
        return self._tables[key].copy(deep=False)


@dataclass(frozen=True)
class Reader:
    """Digests what reports read of a workspace as it is now, each thing once.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    but : pathlib.Path
        A folder that is left out, for reports are written there.
    """

    workspace: Workspace
    but: Path
    _digests: dict[Read, str] = field(default_factory=dict)
    _audits: dict[str, AuditResult] = field(default_factory=dict)
    _views: dict[str, Workspace] = field(default_factory=dict)

    def digest(self, read: Read) -> str:
        """Return the digest of what was read; empty where it cannot be read any more."""
        if read not in self._digests:
            try:
                told = repr(self._again(read)).encode(errors="replace")
            except (CalltrackError, OSError, LookupError, ValueError):
                self._digests[read] = ""
            else:
                self._digests[read] = hashlib.sha256(told).hexdigest()[:16]
        return self._digests[read]

    def state(self) -> str:
        """Return another text where any file of the workspace was written since."""
        return fingerprints.of_times_of_workspace(self.workspace, but=self.but)

    def _again(self, read: Read) -> object:
        if read == REST:
            return fingerprints.of_the_rest(self.workspace, but=self.but)
        account, what, *of = read
        if account not in self._views:
            whole = _ReadOnce(self.workspace.folder)
            whole.pin = self.workspace.pin
            self._views[account] = whole.of_account(account) if account else whole
        workspace = self._views[account]
        if what == "broken":
            if account not in self._audits:  # one serves every period
                self._audits[account] = audit_workspace(workspace)
            days = broken_in(workspace, Period.parse(of[0]), self._audits[account])
            return days.to_json(date_format="iso")
        return _AGAIN[what](workspace, *of)


def _table(workspace: Workspace, name: str) -> object:
    return [(part.name, fingerprints.content(part)) for part in workspace.parts(name)]


def _about(workspace: Workspace, name: str, *periods: str) -> object:
    return _rows(workspace.table(name, about=[Period.parse(each) for each in periods]), name)


def _calls(workspace: Workspace, period: str) -> object:
    return _rows(workspace.calls(period), "calls")


def _transcripts_of(workspace: Workspace, period: str) -> object:
    known = workspace.table("recordings", about=Period.parse(period))
    keys = sorted(set(known["transcript_key"].dropna().astype(str)))
    return [(key, workspace.transcripts.state(key)) for key in keys]


def _folder(name: str) -> Callable[[Workspace], object]:
    return lambda workspace: fingerprints.of_times(workspace.folder / "data" / name)


_AGAIN: Final[Mapping[str, Callable[..., object]]] = {
    "table": _table,
    "about": _about,
    "calls": _calls,
    "campaign": lambda workspace, name: workspace.knows_campaign(name),
    "log": lambda workspace: str(workspace.period_of_log()),
    "accounts": lambda workspace: workspace.accounts(),
    "recordings": _folder("recordings"),
    "transcripts": _folder("transcripts"),
    "transcripts of": _transcripts_of,
    "orders to come": lambda workspace, period: repr(
        orders_to_come(workspace, Period.parse(period))
    ),
}


def _rows(frame: pd.DataFrame, name: str) -> str:
    """Digest rows of a table."""
    table = schema.to_arrow(frame, name)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return hashlib.sha256(sink.getvalue()).hexdigest()
