"""How many pages the system clears for a large block that is taken and freed again."""

from __future__ import annotations

import ctypes
import resource
import sys
from pathlib import Path

from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.transcription import Options, TranscriptStore, transcribe_many

GNU = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")


def faults(times: int, size: int = 40 << 20) -> int:
    """Count the pages cleared while a block is taken, filled and freed some times.

    It is of the size that engines take: the C library never lends other than the first
    thread's more than 64 MB of what was freed.
    """
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.malloc.argtypes = [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        block = library.malloc(size)
        ctypes.memset(block, 1, size)
        library.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def once_and_thrice() -> tuple[int, int]:
    """Return the pages cleared for the first block, and for three more."""
    return faults(1), faults(3)


def while_transcribing(recording: Path, folder: Path) -> list[tuple[int, int]]:
    """Return the same, counted where an engine decodes."""
    seen = []

    class Counting(FakeTranscriber):
        def decode(self, windows, decoding):
            seen.append(once_and_thrice())
            return super().decode(windows, decoding)

    jobs = {"call": recording}
    list(transcribe_many(jobs, Counting(), Options(), TranscriptStore(folder)))
    return seen
