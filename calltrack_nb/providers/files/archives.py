"""Files in archives: .gz and .zip with one table in them are opened as the table."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content

_MOST_UNPACKED: Final = 4 * 1024**3
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
        Content(content.path, lambda: cast("BinaryIO", gzip.open(content.open())), member)
    )


def open_zip(content: Content) -> Content | None:
    """Return the one table that a .zip holds, or None where it is a workbook.

    Raises
    ------
    SourceError
        When it is damaged, holds another document, no table or several.
    """
    try:
        with content.open() as file, zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except _DAMAGE as error:
        raise _damaged(content, error) from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names:
        return None
    if document := next((_DOCUMENTS[name] for name in _DOCUMENTS if name in names), None):
        raise SourceError(
            f"The file is {document}", where=content, fix="Save it as XLSX or CSV and import that"
        )
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
        return cast("BinaryIO", zipfile.ZipFile(content.open()).open(member.filename))

    return _checked(Content(content.path, unpacked, member.filename))


def _is_chosen(name: str) -> bool:
    """Leave out what systems add to an archive, such as ``__MACOSX/._calls.csv``."""
    parts = PurePosixPath(name).parts
    return not any(part.startswith((".", "__MACOSX")) for part in parts)


def _checked(content: Content) -> Content:
    """Unpack once to the end, so that damage is known before anything is read."""
    size = 0
    try:
        for block in content.blocks():
            size += len(block)
            if size > _MOST_UNPACKED:
                raise SourceError(
                    "The archive unpacks to more than 4 GB",
                    where=content,
                    fix="Export a shorter time",
                )
    except _DAMAGE as error:
        raise _damaged(content, error) from error
    return content


def _damaged(content: Content, error: Exception) -> SourceError:
    head = content.head(512)
    workbook = any(part in head for part in (b"[Content_Types].xml", b"_rels/", b"xl/"))
    if workbook or content.path.suffix.lower() == ".xlsx":
        what = "The workbook cannot be read: it is cut off or damaged"
    else:
        what = "The archive is cut off or damaged"
    return SourceError(what, where=f"{content} ({error})", fix="Download or export it again")
