"""The mappings there are: the user's, and those that ship as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final

from calltrack_nb.providers.fields import check_fields
from calltrack_nb.settings import FieldSource, FileMapping, Settings

_SHIPPED: Final = "shipped.toml"


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
