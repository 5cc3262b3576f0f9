"""Signs of invented text, utterances, sides, and the transcript as a record."""

import pytest

from calltrack_nb.audio import Span
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.schema import validate
from calltrack_nb.settings import Transcription
from calltrack_nb.transcription import Transcript, Utterance, Word, options_from, utterances_table
from calltrack_nb.transcription.hallucination_filters import flagged
from calltrack_nb.transcription.parties import agent_side
from calltrack_nb.transcription.suspicion import best, compression_ratio, echoes, longest_loop
from calltrack_nb.transcription.turns import PlacedWord, utterances_of


@pytest.mark.parametrize(
    "text",
    [
        "no, no, no, no, that is not it",
        "four one five, four one five, five five five",
        "5-5-5-5, 1-2-1-2",
        "bye bye, bye bye, bye bye",
        "yeah yeah yeah okay okay",
        "it's triple two, two two two, right, two two two",
    ],
)
def test_people_repeat_themselves(text):
    """What callers truly say twice or four times is no loop."""
    assert longest_loop(text) is None


@pytest.mark.parametrize(
    "text", ["S-I-T-T-T-T-T-T-T-T-T-T", "I am " * 9, "thank you for the " * 5, "so " * 12]
)
def test_loops_are_seen(text):
    """A stuck record is one, whatever its length."""
    assert longest_loop(text) is not None


def test_echo_is_heard_again_and_a_number_read_back_is_not():
    """A sentence written twice in a row is looked at again; digits and thanks are not."""
    assert echoes(
        "Great. Is that anything else I can help with? Is that anything else I can help with?"
    )
    assert not echoes("four one five, four one five, thank you, thank you, bye bye")


def test_compression_ratio_of_nothing():
    """No text has no ratio."""
    assert compression_ratio("") == 0


def test_best_attempt():
    """Fewest signs win, then probability, then the earlier one."""
    assert best([(-0.2, ("loop",)), (-0.9, ()), (-0.5, ())]) == 2
    assert best([(-0.5, ()), (-0.5, ())]) == 0


def heard(channel, start, end, *texts):
    span = Span(start, end)
    step = (end - start) / len(texts)
    return [
        PlacedWord(Word(text, start + at * step, start + (at + 1) * step, 0.9), channel, span)
        for at, text in enumerate(texts)
    ]


def test_turns_alternate_as_spoken():
    """A pause in which the other one speaks ends an utterance; a short one alone does not."""
    items = [
        *heard(0, 1.0, 2.0, "I", "want"),
        *heard(0, 2.4, 3.0, "cake."),
        *heard(1, 3.2, 4.0, "Sure."),
        *heard(0, 4.2, 5.0, "Thanks."),
        *heard(0, 7.0, 8.0, "Bye."),
    ]
    said = utterances_of(items, ("caller", "agent"))
    assert [(one.speaker, one.text) for one in said] == [
        ("caller", "I want cake."),
        ("agent", "Sure."),
        ("caller", "Thanks."),
        ("caller", "Bye."),
    ]
    assert said[0].start_s == 1.0


def test_overlaps_stay():
    """What is said at once stays at its own times."""
    items = [*heard(0, 1.0, 5.0, "one", "two"), *heard(1, 2.0, 3.0, "yes")]
    said = utterances_of(items, ("caller", "agent"))
    assert [(one.speaker, one.start_s, one.end_s) for one in said] == [
        ("caller", 1.0, 5.0),
        ("agent", 2.0, 3.0),
    ]


GREETED = ["Thank you for calling Mary's, how can I help?", "Hi, I'm calling about a cake."]


def test_agent_by_greeting_and_by_setting():
    """Who greets is the agent; a setting wins, and a disagreement is said."""
    assert agent_side(GREETED, "auto")[0] == 0
    side, confidence, remark = agent_side(GREETED, "right")
    assert (side, confidence < 0.5) == (1, True)
    assert "speaks like an agent" in remark
    assert agent_side(GREETED, "left") == (0, 1.0, "")
    assert "assumed to be on the right" in agent_side(["yes", "no"], "auto")[2]


@pytest.mark.parametrize(
    ("texts", "first", "agent"),
    [
        (["Hello?", "Hi, I'm calling from Mary's Cakes about your order."], 0, 1),
        (["Smith Flowers, how can I help?", "Hi, I was calling about the cake."], 0, 1),
        (["You have reached Ben, leave a message.", "This is Mary, returning your call."], 0, 1),
        (["I was just calling to confirm Friday.", "Ben speaking."], 1, 0),
        (["Can I have your order number?", "Sure, I need a bigger size."], 1, 0),
    ],
)
def test_agent_of_a_call_the_business_made(texts, first, agent):
    """On an outbound call the customer picks up and greets; whoever rang is the agent."""
    assert agent_side(texts, "auto", direction="outbound", first=first)[::2] == (agent, "")


def test_direction_where_words_tell_nothing():
    """Who is rung speaks first: the agent on an inbound call, the customer on an outbound one."""
    texts = ["Yes?", "Hello, good morning."]
    inbound = agent_side(texts, "auto", first=0)
    outbound = agent_side(texts, "auto", direction="outbound", first=0)
    assert (inbound[0], outbound[0]) == (0, 1)
    assert 0.5 < inbound[1] == outbound[1] < 0.75
    assert "Nothing said shows" in inbound[2]
    assert "who rang" in outbound[2]


def test_greeting_and_direction_disagree():
    """Words that make the second speaker the agent of an inbound call are followed, and told."""
    texts = ["Mary's, Joan speaking.", "Hello, is Friday free?"]
    side, confidence, remark = agent_side(texts, "auto", first=1)
    assert side == 0
    assert confidence < agent_side(texts, "auto", first=0)[1]
    assert "left side speaks like an agent" in remark
    assert "right side did" in remark


def said(text, start=0.0, confidence=0.9):
    units = text.split()
    words = tuple(
        Word(unit, start + at * 0.3, start + at * 0.3 + 0.2, 0.9) for at, unit in enumerate(units)
    )
    return Utterance("agent", start, start + len(units) * 0.3, text, confidence, (), words)


def test_looped_menu_is_flagged():
    """An announcement that comes again and again is flagged, every round of it."""
    menu = "For orders press one, for deliveries press two, to hear this again press three."
    rounds = [said(menu, start=at * 10.0) for at in range(4)]
    assert all(one.suspect for one in flagged(rounds))


def test_conversation_is_not_flagged():
    """A number read back and a phrase said twice are no announcement."""
    lines = [
        "my number is four one five five five five one two",
        "that is four one five five five five one two",
        "yes four one five five five five one two thank you",
        "would you like me to book it",
    ]
    talk = [said(line, start=at * 6.0) for at, line in enumerate(lines[:2] + lines[3:])]
    assert not any(one.suspect for one in flagged(talk))


def test_stock_phrase_only_where_unsure():
    """Thanks for watching is flagged where the model was unsure of it."""
    unsure, sure = flagged(
        [said("Thanks for watching!", confidence=0.3), said("Thanks for listening.")]
    )
    assert unsure.flags == ("stock_phrase",)
    assert sure.flags == ()


def transcript():
    return Transcript(
        utterances=(said("Hello, Mary's Cakes."), said("Ein Kuchen für zwei.", start=5)),
        speech={"agent": ((0.0, 1.0), (5.0, 6.5)), "caller": ()},
        layout="two_party",
        duration_s=9.5,
        engine="fake",
        model="fake",
        options={"language": "en"},
        remarks=("a remark",),
    )


def test_json_round_trip():
    """A transcript read back is the one written, to the byte."""
    one = transcript()
    again = Transcript.from_json(one.to_json())
    assert again == one
    assert again.to_json() == one.to_json()


def test_utterances_table_is_valid():
    """The table of utterances keeps to its schema."""
    table = utterances_table({"callrail:1": transcript(), "callrail:2": transcript()}, "main")
    validate(table, "utterances")
    assert table["turn"].tolist() == [0, 1, 0, 1]


def test_language_by_settings():
    """The language is set or detected; one that the model does not know is refused by name."""
    assert options_from(Transcription()).language == "en"
    assert options_from(Transcription(model="base", language="auto")).language is None
    assert options_from(Transcription(model="base", language="de")).language == "de"
    with pytest.raises(TranscriptionError, match=r"tiny\.en knows English only.*such as tiny"):
        options_from(Transcription(language="de"))
