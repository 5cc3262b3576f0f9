"""CSV files: delimiter and header found, then streamed by Arrow.

Arrow cuts a hundred megabytes into columns in a second, and hands over the records that
do not fit, so that they can be mended or set aside one by one. Lines whose quotation
marks do not follow the standard are written anew before it reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import BLOCK_BYTES, HEAD_BYTES
from calltrack_nb.providers.files.headers import Header, find_header, lines_above
from calltrack_nb.providers.files.quotes import count_quotes
from calltrack_nb.providers.files.records import Dialect, Record, lines_of, records, regular_lines
from calltrack_nb.providers.files.sections import RawChunk, read_table
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    HEAD_RECORDS,
    Chunk,
    Sheet,
    blank_to_missing,
    header_hits,
    unique_names,
)
from calltrack_nb.providers.files.swallowed import set_aside_swallowed, swallows
from calltrack_nb.providers.files.texts import ByteStream, Text

_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_STATED: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_MOST_SENTENCES: Final = 5


@dataclass(frozen=True, slots=True)
class _Csv:
    """A CSV whose parts are known.

    Parameters
    ----------
    text : Text
    dialect : Dialect
    columns : tuple of str
    skip : int
        Lines up to the end of the header.
    regular : bool
        Whether Arrow can read its quotation marks.
    quoted : bool
        Whether it has any.
    """

    text: Text
    dialect: Dialect
    columns: tuple[str, ...]
    skip: int
    regular: bool
    quoted: bool

    def chunks(self) -> Iterator[Chunk]:
        """Read the records."""
        return read_table(_raw_chunks(self), self.columns, self.line_of)

    def stream(self) -> ByteStream:
        """Return the text as Arrow reads it."""
        if self.regular:
            return ByteStream(self.text.utf8())
        where = self.text.content
        return ByteStream(regular_lines(self._records(), self.dialect, where))

    def line_of(self, row: int) -> str:
        """Say in which line a record begins."""
        below = (
            record
            for record in self._records()
            if record.first > self.skip and record.raw.strip("\r\n")
        )
        found = next(islice(below, row - 1, None), None)
        return f"line {found.first}" if found else f"row {row}"

    def _records(self) -> Iterator[Record]:
        return records(lines_of(self.text.blocks()), self.dialect)


def open_csv(text: Text, known: Collection[str]) -> Sheet:
    """Open a CSV.

    Parameters
    ----------
    text : Text
    known : collection of str
        Plain names of columns that some system uses.

    Raises
    ------
    SourceError
        When it holds a message and no table, or more columns than any log.
    """
    head = text.head(HEAD_BYTES)
    lines = list(lines_of([head]))
    delimiter = _delimiter(lines, known)
    quotes = count_quotes(text.utf8(), delimiter)
    dialect = Dialect(delimiter, quotes.escapes)
    first = _head_records(lines, dialect, whole=len(head) < HEAD_BYTES)
    header = find_header([record.cells for record in first], known)
    if header is None:
        raise SourceError(
            "The file is empty",
            where=text.content,
            fix="Export it again, or delete it if it is your own list",
        )
    _check_table(first, header, known, text)
    names = header.names or [""] * header.width
    skip = first[header.index].last if header.names else first[header.index].first - 1
    columns = unique_names(names, str(text.content))
    csv = _Csv(text, dialect, columns, skip, quotes.regular, quotes.marks > 0)
    place = f"header in line {skip}" if header.names else "without a header"
    return Sheet(
        columns,
        f"CSV, {text.encoding.name}, {_DELIMITERS.get(delimiter, delimiter)} separated, {place}",
        csv.chunks,
        preamble=tuple(
            delimiter.join(first[i].cells).strip(f"{delimiter} \t") for i in header.above
        ),
        remarks=(*text.encoding.remarks, *lines_above([record.cells for record in first], header)),
        headed=bool(header.names),
    )


def cut_records(text: str) -> Iterator[Record]:
    r"""Cut the text of a CSV into records; they are together the text.

    A line that a stray quotation mark swallowed is a record of its own.

    Examples
    --------
    >>> [record.cells for record in cut_records('a;b\n"1;2\n3;4\n')]
    [('a', 'b'), ('"1', '2'), ('3', '4')]
    """
    lines = list(lines_of([text[:HEAD_BYTES]]))
    delimiter = _delimiter(lines, frozenset())
    quotes = count_quotes([text.encode("utf-8", "surrogatepass")], delimiter)
    for record in records(lines_of([text]), Dialect(delimiter, quotes.escapes)):
        if record.first < record.last and swallows(record, delimiter):
            yield from (
                Record(tuple(line.rstrip("\r\n").split(delimiter)), place, place, line)
                for place, line in enumerate(lines_of([record.raw]), start=record.first)
            )
        else:
            yield record


def _delimiter(lines: Sequence[str], known: Collection[str]) -> str:
    """Choose the delimiter that the file states, or that cuts its lines most alike."""
    if lines and (stated := _STATED.fullmatch(lines[0])):
        return stated[1]
    return max(_DELIMITERS, key=lambda mark: _consistency(lines, mark, known))


def _consistency(
    lines: Sequence[str], delimiter: str, known: Collection[str]
) -> tuple[int, float, int]:
    """Rank a delimiter by known names, records of one width, and that width."""
    found = [
        record.cells
        for record in islice(records(lines, Dialect(delimiter)), HEAD_RECORDS)
        if any(record.cells)
    ]
    hits = max((header_hits(cells, known) for cells in found), default=0)
    widths = Counter(len(cells) for cells in found)
    width, count = max(
        ((width, count) for width, count in widths.items() if width > 1),
        key=lambda pair: (pair[1], pair[0]),
        default=(1, 0),
    )
    return hits if hits > 1 else 0, count / max(len(found), 1), width


def _head_records(lines: Sequence[str], dialect: Dialect, *, whole: bool) -> list[Record]:
    """Return the first records, without one that goes on behind the head."""
    found = list(islice(records(lines, dialect), HEAD_RECORDS + 1))
    if not whole and len(found) > 1 and len(found) <= HEAD_RECORDS:
        found.pop()
    if found and _STATED.fullmatch(found[0].raw):
        found.pop(0)
    return found[:HEAD_RECORDS]


def _check_table(
    first: Sequence[Record], header: Header, known: Collection[str], text: Text
) -> None:
    """Refuse a message that was saved in place of a table."""
    said = [record.raw.strip() for record in first if record.raw.strip()]
    single = all(len(record.cells) == 1 for record in first) and " " in said[0]
    message = len(said) <= _MOST_SENTENCES and (single or said[-1].endswith((".", "!", "?")))
    if message and header_hits(first[header.index].cells, known) == 0:
        raise SourceError(
            f"The file holds a message, not a table: “{said[0][:100]}”",
            where=text.content,
            fix="Log in and export it again",
        )


def _raw_chunks(csv: _Csv) -> Iterator[RawChunk]:
    """Stream the records by Arrow, in chunks of about equal length."""
    names = [str(i) for i in range(len(csv.columns))]
    odd: list[tuple[int, str]] = []

    def set_aside(record: Any) -> str:
        odd.append((record.number - csv.skip, record.text))
        return "skip"

    done = 0
    waiting: list[pa.RecordBatch] = []
    stream = csv.stream()
    try:
        reader = pc.open_csv(
            stream,
            read_options=pc.ReadOptions(
                use_threads=False,
                block_size=BLOCK_BYTES,
                skip_rows=csv.skip,
                column_names=names,
            ),
            parse_options=pc.ParseOptions(
                delimiter=csv.dialect.delimiter,
                newlines_in_values=True,
                invalid_row_handler=set_aside,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            waiting.append(batch)
            if sum(map(len, waiting)) >= CHUNK_ROWS:
                chunk = _raw_chunk(csv, waiting, odd, done)
                done = chunk.last
                waiting.clear()
                odd.clear()
                yield chunk
    except (pa.ArrowException, OSError, UnicodeError, ValueError) as error:
        if "empty csv" in str(error).lower():
            yield _raw_chunk(csv, [], [], 0)
            return
        if "straddling" in str(error):
            raise SourceError(
                f"A row of the file is longer than {BLOCK_BYTES // 1024**2} MB",
                where=csv.text.content,
                fix="Close the quotation mark that opens in it, or remove its longest column",
            ) from error
        raise SourceError(
            "The file cannot be split into rows and columns",
            where=f"{csv.text.content} ({str(error).splitlines()[0]})",
            fix="Open it in a spreadsheet and save it as CSV again",
        ) from error
    yield _raw_chunk(csv, waiting, odd, done, breaks_off=not stream.ended_a_line)


def _raw_chunk(
    csv: _Csv,
    batches: Sequence[pa.RecordBatch],
    odd: Sequence[tuple[int, str]],
    done: int,
    *,
    breaks_off: bool = False,
) -> RawChunk:
    schema = pa.schema([(str(i), pa.string()) for i in range(len(csv.columns))])
    frame = pa.Table.from_batches(batches, schema=schema).to_pandas()
    frame.columns = pd.Index(csv.columns)
    rows = _numbers(len(frame), done, [row for row, _ in odd])
    # Arrow hands over standard text, so a backslash escapes nothing in it any more.
    standard = Dialect(csv.dialect.delimiter)
    cut = {
        row: tuple(
            cell.strip() for record in records(lines_of([text]), standard) for cell in record.cells
        )
        for row, text in odd
    }
    chunk = RawChunk(frame, rows, cut, breaks_off=breaks_off)
    if csv.quoted:
        chunk = set_aside_swallowed(chunk, csv.dialect.delimiter)
    return RawChunk(
        blank_to_missing(chunk.frame), chunk.rows, cut, chunk.broken, breaks_off=breaks_off
    )


def _numbers(count: int, done: int, odd: Sequence[int]) -> npt.NDArray[np.int64]:
    """Count the regular records of a chunk on, leaving out the numbers of the odd ones."""
    everything = np.arange(done + 1, done + count + len(odd) + 1, dtype=np.int64)
    return np.setdiff1d(everything, np.array(odd, dtype=np.int64))[:count] if odd else everything
