"""What is tried: each target makes one odd input and takes it through the product's own doors.

A target returns what came of its input, in a word. :class:`CalltrackError` is a refusal;
anything else that is raised is a failure, and :class:`Wrong` says so of what raised nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import tomlkit

from calltrack_nb import audio, reporting, schema, shipped, workbench
from calltrack_nb.cli import main as command_line
from calltrack_nb.errors import CalltrackError
from calltrack_nb.periods import Period
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.workspace import Workspace, importing, pipeline, sync
from calltrack_nb.workspace.init import init_workspace, new_settings
from tools.fuzzing import notebooks, sounds, tables
from tools.fuzzing.answers import Server, serving
from tools.fuzzing.mutations import (
    ODD_TEXTS,
    ODD_VALUES,
    mutated_bytes,
    mutated_text,
    mutated_value,
)
from tools.fuzzing.vendors import VENDORS, client_of
from tools.trial_shop import listen_quickly, transcripts

FAULT: Final = "fault of calltrack_nb"
_FIRST, _LAST = dt.date(2026, 7, 1), dt.date(2026, 7, 31)
_CALLS: Final = 24
_HEADER: Final = (
    "Call Status,Start Time,Duration (seconds),Phone Number,Tracking Number,Source,Medium,Campaign,"
    "Name,Agent Name,Recording Url"
)


class Wrong(Exception):
    """A failure that nothing raised: something is wrong in silence, lost or unreadable."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where a case may work.

    Parameters
    ----------
    folder : pathlib.Path
        Empty.
    template : pathlib.Path
        A workspace from :func:`make_template`, to copy.
    """

    folder: Path
    template: Path

    def copy(self, name: str = "shop") -> Workspace:
        """Return a workspace of its own, with calls in it."""
        return Workspace(shutil.copytree(self.template, self.folder / name))

    def empty(self, settings: str) -> Workspace:
        """Return a workspace with nothing in it but settings."""
        made = init_workspace(self.folder / f"empty-{len(list(self.folder.iterdir()))}")
        shutil.rmtree(made.folder / "notebooks")
        (made.folder / "calltrack.toml").write_text(settings, encoding="utf-8")
        made.secret()
        return Workspace(made.folder)


def make_template(folder: Path) -> None:
    """Make a workspace with a few dozen calls of February 2024, words, numbers and spend."""
    shop = init_workspace(folder)
    shutil.rmtree(shop.folder / "notebooks")
    listen_quickly(shop)
    rows = [
        f"{('Answered', 'Missed')[n % 5 == 0]} Call,2024-02-{1 + n:02} 1{n % 7}:00:00,{40 + 7 * n},"
        f"(404) 555-01{n % 17:02},(212) 555-011{n % 3},Google Ads,cpc,Cakes {n % 3},Ann {n},Mary,"
        for n in range(_CALLS)
    ]
    (shop.raw / "calls.csv").write_text("\n".join((_HEADER, *rows)) + "\n")
    numbers = "tracking_number,destination_number,channel,campaign\n"
    (shop.raw / "numbers.csv").write_text(
        numbers + "".join(f"+1212555011{n},+12125550100,google_ads,Cakes {n}\n" for n in range(3))
    )
    spend = "date,days,channel,campaign,cost,currency\n"
    (shop.raw / "spend.csv").write_text(
        spend + "".join(f"2024-02-01,29,google_ads,Cakes {n},{100 + n},USD\n" for n in range(3))
    )
    pipeline.bring_up_to_date(shop, engine=FakeTranscriber())
    transcripts(shop)
    refuse_faults(pipeline.bring_up_to_date(shop, engine=FakeTranscriber()).problems)
    if len(shop.table("calls")) != _CALLS:
        raise Wrong("the template lacks calls")


# -- what must hold behind every case -----------------------------------------------------


def refuse_faults(lines: Iterable[object]) -> None:
    """Refuse what the product itself calls a fault of its own."""
    for line in lines:
        if FAULT in str(line):
            raise Wrong(str(line))


def refuse_lost(workspace: Workspace, template: Path) -> None:
    """Refuse a workspace of which a table cannot be read, or a call is gone."""
    try:
        held = Workspace(workspace.folder)
        for name in schema.TABLES:
            held.table(name)
        there = set(held.table("calls")["call_id"])
    except Exception as error:
        raise Wrong(f"the workspace cannot be read: {error!r}") from error
    lost = set(Workspace(template).table("calls")["call_id"]) - there
    if lost:
        raise Wrong(f"calls are gone: {sorted(lost)[:3]}")


def command(*arguments: str) -> int:
    """Run the command line; return its exit status."""
    try:
        command_line(arguments)
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 0
        if status not in (0, 1, 2):
            raise Wrong(f"exit status {status}") from None
        return status
    return 0


# -- readers ------------------------------------------------------------------------------

_ASIDE: Final = frozenset(
    {"import_id", "row", "call_id", "caller_key", "lead_id", "provider", "imported_at", "file"}
)


def readers(rng: random.Random, shop: Shop) -> str:
    """Import an export that is told wrong, or told otherwise and must be read the same."""
    export = tables.any_export(rng, shop.folder)
    incoming = shop.folder / "in"
    incoming.mkdir()
    if rng.random() < 0.25 and "scrambled" not in export.name:
        return read_the_same(rng, shop, export, incoming)
    changed = tables.mutated(rng, export)
    path = incoming / changed.name
    path.write_bytes(changed.content)
    held = shop.copy()
    way = rng.random()
    if way < 0.15:
        status = command(
            "import", str(path), "-w", str(held.folder), *(["--dry-run"] * (way < 0.05))
        )
        came = "refused" if status else "read"
    else:
        if way < 0.25:
            refuse_faults([importing.preview(path, held).text])
        with held.lock():
            came = _import_twice(held, path)
    refuse_lost(held, shop.template)
    return came


def _import_twice(held: Workspace, path: Path) -> str:
    report = importing.import_files(held, [path])
    refuse_faults([report.text, *report.lines, *report.problems])
    before = len(held.table("calls"))
    again = importing.import_files(held, [path])
    refuse_faults([again.text, *again.lines, *again.problems])
    if len(held.table("calls")) != before:
        raise Wrong(f"read again, it gives {len(held.table('calls')) - before} more calls")
    return "refused" if report.problems else "read"


def read_the_same(rng: random.Random, shop: Shop, export: tables.Export, incoming: Path) -> str:
    """Import an export in two forms; what both give without a word must be the same."""
    found = []
    for at, one in enumerate((export, tables.told_otherwise(rng, export))):
        path = incoming / f"{at}-{one.name}"
        path.write_bytes(one.content)
        held = shop.empty(export.settings or _settings_of_sample())
        with held.lock():
            report = importing.import_files(held, [path])
        refuse_faults([*report.lines, *report.problems])
        if report.problems:
            return "refused"
        found.append((_said(held), report))
    for name, table in found[0][0].items():
        other = found[1][0][name]
        if found[0][1].files[0].rows_quarantined != found[1][1].files[0].rows_quarantined:
            continue  # not in silence
        if len(table) != len(other) or not table.equals(other):
            raise Wrong(f"{path.name} gives other {name}: {_difference(table, other)}")
    return "read"


def _settings_of_sample() -> str:
    return (shipped.sample() / "calltrack.toml").read_text(encoding="utf-8")


def _said(held: Workspace) -> dict[str, pd.DataFrame]:
    """Return what the tables say of calls and costs, in an order of its own."""
    made = {}
    for name in ("calls", "leads", "spend", "outcomes", "numbers"):
        table = held.table(name)
        table = table[[column for column in table if column not in _ASIDE]].astype(str)
        made[name] = table.sort_values(list(table.columns)).reset_index(drop=True)
    return made


def _difference(table: pd.DataFrame, other: pd.DataFrame) -> str:
    if len(table) != len(other):
        return f"{len(table)} rows and {len(other)}"
    columns = [str(column) for column in table if not table[column].equals(other[column])]
    first = columns[0]
    at = int((table[first] != other[first]).to_numpy().argmax())
    return f"{', '.join(columns)}: {table[first][at]!r} and {other[first][at]!r}"


# -- settings -----------------------------------------------------------------------------


def settings(rng: random.Random, shop: Shop) -> str:
    """Work in a workspace whose ``calltrack.toml`` says something odd."""
    held = shop.copy()
    path = held.folder / "calltrack.toml"
    whole = path.read_bytes()
    path.write_bytes(_mutated_settings(rng, path.read_text(encoding="utf-8")))
    try:
        came = _worked(rng, shop, held)
    finally:
        path.write_bytes(whole)
    refuse_lost(held, shop.template)
    return came


def _mutated_settings(rng: random.Random, text: str) -> bytes:
    every = new_settings("Sugar & Crumb")
    examples = "\n".join(
        line[1:] if line.startswith("#") and line[1:2].strip() else line
        for line in every.splitlines()
    )
    chosen = rng.choice((text, every, examples, examples, _settings_of_sample()))
    if rng.random() < 0.3:
        return mutated_bytes(rng, chosen.encode())
    value: Any = tomllib.loads(chosen)
    for _ in range(rng.choice((1, 1, 2, 5))):
        value = mutated_value(rng, value)
    try:
        return tomlkit.dumps(value).encode("utf-8", "surrogatepass")
    except Exception:  # noqa: BLE001 - what TOML cannot say
        return mutated_bytes(rng, chosen.encode())


def _worked(rng: random.Random, shop: Shop, held: Workspace) -> str:
    """Open a workspace and do one kind of work in it."""
    way = rng.random()
    if way < 0.15:
        return "refused" if command("doctor", "-w", str(held.folder)) else "read"
    held = workbench.open_workspace(held.folder)
    if way < 0.5:
        export = tables.any_export(rng, shop.folder)
        path = shop.folder / export.name
        path.write_bytes(export.content)
        with held.lock():
            report = importing.import_files(held, [path])
        refuse_faults([*report.lines, *report.problems])
    if way < 0.3:
        refuse_faults(held.audit().lines())
    elif way < 0.6:
        refuse_faults(pipeline.bring_up_to_date(held, engine=FakeTranscriber()).problems)
    elif way < 0.7:
        refuse_faults([held.doctor().text])
    elif way < 0.85:
        refuse_faults([held.scorecard().text])
    else:
        out = shop.folder / "out"
        run = reporting.run_report(held, _tiny(shop), {}, out=out)
        refuse_faults([run.text])
    return "read"


def _tiny(shop: Shop) -> Path:
    path = shop.folder / "tiny.ipynb"
    path.write_text(json.dumps(notebooks.notebook("1 + 1")), encoding="utf-8")
    return path


# -- parameters ---------------------------------------------------------------------------

_GIVEN: Final[Mapping[str, tuple[Any, ...]]] = {
    "period": ("all", "2024-02", "2024", "2024-Q1", "2024-01..2024-02", "last-month", "2024-02-03"),
    "campaign": ("Cakes 1", "cakes 1", "Cakes"),
    "account": ("", "all", "main"),
    "share_safe": (True, "no", False),
    "audio": (False, "yes"),
    "top": (3, "3"),
    "shares": ([0.5], "0.5,1"),
    "names": (["a"], "a,b"),
    "more": ({"a": 1}, "{'a': 1}"),
    "by": ("campaign", "keyword"),
    "workspace": ("",),
}
_ODD_OBJECTS: Final = (
    b"\xff", dt.date(2024, 2, 1), np.float64("nan"), np.int64(3), np.array([1, 2]), object(),
    range(3), pd.NaT, pd.Timestamp("2024-02-01"), 1j, Path("x"), float, [[["a"]]], {"a": object()},
)  # fmt: skip


def parameters(rng: random.Random, shop: Shop) -> str:
    """Run a report with odd parameters, by the command line or from Python."""
    held = shop.copy()
    name = _report_name(rng, shop)
    given: dict[str, Any] = {}
    for _ in range(rng.choice((1, 1, 2, 4))):
        key = rng.choice(list(_GIVEN))
        given[key] = rng.choice(_GIVEN[key])
    for _ in range(rng.choice((0, 1, 1, 2))):
        key = rng.choice(list(given))
        value = given[key]
        given[key] = rng.choice(
            (mutated_value(rng, value), rng.choice(ODD_TEXTS), mutated_text(rng, str(value)))
        )
        if rng.random() < 0.1:
            given[mutated_text(rng, key)] = given.pop(key)
    came = (
        _by_command(rng, held, name, given)
        if rng.random() < 0.4
        else _from_python(rng, held, name, given)
    )
    refuse_lost(held, shop.template)
    return came


def _report_name(rng: random.Random, shop: Shop) -> str:
    way = rng.random()
    if way < 0.75:
        return str(_tiny(shop))
    names = reporting.report_names()
    return rng.choice(names) if way < 0.9 else rng.choice((mutated_text(rng, names[0]), *ODD_TEXTS))


def _by_command(rng: random.Random, held: Workspace, name: str, given: Mapping[str, Any]) -> str:
    said = [name]
    for key, value in given.items():
        text = f"{key}={value}" if rng.random() < 0.95 else f"{key}"
        said += ["-p", text] if key != "period" or rng.random() < 0.5 else ["--period", str(value)]
    said += rng.choice(
        ([], ["--each", "month"], ["--each", "campaign"], ["--account", "main"], ["--email"])
    )
    # what a shell hands over has no NUL, and odd bytes as halves of letters
    clean = [one.replace("\x00", "").encode("utf-8", "surrogatepass") for one in said]
    status = command(
        "report", *(one.decode("utf-8", "surrogateescape") for one in clean), "-w", str(held.folder)
    )
    return "refused" if status else "read"


def _from_python(rng: random.Random, held: Workspace, name: str, given: dict[str, Any]) -> str:
    if rng.random() < 0.3:
        given[rng.choice(list(given))] = rng.choice((*_ODD_OBJECTS, *ODD_VALUES))
    if name in reporting.report_names() and rng.random() < 0.7:
        reporting.prepare(held, [name], given)  # a whole report takes its time
        return "read"
    if rng.random() < 0.5:
        run = reporting.run_report(held, name, given)
        lines = [run.text]
    else:
        bench = workbench.open_workspace(held.folder)
        period = given.pop("period", None)
        if rng.random() < 0.3:
            period = rng.choice((Period.parse("2024-02"), period))
        each = rng.choice(((), (), ("month",), ("campaign",), ("x",)))
        made = bench.report(name, period=period, parameters=given, each=each, update=False)
        lines = [*made.problems]
    refuse_faults(lines)
    if name in reporting.report_names():
        _refuse_stopped(lines)
    return "refused" if any("stopped in its cell" in line for line in lines) else "read"


def _refuse_stopped(lines: Iterable[str]) -> None:
    """Refuse a report that ships and stopped for anything but a reason of ours."""
    ours = {kind.__name__ for kind in _kinds(CalltrackError)}
    for line in lines:
        if "stopped in its cell" in line and not any(f", {kind}" in line for kind in ours):
            raise Wrong(line)


def _kinds(kind: type[Exception]) -> Iterable[type[Exception]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


# -- notebooks, answers, recordings -------------------------------------------------------


def notebook_files(rng: random.Random, shop: Shop) -> str:
    """Run a notebook that is odd."""
    held = shop.copy()
    content = notebooks.mutated_notebook(rng)
    way = rng.random()
    if way < 0.15:
        own = held.folder / "notebooks"
        own.mkdir()
        (own / "own.ipynb").write_bytes(content)
        trust = rng.choice(([], ["--trust"]))
        came = "refused" if command("report", "own", *trust, "-w", str(held.folder)) else "read"
    else:
        path = shop.folder / "own.ipynb"
        path.write_bytes(content)
        run = reporting.run_report(held, path)
        refuse_faults([run.text])
        came = "refused" if run.error else "read"
    refuse_lost(held, shop.template)
    return came


def answers(rng: random.Random, shop: Shop) -> str:
    """Synchronise with a server that answers oddly, then with one that does as it should."""
    vendor = rng.choice(list(VENDORS))
    held = shop.copy()
    pages = rng.choice((0.0, 0.0, 0.5, 1.0))
    manners = rng.choice((0.0, 0.3, 0.7)) if pages else rng.choice((0.0, 0.3, 0.3, 0.7))
    known = len(held.table("calls"))
    with serving(Server(vendor, rng, pages, manners)) as server:
        report = _synchronised(held, vendor, server)
    refuse_lost(held, shop.template)
    came = len(held.table("calls")) - known
    if not pages and not report.problems and came != VENDORS[vendor].calls:
        raise Wrong(
            f"{came} calls of {VENDORS[vendor].calls} from {vendor} and no word: {server.sent}"
        )
    with serving(Server(vendor, rng)) as honest:
        again = _synchronised(held, vendor, honest)
    if not pages and (again.problems or len(held.table("calls")) - known != VENDORS[vendor].calls):
        raise Wrong(f"{vendor} does not mend after {server.sent}: {again.text} {again.problems}")
    refuse_lost(held, shop.template)
    return "refused" if report.problems else "read"


def _synchronised(held: Workspace, vendor: str, server: Server) -> sync.SyncReport:
    with held.lock():
        report = sync.sync(
            held,
            vendor,
            _FIRST,
            until=_LAST,
            client=client_of(vendor, server.base),
            recordings=False,
        )
    refuse_faults([report.text, *report.details, *report.problems])
    return report


def recordings(rng: random.Random, shop: Shop) -> str:
    """Decode and transcribe recordings, and take in transcripts, that are damaged or lie."""
    held = shop.copy()
    calls = sorted(held.table("calls")["call_id"])
    came = "read"
    for call_id in rng.sample(calls, rng.choice((1, 2, 3))):
        words = rng.random() < 0.3
        ending, content = sounds.mutated_transcript(rng) if words else sounds.mutated_sound(rng)
        stem = call_id.replace(":", "_")
        if words:
            (held.recordings / f"{stem}.txt").unlink(missing_ok=True)
        path = held.recordings / f"{stem}.{ending}"
        path.write_bytes(content)
        if not words:
            try:
                heard = audio.decode(path)
            except CalltrackError:
                came = "refused"
            else:
                if not np.isfinite(heard.samples).all():
                    raise Wrong("samples that are no numbers")
    if rng.random() < 0.1:
        command("import", "-w", str(held.folder))
        command("transcripts", "--help")
    update = pipeline.bring_up_to_date(held, engine=FakeTranscriber())
    refuse_faults(
        [update.text, *update.problems, *(line for step in update.steps for line in step.details)]
    )
    if any(step.broken_off for step in update.steps):
        raise Wrong(f"a step broke off: {update.problems}")
    refuse_lost(held, shop.template)
    return came


Target = Callable[[random.Random, Shop], str]
TARGETS: Final[Mapping[str, Target]] = {
    "readers": readers,
    "settings": settings,
    "parameters": parameters,
    "notebooks": notebook_files,
    "answers": answers,
    "recordings": recordings,
}
