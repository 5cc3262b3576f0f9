"""The documentation of the providers says what the readers do."""

from __future__ import annotations

import re
from pathlib import Path

from calltrack_nb import schema
from calltrack_nb.providers.mappings import shipped_mappings
from calltrack_nb.providers.recognition import LAYOUTS
from calltrack_nb.providers.systems.own_files import OWN_FILES
from calltrack_nb.settings import ChannelRule, parse_settings

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "providers.md").read_text(encoding="utf-8")


def test_every_header_of_a_users_file_is_documented():
    """Each file's columns stand in its line, and the needed ones are marked."""
    for layout in OWN_FILES:
        line = next(line for line in TEXT.splitlines() if line.startswith(f"| `{layout.kind}.csv`"))
        named = re.findall(r"`(\w+)`(\*?)", line.split("|")[2])
        expected = set(schema.columns(layout.kind)) - {"account", "caller_key", "import_id", "row"}
        assert {name for name, _ in named} == expected
        needed = {name for group in layout.needed for name in group}
        assert {name for name, mark in named if mark} == needed


def test_every_provider_and_channel_is_documented():
    """No provider or channel is missing."""
    shipped = {mapping.name for mapping in shipped_mappings()}
    for name in {layout.provider for layout in LAYOUTS} | shipped | set(schema.CHANNELS):
        assert re.search(rf"\b{name}\b", TEXT), name


def test_the_settings_shown_are_settings():
    """Every TOML example is accepted, and says what the text says it does."""
    examples = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 6
    for example in examples:
        parse_settings(example)
    rule = parse_settings(examples[4]).sources.channels[0]
    assert isinstance(rule, ChannelRule)
    assert rule.channel == "referral"
