"""The written dialogues: varied, labelled, and true to their labels."""

import itertools
import random
import re

import pytest

from calltrack_nb import schema
from tools.simulator.dialogues import expand, spoken_number, write_dialogue
from tools.simulator.dialogues_lines import HESITATIONS, INQUIRIES
from tools.simulator.dialogues_text import simulate_transcripts
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import PURPOSE_OF, THEMES


@pytest.fixture(scope="module")
def shop():
    return simulate_shop()


@pytest.fixture(scope="module")
def transcripts(shop):
    return simulate_transcripts(shop)


def test_every_theme_has_a_grammar_and_a_purpose():
    """The shop's themes, their grammars and their purposes are one list."""
    assert set(THEMES) == set(INQUIRIES) == set(PURPOSE_OF)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("outcome", ["booked", "call_back", "lost", None])
def test_every_pattern_can_be_said(theme, outcome):
    """No draw leaves a bracket, a slot or a doubled space, and sides take turns."""
    for seed in range(60):
        rng = random.Random(seed)
        hesitation = rng.choice([None, *HESITATIONS])
        dialogue = write_dialogue(theme, outcome, rng, hesitation=hesitation)
        text = " ".join(turn.text for turn in dialogue.turns)
        assert not re.search(r"[(){}|]|\s\s|\s[.,?]", text), text
        speakers = [turn.speaker for turn in dialogue.turns]
        assert all(one != two for one, two in itertools.pairwise(speakers))
        assert dialogue.marked("hesitation") == ((hesitation,) if hesitation else ())
        assert all(turn.text[0].isupper() for turn in dialogue.turns)


def test_callers_rarely_say_the_same(shop, transcripts):
    """Under one in a hundred inquiries repeats another's words."""
    utterances, _ = transcripts
    themed = shop.labels.loc[shop.labels["theme"].notna(), "call_id"]
    caller = utterances[(utterances["speaker"] == "caller") & utterances["call_id"].isin(themed)]
    said = caller.groupby("call_id")["text"].agg(" ".join)
    assert len(said) > 800
    assert said.duplicated().mean() < 0.01


def test_transcripts_cover_answered_calls(shop, transcripts):
    """Every answered inbound call has a valid transcript, and no other call has one."""
    utterances, marks = transcripts
    schema.validate(utterances, "utterances")
    calls = shop.calls
    answered = calls[(calls["direction"] == "inbound") & (calls["status"] == "answered")]
    assert set(utterances["call_id"]) == set(answered["call_id"])
    keys = set(zip(utterances["call_id"], utterances["turn"], strict=True))
    assert set(zip(marks["call_id"], marks["turn"], strict=True)) <= keys


def test_callers_give_the_number_they_call_from(shop, transcripts):
    """A number spoken by a caller is the one in the log, digit by digit."""
    utterances, marks = transcripts
    phone = marks[marks["kind"] == "phone"].merge(utterances, on=["call_id", "turn"])
    phone = phone.merge(shop.calls[["call_id", "caller_number"]], on="call_id")
    phone = phone.dropna(subset="caller_number")
    assert len(phone) > 50
    for row in phone.itertuples():
        spoken = spoken_number(row.caller_number, random.Random(0))
        heard = row.text.replace(" oh", " zero")
        assert spoken.replace(" oh", " zero") in heard


def test_marks_stand_on_the_right_side(transcripts):
    """Hesitations and preferences are the caller's, promises the agent's."""
    utterances, marks = transcripts
    sides = marks.merge(utterances[["call_id", "turn", "speaker"]], on=["call_id", "turn"])
    whose = sides.groupby("family")["speaker"].unique()
    for family, speaker in (
        ("hesitation", "caller"),
        ("preference", "caller"),
        ("promise", "agent"),
    ):
        assert list(whose[family]) == [speaker]
    assert set(marks.loc[marks["family"] == "hesitation", "kind"]) == set(HESITATIONS)


def test_nested_choices_are_resolved_from_within():
    """A choice inside a choice is made before the outer one."""
    said = {expand("(a (b|c)|d)", random.Random(seed)) for seed in range(40)}
    assert said == {"a b", "a c", "d"}
