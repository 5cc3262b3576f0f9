"""Redaction: what is hidden, what is left alone, and what a call as a whole tells."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from benchmarks.redaction import HOME, VARIED, measure, read
from calltrack_nb import tables
from calltrack_nb.listening import private_times, redact, redact_call, redact_text


def test_recall_aims_are_met_on_the_labelled_sentences():
    """Card and phone numbers, e-mail, addresses and names are found as often as promised."""
    import json

    result = measure([json.loads(line) for line in HOME.read_text("utf-8").splitlines()])
    assert min(result["card"]["recall"], result["phone"]["recall"]) >= 0.98
    assert min(result["email"]["recall"], result["address"]["recall"]) >= 0.9
    assert result["name"]["recall"] >= 0.9
    assert result["false_alarms_per_1000_words"] < 5


def test_varied_forms_held_apart_are_hidden_too():
    """Forms that no pattern was written on: figures here are lower than on our own sentences."""
    result = measure([row for row in read(VARIED) if row["set"] == "held_out"])
    assert result["phone"]["recall"] >= 0.98
    assert min(result[kind]["recall"] for kind in ("card", "email", "address")) >= 0.8
    assert result["name"]["recall"] >= 0.9
    assert result["false_alarms_per_1000_words"] < 5


def test_spoken_numbers_of_every_length_are_hidden_whatever_the_digits():
    """Any ten digits, said one by one with fillers and doubles, leave no digit behind."""
    rng = random.Random(5)
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for _ in range(200):
        said = []
        for _ in range(10):
            digit = rng.choice(words)
            said += rng.choice([[digit], ["um,", digit], [digit + ","], ["double", digit]])
        hidden = redact_text(f"so call me on {' '.join(said)} thank you").text
        assert hidden.startswith("so call me on ")
        assert hidden.endswith(" thank you")
        assert "[" in hidden
        assert not set(hidden.replace(",", "").split()) & set(words)


@pytest.mark.parametrize(
    "text",
    [
        "between ten and eleven for sixty people",
        "it is four hundred and fifty dollars",
        "on 2026-08-15 at 10:30",
        "I'm looking for a cake",
        "that's the best way to go",
        "my card was stolen",
    ],
)
def test_ordinary_sentences_stay_as_they_are(text):
    """Quantities, times, dates and idle words are not private."""
    assert redact_text(text).text == text


def test_a_call_is_read_as_a_whole():
    """A number over two turns, an answer to "your name?", and the name said again are hidden."""
    done = redact_call(
        [
            "And your name please?",
            "Deborah.",
            "Thanks, Deborah. What is your phone number?",
            "It's five five five",
            "Mm-hm.",
            "oh one two three.",
        ]
    )
    text = " ".join(part.text for part in done)
    assert "Deborah" not in text
    assert "five" not in text
    assert "three" not in text


def test_spans_point_into_the_text_that_came_in():
    """Each span's offsets cut out exactly the private words."""
    text = "Write to ann.lee@example.com or ring 212 555 0147"
    spans = redact_text(text).spans
    assert [text[span.start : span.end] for span in spans] == [
        "ann.lee@example.com",
        "212 555 0147",
    ]


def test_labels_of_a_vendor_are_left_alone():
    """A text that a vendor has redacted already is not redacted again."""
    text = "my card is [CREDIT_CARD_NUMBER] and my name is [PERSON_NAME]"
    assert redact_text(text).text == text


def test_the_table_is_filled_in_its_own_order():
    """``redact`` fills the column for every row, empty texts and shuffled rows included."""
    rows = [
        {"account": "main", "call_id": "a", "turn": 1, "speaker": "caller", "start_s": 3.0,
         "end_s": 4.0, "text": "Susan Miller"},
        {"account": "main", "call_id": "a", "turn": 0, "speaker": "agent", "start_s": 1.0,
         "end_s": 2.0, "text": "what is your name"},
        {"account": "main", "call_id": "b", "turn": 0, "speaker": "caller", "start_s": 0.0,
         "end_s": 1.0, "text": ""},
    ]  # fmt: skip
    table = redact(tables.conform(pd.DataFrame(rows), "utterances"))
    assert list(table["redacted_text"]) == ["[NAME] [NAME]", "what is your name", ""]


def test_security_codes_are_found_in_time():
    """The seconds of a card's security code are known, so that a clip can be silent there."""
    said = ["the", "security", "code", "is", "nine", "one", "two", "okay"]
    words = [(word, float(i), i + 0.9) for i, word in enumerate(said)]
    assert private_times(words) == ((4.0, 6.9),)


def test_the_shops_own_name_is_kept_and_a_callers_is_not():
    """The greeting keeps the business's name, whole; a caller of a like name is still hidden."""
    said = [
        "Good morning, Mary\u2019s Cakes, this is Tom.",
        "Hi, my name is Mary Jones.",
        "Hi Mary, how can Mary's Cakes help?",
    ]
    bare = [done.text for done in redact_call(said)]
    kept = [done.text for done in redact_call(said, keep=["Mary's Cakes"])]
    assert "Cakes" not in bare[0]
    assert kept == [
        "Good morning, Mary\u2019s Cakes, this is [NAME].",
        "Hi, my name is [NAME].",
        "Hi [NAME], how can Mary's Cakes help?",
    ]
