"""Files in archives: .gz and .zip with one table in them are opened as the table."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content

_MOST_UNPACKED: Final = 4 * 1024**3
# logs of calls pack to a tenth of their size, some to a fortieth; a file made to fill memory
# or to take for ever to a thousandth
_MOST_RATIO: Final = 200
_MOST_WITHIN: Final = 512 * 1024**2
_LARGE: Final = 64 * 1024**2
_DAMAGE: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
_TABLES: Final = frozenset(
    {".csv", ".tsv", ".txt", ".tab", ".json", ".jsonl", ".ndjson", ".parquet"}
    | {".xlsx", ".xls", ".htm", ".html", ".xml"}
)
# A file by which a document in a zip is known, and what it is.
_DOCUMENTS: Final = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "content.xml": "an OpenDocument file (.ods or .odt)",
    "Index/Document.iwa": "an Apple Numbers or Pages document",
    "Index.zip": "an Apple Numbers or Pages document",
}


def open_gzip(content: Content) -> Content:
    """Return what a .gz holds.

    Raises
    ------
    SourceError
        When it is cut off, or unpacks to more than any log.
    """
    name = content.path.name
    member = name.removesuffix(".gz") if name.endswith(".gz") else "its content"
    return _checked(
        Content(content.path, lambda: cast("BinaryIO", gzip.open(content.path)), member), content
    )


def holds_workbook(content: Content) -> bool:
    """Tell a workbook from an archive of files.

    Raises
    ------
    SourceError
        When it is damaged, or another kind of document.
    """
    names = {member.filename for member in _members(content)}
    document = next((what for name, what in _DOCUMENTS.items() if name in names), None)
    if document:
        raise SourceError(
            f"The file is {document}", where=content, fix="Save it as XLSX or CSV and import that"
        )
    return "xl/workbook.xml" in names


def open_zip(content: Content) -> Content:
    """Return the one table that a .zip holds.

    Raises
    ------
    SourceError
        When it is damaged or protected, or holds no table or several.
    """
    members = _members(content)
    files = [member for member in members if _is_chosen(member.filename)]
    tables = [one for one in files if PurePosixPath(one.filename).suffix.lower() in _TABLES]
    if len(tables or files) != 1:
        listed = ", ".join(member.filename for member in files[:8]) or "nothing"
        raise SourceError(
            "The archive does not hold one table",
            where=f"{content} holds {listed}{', …' if len(files) > 8 else ''}",
            fix="Unpack it and import the files you want",
        )
    (member,) = tables or files
    if member.flag_bits & 0x1:
        raise SourceError(
            "The archive is protected by a password",
            where=content,
            fix="Unpack it and import what it holds",
        )

    def unpacked() -> BinaryIO:
        with zipfile.ZipFile(content.path) as archive:  # the member keeps the file open
            return cast("BinaryIO", archive.open(member.filename))

    return _checked(Content(content.path, unpacked, member.filename), content)


def _members(content: Content) -> list[zipfile.ZipInfo]:
    try:
        with content.open() as file:
            # A packed file cannot be read from its end.
            whole = io.BytesIO(file.read(_MOST_WITHIN + 1)) if content.member else file
            if content.member and whole.seek(0, io.SEEK_END) > _MOST_WITHIN:
                raise SourceError(
                    "The archive holds another one of more than 512 MB",
                    where=content,
                    fix="Unpack it and import the files you want",
                )
            with zipfile.ZipFile(whole) as archive:
                return [member for member in archive.infolist() if not member.is_dir()]
    except _DAMAGE as error:
        raise _damaged(content, error) from error


def _is_chosen(name: str) -> bool:
    """Leave out what systems add to an archive, such as ``__MACOSX/._calls.csv``."""
    parts = PurePosixPath(name).parts
    return not any(part.startswith((".", "__MACOSX")) for part in parts)


def _checked(member: Content, archive: Content) -> Content:
    """Unpack once to the end, so that damage is known before anything is read."""
    size = 0
    most = max(_LARGE, _MOST_RATIO * archive.path.stat().st_size)
    try:
        for block in member.blocks():
            size += len(block)
            if size > _MOST_UNPACKED:
                raise SourceError(
                    "The archive unpacks to more than 4 GB",
                    where=archive,
                    fix="Export a shorter period",
                )
            if size > most:
                raise SourceError(
                    f"The archive unpacks to more than {_MOST_RATIO} times its size",
                    where=archive,
                    fix="Unpack it, check what it holds, and import that",
                )
    except _DAMAGE as error:
        raise _damaged(archive, error) from error
    return member


def _damaged(content: Content, error: Exception) -> SourceError:
    head = content.head(512)
    workbook = any(part in head for part in (b"[Content_Types].xml", b"_rels/", b"xl/"))
    if workbook or content.path.suffix.lower() == ".xlsx":
        what = "The workbook cannot be read: it is cut off or damaged"
    else:
        what = "The archive is cut off or damaged"
    return SourceError(what, where=f"{content} ({error})", fix="Download or export it again")
