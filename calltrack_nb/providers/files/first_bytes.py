"""What kind of file bytes begin."""

from __future__ import annotations

from typing import Final, Literal

_KINDS: Final[dict[bytes, Literal["gzip", "zip", "parquet"]]] = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PAR1": "parquet",
}


def kind_of(start: bytes) -> Literal["gzip", "zip", "parquet", "other"]:
    r"""Tell the kind of file that begins so; a workbook is a zip.

    Examples
    --------
    >>> kind_of(b"PAR1\x15"), kind_of(b"Start,Caller")
    ('parquet', 'other')
    """
    return next((kind for first, kind in _KINDS.items() if start.startswith(first)), "other")
