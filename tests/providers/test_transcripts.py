"""The column of transcripts in the exports and answers of the providers."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from calltrack_nb.errors import TranscriptionError, UnknownProvider
from calltrack_nb.providers import open_source
from calltrack_nb.settings import Settings
from calltrack_nb.transcription.provided import read_provided

SAID = "Agent: Hello.\nCustomer: Hi, a cake."
TURNS = [{"speaker": "Agent", "text": "Hello."}]
FILES = {
    "callrail.json": {
        "id": "CAL1",
        "customer_phone_number": "+14045550100",
        "tracking_phone_number": "+12125550111",
        "business_phone_number": "+12125550100",
        "start_time": "2026-08-03T10:00:00-04:00",
        "duration": 60,
        "transcription": "Hello. Hi.",
        "conversational_transcript": TURNS,
    },
    "whatconverts.json": {
        "lead_id": 7,
        "lead_type": "Phone Call",
        "quotable": "Yes",
        "lead_source": "google",
        "date_created": "2026-08-03T10:00:00Z",
        "caller_number": "+14045550100",
        "call_duration_seconds": 60,
        "call_transcription": SAID,
    },
    "calltrackingmetrics.json": {
        "id": 7,
        "called_at": "2026-08-03 10:00 AM -04:00",
        "unix_time": 1785765600,
        "tracking_label": "Main",
        "caller_number_complete": "+14045550100",
        "tracking_number": "+12125550111",
        "duration": 60,
        "transcription_text": SAID,
    },
}


@pytest.mark.parametrize("name", FILES)
def test_the_providers_transcripts_are_carried(name, tmp_path):
    """What a provider transcribed is in the table of calls as it came, turns before bare text."""
    path = tmp_path / name
    path.write_text(json.dumps([FILES[name]]))
    tables = [batch.tables["calls"] for batch in open_source(path, Settings()).batches()]
    (said,) = pd.concat(tables)["transcript"]
    assert said == (json.dumps(TURNS) if name == "callrail.json" else SAID)


def test_a_transcript_in_a_log_of_an_unknown_system_is_found(tmp_path):
    """A column that is named for transcripts is one, whoever wrote the file."""
    rows = [
        f'2026-08-{day:02} 10:0{day % 10}:07,+1404555010{day % 10},95,answered,"{SAID}"'
        for day in range(1, 20)
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["When,Caller,Seconds,Result,Call Transcript", *rows]) + "\n")
    (batch,) = open_source(path, Settings()).batches()
    assert set(batch.tables["calls"]["transcript"]) == {SAID}


def test_hubspots_transcripts_are_carried_and_notes_are_not(read_one):
    """A column of transcripts, or a body in which both sides speak; what somebody noted is none."""
    spoken = (
        "<p>Agent: Mary's cakes.</p><p>Customer: Hi.</p><p>Agent: Yes?</p><p>Customer: A cake.</p>"
    )
    bodies = [spoken, "<p>Rep: Ann</p><p>Customer: wants a cake</p>", None]
    calls = [
        {
            "hs_object_id": str(number),
            "hs_timestamp": f"2026-08-03T1{number}:00:00Z",
            "hs_call_duration": "62000",
            "hs_call_direction": "INBOUND",
            "hs_call_from_number": "+14045550142",
            "hs_call_to_number": "+14045550100",
            "hs_call_body": body,
            "hs_call_transcript": None if body else "Agent: Hi. Customer: Hello.",
        }
        for number, body in enumerate(bodies)
    ]
    said = read_one(calls).tables["calls"].sort_values("call_id")["transcript"]
    assert said.fillna("").tolist() == [spoken, "", "Agent: Hi. Customer: Hello."]


SENTENCES = """Transcript SID,Media Channel,Sentence Index,Start Time,End Time,Transcript,Confidence
GT1,1,0,0.12,2.4,"Thank you for calling, Mary's cakes.",0.98
GT1,2,1,2.9,4.1,"Hi, do you make wedding cakes?",0.95
"""


def test_sentences_of_a_transcript_are_no_log_of_calls(tmp_path):
    """Twilio's sentences and operator results as tables are refused, and what to do is said."""
    operators = (
        "transcript_sid,operator_sid,name,operator_type,date_created\nGT1,LY1,Summary,x,2026-08-03"
    )
    for content in (SENTENCES, operators):
        path = tmp_path / "export.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(UnknownProvider, match="a transcript of calls") as told:
            open_source(path, Settings())
        assert "named after the call" in str(told.value)


def test_a_table_of_sentences_is_read_as_a_transcript():
    """Who, when and what come from its columns; a table of several calls is refused."""
    found = read_provided(SENTENCES)
    assert [(turn.speaker, turn.start_s, turn.text) for turn in found.turns] == [
        ("1", 0.12, "Thank you for calling, Mary's cakes."),
        ("2", 2.9, "Hi, do you make wedding cakes?"),
    ]
    assert found.by_channel
    written = read_provided("Name;Time;Text\nAnn;0:01;Good morning\nCaller;0:04;Hi; there\n")
    assert [turn.speaker for turn in written.turns] != ["Ann", "Caller"]
    written = read_provided('Name;Time;Text\nAnn;0:01;Good morning\nCaller;0:04;"Hi; there"\n')
    assert [(turn.speaker, turn.text) for turn in written.turns] == [
        ("Ann", "Good morning"), ("Caller", "Hi; there"),
    ]  # fmt: skip
    with pytest.raises(TranscriptionError, match="several calls"):
        read_provided(SENTENCES + 'GT2,1,0,0.1,1.0,"Hello.",0.9\n')
