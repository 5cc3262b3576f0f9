"""Files as they come, opened by what is in them and not by their names."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.archives import holds_workbook, open_gzip, open_zip
from calltrack_nb.providers.files.contents import Content, content_of
from calltrack_nb.providers.files.csv_files import cut_records, open_csv
from calltrack_nb.providers.files.first_bytes import kind_of
from calltrack_nb.providers.files.json_files import begins_json, open_json
from calltrack_nb.providers.files.not_tables import check_kind
from calltrack_nb.providers.files.parquet_files import open_parquet
from calltrack_nb.providers.files.sheets import Sheet
from calltrack_nb.providers.files.texts import decode_text, open_text
from calltrack_nb.providers.files.web_tables import open_web_page
from calltrack_nb.providers.files.workbooks import open_workbook

__all__ = ["begins_json", "cut_records", "decode_text", "kind_of", "open_sheet"]

_TAG: Final = re.compile(r"\s*<[!?a-zA-Z]")


def open_sheet(path: Path, known: Collection[str]) -> Sheet:
    """Open a file and find its header.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, workbook, JSON, Parquet file or saved web page, alone or the only table
        in a .zip or .gz; told by content, not by name.
    known : collection of str
        Plain names (see :func:`~calltrack_nb.providers.files.sheets.plain_name`) of
        columns that some system uses: they tell the header, and the sheet of several.

    Raises
    ------
    SourceError
        When the file is absent, empty, protected, cut off or no table; the message says
        what it is.
    """
    content = content_of(path)
    try:
        start = content.head()
    except OSError as error:
        raise SourceError(
            f"The file cannot be read ({error.strerror})",
            where=path,
            fix="Check the file's name and folder",
        ) from error
    if kind_of(start) == "gzip":
        content = open_gzip(content)
    elif kind_of(start) == "zip" and not holds_workbook(content):
        content = open_zip(content)
    return _open(content, known)


def _open(content: Content, known: Collection[str]) -> Sheet:
    """Open what is in no archive any more."""
    start = content.head()
    if not start.strip(b" \t\r\n\f\x00\xef\xbb\xbf\xff\xfe"):
        raise SourceError(
            "The file is empty",
            where=content,
            fix="Export it again, or delete it if it is your own list",
        )
    check_kind(content)
    kind = kind_of(start)
    if kind == "zip" and holds_workbook(content):
        return open_workbook(content, known)
    if kind in ("zip", "gzip"):
        raise SourceError(
            "The archive holds another archive",
            where=content,
            fix="Unpack it and import the files you want",
        )
    if kind == "parquet":
        return open_parquet(content)
    text = open_text(content)
    head = text.head(4096)
    if begins_json(head):
        return open_json(text, known)
    if _TAG.match(head):
        return open_web_page(text, known)
    return open_csv(text, known)
