"""Complaints and praise are told from inquiries, and are never of a theme."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.settings import Listening
from calltrack_nb.themes import ThemeRegistry, tag_themes
from calltrack_nb.themes.feedback import feedback
from tests.themes.test_themes import TEXTS, WORDS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Good morning, I'd like to make a complaint about one of your fitters", "complaint"),
        ("I'm really not happy with how the room was left", "complaint"),
        ("hi, your receptionist was very rude to my mother this morning", "complaint"),
        ("I’m disappointed. The tyre went flat again on the way home", "complaint"),  # noqa: RUF001
        ("I just called to say the garden looks wonderful, your lads were so tidy", "praise"),
        ("I'm not buying anything, I only wanted to thank you for Saturday", "praise"),
    ],
)
def test_what_a_call_is_for_is_heard_at_its_start(text, kind):
    """Each is known by how callers of several trades announce it."""
    assert feedback(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "I lost my card. Yes. No. Okay, thank you, great job, have a wonderful day",
        "can I file a complaint with the police about my lost card",
        "I need a lawyer to file a complaint against my landlord",
        "my dog has a skin complaint, can the vet see her",
        "I wanted to thank you for the cake, and could you make another one for June",
        "the boiler is awful, it leaks again",
        "",
    ],
)
def test_an_inquiry_stays_one(text):
    """Manners at the end, other people's complaints and things that broke are no feedback."""
    assert feedback(text) is None


def test_complaints_stand_by_themselves_in_no_theme():
    """They are counted in a line of their own, apart from wrong numbers and from every theme."""
    said = [pattern.format(word) for texts in TEXTS.values() for pattern in texts for word in WORDS]
    said += ["I want to complain, the delivery to Harlem came late"] * 12
    said += ["oh sorry, wrong number"] * 5
    ids = [f"c{place:03d}" for place in range(len(said))]
    utterances = pd.DataFrame(
        {
            "account": "main",
            "call_id": ids,
            "turn": 0,
            "speaker": "caller",
            "start_s": 0.0,
            "end_s": 4.0,
            "text": said,
            "redacted_text": said,
        }
    )
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": ids,
            "provider": "callrail",
            "started_at": pd.Timestamp("2026-01-01", tz="UTC"),
            "direction": "inbound",
        }
    )
    found = tag_themes(
        schema.conform(utterances, "utterances"),
        schema.conform(calls, "calls"),
        Listening(embedder="tfidf"),
        ThemeRegistry(),
    )
    assert "Complaints: 12 calls, in no theme." in found.text
    assert "wrong number (5)" in found.text
    assert not set(found.call_themes["call_id"]) & set(ids[-17:])
