"""What is said of shares that rest on words alone, in one sentence for every report."""

from __future__ import annotations

from typing import Final

from calltrack_nb.results import Check

NOT_MEASURED: Final = Check(
    "Measured against checked calls",
    None,
    "Not measured yet: a machine read this from the words, and how often it is right is not known. "
    "The ranges cover chance only.",
)
"""Put it beside every share that a machine read out of words and no person has checked."""
