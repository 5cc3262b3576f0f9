"""How long the shipped reports take: all at once, beside plain papermill, and again."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import papermill

from calltrack_nb import reporting
from calltrack_nb.workspace import open_workspace


def main(argv: list[str]) -> None:
    """Time the reports of a workspace that is up to date."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks reports", description=__doc__)
    parser.add_argument("--workspace", type=Path, help="the sample by default, brought up to date")
    parser.add_argument("--period", default="all")
    asked = parser.parse_args(argv)
    workspace = open_workspace(asked.workspace)
    if workspace.table("calls").empty:
        from calltrack_nb.workspace import pipeline

        pipeline.bring_up_to_date(workspace)
    names = reporting.report_names()
    jobs = reporting.prepare(workspace, names, {"period": asked.period})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        failed: list[str] = []

        def ours() -> None:
            runs = reporting.run_reports(workspace, jobs, folder / "ours")
            failed.extend(run.text for run in runs if run.error)

        def plain() -> None:
            for job in jobs:
                papermill.execute_notebook(
                    str(job.notebook),
                    str(folder / f"{job.name}.ipynb"),
                    parameters=dict(job.parameters),
                    kernel_name="python3",
                    progress_bar=False,
                )

        figures = {
            "runs": len(jobs),
            "seconds": _timed(ours),
            "plain_seconds": _timed(plain),
            "second_run_seconds": _timed(ours),
            "megabytes": sum(path.stat().st_size for path in (folder / "ours").glob("*.html"))
            / 1e6,
        }
    print(f"{'':24}seconds")
    print(f"{'ours, HTML included':24}{figures['seconds']:7.1f}")
    print(f"{'ours, again':24}{figures['second_run_seconds']:7.1f}")
    print(f"{'plain papermill, no HTML':24}{figures['plain_seconds']:7.1f}")
    for line in failed:
        print(line)
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}))
    if failed:
        raise SystemExit(1)


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
