"""A caller's rows taken out of a raw export, every other byte as it was.

A row is the caller's where a cell of it is the number. Where only somebody's words mention
it, be it beside the number of another caller who is known, or where another caller's number
stands in the column of callers, the row is another's: the number in it is masked and the row
stays.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb import providers
from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.spellings import Spellings
from calltrack_nb.workspace.writing import replacing

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
#: A cell longer than this is somebody's words, in which a number is only mentioned.
_LONGEST_CELL: Final = 80
_ROWS_LOOKED_AT: Final = 1_000
_FEWEST_FIGURES: Final = 6
#: How many times more callers stand in the column of callers than in any other.
_CLEARLY: Final = 1.5
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a file is without a caller.

    Attributes
    ----------
    rows : int
        Rows that were the caller's.
    mentions : int
        Rows of others in which the number is masked.
    content : bytes or None
        The file without them; None where it did not hold the caller.
    path : pathlib.Path
        Where that belongs: a packed export is written as CSV beside.
    """

    rows: int
    mentions: int
    content: bytes | None
    path: Path


@dataclass(frozen=True)
class Sought:
    """Whose rows are looked for.

    Parameters
    ----------
    number : Spellings
        The caller's number.
    others : frozenset of str
        Numbers of other callers who are known, E.164.
    """

    number: Spellings
    others: frozenset[str] = frozenset()

    def owns(self, cells: Sequence[str], column: int | None = None) -> bool:
        """Tell whether the cells of a row make it the caller's.

        Parameters
        ----------
        cells : sequence of str
        column : int, optional
            Where callers' numbers stand in the file; see :meth:`column_of_callers`.
        """
        number = self.number
        if column is not None and column < len(cells) and self._others_among([cells[column]]):
            return False
        short = [cell for cell in cells if len(cell) <= _LONGEST_CELL]
        mine = [cell for cell in short if number.is_cell(cell) or number.stands_in(cell)]
        if not mine:
            return False
        if not self.others or any(number.is_cell(cell, alone=True) for cell in mine):
            return True
        return not self._others_among(short)

    def _others_among(self, cells: Sequence[str]) -> bool:
        read = providers.read_phones(pd.Series(cells, dtype="str"), self.number.country).series
        return not self.others.isdisjoint(read.dropna())

    def column_of_callers(self, rows: Iterable[Sequence[str]]) -> int | None:
        """Find the column in which the known callers' numbers stand; None where two have many.

        Parameters
        ----------
        rows : iterable of sequence of str
            The cells of a file; its beginning is enough.
        """
        cells = [
            (place, cell)
            for row in islice(rows, _ROWS_LOOKED_AT)
            for place, cell in enumerate(row)
            if sum(map(str.isdigit, cell)) >= _FEWEST_FIGURES and len(cell) <= _LONGEST_CELL
        ]
        read = providers.read_phones(
            pd.Series([cell for _, cell in cells], dtype="str"), self.number.country
        ).series
        callers = self.others | {self.number.e164}
        counts = Counter(
            place for (place, _), found in zip(cells, read, strict=True) if found in callers
        )
        (first, many), (_, fewer) = [*counts.most_common(2), (None, 0), (None, 0)][:2]
        return first if many > _CLEARLY * fewer else None


def without_caller(path: Path, sought: Sought) -> Cleaned:
    """Read a raw file and take a caller out of it; nothing is written.

    Raises
    ------
    SourceError
        When the file cannot be read, so that nobody knows whether it holds the caller.
    """
    packed = _start(path).startswith(_GZIP)
    data = _unpacked(path) if packed else path.read_bytes()
    if data.startswith(_PARQUET):
        cleaned = _without_in_parquet(path, data, sought)
    elif data.startswith(_ZIP) and path.suffix.lower() != ".zip":
        cleaned = _without_in_workbook(path, data, sought)
    else:
        try:
            text, encoding = providers.decode_text(path, data)
        except SourceError:
            return _without_in_other(path, sought)
        without = _without_in_json if providers.begins_json(text) else _without_in_csv
        left, rows, mentions = without(path, text, sought)
        cleaned = Cleaned(rows, mentions, left.encode(encoding) if left != text else None, path)
    if packed and cleaned.content:
        return replace(cleaned, content=gzip.compress(cleaned.content, mtime=0))
    return cleaned


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _unpacked(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError("The archive is cut off or damaged", where=path) from error


def replace_raw(path: Path, cleaned: Cleaned) -> None:
    """Put what :func:`without_caller` left in the file's place."""
    if cleaned.content is None:
        return
    if not cleaned.content:
        path.unlink()
        return
    with replacing(cleaned.path) as draft:
        draft.write(cleaned.content)
    if cleaned.path != path:
        path.unlink()


def _without_in_csv(_path: Path, text: str, sought: Sought) -> tuple[str, int, int]:
    kept: list[str] = []
    removed = mentions = 0
    number = sought.number
    column: int | None = None
    looked = not sought.others
    for record in providers.cut_records(text):
        if not number.may_stand_in(record.raw):
            kept.append(record.raw)
            continue
        if not looked:
            looked = True
            column = sought.column_of_callers(row.cells for row in providers.cut_records(text))
        if sought.owns(record.cells, column):
            removed += 1
        else:
            masked = number.masked(record.raw)
            mentions += masked != record.raw
            kept.append(masked)
    return "".join(kept), removed, mentions


def _without_in_json(path: Path, text: str, sought: Sought) -> tuple[str, int, int]:
    """Take the caller out of one value, or of many, one behind the other."""
    kept: list[str] = []
    rows = mentions = end = 0
    try:
        while (start := _after_space(text, end)) < len(text):
            value, after = _DECODER.raw_decode(text, start)
            gap = text[end:start]
            if _json_callers(value, sought) and not _lists(value):
                rows += 1
                # what stood between this one and the one before stands before the next one
                end = after if kept else _after_space(text, after)
                kept += [gap] * (not kept)
                continue
            left, end, own_rows, own_mentions = _json_without(text, start, sought)
            rows, mentions = rows + own_rows, mentions + own_mentions
            kept += [gap, left]
    except (ValueError, RecursionError) as error:
        raise SourceError("The file is no whole JSON", where=f"{path.name} ({error})") from error
    whole = "".join([*kept, text[end:]])
    return whole if whole.strip() else "", rows, mentions


def _lists(value: Any) -> bool:
    """Tell whether a value holds lists of rows, so that it is more than one row."""
    inside = value.values() if isinstance(value, dict) else ()
    return isinstance(value, list) or any(_lists(item) for item in inside)


def _json_callers(value: Any, sought: Sought) -> bool:
    """Tell whether an item of a list is the caller's; lists of rows inside are others' too."""
    return sought.owns([*_json_cells(value)])


def _json_cells(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            inner = [item]
            if isinstance(item, list):
                inner = [each for each in item if not isinstance(each, dict | list)]
            for each in inner:
                yield from _json_cells(each)
    elif _is_flat(value):
        for each in value:
            yield from _json_cells(each)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _is_flat(value: Any) -> bool:
    """Tell whether a list is a row whose columns are named elsewhere."""
    return isinstance(value, list) and not any(isinstance(each, dict | list) for each in value)


def _json_without(text: str, at: int, sought: Sought) -> tuple[str, int, int, int]:
    """Return a value's text without the caller, where it ended, and what was taken out."""
    if text[at] in "[{":
        return _json_parts(text, at, sought)
    value, end = _DECODER.raw_decode(text, at)
    if isinstance(value, str) and (masked := sought.number.masked(value)) != value:
        return json.dumps(masked), end, 0, 1
    return text[at:end], end, 0, 0


def _json_parts(text: str, at: int, sought: Sought) -> tuple[str, int, int, int]:
    """Do the same with a list or an object: its parts, with the text between them."""
    is_list, closing = text[at] == "[", "]" if text[at] == "[" else "}"
    kept: list[str] = []
    rows = mentions = 0
    place = _after_space(text, at + 1)
    before, lead = at + 1, text[at + 1 : place]
    while text[place] != closing:
        # what stands before a part is a comma and spaces, before the first one spaces
        between = text[before:place] if kept else lead
        start = place
        mine = False
        if not is_list:
            key, end = _DECODER.raw_decode(text, place)
            mine = sought.number.is_cell(key)
            start = _after_space(text, text.index(":", end) + 1)
        value, end = _DECODER.raw_decode(text, start)
        if is_list and (_is_flat(value) or not isinstance(value, list)):
            mine = _json_callers(value, sought)
        if mine:
            rows += 1
        else:
            left, end, own_rows, own_mentions = _json_without(text, start, sought)
            rows, mentions = rows + own_rows, mentions + own_mentions
            kept.append(f"{between}{text[place:start]}{left}")
        before, place = end, _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    whole = f"{text[at]}{''.join(kept)}{text[before:place]}{closing}"
    return whole, place + 1, rows, mentions


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _without_in_parquet(path: Path, data: bytes, sought: Sought) -> Cleaned:
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise SourceError("The Parquet file cannot be read", where=f"{path} ({error})") from error
    mine, told = _rows_of(table.to_pandas().astype(object).to_numpy().tolist(), sought)
    if not (mine | told).any():
        return Cleaned(0, 0, None, path)
    left = table.filter(pa.array(~mine))
    for place, column in enumerate(left.schema):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            texts = [text and sought.number.masked(text) for text in left[place].to_pylist()]
            left = left.set_column(place, column, pa.array(texts, column.type))
    draft = io.BytesIO()
    pq.write_table(left, draft)
    return Cleaned(int(mine.sum()), int(told.sum()), draft.getvalue(), path)


def _without_in_other(path: Path, sought: Sought) -> Cleaned:
    """Take the caller out of an export of another kind, which becomes a CSV."""
    chunks = [chunk.frame for chunk in providers.open_sheet(path, frozenset()).chunks()]
    cells = pd.concat(chunks, ignore_index=True)
    mine, told = _rows_of(cells.fillna("").astype("str").to_numpy().tolist(), sought)
    if not (mine | told).any():
        return Cleaned(0, 0, None, path)
    number = sought.number
    left = cells[~mine].map(lambda cell: number.masked(cell) if isinstance(cell, str) else cell)
    target = path.with_name(f"{path.name}.csv")
    return Cleaned(int(mine.sum()), int(told.sum()), left.to_csv(index=False).encode(), target)


def _rows_of(
    rows: list[list[Any]], sought: Sought
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell which rows are the caller's, and which of others mention the number."""
    mine, told = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    texts = ([str(cell) for cell in row] for row in rows)
    column = sought.column_of_callers(texts) if sought.others else None
    for place, row in enumerate(rows):
        cells = [str(cell) for cell in row]
        if any(map(sought.number.may_stand_in, cells)):
            mine[place] = sought.owns(cells, column)
            told[place] = not mine[place] and any(
                sought.number.masked(cell) != cell for cell in cells
            )
    return mine, told


def _without_in_workbook(path: Path, data: bytes, sought: Sought) -> Cleaned:
    from openpyxl import load_workbook  # noqa: PLC0415 - only where there is a workbook

    try:
        book = load_workbook(io.BytesIO(data))
    except Exception as error:  # whatever a broken archive makes of the reader
        raise SourceError("The workbook cannot be read", where=f"{path.name} ({error})") from error
    removed = mentions = 0
    for sheet in book.worksheets:
        mine = []
        for place, row in enumerate(sheet.iter_rows(), start=1):
            if sought.owns([str(cell.value) for cell in row if cell.value is not None]):
                mine.append(place)
                continue
            for cell in row:
                if isinstance(cell.value, str):
                    masked = sought.number.masked(cell.value)
                    mentions += masked != cell.value
                    cell.value = masked
        for place in reversed(mine):
            sheet.delete_rows(place)
        removed += len(mine)
    if not removed and not mentions:
        return Cleaned(0, 0, None, path)
    draft = io.BytesIO()
    book.save(draft)
    return Cleaned(removed, mentions, draft.getvalue(), path)
