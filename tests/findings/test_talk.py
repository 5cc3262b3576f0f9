"""Talk measures: from the seconds at which each side was heard, and missing where untold."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pytest

from calltrack_nb.findings import talk_measures, talk_summary


@dataclass
class Line:
    """One utterance."""

    speaker: str
    text: str
    flags: frozenset[str] = frozenset()


@dataclass
class Heard:
    """A call of forty seconds in which both sides were recorded apart."""

    utterances: tuple[Line, ...] = (
        Line("caller", "I would like a cake for my daughter who turns six on Saturday please"),
        Line("agent", "Sure. How many guests? And which flavor would she like?"),
        Line("caller", "About twenty and lemon would be great"),
        Line("agent", "Thank you for watching?", frozenset({"no_speech"})),
    )
    speech: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: {
            "caller": [(2.0, 8.0), (16.0, 20.0)],
            "agent": [(10.0, 14.0), (15.0, 17.0), (30.0, 31.0)],
        }
    )
    layout: str = "two_party"
    duration_s: float = 40.0
    language: str | None = "en"


def measures(call):
    """Return the one row of a call."""
    return talk_measures({"a": call}, "main").iloc[0]


def test_who_talks_how_much_and_when():
    """Shares, overlap, the longest silence and the first answer follow from the seconds."""
    row = measures(Heard())
    assert row["caller_talk_s"] == 10.0
    assert row["agent_talk_s"] == 7.0
    assert row["overlap_s"] == 1.0
    assert row["longest_silence_s"] == 10.0
    assert row["first_answer_s"] == 2.0
    assert row["longest_monologue_s"] == 7.0


def test_seconds_heard_twice_count_once():
    """Pieces of speech of one side that reach into each other are not added up."""
    row = measures(Heard(speech={"caller": [(2.0, 8.0), (7.0, 9.0)], "agent": [(10.0, 14.0)]}))
    assert row["caller_talk_s"] == 7.0


def test_questions_are_counted_by_sentence_without_invented_ones():
    """Two questions in one turn are two, and one the transcriber invented is none."""
    assert measures(Heard())["agent_questions"] == 2


def test_a_few_words_give_no_rate():
    """Speaking rate takes twenty words; the caller has twenty-one in ten seconds."""
    row = measures(Heard())
    assert row["caller_words_per_min"] == pytest.approx(21 * 6)
    assert pd.isna(row["agent_words_per_min"])


def test_one_channel_tells_no_shares():
    """Where speakers are unknown, what needs them is missing, the silence is not."""
    row = measures(Heard(speech={"unknown": [(5.0, 9.0)]}, layout="mono"))
    assert row[["caller_talk_s", "overlap_s", "first_answer_s", "agent_questions"]].isna().all()
    assert row["longest_silence_s"] == 31.0


def test_a_call_without_a_word_breaks_nothing():
    """No utterance and no speech: all of the call is silence."""
    row = measures(Heard(utterances=(), speech={}))
    assert row["longest_silence_s"] == 40.0
    assert pd.isna(row["flagged_share"])


def test_the_summary_says_the_middle_call():
    """The median is taken over the calls asked for, and mono calls have no share."""
    table = talk_measures({"a": Heard(), "b": Heard(speech={"unknown": [(0.0, 5.0)]})}, "main")
    summary = talk_summary(table, ["a", "b"])
    assert "did 59 % of the talking" in summary.text
    share = summary.table.set_index("unit").loc["percent"]
    assert share["median"] == pytest.approx(59, abs=0.5)
    assert "is not known" in talk_summary(table, ["b"]).text
