"""Files as systems write them, and the truth beside each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl

from tools.intake.calls import Call
from tools.intake.cells import Column
from tools.intake.rendering import Sheet

SETTINGS = '[business]\ncountry = "{country}"\ntimezone = "{zone}"\ncurrency = "{currency}"\n'


@dataclass(frozen=True, slots=True)
class Case:
    """A file to import, and what it tells.

    Parameters
    ----------
    path : pathlib.Path
    calls : list of dict
        ``started_at`` (UTC, ISO 8601) always; ``caller`` (E.164, null where withheld),
        ``duration_s``, ``direction`` and ``status`` where the file tells them. Beyond these,
        ``start_window_s`` (60), ``durations_s`` (every length the file gives the call),
        ``duration_tolerance_s`` (1), ``duration_optional``, ``rows`` (records, from 1) and
        ``written`` (the cells) may be said.
    settings : str
        The whole ``calltrack.toml``.
    columns : dict of str to list of str
        The columns that tell ``start``, ``caller``, ``duration``, ``direction``, ``status``.
    providers : list of str or None
        What the system may be called; None where nobody says.
    system, variant, noise : str
    """

    path: Path
    calls: list[dict[str, object]]
    settings: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    providers: list[str] | None = None
    system: str = ""
    variant: str = "plain"
    noise: str = ""

    @property
    def scrambled(self) -> bool:
        """Whether the headers were replaced by names of no meaning."""
        return self.variant == "scrambled"


def write_case(case: Case, sheet: Sheet) -> None:
    """Write a file, its truth and its settings side by side."""
    case.path.write_bytes(_content(sheet))
    told = {
        "system": case.system,
        "variant": case.variant,
        "noise": case.noise,
        "providers": case.providers,
        "columns": case.columns,
        "calls": case.calls,
    }
    case.path.with_suffix(".truth.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1), "utf-8"
    )
    case.path.with_suffix(".toml").write_text(case.settings, "utf-8")


def read_cases(folder: Path) -> Iterator[Case]:
    """Read somebody's files: each beside FILE.truth.json and, where needed, FILE.toml.

    Raises
    ------
    FileNotFoundError
        When a truth stands there without its file.
    """
    for truth in sorted(folder.glob("*.truth.json")):
        stem = truth.name.removesuffix(".truth.json")
        beside = [
            path
            for path in sorted(folder.glob(f"{stem}.*"))
            if path.suffix != ".toml" and not path.name.endswith(".truth.json")
        ]
        if not beside:
            raise FileNotFoundError(f"{truth} tells of a file {stem}.* that is not there")
        settings = truth.with_name(f"{stem}.toml")
        told = json.loads(truth.read_text("utf-8"))
        named = told if isinstance(told, dict) else {"calls": told}
        yield Case(
            path=beside[0],
            calls=named["calls"],
            settings=settings.read_text("utf-8") if settings.exists() else "",
            columns=named.get("columns", {}),
            providers=named.get("providers"),
            system=named.get("system", stem),
            variant=named.get("variant", "plain"),
            noise=named.get("noise", ""),
        )


def _content(sheet: Sheet) -> bytes:
    if sheet.container == "xlsx":
        return _workbook(sheet)
    text = _json(sheet) if sheet.container == "json" else _csv(sheet)
    try:
        return text.encode(sheet.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8-sig")


def _csv(sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=sheet.delimiter,
        lineterminator=sheet.line_end,
        quoting=csv.QUOTE_ALL if sheet.quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerows(sheet.above)
    if sheet.header:
        writer.writerow(column.header for column in sheet.columns)
    writer.writerows([*sheet.records, *sheet.below])
    return out.getvalue()


def _json(sheet: Sheet) -> str:
    def value(column: Column, cell: str) -> str | int | None:
        number = column.form == "s" or "epoch" in column.form
        return int(cell) if number and cell else cell or None

    rows = [
        {
            column.header: value(column, cell)
            for column, cell in zip(sheet.columns, record, strict=True)
        }
        for record in sheet.records
    ]
    return json.dumps({"calls": rows}, ensure_ascii=False, indent=1)


def _workbook(sheet: Sheet) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append([column.header for column in sheet.columns])
    for record, call in zip(sheet.records, sheet.calls, strict=True):
        page.append(
            [_typed(column, cell, call) for column, cell in zip(sheet.columns, record, strict=True)]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(column: Column, cell: str, call: Call | None) -> object:
    """Return what a spreadsheet program keeps: days, times and lengths, not their text."""
    if call is None:
        return cell
    moment: datetime = call.started.replace(tzinfo=None)
    if column.kind == "day":
        return moment.date()
    if column.kind == "clock":
        return moment.time().replace(second=0)
    if column.kind == "total" and column.form.endswith(":ss"):
        return timedelta(seconds=call.total_s)
    return cell
