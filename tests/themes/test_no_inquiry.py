"""Calls that ask for nothing are told from calls that only sound so."""

from __future__ import annotations

import pytest

from calltrack_nb.themes.no_inquiry import no_inquiry


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sorry love I think I've dialled wrong", "wrong number"),
        ("oh is this not the library? wrong number then, bye", "wrong number"),
        ("please leave a message after the tone", "voicemail"),
        ("for sales press one, for service press two", "menu"),
        ("we noticed your Google listing is not verified", "spam"),
        ("hi I had a missed call from this number", "call back"),
        ("hello? hello? yes?", "silence"),
        ("", "silence"),
    ],
)
def test_what_asks_for_nothing_is_set_apart(text, kind):
    """Each kind is known by how it is said."""
    assert no_inquiry(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "you sent me the wrong number of chairs",
        "I want to complain about the delivery, it came two hours late",
        "do you set up voicemail systems for offices",
        "I'm returning your call about the wedding cake. " + "We would like three tiers. " * 8,
    ],
)
def test_an_inquiry_stays_one(text):
    """Words of those kinds within an inquiry take nothing from it."""
    assert no_inquiry(text) is None
