"""Providers' files and APIs, into the canonical tables."""

from calltrack_nb.sources.channels import to_channels
from calltrack_nb.sources.files import decode_text
from calltrack_nb.sources.identity import caller_keys, first_calls, spam_scores
from calltrack_nb.sources.inventory import fill_from_numbers
from calltrack_nb.sources.matching import Matches, match_calls
from calltrack_nb.sources.merging import Merge, join_sightings, merge_calls, unite_sightings
from calltrack_nb.sources.phones import number_kind, to_e164
from calltrack_nb.sources.reading import (
    Batch,
    FileSource,
    Recognition,
    open_source,
    read,
    recognise,
)

__all__ = [
    "Batch",
    "FileSource",
    "Matches",
    "Merge",
    "Recognition",
    "caller_keys",
    "decode_text",
    "fill_from_numbers",
    "first_calls",
    "join_sightings",
    "match_calls",
    "merge_calls",
    "number_kind",
    "open_source",
    "read",
    "recognise",
    "spam_scores",
    "to_channels",
    "to_e164",
    "unite_sightings",
]
