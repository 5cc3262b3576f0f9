"""Files made in a test, opened, and their records as plain lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from calltrack_nb.providers.files.opening import open_sheet
from calltrack_nb.providers.files.sheets import Broken, Note, Sheet

KNOWN = frozenset(
    {"callstatus", "starttime", "durationseconds", "phonenumber", "name", "value"}
    | {"id", "duration", "source", "campaign", "direction"}
)
NAMES = ("Call Status", "Start Time", "Duration (seconds)", "Phone Number", "Name", "Value")
HEADER = ",".join(NAMES) + "\n"


@dataclass(frozen=True)
class Opened:
    """A sheet with its records read."""

    sheet: Sheet
    records: list[list[str]]
    rows: list[int]
    broken: list[Broken]
    notes: list[Note]
    remarks: list[str]

    def column(self, name: str) -> list[str]:
        place = self.sheet.columns.index(name)
        return [record[place] for record in self.records]


def row(name: str, *, minute: int = 0) -> str:
    """Return a line of a log in columns :data:`NAMES`."""
    return f"Answered Call,2026-08-03 10:{minute:02}:00,95,(404) 555-0142,{name},12.50\n"


def opened(folder: Path, content: bytes | str, known: frozenset[str] = KNOWN) -> Opened:
    """Write a file, open it and read it to its end."""
    path = folder / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sheet = open_sheet(path, known)
    chunks = list(sheet.chunks())
    return Opened(
        sheet,
        [record for chunk in chunks for record in chunk.frame.fillna("").to_numpy().tolist()],
        [int(number) for chunk in chunks for number in chunk.rows],
        [broken for chunk in chunks for broken in chunk.broken],
        [note for chunk in chunks for note in chunk.notes],
        [*sheet.remarks, *(remark for chunk in chunks for remark in chunk.remarks)],
    )
