"""Files as they come, opened by what is in them and not by their names."""

from __future__ import annotations

import logging
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Collection
from pathlib import Path
from typing import Final

import charset_normalizer

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.csv_files import open_csv
from calltrack_nb.providers.files.json_files import open_json
from calltrack_nb.providers.files.sheets import Sheet
from calltrack_nb.providers.files.workbooks import binary_error, open_workbook

log = logging.getLogger(__name__)

_HEAD_BYTES: Final = 256 * 1024
_BLOCK_BYTES: Final = 16 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"


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
        raise binary_error(path)
    if start.startswith(_ZIP):
        return open_workbook(path, known)
    encoding = _encoding(path, start)
    head = start.decode(encoding, errors="replace").lstrip("\ufeff")
    if head.lstrip()[:1] in ("{", "["):
        return open_json(path, encoding)
    return open_csv(path, encoding, head, known)


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
