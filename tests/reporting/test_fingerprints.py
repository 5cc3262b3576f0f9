"""A report is not run again while nothing it can read has changed, and is when anything has."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from calltrack_nb import reporting, shipped
from calltrack_nb.reporting import fingerprints
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import NOTEBOOK, notebook_with

pytestmark = pytest.mark.filterwarnings("default")  # jupyter's own, in the parent process


def one_call_longer(shop: Workspace) -> None:
    calls = shop.table("calls")
    calls.loc[0, "duration_s"] += 1
    shop.write_table("calls", calls)


def one_word_other(shop: Workspace) -> None:
    said = shop.table("utterances")
    said.loc[0, "redacted_text"] += "!"
    shop.write_table("utterances", said)


def write(name: str, text: str) -> Callable[[Workspace], None]:
    def to(shop: Workspace) -> None:
        path = shop.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text)

    return to


CHANGES = {
    "a call": one_call_longer,
    "a word": one_word_other,
    "a setting": write("calltrack.toml", "[goals]\nqualified_calls = 3\n"),
    "the names of themes": write("themes.toml", 'T001 = "Cakes"\n'),
    "an own example": write("findings.toml", "# one\n"),
    "an accepted finding": write("audit_baseline.toml", "# one\n"),
    "a check": write("data/checks/one.json", "{}"),
    "a recording": write("data/recordings/one.wav", "more"),
    "a transcript": write("data/transcripts/ab/cd.json", "{}"),
    "anything else": write("prices/cakes.csv", "1"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_kind_of_change_is_seen(shop: Workspace, change: str) -> None:
    """Whatever a report could read makes another fingerprint."""
    before = fingerprints.of_workspace(shop)
    CHANGES[change](shop)
    assert fingerprints.of_workspace(Workspace(shop.folder)) != before


def test_what_no_report_reads_changes_nothing(shop: Workspace) -> None:
    """A page, the lock, a raw export that is not imported, and a table written again as it was."""
    before = fingerprints.of_workspace(shop)
    for name in ("reports/a.html", "exports/b.csv", ".calltrack/listened", "data/raw/c.csv"):
        write(name, "x")(shop)
    shop.write_table("calls", shop.table("calls"))
    assert fingerprints.of_workspace(shop) == before
    write("mine/a.html", "x")(shop)
    assert fingerprints.of_workspace(shop, but=shop.folder / "mine") == before


def test_tables_behind_a_link_are_seen(shop: Workspace, tmp_path: Path) -> None:
    """Tables kept on another disk and linked to count as those in the folder."""
    shutil.move(shop.tables, tmp_path / "elsewhere")
    shop.tables.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = fingerprints.of_workspace(shop)
    one_call_longer(shop)
    assert fingerprints.of_workspace(shop) != before


def test_notebook_parameters_and_code_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell, a parameter, a line of the package or a library's version: each is another."""
    notebook = tmp_path / "one.ipynb"
    notebook.write_text(NOTEBOOK.read_text())
    given = {"period": "2026-08", "share_safe": True, "audio": False}
    home = tmp_path / "package"
    home.mkdir()
    (home / "__init__.py").write_text("")
    monkeypatch.setattr(shipped, "_HERE", home / "shipped")
    monkeypatch.syspath_prepend(str(tmp_path))

    def now() -> str:
        code = fingerprints.of_code()
        return fingerprints.fingerprint(notebook, given, read="r", code=code)

    seen = [now()]
    assert now() == seen[0]
    for name, other in {"period": "2026-07", "share_safe": False, "audio": True}.items():
        given[name] = other
        seen.append(now())
    notebook.write_text(NOTEBOOK.read_text().replace("head(top)", "tail(top)"))
    seen.append(now())
    (home / "words.toml").write_text("a = 1")
    seen.append(now())
    (tmp_path / "pandas-99.dist-info").mkdir()
    seen.append(now())
    assert len(set(seen)) == len(seen)


def test_an_unchanged_report_is_not_run_and_says_so(
    shop: Workspace, tmp_path: Path, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page stays as it is; a change, a page cut short and --force run it; one's own always."""
    ships = tmp_path / "ships"
    ships.mkdir()
    notebook = notebook_with(ships, "1 + 1")
    monkeypatch.setattr(shipped, "notebooks", lambda: ships)
    given = {"period": "2026-08"}

    def run(notebook: Path = notebook, **choices: bool) -> reporting.ReportRun:
        jobs = reporting.prepare(shop, [notebook], given)
        (made,) = reporting.run_reports(
            shop, jobs, shop.reports, nursery=nursery, **{"force": False, **choices}
        )
        assert made.error is None
        return made

    first = run()
    assert first.unchanged_since is None
    page = first.html.read_bytes()
    again = run()
    assert "unchanged since" in again.text
    assert again.html.read_bytes() == page
    assert run(force=True).unchanged_since is None
    again.html.write_bytes(page[:-20])
    assert run().unchanged_since is None
    one_call_longer(shop)
    assert run().unchanged_since is None
    assert run().unchanged_since is not None
    own = notebook_with(tmp_path, "1 + 2")
    assert [run(own).unchanged_since for _ in range(2)] == [None, None]
    copy = shop.folder / "notebooks" / notebook.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(json.dumps(json.loads(notebook.read_text()), indent=3))
    assert run(copy).unchanged_since is None
    assert run(copy).unchanged_since is not None
