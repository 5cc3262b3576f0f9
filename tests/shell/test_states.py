"""Tables that change together: readers in other processes find all of a change, or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from calltrack_nb import Workspace
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace import forgetting
from tests.reporting.conftest import notebook_with

STATES = """
import sys
from decimal import Decimal
from pathlib import Path
import pandas as pd
from calltrack_nb import Workspace, schema

MONTHS = {"a": range(1, 9), "b": range(5, 13)}

def write(shop, state):
    starts = [f"2026-{month:02}-10T12:00Z" for month in MONTHS[state] for _ in range(3)]
    rows = pd.DataFrame({
        "account": "main", "call_id": [f"x:{n}" for n in range(len(starts))], "provider": "x",
        "started_at": pd.to_datetime(starts, utc=True), "direction": "inbound",
        "duration_s": 30.0, "lead_status": "unknown", "caller_name": state,
    })
    spend = pd.DataFrame({
        "account": "main", "date": ["2026-08-01"], "days": 1, "channel": "google_ads",
        "campaign": state, "cost": Decimal(1), "currency": "USD",
    })
    with shop.changing():
        shop.write_table("calls", schema.conform(rows, "calls"))
        shop.write_table("spend", schema.conform(spend, "spend"))

shop = Workspace(Path(sys.argv[1]))
"""
IMPORTER = f"""{STATES}
import itertools, time
from calltrack_nb.workspace import states

move = states._move

def slowly(draft, path):  # as where a disk is slow, so that readers come in between
    time.sleep(0.01)
    move(draft, path)

states._move = slowly
for state in itertools.cycle("ab"):
    with shop.lock(30):
        write(shop, state)
    print(state, flush=True)
"""
READER = f"""{STATES}
import collections, json, time
QUERY = '''
    select string_agg(distinct caller_name) as calls, count(*) as n,
        (select any_value(campaign) from spend) as spend from calls
'''
seen = collections.Counter()
def note(how, calls, n, spend):
    whole = calls == spend and n == 24
    seen[f"{{how}} {{calls if whole else f'half {{calls}} {{n}} {{spend}}'}}"] += 1

begun = time.monotonic()
# on a busy machine the other process takes its time to change anything
while (past := time.monotonic() - begun) < float(sys.argv[2]) or (len(seen) < 6 and past < 30):
    calls = shop.table("calls")
    (name,) = calls["caller_name"].unique()
    note("table", name, len(calls), name)
    found = shop.sql(QUERY).iloc[0]
    note("sql", found["calls"], found["n"], found["spend"])
    with shop.pinned() as held:
        calls = held.table("calls")
        time.sleep(0.05)  # while others change
        spend = held.table("spend")["campaign"].iloc[0]
        note("pinned", ",".join(calls["caller_name"].unique()), len(calls), spend)
print(json.dumps(seen))
"""


@contextmanager
def running(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run code in a process of its own, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def write_state(shop: Workspace, state: str) -> None:
    """Write one of both states."""
    subprocess.run(
        [sys.executable, "-c", f"{STATES}\nwrite(shop, sys.argv[2])", str(shop.folder), state],
        check=True,
    )


def state_of(shop: Workspace) -> str:
    """Tell which of both states all of a workspace's tables are of."""
    calls, spend = shop.table("calls"), shop.table("spend")
    said = {*calls["caller_name"], *spend["campaign"]}
    assert len(said) == 1, said
    assert len(calls) == 24
    return str(said.pop())


def files_of(shop: Workspace) -> set[str]:
    """Name the files of a workspace's tables, and what lies beside its state."""
    places = [*shop.tables.rglob("*"), *shop.state.glob("*-*")]
    return {path.relative_to(shop.folder).as_posix() for path in places if not path.is_dir()}


@pytest.mark.slow
def test_readers_beside_an_importer_read_one_state_or_the_other(workspace: Workspace) -> None:
    """Two processes read while a third exchanges months and costs all the time: 0 errors."""
    write_state(workspace, "a")
    with running(IMPORTER, workspace.folder) as importer:
        with (
            running(READER, workspace.folder, 4) as one,
            running(READER, workspace.folder, 4) as two,
        ):
            told = [process.communicate(timeout=90) for process in (one, two)]
        assert importer.poll() is None, importer.communicate()
    for out, err in told:
        assert not err
        seen = json.loads(out)
        ways = {f"{how} {state}" for how in ("table", "sql", "pinned") for state in "ab"}
        assert set(seen) == ways, seen


@pytest.mark.slow
def test_a_change_killed_at_any_step_is_made_or_not(workspace: Workspace) -> None:
    """Wherever the writer is killed, readers find a whole state, and the next lock tidies up."""
    write_state(workspace, "a")
    before = files_of(workspace)
    write_state(workspace, "b")
    after = files_of(workspace)
    killed = """
import os
steps = 0
def count(event, arguments):
    global steps
    if event in ("os.rename", "os.remove", "os.link", "os.mkdir", "shutil.rmtree"):
        steps += 1
        if steps == last:
            os._exit(9)
for line in sys.stdin:  # each in a process of its own, which need not import everything again
    last = int(line)
    child = os.fork()
    if not child:
        sys.addaudithook(count)
        write(shop, "a")
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
    found, made = [], workspace.folder.with_name("made")
    shutil.copytree(workspace.folder, made)
    with subprocess.Popen(
        [sys.executable, "-c", STATES + killed, str(workspace.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for step in range(1, 100):
            shutil.rmtree(workspace.folder)
            shutil.copytree(made, workspace.folder)
            print(step, file=writer.stdin, flush=True)
            ended = int(writer.stdout.readline())
            found.append(state_of(workspace))
            with workspace.lock():
                assert state_of(workspace) == found[-1]
            assert files_of(workspace) == (before if found[-1] == "a" else after)
            if ended == 0:
                break
        else:
            pytest.fail("never done")
        writer.stdin.close()
    assert found == sorted(found, reverse=True)
    assert found.count("a") > 5  # of them many that were killed with files on their way
    assert found.count("b") > 5


def test_an_error_within_a_change_leaves_the_tables_as_they_were(workspace: Workspace) -> None:
    """What was written before the error is gone, and so are its files."""
    write_state(workspace, "a")
    before = files_of(workspace)
    calls = workspace.table("calls")

    def half() -> None:
        with workspace.changing():
            workspace.write_table("calls", calls.assign(caller_name="half"))
            assert set(workspace.table("calls")["caller_name"]) == {"half"}
            assert set(workspace.sql("select caller_name from calls")["caller_name"]) == {"half"}
            assert set(Workspace(workspace.folder).table("calls")["caller_name"]) == {"a"}
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert state_of(workspace) == "a"
    assert files_of(workspace) == before


def test_parquet_is_read_by_others_while_a_change_is_written(workspace: Workspace) -> None:
    """What is not made yet lies where no reader of the folder looks."""
    write_state(workspace, "a")
    with workspace.changing():
        workspace.write_table("calls", workspace.table("calls").head(1))
        found = duckdb.sql(f"select count(*) from '{workspace.tables}/**/*.parquet'").fetchall()
    assert found == [(25,)]


@pytest.mark.parametrize(
    "said",
    [
        "{",
        '{"mark": "0123456789abcdef", "coming": ["../../x.parquet"], "going": []}',
        '{"mark": "0123456789abcdef", "coming": [], "going": ["../raw/x.parquet"]}',
        '{"mark": "../../../../etc", "coming": ["calls/2026-08.parquet"], "going": []}',
    ],
)
def test_a_change_that_somebody_else_wrote_down_is_refused(workspace: Workspace, said: str) -> None:
    """A workspace that was sent by somebody moves and removes nothing outside its tables."""
    workspace.state.mkdir(exist_ok=True)
    (workspace.state / "tables.json").write_text(said)
    with pytest.raises(WorkspaceError, match=r"tables\.json"):
        workspace.table("calls")


def test_a_pinned_state_goes_with_its_reader(workspace: Workspace) -> None:
    """Nothing is left of a pin, and one of a killed reader is removed by the next lock."""
    write_state(workspace, "a")
    with workspace.pinned() as held:
        write_state(workspace, "b")
        assert state_of(held) == "a"
        assert state_of(held.of_account("main")) == "a"
    assert state_of(workspace) == "b"
    assert not list(workspace.state.glob("calltrack-run-*"))
    dead = f"{STATES}\nimport os\nwith shop.pinned():\n    os._exit(9)"
    subprocess.run([sys.executable, "-c", dead, str(workspace.folder)], check=False)
    assert list(workspace.state.glob("calltrack-run-*"))
    with workspace.lock():
        assert not list(workspace.state.glob("calltrack-run-*"))


def test_what_reads_several_tables_reads_them_of_one_state(workspace: Workspace) -> None:
    """Where they change between two of them both are read again, or pinned where they always do."""
    write_state(workspace, "a")
    a = workspace.table("calls"), workspace.table("spend")
    write_state(workspace, "b")
    b = workspace.table("calls"), workspace.table("spend")

    def read_beside(changes: int) -> tuple[str, str]:
        coming = [(a, b)[n % 2] for n in range(changes)]

        def read(held: Workspace) -> tuple[str, str]:
            first = held.table("calls")["caller_name"].iloc[0]
            if coming:
                with workspace.changing():
                    for name, rows in zip(("calls", "spend"), coming.pop(0), strict=True):
                        workspace.write_table(name, rows)
            return first, held.table("spend")["campaign"].iloc[0]

        return workspace.whole(read)

    assert read_beside(1) == ("a", "a")
    assert read_beside(100) in (("a", "a"), ("b", "b"))


def test_a_query_whose_files_go_meanwhile_is_asked_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month that is gone by the time the query comes to it is no error."""
    write_state(workspace, "a")
    parts = Workspace.parts
    changes = ["b"]

    def stale(self: Workspace, name: str) -> tuple[Path, ...]:
        found = parts(self, name)
        if name == "calls" and changes:
            write_state(workspace, changes.pop())
        return found

    monkeypatch.setattr(Workspace, "parts", stale)
    found = workspace.sql("select distinct caller_name as state from calls")
    assert found["state"].tolist() == ["b"]


SLOW = """
import time
from pathlib import Path
import calltrack_nb
ws = calltrack_nb.open(workspace)
first = sorted(set(ws.table("calls")["caller_name"]))
(Path(ws.folder) / "begun").touch()
while not (Path(ws.folder) / "go").exists():
    time.sleep(0.05)
second = sorted(set(calltrack_nb.open(workspace).table("spend")["campaign"]))
print("read", first, second)
"""


@contextmanager
def a_report_midway(shop: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Run a report in a process of its own, up to its middle; the block's end lets it go on."""
    parameters = 'workspace: str = ""\nperiod: str = "all"\nshare_safe: bool = False'
    notebook = notebook_with(shop.folder.parent, SLOW, parameters=parameters)
    code = (
        f"{STATES}\nfrom calltrack_nb import reporting\n"
        "run = reporting.run_report(shop, Path(sys.argv[2]))\nprint(run.error or run.html)"
    )
    with running(code, shop.folder, notebook) as report:
        until = time.monotonic() + 60
        while not (shop.folder / "begun").exists():
            assert time.monotonic() < until, "the report never began"
            assert report.poll() is None, report.communicate()
            time.sleep(0.05)
        yield report


def test_a_report_reads_one_state_whatever_is_imported_meanwhile(workspace: Workspace) -> None:
    """Its calls and its costs are of the moment it began, though both changed in between."""
    write_state(workspace, "a")
    with a_report_midway(workspace) as report:
        write_state(workspace, "b")
        (workspace.folder / "go").touch()
        out, err = report.communicate(timeout=90)
    page = Path(out.strip())
    assert page.is_file(), (out, err)
    assert "read ['a'] ['a']" in page.read_text().replace("&#39;", "'")
    assert state_of(workspace) == "b"


def test_a_report_does_not_outlive_who_is_forgotten(workspace: Workspace) -> None:
    """A caller forgotten while a report is made is in no page, and in no pinned table."""
    write_state(workspace, "a")
    with a_report_midway(workspace) as report:
        with workspace.lock():
            forgetting.forget(workspace, "+14045550103")
        assert not list(workspace.state.glob("calltrack-run-*"))
        (workspace.folder / "go").touch()
        out, _ = report.communicate(timeout=90)
    assert "A caller was removed while the report was made" in out
    assert not [*workspace.reports.rglob("*.html"), *workspace.reports.rglob("*.ipynb")]
