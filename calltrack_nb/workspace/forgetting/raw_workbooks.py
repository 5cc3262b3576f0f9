"""A caller's rows taken out of an XLSX workbook, in the text of its parts.

Rows, shared texts, comments, headers and properties are emptied or masked where they stand;
formats, formulas and charts stay as they are, and so do the numbers of the other rows.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.ownership import Place, Row, Sought
from calltrack_nb.workspace.forgetting.person import Person

_TEXT_PARTS: Final = (".xml", ".rels", ".vml")
_STRINGS: Final = "xl/sharedStrings.xml"
_SHEETS: Final = "xl/worksheets/"
_COMMENTS: Final = re.compile(r"comments?\d*\.xml$", re.IGNORECASE)
# an element as programs write it, with or without the name of a name space
_ROW: Final = re.compile(r"<((?:\w+:)?)row\b[^>]*?(?:/>|>.*?</\1row>)", re.DOTALL)
_CELL: Final = re.compile(r"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
_VALUE: Final = re.compile(r"<((?:\w+:)?)v\b[^>]*>(.*?)</\1v>", re.DOTALL)
_STRING: Final = re.compile(r"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</\1si>)", re.DOTALL)
_COMMENT: Final = re.compile(
    r"<((?:\w+:)?)(comment|threadedComment)\b[^>]*?\bref=\"([A-Z]+\d+)\".*?</\1\2>", re.DOTALL
)
_TEXT: Final = re.compile(r"(<(?:\w+:)?t\b[^>]*>)([^<]*)(?=</)")
_REFERENCE: Final = re.compile(r'\br="([A-Z]+)\d+"')
_KIND: Final = re.compile(r'\bt="(\w+)"')
_NODE: Final = re.compile(r"(?<=>)[^<>]+(?=<)")
_ATTRIBUTE: Final = re.compile(r'(?<==")[^"<>]+(?=")')
_TARGET: Final = re.compile(r'Target="([^"]+)"')


def workbook_rows(path: Path, data: bytes) -> Iterator[Row]:
    """Yield the rows of every sheet, as texts.

    Raises
    ------
    SourceError
        When the workbook cannot be read.
    """
    book = _Book(_parts(path, data))
    strings = book.strings
    for name in book.sheets:
        for found in _ROW.finditer(book.texts[name]):
            yield _cells(found[0], strings)


def workbook_texts(path: Path, data: bytes) -> Iterator[str]:
    """Yield every text of a workbook: cells, comments, headers, properties.

    Raises
    ------
    SourceError
        When the workbook cannot be read.
    """
    book = _Book(_parts(path, data))
    for text in book.texts.values():
        for pattern in (_NODE, _ATTRIBUTE):
            yield from (html.unescape(found[0]) for found in pattern.finditer(text))
        yield from (_said(found[0]) for found in _STRING.finditer(text))


def workbook_without(
    path: Path, data: bytes, sought: Sought, customers: frozenset[Place]
) -> tuple[int, int, bytes | None]:
    """Return how many rows went and how many texts were masked, and what is left.

    Raises
    ------
    SourceError
        When the workbook cannot be read.
    """
    parts = _parts(path, data)
    book = _Book(dict(parts))
    rows = sum(book.empty_rows(name, sought, customers) for name in book.sheets)
    mentions = book.mask(sought.person, sought.person.number.is_cell)
    if not rows and not mentions:
        return 0, 0, None
    return rows, mentions, _zipped(data, book.texts)


def _parts(path: Path, data: bytes) -> dict[str, str]:
    """Return the parts of a workbook that are text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {
                name: archive.read(name).decode("utf-8-sig")
                for name in archive.namelist()
                if name.lower().endswith(_TEXT_PARTS)
            }
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile) as error:
        raise SourceError("The workbook cannot be read", where=f"{path.name} ({error})") from error


def _zipped(data: bytes, texts: dict[str, str]) -> bytes:
    draft = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(draft, "w") as new:
        for member in old.infolist():
            text = texts.get(member.filename)
            content = old.read(member) if text is None else text.encode()
            new.writestr(member, content, member.compress_type)
    return draft.getvalue()


@dataclass(slots=True)
class _Book:
    """The parts of a workbook that are text, which are changed in place."""

    texts: dict[str, str]

    @property
    def sheets(self) -> list[str]:
        return [name for name in self.texts if posixpath.dirname(name) + "/" == _SHEETS]

    @property
    def strings(self) -> list[str]:
        return [_said(found[0]) for found in _STRING.finditer(self.texts.get(_STRINGS, ""))]

    def empty_rows(self, name: str, sought: Sought, customers: frozenset[Place]) -> int:
        """Take the caller's rows out of a sheet, and their comments and shared texts."""
        strings = self.strings
        gone: list[str] = []

        def kept(found: re.Match[str]) -> str:
            if not sought.owns(_cells(found[0], strings), customers):
                return found[0]
            gone.append(found[0])
            return ""

        self.texts[name] = _ROW.sub(kept, self.texts[name])
        if gone:
            self._empty_comments(name, {_reference(row) for row in gone})
            self._empty_strings(_shared(gone))
        return len(gone)

    def mask(self, person: Person, is_theirs: Callable[[str], bool]) -> int:  # noqa: C901 - kinds of text, one behind the other
        """Mask the person in every text that is left; return how many there were."""
        count = 0

        def masked(found: re.Match[str]) -> str:
            nonlocal count
            text = html.unescape(found[0])
            if (without := person.masked(text)) == text:
                return found[0]
            count += 1
            return escape(without, {'"': "&quot;"})

        def without_number(found: re.Match[str]) -> str:
            nonlocal count
            kind = _KIND.search(found[2])
            plain = kind is None or kind[1] == "n"
            if not plain or not is_theirs(_cell_text(found[2], found[3] or "", [])):
                return found[0]
            count += 1
            return _VALUE.sub("", found[0])

        def of_one_text(found: re.Match[str]) -> str:
            """Mask what is written in several formats, as a whole where a part does not show it."""
            parts = _TEXT.sub(
                lambda part: part[1] + _NODE.sub(masked, f">{part[2]}<")[1:-1], found[0]
            )
            whole = person.masked(_said(parts))
            if whole == _said(parts):
                return parts
            first = iter([escape(whole)])
            return _TEXT.sub(lambda part: part[1] + next(first, ""), parts)

        for name, text in self.texts.items():
            if name == _STRINGS:
                self.texts[name] = _STRING.sub(of_one_text, text)
                continue
            if name in self.sheets:
                text = _CELL.sub(without_number, text)  # noqa: PLW2901 - and then its texts
            elif _COMMENTS.search(name):
                text = _COMMENT.sub(of_one_text, text)  # noqa: PLW2901
            text = _NODE.sub(masked, text)  # noqa: PLW2901
            outside = [text] if name not in self.sheets else re.split(r"(?<=sheetData>)", text)
            for place in (0, -1):
                outside[place] = _ATTRIBUTE.sub(masked, outside[place])
            self.texts[name] = "".join(outside)
        return count

    def _empty_comments(self, sheet: str, rows: set[str]) -> None:
        folder, base = posixpath.split(sheet)
        relations = self.texts.get(f"{folder}/_rels/{base}.rels", "")
        for target in _TARGET.findall(relations):
            name = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            if name in self.texts and _COMMENTS.search(name):
                self.texts[name] = _COMMENT.sub(
                    lambda found: (
                        _emptied(found[0]) if found[3].lstrip(_LETTERS) in rows else found[0]
                    ),
                    self.texts[name],
                )

    def _empty_strings(self, gone: set[int]) -> None:
        """Empty the shared texts that no row refers to any more."""
        left = gone - _shared(self.texts[name] for name in self.sheets)
        places = iter(range(len(self.texts.get(_STRINGS, ""))))
        if left:
            self.texts[_STRINGS] = _STRING.sub(
                lambda found: _emptied(found[0]) if next(places) in left else found[0],
                self.texts[_STRINGS],
            )


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _said(element: str) -> str:
    return html.unescape("".join(found[2] for found in _TEXT.finditer(element)))


def _emptied(element: str) -> str:
    return re.sub(r"(<(?:\w+:)?(?:t|text)\b[^>]*>)[^<]+(?=</)", r"\1", element)


def _cells(row: str, strings: list[str]) -> Row:
    """Return the cells of a row, by their columns' numbers."""
    cells: dict[Place, str] = {}
    for place, found in enumerate(_CELL.finditer(row)):
        reference = _REFERENCE.search(found[2])
        text = _cell_text(found[2], found[3] or "", strings)
        if text:
            cells[_column(reference[1]) if reference else place] = text
    return cells


def _cell_text(attributes: str, inside: str, strings: list[str]) -> str:
    kind = _KIND.search(attributes)
    if kind and kind[1] == "inlineStr":
        return _said(inside)
    value = _VALUE.search(inside)
    text = html.unescape(value[2]) if value else ""
    if kind and kind[1] == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else ""
    with suppress(ValueError, OverflowError):  # 4.045550199E9
        return str(int(float(text))) if "E" in text.upper() else text
    return text


def _shared(rows: Iterator[str] | list[str]) -> set[int]:
    """Return which shared texts rows refer to."""
    return {
        int(value[2])
        for row in rows
        for found in _CELL.finditer(row)
        if (kind := _KIND.search(found[2])) and kind[1] == "s"
        if (value := _VALUE.search(found[3] or "")) and value[2].isdigit()
    }


def _reference(row: str) -> str:
    """Return the number of a row, as references have it."""
    found = re.search(r'\br="[A-Z]*(\d+)"', row)
    return found[1] if found else ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + _LETTERS.index(letter) + 1
    return number - 1
