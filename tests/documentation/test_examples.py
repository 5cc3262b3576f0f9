"""What the README and the documentation tell a reader to type is right."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import pytest

import calltrack_nb
from calltrack_nb import Workbench, init_workspace, shipped
from calltrack_nb.cli import cli
from calltrack_nb.settings import parse_settings
from calltrack_nb.workspace import Workspace
from tests.conftest import ROOT
from tests.documentation.conftest import PAGES, Example, examples
from tests.shell.conftest import Ran, calltrack, write_log  # noqa: F401 - a fixture

Run = Callable[..., Ran]
_BLOCKS = re.DOTALL | re.MULTILINE
OTHERS = ("cd", "cp", "export", "conda", "papermill", "python", "pip", "git")


def told(page: Path) -> list[str]:
    """Return the lines of a page's consoles and of its crontab."""
    text = page.read_text(encoding="utf-8")
    consoles = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for console in consoles for line in console.splitlines()]
    by_service = re.findall(r"\S*/calltrack ([^\n]+ -w [^\n]+)", text)
    return [
        *(line.removeprefix("$ ") for line in lines if line.startswith("$ ")),
        *(f"calltrack {rest}" for rest in by_service),
    ]


def named(page: Path) -> list[str]:
    """Return the commands that a page names within its sentences, perhaps not whole."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=_BLOCKS)
    inline = re.findall(r"`([^`\n]+)`", text)
    return [code for code in inline if re.match(r"(calltrack|make) [a-z-]", code)]


def understand(arguments: list[str]) -> None:
    """Read a command line as calltrack reads it, and run nothing."""
    command: click.Command = cli
    name = "calltrack"
    while True:
        with command.make_context(name, arguments, resilient_parsing=False) as context:
            if not isinstance(command, click.Group):
                return
            left = [*context._protected_args, *context.args]
            if not left:
                return
            name, found, arguments = command.resolve_command(context, left)
            assert found is not None
            command = found


def check(line: str) -> None:
    """Refuse a line that cannot be typed."""
    words = shlex.split(line.replace("…", "x"), comments=True)
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert words[1] in targets, line
    elif words[0] == "calltrack":
        with suppress(click.exceptions.Exit):  # --help
            understand(words[1:])
    else:
        assert words[0] in OTHERS, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_are_understood(page: Path) -> None:
    """Every line of a console has a command, arguments and options that exist."""
    for line in told(page):
        check(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_in_sentences_are_understood(page: Path) -> None:
    """So has every command that a sentence names, which may leave arguments out."""
    for line in named(page):
        with suppress(click.MissingParameter, click.exceptions.NoArgsIsHelpError):
            check(line)


def test_a_wrong_command_or_option_is_noticed() -> None:
    """The check above refuses what does not exist."""
    for wrong in (["imprt", "a.csv"], ["report", "--al"], ["transcripts", "export", "--form", "x"]):
        with pytest.raises((click.UsageError, click.BadParameter)):
            understand(wrong)


def test_help_shows_lines_to_copy_as_lines() -> None:
    """The crontab of the help of report stands on a line of its own, nothing run together."""
    said = cli.commands["report"].get_help(click.Context(cli.commands["report"]))
    (line,) = (line.strip() for line in said.splitlines() if line.strip().startswith("0 6 2"))
    assert line.endswith("-w /srv/my-shop")
    assert "\\b" not in said


@pytest.mark.parametrize("example", examples("toml"), ids=lambda one: one.page)
def test_settings_that_are_shown_load(example: Example) -> None:
    """Every block of settings is one that calltrack.toml may hold."""
    parse_settings(example.text)


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out what the examples speak of: the workspace my-shop, and beside it an export."""
    folder = tmp_path_factory.mktemp("examples")
    shop = init_workspace(folder / "my-shop")
    about_weddings = ("CAL013cddef50e1b436.mp3", "CAL3fb4fb3f8def363c.mp3")
    for name in about_weddings:
        shutil.copy(shipped.sample() / "data" / "recordings" / name, shop.recordings)
    write_log(shop.raw / "calls.csv", about_weddings)
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (export,) = re.findall(r"```text\n(When,.*?)```", text, re.DOTALL)
    for path in (shop.raw / "front desk.csv", folder / "Call List.csv"):
        path.write_text(export, encoding="utf-8")
    calltrack_nb.open(shop.folder).update()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("example", examples("python"), ids=lambda one: one.page)
def test_python_that_is_shown_runs(
    example: Example,
    laid_out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every example, typed in as it stands, runs to its end on a small shop."""
    monkeypatch.chdir(shutil.copytree(laid_out, tmp_path / "here"))
    exec(compile(example.text, example.page, "exec"), {})
    if "print(page)" in example.text:
        assert ".html" in capsys.readouterr().out


def test_files_that_are_shown_are_read(workspace: Workspace) -> None:
    """The lists, costs, orders and changes that the how-tos show are imported as they stand."""
    shown = [
        example.text
        for example in examples("text")
        if example.page.startswith("docs/howto") and re.match(r"\w+(,\w+)+\n", example.text)
    ]
    names = {
        "caller_number,": "outcomes",
        "date,campaign,cost": "spend",
        "date,campaign,changed": "tweaks",
        "Date,": "front desk",
    }
    assert len(shown) == len(names)
    for text in shown:
        (name,) = (one for start, one in names.items() if text.startswith(start))
        (workspace.raw / f"{name}.csv").write_text(text, encoding="utf-8")
    assert Workbench(workspace.folder).import_files().problems == ()
    held = [len(workspace.table(name)) for name in ("calls", "spend", "outcomes", "tweaks")]
    assert held == [3, 1, 1, 1]
    calls = workspace.table("calls")
    assert calls["status"].tolist() == ["answered", "missed", "answered"]
    assert calls["channel"].tolist() == ["print", "google_ads", "print"]
    assert set(calls["started_at"].dt.month) == {8}
    assert len(workspace.table("quarantine")) == 0


@pytest.mark.slow
def test_the_tutorial_goes_as_it_is_told(
    calltrack: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Step by step, from an export to a report, the tutorial's commands do what it says."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (export,) = re.findall(r"```text\n(When,.*?)```", text, re.DOTALL)
    (answer,) = re.findall(r"```text\n(\d new rows.*?)\n```", text)
    lines = told(ROOT / "docs" / "tutorial.md")
    monkeypatch.chdir(tmp_path)
    said = {}
    for line in lines:
        words = shlex.split(line)
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            Path("Call List.csv").write_text(export, encoding="utf-8")
        elif words[0] == "calltrack":
            ran = calltrack(*words[1:])
            assert ran.status == 0, f"{line}: {ran.err}"
            said[line] = ran.out
    assert answer in said['calltrack import "Call List.csv"']
    assert "missing" in said["calltrack doctor"]
    assert Path("reports/index.html").is_file()
    (page,) = Path("reports").glob("owner_brief*.html")
    assert "2026-08" in page.name


def test_the_readme_is_true() -> None:
    """What the README says of commands, reports, versions and files is so."""
    from calltrack_nb import reporting
    from calltrack_nb.providers.systems.own_files import OWN_FILES

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in text
    assert f"Licence: {project['license']}" in text
    rows = re.findall(r"^\| `([\w -]+)` \|", text, re.MULTILINE)
    commands = {row.removeprefix("calltrack ") for row in rows if row.startswith("calltrack ")}
    assert commands == set(cli.commands)
    assert set(rows) - {f"calltrack {name}" for name in commands} == {
        *reporting.report_names(),
        reporting.CLIENTS,
    }
    for layout in OWN_FILES:
        assert f"`{layout.kind}.csv`" in text
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / link).exists(), link
