"""One call: what is known of it, what was said in it, what was found, how it sounds."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import described
from calltrack_nb.errors import RecordingNotFound, WorkspaceError
from calltrack_nb.phrasing import moment
from calltrack_nb.reporting.player import SPEAKERS, player, read_turns
from calltrack_nb.reporting.report_tables import clock
from calltrack_nb.results import BaseResult, Html, in_notebook, plain
from calltrack_nb.schema import private_columns

if TYPE_CHECKING:
    from pathlib import Path

    from calltrack_nb.workspace import Workspace

#: Who rang, and where the file is that may be named after them.
_PRIVATE: Final = (*private_columns("calls"), "caller_key", "person", "recording")
_BOOKKEEPING: Final = ["call_id", "import_id", "row", "transcript"]
#: What a reader looks for first; everything else is in the facts.
_SHOWN: Final = {
    "caller_name": "Caller",
    "caller_number": "Number",
    "caller_city": "From",
    "direction": "Direction",
    "status": "Status",
    "duration_s": "Length",
    "talked_s": "Talked",
    "channel": "Channel",
    "campaign": "Campaign",
    "keyword": "Keyword",
    "tracking_number": "Rang at",
    "counted": "Counted",
    "qualified": "Qualified",
    "first_call": "First call",
    "value": "Value",
    "agent": "Agent",
}


@dataclass(frozen=True, repr=False)
class Call(BaseResult):
    """One call of a workspace; ``ws.call(call_id)`` gives it, and a notebook shows it.

    Parameters
    ----------
    call_id : str
    facts : pandas.Series
        The call's row of the table ``calls``, and what
        :func:`calltrack_nb.calls.described` says of it: ``counted``, ``qualified``,
        ``talked_s`` and the others.
    transcript : pandas.DataFrame
        What was said: ``speaker``, ``start_s``, ``end_s``, ``text``, ``unclear``; no rows
        where the call has not been transcribed and analyzed.
    findings : pandas.DataFrame
        What was found in it: ``family``, ``kind``, ``start_s``, ``end_s``, ``words``,
        ``confidence``.
    themes : tuple of str
        What the caller asked about.
    share_safe : bool
        Whether the caller's number and name, and private words, are left out.

    Examples
    --------
    >>> call = ws.call("callrail:1")
    >>> call.facts["campaign"], bool(call.facts["qualified"])
    ('Cakes - Search', True)
    >>> call.transcript["text"][1]
    'My name is [NAME] and I need a <big> wedding cake'
    >>> call.themes
    ('Wedding cakes',)
    """

    call_id: str
    facts: pd.Series[Any]
    transcript: pd.DataFrame
    findings: pd.DataFrame
    themes: tuple[str, ...]
    share_safe: bool
    _workspace: Workspace = field(compare=False)

    def __repr__(self) -> str:
        return f"Call({self.call_id!r}, {self.text!r})"

    @property
    def text(self) -> str:
        """When it was, which campaign brought it, and what became of it."""
        told = (self.facts[name] for name in ("campaign", "status") if name in self.facts)
        said = [str(value) for value in told if pd.notna(value)]
        return " · ".join([moment(self.facts["local"]), *said])

    @property
    def recording(self) -> Path | None:
        """The audio file, or None where there is none in the workspace."""
        try:
            return self._workspace.recording(self.call_id)
        except RecordingNotFound:
            return None

    def player(self, start_s: float = 0.0, end_s: float | None = None) -> Html:
        """Return a player for the call or a piece of it, with the sound inside.

        Parameters
        ----------
        start_s, end_s : float
            Seconds from the start of the recording; to its end where not said.

        Returns
        -------
        Html
            What a notebook shows as a player. Where the call is share-safe, private words
            are silent; where it cannot be played, it says so.

        Examples
        --------
        >>> ws.call("callrail:1").player(2, 4)[:23]
        '<div class="ct-player">'
        """
        return Html(
            player(self._workspace, self.call_id, start_s, end_s, share_safe=self.share_safe)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the call as plain values that JSON can hold.

        Examples
        --------
        >>> told = ws.call("callrail:1").to_dict()
        >>> list(told)
        ['call_id', 'text', 'facts', 'transcript', 'findings', 'themes']
        >>> told["facts"]["started_at"]
        '2026-08-03T14:00:00+00:00'
        """
        names = ("call_id", "text", "facts", "transcript", "findings", "themes")
        return {name: plain(getattr(self, name)) for name in names}

    def _repr_html_(self) -> str:
        facts = "".join(
            f"<tr><td><b>{label}</b></td><td>{escape(_written(name, self.facts[name]))}</td></tr>"
            for name, label in _SHOWN.items()
            if name in self.facts and pd.notna(self.facts[name])
        )
        asked = f"<p><b>Themes:</b> {escape(', '.join(self.themes))}</p>" if self.themes else ""
        found = "".join(
            f"<li>{escape(row['family'])}, {escape(row['kind'])}: {escape(_quoted(row))}</li>"
            for row in self.findings.to_dict("records")
        )
        said = "".join(
            f"<tr><td>{clock(row['start_s'])}</td>"
            f"<td><b>{SPEAKERS.get(row['speaker'], 'Somebody')}</b></td>"
            f"<td>{escape(row['text'])}{' <i>(unclear)</i>' if row['unclear'] else ''}</td></tr>"
            for row in self.transcript.to_dict("records")
        )
        words = f"<table><tbody>{said}</tbody></table>" if said else _NO_WORDS
        return in_notebook(
            f"<p><b>{escape(self.text)}</b></p><table><tbody>{facts}</tbody></table>{asked}"
            f"{f'<p><b>Found:</b></p><ul>{found}</ul>' if found else ''}{words}"
            f"{_LISTEN if self.recording else ''}"
        )


_NO_WORDS: Final = (
    "<p>Nothing has been heard of this call: <code>ws.transcribe()</code>, then "
    "<code>ws.analyze()</code>, where it has a recording.</p>"
)
_LISTEN: Final = "<p>Listen to it with <code>.player()</code>.</p>"


def read_call(workspace: Workspace, call_id: str, *, share_safe: bool) -> Call:
    """Read what a workspace knows of a call.

    Raises
    ------
    WorkspaceError
        When it has no such call, with ids that are written alike.
    """
    of_call = f"where call_id = '{call_id.replace(chr(39), chr(39) * 2)}'"
    started = workspace.sql(f"select started_at from calls {of_call}")  # noqa: S608 - quoted
    if started.empty:
        ids = workspace.sql("select call_id from calls")["call_id"].tolist()
        near = difflib.get_close_matches(call_id, ids, n=3)
        raise WorkspaceError(
            "There is no such call",
            where=call_id,
            fix=f"Did you mean {' or '.join(near)}?" if near else "See ws.calls() for their ids",
        )
    month = workspace.read_month("calls", f"{started['started_at'].iloc[0]:%Y-%m}")
    row = described(month[month["call_id"] == call_id], workspace.settings).iloc[0]
    themes = workspace.sql(
        "select label from call_themes join themes using (theme_id) "  # noqa: S608 - quoted
        f"{of_call} order by strength desc, theme_id"
    )
    return Call(
        call_id,
        row.drop([*_BOOKKEEPING, *(_PRIVATE if share_safe else ())]).rename(call_id),
        read_turns(workspace, call_id, share_safe=share_safe),
        workspace.sql(
            "select family, kind, start_s, end_s, words, confidence from findings "  # noqa: S608 - quoted
            f"{of_call} order by start_s, family, kind"
        ),
        tuple(themes["label"].astype("str")),
        share_safe,
        workspace,
    )


def _written(name: str, value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if name.endswith("_s") and isinstance(value, float):
        return clock(value)
    return str(value)


def _quoted(finding: Mapping[Hashable, Any]) -> str:
    words = finding["words"] if isinstance(finding["words"], str) else ""
    at = finding["start_s"]
    return words if pd.isna(at) else f"{words} ({clock(at)})"
