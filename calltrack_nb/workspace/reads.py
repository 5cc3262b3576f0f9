"""What is read of a workspace, taken down by name while a report runs.

A report is run again only where what it read has changed. So whoever reads a workspace takes
down what: a whole table, the calls of a period, or what was worked out from the whole log (then
that stands for all that was read for it). In a kernel that runs for a report the notes go into
the file that the environment names; elsewhere nothing is taken down unless :func:`taken_down`
asks for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

Read = tuple[str, ...]
"""A client's name or nothing, what was read, and of what, such as ``("", "table", "spend")``."""

VARIABLE: Final = "CALLTRACK_READS"
"""Names the file that the notes of this process go into."""

BATCH: Final = "CALLTRACK_BATCH"
"""Names the folder in which the reports of one batch keep what they have in common."""

OF_CALLS: Final = ("utterances", "talk", "call_themes", "findings", "wishes", "recordings")
"""Tables whose rows are each of one call and say nothing of others."""

_notes: ContextVar[set[Read] | None] = ContextVar("notes", default=None)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def note(read: Read) -> None:
    """Take down that something was read, where anybody asked for it."""
    if _silent.get():
        return
    notes = _notes.get()
    if notes is not None:
        notes.add(read)
    if file := os.environ.get(VARIABLE):
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(read) + "\n")


@contextmanager
def nothing_noted() -> Iterator[None]:
    """Take nothing down in a ``with`` statement."""
    before = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(before)


@contextmanager
def taken_down() -> Iterator[set[Read]]:
    """Give the set into which all that this thread reads in a ``with`` statement is put."""
    notes: set[Read] = set()
    before = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(before)


def notes_in(file: Path) -> set[Read]:
    """Return what a kernel took down in a file; nothing where it is not there."""
    if not file.is_file():
        return set()
    return {tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()}
