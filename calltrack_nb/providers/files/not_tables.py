"""Files that are no table, told by how they begin, with what to do instead."""

from __future__ import annotations

import logging
from typing import Final

import msoffcrypto

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content

log = logging.getLogger(__name__)

_OLE: Final = b"\xd0\xcf\x11\xe0"
_AS_CSV: Final = "Export the calls as CSV or XLSX"
_UNPACK: Final = "Unpack it and import what it holds"
_RECORDING: Final = "Put recordings into the recordings folder"

# Where a mark stands, the mark, what the file is, and what to do.
_MARKS: Final = (
    (0, b"%PDF", "a PDF", _AS_CSV),
    (0, b"\x89PNG", "an image (PNG)", _AS_CSV),
    (0, b"\xff\xd8\xff", "an image (JPEG)", _AS_CSV),
    (0, b"GIF8", "an image (GIF)", _AS_CSV),
    (0, b"II*\x00", "an image (TIFF)", _AS_CSV),
    (8, b"WEBP", "an image (WebP)", _AS_CSV),
    (8, b"WAVE", "a recording (WAV)", _RECORDING),
    (0, b"ID3", "a recording (MP3)", _RECORDING),
    (0, b"\xff\xfb", "a recording (MP3)", _RECORDING),
    (0, b"\xff\xf3", "a recording (MP3)", _RECORDING),
    (0, b"OggS", "a recording (Ogg)", _RECORDING),
    (0, b"fLaC", "a recording (FLAC)", _RECORDING),
    (4, b"ftyp", "a recording or film (MP4)", _RECORDING),
    (0, b"SQLite format 3", "an SQLite database", "Export its table of calls as CSV"),
    (0, b"{\\rtf", "a rich text document (RTF)", _AS_CSV),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (0, b"Rar!", "a RAR archive", _UNPACK),
    (0, b"BZh", "a bzip2 archive", _UNPACK),
    (0, b"\xfd7zXZ", "an xz archive", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (257, b"ustar", "a tar archive", _UNPACK),
    (0, b"ARROW1", "an Arrow file", "Export it as CSV or Parquet"),
    (0, b"\x7fELF", "a program", _AS_CSV),
    (0, b"MZ\x90", "a program", _AS_CSV),
    (0, b"From: <Saved by", "a web page with its pictures (MHTML)", _AS_CSV),
    (0, b"MIME-Version:", "a web page with its pictures (MHTML)", _AS_CSV),
)


def check_kind(content: Content) -> None:
    """Refuse a file that is known to be no table.

    Raises
    ------
    SourceError
        With what the file is and what to do.
    """
    start = content.head(512)
    if start.startswith(_OLE):
        raise _office_error(content)
    for place, mark, name, fix in _MARKS:
        if start[place:].startswith(mark):
            raise SourceError(f"The file is {name}", where=content, fix=fix)


def _office_error(content: Content) -> SourceError:
    """Say what an OLE file is: a protected workbook, an old one, or another document."""
    with content.open() as file:
        data = file.read()
        file.seek(0)
        try:
            protected = msoffcrypto.OfficeFile(file).is_encrypted()
        except Exception as error:  # noqa: BLE001 - msoffcrypto raises many kinds on odd files
            log.debug("not an Office file: %s", error)
            protected = False
    if protected:
        return SourceError(
            "The workbook is protected by a password",
            where=content,
            fix="Save it without the password and import that",
        )
    names = {"Workbook": "an old Excel workbook (.xls)", "Book": "an old Excel workbook (.xls)"}
    names |= {"WordDocument": "an old Word document", "__substg1.0": "an Outlook message"}
    what = next(
        (kind for name, kind in names.items() if name.encode("utf-16-le") in data),
        "an old Office or other binary file",
    )
    return SourceError(f"The file is {what}", where=content, fix="Save it as XLSX or CSV")
