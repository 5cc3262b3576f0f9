"""Files as they come, into chunks of text columns.

CSV is streamed by Arrow after its encoding, delimiter and header line have been found;
XLSX is streamed by openpyxl; JSON, one object or list of them or one per line, is read
whole. Nothing is interpreted here: every cell is text, blanks are missing, and a cell
that begins like a formula is the text it is.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import unicodedata
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import charset_normalizer
import msoffcrypto
import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from calltrack_nb.errors import SourceError

log = logging.getLogger(__name__)

CHUNK_ROWS: Final = 100_000
MOST_COLUMNS: Final = 2_000

_HEAD_BYTES: Final = 256 * 1024
_HEAD_LINES: Final = 60
_BLOCK_BYTES: Final = 16 * 1024 * 1024
_MOST_UNZIPPED: Final = 4 * 1024**3
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
# Members of an answer that hold its records, and of an event that wrap one record.
_LISTS: Final = (
    "calls",
    "leads",
    "accounts",
    "profiles",
    "results",
    "data",
    "records",
    "recordings",
)
_WRAPPERS: Final = ("object", "call", "lead", "event", "payload", "body", "data")
# Inner objects whose members are columns of their own.
_INNER: Final = frozenset(
    {"callView", "call_view", "campaign", "adGroup", "ad_group", "customer", "metrics", "segments"}
    | {"paid", "ga", "agent", "sale", "properties"}
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not fit the file's columns."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of a file.

    Parameters
    ----------
    frame : pandas.DataFrame
        One ``str`` column per column of the file, blanks missing.
    rows : numpy.ndarray of int64
        The number of each record: the first below the header is 1.
    broken : tuple of Broken
        Records between them that could not be cut into columns.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file: its columns, how it was read, and its records when asked."""

    columns: tuple[str, ...]
    form: str
    chunks: Callable[[], Iterator[Chunk]]


def plain_name(header: object) -> str:
    """Reduce a header to what aliases are compared by: its letters and digits.

    Examples
    --------
    >>> plain_name("First-Time Caller"), plain_name("recording_url")
    ('firsttimecaller', 'recordingurl')
    """
    folded = unicodedata.normalize("NFKD", str(header)).casefold()
    return re.sub(r"[^a-z0-9]+", "", folded) or folded.strip()


def open_sheet(path: Path, known: Collection[str]) -> Sheet:
    """Open a file and find its header.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, TSV, XLSX or JSON file; told by content, not by name.
    known : collection of str
        Plain names (see :func:`plain_name`) of columns that some provider uses: the
        line with most of them is the header.

    Raises
    ------
    SourceError
        When the file is absent, empty, protected, not text, or cut off.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD_BYTES)
    except OSError as error:
        raise SourceError(
            f"The file cannot be read ({error.strerror})", where=path, fix="Check the name"
        ) from error
    if not start.strip():
        raise SourceError("The file is empty", where=path, fix="Export it again")
    if start.startswith(_OLE):
        raise _ole_error(path)
    if start.startswith(_ZIP):
        return _open_workbook(path, known)
    encoding = _encoding(path, start)
    head = start.decode(encoding, errors="replace").lstrip("\ufeff")
    if head.lstrip()[:1] in ("{", "["):
        return _open_json(path, encoding)
    return _open_csv(path, encoding, head, known)


def decode_text(path: Path) -> tuple[str, str]:
    """Read a text file in the encoding its bytes suggest.

    Returns
    -------
    text, encoding : str

    Raises
    ------
    SourceError
        When the file cannot be read or is not text.
    """
    try:
        start = path.read_bytes()[:_HEAD_BYTES]
        encoding = _encoding(path, start)
        return path.read_text(encoding=encoding), encoding
    except (OSError, UnicodeError) as error:
        raise SourceError("The file cannot be read as text", where=f"{path} ({error})") from error


# -- CSV ------------------------------------------------------------------------------


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    decoder = getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        bad = _around(path, error, start)
        best = charset_normalizer.from_bytes(bad, cp_isolation=_SINGLE_BYTE).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


_SINGLE_BYTE: Final = ["cp1252", "cp1250", "mac_roman", "latin_1", "utf_16_le", "utf_16_be"]


def _around(path: Path, error: UnicodeDecodeError, start: bytes) -> bytes:
    """Return a stretch of the file that holds the bytes that are not UTF-8."""
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as early:
        if early.reason != "unexpected end of data":
            return start
    log.debug("%s is not UTF-8 (%s)", path, error)
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            if not block.isascii():
                place = next(i for i, byte in enumerate(block) if byte > 127)
                return block[max(0, place - 4096) : place + _HEAD_BYTES]
    return start


def _open_csv(path: Path, encoding: str, head: str, known: Collection[str]) -> Sheet:
    if "\x00" in head:
        raise SourceError("The file is not text", where=path, fix="Export it as CSV or XLSX")
    lines = head.splitlines(keepends=True)[:_HEAD_LINES]
    delimiter, records = max(
        ((mark, _records(lines, mark)) for mark in (",", ";", "\t", "|")),
        key=lambda found: _header_score(found[1], known),
    )
    index = _header_index([cells for cells, _ in records], known)
    header, skip = records[index]
    columns = _unique(header, path)
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
    hits = max(_hits(cells, known) for cells, _ in records)
    return hits, max(len(cells) for cells, _ in records) if hits == 0 else 0


def _hits(cells: Sequence[object], known: Collection[str]) -> int:
    return sum(1 for name in {plain_name(cell) for cell in cells if cell} if name in known)


def _header_index(records: Sequence[Sequence[object]], known: Collection[str]) -> int:
    hits = [_hits(cells, known) for cells in records]
    best = max(range(len(hits)), key=lambda i: (hits[i], -i))
    if hits[best] >= 2:
        return best
    filled = [
        i for i, cells in enumerate(records) if any(str(cell or "").strip() for cell in cells)
    ]
    return filled[0] if filled else 0


def _unique(header: Sequence[object], path: Path) -> tuple[str, ...]:
    """Name the columns, telling apart the ones that share a name."""
    if len(header) > MOST_COLUMNS:
        raise SourceError(
            f"The file has {len(header):,} columns, more than any log of calls",
            where=path,
            fix="Export one call a row, and check the delimiter",
        )
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(header, start=1):
        name = str(cell or "").strip().lstrip("\ufeff") or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


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


def blank_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Strip every cell and make the empty ones missing."""
    stripped = {name: frame[name].str.strip() for name in frame.columns}
    cells = {name: column.where(column != "") for name, column in stripped.items()}
    return pd.DataFrame(cells).reset_index(drop=True)


# -- XLSX -----------------------------------------------------------------------------


def _ole_error(path: Path) -> SourceError:
    try:
        with path.open("rb") as file:
            protected = msoffcrypto.OfficeFile(file).is_encrypted()
    except Exception as error:  # noqa: BLE001 - msoffcrypto raises many kinds on odd files
        log.debug("not an Office file: %s", error)
        protected = False
    if protected:
        return SourceError(
            "The workbook is protected by a password",
            where=path,
            fix="Save it without the password and import that",
        )
    return SourceError(
        "The file is an old Excel or other binary file", where=path, fix="Save it as XLSX or CSV"
    )


def _open_workbook(path: Path, known: Collection[str]) -> Sheet:
    records = _workbook_rows(path)
    head = [cells for cells, _ in zip(records, range(_HEAD_LINES), strict=False)]
    if not head:
        raise SourceError("The workbook is empty", where=path, fix="Export it again")
    index = _header_index(head, known)
    columns = _unique(_without_tail(head[index]), path)

    def chunks() -> Iterator[Chunk]:
        waiting: list[list[str]] = []
        done = 0
        for number, cells in enumerate(_workbook_rows(path)):
            if number <= index:
                continue
            texts = [_cell_text(cell) for cell in cells[: len(columns)]]
            waiting.append(texts + [""] * (len(columns) - len(texts)))
            if len(waiting) == CHUNK_ROWS:
                yield _list_chunk(waiting, columns, done)
                done += len(waiting)
                waiting = []
        yield _list_chunk(waiting, columns, done)

    return Sheet(columns, f"XLSX, header in row {index + 1}", chunks)


def _workbook_rows(path: Path) -> Iterator[tuple[object, ...]]:
    try:
        _check_size(path)
        # By its bytes: openpyxl refuses a path whose name does not end in .xlsx.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            if book.worksheets:
                yield from book.worksheets[0].iter_rows(values_only=True)
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises many kinds on damaged workbooks
        raise SourceError(
            "The workbook cannot be read",
            where=f"{path} ({type(error).__name__}: {error})",
            fix="Open it in a spreadsheet and save it as XLSX or CSV again",
        ) from error


def _check_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than anyone's log of calls."""
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > _MOST_UNZIPPED:
            raise SourceError("The workbook unpacks to more than 4 GB", where=path)


def _without_tail(cells: Sequence[object]) -> Sequence[object]:
    last = max((i for i, cell in enumerate(cells) if cell not in (None, "")), default=-1)
    return cells[: last + 1]


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, date | time):
        return cell.isoformat().replace("T", " ")
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _list_chunk(records: Sequence[Sequence[str]], columns: tuple[str, ...], done: int) -> Chunk:
    frame = blank_to_missing(pd.DataFrame(records, columns=list(columns), dtype="str"))
    rows = np.arange(done + 1, done + len(frame) + 1, dtype=np.int64)
    filled = frame.notna().any(axis=1).to_numpy()
    return Chunk(frame[filled].reset_index(drop=True), rows[filled])


# -- JSON -----------------------------------------------------------------------------


def _open_json(path: Path, encoding: str) -> Sheet:
    try:
        text = path.read_text(encoding=encoding)
        found = _load_json(text)
    except (UnicodeError, RecursionError, ValueError) as error:
        raise SourceError(
            "The JSON is cut off or damaged",
            where=f"{path} ({error})",
            fix="Fetch it again",
        ) from error
    return sheet_of(records_of(found), form="JSON")


def _load_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]


def records_of(found: object) -> list[object]:
    """Return the records of an answer, a list, or one object, without their wrapping.

    Examples
    --------
    >>> records_of({"page": 1, "calls": [{"id": 1}, {"id": 2}]})
    [{'id': 1}, {'id': 2}]
    """
    if isinstance(found, Mapping):
        for name in _LISTS:
            inner = found.get(name)
            if isinstance(inner, list) and (not inner or isinstance(inner[0], Mapping)):
                return (
                    records_of(inner) if name != "profiles" or "page_number" in found else [found]
                )
        for name in _WRAPPERS:
            inner = found.get(name)
            if isinstance(inner, Mapping) and len(inner) > 2:
                return records_of(inner)
        return [found]
    if isinstance(found, list):
        return [record for item in found for record in _unwrapped(item)]
    return [found]


def _unwrapped(item: object) -> list[object]:
    if isinstance(item, Mapping):
        for name in _WRAPPERS:
            inner = item.get(name)
            if isinstance(inner, Mapping) and len(inner) > 2:
                return [inner]
        if set(item) & set(_LISTS[:3]) and "page" in " ".join(map(str, item)):
            return records_of(item)
    return [item]


def sheet_of(records: Sequence[object], *, form: str) -> Sheet:
    """Make a sheet of objects as an API gives them.

    Inner objects and lists stay JSON text, except the few whose members are columns of
    their own (``campaign.name``).
    """
    flat = [_flatten(record) for record in records]
    columns = tuple(dict.fromkeys(name for record in flat if record for name in record))

    def chunks() -> Iterator[Chunk]:
        for start in range(0, max(len(flat), 1), CHUNK_ROWS):
            part = flat[start : start + CHUNK_ROWS]
            good = [i for i, record in enumerate(part) if record]
            data = {name: [(part[i] or {}).get(name, "") for i in good] for name in columns}
            frame = pd.DataFrame(data, columns=list(columns), dtype="str")
            broken = tuple(
                Broken(start + i + 1, str(records[start + i])[:500], "this is not an object")
                for i, record in enumerate(part)
                if not record
            )
            rows = np.array([start + i + 1 for i in good], dtype=np.int64)
            yield Chunk(blank_to_missing(frame), rows, broken)

    return Sheet(columns, form, chunks)


def _flatten(record: object) -> dict[str, str]:
    if not isinstance(record, Mapping):
        return {}
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and name in _INNER:
            flat |= {f"{name}.{inner}": _json_text(text) for inner, text in value.items()}
        else:
            flat[str(name)] = _json_text(value)
    return flat


def _json_text(value: object) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
