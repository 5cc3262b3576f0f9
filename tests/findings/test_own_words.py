"""The word that stands behind a hesitation at one business."""

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.findings import finding_summary
from calltrack_nb.findings.own_words import own_words


def held_back(**said: list[str]) -> pd.DataFrame:
    """Hesitations by kind, each of a call of its own."""
    rows = [
        {"family": "hesitation", "kind": kind, "call_id": f"{kind}-{place}", "words": words}
        for kind, sentences in said.items()
        for place, words in enumerate(sentences)
    ]
    frame = pd.DataFrame(rows).assign(account="main", turn=1, confidence=0.8)
    return schema.conform(frame, "findings")


PIANO = [
    "Another firm said the stairs were no problem.",
    "I will see what the others say about our stairs.",
    "Somebody else would do it with the stairs for less.",
    "I have two other quotes to wait for.",
]
PRICE = ["That is a lot of money.", "Too expensive for us.", "It is over our budget."]


def test_the_word_that_stands_out_is_told_with_its_calls():
    """Of four who compare three name the stairs; what anybody says of a price is no such word."""
    found = held_back(comparing=PIANO, price=PRICE)
    assert own_words(found) == {"comparing": ("stairs", 3)}
    summed = finding_summary(found, found["call_id"], "hesitation")
    assert 'comparing with others (4, "stairs" in 3)' in summed.text
    assert summed.table.set_index("kind")["said"].to_dict() == {
        "comparing": '"stairs" in 3', "price": "",
    }  # fmt: skip


@pytest.mark.parametrize("few", [PIANO[:2], []])
def test_what_two_callers_say_is_no_habit(few):
    """Two calls give no word, and no call gives none."""
    assert own_words(held_back(comparing=few, price=PRICE)) == {}
