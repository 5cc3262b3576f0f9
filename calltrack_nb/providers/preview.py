"""What a file would be read as, before anything of it is imported."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb.errors import CalltrackError, UnclearFile
from calltrack_nb.phrasing import number
from calltrack_nb.providers.recognition import open_source
from calltrack_nb.providers.source import FileSource
from calltrack_nb.results import BaseResult, in_notebook, rows_html
from calltrack_nb.settings import Settings

_SHOWN_ROWS: Final = 8
_SHOWN_NOTES: Final = 20
_MOST_CELL: Final = 40


@dataclass(frozen=True, slots=True)
class Preview(BaseResult):
    """How a file would be read.

    Parameters
    ----------
    file : str
    taken_for : str
        The provider and what its rows are; empty where the file cannot be read.
    reason : str
        Why, and how the file is written.
    columns : pandas.DataFrame
        ``column, field, example``, a row per column of the file; `field` is empty where
        nothing is done with it.
    rows : pandas.DataFrame
        The first rows as they would be imported, without the columns that are empty.
    quarantine : pandas.DataFrame
        ``row, column, value, reason`` of what would not be read, in the first rows.
    looked_at : int
        How many rows that is.
    remarks : tuple of str
        What is worth a check.
    problem : str
        Why the file cannot be read; empty where it can.
    proposal : str
        A ``[[mapping]]`` block to fill in, where the reading is not certain.
    words : mapping of str to tuple of str
        Of columns nothing is done with, those of few words, and the words: they may tell
        the direction of calls, or what became of them.
    """

    file: str
    taken_for: str = ""
    reason: str = ""
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    quarantine: pd.DataFrame = field(default_factory=pd.DataFrame)
    looked_at: int = 0
    remarks: tuple[str, ...] = ()
    problem: str = ""
    proposal: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The preview for a terminal."""
        if self.problem:
            return "\n\n".join(filter(None, (self.problem, self.proposal)))
        parts = [
            f"{self.file}: {self.taken_for} ({self.reason})",
            *(f"  {remark}" for remark in self.remarks),
            "",
            self.columns.to_string(index=False),
            "",
            f"The first rows of {number(self.looked_at)} looked at:",
            self.rows.to_string(index=False) if len(self.rows) else "(none)",
        ]
        if len(self.quarantine):
            notes = self.quarantine.head(_SHOWN_NOTES).to_string(index=False)
            parts += [
                "",
                f"Would go to quarantine ({number(len(self.quarantine))}):",
                notes,
                *self._more,
            ]
        return "\n".join(parts)

    @property
    def _more(self) -> list[str]:
        """Say how many values are not shown of those that would not be read."""
        left = len(self.quarantine) - _SHOWN_NOTES
        return [f"and {number(left)} more"] if left > 0 else []

    def _repr_html_(self) -> str:
        if self.problem:
            block = f"<pre>{html.escape(self.proposal)}</pre>" if self.proposal else ""
            return f"<p>{html.escape(self.problem)}</p>{block}"
        remarks = "".join(f"<li>{html.escape(remark)}</li>" for remark in self.remarks)
        notes = ""
        if len(self.quarantine):
            table = rows_html(self.quarantine.head(_SHOWN_NOTES))
            notes = f"<h4>Would go to quarantine ({number(len(self.quarantine))})</h4>{table}"
            notes += "".join(f"<p>{line}</p>" for line in self._more)
        said = html.escape(f"{self.file}: {self.taken_for} ({self.reason})")
        return in_notebook(
            f"<p><strong>{said}</strong></p><ul>{remarks}</ul>{rows_html(self.columns)}"
            f"<h4>The first rows of {number(self.looked_at)} looked at</h4>"
            f"{rows_html(self.rows, form='{}')}{notes}"
        )


def preview_file(
    path: Path,
    settings: Settings,
    *,
    provider: str | None = None,
    own_numbers: Collection[str] = (),
) -> Preview:
    """Say how a file would be read, without importing anything.

    Parameters
    ----------
    path : pathlib.Path
    settings : Settings
    provider : str, optional
        The provider, where it is not to be found out.
    own_numbers : collection of str
        The business's telephone numbers, E.164.

    Returns
    -------
    Preview
        A file that cannot be read is a preview with a `problem`.
    """
    try:
        source = open_source(path, settings, provider=provider, own_numbers=own_numbers)
        batch = next(source.batches())
    except UnclearFile as error:
        return Preview(path.name, problem=str(error), proposal=error.proposal)
    except CalltrackError as error:
        return Preview(path.name, problem=str(error))
    kind = next((name for name in (batch.kind, "calls") if name in batch.tables), None)
    rows = batch.tables[kind] if kind else pd.DataFrame()
    recognised = source.recognition
    return Preview(
        file=path.name,
        taken_for=f"{recognised.provider} {recognised.kind}",
        reason=recognised.reason,
        columns=_columns(source),
        rows=_first_rows(rows, settings.business.timezone),
        quarantine=batch.quarantine,
        looked_at=batch.rows_read,
        remarks=(*source.remarks, *batch.remarks),
        words=source.words,
    )


def _columns(source: FileSource) -> pd.DataFrame:
    """List the columns of the file, what each becomes, and a cell of it."""
    fields: dict[str, list[str]] = {}
    for name, columns in source.match.columns.items():
        for column in columns:
            for part in _parts(column, source.sheet.columns):
                fields.setdefault(part, []).append(name)
    frame = source.first.frame
    return pd.DataFrame(
        [
            {
                "column": column,
                "field": ", ".join(fields.get(column, ())),
                "example": _example(frame[column]) if column in frame else "",
            }
            for column in source.sheet.columns
        ],
        columns=["column", "field", "example"],
    )


def _parts(column: str, columns: Collection[str]) -> list[str]:
    """Return the columns of the file that a column of a mapping is made of."""
    if column in columns:
        return [column]
    made = column.partition(" as ")[0].split(" + ")
    return [part for part in made if part in columns]


def _example(cells: pd.Series[Any]) -> str:
    filled = cells.dropna()
    return str(filled.iloc[0])[:_MOST_CELL] if len(filled) else ""


def _first_rows(rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return the first rows that would be imported, times on the business's clock."""
    hidden = {"account", "import_id", "row", "caller_key", "call_id"}
    shown = rows.head(_SHOWN_ROWS)
    shown = shown[[name for name in shown.columns if name not in hidden]]
    shown = shown.loc[:, shown.notna().any(axis=0)]
    if "transcript" in shown:
        words = shown["transcript"].str.split().str.join(" ").str.slice(0, _MOST_CELL)
        shown = shown.assign(transcript=words)
    for name in shown.columns:
        if isinstance(shown[name].dtype, pd.DatetimeTZDtype):
            local = shown[name].dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M:%S")
            shown = shown.assign(**{str(name): local})
    return shown
