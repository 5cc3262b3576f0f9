"""Memory that is freed stays with the process while an engine works."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys

import pytest

# in a process of its own: what a test before it left free would be taken up first
FAULTS = """
import ctypes, json, resource
from calltrack_nb.transcription.memory import freed_memory_kept

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]

def faults(times, size=96 << 20):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        block = library.malloc(size)
        ctypes.memset(block, 1, size)
        library.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

with freed_memory_kept():
    kept = [faults(1), faults(3)]
print(json.dumps({"kept": kept, "after": [faults(1), faults(3)]}))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"),
    reason="only GNU's C library hands large blocks back at once",
)
def test_a_large_block_is_lent_once_inside_and_each_time_outside():
    """Pages of a block that is freed and taken again are cleared once only, until the end."""
    told = subprocess.run(
        [sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True
    ).stdout
    counts = json.loads(told)
    # ratios, since a machine may lend pages of 4 KB or of 2 MB
    first, again = counts["kept"]
    assert again < 0.2 * first, counts
    first, again = counts["after"]
    assert again > 2 * first > 0, counts
