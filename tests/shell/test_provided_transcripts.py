"""A workspace whose calls a provider transcribed: from its export to the report."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import calltrack_nb
from calltrack_nb import init_workspace, shipped
from calltrack_nb.findings import coverage, heard_calls
from calltrack_nb.reporting.player import quotes_html, transcript_html
from calltrack_nb.settings import FILE_NAME
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.transcription import Transcript
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.corrections import export_transcripts
from calltrack_nb.workspace.doctor import diagnose
from calltrack_nb.workspace.forgetting import forget
from calltrack_nb.workspace.pipeline import (
    bring_up_to_date,
    import_logs,
    listen_to_calls,
    transcribe_calls,
)
from calltrack_nb.workspace.search import search
from tests.shell.conftest import write_log
from tools.simulator.dialogues import Dialogue, write_dialogue

CALLS = 36
NAMES = {"agent": "Agent", "caller": "Customer"}
THEMES = ("wedding_tasting", "birthday_cake", "corporate_catering")
HEADER = (
    *("Call Status", "Number Name", "Tracking Number", "Source", "Start Time"),
    *("Duration (seconds)", "Phone Number", "First-Time Caller", "Full Transcription"),
)


def dialogue(number: int) -> Dialogue:
    """Write the conversation of one call."""
    ending = ("booked", "lost")[number % 2]
    hesitation = None if ending == "booked" else "price"
    return write_dialogue(
        THEMES[number % 3],
        ending,
        random.Random(number),
        caller_number=f"+1404555{number:04}",
        hesitation=hesitation,
    )


def written(said: Dialogue) -> str:
    """Write a conversation as a provider's export does."""
    return "\n".join(f"{NAMES[turn.speaker]}: {turn.text}" for turn in said.turns)


def write_export(path: Path, texts: list[str], *, month: int = 8) -> None:
    """Write a CallRail-style export with transcripts and without recordings."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for number, text in enumerate(texts):
            start = f"2026-{month:02}-{1 + number % 28:02} {9 + number // 28:02}:00:00"
            caller = f"(404) 555-{number:04}"
            seconds = 20 + len(text.split())
            row = ("Answered Call", "Main", "(212) 555-0111", "Google Ads", start, seconds, caller)
            rows.writerow((*row, "Yes", text))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of calls that a provider transcribed, up to date; not to be changed."""
    workspace = init_workspace(tmp_path_factory.mktemp("provided") / "shop")
    texts = [written(dialogue(number)) for number in range(CALLS)]
    write_export(workspace.raw / "Call List.csv", texts)
    bring_up_to_date(workspace, engine=FakeTranscriber())
    return workspace


def test_an_exports_transcripts_are_listened_to(made):
    """Every call has its turns, whose words they are, and themes and findings; no times."""
    said = made.table("utterances")
    first = said[said["call_id"] == made.calls()["call_id"].iloc[0]]
    assert said["call_id"].nunique() == CALLS
    assert list(first["speaker"]) == [turn.speaker for turn in dialogue(0).turns]
    assert set(said["origin"]) == {"callrail"}
    assert said["start_s"].isna().all()
    assert made.table("talk").empty
    findings = made.table("findings")
    assert len(findings[findings["family"] == "hesitation"]["call_id"].unique()) >= CALLS / 3
    assert made.table("call_themes")["call_id"].nunique() > CALLS / 2
    assert set(made.table("recordings")["origin"]) == {"callrail"}


def test_an_exports_transcripts_are_redacted(made):
    """The callers' numbers are hidden in what is quoted, as in our own transcripts."""
    said = made.table("utterances")
    assert said["redacted_text"].str.contains("[PHONE]", regex=False).any()
    assert (
        not said["redacted_text"].str.contains(r"four oh four,? five five five", regex=True).any()
    )


def test_other_code_reads_the_calls_again(made, tmp_path, monkeypatch):
    """What an earlier state of the package made of calls does not stay under a later one."""
    shop = Workspace(Path(shutil.copytree(made.folder, tmp_path / "copy")))
    assert "none of them new" in listen_to_calls(shop).text
    monkeypatch.setattr(shipped, "code", lambda: "another")
    assert "none of them new" not in listen_to_calls(shop).text


def test_sources_that_no_rule_knows_are_named(tmp_path):
    """What stands under the channel "other" is said by name, and what is known is not."""
    workspace = init_workspace(tmp_path / "shop")
    path = workspace.raw / "Call List.csv"
    write_export(path, [written(dialogue(0))])
    path.write_text(path.read_text().replace("Google Ads", "Insta-Story"))
    import_logs(workspace)
    assert (
        "other\", because no rule knows the source: 'Insta-Story' (1)" in diagnose(workspace).text
    )
    workspace = init_workspace(tmp_path / "known")
    write_export(workspace.raw / "Call List.csv", [written(dialogue(0))])
    import_logs(workspace)
    assert "no rule knows" not in diagnose(workspace).text


def test_quotes_have_no_button_and_no_time_where_there_is_no_sound(made):
    """Nothing offers to play a call that was never recorded here, or says at which second."""
    found = search(made, "wedding cake")
    page = quotes_html(made, found.assign(start_s=0.0), audio=True)
    whole = transcript_html(made, str(found["call_id"].iloc[0]), audio=True)
    for html in (page, whole):
        assert "<audio" not in html
        assert "cannot be played" not in html
        assert "at 0:00" not in html
        assert "data-at" not in html
    assert "made by callrail" in whole


def test_the_report_says_whose_transcripts_they_are(made):
    """How much was heard counts a provider's transcripts apart, and trusts them less."""
    calls = made.counted("all")
    heard = heard_calls(made.table("utterances"), calls)
    result = coverage(calls, heard, made.table("talk"), made.table("recordings"))
    counts = dict(zip(result.table["what"], result.table["calls"], strict=True))
    assert counts["read in a provider's transcript"] == counts["listened to"] == CALLS
    assert any("callrail" in check.text for check in result.checks)
    assert f"{CALLS} transcripts ({CALLS} made by a provider)" in diagnose(made).text


@pytest.mark.slow
def test_a_whole_report_is_made_without_any_recording(made):
    """Listen and learn runs to its end on an export alone."""
    (page,) = calltrack_nb.open(made.folder).report("listen_and_learn", period="2026-08")
    text = Path(page).read_text(encoding="utf-8")
    assert "read in a provider" in text
    assert "<audio" not in text


def test_transcripts_without_times_are_exported_as_tables(made, tmp_path):
    """A subtitle needs times; what has none is written as CSV, and no time is made up."""
    first = str(made.calls()["call_id"].iloc[0])
    (path,) = export_transcripts(made, [first], tmp_path, "vtt")
    rows = pd.read_csv(path)
    assert path.suffix == ".csv"
    assert rows["start_s"].isna().all()
    assert len(rows) == len(dialogue(0).turns)


def test_forgetting_takes_the_transcripts_too(tmp_path):
    """The column, the stored transcript and the file beside are gone with the caller."""
    workspace = init_workspace(tmp_path / "shop")
    said = "Agent: Hello.\nCustomer: I want a violin made of sugar on the cake."
    write_export(workspace.raw / "log.csv", [said + " cake" * 27_000, said, "Agent: Other call."])
    bring_up_to_date(workspace, engine=FakeTranscriber())
    calls = workspace.table("calls").sort_values("caller_number")
    beside = workspace.recordings / f"{calls['call_id'].iloc[1].partition(':')[2]}.txt"
    beside.write_text(said)
    other = workspace.recordings / f"{calls['call_id'].iloc[2].partition(':')[2]}.txt"
    other.write_text("Agent: Ring 404 555 0001 about it.")
    transcribe_calls(workspace, engine=FakeTranscriber())
    for number in ("(404) 555-0000", "(404) 555-0001"):
        forget(workspace, number)
    assert not beside.exists()
    stored = list(workspace.transcripts.folder.rglob("*.json.gz"))
    assert len(stored) == 1
    assert other.read_text() == "Agent: Ring [PHONE] about it."
    assert "violin" not in (workspace.raw / "log.csv").read_text()
    for name in ("calls", "provider_calls"):
        assert list(workspace.table(name)["transcript"]) == ["Agent: Other call."]


def test_one_bad_transcript_spares_the_others(tmp_path):
    """What cannot be read is said of its call, and the others are taken in."""
    workspace = init_workspace(tmp_path / "shop")
    good = "Agent: Hello.\nCustomer: Hi, a cake."
    write_export(workspace.raw / "log.csv", [good, '[{"speaker": "Agent", "te', good, good])
    bring_up_to_date(workspace, engine=FakeTranscriber())
    calls = workspace.calls()["call_id"]
    names = [call_id.partition(":")[2] for call_id in calls]
    (workspace.recordings / f"{names[2]}.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:59:03.000\n<v Agent>Hello</v>\n"
    )
    (workspace.transcripts.folder / f"{names[3]}.txt").write_text("")
    (workspace.recordings / "somebody.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHi\n")
    step = transcribe_calls(workspace, engine=FakeTranscriber())
    known = workspace.table("recordings").set_index("call_id").loc[calls]
    assert known["transcript_key"].notna().tolist() == [True, False, False, False]
    reasons = known["transcript_problem"].tolist()[1:]
    for reason, words in zip(reasons, ("cut off", "longer than the call", "is empty"), strict=True):
        assert words in reason
    assert len(step.problems) == 3
    assert any("somebody.srt" in line for line in step.details)
    assert "3 transcripts of a provider left out" in diagnose(workspace).text


def test_what_is_no_transcript_of_its_call_is_told(tmp_path):
    """Another call's, none at all, and one of a call that nobody answered: each is said."""
    workspace = init_workspace(tmp_path / "shop")
    good = "Agent: Hello.\nCustomer: Hi, a cake."
    write_export(workspace.raw / "log.csv", ["N/A", "Not available", good, good, good])
    log = workspace.raw / "log.csv"
    lines = log.read_text().split("Answered Call")
    log.write_text("Missed Call".join(["Answered Call".join(lines[:5]), lines[5]]))
    bring_up_to_date(workspace, engine=FakeTranscriber())
    names = [call_id.partition(":")[2] for call_id in workspace.calls()["call_id"]]
    beside = {"callId": names[3], "text": good}
    (workspace.recordings / f"{names[2]}.json").write_text(json.dumps(beside))
    step = transcribe_calls(workspace, engine=FakeTranscriber())
    assert any(f"names another call: {names[3]}" in line for line in step.problems)
    assert any("Nobody answered" in line and names[4] in line for line in step.details)
    text = diagnose(workspace).text
    assert "1x The transcript names another call" in text
    assert "The transcript is empty" in text


@pytest.fixture
def both(tmp_path: Path, shortest: list[Path]) -> Workspace:
    """A workspace with two recorded calls, both transcribed by a provider as well."""
    workspace = init_workspace(tmp_path / "shop")
    for number, path in enumerate(shortest[-2:]):
        shutil.copy(path, workspace.recordings / f"REC{number}.mp3")
    write_log(workspace.raw / "calls.csv", ["REC0.mp3", "REC1.mp3"])
    turns = [{"speaker": "Agent", "start": 0.5, "end": 2.0, "text": "Quite another thing."}]
    (workspace.recordings / "REC0.json").write_text(json.dumps(turns))
    return workspace


def test_ours_are_preferred_and_the_agreement_is_said(both):
    """Where both are there, ours count, the other stays beside them, and how far they agree."""
    step = bring_up_to_date(both, engine=FakeTranscriber()).steps[1]
    known = both.table("recordings").sort_values("path")
    assert list(known["origin"]) == ["audio", "audio"]
    assert known["other_key"].notna().tolist() == [True, False]
    assert set(both.table("utterances")["origin"]) == {"audio"}
    assert "words differ" in step.details[0]
    assert "which is a lot" in step.details[1]
    assert "words differ" in diagnose(both).text
    # nothing is compared, or read, twice
    again = transcribe_calls(both, engine=FakeTranscriber())
    assert again.details == step.details


def test_the_providers_are_used_where_the_settings_say_so(both):
    """With prefer = "provider" its words count, its talk does not: that was heard here."""
    bring_up_to_date(both, engine=FakeTranscriber())
    before = both.table("talk").set_index("call_id")
    settings = both.folder / FILE_NAME
    said = settings.read_text()
    assert '#prefer = "ours"' in said
    settings.write_text(said.replace('#prefer = "ours"', 'prefer = "provider"'))
    workspace = Workspace(both.folder)
    bring_up_to_date(workspace, engine=FakeTranscriber())
    said = workspace.table("utterances")
    assert sorted(set(said["origin"])) == ["audio", "file"]
    assert "Quite another thing." in set(said["text"])
    pd.testing.assert_frame_equal(workspace.table("talk").set_index("call_id"), before)


def without_new_columns(workspace: Workspace) -> None:
    """Make the tables those of a version that knew no transcripts of providers."""
    added = {"transcript", "origin", "other_key", "words", "word_errors", "transcript_problem"}
    for path in workspace.tables.rglob("*.parquet"):
        table: pa.Table = pq.read_table(path, partitioning=None)
        pq.write_table(table.drop_columns(sorted(added & set(table.column_names))), path)


def test_workspaces_of_earlier_versions_are_read_and_added_to(tmp_path):
    """Tables without the columns of transcripts are read, joined with new ones and replaced."""
    workspace = init_workspace(tmp_path / "shop")
    write_export(workspace.raw / "july.csv", ["Agent: Hello."] * 30, month=7)
    bring_up_to_date(workspace, engine=FakeTranscriber())
    without_new_columns(workspace)
    assert workspace.table("calls")["transcript"].isna().all()
    write_export(workspace.raw / "august.csv", ["Agent: Good day."] * 30, month=8)
    bring_up_to_date(workspace, engine=FakeTranscriber())
    said = workspace.table("utterances")
    assert set(said["text"]) == {"Good day."}
    assert isinstance(workspace.transcript(str(said["call_id"].iloc[0])), Transcript)


def test_months_of_earlier_versions_are_joined_with_later_ones(tmp_path):
    """Calls near a month's end are compared across files of which one knows no transcripts."""
    workspace = init_workspace(tmp_path / "shop")
    write_export(workspace.raw / "august.csv", ["Agent: Hello."] * 3)
    import_logs(workspace)
    without_new_columns(workspace)
    call = {
        "id": "CAL1",
        "customer_phone_number": "+14045550100",
        "tracking_phone_number": "+12125550111",
        "business_phone_number": "+12125550100",
        "start_time": "2026-07-31T19:50:00-04:00",
        "duration": 60,
        "transcription": "Agent: Good day.",
    }
    (workspace.raw / "july.json").write_text(json.dumps([call]))
    import_logs(workspace)
    assert workspace.table("calls")["transcript"].dropna().tolist() == ["Agent: Good day."]
