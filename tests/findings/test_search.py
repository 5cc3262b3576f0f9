"""Search: by words and by meaning, in redacted words only."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings import search

SAID = [
    ("a", "caller", "Do you have gluten free cakes for children"),
    ("a", "agent", "Yes, all our cupcakes can be made without wheat"),
    ("b", "caller", "My kid cannot eat wheat flour, what could she have at the party"),
    ("c", "caller", "Can you deliver to Harlem on Sunday"),
    ("d", "caller", "My number is [PHONE]"),
    ("e", "caller", ""),
]


@pytest.fixture
def utterances():
    """Six turns of five calls; the text before redaction holds a number."""
    rows = [
        {
            "account": "main",
            "call_id": call_id,
            "turn": place,
            "speaker": speaker,
            "start_s": 5.0 * place,
            "end_s": 5.0 * place + 4,
            "text": text.replace("[PHONE]", "two one two five five five"),
            "redacted_text": text,
        }
        for place, (call_id, speaker, text) in enumerate(SAID)
    ]
    return schema.conform(pd.DataFrame(rows), "utterances")


def test_a_turn_with_all_the_words_is_first(utterances):
    """The words of the query, in any number, put a turn first and say why."""
    found = search(utterances, "gluten free cake", embedder="tfidf")
    assert found["call_id"].iloc[0] == "a"
    assert found["quote"].iloc[0] == SAID[0][2]
    assert found["start_s"].iloc[0] == 0.0
    assert found["why"].iloc[0] == "has all the words"
    assert found["score"].iloc[0] > 0.5


@pytest.mark.slow
def test_the_same_meaning_in_other_words_is_found(utterances):
    """ "Gluten free for children" finds the kid who cannot eat wheat, and not the delivery."""
    found = search(utterances, "gluten free for children", embedder="minilm")
    assert list(found["call_id"]).index("a") == 0
    assert "b" in set(found["call_id"])
    assert "c" not in set(found["call_id"])


def test_private_words_are_not_searched(utterances):
    """What redaction took out is found by nobody."""
    assert search(utterances, "two one two five", embedder="tfidf").empty


def test_nothing_to_search_for_is_said(utterances):
    """A query without a word is an error in words; no transcripts are no rows."""
    with pytest.raises(ListeningError, match="nothing to search for"):
        search(utterances, "??", embedder="tfidf")
    assert search(utterances.iloc[:0], "cake", embedder="tfidf").empty


def test_no_more_than_asked_for(utterances):
    """`most` limits the turns, the best are kept."""
    assert len(search(utterances, "cakes cupcakes wheat deliver", embedder="tfidf", most=1)) <= 1
