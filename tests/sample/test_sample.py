"""The committed sample is what its script writes, and holds what its truth says."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from calltrack_nb.settings import read_settings
from tools.simulator.shop import simulate_shop
from tools.simulator.shop_recordings import CUT_AFTER_S, choose_recordings

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
RAW = SAMPLE / "data" / "raw"
RECORDINGS = SAMPLE / "data" / "recordings"


@pytest.fixture(scope="module")
def truth():
    return tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def callrail():
    lists = [pd.read_csv(path, dtype=str) for path in sorted(RAW.glob("callrail-*.csv"))]
    return pd.concat(lists).drop_duplicates(ignore_index=True)


@pytest.fixture(scope="module")
def whatconverts():
    return pd.read_csv(next(RAW.glob("whatconverts-*.csv")), dtype=str)


def test_the_script_writes_the_committed_logs(tmp_path):
    """Logs and truth are byte for byte what the simulator writes for its seed."""
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_sample.py", "--logs", "--into", tmp_path],
        check=True,
        capture_output=True,
    )
    made = {path.name for path in (tmp_path / "data" / "raw").iterdir()}
    assert made == {path.name for path in RAW.iterdir()}
    for name in made:
        assert (tmp_path / "data" / "raw" / name).read_bytes() == (RAW / name).read_bytes(), name
    assert (tmp_path / "truth.toml").read_bytes() == (SAMPLE / "truth.toml").read_bytes()


def test_sample_is_small_enough_to_ship():
    """Everything under data/sample that is committed stays under 12 MB."""
    shipped = [SAMPLE / "calltrack.toml", SAMPLE / "truth.toml", SAMPLE / "turns.json"]
    shipped += [*RAW.iterdir(), *RECORDINGS.iterdir()]
    assert sum(path.stat().st_size for path in shipped) <= 12_000_000


def test_settings_of_the_sample_are_valid():
    """The sample's calltrack.toml is read, and sets goals and the staff's number."""
    settings = read_settings(SAMPLE / "calltrack.toml")
    assert settings.business.timezone == "America/New_York"
    assert settings.goals.sales_calls is not None
    assert settings.qualified.staff_numbers == ("+12125550101",)


def test_counts_of_calls_match(truth, callrail, whatconverts):
    """The exports hold as many calls and leads as the truth counts, overlap taken out."""
    counts = truth["counts"]
    calls = whatconverts["Lead Type"] == "Phone Call"
    assert len(callrail) == counts["by_provider"]["callrail"]
    assert int(calls.sum()) == counts["by_provider"]["whatconverts"]
    assert int((~calls).sum()) == counts["leads"]
    inbound = int((callrail["Direction"] == "Inbound").sum() + calls.sum())
    assert inbound == counts["inbound"]
    assert 1300 <= inbound <= 1800
    rows = sum(len(pd.read_csv(path)) for path in RAW.glob("callrail-*.csv"))
    assert rows > len(callrail), "the two downloads overlap"


def test_planted_faults_show_in_the_logs(truth, callrail):
    """Every fault of a number is to be seen in the raw export."""
    faults = {fault["check"]: fault for fault in truth["faults"]}
    day = callrail["Start Time"].str[:10]

    def rows(check):
        fault = faults[check]
        number = fault["number"]
        written = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
        inside = (day >= str(fault["first"])) & (day <= str(fault["last"]))
        inside &= callrail["Direction"] == "Inbound"
        return callrail[inside & (callrail["Tracking Number"] == written)]

    assert len(rows("silent_number")) == 0
    misrouted = rows("misrouted_number")["Destination Number"]
    assert set(misrouted) == {"(212) 555-0177"}
    assert len(misrouted) == faults["misrouted_number"]["calls"]
    assert len(rows("retired_number")) == faults["retired_number"]["calls"]
    assert len(rows("unlisted_number")) == faults["unlisted_number"]["calls"]
    assert len(rows("spam")) >= faults["spam"]["calls"]
    assert rows("click_id_conflict")["Gclid"].notna().sum() == faults["click_id_conflict"]["calls"]
    gap = faults["log_gap"]
    assert not day.between(str(gap["first"]), str(gap["last"])).any()
    assert {f"recordings_{kind}" for kind in ("silent", "missing", "one_sided", "cut")} <= set(
        faults
    )


def test_google_saw_calls_that_callrail_lists(callrail):
    """Nearly every numbered row of Google's list has its call in CallRail's, seconds apart."""
    google = pd.read_csv(RAW / "google-ads-call-details.csv", skiprows=2, dtype=str)
    assert google.iloc[-1]["Start time"] == "Total"
    google = google.iloc[:-1].dropna(subset="Caller phone number")
    start = pd.to_datetime(google["Start time"], format="%b %d, %Y, %I:%M:%S %p")
    theirs = pd.DataFrame({"at": start, "number": google["Caller phone number"]})
    ours = pd.DataFrame(
        {
            "at": pd.to_datetime(callrail["Start Time"]),
            "number": "+1" + callrail["Phone Number"].str.replace(r"\D", "", regex=True),
        }
    ).dropna()
    matched = pd.merge_asof(
        theirs.sort_values("at"),
        ours.sort_values("at").assign(found=True),
        on="at",
        by="number",
        direction="nearest",
        tolerance=pd.Timedelta(seconds=20),
    )
    assert len(matched) > 200
    assert matched["found"].notna().all()


def test_every_recording_belongs_to_a_call(truth, callrail, whatconverts):
    """Files, rows of the logs and the truth name the same recordings, at the same time."""
    url = callrail["Recording Url"].dropna()
    named = {link.rsplit("/", 1)[1] for link in url} | set(whatconverts["Recording"].dropna())
    listed = {one["file"]: one for one in truth["recordings"]}
    assert named == set(listed)
    missing = {name for name, one in listed.items() if one["kind"] == "missing"}
    assert {path.name for path in RECORDINGS.iterdir()} == named - missing
    assert len(missing) == 1
    for row in callrail.loc[url.index].itertuples():
        one = listed[row[callrail.columns.get_loc("Recording Url") + 1].rsplit("/", 1)[1]]
        start = pd.Timestamp(row[callrail.columns.get_loc("Start Time") + 1])
        assert start.tz_localize("America/New_York") == pd.Timestamp(one["started_at"])


def test_recordings_sound_as_the_truth_says(truth):
    """Rate, channels, length and loudness of every file fit its kind."""
    for one in truth["recordings"]:
        if one["kind"] == "missing":
            continue
        samples, rate = soundfile.read(RECORDINGS / one["file"], always_2d=True)
        assert rate == 8000
        assert samples.shape[1] == (1 if one["kind"] == "mono" else 2), one["file"]
        assert len(samples) / rate == pytest.approx(one["audio_s"], abs=0.2)
        loud = np.sqrt((samples**2).mean(axis=0)) > 0.004
        if one["kind"] == "silent":
            assert not loud.any()
        elif one["kind"] == "one_sided":
            assert loud.tolist() == [False, True]
            assert (np.abs(samples[:, 0]) < 0.002).all()
        else:
            assert loud.all(), one["file"]
        if one["kind"] == "cut":
            assert one["audio_s"] == CUT_AFTER_S
            assert one["call_s"] > 1.5 * CUT_AFTER_S


def test_sample_holds_enough_of_everything(truth):
    """At least 45 two-channel inquiries of seven themes, and every special kind."""
    kinds = [one["kind"] for one in truth["recordings"]]
    usable = [
        one
        for one in truth["recordings"]
        if one.get("theme") and one["kind"] in ("plain", "hold_music", "menu", "unannounced")
    ]
    assert len(usable) >= 45
    assert len({one["theme"] for one in usable}) >= 7
    assert {
        "voicemail", "wrong_number", "hold_music", "silent", "mono", "menu", "other_business",
    } <= set(kinds)  # fmt: skip
    hesitations = {kind for one in truth["recordings"] for kind in one["hesitations"]}
    preferences = {kind for one in truth["recordings"] for kind in one["preferences"]}
    assert len(hesitations) >= 5
    assert preferences == {"what", "when", "where", "contact", "budget"}


def test_new_theme_is_heard_from_august_only(truth):
    """No recording and no call before August asks about children's allergies."""
    asked = [one for one in truth["recordings"] if one.get("theme") == "allergy_children"]
    assert len(asked) >= 5
    assert min(one["started_at"].strftime("%Y-%m") for one in asked) == "2026-08"
    by_month = truth["themes"]["calls_by_month"]["allergy_children"]
    assert [month for month, calls in by_month.items() if calls] == ["2026-08", "2026-09"]


def test_turns_lie_within_their_recordings(truth):
    """The reference for turns covers every file that has speech, in order and in bounds."""
    turns = json.loads((SAMPLE / "turns.json").read_text(encoding="utf-8"))
    lengths = {Path(one["file"]).stem: one["audio_s"] for one in truth["recordings"]}
    assert {path.stem for path in RECORDINGS.iterdir()} == set(turns)
    for stem, spoken in turns.items():
        starts = [turn["start"] for turn in spoken]
        assert starts == sorted(starts)
        assert all(0 <= turn["start"] < turn["end"] <= lengths[stem] for turn in spoken)


def test_spoken_words_are_those_of_the_dialogues():
    """What turns.json says was spoken is what the simulator writes for these calls."""
    turns = json.loads((SAMPLE / "turns.json").read_text(encoding="utf-8"))
    for one in choose_recordings(simulate_shop()):
        if one.kind in ("missing", "cut"):
            continue
        spoken = [turn["text"] for turn in turns[Path(one.file).stem]]
        assert spoken == [turn.text for turn in one.dialogue.turns]
