"""Exports of many systems, written in every form, told otherwise or told wrong."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb import shipped
from tools.fuzzing.mutations import ODD_TEXTS, mutated_bytes, mutated_value, odd_json
from tools.fuzzing.vendors import VENDORS
from tools.intake.calls import load_locales
from tools.intake.cases import make_case
from tools.intake.shapes import load_shapes

Rows = list[list[str]]
_ROWS: Final = 10
_MANY: Final = 20_000
_WIDE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file to import.

    Parameters
    ----------
    name : str
        Of the file.
    content : bytes
    rows : list of list of str
        Its header and records, where it is a plain table.
    settings : str
        The ``calltrack.toml`` it is read with.
    """

    name: str
    content: bytes
    rows: Rows
    settings: str = ""


def any_export(rng: random.Random, folder: Path) -> Export:
    """Return a valid export: of the sample shop, of an API, or as some system writes it.

    Parameters
    ----------
    rng : random.Random
    folder : pathlib.Path
        Where files may be written.
    """
    way = rng.random()
    if way < 0.35:
        return _of_the_sample(rng)
    if way < 0.5:
        vendor = rng.choice(list(VENDORS))
        name, records = rng.choice(list(VENDORS[vendor].lists.items()))
        return Export(f"{vendor}.json", json.dumps({name: records}).encode(), [])
    return _of_a_system(rng, folder)


def _of_the_sample(rng: random.Random) -> Export:
    name, rows = rng.choice(_sample())
    kept = [rows[0], *rng.sample(rows[1:], min(_ROWS, len(rows) - 1))]
    return Export(name, as_csv(kept), kept if rows[0][0] != "Call details report" else [])


@cache
def _sample() -> tuple[tuple[str, Rows], ...]:
    """Read the sample shop's exports once."""
    return tuple(
        (path.name, [row for row in csv.reader(path.open(encoding="utf-8")) if row])
        for path in sorted((shipped.sample() / "data" / "raw").glob("*.csv"))
    )


def _of_a_system(rng: random.Random, folder: Path) -> Export:
    shapes, locales = load_shapes(), load_locales()
    shape = shapes[rng.choice(sorted(shapes))]
    country = rng.choice([name for name in sorted(locales) if shape.serves(name)])
    variant = rng.choice(("plain", "noisy", "scrambled") if shape.header else ("plain", "noisy"))
    case = make_case(shape, locales[country], variant, rng.randrange(10**6), folder)
    content = case.path.read_bytes()
    rows: Rows = []
    if case.path.suffix == ".csv" and variant == "plain" and shape.header:
        rows = _rows_of(content)
    return Export(case.path.name, content, rows, case.settings)


def _rows_of(content: bytes) -> Rows:
    """Read a plain table; nothing where it may be more than that."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    except UnicodeDecodeError:
        return []
    widths = {len(row) for row in rows}
    named = len(set(rows[0])) == len(rows[0]) and all(name.strip() for name in rows[0])
    return rows if len(widths) == 1 and widths.pop() > 2 and named else []


# -- forms --------------------------------------------------------------------------------


def as_csv(rows: Rows, delimiter: str = ",", end: str = "\n", *, quoted: bool = False) -> bytes:
    """Write rows with a delimiter between cells."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=delimiter,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_workbook(rows: Rows) -> bytes:
    """Write rows as a workbook of texts."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Calls")
    forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
    for row in rows:
        page.append([forbidden.sub("", cell)[:30_000] for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _as_json(rows: Rows) -> bytes:
    return json.dumps(_records(rows)).encode()


def _as_lines(rows: Rows) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in _records(rows)).encode()


def _as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    names = [f"{name}_{at}" if name in rows[0][:at] else name for at, name in enumerate(rows[0])]
    cells = [[row[at] if at < len(row) else None for row in rows[1:]] for at in range(len(names))]
    arrays = [
        pa.array([c and c.encode("utf-8", "replace").decode() for c in column], pa.string())
        for column in cells
    ]
    clean = [name.encode("utf-8", "replace").decode() for name in names]
    pq.write_table(pa.Table.from_arrays(arrays, names=clean), out)
    return out.getvalue()


def _as_page(rows: Rows) -> bytes:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><table>{body}</table></html>".encode("utf-8", "surrogatepass")


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Put files into an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


FORMS: Final[Mapping[str, Callable[[Rows], bytes]]] = {
    "csv": as_csv,
    "tsv": lambda rows: as_csv(rows, "\t"),
    "semicolons": lambda rows: as_csv(rows, ";"),
    "quoted": lambda rows: as_csv(rows, quoted=True),
    "lines of Windows": lambda rows: as_csv(rows, end="\r\n"),
    "xlsx": as_workbook,
    "json": _as_json,
    "jsonl": _as_lines,
    "parquet": _as_parquet,
    "html": _as_page,
}
_ENDINGS: Final = {"semicolons": "csv", "quoted": "csv", "lines of Windows": "csv"}


# -- the same, told otherwise -------------------------------------------------------------


def told_otherwise(rng: random.Random, export: Export) -> Export:
    """Write an export so that it still says the same: in another form, order or encoding.

    Examples
    --------
    >>> told_otherwise(random.Random(3), Export("a.csv", b"a,b", [])).content != b"a,b"
    True
    """
    if export.rows and rng.random() < 0.75:
        order = list(range(len(export.rows[0])))
        if rng.random() < 0.6:
            rng.shuffle(order)
        rows = [[row[at] for at in order] for row in export.rows]
        forms = [form for form in FORMS if form != "html"]
        form = rng.choice(forms)
        return replace(export, name=f"calls.{_ENDINGS.get(form, form)}", content=FORMS[form](rows))
    return _packed(rng, export)


def _packed(rng: random.Random, export: Export) -> Export:
    name, content = export.name, export.content
    ways: list[tuple[str, Callable[[], bytes]]] = [
        (f"{name}.gz", lambda: gzip.compress(content)),
        ("calls.zip", lambda: zipped({name: content})),
    ]
    if name.endswith(".csv"):
        ways += [(name, lambda: content + b"\n\n"), (name, lambda: content.rstrip(b"\r\n"))]
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        else:
            ways += [
                (name, lambda: text.encode("utf-8-sig")),
                (name, lambda: text.encode("utf-16")),
            ]
    named, make = rng.choice(ways)
    return replace(export, name=named, content=make())


# -- told wrong ---------------------------------------------------------------------------


def mutated(rng: random.Random, export: Export) -> Export:
    """Change an export in its cells, its form, its parts or its bytes.

    Examples
    --------
    >>> mutated(random.Random(0), Export("a.csv", b"a,b", [])).content != b"a,b"
    True
    """
    if export.rows:
        made = _mutated_rows(rng, export)
    elif export.name.endswith(".json") and rng.random() < 0.8:
        made = _mutated_records(rng, export, json.loads(export.content.decode("utf-8-sig")))
    else:
        made = _mutated_content(rng, export)
    return _in_an_archive(rng, made)


def _mutated_records(rng: random.Random, export: Export, value: Any) -> Export:
    for _ in range(rng.choice((1, 1, 3))):
        value = mutated_value(rng, value)
    return replace(export, content=odd_json(rng, value))


def _mutated_rows(rng: random.Random, export: Export) -> Export:
    rows = [list(row) for row in export.rows]
    for _ in range(rng.choice((0, 1, 1, 2))):
        rows = rng.choice(_ROW_WAYS)(rng, rows)
    form = rng.choice(list(FORMS))
    export = replace(export, name=f"calls.{_ENDINGS.get(form, form)}")
    if form in ("json", "jsonl") and rng.random() < 0.5:
        return _mutated_records(rng, export, _records(rows))
    made = replace(export, content=FORMS[form](rows))
    return _mutated_content(rng, made) if rng.random() < 0.6 else made


def _mutated_content(rng: random.Random, export: Export) -> Export:
    content = export.content
    if content.startswith(b"PK") and rng.random() < 0.75:
        return replace(export, content=_mutated_parts(rng, content))
    if export.name.endswith(("csv", "tsv", "html", "jsonl")) and rng.random() < 0.3:
        return replace(export, content=_in_another_encoding(rng, content))
    return replace(export, content=mutated_bytes(rng, content, (b"PK\x03\x04", b"<table>")))


def _in_another_encoding(rng: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    encoding = rng.choice(
        ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037", "shift_jis", "gb18030")
    )
    written = text.encode(encoding, "replace")
    way = rng.random()
    if way < 0.3:
        return b"\xef\xbb\xbf" * rng.choice((1, 2)) + written
    if way < 0.6:
        half = len(content) // 2
        return content[:half] + text[half:].encode(encoding, "replace")
    return written


def _mutated_parts(rng: random.Random, content: bytes) -> bytes:
    """Change what is within an archive, so that its checks still hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        return mutated_bytes(rng, content)
    name = rng.choice(sorted(members))
    sheets = [one for one in sorted(members) if "sheet1.xml" in one]
    if sheets and rng.random() < 0.6:
        name = sheets[0]
    way = rng.random()
    if way < 0.1:
        del members[name]
    elif way < 0.15:
        members = {("../" + one if one == name else one): part for one, part in members.items()}
    elif way < 0.5:
        members[name] = mutated_bytes(rng, members[name], tuple(members.values()))
    else:
        members[name] = _mutated_markup(rng, members[name])
    return zipped(members)


_PLACES: Final = ("XFD1048576", "A0", "ZZZZ1", "A99999999999", "", "1A", "a1", "$A$1", "A1:B2")
_MARKUP: Final = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "<![CDATA[", "&bogus;", "&#0;", "&#xD800;", "</sheetData>", "<row/>", '<c t="s"><v>99999</v>',
    '<c t="e"><v>#REF!</v></c>', '<c t="n"><v>1e999</v></c>', '<c t="d"><v>2026-99-99</v></c>',
    '<c s="99999"><v>1</v></c>', '<mergeCell ref="A1:XFD1048576"/>', '<row r="0"><c r="B1"/></row>',
)  # fmt: skip


def _mutated_markup(rng: random.Random, part: bytes) -> bytes:
    """Change attributes, texts and tags of a part of a workbook."""
    text = part.decode("utf-8", "replace")
    way = rng.random()
    if way < 0.3:
        values = list(re.finditer(r'"[^"]*"', text))
        if values:
            one = rng.choice(values)
            said = rng.choice((*_PLACES, *ODD_TEXTS)).replace('"', "").replace("<", "")
            text = f'{text[: one.start()]}"{said}"{text[one.end() :]}'
    elif way < 0.55:
        texts = list(re.finditer(r">([^<]+)<", text))
        if texts:
            one = rng.choice(texts)
            text = f"{text[: one.start(1)]}{rng.choice(ODD_TEXTS)}{text[one.end(1) :]}"
    elif way < 0.6:
        at = rng.randint(0, len(text))
        text = text[:at] + "<is>" * 3_000 + text[at:]
    else:
        tags = [one.end() for one in re.finditer(">", text)] or [0]
        at = rng.choice(tags)
        text = text[:at] + rng.choice(_MARKUP) + text[at:]
    return text.encode("utf-8", "replace")


def _in_an_archive(rng: random.Random, export: Export) -> Export:
    """Pack one file in eight, the archive itself sometimes damaged."""
    way = rng.random()
    if way > 0.12:
        return export
    if way < 0.03:
        content = gzip.compress(export.content)
        name = f"{export.name}.gz"
    else:
        odd = rng.choice(("", "../", "__MACOSX/", "a/b/", "x.csv\x00", "/", "C:\\"))
        members = {f"{odd}{export.name}": export.content}
        if rng.random() < 0.5:
            members["readme.txt"] = b"no table"
        if rng.random() < 0.2:
            members = {"inner.zip": zipped(members)}
        content, name = zipped(members), "calls.zip"
    if rng.random() < 0.4:
        content = mutated_bytes(rng, content)
    return replace(export, name=name, content=content)


def _odd_cell(rng: random.Random, rows: Rows) -> Rows:
    for _ in range(rng.choice((1, 1, 5))):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = rng.choice(ODD_TEXTS)
    return rows


def _odd_column(rng: random.Random, rows: Rows) -> Rows:
    at, said = rng.randrange(max(1, len(rows[0]))), rng.choice(ODD_TEXTS)
    return [rows[0], *([*row[:at], said, *row[at + 1 :]] for row in rows[1:])]


def _odd_header(rng: random.Random, rows: Rows) -> Rows:
    head = list(rows[0])
    at = rng.randrange(len(head))
    head[at] = rng.choice((rng.choice(head), *ODD_TEXTS[:14], head[at].upper(), head[at] * 500))
    return [head, *rows[1:]]


def _ragged(rng: random.Random, rows: Rows) -> Rows:
    at = rng.randrange(len(rows))
    row = rows[at]
    changed = rng.choice((row[: len(row) // 2], row * 3, [], [""], row[::-1], [*row, *ODD_TEXTS]))
    return [*rows[:at], list(changed), *rows[at + 1 :]]


def _without_column(rng: random.Random, rows: Rows) -> Rows:
    at = rng.randrange(len(rows[0]))
    return [row[:at] + row[at + 1 :] for row in rows]


def _repeated(rng: random.Random, rows: Rows) -> Rows:
    at = rng.randint(1, len(rows))
    return rng.choice(([*rows[:at], *rows], rows * 3, [rows[0]], rows[1:], [rows[0]] * 5))


def _many(rng: random.Random, rows: Rows) -> Rows:
    if rng.random() < 0.8:
        return rows
    return rng.choice(([rows[0], *rows[1:] * (_MANY // len(rows))], [row * 50 for row in rows]))


def _wide(rng: random.Random, rows: Rows) -> Rows:
    if rng.random() < 0.97:
        return rows
    width = rng.choice((20_000, _WIDE))
    return [[*row, *[""] * width] for row in rows[:2]]


_ROW_WAYS: Final[Sequence[Callable[[random.Random, Rows], Rows]]] = (
    *(_odd_cell, _odd_cell, _odd_cell, _odd_column, _odd_header, _ragged),
    *(_without_column, _repeated, _many, _wide),
)
