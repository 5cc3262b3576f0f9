"""The short dialogue about a file that can be read in more than one way."""

from __future__ import annotations

import tomllib
from typing import Any

import click
import tomlkit

from calltrack_nb.workspace.importing import FileImport


def answered(file: FileImport) -> str:
    """Ask for the open places of a file's mapping.

    Parameters
    ----------
    file : FileImport
        With a proposal.

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
            answer = choose(f"Column for {name}", columns)
            if answer is None:
                del fields[name]
            else:
                fields[name] = answer
        elif isinstance(value, dict) and value.get("unit") == "":
            value["unit"] = click.prompt(
                f"{name}: what do the numbers of {value['column']} count",
                type=click.Choice(["s", "min", "ms", "h"]),
            )
    if "started_at" not in fields or not click.confirm("Read the file so?", default=True):
        return ""
    text = tomlkit.dumps(block)
    tomllib.loads(text)
    return text


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
        click.echo("That is no number of the list.")
