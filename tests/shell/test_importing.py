"""The commands about exports: preview, import, ask, quarantine, fields."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd
import pytest

import calltrack_nb
from calltrack_nb import init_workspace
from calltrack_nb.cli import dialogue, importing
from calltrack_nb.errors import SettingsError
from calltrack_nb.settings import parse_settings
from calltrack_nb.workspace import Workspace
from tests.shell.conftest import Ran, write_log

Run = Callable[..., Ran]

UNCLEAR = "When,Caller,Length\n" + "".join(
    f"2026-08-{day:02} 10:0{day % 10},404-555-01{day:02},{day % 6}\n" for day in range(1, 21)
)
CLEAR = UNCLEAR.replace("Length", "Mins")
BROKEN = CLEAR.replace("2026-08-03 10:03", "soon").replace("404-555-0104", "404-555-XXXX")


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return init_workspace(tmp_path / "shop")


@pytest.fixture
def export(tmp_path: Path) -> Callable[[str], Path]:
    """Write an export outside the workspace."""

    def write(text: str, name: str = "desk log.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_forwarded_call_that_shows_our_number_names_no_caller(workspace: Workspace) -> None:
    """A call from the business's own number counts, of a caller not known, and doctor says so."""
    ws = calltrack_nb.open(workspace.folder)
    log = write_log(workspace.raw / "calls.csv", ["", ""])
    log.write_text(log.read_text().replace("(404) 555-0102", "(212) 555-0111"))
    ws.import_files()
    assert ws.table("calls")["caller_number"].isna().tolist() == [False, True]
    assert "1 call shows one of your own numbers" in ws.doctor().text


@pytest.mark.parametrize("number", ["(404) 555-0199", "Bob 555", "4045550199"])
def test_a_number_of_the_staff_without_its_country_is_refused(number: str) -> None:
    """A number that could never match one of the log is an error, not a setting without effect."""
    with pytest.raises(SettingsError, match="not a number with its country code"):
        parse_settings(f'[qualified]\nstaff_numbers = ["{number}"]')
    said = parse_settings('[qualified]\nstaff_numbers = ["+1 (404) 555-0199"]')
    assert said.qualified.staff_numbers == ("+14045550199",)


def test_a_dry_run_shows_all_and_imports_nothing(calltrack: Run, shop, export):
    """The preview names columns, first rows and what would go to quarantine; no file changes."""
    ran = calltrack("import", "-w", shop.folder, "--dry-run", export(BROKEN))
    assert ran.status == 0
    for said in ("Mins", "duration_s", "404-555-XXXX", "Would go to quarantine", "2026-08-01"):
        assert said in ran.out
    assert len(shop.table("calls")) == 0
    assert not list(shop.raw.iterdir())


def test_a_dry_run_of_an_unclear_file_prints_the_block(calltrack: Run, shop, export):
    """What would be asked is shown with the mapping to fill in, and the status is not 0."""
    ran = calltrack("import", "-w", shop.folder, "--dry-run", export(UNCLEAR))
    assert ran.status == 2
    assert "[[mapping]]" in ran.err
    assert 'unit = ""' in ran.err


def test_an_unclear_file_ends_with_2_and_a_block_that_settles_it(calltrack: Run, shop, export):
    """Without a terminal the block is printed; pasted with an answer it reads the file."""
    path = export(UNCLEAR)
    ran = calltrack("import", "-w", shop.folder, path)
    assert ran.status == 2
    assert len(shop.table("calls")) == 0
    said = ran.err[ran.err.index("[[mapping]]") :].splitlines()
    block = "\n".join(line for line in said if " = " in line or line.startswith("["))
    block = block.replace('unit = ""', 'unit = "min"')
    toml = shop.folder / "calltrack.toml"
    toml.write_text(toml.read_text() + "\n" + block + "\n")
    assert calltrack("import", "-w", shop.folder, path).status == 0
    assert Workspace(shop.folder).table("calls")["duration_s"].max() == 300


def test_the_dialogue_asks_and_keeps_the_answer(calltrack: Run, shop, export, monkeypatch):
    """On a terminal one question is asked, the file comes in, and the answer is kept."""
    monkeypatch.setattr(importing, "asks", lambda: True)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "min")
    monkeypatch.setattr(click, "confirm", lambda *_, **__: True)
    assert calltrack("import", "-w", shop.folder, export(UNCLEAR)).status == 0
    fresh = Workspace(shop.folder)
    assert fresh.table("calls")["duration_s"].max() == 300
    assert fresh.settings.mapping[0].name == "desk_log"
    assert calltrack("import", "-w", shop.folder).status == 0


def test_the_dialogue_picks_columns_by_number(monkeypatch):
    """Two numbers with a plus are joined; 0 leaves the field out; nonsense is asked again."""
    answers = iter(["9", "1+2", "0"])
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(answers))
    assert dialogue.choose("Column", ["Day", "Hour"]) == ["Day", "Hour"]
    assert dialogue.choose("Column", ["Day", "Hour"]) is None


def test_files_from_elsewhere_are_kept_and_can_be_read_again(calltrack: Run, shop, export):
    """An imported file lies in data/raw as it was; --again reads it although it is known."""
    path = export(CLEAR)
    assert calltrack("import", "-w", shop.folder, path).status == 0
    assert (shop.raw / path.name).read_bytes() == path.read_bytes()
    before = shop.table("calls")
    known = calltrack("import", "-w", shop.folder)
    assert "1 file already imported" in known.out
    ran = calltrack("import", "-w", shop.folder, "--again")
    assert "from 1 file" in ran.out
    pd.testing.assert_frame_equal(shop.table("calls"), before)


def test_an_export_of_the_same_name_does_not_overwrite_the_first(calltrack: Run, shop, export):
    """Next month's calls.csv is kept beside this month's."""
    path = export(CLEAR)
    calltrack("import", "-w", shop.folder, path)
    path.write_text(CLEAR.replace("2026-08", "2026-09"))
    calltrack("import", "-w", shop.folder, path)
    assert sorted(file.name for file in shop.raw.iterdir()) == ["desk log-2.csv", "desk log.csv"]
    assert len(shop.table("calls")) == 40


def test_quarantine_lists_and_corrections_settle(calltrack: Run, shop, export, tmp_path):
    """What was not read is listed by reason and exported; the corrected file settles it."""
    path = export(BROKEN)
    calltrack("import", "-w", shop.folder, path)
    listed = calltrack("quarantine", "-w", shop.folder)
    assert "'soon'" in listed.out
    assert "rows 3" in listed.out
    out = tmp_path / "rows.csv"
    calltrack("quarantine", "-w", shop.folder, "--out", out)
    assert set(pd.read_csv(out)["row"]) == {3, 4}
    path.write_text(CLEAR)
    assert calltrack("import", "-w", shop.folder, path).status == 0
    assert "Every row was read" in calltrack("quarantine", "-w", shop.folder).out
    assert len(shop.table("calls")) == 20


def test_fields_are_listed_with_their_meaning(calltrack: Run):
    """Every field of a mapping is named and explained, outside a workspace too."""
    ran = calltrack("fields")
    assert ran.status == 0
    for name in ("started_at", "caller_number", "tracking_number", "duration_s"):
        assert name in ran.out


def test_preview_in_a_notebook(export):
    """The preview has a page of its own, where names cannot inject HTML."""
    text = CLEAR.replace("Caller", "Caller <b>")
    shown = calltrack_nb.preview(export(text))
    page = shown._repr_html_()
    assert "<table" in page
    assert "<b>" not in page
    assert shown.taken_for == "spreadsheet calls"
    assert calltrack_nb.preview(export("a,b\n1,2\n")).problem


def test_a_console_without_a_letter_does_not_end_the_import(tmp_path, shop, export):
    """Names that an ASCII console cannot print are shown otherwise, and the file comes in."""
    path = export(CLEAR.replace("Caller", "Anrufer Müller Caller"), "Zoë.csv")
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from calltrack_nb.cli import main; main()"),
            *("import", "-w", str(shop.folder), str(path)),
        ],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(shop.table("calls")) == 20


def test_a_log_of_other_numbers_is_remarked(calltrack: Run, shop, export):
    """A file none of whose numbers stands in the inventory may be another client's."""
    numbers = "tracking_number,channel\n2125550111,print\n"
    calltrack("import", "-w", shop.folder, export(numbers, "numbers.csv"))
    rows = [line.split(",") for line in CLEAR.splitlines()]
    text = "\n".join(
        ",".join([*row[:2], "Dialed number" if not at else "+13125550199", *row[2:]])
        for at, row in enumerate(rows)
    )
    ran = calltrack("import", "-w", shop.folder, export(text + "\n"))
    assert "another client" in ran.out
