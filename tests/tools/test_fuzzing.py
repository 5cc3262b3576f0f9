"""Odd inputs are read or refused, and the fuzzing that says so would see where they were not."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb import reporting
from calltrack_nb.errors import CalltrackError, SyncError
from calltrack_nb.providers.clients.pages import page_of
from calltrack_nb.settings import Settings, parse_settings
from calltrack_nb.workspace import importing
from calltrack_nb.workspace.init import init_workspace
from tests.conftest import ROOT
from tools.fuzzing import mutations, tables, targets, trying
from tools.fuzzing.notebooks import notebook
from tools.fuzzing.targets import TARGETS, Wrong
from tools.fuzzing.trying import Outcome, try_all

# of the forks that cases run in: the threads of this process hold nothing that they need
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@pytest.mark.slow
def test_odd_inputs_are_read_or_refused():
    """A minute of each kind of odd input: none raises, prints a traceback, or leaves a ruin."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "fuzz", "--cases", "5", "--seed", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["failed"] == 0, done.stdout
    assert {name: figures["cases"] for name, figures in told["targets"].items()} == dict.fromkeys(
        TARGETS, 5
    )


def tried(template: Path, target) -> Outcome:
    (outcome,) = try_all(template, "planted", target, [0])
    return outcome


def test_what_a_reader_raises_is_counted(tmp_path, monkeypatch):
    """A reader that raises what nobody thought of fails, with the seed that shows it again."""

    def import_files(*_: object) -> None:
        raise ValueError("planted")

    init_workspace(tmp_path / "template")
    monkeypatch.setattr(importing, "import_files", import_files)
    monkeypatch.setattr(importing, "preview", import_files)
    outcomes = list(try_all(tmp_path / "template", "readers", TARGETS["readers"], range(2)))
    assert [outcome.came for outcome in outcomes] == ["raised", "raised"]
    assert [outcome.seed for outcome in outcomes] == [0, 1]
    assert "ValueError: planted" in outcomes[0].kind


def wrong(*_: object) -> str:
    raise Wrong("a call is gone")


def refused(*_: object) -> str:
    raise CalltrackError("No table")


def prints(*_: object) -> str:
    os.write(2, b"Traceback (most recent call last):\n  here\n")
    return "read"


def says_fault(*_: object) -> str:
    raise CalltrackError("No table", fix="This is a fault of calltrack_nb; please report it")


def dies(*_: object) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return "read"


@pytest.mark.parametrize(
    ("target", "came"),
    [
        (lambda *_: "read", "read"),
        (refused, "refused"),
        (says_fault, "raised"),
        (wrong, "wrong"),
        (prints, "printed"),
        (dies, "died"),
    ],
)
def test_every_end_of_a_case_is_told_apart(tmp_path, target, came):
    """A refusal is none of the failures: exceptions, ruins, tracebacks and deaths."""
    outcome = tried(tmp_path, target)
    assert outcome.came == came
    assert outcome.failed == (came not in ("read", "refused"))


@pytest.mark.parametrize(("limit", "came"), [("MOST_BYTES", "memory"), ("MOST_S", "time")])
def test_too_much_memory_or_time_is_a_failure(tmp_path, monkeypatch, limit, came):
    """A case that ends well, but took more than it may, fails."""
    monkeypatch.setattr(trying, limit, 0)
    assert tried(tmp_path, lambda *_: "read").came == came


ROWS = [
    ["Call Status", "Start Time", "Duration (seconds)", "Phone Number", "Tracking Number"],
    ["Answered Call", "2026-07-01 10:00:00", "40", "(404) 555-0100", "(212) 555-0111"],
]


@pytest.mark.parametrize("start", ["10:00:00", "11:00:00"])
def test_rows_that_differ_without_a_word_are_wrong(tmp_path, monkeypatch, start):
    """A file that says the same and is read otherwise fails; one that is read the same does not."""

    def told(_: random.Random, export: tables.Export) -> tables.Export:
        return replace(export, content=export.content.replace(b"10:00:00", start.encode()))

    monkeypatch.setattr(tables, "told_otherwise", told)
    (tmp_path / "in").mkdir()
    arguments = (
        random.Random(0),
        targets.Shop(tmp_path, tmp_path),
        tables.Export("calls.csv", tables.as_csv(ROWS), ROWS),
        tmp_path / "in",
    )
    if start == "10:00:00":
        assert targets.read_the_same(*arguments) == "read"
        return
    with pytest.raises(Wrong, match="gives other calls: started_at"):
        targets.read_the_same(*arguments)


def test_a_workspace_without_its_calls_is_wrong(tmp_path):
    """Calls that are gone, and tables that cannot be read, are failures though nothing raised."""
    targets.make_template(tmp_path / "template")
    shop = targets.Shop(tmp_path / "case", tmp_path / "template")
    held = shop.copy()
    targets.refuse_lost(held, shop.template)
    with held.changing():
        held.write_table("spend", held.table("spend").iloc[:0])
    targets.refuse_lost(held, shop.template)
    part = held.parts("calls")[0]
    part.write_bytes(b"no Parquet")
    with pytest.raises(Wrong, match="cannot be read"):
        targets.refuse_lost(held, shop.template)
    part.unlink()
    with pytest.raises(Wrong, match=r"cannot be read|calls are gone"):
        targets.refuse_lost(held, shop.template)


# -- Hypothesis on the doors themselves ---------------------------------------------------

NAMES = st.text(max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.binary(max_size=200), VALUES)
def test_a_seed_gives_the_same_input_again(seed, content, value):
    """A failure can be shown again by its seed alone."""
    ways = (
        lambda rng: mutations.mutated_bytes(rng, content),
        lambda rng: mutations.odd_json(rng, mutations.mutated_value(rng, value)),
    )
    for way in ways:
        assert way(random.Random(seed)) == way(random.Random(seed))


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.dictionaries(
        st.sampled_from(list(Settings.model_fields)) | st.text(max_size=8), VALUES, max_size=4
    )
)
def test_any_settings_are_read_or_refused(said):
    """No text and no value of TOML raises anything but an error that can be mended."""
    try:
        text = said if isinstance(said, str) else tomlkit.dumps(said)
    except Exception:  # noqa: BLE001 - TOML has no word for it
        return
    try:
        parse_settings(text)
    except CalltrackError as error:
        assert str(error)  # noqa: PT017 - raising is one of two right answers


KNOWN = {
    kind: reporting.Parameter("x", kind, None)
    for kind in ("str", "int", "float", "bool", "list[str]", "list[int]", "list[float]", "dict")
}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(KNOWN)), VALUES)
def test_any_parameter_fits_or_is_refused(kind, value):
    """A value of any type is a parameter's, or refused by name."""
    try:
        reporting.check_parameters("own", {"x": KNOWN[kind]}, {"x": value})
    except CalltrackError as error:
        assert "x" in str(error)  # noqa: PT017


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(0, 10**9))
def test_any_notebook_is_read_or_refused(value, seed):
    """Any JSON in place of a notebook, or of a part of one, is refused by name or read."""
    changed = mutations.mutated_value(random.Random(seed), notebook("1 + 1"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.ipynb"
        for one in (value, changed):
            path.write_text(json.dumps(one), encoding="utf-8")
            try:
                reporting.inspect(path)
            except CalltrackError as error:
                assert str(error)  # noqa: PT017


@settings(max_examples=150, deadline=None)
@given(VALUES | st.fixed_dictionaries({"calls": VALUES, "next_page": VALUES}))
def test_any_answer_is_a_page_or_refused(found):
    """Whatever JSON an API answers, it is a page of records or an error of the provider's."""
    try:
        page = page_of(found, "calls", "next_page")
    except SyncError as error:
        assert str(error)  # noqa: PT017
        return
    assert all(isinstance(record, dict) for record in page.records)
