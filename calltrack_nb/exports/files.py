"""One upload file: its rows as CSV, its times, its amounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from calltrack_nb.results import BaseResult
from calltrack_nb.workspace.writing import replacing

Consent = Literal["granted", "denied"]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file.

    Parameters
    ----------
    name : str
        File name.
    csv : str
        The file's text: the header, the rows, before them a parameters row where the
        system's template has one.
    rows : int
        How many conversions it holds.
    """

    name: str
    csv: str
    rows: int


@dataclass(frozen=True, slots=True)
class UploadFiles(BaseResult):
    """The files for one import, and every conversion that it would refuse.

    Parameters
    ----------
    files : tuple of Upload
    refused : pandas.DataFrame
        ``call_id``, ``conversion``, ``code``, ``reason``.
    text : str
        One line.
    """

    files: tuple[Upload, ...]
    refused: pd.DataFrame
    text: str


def upload(name: str, rows: pd.DataFrame, header: tuple[str, ...], parameters: str = "") -> Upload:
    r"""Write rows as a file.

    Parameters
    ----------
    name : str
        File name.
    rows : pandas.DataFrame
        With a column for each heading.
    header : tuple of str
        The headings, in order.
    parameters : str
        The line above the header, where the template has one.

    Examples
    --------
    >>> upload("a.csv", pd.DataFrame({"Day": [1], "Value": [""]}), ("Day", "Value")).csv
    'Day,Value\n1,\n'
    """
    buffer = io.StringIO()
    if parameters:
        buffer.write(f"{parameters}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows[list(header)].itertuples(index=False, name=None))
    return Upload(name, buffer.getvalue(), len(rows))


def amounts(values: pd.Series) -> pd.Series:
    """Write amounts with two decimals; one that is not known is left out, never zero."""
    return values.map(lambda value: f"{value:.2f}", na_action="ignore").astype(object).fillna("")


def currencies(rows: pd.DataFrame) -> pd.Series:
    """Return the currency of each amount; none where there is no amount."""
    return rows["currency"].where(rows["value"].notna(), "").fillna("")


def write_files(out: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write texts into a folder, each whole or not at all; the folder is made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts:
        with replacing(out / name) as file:
            file.write(text.encode())
