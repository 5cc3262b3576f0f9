"""What became of an import, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from calltrack_nb.phrasing import agree, number, plural
from calltrack_nb.results import BaseResult, page


@dataclass(frozen=True, slots=True)
class FileImport(BaseResult):
    """What became of one file.

    Parameters
    ----------
    file : str
        Its name within the workspace, or its path.
    provider, kind, reason : str
        What it was taken for, and why.
    import_id : str
        Of its content and the settings it was read under.
    rows_read, rows_kept, rows_quarantined, rows_already_known : int
        Rows kept came into the tables; rows already known came in an earlier export.
    rows_read_again : int
        Rows kept that an earlier reading of the file, or an earlier version of it, had brought.
    unrecognised : tuple of str
        Columns nothing was done with.
    notes : tuple of str
        What stands in quarantine and why, counted by column and reason.
    seen_before : bool
        Whether the same file had been imported and nothing was done.
    problem : str or None
        Why nothing of it was imported.
    remarks : tuple of str
        What is worth a check in how it was read.
    proposal : str
        A ``[[mapping]]`` block to fill in, where the reading is not certain.
    """

    file: str
    provider: str = ""
    kind: str = ""
    reason: str = ""
    import_id: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    rows_already_known: int = 0
    rows_read_again: int = 0
    unrecognised: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seen_before: bool = False
    problem: str | None = None
    remarks: tuple[str, ...] = ()
    proposal: str = ""

    @property
    def rows_new(self) -> int:
        """Rows that no import had brought before."""
        return self.rows_kept - self.rows_read_again

    @property
    def lines(self) -> tuple[str, ...]:
        """What the file was taken for and why, and what was left out; nothing if not read."""
        if self.seen_before or self.problem:
            return ()
        taken = "a file of yours" if self.provider == "workspace" else self.provider
        counts = [f"{number(self.rows_new)} new"]
        counts += [f"{number(self.rows_read_again)} read again"] if self.rows_read_again else []
        counts += [f"{number(self.rows_already_known)} known"] if self.rows_already_known else []
        counts += (
            [f"{number(self.rows_quarantined)} in quarantine"] if self.rows_quarantined else []
        )
        lines = [f"{self.file}: {taken}, {self.kind} ({self.reason}); {', '.join(counts)}"]
        if not self.rows_read:
            lines.append("  it holds no rows")
        lines += [f"  {remark}" for remark in self.remarks]
        if self.unrecognised:
            lines.append(f"  columns left out: {', '.join(self.unrecognised)}")
        return (*lines, *(f"  {note}" for note in self.notes))


@dataclass(frozen=True, slots=True)
class ImportReport(BaseResult):
    """What an import did.

    Parameters
    ----------
    files : tuple of FileImport
    joined : int
        Provider calls of calls that another export or provider had seen too.
    ambiguous : int
        Provider calls that may be of one call and were left apart.
    forgotten : int
        Rows passed over because their caller asked to be forgotten.
    """

    files: tuple[FileImport, ...]
    joined: int = 0
    ambiguous: int = 0
    forgotten: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each file of which nothing was imported."""
        return tuple(file.problem for file in self.files if file.problem)

    @property
    def unclear(self) -> tuple[FileImport, ...]:
        """The files that somebody has to say something about before they can be read."""
        return tuple(file for file in self.files if file.proposal)

    @property
    def lines(self) -> tuple[str, ...]:
        """What each new file was taken for and why, and what was left out of it."""
        return tuple(line for file in self.files for line in file.lines)

    @property
    def details(self) -> tuple[str, ...]:
        """The same as :attr:`lines`, as every step calls it."""
        return self.lines

    @property
    def table(self) -> pd.DataFrame:
        """One row per file; a column of rows read again only where there are any."""
        again = [file.rows_read_again for file in self.files]
        return pd.DataFrame(
            {
                "file": [file.file for file in self.files],
                "taken for": [f"{file.provider} {file.kind}".strip() for file in self.files],
                "read": [file.rows_read for file in self.files],
                "new": [file.rows_new for file in self.files],
                **({"read again": again} if any(again) else {}),
                "known": [file.rows_already_known for file in self.files],
                "quarantined": [file.rows_quarantined for file in self.files],
                "columns left out": [", ".join(file.unrecognised) for file in self.files],
            }
        )

    @property
    def text(self) -> str:
        """What was done, in a sentence or two."""
        done = [file for file in self.files if not file.seen_before and not file.problem]
        new = sum(file.rows_new for file in done)
        parts = [f"{plural(new, 'new row')} from {plural(len(done), 'file')}"]
        if again := sum(file.rows_read_again for file in done):
            parts.append(f"{plural(again, 'row')} read again")
        if before := sum(file.seen_before for file in self.files):
            parts.append(f"{plural(before, 'file')} already imported")
        if known := sum(file.rows_already_known for file in done):
            parts.append(f"{plural(known, 'row')} already known")
        if quarantined := sum(file.rows_quarantined for file in done):
            parts.append(f"{plural(quarantined, 'row')} in quarantine")
        if self.joined:
            parts.append(
                f"{plural(self.joined, 'call')} that two sources saw joined into "
                f"{agree(self.joined, 'one', 'one each')}"
            )
        if self.ambiguous:
            parts.append(f"{number(self.ambiguous)} that may be duplicates kept apart and listed")
        if self.forgotten:
            parts.append(f"{plural(self.forgotten, 'row')} of removed callers skipped")
        if self.problems:
            parts.append(f"{plural(len(self.problems), 'file')} could not be read")
        return "; ".join(parts) + "."

    def _repr_html_(self) -> str:
        blocks = "".join(f"<pre>{escape(file.proposal)}</pre>" for file in self.unclear)
        return page(self.text, problems=self.problems, table=self.table, more=blocks)
