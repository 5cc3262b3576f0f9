"""The column of transcripts in the exports and answers of the providers."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from calltrack_nb.providers import open_source
from calltrack_nb.settings import Settings

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
