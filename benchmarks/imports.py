"""Import a large export into a workspace, beside reading it as plain text.

``python -m benchmarks import --rows 1000000`` writes a CallRail-style export, imports
it into a new workspace, and reads the same file with ``pandas.read_csv(dtype=str)``,
which parses no number, zone or telephone number at all. The same calls under names that
no system has are imported beside it by the reader for unknown systems. Each runs in a
process of its own, so that its peak memory is its own.

A busier business would have longer months; here the number of calls a day stays the
same and the log grows longer, as it does in life.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

CALLS_A_DAY = 1_500
FIRST_DAY = "2015-01-01"
CHUNK = 100_000

SOURCES = (
    ("Google Ads", "cpc", "Spring search"),
    ("Google Organic", "organic", ""),
    ("Instagram", "social", "Bio link"),
    ("Newsletter", "email", "Monthly"),
    ("Flyer", "offline", "Summer flyer"),
    ("Direct", "direct", ""),
)


# The same columns as an office might name them.
OFFICE = {
    "Call Status": "Result",
    "Number Name": "Which line",
    "Tracking Number": "Number dialled",
    "Start Time": "When",
    "Duration (seconds)": "Length (s)",
    "Name": "Who rang",
    "Phone Number": "Their number",
    "City": "Town",
    "Recording Url": "Audio",
    "First-Time Caller": "New caller",
    "Qualified": "Good lead",
    "Value": "Sale amount",
}


def rename_columns(path: Path, to: Path) -> None:
    """Write the export again under the names of :data:`OFFICE`."""
    with path.open(encoding="utf-8") as export, to.open("w", encoding="utf-8") as office:
        names = export.readline().strip().split(",")
        office.write(",".join(OFFICE.get(name, name) for name in names) + "\n")
        shutil.copyfileobj(export, office)


def write_export(path: Path, rows: int, seed: int = 0) -> None:
    """Write a CallRail-style export with as many different callers as half its rows."""
    rng = np.random.default_rng(seed)
    seconds = 86_400 / CALLS_A_DAY
    for start in range(0, rows, CHUNK):
        n = min(CHUNK, rows - start)
        at = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(
            np.sort(rng.integers(0, int(seconds * n), n)) + int(start * seconds), unit="s"
        )
        channel = rng.integers(0, len(SOURCES), n)
        source, medium, campaign = (
            np.array(column)[channel] for column in zip(*SOURCES, strict=True)
        )
        caller = rng.integers(2_000_000, 2_000_000 + max(rows // 2, 1), n)
        duration = rng.gamma(1.2, 90, n).astype(int)
        answered = rng.random(n) < 0.8
        frame = pd.DataFrame(
            {
                "Call Status": np.where(answered, "Answered Call", "Missed Call"),
                "Number Name": source,
                "Tracking Number": [f"(212) 555-01{10 + i}" for i in channel],
                "Source": source,
                "Start Time": at.strftime("%Y-%m-%d %H:%M:%S"),
                "Duration (seconds)": duration,
                "Name": np.array(["Ann Low", "Ben Ray", "Cy Day", ""])[rng.integers(0, 4, n)],
                "Phone Number": [
                    f"({200 + c % 700}) {c // 10000:03d}-{c % 10000:04d}" for c in caller
                ],
                "City": np.array(["Brooklyn", "Queens", "Hoboken"])[rng.integers(0, 3, n)],
                "State": np.array(["NY", "NJ"])[rng.integers(0, 2, n)],
                "Medium": medium,
                "Campaign": campaign,
                "Landing Page": "https://shop.example/cakes",
                "Tags": np.array(["Sale", "", "Sale, Wedding"])[rng.integers(0, 3, n)],
                "Qualified": np.array(["Qualified Lead", "", "Not a Lead"])[rng.integers(0, 3, n)],
                "Recording Url": [f"https://recordings.example/{start + i}.mp3" for i in range(n)],
                "First-Time Caller": np.array(["Yes", "No"])[rng.integers(0, 2, n)],
                "Value": np.where(rng.random(n) < 0.1, "125.50", ""),
            }
        )
        frame.to_csv(path, mode="a", index=False, header=start == 0)


def import_export(path: Path, folder: Path) -> dict[str, object]:
    """Import the export into a new workspace, timed."""
    from calltrack_nb import init_workspace
    from calltrack_nb.workspace import importing

    workspace = init_workspace(folder)
    start = time.perf_counter()
    report = importing.import_files(workspace, [path])
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "kept": report.files[0].rows_kept, "peak_mb": _peak_mb()}


def read_plain(path: Path, _: Path) -> dict[str, object]:
    """Read the export as text and nothing more, timed."""
    start = time.perf_counter()
    frame = pd.read_csv(path, dtype=str)
    return {"seconds": time.perf_counter() - start, "kept": len(frame), "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(
    work: Callable[[Path, Path], dict[str, object]], path: Path, folder: Path
) -> dict[str, object]:
    """Run a piece of work in a fresh process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(work, path, folder).result()


def main(argv: list[str]) -> None:
    """Print what importing costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks import", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="calls in the export")
    rows = parser.parse_args(argv).rows
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "calls.csv"
        write_export(path, rows)
        size = path.stat().st_size / 2**20
        plain = apart(read_plain, path, Path(name))
        ours = apart(import_export, path, Path(name) / "shop")
        office = Path(name) / "office.csv"
        rename_columns(path, office)
        unknown = apart(import_export, office, Path(name) / "office")
    seconds, plain_seconds = float(str(ours["seconds"])), float(str(plain["seconds"]))
    print(f"{rows:,} rows, {size:,.0f} MB of CSV\n")
    print(f"{'':24}{'seconds':>10}{'rows/s':>12}{'peak MB':>10}{'rows':>12}")
    for label, found in (
        ("read_csv(dtype=str)", plain),
        ("import", ours),
        ("import, unknown system", unknown),
    ):
        took = float(str(found["seconds"]))
        print(
            f"{label:24}{took:10.2f}{rows / took:12,.0f}{float(str(found['peak_mb'])):10.0f}"
            f"{found['kept']:12,}"
        )
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": round(seconds, 3),
                "rows_per_s": round(rows / seconds),
                "read_csv_seconds": round(plain_seconds, 3),
                "ratio_to_read_csv": round(seconds / plain_seconds, 2),
                "peak_mb": round(float(str(ours["peak_mb"]))),
                "unknown_ratio": round(float(str(unknown["seconds"])) / plain_seconds, 2),
                "unknown_peak_mb": round(float(str(unknown["peak_mb"]))),
            }
        )
    )
