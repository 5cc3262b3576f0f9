"""A caller's rows taken out of a raw export, every other byte as it was.

A row is the caller's where a cell of it is the number. Where only somebody's words mention
it, the row is another's: the number in it is masked and the row stays.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb import providers
from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.spellings import Spellings
from calltrack_nb.workspace.writing import replacing

#: A cell longer than this is somebody's words, in which a number is only mentioned.
_LONGEST_CELL: Final = 80
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


def without_caller(path: Path, number: Spellings) -> Cleaned:
    """Read a raw file and take a caller out of it; nothing is written.

    Raises
    ------
    SourceError
        When the file cannot be read, so that nobody knows whether it holds the caller.
    """
    if path.suffix.lower() == ".xlsx":
        return _without_in_xlsx(path, number)
    try:
        text, encoding = providers.decode_text(path)
    except SourceError:
        return _without_in_packed(path, number)
    if path.suffix.lower() == ".json":
        left, rows, mentions = _without_in_json(path, text, number)
    else:
        left, rows, mentions = _without_in_csv(text, number)
    content = left.encode(encoding) if left != text else None
    return Cleaned(rows, mentions, content, path)


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


def _is_callers(cells: list[str], number: Spellings) -> bool:
    return any(
        len(cell) <= _LONGEST_CELL and (number.stands_in(cell) or number.is_cell(cell))
        for cell in cells
    )


def _without_in_csv(text: str, number: Spellings) -> tuple[str, int, int]:
    kept = io.StringIO()
    removed = mentions = start = 0
    # lines as the csv module counts them: signs that only some readers break lines at stay
    lines = list(io.StringIO(text, newline=""))
    with _cells_of_any_length(text):
        delimiter = _delimiter(lines[0] if lines else "")
        reader = csv.reader(iter(lines), delimiter=delimiter)
        for cells in reader:
            record = "".join(lines[start : reader.line_num])
            start = reader.line_num
            if not number.may_stand_in(record):
                kept.write(record)
            elif _is_callers(cells, number):
                removed += 1
            else:
                masked = number.masked(record)
                mentions += masked != record
                kept.write(masked)
    return kept.getvalue(), removed, mentions


def _delimiter(head: str) -> str:
    return max(",;\t|", key=head.count)


@contextmanager
def _cells_of_any_length(text: str) -> Iterator[None]:
    """Let the csv module read cells as long as the text: a transcript may be one."""
    usual = csv.field_size_limit()
    csv.field_size_limit(max(usual, len(text)))
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _without_in_json(path: Path, text: str, number: Spellings) -> tuple[str, int, int]:
    try:
        start = _after_space(text, 0)
        value, _ = _DECODER.raw_decode(text, start)
        if _json_callers(value, number) and not _lists(value):
            return "", 1, 0
        left, end, rows, mentions = _json_without(text, start, number)
    except (ValueError, RecursionError) as error:
        raise SourceError("The file is no whole JSON", where=f"{path.name} ({error})") from error
    return text[:start] + left + text[end:], rows, mentions


def _lists(value: Any) -> bool:
    """Tell whether a value holds lists of rows, so that it is more than one row."""
    inside = value.values() if isinstance(value, dict) else ()
    return isinstance(value, list) or any(_lists(item) for item in inside)


def _json_callers(value: Any, number: Spellings) -> bool:
    """Tell whether an item of a list is the caller's; lists of rows inside are others' too."""
    if isinstance(value, dict):
        return any(
            any(_json_callers(each, number) for each in item if not isinstance(each, dict | list))
            if isinstance(item, list)
            else _json_callers(item, number)
            for item in value.values()
        )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return _is_callers([str(value)], number)


def _json_without(text: str, at: int, number: Spellings) -> tuple[str, int, int, int]:
    """Return a value's text without the caller, where it ended, and what was taken out."""
    if text[at] in "[{":
        return _json_parts(text, at, number)
    value, end = _DECODER.raw_decode(text, at)
    if isinstance(value, str) and number.stands_in(value):
        return json.dumps(number.masked(value)), end, 0, 1
    return text[at:end], end, 0, 0


def _json_parts(text: str, at: int, number: Spellings) -> tuple[str, int, int, int]:
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
        if not is_list:
            _, end = _DECODER.raw_decode(text, place)
            start = _after_space(text, text.index(":", end) + 1)
        value, end = _DECODER.raw_decode(text, start)
        if is_list and not isinstance(value, list) and _json_callers(value, number):
            rows += 1
        else:
            left, end, own_rows, own_mentions = _json_without(text, start, number)
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


def _without_in_packed(path: Path, number: Spellings) -> Cleaned:
    """Take the caller out of a packed export, or one of another kind, which becomes a CSV."""
    chunks = [chunk.frame for chunk in providers.open_sheet(path, frozenset()).chunks()]
    cells = pd.concat(chunks, ignore_index=True)
    rows = cells.fillna("").astype("str").to_numpy().tolist()
    mine = pd.Series([_is_callers(row, number) for row in rows], dtype="bool")
    told = pd.Series([any(map(number.stands_in, row)) for row in rows], dtype="bool") & ~mine
    if not (mine | told).any():
        return Cleaned(0, 0, None, path)
    left = cells[~mine].map(lambda cell: number.masked(cell) if isinstance(cell, str) else cell)
    target = path.with_name(f"{path.name}.csv")
    return Cleaned(int(mine.sum()), int(told.sum()), left.to_csv(index=False).encode(), target)


def _without_in_xlsx(path: Path, number: Spellings) -> Cleaned:
    from openpyxl import load_workbook  # noqa: PLC0415 - only where there is a workbook

    try:
        book = load_workbook(path)
    except Exception as error:  # whatever a broken archive makes of the reader
        raise SourceError("The workbook cannot be read", where=f"{path.name} ({error})") from error
    removed = mentions = 0
    for sheet in book.worksheets:
        mine = []
        for place, row in enumerate(sheet.iter_rows(), start=1):
            if _is_callers([str(cell.value) for cell in row if cell.value is not None], number):
                mine.append(place)
                continue
            for cell in row:
                if isinstance(cell.value, str) and number.stands_in(cell.value):
                    cell.value = number.masked(cell.value)
                    mentions += 1
        for place in reversed(mine):
            sheet.delete_rows(place)
        removed += len(mine)
    if not removed and not mentions:
        return Cleaned(0, 0, None, path)
    draft = io.BytesIO()
    book.save(draft)
    return Cleaned(removed, mentions, draft.getvalue(), path)
