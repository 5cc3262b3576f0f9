"""Providers' files and APIs, into the canonical tables."""

from calltrack_nb._moved import old_names
from calltrack_nb.providers.fields import fields_of
from calltrack_nb.providers.files.opening import (
    begins_json,
    cut_records,
    decode_text,
    kind_of,
    open_sheet,
)
from calltrack_nb.providers.identity import (
    ADDRESS,
    caller_keys,
    first_calls,
    ids_in,
    judge_spam,
    named_by_ids,
    private_key,
    spam_scores,
)
from calltrack_nb.providers.ids import PAUSE, told_apart
from calltrack_nb.providers.inventory import Inventoried, channels_by_number
from calltrack_nb.providers.legs import unite_legs
from calltrack_nb.providers.mappings import user_mappings
from calltrack_nb.providers.matching import Matches, match_calls
from calltrack_nb.providers.merging import (
    Merge,
    join_provider_calls,
    merge_calls,
    unite_provider_calls,
)
from calltrack_nb.providers.preview import Preview, preview_file
from calltrack_nb.providers.recognition import open_source, read, recognise
from calltrack_nb.providers.source import Batch, FileSource, Recognition
from calltrack_nb.providers.systems.local_services import local_services_named
from calltrack_nb.providers.values.channels import to_channels
from calltrack_nb.providers.values.phones import number_kind, read_phones

__all__ = [
    "ADDRESS",
    "PAUSE",
    "Batch",
    "FileSource",
    "Inventoried",
    "Matches",
    "Merge",
    "Preview",
    "Recognition",
    "begins_json",
    "caller_keys",
    "channels_by_number",
    "cut_records",
    "decode_text",
    "fields_of",
    "first_calls",
    "ids_in",
    "join_provider_calls",
    "judge_spam",
    "kind_of",
    "local_services_named",
    "match_calls",
    "merge_calls",
    "named_by_ids",
    "number_kind",
    "open_sheet",
    "open_source",
    "preview_file",
    "private_key",
    "read",
    "read_phones",
    "recognise",
    "spam_scores",
    "to_channels",
    "told_apart",
    "unite_legs",
    "unite_provider_calls",
    "user_mappings",
]

__getattr__ = old_names(__name__, __name__)
