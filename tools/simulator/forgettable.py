"""Random workspaces that hold a caller in every way, and what must be left without the caller.

Numbers stand in ten spellings, e-mail addresses, click ids and names beside them or in other
people's words; the files are tables of several systems, packed and not, with sidecars, reports
and notes. Each file of text is made of pieces that are known to be the caller's or not, so what
must be left of it is known to the byte.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
from openpyxl.comments import Comment

from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.init import init_workspace

_FIRST = ("Laura", "Priya", "Debra", "Kofi", "Imogen", "Tadeusz", "Rosalind", "Winston")
_LAST = ("Miller", "Lopez", "Okafor", "Nowak", "Hargreaves", "Fitzgerald", "Kowalski", "Garcia")
_NOTES = (
    "wants a cake",
    "asked for the price",
    "rang twice",
    "“no nuts”",
    "two\u2028lines",
    "50 % off",
)
_CALLRAIL = (
    "Call Status,Start Time,Duration (seconds),Phone Number,Tracking Number,Source,Name,Note"
)


@dataclass(frozen=True)
class Someone:
    """A caller: E.164 number, full name, e-mail address and click id."""

    number: str
    name: str
    email: str
    click: str

    @property
    def figures(self) -> str:
        """The ten figures at home."""
        return self.number.removeprefix("+1")

    def spelled(self, rng: random.Random) -> str:
        """Return the number in one of ten spellings."""
        area, office, line = self.figures[:3], self.figures[3:6], self.figures[6:]
        return rng.choice(
            (
                self.number, self.figures, f"({area}) {office}-{line}", f"{area}-{office}-{line}",
                f"+1 {area} {office} {line}", f"{area}.{office}.{line}",
                f"001 {area} {office} {line}",
                f"{area}\N{NON-BREAKING HYPHEN}{office}\N{EN DASH}{line}", f"1{self.figures}",
                f"({area})\N{NO-BREAK SPACE}{office}\N{NO-BREAK SPACE}{line}",
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Forgettable:
    """A workspace, the caller to forget, and what must be left of the files.

    Attributes
    ----------
    workspace : Workspace
        With raw files that are not imported yet; see :func:`after_import`.
    caller : Someone
    left : dict of str to bytes
        Files of text below the workspace, as they must be afterwards.
    cells : dict of str to list
        Rows of texts that must be left in workbooks and Parquet files.
    """

    workspace: Workspace
    caller: Someone
    left: dict[str, bytes]
    cells: dict[str, list[list[str]]]


def make_forgettable(folder: Path, seed: int) -> Forgettable:
    """Make a workspace; the same seed gives the same one."""
    return _Maker(random.Random(seed), Workspace(init_workspace(folder).folder)).made()


def traces(made: Forgettable) -> list[str]:
    """Return where the caller still stands, in names of files and in what they hold."""
    caller, found = made.caller, []
    words = [caller.email, caller.name.casefold(), caller.click]
    for path in sorted(made.workspace.folder.rglob("*")):
        name = path.relative_to(made.workspace.folder).as_posix()
        texts = [name]
        if path.is_file():
            texts += _texts(path.name, path.read_bytes())
        for text in texts:
            plain = _plain(html.unescape(text)).casefold()
            if caller.figures in re.sub(r"[^0-9a-z,;<>\"|/\n]+", "", plain):
                found.append(f"{name}: the number")
            found += [f"{name}: {word}" for word in words if word in plain]
    return sorted(set(found))


def changed(made: Forgettable) -> list[str]:
    """Return the raw files that are not what must be left of them."""
    wrong = []
    for name, wanted in made.left.items():
        path = made.workspace.folder / name
        found = path.read_bytes() if path.is_file() else b""
        if (gzip.decompress(found) if name.endswith(".gz") and found else found) != wanted:
            wrong.append(name)
    for name, rows in made.cells.items():
        if _rows(made.workspace.folder / name) != rows:
            wrong.append(name)
    return wrong


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        return [list(frame.columns), *frame.astype(str).to_numpy().tolist()]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [
        [str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in rows if row]


def _texts(name: str, data: bytes) -> Iterator[str]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.namelist():
                yield from _texts(part, parts.read(part))
    elif data.startswith(b"\x1f\x8b"):
        yield from _texts(name, gzip.decompress(data))
    elif data.startswith(b"PAR1"):
        yield str(pq.read_table(io.BytesIO(data)).to_pylist())
    else:
        for encoding in ("utf-8", "utf-16-le"):
            yield data.decode(encoding, "replace")
        if b"\\u" in data:
            yield data.decode("unicode_escape", "replace")


def _plain(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


class _Maker:
    def __init__(self, rng: random.Random, workspace: Workspace) -> None:
        self.rng, self.workspace = rng, workspace
        names = rng.sample([f"{first} {last}" for first in _FIRST for last in _LAST], 7)
        lines = rng.sample(range(100, 10_000), 7)
        self.mine, *self.others = (
            Someone(
                f"+1404{rng.choice(('555', '867', '233'))}{line:04}",
                name,
                f"{name.split()[0].lower()}.{line}@{rng.choice(('gmail.com', 'example.org'))}",
                f"Cj0KC{rng.getrandbits(64):x}",
            )
            for name, line in zip(names, lines, strict=True)
        )
        self.left: dict[str, bytes] = {}
        self.cells: dict[str, list[list[str]]] = {}

    def made(self) -> Forgettable:
        kinds = [self.csv, self.packed, self.api, self.workbook, self.parquet]
        for kind in self.rng.sample(kinds, self.rng.randint(3, len(kinds))):
            kind()
        self.leads()
        self.files()
        return Forgettable(self.workspace, self.mine, self.left, self.cells)

    def note(self) -> tuple[str, str]:
        """Return another's note, and what is left of it."""
        mine, number = self.mine, self.mine.spelled(self.rng)
        return self.rng.choice(
            (
                (f"ring my sister on {number}", "ring my sister on [PHONE]"),
                (f"write to {mine.email} too", "write to [EMAIL] too"),
                (f"was told by {mine.name} of us", "was told by [NAME] of us"),
                *((note, note) for note in _NOTES),
            )
        )

    def people(self) -> Iterator[tuple[int, Someone, str, str]]:
        """Yield a row's number, whose it is, its note and what is left of that."""
        whose = [*self.others, *self.others[:4], self.mine, self.mine]
        self.rng.shuffle(whose)
        for row, someone in enumerate(whose):
            yield row, someone, *(self.note() if someone != self.mine else ("mine, all of it",) * 2)

    def csv(self, name: str = "calls.csv", encoding: str = "") -> None:
        encoding = encoding or self.rng.choice(("utf-8", "utf-8-sig", "utf-16"))
        end = self.rng.choice(("\n", "\r\n"))
        before = after = f"{_CALLRAIL}{end}"
        for row, someone, note, left in self.people():
            begin = (
                f"Answered Call,2026-08-{row + 1:02} 10:00:00,{40 + row},"
                f"{someone.spelled(self.rng)},(212) 555-0111,Google Ads,{someone.name},"
            )
            before += f'{begin}"{note}"{end}'
            after += f'{begin}"{left}"{end}' if someone != self.mine else ""
        self.put(name, before.encode(encoding), after.encode(encoding))

    def packed(self) -> None:
        self.csv("more calls.csv.gz", "utf-8")

    def put(self, name: str, before: bytes, after: bytes) -> None:
        packed = gzip.compress(before, mtime=0) if name.endswith(".gz") else before
        (self.workspace.raw / name).write_bytes(packed)
        self.left[f"data/raw/{name}"] = after

    def api(self) -> None:
        """Write a provider's answer: callers in nested fields, another number beside them."""
        before, after = [], []
        for row, someone, note, left in self.people():
            beside = self.rng.choice((self.mine, self.others[0]))
            record = {
                "id": f"API{row}", "start_time": f"2026-08-{row + 1:02}T10:00:00Z",
                "duration": 40 + row, "direction": "inbound", "answered": True,
                "customer_phone_number": someone.number, "customer_name": someone.name,
                "tracking_phone_number": "+12125550111", "source": "Google Ads",
                "more": {"note": "NOTE", "alternate": {"phone": "SECOND"}},
            }  # fmt: skip
            text = json.dumps(record)
            second = beside.spelled(self.rng)
            before.append(_filled(text, note, second))
            if someone != self.mine:
                after.append(_filled(text, left, "[PHONE]" if beside == self.mine else second))
        for name, start, between, end in (
            ("answer.json", '{"page": 1, "calls": [\n', ",\n", "\n]}\n"),
            ("answer.jsonl", "", "\n", "\n"),
        ):
            files = [f"{start}{between.join(records)}{end}".encode() for records in (before, after)]
            self.put(name, *files)

    def workbook(self) -> None:
        """Write a workbook with comments, a page's header, and a second number in each row."""
        book = openpyxl.Workbook()
        sheet = book.active
        header = ["Call time", "Caller", "Call seconds", "Tracking number", "Customer name"]
        header += ["Alternate phone", "Remarks"]
        sheet.append(header)
        wanted = [header]
        for row, someone, note, left in self.people():
            beside = self.rng.choice((self.mine, self.others[0]))
            number = someone.spelled(self.rng)
            cells = [f"2026-08-{row + 1:02} 10:00", number, str(40 + row), "(212) 555-0111"]
            cells.append(someone.name)
            second = beside.spelled(self.rng)
            sheet.append([*cells, second, note])
            if someone == self.mine or self.rng.random() < 0.3:
                said = f"{self.mine.name} rang from {self.mine.spelled(self.rng)}"
                sheet.cell(row + 2, 2).comment = Comment(said, "the owner")
            if someone == self.mine and self.rng.random() < 0.5:
                sheet.cell(row + 2, 2).value = int(someone.figures)
            if someone != self.mine:
                wanted.append([*cells, "[PHONE]" if beside == self.mine else second, left])
        sheet.oddHeader.center.text = f"Calls of {self.mine.email}"
        book.properties.title = f"Calls with {self.mine.name}"
        book.save(self.workspace.raw / "book.xlsx")
        self.cells["data/raw/book.xlsx"] = wanted

    def parquet(self) -> None:
        """Write a table of a warehouse, packed by column."""
        rows, wanted = [], []
        header = [
            "Start time",
            "Caller",
            "Call seconds",
            "Tracking number",
            "Alternate phone",
            "Comment",
        ]
        for row, someone, note, left in self.people():
            beside = self.rng.choice((self.mine, self.others[0]))
            second = beside.spelled(self.rng)
            cells = [f"2026-08-{row + 1:02} 10:00", someone.spelled(self.rng), str(40 + row)]
            cells.append("(212) 555-0111")
            rows.append([*cells, second, note])
            if someone != self.mine:
                wanted.append([*cells, "[PHONE]" if beside == self.mine else second, left])
        frame = pd.DataFrame(rows, columns=header, dtype="str")
        frame.to_parquet(self.workspace.raw / "warehouse.parquet")
        self.cells["data/raw/warehouse.parquet"] = [header, *wanted]

    def leads(self) -> None:
        """Forms with number and e-mail address, and orders that have one of three things only."""
        form = "Lead ID,Lead Type,Date Created,Contact Name,Phone Number,Email Address,gclid\n"
        order = "outcome_id,closed_at,stage,value,currency,caller_number,email,click_id\n"
        forms, orders = [form, form], [order, order]
        for row, someone in enumerate(self.rng.sample([self.mine, *self.others], 7)):
            line = (
                f"{row},Web Form,2026-08-{row + 1:02} 11:00:00,{someone.name},"
                f"{someone.spelled(self.rng)},{someone.email},{someone.click}\n"
            )
            sold = [
                f"{row}{place},2026-08-{row + 2:02} 12:00:00,won,{90 + row},USD,{one}\n"
                for place, one in enumerate(
                    (
                        f"{someone.spelled(self.rng)},,",
                        f",{someone.email},",
                        f",,gclid:{someone.click}",
                    )
                )
            ]
            forms[0] += line
            orders[0] += "".join(sold)
            if someone != self.mine:
                forms[1] += line
                orders[1] += "".join(sold)
        self.put("leads.csv", *(text.encode() for text in forms))
        self.put("outcomes.csv", *(text.encode() for text in orders))

    def files(self) -> None:
        """Write recordings, sidecars, reports and exports named after the caller."""
        mine, place = self.mine, self.workspace
        kinds = {
            place.recordings: ("mp3", "txt", "vtt", "json", "xml"),
            place.reports: ("html",),
            place.exports: ("csv",),
            place.folder / "transcripts": ("vtt", "txt"),
        }
        for folder, suffixes in kinds.items():
            folder.mkdir(exist_ok=True)
            for suffix in suffixes:
                (folder / f"{mine.figures} of June.{suffix}").write_text("WEBVTT\n\nmine")
                (folder / f"other.{suffix}").write_text("WEBVTT\n\nabout a cake, please")
                self.left[f"{(folder / 'other').relative_to(place.folder)}.{suffix}"] = (
                    b"WEBVTT\n\nabout a cake, please"
                )
        inside = place.recordings / f"1{mine.figures}"
        inside.mkdir()
        (inside / "first.mp3").write_bytes(b"audio")
        note, left = self.note()
        (place.recordings / "said.txt").write_text(f"Caller: {note}\n", newline="")
        self.left["data/recordings/said.txt"] = f"Caller: {left}\n".encode()
        (place.reports / "page.html").write_text(f"<p>{html.escape(mine.spelled(self.rng))}</p>")
        (place.exports / "sent.csv").write_text(f"email\n{mine.email}\n")
        (place.reports / "named.html").write_text(f"<p>{mine.name}</p>")


def _filled(text: str, note: str, second: str) -> str:
    filled = text.replace('"NOTE"', json.dumps(note, ensure_ascii=False))
    return filled.replace('"SECOND"', json.dumps(second))
