"""Files written whole or not at all."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from calltrack_nb.errors import ReadOnlyWorkspace, WorkspaceError

_FORBIDDEN: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def is_forbidden(error: OSError) -> bool:
    """Tell a place that may not be written from one that is full."""
    return error.errno in _FORBIDDEN


def unwritable(path: Path, error: OSError) -> WorkspaceError:
    """Return what to say where the system does not let a file be written."""
    kind = ReadOnlyWorkspace if is_forbidden(error) else WorkspaceError
    return kind(
        "A file cannot be written",
        where=f"{path} ({error.strerror or error})",
        fix="Free some space or make the folder writable",
    )


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file under a temporary name and rename it when it is whole.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written, or the disk is full; `path` is as it was.
    """
    # not tempfile's: its files can be read by nobody else, and a report is to be shared
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
