"""CSV files: delimiter and header found, then streamed by Arrow.

Arrow cuts a hundred megabytes into columns in a second, and hands over the records that
do not fit, so that they can be mended or set aside one by one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    HEAD_LINES,
    Broken,
    Chunk,
    Sheet,
    blank_to_missing,
    header_hits,
    header_index,
    unique_names,
)

# Arrow reads some thirty blocks ahead, so a block decides what a long file costs in memory;
# a record has to fit into one.
_BLOCK_BYTES: Final = 4 * 1024 * 1024


def open_csv(path: Path, encoding: str, head: str, known: Collection[str]) -> Sheet:
    """Open a CSV whose encoding is known.

    Parameters
    ----------
    path : pathlib.Path
    encoding : str
    head : str
        The file's beginning, decoded.
    known : collection of str
        Plain names of columns that some provider uses.
    """
    if "\x00" in head:
        raise SourceError("The file is not text", where=path, fix="Export it as CSV or XLSX")
    lines = list(io.StringIO(head, newline=""))[:HEAD_LINES]
    delimiter, records = max(
        ((mark, _records(lines, mark)) for mark in (",", ";", "\t", "|")),
        key=lambda found: _header_score(found[1], known),
    )
    index = header_index([cells for cells, _ in records], known)
    header, skip = records[index]
    columns = unique_names(header, path)
    _check_quotes(path, encoding, delimiter)

    def chunks() -> Iterator[Chunk]:
        return _csv_chunks(path, encoding, delimiter, columns, skip)

    name = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]
    form = f"CSV, {encoding}, {name} separated, header in line {skip}"
    return Sheet(columns, form, chunks)


def _records(lines: Sequence[str], delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first records and the number of lines up to the end of each."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        return [(cells, reader.line_num) for cells in reader] or [([], 0)]
    except csv.Error:
        return [([], 0)]


def _header_score(records: list[tuple[list[str], int]], known: Collection[str]) -> tuple[int, int]:
    hits = max(header_hits(cells, known) for cells, _ in records)
    return hits, max(len(cells) for cells, _ in records) if hits == 0 else 0


def _check_quotes(path: Path, encoding: str, delimiter: str) -> None:
    """Refuse a file in which a quotation mark opens and never closes.

    An even number of marks cannot leave one open; only an odd one is looked at closely.
    """
    with path.open("rb") as file:
        marks = 0
        while block := file.read(_BLOCK_BYTES):
            marks += block.count(b'"')
    if marks % 2 == 0:
        return
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error) or "field limit" in str(error):
                    raise SourceError(
                        "A quotation mark opens and never closes",
                        where=f"{path}, line {line}",
                        fix="Close it in that line, or export the file again",
                    ) from error


def _csv_chunks(
    path: Path, encoding: str, delimiter: str, columns: tuple[str, ...], skip: int
) -> Iterator[Chunk]:
    names = [str(i) for i in range(len(columns))]
    odd: list[tuple[int, str]] = []

    def set_aside(record: Any) -> str:
        odd.append((record.number - skip, record.text))
        return "skip"

    done = 0
    waiting: list[pa.RecordBatch] = []
    try:
        stream = pc.open_csv(
            path,
            read_options=pc.ReadOptions(
                use_threads=False,
                block_size=_BLOCK_BYTES,
                skip_rows=skip,
                column_names=names,
                encoding=encoding,
            ),
            parse_options=pc.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in stream:
            waiting.append(batch)
            if sum(map(len, waiting)) >= CHUNK_ROWS:
                chunk = _csv_chunk(waiting, columns, done, odd, delimiter)
                done = int(chunk.rows.max(initial=done))
                waiting.clear()
                yield chunk
    except (pa.ArrowInvalid, pa.ArrowException, OSError, UnicodeError, ValueError) as error:
        if "empty CSV" in str(error).lower() or "Empty CSV" in str(error):
            return
        raise SourceError(
            "The file cannot be cut into rows and columns",
            where=f"{path} ({str(error).splitlines()[0]})",
            fix="Open it in a spreadsheet and save it as CSV again",
        ) from error
    yield _csv_chunk(waiting, columns, done, odd, delimiter)


def _csv_chunk(
    batches: Sequence[pa.RecordBatch],
    columns: tuple[str, ...],
    done: int,
    odd: list[tuple[int, str]],
    delimiter: str,
) -> Chunk:
    names = [str(i) for i in range(len(columns))]
    schema = pa.schema([(name, pa.string()) for name in names])
    frame = pa.Table.from_batches(batches, schema=schema).to_pandas()
    frame.columns = pd.Index(columns)
    mended, broken = [], []
    numbers = []
    for row, text in odd:
        cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
        if len(cells) < len(columns):
            mended.append(cells + [""] * (len(columns) - len(cells)))
            numbers.append(row)
        elif not any(cell.strip() for cell in cells[len(columns) :]):
            mended.append(cells[: len(columns)])
            numbers.append(row)
        else:
            reason = f"the row has {len(cells)} cells, the header {len(columns)}"
            broken.append(Broken(row, text[:500], reason))
    rows = _numbers(len(frame), done, [row for row, _ in odd])
    odd.clear()
    if mended:
        frame = pd.concat([frame, pd.DataFrame(mended, columns=list(columns), dtype="str")])
        rows = np.concatenate([rows, np.array(numbers, dtype=np.int64)])
        order = np.argsort(rows, kind="stable")
        frame, rows = frame.iloc[order], rows[order]
    return _without_swallowed(frame.reset_index(drop=True), rows, broken, delimiter)


def _numbers(count: int, done: int, odd: Sequence[int]) -> npt.NDArray[np.int64]:
    """Count the regular records of a chunk on, leaving out the numbers of the odd ones."""
    everything = np.arange(done + 1, done + count + len(odd) + 1, dtype=np.int64)
    return np.setdiff1d(everything, np.array(odd, dtype=np.int64))[:count]


def _without_swallowed(
    frame: pd.DataFrame, rows: npt.NDArray[np.int64], broken: list[Broken], delimiter: str
) -> Chunk:
    """Set aside records in which a stray quotation mark swallowed whole lines."""
    lost = np.zeros(len(frame), dtype=bool)
    line = re.compile(rf"\n(?:[^{re.escape(delimiter)}\n]*{re.escape(delimiter)}){{2}}")
    if len(frame.columns) > 3:
        line = re.compile(
            rf"\n(?:[^{re.escape(delimiter)}\n]*{re.escape(delimiter)}){{{len(frame.columns) - 1}}}"
        )
    for name in frame.columns:
        several = frame[name].str.contains("\n", regex=False)
        if several.any():
            lost |= (
                several & frame[name].where(several, "").map(lambda t: bool(line.search(t)))
            ).to_numpy(dtype=bool)
    for place in np.flatnonzero(lost):
        text = delimiter.join(frame.iloc[place])[:500]
        broken.append(
            Broken(int(rows[place]), text, "a quotation mark swallows the lines after it")
        )
    return Chunk(blank_to_missing(frame[~lost]), rows[~lost], tuple(broken))
