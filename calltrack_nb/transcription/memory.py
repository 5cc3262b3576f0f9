"""Memory that an engine frees after one window, kept for the next.

The attention of a thirty-second window takes blocks of 54 MB. The GNU C library hands
blocks of that size back to the system whenever they are freed, and the system clears
every page of the next ones before it lends them: a quarter of an encoder's time.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
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

    Only where the C library is GNU's; elsewhere nothing changes.

    Examples
    --------
    >>> with freed_memory_kept():
    ...     pass
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "mallopt"):
        yield
        return
    for limit, value in _WHILE.items():
        library.mallopt(limit, value)
    try:
        yield
    finally:
        for limit, value in _AFTER.items():
            library.mallopt(limit, value)
        library.malloc_trim(0)
