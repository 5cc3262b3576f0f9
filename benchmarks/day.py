"""A day in the life of a workspace: work every hour, beside a reader, while the clock is stepped.

``python -m benchmarks day`` lets 25 hours pass in minutes: the Sunday on which the clocks of
New York go back, into the Monday on which last week is another one. Every hour an export of the
hour is put into the workspace, two batches start at once, each of which imports it and makes a
report of last week, and the numbers of both pages are compared with what was exported. Twice the
clock is wrong and is set right, once over midnight. All the time a third process reads tables,
joins and pinned states. Counted are errors, figures on pages that are not what had been exported,
pages of another week than the last one, states that a reader saw half, and what is left behind.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import signal
import tempfile
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
from bs4 import BeautifulSoup

from benchmarks.faults import HEADER, in_fork
from calltrack_nb import Workspace, clock, reporting
from calltrack_nb.workspace import pipeline
from calltrack_nb.workspace.init import init_workspace

ZONE = ZoneInfo("America/New_York")
BEGIN = dt.datetime(2026, 11, 1, tzinfo=ZONE).astimezone(dt.UTC)  # at two the clocks go back
HOURS = 26
#: In which hour by how much the clock is wrong, until it is set right.
WRONG = {7: dt.timedelta(hours=3), 25: dt.timedelta(minutes=-40)}
EVERY = dt.timedelta(minutes=10)
SHOWN = """
from calltrack_nb import open_workspace
from calltrack_nb.workspace import Workspace
ws = open_workspace(workspace)
calls = ws.calls(period)
total = ws.sql("select count(*) as n from calls")["n"].iloc[0]
print(f"period {period} calls {len(calls)} of {total} in {ws.rows('imports')}")
"""
KINDS = ("hours", "reports", "reads", "errors", "wrong figures", "wrong weeks", "half states")


def _rows(first: dt.datetime, hour: int) -> list[str]:
    """Return the calls of an hour, its moments on the clock of New York."""
    begin = first + dt.timedelta(hours=hour)
    each = [begin + EVERY * n for n in range(int(dt.timedelta(hours=1) / EVERY))]
    return [
        f"Answered Call,{moment.astimezone(ZONE).isoformat()},60,+1404555{n:02}{hour:02},"
        f"+12125550111,Google Ads,hour {hour}"
        for n, moment in enumerate(each)
    ]


def _write_hour(shop: Workspace, hour: int) -> None:
    # last week's too, so that its figure moves every hour
    late = _rows(BEGIN - dt.timedelta(days=4), hour)
    text = "\n".join([*late, *_rows(BEGIN, hour)])
    draft = shop.folder / "hour.csv"
    draft.write_text(f"{HEADER}{text}\n")
    draft.replace(shop.raw / f"hour-{hour:02}.csv")


def _batch(shop: Path, notebook: Path, out: Path, now: dt.datetime) -> None:
    """Do what a crontab does every hour, at a moment that the clock says."""
    clock.now = lambda: now
    workspace = Workspace(shop)
    with workspace.lock(120.0):
        step = pipeline.import_logs(workspace)
    if step.problems:
        raise RuntimeError(step.problems)
    jobs = reporting.prepare(workspace, [notebook], {"period": "last-week"})
    for run in reporting.run_reports(workspace, jobs, out):
        if run.error:
            raise RuntimeError(run.error)


def _read_on(shop: Path, until: Path, told: Path) -> None:
    """Read until a file is there; tell how often, and what of it was no whole state."""
    seen: Counter[str] = Counter()
    workspace = Workspace(shop)
    latest = 0
    while not until.exists():
        seen["reads"] += 3
        try:
            rows = len(workspace.table("calls"))
            found = workspace.sql("select (select count(*) from calls), count(*) from imports")
            calls, imports = (int(count) for count in found.iloc[0])
            with workspace.pinned() as held:
                pinned, files = len(held.table("calls")), len(held.table("imports"))
        except Exception as error:  # noqa: BLE001 - any of them is one
            seen[f"errors: {error}"] += 1
            continue
        # an hour's rows come all at once, and none of them goes again
        whole = calls == 12 * imports and pinned == 12 * files and rows % 12 == 0
        seen["half states"] += not whole or rows < latest or calls < rows or pinned < calls
        latest = pinned
    told.write_text(json.dumps(seen))


def _page(out: Path) -> tuple[str, int, int, int]:
    """Read the latest page: its week, its calls, all calls, and the imports."""
    page = max(out.glob("*.html"), key=lambda path: path.stat().st_mtime_ns)
    text = BeautifulSoup(page.read_text(), "html.parser").get_text(" ")
    found = re.search(r"period (\S+) calls (\d+) of (\d+) in (\d+)", text)
    if found is None:
        return "", 0, 0, 0
    return found[1], int(found[2]), int(found[3]), int(found[4])


def _last_week(now: dt.datetime) -> str:
    today = now.astimezone(ZONE).date()
    first = today - dt.timedelta(days=today.weekday() + 7)
    return f"{first}..{first + dt.timedelta(days=6)}"


def _made(week: str, hours: int) -> int:
    """Count the calls of a week that had been exported, straight from how they are made."""
    first, last = map(dt.date.fromisoformat, week.split(".."))
    found = 0
    for hour in range(hours):
        for row in (*_rows(BEGIN - dt.timedelta(days=4), hour), *_rows(BEGIN, hour)):
            day = dt.datetime.fromisoformat(row.split(",")[1]).date()
            found += first <= day <= last
    return found


def main(argv: list[str]) -> None:
    """Print what a day shows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks day", description=__doc__)
    parser.add_argument("--hours", type=int, default=HOURS, help="so many of them")
    asked = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop = init_workspace(folder / "shop")
        cell = nbformat.v4.new_code_cell(
            'workspace: str = ""\nperiod: str = "all"\nshare_safe: bool = False',
            metadata={"tags": ["parameters"]},
        )
        notebook = folder / "week.ipynb"
        cells = [cell, nbformat.v4.new_code_cell(SHOWN)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
        until, told = folder / "over", folder / "told.json"
        reader = os.fork()
        if not reader:
            try:
                _read_on(shop.folder, until, told)
            finally:
                os._exit(0)
        try:
            for hour in range(asked.hours):
                _hour(shop, notebook, folder, hour, counts)
        except BaseException:
            os.kill(reader, signal.SIGKILL)
            raise
        until.touch()
        os.waitpid(reader, 0)
        for what, count in json.loads(told.read_text()).items():
            if what.startswith("errors"):
                print(f"reader, {what} ({count} times)")
            counts[what.split(":")[0]] += count
        with shop.lock():
            left = [*shop.state.glob("calltrack-run-*"), *shop.state.glob("next-*")]
    print("".join(f"{kind:>15}" for kind in (*KINDS, "left behind")))
    print("".join(f"{counts[kind]:15,}" for kind in KINDS) + f"{len(left):15}")
    figures = {kind.replace(" ", "_"): counts[kind] for kind in KINDS}
    print(json.dumps({**figures, "left_behind": len(left)}))


def _hour(shop: Workspace, notebook: Path, folder: Path, hour: int, counts: Counter[str]) -> None:
    now = BEGIN + dt.timedelta(hours=hour + 1) + WRONG.get(hour, dt.timedelta())
    _write_hour(shop, hour)
    outs = [folder / "one", folder / "other"]
    children = {}
    for out in outs:  # two batches at once
        child = os.fork()
        if not child:
            said = in_fork(lambda out=out: _batch(shop.folder, notebook, out, now))
            (out.parent / f"{out.name}.said").write_text(said)
            os._exit(0)
        children[child] = out
    for child, out in children.items():
        os.waitpid(child, 0)
        counts["reports"] += 1
        said = (out.parent / f"{out.name}.said").read_text()
        if said != "done":
            counts["errors"] += 1
            print(f"hour {hour}: {said[-500:]}", flush=True)
            continue
        week, calls, total, imports = _page(out)
        expected = _made(_last_week(now), hour + 1)
        counts["wrong weeks"] += week != _last_week(now)
        wrong = (calls, total, imports) != (expected, 12 * (hour + 1), hour + 1)
        counts["wrong figures"] += wrong
        if wrong or week != _last_week(now):
            print(f"hour {hour}: {week} {calls} of {total}, {imports}; {expected}", flush=True)
    counts["hours"] += 1
