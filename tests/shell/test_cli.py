"""The command line does what can be done, says what cannot, and exits accordingly."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from calltrack_nb import reporting
from calltrack_nb.workspace import Workspace
from tests.conftest import ROOT
from tests.shell.conftest import HEADER, Ran, write_log

Run = Callable[..., Ran]


def test_broken_recordings_are_listed_and_the_rest_is_transcribed(
    calltrack: Run, shop: Workspace
) -> None:
    """A missing file and one that is no audio are named; the others get transcripts, once."""
    first = calltrack("transcribe", "--workspace", shop.folder)
    assert first.status == 1
    assert "missing.mp3" in first.err
    assert "text.mp3" in first.err
    known = shop.table("recordings").set_index("path")
    assert known.loc[["whole0.mp3", "whole1.mp3", "cut.mp3"], "transcript_key"].notna().all()
    second = calltrack("transcribe", "--workspace", shop.folder)
    assert "0 recordings transcribed, 3 known already" in second.out


def test_a_report_on_few_calls_shows_what_there_is(
    calltrack: Run, shop: Workspace, tmp_path: Path
) -> None:
    """With too few calls for themes the report says so and still shows the transcripts."""
    ran = calltrack("report", "listen_and_learn", "-w", shop.folder, "--out", tmp_path / "out")
    assert ran.status == 0, ran.err
    (page,) = (tmp_path / "out").glob("listen_and_learn*.html")
    text = page.read_text()
    assert "none are shown" in text
    assert "Caller" in text
    assert (tmp_path / "out" / "index.html").is_file()
    again = calltrack("report", "listen_and_learn", "-w", shop.folder, "--out", tmp_path / "out")
    assert "unchanged since" in again.out
    assert again.status == 0


def test_the_reports_and_what_they_take_are_listed(
    calltrack: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside any workspace: each report, its parameters, what holds otherwise, what it is for."""
    monkeypatch.chdir(tmp_path)
    ran = calltrack("report", "--list")
    assert ran.status == 0
    assert set(reporting.report_names()) <= set(ran.out.splitlines())
    assert re.search(r"^  period=all +2026-08, ", ran.out, re.MULTILINE)
    assert re.search(r"^  share_safe=true +hide ", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-p", "perod=2026-08"], "period"),
        (["-p", "period=soon"], "2026-08"),
        (["-p", "share_safe=maybe"], "share_safe"),
        (["-p", "nonsense"], "NAME=VALUE"),
    ],
)
def test_a_wrong_parameter_stops_the_report_before_anything_runs(
    calltrack: Run, shop: Workspace, arguments: list[str], said: str
) -> None:
    """An unknown, ill-typed or malformed parameter is one line; nothing is imported or written."""
    ran = calltrack("report", "campaign_effectiveness", "-w", shop.folder, *arguments)
    assert ran.status == 1
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert shop.table("calls").empty
    assert not list(shop.reports.iterdir())


def test_an_unknown_report_is_named_with_those_there_are(calltrack: Run, shop: Workspace) -> None:
    """A misspelt report lists the reports."""
    ran = calltrack("report", "listen_and_lern", "-w", shop.folder)
    assert ran.status == 1
    assert "listen_and_learn" in ran.err


def test_a_missing_file_is_one_line_and_the_others_are_imported(
    calltrack: Run, workspace: Workspace, tmp_path: Path
) -> None:
    """Of two files one is not there: it is named, the other is in, and the status says so."""
    log = write_log(tmp_path / "log.csv", [""])
    ran = calltrack("import", log, tmp_path / "gone.csv", "-w", workspace.folder)
    assert ran.status == 1
    assert "gone.csv" in ran.err
    assert len(workspace.table("calls")) == 1


def test_an_empty_file_is_a_problem_and_a_quiet_month_is_none(
    calltrack: Run, workspace: Workspace, tmp_path: Path
) -> None:
    """A file without anything is refused; one with a header and no rows is said to hold none."""
    log = tmp_path / "empty.csv"
    log.write_text("")
    ran = calltrack("import", log, "-w", workspace.folder)
    assert ran.status == 1
    assert "empty.csv" in ran.err
    log.write_text(HEADER + "\n")
    ran = calltrack("import", log, "-w", workspace.folder)
    assert ran.status == 0
    assert "it holds no rows" in ran.out


def test_reports_without_a_log_say_how_to_get_one(calltrack: Run, workspace: Workspace) -> None:
    """An empty workspace gives a message with the command that mends it, for every report."""
    ran = calltrack("report", "--all", "-w", workspace.folder)
    assert ran.status == 1
    assert "calltrack import" in ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


def test_a_folder_that_is_no_workspace_says_how_to_make_one(calltrack: Run, tmp_path: Path) -> None:
    """Any command in the wrong folder names the command that makes a workspace."""
    ran = calltrack("doctor", "-w", tmp_path)
    assert ran.status == 1
    assert "calltrack init" in ran.err


def test_outside_a_workspace_nothing_is_done(
    calltrack: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command in the wrong folder does not fall upon the sample that ships with the package."""
    monkeypatch.chdir(tmp_path)
    for command in (["doctor"], ["themes"], ["forget", "+14045550199", "--yes"]):
        ran = calltrack(*command)
        assert ran.status != 0
        assert "There is no workspace here" in ran.err


def test_doctor_counts_what_is_there(calltrack: Run, shop: Workspace) -> None:
    """Doctor fails on an empty workspace and passes once there is a log."""
    assert calltrack("doctor", "-w", shop.folder).status == 1
    calltrack("import", "-w", shop.folder)
    ran = calltrack("doctor", "-w", shop.folder)
    assert ran.status == 0
    assert "ok       every report: a call log (5 rows)" in ran.out
    assert "missing  campaign_effectiveness: ad spend" in ran.out
    assert "optional number_audit: visits by hour; only needed to see" in ran.out


def test_an_import_says_what_it_took_each_file_for(calltrack: Run, shop: Workspace) -> None:
    """The provider, the columns it was told by, and what was left out stand under the count."""
    (shop.raw / "more.csv").write_text(
        "Call Status,Tracking Number,Start Time,First-Time Caller,Phone Number,Shoe size\n"
        "Answered Call,(212) 555-0111,2026-02-30 10:00:00,yes,(404) 555-0001,42\n"
    )
    ran = calltrack("import", "-w", shop.folder)
    assert "more.csv: callrail, calls (5 of 6 columns are known of callrail" in ran.out
    assert "0 new, 1 in quarantine" in ran.out
    assert "columns left out: Shoe size" in ran.out
    assert "1x Start Time: " in ran.out


def test_doctor_finds_spend_that_two_files_give(calltrack: Run, shop: Workspace) -> None:
    """A month's total beside the days of that month would count the money twice: it is said."""
    header = "date,days,channel,campaign,cost,currency\n"
    (shop.raw / "spend.csv").write_text(header + "2026-08-01,31,google_ads,Cakes,310.00,USD\n")
    calltrack("import", "-w", shop.folder)
    assert "both give" not in calltrack("doctor", "-w", shop.folder).out
    daily = "".join(f"2026-08-{day:02d},1,google_ads,Cakes,10.00,USD\n" for day in range(3, 6))
    (shop.raw / "spend-august.csv").write_text(header + daily)
    calltrack("import", "-w", shop.folder)
    said = calltrack("doctor", "-w", shop.folder).out
    assert "spend-august.csv and data/raw/spend.csv both give the cost of Cakes" in said
    assert "of 3 to 5 Aug 2026" in said


def test_exports_for_both_platforms_are_written(calltrack: Run, shop: Workspace) -> None:
    """Each command writes its own files, says how many, and asks for a conversion's name."""
    asked = calltrack("export", "microsoft-ads", "-w", shop.folder, "--consent", "granted")
    assert asked.status == 2
    assert "--form-name" in asked.out + asked.err
    for system, words in (
        ("microsoft-ads", "for Microsoft Advertising"),
        ("google-ads", "For the Data Manager"),
    ):
        ran = calltrack(
            "export", system, "-w", shop.folder, "--consent", "granted", "--won-name", "Order"
        )
        assert words in ran.out
    assert {path.name for path in (shop.folder / "exports").iterdir()} == {
        "google-ads-conversions-from-calls.csv",
        "google-ads-conversions-from-clicks.csv",
        "google-ads-data-manager-refused.csv",
        "google-ads-refused.csv",
        "microsoft-ads-offline-conversions.csv",
        "microsoft-ads-refused.csv",
    }


def test_doctor_finds_local_services_in_both_reports(calltrack: Run, shop: Workspace) -> None:
    """Leads of two exports have a price each; Google Ads' cost of the same days adds to them."""
    header = "googleAdsLeadId,leadType,leadCreationTimestamp,chargeStatus,leadPrice,currencyCode\n"
    for number in (1, 2):
        row = f"{number},PHONE_CALL,2026-08-03T10:00:0{number}Z,CHARGED,30,USD\n"
        (shop.raw / f"leads-{number}.csv").write_text(header + row)
    calltrack("import", "-w", shop.folder)
    assert "both give" not in calltrack("doctor", "-w", shop.folder).out
    (shop.raw / "cost.csv").write_text(
        "Day,Campaign,Campaign status,Cost,Currency code,Impr.\n"
        "2026-08-03,LocalServicesCampaign:SystemGenerated:0005d4,Enabled,60,USD,9\n"
    )
    calltrack("import", "-w", shop.folder)
    said = calltrack("doctor", "-w", shop.folder).out
    assert "cost.csv and the prices of leads both give the cost of Local Services Ads" in said


def test_an_audit_says_what_the_import_could_not_read(calltrack: Run, shop: Workspace) -> None:
    """A log that is no log is named before the findings, not passed over."""
    (shop.raw / "broken.csv").write_text("what,is,this\n1,2,3\n")
    ran = calltrack("audit", "-w", shop.folder)
    assert "broken.csv" in ran.err
    assert "new rows" in ran.out


def test_every_command_is_in_the_readme_or_explains_itself(calltrack: Run) -> None:
    """Each command has a help text, and the README names it."""
    from calltrack_nb.cli import cli

    readme = (ROOT / "README.md").read_text()
    for name, command in cli.commands.items():
        assert command.help, name
        assert f"calltrack {name}" in readme, name
        assert calltrack(name, "--help").status == 0


def test_the_garage_call_alone_makes_a_report(
    calltrack: Run, workspace: Workspace, shared_data: Path, tmp_path: Path
) -> None:
    """From one real call and a one-row log: too few to cluster, yet speakers, measures, audio."""
    garage = shared_data / "recordings" / "auto_repair"
    shutil.copy(garage / "Auto_Repairs_40_stereo_L-caller_R-agent.wav", workspace.recordings)
    log = write_log(tmp_path / "log.csv", ["Auto_Repairs_40_stereo_L-caller_R-agent.wav"])
    assert calltrack("import", log, "-w", workspace.folder).status == 0
    assert calltrack("transcribe", "-w", workspace.folder).status == 0
    ran = calltrack("report", "listen_and_learn", "-w", workspace.folder, "--audio")
    assert ran.status == 0, ran.err
    (page,) = workspace.reports.glob("listen_and_learn*.html")
    text = page.read_text()
    assert "none are shown" in text
    assert re.search(r"service light", text, re.IGNORECASE)
    assert "data:audio/mpeg;base64," in text
    said = workspace.table("utterances")
    assert {"caller", "agent"} <= set(said["speaker"])


def test_a_stopped_import_leaves_nothing_behind(workspace: Workspace, tmp_path: Path) -> None:
    """SIGTERM is taken as Ctrl-C is: one line, no traceback, and no rows that were half read."""
    rows = write_log(tmp_path / "log.csv", []).read_text() + "".join(
        f"Answered Call,2026-08-01 10:00:00,40,(404) 555-{number:04},(212) 555-0111,Google Ads,\n"
        for number in range(10_000)
    )
    logs = [tmp_path / f"log{copy}.csv" for copy in range(20)]
    for log in logs:
        log.write_text(f"{rows}\n{log.name}")
    command = [sys.executable, "-m", "calltrack_nb.cli", "import", *logs, "-w", workspace.folder]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ}) as running:
        while not list(workspace.state.glob("import-*/*")) and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said.decode()
    assert "Interrupted." in said.decode()
    assert "Traceback" not in said.decode()
    assert not list(workspace.state.glob("import-*"))


def test_every_command_warns_of_a_caller_half_forgotten(
    calltrack: Run, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of forget that is stopped is told by the next command, and --finish does the rest."""
    calltrack("import", "-w", shop.folder)
    log = next(path for path in shop.raw.iterdir() if "404) 555-0101" in path.read_text())

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("calltrack_nb.workspace.forgetting.steps.replace_raw", stop)
        ran = calltrack("forget", "(404) 555-0101", "--yes", "-w", shop.folder)
        assert ran.status == 130
    assert "404) 555-0101" in log.read_text()
    assert "calltrack forget --finish" in calltrack("doctor", "-w", shop.folder).err
    ran = calltrack("forget", "--finish", "--yes", "-w", shop.folder)
    assert ("Removed 1 call." in ran.out, ran.err) == (True, "")
    assert "404) 555-0101" not in log.read_text()
    assert "--finish" not in calltrack("doctor", "-w", shop.folder).err
    assert calltrack("forget", "-w", shop.folder).status == 2
