"""A year of monthly reports for five campaigns, beside plain papermill and nbconvert.

``python -m benchmarks batch`` simulates a shop's year, makes sixty reports, makes them again,
and again after one call was added to the last month. Plain papermill and nbconvert make the
same sixty in the same run, as many at a time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

from calltrack_nb import init_workspace, reporting
from calltrack_nb.reporting.running import PARALLEL
from calltrack_nb.workspace import Workspace
from tools.simulator.shop import ShopSpec, simulate_shop

CAMPAIGNS = 5
TABLES = ("calls", "leads", "spend", "numbers", "visits", "outcomes", "tweaks", "regimes")


@dataclass(frozen=True)
class Cost:
    """What a piece of work took: on the clock, and of all processors."""

    wall_s: float
    processor_s: float


def main(argv: list[str]) -> None:
    """Print what a batch costs, the first time and the next."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks batch", description=__doc__)
    parser.add_argument("--runs", type=int, default=60, help="so many of the sixty")
    parser.add_argument("--report", default="campaign_effectiveness", help="one that ships")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = year(folder / "shop")
        busiest = workspace.calls()["campaign"].value_counts().index[:CAMPAIGNS]
        jobs = reporting.prepare_each(workspace, [asked.report], {}, ("month", "campaign"))
        jobs = tuple(job for job in jobs if job.parameters["campaign"] in set(busiest))
        jobs = jobs[: asked.runs]
        out = folder / "ours"
        made: list[list[reporting.ReportRun]] = []

        def ours() -> None:
            made.append(reporting.run_reports(Workspace(workspace.folder), jobs, out, force=False))

        costs = {
            "ours, pages checked": timed(ours),
            "ours again, unchanged": timed(ours),
        }
        add_a_call(workspace)
        costs["ours, one month changed"] = timed(ours)
        costs["plain papermill + nbconvert"] = timed(lambda: plain(jobs, folder / "plain"))
    failed = [run.text for runs in made for run in runs if run.error]
    again = [sum(run.unchanged_since is None for run in runs) for runs in made]
    print(f"{len(jobs)} runs of {asked.report}\n{'':30}{'seconds':>9}{'processor s':>13}{'run':>6}")
    for (label, cost), ran in zip(costs.items(), [*again, len(jobs)], strict=True):
        print(f"{label:30}{cost.wall_s:9.1f}{cost.processor_s:13.1f}{ran:6}")
    print("One month changed: reports of other months are kept unless they read the call.")
    for line in failed:
        print(line)
    first, second, changed, theirs = costs.values()
    figures = {
        "runs": len(jobs),
        "seconds": first.wall_s,
        "processor_seconds": first.processor_s,
        "plain_seconds": theirs.wall_s,
        "plain_processor_seconds": theirs.processor_s,
        "ratio": theirs.wall_s / first.wall_s,
        "processor_ratio": theirs.processor_s / first.processor_s,
        "second_run_seconds": second.wall_s,
        "second_run_made": again[1],
        "changed_month_seconds": changed.wall_s,
        "changed_month_made": again[2],
    }
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}))
    if failed:
        raise SystemExit(1)


def year(folder: Path) -> Workspace:
    """Make a workspace of a simulated shop's year, to the end of September 2026."""
    shop = simulate_shop(ShopSpec(first=dt.date(2025, 10, 1), faults=False))
    workspace = init_workspace(folder)
    for name in TABLES:
        workspace.write_table(name, getattr(shop, name))
    return Workspace(folder)


def add_a_call(workspace: Workspace) -> None:
    """Add a call to the last month, as a late export does."""
    month = workspace.parts("calls")[-1].stem
    calls = workspace.read_month("calls", month)
    late = calls.tail(1)
    late = late.assign(call_id="callrail:late", caller_number="+12125550143")
    workspace.write_month(
        "calls", month, type(calls)([*calls.to_dict("records"), *late.to_dict("records")])
    )


def plain(jobs: Sequence[reporting.Job], out: Path) -> None:
    """Make the same reports with papermill and nbconvert, as many at a time."""
    out.mkdir()

    def one(number: int) -> None:
        ran = out / f"{number}.ipynb"
        papermill.execute_notebook(
            str(jobs[number].notebook),
            str(ran),
            parameters=dict(jobs[number].parameters),
            kernel_name="python3",
            progress_bar=False,
        )
        page, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbformat.read(ran, 4))
        (out / f"{number}.html").write_text(page)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, PARALLEL)) as threads:
        list(threads.map(one, range(len(jobs))))


def timed(work: Callable[[], None]) -> Cost:
    """Do a piece of work; its kernels, which have ended by then, count."""
    started, before = time.perf_counter(), _processor_s()
    work()
    return Cost(time.perf_counter() - started, _processor_s() - before)


def _processor_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
