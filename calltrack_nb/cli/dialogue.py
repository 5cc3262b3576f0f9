"""The short dialogue about a file that can be read in more than one way."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any, Final

import click
import pandas as pd
import tomlkit

from calltrack_nb import schema
from calltrack_nb.errors import visible
from calltrack_nb.phrasing import listed, plural
from calltrack_nb.providers import Preview
from calltrack_nb.providers.source import TELLING_DIRECTION, TELLING_STATUS
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES, read_words
from calltrack_nb.workspace.importing import FileImport

_SHOWN: Final = 12
_TOLD_BY: Final = {
    "direction": set(TELLING_DIRECTION),
    "status": set(TELLING_STATUS),
}
_READ_AS: Final = {
    "direction": (DIRECTIONS, schema.DIRECTIONS),
    "status": (STATUSES, schema.STATUSES),
}
_QUESTIONS: Final = {
    "direction": "No column tells which way calls went. Is it one of these?",
    "status": "No column tells whether calls were answered. Is it one of these?",
}
_WITHOUT: Final = {
    "direction": "direction: not known, every call counts as inbound",
    "status": "status: not known, no call counts as answered or missed by a word of the file",
}
NOTHING: Final = "nothing"
"""The answer that a word says nothing."""


def answered(file: FileImport, read: Callable[[str], Preview] | None = None) -> str:
    """Ask for the open places of a file's mapping.

    Parameters
    ----------
    file : FileImport
        With a proposal.
    read : callable, optional
        How the file would be read by a mapping, which is shown before the last question.

    Returns
    -------
    str
        The mapping with the answers; empty where the user skipped the file.
    """
    block = tomlkit.parse(file.proposal)
    mapping: Any = block["mapping"]
    fields = mapping[0]["fields"]
    columns = [str(column) for column in mapping[0]["columns"]]
    click.echo(f"\n{file.file}\n{file.problem}\n")
    for name in list(fields):
        value = fields[name]
        if value == "":
            answer = choose(f"Which column holds {name}?", columns)
            if answer is None:
                del fields[name]
            else:
                fields[name] = answer
        elif isinstance(value, dict) and value.get("unit") == "":
            value["unit"] = click.prompt(
                f"{name}: in what unit are the numbers of {value['column']}?",
                type=click.Choice(["s", "min", "ms", "h"]),
            )
        elif isinstance(value, dict) and "" in value.get("values", {}).values():
            ask_words(name, value)
            if not value["values"]:
                del fields[name]
    if "started_at" not in fields:
        return ""
    _ask_left_out(block, read)
    text = tomlkit.dumps(block)
    tomllib.loads(text)
    if read is not None:
        click.echo(_shown(read(text)))
    return text if click.confirm("Read the file like this?", default=True) else ""


def _ask_left_out(block: Any, read: Callable[[str], Preview] | None) -> None:
    """Ask whether a column that is left out tells the direction of calls, or their status."""
    if read is None:
        return
    fields = block["mapping"][0]["fields"]
    for name, telling in _TOLD_BY.items():
        words = {} if telling & set(fields) else read(tomlkit.dumps(block)).words
        if not words:
            continue
        columns = list(words)
        shown = [f"{visible(one)} ({visible(listed(words[one], _SHOWN))})" for one in columns]
        answer = choose(_QUESTIONS[name], shown)
        if not isinstance(answer, str):
            click.echo(_WITHOUT[name])
            continue
        column = columns[shown.index(answer)]
        meant = read_words(pd.Series(words[column], dtype="str"), *_READ_AS[name]).series
        known = dict(zip(words[column], meant, strict=True))
        source = {
            "column": column,
            "values": {word: "" if pd.isna(said) else str(said) for word, said in known.items()},
        }
        ask_words(name, source)
        if source["values"]:
            fields[name] = source


def _shown(preview: Preview) -> str:
    """Say what each field is read from, with a value as it would be read, and what is left out."""
    if preview.problem:
        return visible(preview.problem)
    columns = preview.columns
    lines = ["", "It would be read like this:"]
    for name in dict.fromkeys(", ".join(columns["field"]).split(", ")):
        if not name:
            continue
        from_ = columns[[name in said.split(", ") for said in columns["field"]]]
        value = f" -> {preview.rows[name].iloc[0]}" if name in preview.rows else ""
        texts = " ".join(from_["example"])
        lines.append(f"  {name:<16} from {' + '.join(from_['column'])}: {texts}{value}")
    filled = {name for said in columns["field"] for name in said.split(", ")}
    lines += [f"  {_WITHOUT[name]}" for name, telling in _TOLD_BY.items() if not telling & filled]
    if left := list(columns.loc[columns["field"] == "", "column"]):
        lines.append(f"  left out: {', '.join(left)}")
    lost = len(preview.quarantine)
    if lost:
        lines.append(f"  {plural(lost, 'value')} of the first rows could not be read, such as:")
        first = preview.quarantine.iloc[0]
        lines.append(f"    {first['column']}: {first['value']} ({first['reason']})")
    return visible("\n".join(lines))


def ask_words(name: str, source: Any) -> None:
    """Ask what the open words of a column mean, one by one; those that mean nothing are left out.

    Parameters
    ----------
    name : str
        The field, ``direction`` or ``status``.
    source : dict
        Its entry in the mapping, changed in place.
    """
    _, meanings = _READ_AS[name]
    for word, meant in list(source["values"].items()):
        if meant:
            continue
        said = click.prompt(
            f"{name}: what does “{visible(word)}” in {visible(source['column'])} mean?",
            type=click.Choice([*meanings, NOTHING]),
        )
        if said == NOTHING:
            del source["values"][word]
        else:
            source["values"][word] = said


def choose(question: str, columns: list[str]) -> str | list[str] | None:
    """Let the user pick a column by its number, two of them joined, or none.

    Returns
    -------
    str, list of str or None
        The column, the two columns to join, or None where the file has none.
    """
    for number, column in enumerate(columns, start=1):
        click.echo(f"  {number:>2}  {column}")
    while True:
        said = click.prompt(f"{question} (a number, two as 1+2, or 0 for none)", type=str)
        numbers = [part.strip() for part in said.split("+")]
        if numbers == ["0"]:
            return None
        if all(part.isdigit() and 0 < int(part) <= len(columns) for part in numbers):
            chosen = [columns[int(part) - 1] for part in numbers]
            return chosen[0] if len(chosen) == 1 else chosen
        click.echo("That number is not in the list.")
