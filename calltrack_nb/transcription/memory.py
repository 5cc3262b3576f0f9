"""Memory that an engine frees after one window, kept for the next.

The attention of a thirty-second window takes blocks of 54 MB. The GNU C library hands
blocks of that size back to the system whenever they are freed, and the system clears
every page of the next ones before it lends them: a quarter of an encoder's time.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

# mallopt(3); what is set on leaving is where the library's own adaptive limits end
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_WHILE: Final = {_MMAP_THRESHOLD: 1 << 30, _TRIM_THRESHOLD: (1 << 31) - 1}
_AFTER: Final = {_MMAP_THRESHOLD: 32 << 20, _TRIM_THRESHOLD: 64 << 20}


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Keep what this process frees for itself, and give it back at the end.

    The limits are those of the whole process, so only who owns the process sets them: the
    command line does, and so may a notebook for its own kernel. Where the C library is not
    GNU's nothing changes.

    Examples
    --------
    >>> with freed_memory_kept():
    ...     pass
    """
    keep_freed_memory()
    try:
        yield
    finally:
        library = _gnu_library()
        if library is not None:
            _set_limits(library, _AFTER)
            library.malloc_trim(0)


def keep_freed_memory() -> None:
    """Keep what this process frees for itself until it ends: for workers of a pool of ours.

    Examples
    --------
    >>> from concurrent.futures import ProcessPoolExecutor
    >>> pool = ProcessPoolExecutor(2, initializer=keep_freed_memory)
    >>> pool.shutdown()
    """
    library = _gnu_library()
    if library is not None:
        _set_limits(library, _WHILE)


def _gnu_library() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "mallopt") else None


def _set_limits(library: ctypes.CDLL, limits: Mapping[int, int]) -> None:
    for limit, value in limits.items():
        library.mallopt(limit, value)
