"""Hand over files made to fill the memory or take for ever, and see what each of them costs.

``python -m benchmarks limits`` makes archives that unpack to far more than they are, workbooks with
hundreds of megabytes of words, lines, cells and nests without end, headers that lie and recordings
of hours, and imports or decodes each in a process of its own. Each must be read, or refused with a
reason, within 2 GB of memory and 60 seconds of the processor; an error that nobody thought of is a
fault.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb import audio
from calltrack_nb.errors import CalltrackError
from calltrack_nb.workspace import importing
from calltrack_nb.workspace.init import init_workspace

MOST_BYTES = 2 * 1024**3
MOST_S = 60.0
PATIENCE_S = 180
MB = 1024**2
COLUMNS = ("Call Status", "Start Time", "Duration (seconds)", "Phone Number", "Tracking Number")
HEADER = ",".join((*COLUMNS, "Source", "Name"))
ROW = "Answered Call,2026-07-01 10:00:00,40,(404) 555-0100,(212) 555-0111,Google Ads,{}"
_BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_BOOK}" xmlns:r="{_REL}"><sheets>'
    '<sheet name="Calls" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
    f'package/2006/relationships"><Relationship Id="r1" Type="{_REL}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_REL}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}  # fmt: skip


def _lines(count: int) -> Iterable[bytes]:
    yield f"{HEADER}\n".encode()
    block = "\n".join(ROW.format("Ann") for _ in range(1000)) + "\n"
    for _ in range(count // 1000):
        yield block.encode()


def _write(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


def _workbook(
    path: Path, sheet: Iterable[bytes], strings: Iterable[bytes], more: Mapping[str, bytes] = {}
) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for name, text in _PARTS.items():
            parts.writestr(name, text)
        for name, content in (("sharedStrings", strings), ("worksheets/sheet1", sheet)):
            with parts.open(f"xl/{name}.xml", "w", force_zip64=True) as file:
                file.writelines(content)
        for name, data in more.items():
            parts.writestr(name, data, compress_type=zipfile.ZIP_STORED)


def _sheet(rows: Iterable[bytes]) -> Iterable[bytes]:
    yield f'<worksheet xmlns="{_BOOK}"><sheetData>'.encode()
    yield _cells(HEADER.split(","))
    yield from rows
    yield b"</sheetData></worksheet>"


def _cells(texts: Iterable[str]) -> bytes:
    inner = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f"<row>{inner}</row>".encode()


def _strings(texts: Iterable[bytes]) -> Iterable[bytes]:
    yield f'<sst xmlns="{_BOOK}">'.encode()
    yield from texts
    yield b"</sst>"


_ROW = _cells(ROW.format("Ann").split(","))


def _shared(path: Path, size: int, letters: int) -> None:
    one = len(b"<si><t></t></si>") + letters
    rng = random.Random(0)
    block = [
        b"<si><t>%s</t></si>" % rng.randbytes(letters // 2).hex().encode() for _ in range(2000)
    ]
    texts = (b"".join(block) for _ in range(size // (2000 * one)))
    _workbook(path, _sheet([_ROW]), _strings(texts))


def _dictionary(path: Path) -> None:
    """Write a million rows that all have the same megabyte of text, stored once."""
    count = 1_000_000
    texts = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int32)), pa.array(["x" * MB])
    )
    fixed = dict(zip(HEADER.split(","), ROW.format("Ann").split(","), strict=True))
    columns = {name: pa.array([text] * count) for name, text in fixed.items()}
    pq.write_table(pa.table({**columns, "Note": texts}), path, compression="zstd")


def _lying_footer(path: Path, *, huge: bool) -> None:
    pq.write_table(pa.table({name: ["x"] * 10 for name in COLUMNS}), path)
    data = bytearray(path.read_bytes())
    if huge:
        data[-8:-4] = struct.pack("<I", 0x7FFF_FFF0)
    else:  # what it says of its rows
        rng = random.Random(1)
        size = struct.unpack("<I", data[-8:-4])[0]
        for _ in range(12):
            data[-8 - rng.randrange(size)] = rng.randrange(256)
    path.write_bytes(data)


def _wav(path: Path, seconds: int, *, channels: int = 2, stated: int | None = None) -> None:
    rate = 8000
    size = seconds * rate * channels * 2
    rng = np.random.default_rng(0)
    block = (rng.standard_normal(rate * channels * 60) * 3000).astype("<i2").tobytes()
    head = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    stated = min(size, 2**32 - 1) if stated is None else stated
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", min(stated + 36, 2**32 - 1)) + b"WAVEfmt ")
        file.write(struct.pack("<I", 16) + head + b"data" + struct.pack("<I", stated))
        for _ in range(seconds // 60):
            file.write(block)
        file.write(block[: seconds % 60 * rate * channels * 2])


def _zip_of(path: Path, names: Iterable[str], content: Callable[[], Iterable[bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=True) as file:
                file.writelines(content())


def _gzip(path: Path, parts: Iterable[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.writelines(parts)


def _repeated(block: bytes, size: int) -> Iterable[bytes]:
    for _ in range(size // len(block)):
        yield block


def _records(count: int) -> Iterable[bytes]:
    record = dict(zip(HEADER.split(","), ROW.format("Ann").split(","), strict=True))
    one = json.dumps(record).encode()
    block = b",".join([one] * 1000)
    yield b"[" + one
    for _ in range(count // 1000):
        yield b"," + block
    yield b"]"


_QUOTED = f'{HEADER}\n{ROW.format("Ann")}\n{ROW.format("")}"'.encode()
FILES: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "shared strings, 95 MB short": ("a.xlsx", lambda p: _shared(p, 95 * MB, 16)),
    "shared strings, 95 MB long": ("a.xlsx", lambda p: _shared(p, 95 * MB, 400)),
    "shared strings, 290 MB": ("a.xlsx", lambda p: _shared(p, 290 * MB, 40)),
    "shared strings, 600 MB": ("a.xlsx", lambda p: _shared(p, 600 * MB, 40)),
    "workbook bomb, 3 GB": (
        "a.xlsx", lambda p: _workbook(p, _sheet(_repeated(_ROW * 1000, 3000 * MB)), _strings([]))
    ),
    "cell of 300 MB": (
        "a.xlsx",
        lambda p: _workbook(p, _sheet([_cells(["x" * (300 * MB)])]), _strings([])),
    ),
    "workbook with 400 MB of pictures": (
        "a.xlsx",
        lambda p: _workbook(
            p, _sheet([_ROW]), _strings([]),
            {f"xl/media/image{n}.png": os.urandom(100 * MB) for n in range(4)},
        ),
    ),
    "gzip bomb, 3 GB": ("a.csv.gz", lambda p: _gzip(p, _lines(40_000_000))),
    "gzip bomb, 3 GB of zeros": ("a.csv.gz", lambda p: _gzip(p, _repeated(bytes(MB), 3000 * MB))),
    "zip bomb, 3 GB": ("a.zip", lambda p: _zip_of(p, ["a.csv"], lambda: _lines(40_000_000))),
    "zip of 60,000 tables": (
        "a.zip", lambda p: _zip_of(p, (f"{n}.csv" for n in range(60_000)), lambda: [b"a,b\n1,2\n"])
    ),
    "a line of 500 MB": ("a.csv", lambda p: _write(p, _repeated(b"abc,defg " * 1000, 500 * MB))),
    "a line of 500 MB below a log": (
        "a.csv",
        lambda p: _write(p, [*_lines(1000), *_repeated(b"abc,defg " * 1000, 500 * MB)]),
    ),
    "a cell of 500 MB": (
        "a.csv", lambda p: _write(p, [_QUOTED, *_repeated(b"abc\n" * 10_000, 500 * MB), b'"\n'])
    ),
    "quotation mark never closed, 500 MB": (
        "a.csv", lambda p: _write(p, [_QUOTED, *_repeated(b"abc\n" * 10_000, 500 * MB)])
    ),
    "2 million columns": (
        "a.csv", lambda p: _write(p, [b"a," * 2_000_000, b"\n", b"1," * 2_000_000])
    ),
    "100 million empty lines": ("a.csv", lambda p: _write(p, [*_lines(1000), b"\n" * 100_000_000])),
    "JSON nested 100,000 deep": (
        "a.json", lambda p: _write(p, [b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"])
    ),
    "JSON of 500 MB": ("a.json", lambda p: _write(p, _records(2_500_000))),
    "JSON of one text of 500 MB": (
        "a.json", lambda p: _write(p, [b'{"calls": "', *_repeated(b"x" * MB, 500 * MB), b'"}'])
    ),
    "page of 300 MB": (
        "a.html",
        lambda p: _write(p, [b"<table>", *_repeated(b"<tr><td>1</td><td>2</td></tr>", 300 * MB)]),
    ),
    "page nested 1 million deep": ("a.html", lambda p: _write(p, [b"<table><tr><td>" * 1_000_000])),
    "Parquet, footer of 2 GB": ("a.parquet", lambda p: _lying_footer(p, huge=True)),
    "Parquet, footer that lies": ("a.parquet", lambda p: _lying_footer(p, huge=False)),
    "Parquet, a million times 1 MB": ("a.parquet", _dictionary),
    "WAV of 10 hours": ("a.wav", lambda p: _wav(p, 36_000)),
    "WAV of 3.9 hours": ("a.wav", lambda p: _wav(p, 14_040)),
    "WAV of two hours": ("a.wav", lambda p: _wav(p, 7_200)),
    "WAV that claims 4 GB": ("a.wav", lambda p: _wav(p, 60, stated=2**32 - 1)),
    "WAV of 10 hours that says nothing": ("a.wav", lambda p: _wav(p, 36_000, stated=0)),
}  # fmt: skip


# -- in a process of its own ----------------------------------------------------------------


def read_one(path: Path) -> None:
    """Read a file as the product does; print what came of it as JSON."""
    try:
        said = _decoded(path) if path.suffix == ".wav" else _imported(path)
    except CalltrackError as error:
        said = {"came": "refused", "said": str(error)}
    except BaseException:  # noqa: BLE001 - whatever it was, it is told
        said = {"came": "fault", "said": traceback.format_exc()[-400:]}
    if "fault of calltrack_nb" in said["said"]:
        said["came"] = "fault"
    print(json.dumps(said))


def _decoded(path: Path) -> dict[str, str]:
    heard = audio.decode(path)
    return {"came": "read", "said": f"{heard.duration_s:.0f} s"}


def _imported(path: Path) -> dict[str, str]:
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        shop = init_workspace(Path(name) / "shop")
        with shop.lock():
            report = importing.import_files(shop, [path])
    if report.problems:
        return {"came": "refused", "said": report.problems[0]}
    kept = sum(file.rows_kept for file in report.files)
    return {"came": "read", "said": f"{kept:,} rows kept"}


def measured(path: Path) -> dict[str, Any]:
    """Read a file in a process of its own; tell what came of it, its peak memory and its time."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks", "limits", "--read", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=_bounded,  # noqa: PLW1509 - nothing else runs here
    )
    assert process.stdout is not None
    out = process.stdout.read().decode()
    _, _, usage = os.wait4(process.pid, 0)
    seconds = usage.ru_utime + usage.ru_stime
    try:
        said = json.loads(out.strip().splitlines()[-1])
    except (ValueError, IndexError):
        said = {"came": "fault", "said": "it never ended" if seconds > PATIENCE_S else "it died"}
    return {**said, "bytes": usage.ru_maxrss * 1024, "seconds": seconds}


def _bounded() -> None:
    """Let no file take the whole machine; far above the limits, so that it is seen."""
    resource.setrlimit(resource.RLIMIT_AS, (12 * 1024**3, 12 * 1024**3))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S + 1, PATIENCE_S + 1))


def main(argv: list[str]) -> None:
    """Print what each file costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks limits", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="WORD", help="files whose name has a word")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.read:
        read_one(options.read)
        return
    names = [
        name for name in FILES if not options.only or any(word in name for word in options.only)
    ]
    over_memory = over_time = faults = 0
    print(f"{'':38}{'MB':>8}{'s':>7}  what came of it")
    for name in names:
        file, make = FILES[name]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file
            make(path)
            found = measured(path)
        over_memory += found["bytes"] > MOST_BYTES
        over_time += found["seconds"] > MOST_S
        faults += found["came"] == "fault"
        said = " ".join(found["said"].split()).replace(folder, "")
        print(
            f"{name:38}{found['bytes'] / MB:8,.0f}{found['seconds']:7.1f}  {found['came']}: "
            f"{said[:160]}",
            flush=True,
        )
    print(
        json.dumps(
            {
                "files": len(names),
                "over_2_gb": over_memory,
                "over_60_s": over_time,
                "faults": faults,
            }
        )
    )
