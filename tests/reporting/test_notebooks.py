"""The committed notebooks run again give what they show, and show nothing they should not."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import calltrack_nb
from calltrack_nb import reporting, shipped
from calltrack_nb.reporting.sharing import PHONE_LIKE, private_values
from calltrack_nb.workspace import VARIABLE, Workspace
from scripts.execute_notebooks import execute
from tests.conftest import ROOT
from tests.reporting.conftest import NOTEBOOK

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SANITIZE = ROOT / "tests" / "pinned" / "sanitize.cfg"
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def nbval(path: Path, workspace: Workspace, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a notebook cell by cell and compare each output with the one it holds."""
    (folder / "pytest.ini").write_text("[pytest]\n")  # not the project's: warnings are not errors
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", str(folder / "pytest.ini"), "--rootdir", str(path.parent)),
            *("--nbval", "--nbval-current-env", "--nbval-cell-timeout", "300"),
            *("--nbval-sanitize-with", str(SANITIZE), str(path)),
        ],
        env={**os.environ, VARIABLE: str(workspace.folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def shown(notebook: nbformat.NotebookNode) -> str:
    """Return all that the outputs of a notebook say in words."""
    return "\n".join(
        json.dumps(
            {kind: text for kind, text in output.get("data", {}).items() if "image" not in kind}
        )
        + str(output.get("text", ""))
        + str(output.get("metadata", {}))
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    )


@every_notebook
def test_code_fits_the_width_of_a_page(path: Path) -> None:
    """No line of code is longer than those of the package, so a cell is read without scrolling."""
    cells = nbformat.read(path, as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "code" for line in cell.source.split("\n")]
    assert [line for line in lines if len(line) > 100] == []


@pytest.mark.slow
@every_notebook
def test_a_notebook_gives_what_it_shows(path: Path, pinned: Workspace, tmp_path: Path) -> None:
    """Every cell, run again on the pinned workspace, shows what is committed."""
    done = nbval(path, pinned, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:]
    cells = sum(cell.cell_type == "code" for cell in nbformat.read(path, 4).cells)
    assert f"{cells} passed" in done.stdout


@every_notebook
def test_no_comparison_is_vacuous(path: Path) -> None:
    """A cell without an execution count would never be compared; none is skipped by a mark."""
    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell.outputs) for cell in code) >= 3
    # an image in an output may hold any letters
    told = [str((cell.source, cell.metadata)).lower() for cell in notebook.cells]
    assert not any("nbval" in text for text in told)


@pytest.mark.slow
def test_a_changed_figure_fails_the_comparison(shop: Workspace, tmp_path: Path) -> None:
    """The comparison passes on true outputs and fails on a cell of a table that differs."""
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(NOTEBOOK.read_bytes())
    os.environ[VARIABLE] = str(shop.folder)
    try:
        execute(path)
    finally:
        del os.environ[VARIABLE]
    assert nbval(path, shop, tmp_path).returncode == 0
    text = path.read_text()
    assert ">0:10<" in text
    path.write_text(text.replace(">0:10<", ">0:11<"))
    done = nbval(path, shop, tmp_path)
    assert done.returncode == 1
    assert "1 failed" in done.stdout


@every_notebook
def test_committed_outputs_hold_nothing_private(path: Path, shop_numbers: frozenset[str]) -> None:
    """No telephone number but the shop's own, no machine's paths, no memory addresses."""
    text = shown(nbformat.read(path, 4))
    numbers = {match[0] for match in PHONE_LIKE.finditer(re.sub(r"<[^>]*>|\\n", " ", text))}
    assert {n for n in numbers if re.sub(r"\D", "", n)[-10:] not in shop_numbers} == set()
    assert re.findall(r"(?:/(?:root|home|tmp|work|Users|private/var)/|[A-Z]:\\\\)\S*", text) == []
    assert re.findall(r"0x[0-9a-f]{6,}", text) == []
    assert "Traceback" not in text


@every_notebook
def test_a_notebook_keeps_to_the_form(path: Path) -> None:
    """One parameters cell, typed and explained; one title; calls and words, no code of its own."""
    known = reporting.inspect(path)
    assert {"workspace"} <= set(known)
    assert all(parameter.help for parameter in known.values()), known
    assert known["workspace"].default == ""
    if "period" in known:
        assert known["period"].default == "all"
    notebook = nbformat.read(path, 4)
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert len(re.findall(r"^# ", words, re.MULTILINE)) == 1
    assert words.startswith("# ")
    assert "$" not in words
    assert "http" not in words
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        kinds = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.While, ast.Try)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree)), cell.source
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert output.metadata["image/png"]["alt"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["campaign_effectiveness"])
def test_plain_papermill_runs_a_report(name: str, pinned: Workspace, tmp_path: Path) -> None:
    """Without our command, from any folder, with a period as -p writes it."""
    out = tmp_path / "out.ipynb"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "papermill", str(ROOT / "notebooks" / f"{name}.ipynb")),
            *(str(out), "-p", "period", "2026-08", "--no-progress-bar"),
        ],
        env={**os.environ, VARIABLE: str(pinned.folder)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert 'period = "2026-08"' in "\n".join(cell.source for cell in nbformat.read(out, 4).cells)


@pytest.mark.slow
def test_start_here_begins_with_an_export_of_ones_own(tmp_path: Path) -> None:
    """It makes the workspace, says on which clock the file was read, and is no report."""
    log = tmp_path / "Call List.csv"
    sample = shipped.sample() / "data" / "raw" / "callrail-call-list-2026-07-01.csv"
    log.write_text("".join(sample.read_text().splitlines(keepends=True)[:3]))
    folder, out = tmp_path / "shop", tmp_path / "out.ipynb"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "papermill", str(ROOT / "notebooks" / "00_start_here.ipynb")),
            *(str(out), "-p", "workspace", str(folder), "-p", "export", str(log)),
            "--no-progress-bar",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = shown(nbformat.read(out, 4))
    assert "Clock:</b> America/New_York" in told
    assert "Calls:</b> 2, 1 Apr 2026" in told
    assert (folder / "notebooks" / "explore.ipynb").is_file()
    settings = folder / "calltrack.toml"
    settings.write_text(settings.read_text().replace("America/New_York", "America/Chicago"))
    started = Workspace(folder).table("calls")["started_at"]
    calltrack_nb.open(folder).import_files(log)
    assert (Workspace(folder).table("calls")["started_at"] - started).dt.seconds.eq(3600).all()
    assert "00_start_here" not in reporting.report_names()


@pytest.fixture(scope="session")
def shop_numbers(pinned: Workspace) -> frozenset[str]:
    """Last ten digits of the sample shop's own numbers."""
    return private_values(pinned).own_numbers
