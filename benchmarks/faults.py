"""Kill the product's work at random instants, do it again, and compare with a run left alone.

``python -m benchmarks faults`` makes small workspaces and kills, in each, one piece of work:
import, sync, transcribe, analyze, report, forget, correct, rename or audit's accept. Half of the
kills come at a random instant, half at a random step at which a file is opened, renamed or
removed, since that is where something may be half done. Then the same is done again, as a person
would, and the workspace is compared with one in which nothing was killed:

- **lost**: rows, transcripts or settings that are not there;
- **doubled**: rows that are there once too often, or differ;
- **stuck**: the second run fails, or does not end;
- **left behind**: files that the run left alone does not leave; of a caller who was forgotten,
  any trace.

Work runs in forks of this process, so that a kill costs a fraction of a second.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
import pyarrow.parquet as pq

from calltrack_nb import reporting
from calltrack_nb.providers import clients
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.workspace import Workspace, forgetting, importing, pipeline, sync
from calltrack_nb.workspace.auditing import accept_findings, audit_workspace
from calltrack_nb.workspace.corrections import correct_transcripts, export_transcripts
from calltrack_nb.workspace.init import init_workspace
from calltrack_nb.workspace.theme_names import rename_theme
from tools.trial_shop import listen_quickly, transcripts

NUMBER = "+14045550103"
SPELLED = ("4045550103", "(404) 555-0103", "404-555-0103")
SAID = f"My number is {SPELLED[0]}."
MUTATING = ("os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate", "shutil.rmtree")
LONGEST_S = 120.0
KINDS = ("trials", "killed", "lost", "doubled", "stuck", "left behind")
HEADER = "Call Status,Start Time,Duration (seconds),Phone Number,Tracking Number,Source,Name\n"


@dataclass(frozen=True)
class Work:
    """One kind of work: what is there before it, how it is done, and how it is done again."""

    before: str
    do: Callable[[Workspace], object]
    again: Callable[[Workspace], object] | None = None


def _locked(work: Callable[[Workspace], object]) -> Callable[[Workspace], object]:
    def done(workspace: Workspace) -> None:
        with workspace.lock(60.0):
            work(workspace)

    return done


def _import(workspace: Workspace) -> None:
    importing.import_files(workspace, pipeline.exports_in(workspace))


def _sync(workspace: Workspace) -> None:
    base = (workspace.folder / "vendor").read_text()
    client = clients.CallRailClient("ACC1", "a-long-key", f"{base}/v3")
    first, last = dt.date(2026, 7, 1), dt.date(2026, 7, 31)
    done = sync.sync(workspace, "callrail", first, until=last, client=client, recordings=False)
    if done.problems:
        raise RuntimeError(done.problems)


def _transcribe(workspace: Workspace) -> None:
    pipeline.transcribe_calls(workspace, engine=FakeTranscriber())


def _report(workspace: Workspace) -> None:
    run = reporting.run_report(workspace, workspace.folder / ".." / "tiny.ipynb")
    if run.error:
        raise RuntimeError(run.error)


def _forget(workspace: Workspace) -> None:
    forgetting.forget(workspace, NUMBER)


def _forget_again(workspace: Workspace) -> None:
    if not forgetting.finish(workspace):
        forgetting.forget(workspace, NUMBER)


def _correct(workspace: Workspace) -> None:
    correct_transcripts(workspace, workspace.folder / "corrected.csv")
    pipeline.listen_to_calls(workspace)


def _rename(workspace: Workspace) -> None:
    rename_theme(workspace, workspace.table("themes")["theme_id"].iloc[0], "Cakes of weddings")
    pipeline.listen_to_calls(workspace)


def _accept(workspace: Workspace) -> None:
    key = (workspace.folder / "finding").read_text()
    if key in set(audit_workspace(workspace).findings["key"]):
        accept_findings(workspace, [key], reason="known", on=dt.date(2026, 8, 9))


WORKS: Mapping[str, Work] = {
    "import": Work("raw", _locked(_import)),
    "sync": Work("raw", _locked(_sync)),
    "transcribe": Work("imported", _locked(_transcribe)),
    "analyze": Work("transcribed", _locked(pipeline.listen_to_calls)),
    "report": Work("read", _report),
    "forget": Work("read", _locked(_forget), _locked(_forget_again)),
    "correct": Work("read", _locked(_correct)),
    "rename": Work("read", _locked(_rename)),
    "accept": Work("read", _locked(_accept)),
}


# -- workspaces ---------------------------------------------------------------------------


def write_raw(workspace: Workspace, base: str) -> None:
    """Write exports of two systems, transcripts beside them, and where the vendor is."""
    rows = [
        f"Answered Call,2026-0{7 + n % 2}-{1 + n:02} 10:00:00,{40 + n},(404) 555-01{n % 7:02},"
        f"(212) 555-0111,Google Ads,Ann {n}"
        for n in range(16)
    ]
    (workspace.raw / "calls.csv").write_text(HEADER + "\n".join(rows) + "\n")
    (workspace.raw / "again.csv").write_text(HEADER + "\n".join(rows[4:9]) + "\n")
    # the number that rings is not in the inventory, which the audit finds
    numbers = "tracking_number,destination_number,channel\n+12125550112,+12125550100,flyer\n"
    (workspace.raw / "numbers.csv").write_text(numbers)
    listen_quickly(workspace)
    (workspace.folder / "vendor").write_text(base)
    workspace.secret()


def write_rest(workspace: Workspace) -> None:
    """Write what corrections are read from, a finding to accept, and a page of the caller."""
    out = workspace.folder / "out"
    first = workspace.table("utterances")["call_id"].iloc[0]
    (path,) = export_transcripts(workspace, [str(first)], out, "csv")
    (workspace.folder / "corrected.csv").write_text(
        path.read_text().replace("Hello", "Good evening")
    )
    shutil.rmtree(out)
    findings = audit_workspace(workspace).findings["key"]
    (workspace.folder / "finding").write_text(findings.iloc[0])
    (workspace.reports / "page.html").write_text(f"<p>{SPELLED[1]}</p>")


def make_shops(folder: Path, base: str) -> None:
    """Make the workspaces that works begin with, each out of the one before."""
    cells = [
        nbformat.v4.new_code_cell('period: str = "all"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("1 + 1"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "tiny.ipynb")
    shop = init_workspace(folder / "raw")
    shutil.rmtree(shop.folder / "notebooks")
    write_raw(shop, base)
    for name, before, work in (
        ("imported", "raw", lambda shop: (_import(shop), transcripts(shop, more=SAID))),
        ("transcribed", "imported", _transcribe),
        ("read", "transcribed", lambda shop: (pipeline.listen_to_calls(shop), write_rest(shop))),
    ):
        made = Workspace(shutil.copytree(folder / before, folder / name))
        with made.lock():
            work(made)


def serve(calls: int = 30, per_page: int = 6) -> tuple[int, str]:
    """Serve calls as CallRail does, in a process of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Vendor)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    _Vendor.base, _Vendor.calls, _Vendor.per_page = base, calls, per_page
    child = os.fork()
    if not child:
        server.serve_forever()
    server.server_close()
    return child, base


class _Vendor(BaseHTTPRequestHandler):
    base = ""
    calls = per_page = 0

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        start = int(query.get("offset", ["0"])[0])
        records = [
            {
                "id": f"CAL{n}", "answered": True, "duration": 60 + n, "direction": "inbound",
                "customer_phone_number": f"+1404555{n:04}", "voicemail": False,
                "tracking_phone_number": "+12125550111", "source": "Google Ads",
                "start_time": f"2026-07-{1 + n % 20:02}T10:{n:02}:00.000-04:00",
            }
            for n in range(start, min(start + self.per_page, self.calls))
        ]  # fmt: skip
        more = start + self.per_page < self.calls
        following = f"{self.base}{path}?offset={start + self.per_page}"
        body = json.dumps(
            {"calls": records, "has_next_page": more, "next_page": following if more else None}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


# -- work in forks ------------------------------------------------------------------------


def in_fork(work: Callable[[], object], *, kill: Callable[[int], None] | None = None) -> str:
    """Do work in a fork; return ``done``, ``killed``, or what went wrong."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        os.setsid()
        said = "done"
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it was, it is told
            said = traceback.format_exc()
        os.write(write, said.encode()[-4000:])
        os._exit(0)
    os.close(write)
    clock = threading.Timer(LONGEST_S, os.killpg, (child, signal.SIGKILL))
    clock.start()
    if kill is not None:
        kill(child)
    with os.fdopen(read) as told:
        said = told.read()
    os.waitpid(child, 0)
    clock.cancel()
    return said or "killed"


def at_step(work: Callable[[], object], step: int) -> Callable[[], None]:
    """Kill the process itself before its step of that number."""
    steps = _Steps(step)

    def done() -> None:
        sys.addaudithook(steps)
        work()

    return done


class _Steps:
    """Counts the steps at which files change; at one of them the process is killed."""

    def __init__(self, last: int) -> None:
        self.count, self.last, self.owner = 0, last, os.getpid()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(arguments[1], str) and arguments[1] != "r"
        opened = opened and not set("wxa+").isdisjoint(arguments[1])
        if opened or event in MUTATING:
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def state_of(folder: Path) -> dict[str, Counter[str]]:
    """Return what a workspace holds: the rows of its tables, and its other files by name."""
    found: dict[str, Counter[str]] = {"files": Counter()}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in ("lock", "transcription_speed.json"):
            continue
        name = path.relative_to(folder).as_posix()
        found["files"][name] += 1
        if path.suffix == ".parquet":
            table = pq.read_table(path, use_threads=False)
            # rows that a killed run brought in are known to the one that completes it
            left_out = ("imported_at", "corrected_at", "rows_kept", "rows_already_known")
            kept = [one for one in table.column_names if one not in left_out]
            rows = table.select(kept).to_pylist()
            found[name] = Counter(json.dumps(row, default=str, sort_keys=True) for row in rows)
        elif path.name in ("themes.toml", "audit_baseline.toml", "forgotten", "calltrack.toml"):
            found[name] = Counter(path.read_text().splitlines())
    return found


def traces_of(folder: Path) -> int:
    """Count the files in which the forgotten caller still stands."""
    left = 0
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                text = str(pq.read_table(path, use_threads=False).to_pylist())
            left += any(form in text for form in SPELLED)
    return left


def trial(name: str, folder: Path, whole: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    """Kill one piece of work, do it again, and count what is wrong."""
    work = WORKS[name]
    shop = folder / "trial"
    shutil.rmtree(shop, ignore_errors=True)
    shutil.copytree(folder / work.before, shop)
    done = lambda: work.do(Workspace(shop))  # noqa: E731 - the one thing both ways do
    if rng.random() < 0.5:
        step = rng.randint(1, max(1, whole["steps"]))
        ended = in_fork(at_step(done, step))
        where = f"step {step} of {whole['steps']}"
    else:
        wait = rng.uniform(0, whole["seconds"])
        ended = in_fork(done, kill=lambda child: _kill_after(child, wait))
        where = f"{wait:.3f} s of {whole['seconds']:.3f}"
    again = work.again or work.do
    second = in_fork(lambda: again(Workspace(shop)))
    # a run some minutes later, as there always is: it removes what is nobody's
    scratch = (*shop.rglob("calltrack-run-*"), *Path(tempfile.gettempdir()).glob("calltrack-run-*"))
    for path in (*shop.rglob(".*"), *scratch):
        os.utime(path, (0, 0))
    third = in_fork(lambda: _locked(lambda _: None)(Workspace(shop)))
    found, expected = state_of(shop), whole["state"]
    counts = Counter(killed=ended == "killed", stuck=(second, third) != ("done", "done"))
    for part in {*found, *expected}:
        there, wanted = found.get(part, Counter()), expected.get(part, Counter())
        key = "left behind" if part == "files" else "doubled"
        counts["lost"] += (wanted - there).total()
        counts[key] += (there - wanted).total()
    counts["left behind"] += len([*Path(tempfile.gettempdir()).glob("calltrack-run-*")])
    if name == "forget":
        counts["left behind"] += traces_of(shop)
    if any(counts[key] for key in ("lost", "doubled", "stuck", "left behind")):
        wrong = {key: list(found.get(key, Counter()) - expected.get(key, Counter()))[:3]
                 + list(expected.get(key, Counter()) - found.get(key, Counter()))[:3]
                 for key in {*found, *expected}}  # fmt: skip
        shown = {key: value for key, value in wrong.items() if value}
        print(f"{name} at {where}: {dict(counts)} {str(shown)[:600]} {second[-300:]}", flush=True)
    return dict(counts)


def _kill_after(child: int, wait: float) -> None:
    time.sleep(wait)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # before it has a group of its own, or after its end
        os.kill(child, signal.SIGKILL)


def left_alone(name: str, folder: Path) -> dict[str, Any]:
    """Do a piece of work undisturbed: how long it takes, its steps, and what it leaves."""
    work = WORKS[name]
    shop, counted = folder / "trial", folder / "steps"
    shutil.rmtree(shop, ignore_errors=True)
    shutil.copytree(folder / work.before, shop)

    def count() -> None:
        steps = _Steps(-1)
        sys.addaudithook(steps)
        work.do(Workspace(shop))
        counted.write_text(str(steps.count))

    began = time.perf_counter()
    said = in_fork(count)
    if said != "done":
        raise SystemExit(f"{name} fails undisturbed:\n{said}")
    seconds = time.perf_counter() - began
    in_fork(lambda: _locked(lambda _: None)(Workspace(shop)))
    return {"seconds": seconds, "steps": int(counted.read_text()), "state": state_of(shop)}


def main(argv: list[str]) -> None:
    """Print what kills cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=12, help="kills of each kind of work")
    parser.add_argument("--full", action="store_true", help="a thousand kills and more; hours")
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    kills = 125 if options.full else options.kills
    rng = random.Random(options.seed)
    print(f"{'':12}" + "".join(f"{kind:>13}" for kind in KINDS))
    totals: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        tempfile.tempdir = str(Path(name) / "tmp")
        Path(tempfile.tempdir).mkdir()
        vendor, base = serve()
        try:
            said = in_fork(lambda: make_shops(Path(name), base))
            if said != "done":
                raise SystemExit(said)
            for work in options.only:
                whole = left_alone(work, Path(name))
                totals[work] = Counter(trials=kills)
                for _ in range(kills):
                    totals[work].update(trial(work, Path(name), whole, rng))
                print(_row(work, totals[work]), flush=True)
        finally:
            os.kill(vendor, signal.SIGKILL)
            os.waitpid(vendor, 0)
            tempfile.tempdir = None
    every = sum(totals.values(), Counter())
    print(_row("all", every))
    print(json.dumps({kind.replace(" ", "_"): every[kind] for kind in KINDS}))


def _row(name: str, counts: Counter[str]) -> str:
    return f"{name:12}" + "".join(f"{counts[kind]:13,}" for kind in KINDS)
