"""Lines of separated text, cut into records and cells.

Arrow cuts the regular files, which are nearly all. This reader cuts the beginnings by
which a file is judged, and the lines that do not follow the standard: a quotation mark
closes a cell only before a delimiter or the end of a line, so that the marks in
``5" tin`` and ``"Bob "The Baker" Smith"`` are text. Cells may be of any length.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from calltrack_nb.errors import SourceError
from calltrack_nb.phrasing import plural

_LONGEST_LINE: Final = 64 * 1024 * 1024
_LONGEST_RECORD: Final = 16 * 1024 * 1024
_LINES_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How cells are separated, and whether ``\"`` is a quotation mark within a cell."""

    delimiter: str
    escapes: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Parameters
    ----------
    cells : tuple of str
    first, last : int
        The lines of the file it stands in, from 1.
    raw : str
        Those lines as they are, with their ends.
    closed : bool
        False where a quotation mark opens and the text ends before it closes.
    """

    cells: tuple[str, ...]
    first: int
    last: int
    raw: str
    closed: bool = True


def lines_of(blocks: Iterable[str]) -> Iterator[str]:
    """Cut blocks of text into lines, each with its end; only CR, LF and CR LF end one."""
    rest = ""
    for block in blocks:
        lines = list(io.StringIO(rest + block, newline=""))
        # A CR at the end may be the first half of a CR LF.
        rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        if len(rest) > _LONGEST_LINE:
            raise SourceError(
                f"A line is longer than {plural(_LONGEST_LINE, 'letter')}",
                fix="Export one call per line",
            )
        yield from lines
    if rest:
        yield from io.StringIO(rest, newline="")


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    r"""Cut lines into records.

    Parameters
    ----------
    lines : iterable of str
        See :func:`lines_of`.
    dialect : Dialect

    Examples
    --------
    >>> lines = ['5" tin,"a "b" c",x\n', '"two\n', 'lines",,\n']
    >>> [record.cells for record in records(lines, Dialect(","))]
    [('5" tin', 'a "b" c', 'x'), ('two\nlines', '', '')]
    """
    cells: list[str] = []
    inside: list[str] | None = None
    raw: list[str] = []
    first, size = 1, 0
    for number, line in enumerate(lines, start=1):
        body = line.rstrip("\r\n")
        if inside is None and '"' not in body:
            plain = body.split(dialect.delimiter)
            yield Record(tuple(_unescaped(plain, dialect)), number, number, line)
            continue
        if inside is None:
            first = number
        raw.append(line)
        size = len(line) + (size if len(raw) > 1 else 0)
        if size > _LONGEST_RECORD:
            raise SourceError(
                f"A record is longer than {plural(_LONGEST_RECORD, 'letter')}",
                where=f"line {first}",
                fix="Close the quotation mark that opens in that line, or export the file again",
            )
        inside = _cut(body, line[len(body) :], cells, inside, dialect)
        if inside is None:
            yield Record(tuple(cells), first, number, "".join(raw))
            cells, raw = [], []
    if inside is not None:
        yield Record((*cells, "".join(inside)), first, number, "".join(raw), closed=False)


def regular_lines(found: Iterable[Record], dialect: Dialect, where: object) -> Iterator[bytes]:
    """Write records as the standard has them, in UTF-8.

    Raises
    ------
    SourceError
        When a quotation mark opens and never closes.
    """
    lines: list[str] = []
    for record in found:
        if not record.closed:
            raise SourceError(
                "A quotation mark opens and never closes",
                where=f"{where}, line {record.first}",
                fix="Close it in that line, or export the file again",
            )
        lines.append(_standard(record, dialect))
        if len(lines) == _LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def _standard(record: Record, dialect: Dialect) -> str:
    if '"' not in record.raw and not (dialect.escapes and "\\" in record.raw):
        return record.raw
    end = "\n" if record.raw.endswith(("\n", "\r")) else ""
    return dialect.delimiter.join(_quoted(cell, dialect) for cell in record.cells) + end


def _quoted(cell: str, dialect: Dialect) -> str:
    if any(mark in cell for mark in ('"', dialect.delimiter, "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cut(
    body: str, end: str, cells: list[str], inside: list[str] | None, dialect: Dialect
) -> list[str] | None:
    """Add a line's cells; return the parts of a quoted cell that goes on in the next line."""
    opening, rest, bare = _patterns(dialect)
    place = 0
    while True:
        if inside is None:
            if match := opening.match(body, place):
                place = match.end()
                inside = []
            else:
                match = bare.match(body, place)
                assert match is not None  # it matches nothing too
                cells.extend(_unescaped([match[0]], dialect))
                place = match.end()
        if inside is not None:
            if not (closing := rest.match(body, place)):
                inside += (body[place:], end)  # in place: a cell may have a million lines
                return inside
            text = "".join([*inside, closing[1]]).replace('""', '"')
            cells.extend(_unescaped([text], dialect))
            place = closing.end()
            inside = None
        if place >= len(body):
            return None
        place += 1  # the delimiter


@cache
def _patterns(dialect: Dialect) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    mark = re.escape(dialect.delimiter)
    ends = rf"(?=[ ]*(?:{mark}|$))"
    escape = r"\\[\"\\]|" if dialect.escapes else ""
    inner = rf'((?:[^"\\]++|{escape}\\|""|"(?![ ]*(?:{mark}|$)))*+)'
    return (
        re.compile('[ ]*"'),
        re.compile(rf'{inner}"{ends}[ ]*', re.DOTALL),
        re.compile(rf"[^{mark}]*"),
    )


def _unescaped(cells: list[str], dialect: Dialect) -> list[str]:
    if not dialect.escapes:
        return cells
    return [re.sub(r'\\(["\\])', r"\1", cell) for cell in cells]
