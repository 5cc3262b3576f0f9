"""The mappings there are: the user's, and those that ship as data."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

from calltrack_nb.providers.fields import CALL_FIELDS, check_fields, fields_of
from calltrack_nb.settings import FieldSource, FileMapping, Settings

_SHIPPED: Final = "shipped.toml"
_FEWEST: Final = 2  # columns with the name of a field, the start among them


def with_own_names(mapping: FileMapping, columns: Sequence[str]) -> FileMapping:
    """Let a mapping also read the columns that have the name of a field it does not fill.

    Parameters
    ----------
    mapping : FileMapping
    columns : sequence of str
        The file's header.
    """
    own = {
        name: FieldSource(column=name)
        for name in fields_of(mapping.kind)
        if name in columns and name not in mapping.fields
    }
    return mapping.model_copy(update={"fields": {**mapping.fields, **own}}) if own else mapping


def own_names(columns: Sequence[str]) -> FileMapping | None:
    """Return the mapping of a file whose columns are fields already, None where they are not.

    Examples
    --------
    >>> own_names(["started_at", "caller_number"]).fields["started_at"].columns
    ('started_at',)
    """
    if "started_at" not in columns or len(CALL_FIELDS.keys() & set(columns)) < _FEWEST:
        return None
    started = {"started_at": FieldSource(column="started_at")}
    return with_own_names(FileMapping(fields=started), columns)


def user_mappings(settings: Settings) -> tuple[FileMapping, ...]:
    """Return the mappings of ``calltrack.toml``, ``[sources.spreadsheet]`` among them.

    Raises
    ------
    SettingsError
        When one names a field that does not exist.
    """
    mappings = []
    for number, mapping in enumerate(settings.mapping, start=1):
        check_fields(mapping, f"calltrack.toml, mapping {number} ({mapping.name})")
        mappings.append(mapping)
    if chosen := settings.sources.spreadsheet:
        fields = {name: FieldSource(column=column) for name, column in chosen.items()}
        mapping = FileMapping(columns=(chosen.get("started_at", ""),), fields=fields)
        check_fields(mapping, "calltrack.toml, sources.spreadsheet")
        mappings.append(mapping)
    return tuple(mappings)


@cache
def shipped_mappings() -> tuple[FileMapping, ...]:
    """Return the mappings of systems whose exports need no code.

    Examples
    --------
    >>> "3cx" in {mapping.name for mapping in shipped_mappings()}
    True
    """
    text = resources.files("calltrack_nb.providers.systems").joinpath(_SHIPPED).read_text("utf-8")
    mappings = tuple(
        FileMapping.model_validate(mapping) for mapping in tomllib.loads(text)["mapping"]
    )
    for mapping in mappings:
        check_fields(mapping, f"{_SHIPPED}, {mapping.name}")
    return mappings
