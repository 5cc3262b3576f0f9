"""Memory that is freed stays with the process while an engine works."""

from __future__ import annotations

import ctypes
import resource
import sys

import pytest

from calltrack_nb.transcription.memory import freed_memory_kept

BLOCK = 96 << 20


def pages_cleared(times):
    """Take, fill and free a large block several times; return how many pages were lent."""
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.malloc.argtypes = [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        block = library.malloc(BLOCK)
        ctypes.memset(block, 1, BLOCK)
        library.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"),
    reason="only GNU's C library hands large blocks back at once",
)
def test_a_large_block_is_lent_once_inside_and_each_time_outside():
    """Pages of a block that is freed and taken again are cleared once only, until the end."""
    once = BLOCK // resource.getpagesize()
    with freed_memory_kept():
        assert pages_cleared(4) < 1.5 * once
    assert pages_cleared(4) > 3.5 * once
