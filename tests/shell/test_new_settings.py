"""The file of settings that a new workspace gets: every key in it, and all of it true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from calltrack_nb import init_workspace
from calltrack_nb.settings import (
    ChannelRule,
    FieldSource,
    FileMapping,
    OfAccount,
    Settings,
    parse_settings,
)
from calltrack_nb.workspace.init import new_settings

WRITTEN = new_settings("Mary's Cakes")
USED = re.sub(r"^#(?=\S)", "", WRITTEN, flags=re.MULTILINE)


def test_the_file_as_written_holds_the_defaults() -> None:
    """What is set in the file is what would hold without it, but for the name."""
    named = {"name": "Mary's Cakes"}
    defaults = Settings()
    expected = defaults.model_copy(update={"business": defaults.business.model_copy(update=named)})
    assert parse_settings(WRITTEN) == expected


def test_every_example_loads_and_every_key_is_there() -> None:
    """With every comment mark taken off, the file loads and no key of any section is missing."""
    parse_settings(USED)
    given = tomllib.loads(USED)
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            assert set(given[name]) == set(type(field.default).model_fields), name
    (mapping,) = given["mapping"]
    assert set(mapping) == set(FileMapping.model_fields)
    ways = set().union(*(source for source in mapping["fields"].values()))
    assert ways == set(FieldSource.model_fields)
    (client,) = given["accounts"].values()
    assert set(client) == set(OfAccount.model_fields)
    (rule,) = given["sources"]["channels"]
    assert set(rule) == set(ChannelRule.model_fields)


def test_every_key_is_described() -> None:
    """No key is without its description, and each description is in the file."""
    sections = [type(f.default) for f in Settings.model_fields.values()]
    models = [each for each in sections if issubclass(each, BaseModel)]
    for section in (*models, FileMapping, FieldSource, ChannelRule):
        for name, field in section.model_fields.items():
            assert field.description, f"{section.__name__}.{name}"
    for section in models:
        for field in section.model_fields.values():
            described = f"# {field.description}".replace("``", "")
            assert described in WRITTEN


@pytest.mark.parametrize("name", ['Mary "and" Joe', "back\\slash", "Zoë", "bell\x07\x7f"])
def test_any_folder_makes_a_file_that_loads(tmp_path: Path, name: str) -> None:
    """Whatever the folder is called, its settings load."""
    assert init_workspace(tmp_path / name).settings.business.name
