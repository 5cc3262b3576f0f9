"""The benchmark of intake tells right, left out, asked and wrong in silence apart."""

import csv
import itertools
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tools.intake.calls import load_locales, make_calls
from tools.intake.cases import make_case, vendors
from tools.intake.files import Case, read_cases
from tools.intake.reading import Reading
from tools.intake.scoring import judge
from tools.intake.shapes import load_shapes

SHAPES = load_shapes()
LOCALES = load_locales()
VENDORS = vendors()


def case_of(folder: Path, shape: str, country: str, variant: str = "plain") -> Case:
    return make_case(SHAPES[shape], LOCALES[country], variant, seed=5, folder=folder)


def perfect(case: Case, providers: tuple[str, ...] = ()) -> Reading:
    """Give the reading of an import that makes no mistake."""
    return Reading(
        calls=[
            {
                "started_at": datetime.fromisoformat(told["started_at"]),
                "caller": told.get("caller"),
                "duration_s": told.get("duration_s"),
                "talk_s": None,
                "direction": told.get("direction", "inbound"),
                "status": told.get("status"),
            }
            for told in case.calls
        ],
        providers=frozenset(providers),
    )


def changed(reading: Reading, at: int, **fields: object) -> Reading:
    calls = [dict(call) for call in reading.calls]
    calls[at] |= fields
    return Reading(calls, reading.notes, reading.unrecognised, reading.providers)


def index_of(case: Case, **fields: object) -> int:
    return next(
        at
        for at, told in enumerate(case.calls)
        if all(told[name] == fields[name] for name in fields)
    )


@pytest.mark.parametrize("variant", ["plain", "noisy", "scrambled"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_perfect_reading_of_every_shape_is_right(tmp_path: Path, name: str, variant: str):
    """Every shape's truth agrees with itself, so no shape can be wrong by the benchmark's fault."""
    country = next(country for country in LOCALES if SHAPES[name].serves(country))
    case = case_of(tmp_path, name, country, variant)
    assert judge(case, perfect(case, tuple(SHAPES[name].providers)), VENDORS).kind == "right"


@pytest.mark.parametrize(
    ("field", "false"),
    [
        (
            "started_at",
            lambda told: datetime.fromisoformat(told["started_at"]) - timedelta(hours=1),
        ),
        ("caller", lambda _told: "+14045550199"),
        ("duration_s", lambda told: told["duration_s"] + 2),
        ("talk_s", lambda told: told["duration_s"] + 2),
        ("direction", lambda _told: "outbound"),
        ("status", lambda _told: "missed"),
    ],
)
def test_one_false_value_is_wrong_in_silence(tmp_path: Path, field: str, false):
    """A single false start, caller, length, direction or status makes a file wrong."""
    case = case_of(tmp_path, "voip_log", "DE")
    at = index_of(case, direction="inbound", status="answered")
    verdict = judge(case, changed(perfect(case), at, **{field: false(case.calls[at])}), VENDORS)
    assert verdict.kind == "wrong"
    assert sum(verdict.faults.values()) == 1


def test_a_number_for_a_caller_who_withheld_it_is_wrong(tmp_path: Path):
    """A caller who withheld the number must have none."""
    case = case_of(tmp_path, "voip_log", "US")
    at = index_of(case, caller=None)
    verdict = judge(case, changed(perfect(case), at, caller="+14045550199"), VENDORS)
    assert verdict.faults == {"caller": 1}


def test_a_call_lost_or_invented_is_wrong(tmp_path: Path):
    """Neither a call too few nor a call too many passes without a note."""
    case = case_of(tmp_path, "callrail", "US")
    whole = perfect(case)
    strange = {**whole.calls[0], "started_at": whole.calls[0]["started_at"] + timedelta(days=90)}
    assert judge(case, Reading(whole.calls[1:]), VENDORS).faults == {"lost": 1}
    assert judge(case, Reading([*whole.calls, strange]), VENDORS).faults == {"invented": 1}


@pytest.mark.parametrize(("left_out", "kind"), [(1, "right"), (20, "noted")])
def test_what_is_left_out_with_a_note_is_not_wrong(tmp_path: Path, left_out: int, kind: str):
    """Records in quarantine are no fault; beyond a fiftieth of the cells the file is not right."""
    case = case_of(tmp_path, "voip_log", "US")
    notes = {(told["rows"][0], "Start Time") for told in case.calls[:left_out]}
    verdict = judge(case, Reading(perfect(case).calls[left_out:], notes), VENDORS)
    assert verdict.kind == kind


def test_a_field_is_missing_with_a_word_of_its_column_or_without(tmp_path: Path):
    """A length left out is noted where its column is named, and wrong where it is not."""
    case = case_of(tmp_path, "voip_log", "US")
    calls = [{**call, "duration_s": None} for call in perfect(case).calls]
    named = Reading(calls, unrecognised=frozenset({"Duration"}))
    other = Reading(calls, unrecognised=frozenset({"Direction"}))
    assert judge(case, named, VENDORS).kind == "noted"
    assert judge(case, other, VENDORS).faults == {"duration": len(calls)}


@pytest.mark.parametrize(
    ("shape", "provider", "kind"),
    [
        ("threecx", "callrail", "wrong"),
        ("threecx", "3CX", "right"),
        ("threecx", "spreadsheet", "right"),
        ("voip_log", "twilio", "wrong"),
        ("voip_log", "generic", "right"),
    ],
)
def test_another_vendors_name_is_wrong(tmp_path: Path, shape: str, provider: str, kind: str):
    """A file may be called by its own system's name or by nobody's."""
    case = case_of(tmp_path, shape, "US")
    assert judge(case, perfect(case, (provider,)), VENDORS).kind == kind


def test_nothing_imported_is_asked_only_with_a_reason(tmp_path: Path):
    """An import that gives nothing and says nothing has lost every call."""
    case = case_of(tmp_path, "voip_log", "US")
    fault = "NameError: this is a fault of calltrack_nb; please report it"
    assert (
        judge(case, Reading([], problem="Which column holds the start?"), VENDORS).kind == "asked"
    )
    assert judge(case, Reading([], problem=fault), VENDORS).kind == "crashed"
    assert judge(case, Reading([]), VENDORS).faults == {"lost": len(case.calls)}


def test_what_a_file_cannot_tell_is_not_judged(tmp_path: Path):
    """A file of days gives any time of the day, and one without a status column no status."""
    days = case_of(tmp_path, "salesforce", "GB")
    noon = [
        {**call, "started_at": call["started_at"] + timedelta(hours=12)}
        for call in perfect(days).calls
    ]
    usage = case_of(tmp_path, "teams_pstn", "DE")
    any_status = [{**call, "status": "missed"} for call in perfect(usage).calls]
    assert judge(days, Reading(noon), VENDORS).kind == "right"
    assert judge(usage, Reading(any_status), VENDORS).kind == "right"


def test_the_truth_tells_the_cells_of_the_file(tmp_path: Path):
    """The cells named in the truth are those of the record it names."""
    case = case_of(tmp_path, "freepbx", "GB")
    with case.path.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    for told in case.calls:
        legs = [records[row - 1] for row in told["rows"]]
        assert len({leg["uniqueid"] for leg in legs}) == 1
        assert told["written"]["start"] == legs[0]["calldate"]
        answered = any(leg["disposition"] == "ANSWERED" for leg in legs)
        assert (told["status"] == "answered") == answered


def test_the_same_seed_gives_the_same_calls_far_enough_apart():
    """Calls repeat by seed and never come so close that a file of minutes could not part them."""
    calls = make_calls(LOCALES["AU"], "7")
    starts = [call.started.timestamp() for call in calls]
    assert calls == make_calls(LOCALES["AU"], "7")
    assert calls != make_calls(LOCALES["AU"], "8")
    assert min(later - sooner for sooner, later in itertools.pairwise(starts)) >= 240


def counts(*options: str) -> dict[str, Any]:
    """Run the benchmark and return its last line."""
    command = [sys.executable, "-m", "benchmarks", "intake", "--processes", "1", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_files_are_kept_and_scored_again(tmp_path: Path):
    """Files that were kept are scored like those that were made, to the same counts."""
    made = ["--shapes", "callrail", "--locales", "US", "--rounds", "1", "--write", str(tmp_path)]
    first = counts(*made)
    assert counts("--files", str(tmp_path)) == first
    assert first["runs"] == 3
    assert first["shapes"]["callrail"]["known_right"] >= 1


def test_a_truth_that_is_a_bare_list_is_enough(tmp_path: Path):
    """Somebody else's file needs no more than its calls; its vendor is then not judged."""
    calls = [{"started_at": "2026-03-03T15:05:22+00:00", "caller": "+14045550142"}]
    (tmp_path / "mine.truth.json").write_text(json.dumps(calls), "utf-8")
    (tmp_path / "mine.csv").write_text("a,b\n", "utf-8")
    (case,) = read_cases(tmp_path)
    assert judge(case, perfect(case, ("callrail",)), VENDORS).kind == "right"
    assert judge(case, changed(perfect(case), 0, caller="+14045550143"), VENDORS).kind == "wrong"
