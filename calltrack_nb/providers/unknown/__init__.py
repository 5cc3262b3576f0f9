"""Logs of systems that nobody here has seen: read by what stands in their columns."""

from calltrack_nb.providers.unknown.inference import (
    Inference,
    infer_mapping,
    looks_like_a_log,
)
from calltrack_nb.providers.unknown.kinds import COSTS, SALES, TRANSCRIPTS, what_it_seems
from calltrack_nb.providers.unknown.roles import Question

__all__ = [
    "COSTS",
    "SALES",
    "TRANSCRIPTS",
    "Inference",
    "Question",
    "infer_mapping",
    "looks_like_a_log",
    "what_it_seems",
]
