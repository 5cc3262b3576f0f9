"""Findings: what callers hold back over and want, each at its place."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import tables
from calltrack_nb.errors import ListeningError
from calltrack_nb.listening import find_findings, find_in_text, read_patterns


def kinds(text, speaker="caller"):
    """Return family and kind of everything found in a sentence."""
    return {(found.family, found.kind) for found in find_in_text(text, speaker)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("That's a bit more than I hoped", ("hesitation", "price")),
        ("I have to call my boss first", ("hesitation", "someone_else")),
        ("I've had another quote from a different bakery", ("hesitation", "comparing")),
        ("Let me think about it and I'll call you back", ("hesitation", "put_off")),
        ("Could we say two days from now, between 8 and 10", ("preference", "when")),
        ("It has to be gluten free", ("preference", "what")),
        ("Our budget is around three hundred", ("preference", "budget")),
    ],
)
def test_what_a_caller_says_is_found(text, wanted):
    """One sentence of each kind is found as that kind."""
    assert wanted in kinds(text)


@pytest.mark.parametrize("text", ["Good morning, how are you?", "I want to check my balance", ""])
def test_a_request_or_a_greeting_is_no_preference(text):
    """Asking for the service itself, and being polite, are not preferences."""
    assert not {found for found in kinds(text) if found[0] in {"hesitation", "preference"}}


def test_an_agent_does_not_hesitate():
    """What only a caller can mean is not found in an agent's words."""
    assert ("hesitation", "price") not in kinds("That's a bit expensive, I know", "agent")


def test_each_finding_points_at_its_words():
    """The second, the words and the silence after a price are those of the call."""
    rows = [
        (0, "agent", 0.0, 4.0, "That would be four hundred dollars."),
        (1, "caller", 8.0, 12.0, "Okay. I have to ask my husband about that."),
    ]
    columns = ["turn", "speaker", "start_s", "end_s", "redacted_text"]
    frame = pd.DataFrame(rows, columns=columns).assign(account="main", call_id="a", confidence=1.0)
    frame["text"] = frame["redacted_text"]
    found = find_findings(tables.conform(frame, "utterances")).set_index("kind")
    assert found.loc["someone_else", "words"].startswith("I have to ask my husband")
    assert 8.0 < found.loc["someone_else", "start_s"] < 12.0
    assert (found.loc["slow_after_price", "start_s"], found.loc["slow_after_price", "end_s"]) == (
        4,
        8,
    )


def test_a_file_of_ones_own_adds_a_kind(tmp_path):
    """A user's file is read beside the package's, and a bad expression is named."""
    path = tmp_path / "findings.toml"
    path.write_text("[hesitation.weather]\ncaller = ['if it rains']\n", encoding="utf-8")
    found = find_in_text("only if it rains", "caller", read_patterns(path))
    assert [item.kind for item in found] == ["weather"]
    path.write_text("[hesitation.weather]\ncaller = ['(']\n", encoding="utf-8")
    with pytest.raises(ListeningError, match="weather"):
        read_patterns(path)
