"""The faults of the sample that only its recordings show."""

import tomllib
from pathlib import Path

import pytest

from calltrack_nb import shipped
from calltrack_nb.auditing import audit_workspace
from tests.pinned.workspace import build


@pytest.mark.slow
def test_faults_that_only_a_recording_shows_are_found(tmp_path: Path) -> None:
    """Lost, silent, one-sided and cut recordings, a stranger's greeting and a missing notice."""
    result = audit_workspace(build(tmp_path / "shop"))
    truth = tomllib.loads((shipped.sample() / "truth.toml").read_text(encoding="utf-8"))["faults"]
    heard = [
        fault
        for fault in truth
        if fault["check"].startswith("recordings_")
        or fault["check"] in ("other_business", "consent")
    ]
    assert len(heard) >= 5
    for fault in heard:
        findings = result.of(fault["check"]).findings
        assert findings, fault["note"]
        assert sum(finding.calls for finding in findings) == fault["calls"], fault["note"]
        day = findings[0].first_seen.tz_convert("America/New_York").date()
        assert fault["first"] <= day <= fault["last"], fault["note"]
