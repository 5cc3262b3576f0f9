"""The errors a user can mend.

Every message says what is wrong, where, and what to do about it. They stand in
one module below all others so that any room can raise them without an import
loop; the command line prints them as one line and exits non-zero.
"""

from __future__ import annotations

import errno
import re
import traceback
from itertools import takewhile
from pathlib import Path
from typing import Final, Self

_HERE: Final = str(Path(__file__).parent)

# what a terminal obeys or turns around, and halves of letters that no stream can write
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

NO_ROOM: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}
)
"""What a system answers where a file may not be written, or has no room."""


def visible(text: str) -> str:
    r"""Write what a terminal would obey, or cannot show, as what it is.

    Examples
    --------
    >>> visible("Zoë\x1b[2J\ud83d")
    'Zoë\\x1b[2J\\ud83d'
    """
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


class CalltrackError(Exception):
    """Base of every error this package raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, as a sentence without its full stop.
    where : object, optional
        The file, row, call or setting it is about.
    fix : str, optional
        What the user can do, as an imperative sentence.

    Examples
    --------
    >>> str(CalltrackError("The log is empty", where="calls.csv", fix="Export it again"))
    'The log is empty: calls.csv. Export it again.'
    """

    def __init__(self, what: str, *, where: object = None, fix: str | None = None) -> None:
        self.what = what.rstrip(".")
        self.where = None if where is None else str(where)
        self.fix = None if fix is None else fix.rstrip(".")
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        """Say what, where and how to mend it, in one line."""
        place = f": {self.where}" if self.where else ""
        remedy = f" {self.fix}{'' if self.fix.endswith('?') else '.'}" if self.fix else ""
        return visible(" ".join(f"{self.what}{place}.{remedy}".split()))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the keywords, so that errors cross process borders whole."""
        return (_rebuild, (type(self), self.what, self.where, self.fix))

    def _render_traceback_(self) -> list[str]:
        """Say in a notebook which lines of its cells led here, and no line of this package."""
        steps = traceback.extract_tb(self.__traceback__)
        theirs = takewhile(lambda step: not step.filename.startswith(_HERE), steps[1:])
        lines = [f"line {step.lineno}: {step.line}" for step in theirs]
        return [*lines, f"{type(self).__name__}: {self}"]

    def at(self, where: object) -> Self:
        """Return the same error with a place, for callers that know it better."""
        return type(self)(self.what, where=where, fix=self.fix)


def _rebuild(
    kind: type[CalltrackError], what: str, where: str | None, fix: str | None
) -> CalltrackError:
    return kind(what, where=where, fix=fix)


def unforeseen(what: str, where: object, error: Exception) -> CalltrackError:
    """Return the error for what no reader thought of, so that it is told and the rest goes on.

    Examples
    --------
    >>> print(unforeseen("No table", "a.csv", KeyError("b")))
    No table: a.csv (KeyError: 'b'). This is a fault of calltrack_nb; please report it.
    """
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return CalltrackError(
            f"{what.rstrip('.')}: {error.strerror}",
            where=error.filename or where,
            fix="Free some space or make the folder writable",
        )
    if isinstance(error, MemoryError):
        return CalltrackError(
            f"{what.rstrip('.')}: it does not fit in memory", where=where, fix="Cut it into parts"
        )
    said = f"{type(error).__name__}: {str(error)[:300]}".rstrip(": ")
    return CalltrackError(
        what,
        where=f"{where} ({said})",
        fix="This is a fault of calltrack_nb; please report it",
    )


class SettingsError(CalltrackError):
    """``calltrack.toml`` cannot be read or holds a value that is not allowed."""


class PeriodError(CalltrackError):
    """A period of time is written in a form that is not understood."""


class TableError(CalltrackError):
    """A table does not have the columns or types its schema promises."""


class WorkspaceError(CalltrackError):
    """A folder is not a workspace, or lacks what was asked of it."""


class WorkspaceBusy(WorkspaceError):
    """Another process is bringing the workspace up to date."""


class ReadOnlyWorkspace(WorkspaceError):
    """A workspace may be read and not be changed."""


class AccountError(WorkspaceError):
    """A client was not named where there are several, or there is none of that name."""


class SourceError(CalltrackError):
    """A provider's file or API cannot be read into the tables."""


class SyncError(SourceError):
    """A provider's API answers what cannot be used."""


class NoAnswer(SyncError):
    """A provider's API does not answer in time, or not to this key."""


class UnknownProvider(SourceError):
    """No provider's columns match a file."""


class UnclearFile(SourceError):
    """A file can be read in more than one way, and the user has to say which.

    Parameters
    ----------
    what, where, fix
        As in :class:`CalltrackError`.
    proposal : str
        A ``[[mapping]]`` block for ``calltrack.toml`` with the open places marked.
    """

    def __init__(
        self, what: str, *, where: object = None, fix: str | None = None, proposal: str = ""
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.proposal = proposal

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the proposal."""
        return (_rebuild_unclear, (self.what, self.where, self.fix, self.proposal))


def _rebuild_unclear(what: str, where: str | None, fix: str | None, proposal: str) -> UnclearFile:
    return UnclearFile(what, where=where, fix=fix, proposal=proposal)


class RecordingError(CalltrackError):
    """A recording cannot be decoded."""


class RecordingNotFound(RecordingError):
    """A call names a recording that is not in the workspace."""


class TranscriptionError(CalltrackError):
    """An engine or a model cannot do what was asked of it."""


class ModelNotFound(TranscriptionError):
    """The weights of a speech or embedding model are not on this machine."""


class ListeningError(CalltrackError):
    """Transcripts cannot be turned into themes or findings."""


class ReviewError(CalltrackError):
    """Calls cannot be checked, or what was said of them cannot be read."""


class EvidenceError(CalltrackError):
    """A statistic was asked of numbers that cannot carry it."""


class ReportError(CalltrackError):
    """A report could not be made."""


class ParameterError(ReportError):
    """A report was given a parameter it does not have, or of the wrong type."""


class MissingDependency(CalltrackError):
    """An optional package is needed for what was asked."""
