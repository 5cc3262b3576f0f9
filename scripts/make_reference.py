"""Write the pages of the reference from the code, for the site that ``make docs`` builds.

Nothing of it is kept in the repository, so it cannot be out of date.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import click
import pandas as pd
from pydantic import BaseModel

import calltrack_nb
from calltrack_nb import errors, reporting, schema, shipped
from calltrack_nb.audit import CHECKS
from calltrack_nb.calls.definitions import definitions
from calltrack_nb.cli import cli
from calltrack_nb.phrasing import sentence
from calltrack_nb.providers import fields_of
from calltrack_nb.results import BaseResult, Check, Result
from calltrack_nb.settings import ChannelRule, FieldSource, FileMapping, Settings
from calltrack_nb.workspace.init import new_settings
from scripts import messages_in_code

_TYPES: Final = {
    "float64": "number",
    "Int64": "whole number",
    "boolean": "true or false",
}


def write(folder: Path) -> None:
    """Write every page.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; a page that is as it was is left alone.
    """
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        place = folder / f"{name}.md"
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the Markdown of every page, by its name."""
    return {
        "commands": commands(),
        "settings": settings(),
        "tables": tables(),
        "definitions": definitions_(),
        "mapping-fields": mapping_fields(),
        "reports": reports(),
        "audit-checks": audit_checks(),
        "messages": messages(),
        "python": python(),
    }


def commands() -> str:
    """Return every command with its help and options."""
    lines = _page("Commands", "calltrack command line options help exit status")
    lines += ["Each prints this with `--help`.", ""]
    for name, command in _all_commands(cli, "calltrack"):
        context = click.Context(command, info_name=name)
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [f"## `{name}`", "", "```text", f"{name} {usage}", "```", ""]
        lines += [_help(command.help or ""), ""]
        options = [one for one in command.params if isinstance(one, click.Option)]
        records = (option.get_help_record(context) for option in options)
        rows = [(f"`{record[0]}`", record[1]) for record in records if record]
        lines += _table(("option", "what it does"), rows)
    return "\n".join(lines)


def settings() -> str:
    """Return every key of ``calltrack.toml``, and the file as it is written."""
    lines = _page(
        "Settings", "calltrack.toml configuration settings keys options set change configure"
    )
    lines += ["Every key of `calltrack.toml` is optional. One that does not exist is refused.", ""]
    sections: list[tuple[str, type[BaseModel]]] = [
        (f"[{name}]", type(field.default))
        for name, field in Settings.model_fields.items()
        if isinstance(field.default, BaseModel)
    ]
    sections += [
        ("[[sources.channels]]", ChannelRule),
        ("[[mapping]]", FileMapping),
        ("[mapping.fields]", FieldSource),
    ]
    for heading, section in sections:
        lines += [f"## `{heading}`", "", _first(section.__doc__), ""]
        rows = [
            (
                f"`{name}`",
                _kind(field.annotation),
                f"`{_plain(field.default)}`" if not field.is_required() else "needed",
                _code(field.description or ""),
            )
            for name, field in section.model_fields.items()
        ]
        lines += _table(("key", "value", "default", "what it is"), rows)
    of_client = Settings.model_fields["accounts"].description or ""
    lines += ['## `[accounts."NAME".SECTION]`', "", of_client, ""]
    lines += ["Of `business`, `goals`, `qualified`, `evidence` and `privacy`, any key.", ""]
    lines += ["## A new workspace's file", "", "```toml", new_settings("my-shop"), "```", ""]
    return "\n".join(lines)


def tables() -> str:
    """Return every table with its columns."""
    said = tomllib.loads((ROOT / "docs" / "columns.toml").read_text(encoding="utf-8"))
    lines = _page("Tables and columns", "sql duckdb parquet schema tables columns calls")
    lines += [
        '`ws.table("calls")` gives a table as a pandas frame, `ws.sql("select …")` asks',
        "DuckDB over all of them. They are Parquet files in `data/tables`. Times are UTC,",
        "durations seconds, money exact decimals, telephone numbers E.164: +12125550147.",
        "**Private** columns never get into a report that is safe to share.",
        "",
        "`counted` is no file: it is the calls that every figure is over, with these columns more:",
        "`local`, `in_hours`, `person`, `answered`, `missed`, `talked_s`, `qualified`.",
        "",
    ]
    for name, table in schema.TABLES.items():
        lines += [f"## `{name}`", "", said["tables"][name], ""]
        private = schema.private_columns(name)
        rows = [
            (
                f"`{column}`",
                _column_kind(facts),
                said["columns"].get(f"{name}.{column}") or said["columns"][column],
                ", ".join(
                    word
                    for word, holds in (
                        ("never missing", not facts.nullable),
                        ("unique", facts.unique),
                        ("private", column in private),
                    )
                    if holds
                ),
            )
            for column, facts in table.columns.items()
        ]
        lines += _table(("column", "type", "what it is", ""), rows)
    return "\n".join(lines)


def definitions_() -> str:
    """Return what the words of the reports mean, as the reports themselves say it."""
    lines = _page("What the words mean", "definition qualified missed answered spam calls people")
    lines += ["Every report defines these words so, with the numbers of your own settings.", ""]
    for word, meaning in definitions(Settings()).items():
        lines += [f"## {sentence(word)}", "", meaning, ""]
    return "\n".join(lines)


def mapping_fields() -> str:
    """Return the fields that a mapping can fill."""
    lines = _page("Fields of a mapping", "mapping fields columns unknown phone system spreadsheet")
    lines += [
        "`calltrack fields` prints them. [Any phone system](../howto/any-system.md) has an",
        "example of a mapping, and [providers](../providers.md) all of its forms.",
        "",
    ]
    for kind in ("calls", "spend"):
        lines += [f'## `kind = "{kind}"`', ""]
        rows = [(f"`{name}`", meaning) for name, meaning in fields_of(kind).items()]
        lines += _table(("field", "what it is"), rows)
    return "\n".join(lines)


def reports() -> str:
    """Return the parameters of each report's notebook."""
    lines = _page("Reports and their parameters", "report parameters notebook papermill period by")
    lines += ["`calltrack report --list` prints them. Give one with `-p NAME=VALUE`.", ""]
    for name in reporting.report_names():
        found = reporting.inspect(shipped.notebooks() / f"{name}.ipynb")
        rows = [
            (f"`{one.name}`", one.kind, f"`{one.default!r}`", one.help) for one in found.values()
        ]
        lines += [f"## `{name}`", ""]
        lines += _table(("parameter", "type", "default", "what it is"), rows)
    return "\n".join(lines)


def audit_checks() -> str:
    """Return what the audit asks, how bad a no is, and what to do then."""
    lines = _page("Checks of the audit", "audit checks broken warning note misrouted number")
    lines += [
        "`calltrack audit` asks these. *Broken* loses calls or credits them wrongly, *warning*",
        "costs calls or trust, *note* is to be known. A check that lacks data says so.",
        "",
    ]
    rows = [(f"`{one.name}`", one.severity, one.question, one.fix) for one in CHECKS]
    return "\n".join(lines + _table(("check", "how bad", "question", "what to do"), rows))


def messages() -> str:
    """Return every error that a user can mend, by its message."""
    lines = _page("Messages", "error message problem failed cannot fix troubleshooting")
    lines += [
        "Each message says what is wrong, where, and what to do. … stands for what differs.",
        "",
    ]
    by_kind: dict[str, dict[str, dict[str, None]]] = {}
    for one in messages_in_code.messages():
        told = by_kind.setdefault(one.kind, {}).setdefault(one.text, {})
        told.update(dict.fromkeys(remedy.rstrip(".") for remedy in one.remedies))
    for kind, said in sorted(by_kind.items()):
        lines += [f"## {kind}", "", _first(getattr(errors, kind).__doc__), ""]
        rows = [(text, " Or: ".join(said[text]) or "—") for text in sorted(said)]
        lines += _table(("message", "what to do"), rows)
    return "\n".join(lines)


def python() -> str:
    """Return the page of the public names, which Sphinx fills from the docstrings."""
    lines = _page("Python", "python api workbench methods notebook functions")
    lines += ["Every example on this page is run as a test.", "", "```{eval-rst}"]
    first = ("open_workspace", "Workbench", "init_workspace")
    for name in (*first, *(each for each in calltrack_nb.__all__ if each not in first)):
        thing = getattr(calltrack_nb, name)
        home = f"{thing.__module__}.{thing.__qualname__}"
        title = f"calltrack_nb.{name}"
        lines += ["", title, "-" * len(title), ""]
        if not isinstance(thing, type):
            lines += [f".. autofunction:: {home}"]
        elif issubclass(thing, BaseModel):
            lines += [f".. autoclass:: {home}", "   :no-members:"]
            lines += [f"   :exclude-members: {', '.join(vars(BaseModel))}"]
        else:
            lines += [f".. autoclass:: {home}", "   :members:"]
    lines += ["", "```", "", "## What the methods give", ""]
    lines += ["Where a base is named, its methods are there too.", "", "```{eval-rst}"]
    for result, methods in {BaseResult: [], Result: [], Check: [], **given()}.items():
        title = result.__qualname__
        lines += ["", title, "-" * len(title), ""]
        lines += [f"Given by {', '.join(f'``ws.{name}``' for name in methods)}.", ""] * bool(
            methods
        )
        lines += [f".. autoclass:: {result.__module__}.{title}"]
        if result is BaseResult or dataclasses.is_dataclass(result):  # no widget's traits
            lines += ["   :members:"]
        lines += ["   :show-inheritance:"] * (result is not BaseResult)
    return "\n".join([*lines, "", "```", ""])


def given() -> dict[type, list[str]]:
    """Return the classes in which the workbench answers, and which methods give each."""
    found: dict[type, list[str]] = {}
    for name, method in inspect.getmembers(calltrack_nb.Workbench):
        function = getattr(method, "fget", method)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        for word in re.findall(r"\w+", str(function.__annotations__.get("return"))):
            thing = _imported(function.__module__).get(word)
            if isinstance(thing, type) and word not in calltrack_nb.__all__:
                found.setdefault(thing, []).append(name)
    return found


@cache
def _imported(module: str) -> dict[str, Any]:
    """Return what a module imports of ours, for its annotations too, by its name there."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    lines = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        one.name: getattr(importlib.import_module(line.module), one.name)
        for line in lines
        if line.module and line.module.startswith("calltrack_nb.")
        for one in line.names
    }


def _page(title: str, keywords: str) -> list[str]:
    """Begin a page: its title, and the words by which the search finds it."""
    return [
        "---",
        "myst:",
        "  html_meta:",
        f"    keywords: {', '.join(keywords.split())}",
        "---",
        f"# {title}",
        "",
    ]


def _all_commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    below = getattr(command, "commands", {})
    if not below or getattr(command, "invoke_without_command", False):
        yield name, command
    for each, inner in below.items():
        yield from _all_commands(inner, f"{name} {each}")


def _help(text: str) -> str:
    """Turn a help text into Markdown: what is set verbatim for a terminal stays so."""
    parts = []
    for part in re.split(r"\n\s*\n", text.strip()):
        verbatim = part.lstrip().startswith("\b")
        plain = re.sub(r"^\s*\x08\n", "", part) if verbatim else " ".join(part.split())
        parts.append(f"```text\n{plain}\n```" if verbatim else _cell(plain))
    return "\n\n".join(parts)


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    written = [" | ".join(header), " | ".join("---" for _ in header)]
    written += [" | ".join(map(_cell, row)) for row in rows]
    return [*(f"| {line} |" for line in written), ""]


def _cell(text: str) -> str:
    """Write text that Markdown leaves as it is, but for code."""
    parts = re.split(r"(`[^`]*`)", str(text).replace("\n", " "))
    plain = [
        re.sub(r"([\[\]<>*_])", r"\\\1", each) if at % 2 == 0 else each
        for at, each in enumerate(parts)
    ]
    return "".join(plain).replace("|", "\\|")


def _code(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _first(text: str | None) -> str:
    """Return the first paragraph of a docstring."""
    return _code((text or "").strip().partition("\n\n")[0])


def _plain(value: Any) -> str:
    if value is None or value in ({}, (), ""):
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(annotation: Any) -> str:
    text = str(annotation)
    if allowed := re.search(r"Literal\[(.*?)\]", text):
        return allowed[1].replace("'", "").replace(", ", " or ")
    for found, word in (
        ("dict", "table"),
        ("tuple", "list"),
        ("bool", "true or false"),
        ("Decimal", "number"),
        ("float", "number"),
        ("int", "whole number"),
    ):
        if found in text:
            return word
    return "text"


def _column_kind(column: Any) -> str:
    dtype = column.dtype.type
    if isinstance(dtype, pd.CategoricalDtype):
        return "one of " + ", ".join(dtype.categories)
    text = str(dtype)
    for found, word in (
        ("decimal", "money"),
        ("date32", "date"),
        ("list", "list of texts"),
        ("datetime", "time"),
        ("string", "text"),
        ("str", "text"),
    ):
        if found in text:
            return word
    return _TYPES[text]


if __name__ == "__main__":
    write(ROOT / "docs" / "reference")
