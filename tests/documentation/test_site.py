"""The site builds without a warning, leads nowhere dead, is whole, and is found by searching."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

import calltrack_nb
from calltrack_nb import reporting, schema, shipped
from calltrack_nb.audit import CHECKS
from calltrack_nb.calls.definitions import definitions
from calltrack_nb.cli import cli
from calltrack_nb.providers import fields_of
from calltrack_nb.settings import Settings
from scripts import messages_in_code
from tests.conftest import ROOT

QUESTIONS = tomllib.loads(
    (Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"),
)
FIRST = 3


def page(site: Path, name: str) -> BeautifulSoup:
    """Open a page of the site."""
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_no_link_is_dead(site: Path) -> None:
    """Every page, picture and anchor that is linked is there; what is outside is well formed."""
    soups = {path: page(site, str(path.with_suffix(""))) for path in site.rglob("*.html")}
    ids = {path: {tag["id"] for tag in soup.select("[id]")} for path, soup in soups.items()}
    dead = []
    for path, soup in soups.items():
        for tag in soup.select("article a[href], article img[src], nav a[href]"):
            target = urlsplit(tag.get("href") or tag["src"])
            if target.scheme:
                assert target.scheme in ("https", "mailto"), target
                assert "." in target.netloc, target
                continue
            there = (path.parent / unquote(target.path)).resolve() if target.path else path
            if not there.exists() or (target.fragment and target.fragment not in ids[there]):
                dead.append(f"{path.relative_to(site)}: {target.geturl()}")
    assert dead == []


def test_the_site_works_without_a_network(site: Path) -> None:
    """No page takes a script, a style or a font from elsewhere."""
    for path in site.rglob("*.html"):
        for tag in page(site, str(path.with_suffix(""))).select("script[src], link[href], img"):
            place = tag.get("src") or tag.get("href")
            assert not urlsplit(place).netloc, f"{path}: {place}"
    for sheet in site.rglob("*.css"):
        assert "url(http" not in sheet.read_text(encoding="utf-8").replace('"', ""), sheet


def _commands(command: click.Command, name: str) -> dict[str, click.Command]:
    below = getattr(command, "commands", {})
    inner = {
        k: v for each, one in below.items() for k, v in _commands(one, f"{name} {each}").items()
    }
    return {name: command, **inner}


def _commands_and_options() -> set[str]:
    commands = _commands(cli, "calltrack").items()
    options = {
        option.opts[-1]
        for name, command in commands
        for option in command.params
        if isinstance(option, click.Option) and name != "calltrack"
    }
    return options | {name for name, one in commands if not hasattr(one, "commands")}


def _parameters() -> set[str]:
    notebooks = [shipped.notebooks() / f"{name}.ipynb" for name in reporting.report_names()]
    return {
        name for notebook in notebooks for name in (notebook.stem, *reporting.inspect(notebook))
    }


def _answers() -> set[str]:
    """Name the classes in which the workbench's methods say they answer."""
    source = inspect.getsource(inspect.getmodule(calltrack_nb.Workbench))
    return set(re.findall(r"-> ([A-Z]\w+)", source)) - {"Path", "Iterator", "None"}


WHOLE = {
    "commands": _commands_and_options,
    "settings": lambda: {
        key
        for field in Settings.model_fields.values()
        for key in getattr(type(field.default), "model_fields", {})
    },
    "tables": lambda: {name for table in schema.TABLES for name in (table, *schema.columns(table))},
    "definitions": lambda: set(definitions(Settings()).values()),
    "reports": _parameters,
    "audit-checks": lambda: {text for one in CHECKS for text in (one.name, one.question, one.fix)},
    "mapping-fields": lambda: {*fields_of("calls"), *fields_of("spend")},
    "python": lambda: (
        {
            *calltrack_nb.__all__,
            *("BaseResult", "Result", "Check", "Transcript", *_answers()),
            *(
                name
                for name, one in vars(calltrack_nb.Workbench).items()
                if inspect.isfunction(one)
            ),
        }
        - {"_repr_html_", "_held", "_engine"}
    ),
    "messages": lambda: {
        "The folder is not empty",
        "There is no workspace here",
        "There is no such setting",
        "Did you mean …? Or: List them with calltrack fields",  # one or the other
        "A cost is below zero",  # the text and its error stand in two functions
    },
}
"""What each page of the reference must hold."""


@pytest.mark.parametrize("name", WHOLE)
def test_the_reference_is_whole(site: Path, name: str) -> None:
    """No command, option, setting, column, parameter, check, field or method is left out."""
    said = " ".join(page(site, f"reference/{name}").get_text(" ").split())
    plain = said.replace(" ", "")
    assert {each for each in WHOLE[name]() if "".join(each.split()) not in plain} == set()


def test_each_message_has_its_remedies(site: Path) -> None:
    """Where the code names a remedy, however it is put together, the page of messages has one."""
    silent = [one for one in messages_in_code.messages() if not one.remedies]
    for one in silent:
        path, _, line = one.place.partition(":")
        (call,) = (
            node
            for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and node.lineno == int(line)
            and ast.unparse(node.func) == one.kind
        )
        assert "fix" not in {word.arg for word in call.keywords}, one
    rows = page(site, "reference/messages").select("tbody tr")
    assert len(rows) > 200
    assert [row for row in rows if not all(cell.get_text(strip=True) for cell in row("td"))] == []


def test_every_column_is_described() -> None:
    """columns.toml describes each table and column of the schema, and nothing else."""
    said = tomllib.loads((ROOT / "docs" / "columns.toml").read_text(encoding="utf-8"))
    assert set(said["tables"]) == set(schema.TABLES)
    own = {name for name in said["columns"] if "." in name}
    every = {(table, column) for table in schema.TABLES for column in schema.columns(table)}
    assert own <= {f"{table}.{column}" for table, column in every}
    general = {column for table, column in every if f"{table}.{column}" not in own}
    assert set(said["columns"]) - own == general


@pytest.mark.slow
def test_a_search_finds_what_newcomers_ask(site: Path) -> None:
    """Of each question the right page is among the first three that the site's search shows."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: the search was not tried")
        pytest.skip("no Chromium: install it to try the search")
    ranks = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        tab = browser.new_page()
        for question in QUESTIONS:
            tab.goto(f"{(site / 'search.html').as_uri()}?q={question.replace(' ', '+')}")
            tab.wait_for_function(
                "/finished|did not match/.test(document.querySelector('#search-results').innerText)"
            )
            links = tab.locator("#search-results li > a").evaluate_all(
                "links => links.map(link => link.getAttribute('href'))"
            )
            pages = list(dict.fromkeys(link.partition(".html")[0] for link in links))
            said = QUESTIONS[question]
            right = [said] if isinstance(said, str) else said
            ranks[question] = min(
                (pages.index(one) + 1 for one in right if one in pages), default=0
            )
        browser.close()
    told = "\n".join(f"{rank or '-':>3}  {question}" for question, rank in ranks.items())
    sys.stdout.write(f"{told}\n")
    assert {question for question, rank in ranks.items() if not 1 <= rank <= FIRST} == set(), told
