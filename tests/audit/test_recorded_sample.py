"""The faults of the sample that only its recordings show."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import schema, shipped
from calltrack_nb.audit import AuditInput, run_checks
from calltrack_nb.workspace.auditing import audit_input
from tests.pinned.workspace import build


def _as_spoken(data: AuditInput) -> AuditInput:
    """Put the words that were truly spoken in place of a machine's hearing of them."""
    spoken = json.loads((shipped.sample() / "turns.json").read_text(encoding="utf-8"))
    matched = data.recordings.dropna(subset="path")
    turns = [
        {
            "account": row["account"],
            "call_id": row["call_id"],
            "turn": turn,
            "speaker": said["speaker"],
            "start_s": said["start"],
            "end_s": said["end"],
            "text": said["text"],
        }
        for row in matched.to_dict("records")
        for turn, said in enumerate(spoken.get(Path(row["path"]).stem, ()))
    ]
    return replace(data, utterances=schema.conform(pd.DataFrame(turns), "utterances"))


@pytest.mark.slow
def test_faults_that_only_a_recording_shows_are_found(tmp_path: Path) -> None:
    """Lost, silent, one-sided and cut recordings, a stranger's greeting and a missing notice.

    How recordings sound is taken from their transcripts, what is said from the script.
    """
    result = run_checks(_as_spoken(audit_input(build(tmp_path / "shop"))))
    truth = tomllib.loads((shipped.sample() / "truth.toml").read_text(encoding="utf-8"))["faults"]
    by_words = ("other_business", "consent")
    heard = [
        fault
        for fault in truth
        if fault["check"].startswith("recordings_") or fault["check"] in by_words
    ]
    assert len(heard) >= 5
    for fault in heard:
        findings = result.of(fault["check"]).findings
        assert findings, fault["note"]
        assert sum(finding.calls for finding in findings) == fault["calls"], fault["note"]
        day = findings[0].first_seen.tz_convert("America/New_York").date()
        assert fault["first"] <= day <= fault["last"], fault["note"]
