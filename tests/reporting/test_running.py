"""Reports run: one page each, or a reason and the notebook as far as it got."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from calltrack_nb import reporting
from calltrack_nb.reporting.kernels import Nursery
from calltrack_nb.workspace import Workspace
from tests.reporting.conftest import NOTEBOOK, PRIVATE, REDACTED, notebook_with

pytestmark = pytest.mark.filterwarnings("default")  # jupyter's own, in the parent process


def test_a_run_publishes_one_whole_page(shop: Workspace, tmp_path: Path, nursery: Nursery) -> None:
    """Title, words, chart, table, quote and call are on it; code and warnings are not."""
    run = reporting.run_report(
        shop, NOTEBOOK, {"period": "2026-08", "top": 1}, out=tmp_path, nursery=nursery
    )
    assert run.error is None
    page = run.html.read_text()
    for wanted in (
        "<h1>One of everything</h1>",
        "Sugar &amp; Crumb",
        "1 to 31 Aug 2026",
        "Numbers and names removed automatically",
        "Numbers and names were removed automatically: check before you share.",
        "top=1",
        'alt="One call answered, one missed"',
        "As many calls are missed as answered.",
        REDACTED,
        "I want a &lt;big&gt; cake",
    ):
        assert wanted in page, wanted
    for unwanted in (PRIVATE, "import calltrack_nb", "nobody should read", "http://", "https://"):
        assert unwanted not in page, unwanted
    assert page.count("As many calls are missed as answered.") == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [run.html.name]


def test_two_reports_run_at_once_and_one_failing_spares_the_other(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """The failed one names its cell, its error and the notebook that was kept."""
    own = notebook_with(tmp_path, "1 + 1", 'raise ValueError("no cakes\\nleft")')
    jobs = reporting.prepare(shop, [own, NOTEBOOK], {})
    out = tmp_path / "out {braces}"
    failed, good = reporting.run_reports(shop, jobs, out, nursery=nursery)
    assert good.html.is_file()
    assert failed.html is None
    assert "ValueError: no cakes left" in failed.text
    assert "\n" not in failed.text
    kept = Path(re.search(r"See (.*\.ipynb)", failed.text)[1])
    outputs = [cell.get("outputs") for cell in json.loads(kept.read_text())["cells"]]
    assert any("ValueError" in json.dumps(output) for output in outputs)
    assert [path.name for path in out.glob("*.html")] == [good.html.name]


def test_what_no_page_can_show_is_told_of_its_report_alone(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nursery: Nursery
) -> None:
    """An odd cell, or a failure that nobody thought of, is its report's error; others are made."""
    odd, own = tmp_path / "odd.ipynb", notebook_with(tmp_path, "1 + 1")
    content = json.loads(own.read_text())
    cell = {"cell_type": "raw", "id": "r", "metadata": {"raw_mimetype": 5}, "source": "x"}
    odd.write_text(json.dumps({**content, "cells": [*content["cells"], cell]}))
    jobs = reporting.prepare(shop, [odd, own], {})
    first, second = reporting.run_reports(shop, jobs, tmp_path / "out", nursery=nursery)
    assert first.error is not None
    assert "cannot be put on a page: " in first.error
    assert second.error is None

    def published(press: object, job: reporting.Job, *_: object) -> None:
        if job.name == "odd":
            raise KeyError("x")

    monkeypatch.setattr("calltrack_nb.reporting.running._Press._publish", published)
    runs = reporting.run_reports(shop, jobs, tmp_path / "out", nursery=nursery)
    assert "The report cannot be made" in str(runs[0].error)
    assert "KeyError: 'x'" in str(runs[0].error)


def test_a_failed_run_leaves_the_last_good_page(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """A page is replaced by a whole one or not at all."""
    own = notebook_with(
        tmp_path, "from IPython.display import HTML, display", 'display(HTML("<p>one</p>"))'
    )
    first = reporting.run_report(shop, own, nursery=nursery)
    notebook_with(tmp_path, "import os", "os._exit(1)")
    second = reporting.run_report(shop, own, nursery=nursery)
    assert "kernel stopped" in second.error
    assert "<p>one</p>" in first.html.read_text()


def test_the_kernel_is_this_python_on_this_workspace(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kernels are installed, and though the notebook does not name the workspace."""
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/nowhere/python"], "display_name": "x", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    own = notebook_with(
        tmp_path,
        "import sys, calltrack_nb",
        "print(sys.executable, calltrack_nb.open_workspace().settings.business.name)",
    )
    run = reporting.run_report(shop, own)
    assert run.error is None
    import sys

    assert f"{sys.executable} Sugar &amp; Crumb" in run.html.read_text()


def test_other_parameters_make_another_page(
    shop: Workspace, tmp_path: Path, nursery: Nursery
) -> None:
    """Period and own parameters are in the file's name, so that no page hides another."""
    own = notebook_with(tmp_path, "1 + 1", parameters='period: str = "all"\ntop: int = 1')
    names = {
        reporting.run_report(shop, own, given, out=tmp_path / "out", nursery=nursery).html.name
        for given in ({}, {"top": 2}, {"period": "2026-04..2026-09"})
    }
    assert len(names) == 3
    assert {"own-all.html", "own-2026-04..2026-09.html"} < names
    assert {each.file for each in reporting.list_reports(tmp_path / "out")} == names


def report_page(folder: Path, name: str, **told: str) -> None:
    """Write a page that says of itself what the index reads."""
    meta = {
        "report": name,
        "made-at": "2026-09-01T06:00:00+00:00",
        "seconds": "2.0",
        "share-safe": "true",
        "parameters": "{}",
        "period": "all",
    } | told
    tags = "".join(
        f'<meta name="calltrack:{key}" content="{escape(value)}">' for key, value in meta.items()
    )
    title = f"<title>{name}</title>"
    number = len(list(folder.glob("*.html")))
    (folder / f"{name}-{number}.html").write_text(f"<html><head>{tags}{title}</head></html>")


def test_the_index_lists_reports_by_month_with_what_they_answer(tmp_path: Path) -> None:
    """The latest month stands first, longer periods last; each run says what it found."""
    for period in ("2026-07", "all", "2026-08", "2026-08-03..2026-08-09", "2026-Q3"):
        report_page(tmp_path, f"report of {period}", period=period)
    report_page(
        tmp_path,
        "money",
        period="2026-08",
        headline="Flyers <b>earn",
        parameters='{"top": 9, "account": ""}',
    )
    (tmp_path / "notes.html").write_text("<title>mine</title>")
    html = reporting.write_index(tmp_path).read_text()
    listed = reporting.list_reports(tmp_path)
    assert len(listed) == 6
    assert all(quote(each.file) in html for each in listed)
    assert "notes.html" not in html
    assert "Flyers &lt;b&gt;earn" in html
    assert "top: 9" in html
    assert "account" not in html
    months = re.split("<h2>(.*?)</h2>", html)
    assert months[1::2] == ["Aug 2026", "Jul 2026", "Longer periods"]
    assert [text.count("<h3>") for text in months[2::2]] == [3, 1, 2]


def test_the_index_tells_the_time_that_its_pages_tell(
    shop: Workspace, tmp_path: Path, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the business's clock, whatever the zone of the machine."""
    monkeypatch.setattr(
        "calltrack_nb.clock.now", lambda: dt.datetime(2026, 11, 28, 13, 54, tzinfo=dt.UTC)
    )
    own = notebook_with(tmp_path, "1 + 1")
    page = reporting.run_report(shop, own, nursery=nursery).html
    made = re.search(r"made (\d.*?)</li>", page.read_text())[1]
    assert made == "28 Nov 2026, 08:54"
    assert made in reporting.write_index(page.parent).read_text()


def test_an_index_of_nothing_says_so(tmp_path: Path) -> None:
    """A folder without reports has a page that says how to make one."""
    assert "calltrack report --all" in reporting.write_index(tmp_path).read_text()
