"""Complaints and praise are told from inquiries, and are never of a theme."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings import find_findings, read_patterns
from calltrack_nb.settings import Listening
from calltrack_nb.themes import ThemeRegistry, tag_themes
from calltrack_nb.themes.apart import calls_set_apart
from calltrack_nb.themes.feedback import feedback
from tests.themes.test_themes import TEXTS, WORDS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Good morning, I'd like to make a complaint about one of your fitters", "complaint"),
        ("I'm really not happy with how the room was left", "complaint"),
        ("hi, your receptionist was very rude to my mother this morning", "complaint"),
        ("I’m disappointed. The tyre went flat again on the way home", "complaint"),  # noqa: RUF001
        (
            "The driver came an hour late and I'm really not impressed by it",
            "complaint",
        ),
        ("yes your young man swore at my mother, I'd like to complain", "complaint"),
        ("I want to give some feedback on the room, it was dirty", "complaint"),
        ("I've got some positive feedback for your receptionist", "praise"),
        ("just a quick call to say how much we enjoyed the boat trip", "praise"),
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
        "your website is terrible, how much is a full valet",
        "I'm disappointed you're closed on Sundays, what time on Monday",
        "the last plumber did an awful job so I need somebody to do it again",
        "I'm upset, my cat was hit by a car, can you see him now",
        "do you have a feedback form for the course",
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


def test_a_call_that_is_of_no_theme_for_its_complaint_has_that_purpose():
    """Themes and findings read feedback by one definition, whatever else is said in the call."""
    said = {
        "a": "I'm not happy. Your driver dropped the box. I had ordered it for an appointment.",
        "b": "I'd like to order a cake, everyone loved the last one.",
        "c": "I wanted to tell your fitters that the kitchen looks stunning",
    }
    utterances = schema.conform(
        pd.DataFrame(
            {
                "account": "main",
                "call_id": list(said),
                "turn": 0,
                "speaker": "caller",
                "start_s": 0.0,
                "end_s": 4.0,
                "confidence": 1.0,
                "redacted_text": list(said.values()),
            }
        ).assign(text=lambda table: table["redacted_text"]),
        "utterances",
    )
    found = find_findings(utterances)
    purposes = found[found["family"] == "purpose"].set_index("call_id")
    assert set(purposes.index[purposes["kind"] == "feedback"]) == {"a", "c"}
    assert set(calls_set_apart(utterances).index) == {"a", "c"}
    assert purposes.loc["a", "words"].startswith("I'm not happy")


def test_expressions_for_feedback_are_refused(tmp_path):
    """A file of one's own cannot make findings call feedback what themes do not."""
    path = tmp_path / "findings.toml"
    path.write_text("[purpose.feedback]\ncaller = ['bravo']\n", encoding="utf-8")
    with pytest.raises(ListeningError, match="recognised from the whole call"):
        read_patterns(path)
