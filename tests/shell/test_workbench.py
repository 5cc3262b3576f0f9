"""One object from the log to the reports: its methods, their results, what a notebook shows."""

from __future__ import annotations

import doctest
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

import calltrack_nb
from calltrack_nb import Workbench, Workspace, results, schema
from calltrack_nb.errors import ParameterError, PeriodError, WorkspaceError
from calltrack_nb.testing import FakeTranscriber
from calltrack_nb.workbench import bench, call, reports
from tests.conftest import ROOT
from tests.shell.conftest import Ran, write_log

#: What a newcomer is promised, to be found with the tab key.
PROMISED = set(
    re.findall(
        r"\w+",
        "accept_findings analyze audit call calls counted doctor export_google_ads "
        "export_microsoft_ads export_transcripts forget import_files period preview report "
        "scorecard search settings sql sync table themes transcribe update",
    )
)

SETTINGS = """\
[business]
name = "Sugar & Crumb"
timezone = "America/New_York"

[listening]
embedder = "tfidf"

[evidence]
min_group = 1
"""
CALLS = {
    "call_id": ["callrail:1", "callrail:2", "callrail:3"],
    "started_at": ["2026-08-03T14:00Z", "2026-08-20T15:30Z", "2026-08-21T15:30Z"],
    "duration_s": [90.0, 0.0, 20.0],
    "status": ["answered", "missed", "answered"],
    "caller_number": ["+12125550147", "+12125550188", "+12125550199"],
    "caller_key": ["a", "b", "c"],
    "caller_name": ["Tilda Quistgaard", None, None],
    "tracking_number": ["+12125550100", "+12125550101", "+12125550100"],
    "channel": ["google_ads", "print", "google_ads"],
    "campaign": ["Cakes - Search", "Flyer", "Cakes - Search"],
    "recording": ["one.wav", None, None],
    "agent": ["Mona", None, "Raj"],
}
SAID = {
    "call_id": "callrail:1",
    "turn": [0, 1],
    "speaker": ["agent", "caller"],
    "start_s": [0.5, 3.0],
    "end_s": [2.5, 5.5],
    "text": ["How can I help?", "My name is Tilda and I need a <big> wedding cake"],
    "redacted_text": ["How can I help?", "My name is [NAME] and I need a <big> wedding cake"],
}


@pytest.fixture
def ws(workspace: Workspace) -> Workbench:
    """Three calls of two campaigns; one has sound, a transcript, a theme and a finding."""
    (workspace.folder / "calltrack.toml").write_text(SETTINGS)
    shared = {"account": "main", "call_id": ["callrail:1"]}
    tables = {
        "calls": {
            **CALLS,
            "account": "main",
            "provider": "callrail",
            "started_at": pd.to_datetime(CALLS["started_at"], utc=True, format="ISO8601"),
            "direction": "inbound",
            "lead_status": "unknown",
        },
        "utterances": {"account": "main", **SAID},
        "recordings": {**shared, "path": ["one.wav"]},
        "themes": {
            "account": "main",
            "theme_id": ["T001"],
            "label": ["Wedding cakes"],
            "terms": [["wedding", "cake"]],
            "calls": [1],
        },
        "call_themes": {**shared, "theme_id": ["T001"], "strength": [0.9]},
        "findings": {
            **shared,
            "family": ["preference"],
            "kind": ["what"],
            "start_s": [3.0],
            "words": ["a <big> wedding cake"],
        },
    }
    for name, columns in tables.items():
        workspace.write_table(name, schema.conform(pd.DataFrame(columns), name))
    # of these the table of calls is made anew whenever something is imported
    workspace.write_table("provider_calls", workspace.table("calls"))
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(6 * 8000) / 8000)
    soundfile.write(workspace.recordings / "one.wav", np.stack([tone, tone], axis=1), 8000)
    return calltrack_nb.open(workspace.folder)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """An export with one call."""
    return write_log(tmp_path / "Call List.csv", [""])


def examples() -> list[doctest.DocTest]:
    """Collect every example of the workbench and of what it takes over from the workspace."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for module in (bench, call, reports, results) for test in finder.find(module)]
    return [*found, *finder.find(Workspace, "Workspace")]


@pytest.mark.parametrize(
    "example", [test for test in examples() if test.examples], ids=lambda test: test.name
)
def test_every_example_runs(
    example: doctest.DocTest, ws: Workbench, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the docstrings show is what comes of it."""
    monkeypatch.delenv("CALLTRACK_CALLRAIL_KEY", raising=False)
    monkeypatch.chdir(ws.folder)
    example.globs |= {"ws": ws, "log": log}
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_the_tab_key_finds_what_there_is(ws: Workbench) -> None:
    """The package lists the ways in and no helpers, the workbench everything it can do."""
    assert {"open", "open_workspace", "init_workspace"} <= set(dir(calltrack_nb))
    assert not any(name.startswith("_") for name in set(dir(calltrack_nb)) - {"__version__"})
    assert not {"sys", "Any", "import_module", "annotations"} & set(dir(calltrack_nb))
    assert set(dir(ws)) >= PROMISED
    for name in dir(calltrack_nb):
        getattr(calltrack_nb, name)


def test_every_method_says_what_it_takes_and_gives() -> None:
    """Each public method has a type for every parameter, one for its result, and an example."""
    for name, method in inspect.getmembers(Workbench, inspect.isfunction):
        if name.startswith("_") or method.__module__ != bench.__name__:
            continue
        signature = inspect.signature(method)
        _, *taken = signature.parameters.values()
        said = [signature.return_annotation, *(parameter.annotation for parameter in taken)]
        assert inspect.Signature.empty not in said, name
        assert ">>>" in inspect.getdoc(method), name


def test_importing_is_quick() -> None:
    """``import calltrack_nb`` takes less than a tenth of a second, the best of three."""
    code = (
        "import time; start = time.perf_counter(); import calltrack_nb;"
        "print(time.perf_counter() - start)"
    )
    took = [
        float(subprocess.check_output([sys.executable, "-c", code], text=True)) for _ in range(3)
    ]
    assert min(took) < 0.1


def test_a_star_import_leaves_python_its_open() -> None:
    """``from calltrack_nb import *`` does not take the place of the builtin."""
    names: dict[str, object] = {}
    exec("from calltrack_nb import *", names)
    assert "open" not in names
    assert "open_workspace" in names


def test_a_workbench_is_a_workspace(ws: Workbench) -> None:
    """Both ways of opening give the same object, and functions of the rooms take it."""
    assert type(calltrack_nb.open_workspace(ws.folder)) is Workbench
    assert isinstance(ws, Workspace)
    assert calltrack_nb.search(ws, "wedding cake").equals(ws.search("wedding cake"))


def test_an_empty_workspace_shows_the_first_steps(workspace: Workspace) -> None:
    """Where nothing is in it yet, a notebook shows how to begin; its name is escaped."""
    (workspace.folder / "calltrack.toml").write_text('[business]\nname = "<b>Bread</b>"\n')
    page = calltrack_nb.open(workspace.folder)._repr_html_()
    assert "ws.import_files(&quot;Call List.csv&quot;)" in page
    assert "&lt;b&gt;Bread" in page
    assert "<b>Bread" not in page


def test_a_workspace_shows_what_is_in_it(ws: Workbench) -> None:
    """Counts and the days of the log are shown, and no longer how to begin."""
    page = ws._repr_html_()
    assert "3, 3 to 21 Aug 2026" in page
    assert "Sugar &amp; Crumb" in page
    assert "2 named as answering" in page
    assert "ws.scorecard()" in page
    assert "ws.import_files" not in page


def test_a_call_hides_who_rang_unless_told_otherwise(ws: Workbench) -> None:
    """Page, JSON and facts of a share-safe call hold no name or number; of another they do."""
    private = ("Tilda", "+12125550147", "Quistgaard")
    safe, whole = ws.call("callrail:1"), ws.call("callrail:1", share_safe=False)
    for text in (safe._repr_html_(), safe.to_json(), safe.facts.to_string(), repr(safe)):
        assert not any(word in text for word in private)
    for text in (whole._repr_html_(), whole.to_json()):
        assert all(word in text for word in private)


def test_a_call_is_shown_escaped_and_whole(ws: Workbench) -> None:
    """Transcript, finding, theme and facts are on the page, and what was said is no markup."""
    page = ws.call("callrail:1")._repr_html_()
    assert "a &lt;big&gt; wedding cake (0:03)" in page
    assert "<big>" not in page
    assert "Wedding cakes" in page
    assert ".player()" in page
    assert "Nothing has been heard" in ws.call("callrail:2")._repr_html_()
    assert ws.call("callrail:2").recording is None


def test_a_call_that_is_not_there_is_named_with_those_alike(ws: Workbench) -> None:
    """A misspelt id, even one with a quote in it, is an error with what was probably meant."""
    with pytest.raises(WorkspaceError, match="Did you mean callrail:"):
        ws.call("callrail:9")
    with pytest.raises(WorkspaceError, match="no such call"):
        ws.call("' or 1=1 --")


@pytest.mark.parametrize(
    "asked",
    [
        lambda ws, log: ws.preview(log),
        lambda ws, log: ws.import_files(log),
        lambda ws, log: ws.analyze(),
        lambda ws, log: ws.audit(),
        lambda ws, log: ws.scorecard(),
        lambda ws, log: ws.themes(),
        lambda ws, log: ws.call("callrail:1"),
        lambda ws, log: ws.doctor(),
        lambda ws, log: ws.forget("+12125550188"),
    ],
)
def test_results_are_json_and_pages(asked, ws: Workbench, log: Path) -> None:
    """Each result can be handed on as JSON that reads back the same, and shown in a notebook."""
    result = asked(ws, log)
    assert json.loads(result.to_json()) == result.to_dict()
    page = result._repr_html_()
    assert page.startswith("<")
    assert "<td>" not in page  # which JupyterLab would set to the right


def test_prices_said_in_a_call_are_no_formula(ws: Workbench) -> None:
    """JupyterLab typesets what stands between two dollars, unless it is told not to."""
    said = "It is $75 for ten and $160 for twenty"
    ws.write_table("utterances", ws.table("utterances").assign(text=said, redacted_text=said))
    assert ws.call("callrail:1")._repr_html_().startswith('<div class="mathjax_ignore">')


def test_a_query_with_a_misspelt_table_says_which_was_meant(ws: Workbench) -> None:
    """The reason and the name that is alike stand in one line."""
    with pytest.raises(WorkspaceError, match=r'cals does not exist\. Did you mean "calls"'):
        ws.sql("select * from cals")


def test_themes_are_shown_with_their_figures(ws: Workbench) -> None:
    """The page of the themes has a row for each, escaped."""
    ws.write_table("themes", ws.table("themes").assign(label="<i>Cakes</i>"))
    page = ws.themes()._repr_html_()
    assert "&lt;i&gt;Cakes" in page
    assert "<i>" not in page
    assert ">wedding, cake</td>" in page


def test_a_campaign_is_no_markup(ws: Workbench) -> None:
    """A campaign with a tag in its name is shown as text, in words and in the table."""
    ws.write_table("calls", ws.table("calls").assign(campaign="<script>alert(1)</script>"))
    for page in (ws.scorecard()._repr_html_(), ws.call("callrail:2")._repr_html_()):
        assert "&lt;script&gt;" in page
        assert "<script>" not in page


def test_the_diagnosis_is_a_table(ws: Workbench) -> None:
    """What is missing is counted, listed with how to get it, and transcripts stand beside it."""
    page = ws.doctor()._repr_html_()
    assert "4 of 6 kinds of data are missing." in page
    assert "put spend.csv into data/raw" in page
    assert "0 transcripts; themes need" in page


def test_what_could_not_be_done_is_on_the_page(ws: Workbench, tmp_path: Path) -> None:
    """A file that is no log is named where the import is shown."""
    (tmp_path / "broken.csv").write_text("what,is,this\n1,2,3\n")
    result = ws.import_files(tmp_path / "broken.csv")
    assert "broken.csv" in result._repr_html_()
    assert result.to_dict()["problems"] == list(result.problems)


def test_new_recordings_are_in_the_words_of_any_engine(shop: Workspace) -> None:
    """An engine that is open already transcribes; what it cannot read is listed, and said."""
    ws = calltrack_nb.open(shop.folder)
    assert "5 new rows" in ws.import_files().text
    step = ws.transcribe(engine=FakeTranscriber({0: ("two cakes",), 1: ("of course",)}))
    assert step.text.startswith("3 recordings transcribed")
    assert "text.mp3" in step._repr_html_()
    ws.analyze()
    whole = ws.table("recordings").set_index("path").loc["whole0.mp3", "call_id"]
    assert "two cakes" in ws.call(whole).to_json()


def test_a_report_that_does_not_fit_stops_before_anything_is_done(shop: Workspace) -> None:
    """A parameter of the wrong type is refused, and nothing has been imported."""
    ws = calltrack_nb.open(shop.folder)
    with pytest.raises(ParameterError):
        ws.report("campaign_effectiveness", parameters={"perod": "2026-08"})
    assert ws.table("calls").empty


def test_a_report_gives_the_path_of_its_page(ws: Workbench, tmp_path: Path) -> None:
    """A notebook of one's own is run with the period that was asked for, and its page is there."""
    own = ROOT / "tests" / "reporting" / "tiny.ipynb"
    made = ws.report(own, period="2026-08", out=tmp_path / "out", update=False)
    (page,) = made
    assert page.is_file()
    assert "2026-08" in page.name
    assert made.index.is_file()
    assert made.to_dict()["runs"][0]["html"] == str(page)


def test_a_day_that_is_none_is_refused(ws: Workbench) -> None:
    """Days are dates or written as ISO 8601 writes them."""
    with pytest.raises(PeriodError, match="2026-08-31"):
        ws.audit(since="last week")


def test_the_readme_runs_as_it_is_written(
    ws: Workbench, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The section for notebooks is code that works, word for word."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## In a notebook\n")[1].split("\n## ")[0]
    code = "\n".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL))
    monkeypatch.chdir(ws.folder.parent)
    ws.folder.rename(ws.folder.parent / "my-shop")
    monkeypatch.setattr(
        Workbench, "report", lambda ws, *names, **given: [ws.reports / f"{names[0]}.html"]
    )
    monkeypatch.setattr(
        Workbench, "update", lambda ws: bench.Workbench.transcribe(ws, engine=FakeTranscriber())
    )
    assert "ws.report(" in code
    exec(code, {})


def test_the_command_line_says_what_the_workbench_says(
    calltrack: Callable[..., Ran], ws: Workbench, log: Path
) -> None:
    """Themes, the diagnosis, the audit and an import are the same in both."""
    listed = calltrack("themes", "-w", ws.folder).out
    assert all(name in listed for name in ws.themes().table["label"])
    assert calltrack("doctor", "-w", ws.folder).out.strip() == ws.doctor().text
    assert ws.audit().text in calltrack("audit", "-w", ws.folder).out
    calltrack("import", log, "-w", ws.folder)
    assert ws.import_files(log).text == "0 new rows from 0 files; 1 file already imported."
