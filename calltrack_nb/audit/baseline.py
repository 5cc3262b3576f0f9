"""The baseline: findings that somebody has looked at and accepted.

A TOML file that people may edit; comments in it survive an update.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calltrack_nb.errors import SettingsError

_HEAD = (
    "Findings of calltrack audit that are known and accepted. Remove an entry to see its "
    "finding again; with until = 2027-01-31 it returns by itself."
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted finding.

    Parameters
    ----------
    finding : str
        Its key, as the audit prints it.
    reason : str
        Why it is accepted.
    on : datetime.date or None
        When that was decided.
    until : datetime.date or None
        The last day it holds; None for good.
    """

    finding: str
    reason: str = ""
    on: dt.date | None = None
    until: dt.date | None = None


def read_baseline(path: Path) -> tuple[Accepted, ...]:
    """Read a baseline.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that does not exist is an empty baseline.

    Raises
    ------
    SettingsError
        When the file is not TOML or an entry is not understood.
    """
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            "The baseline cannot be read",
            where=f"{path} ({error})",
            fix="Fix the TOML syntax, or remove the file",
        ) from error
    entries = content.get("accepted", [])
    if not isinstance(entries, list):
        raise SettingsError(
            "accepted must be a list of tables", where=path, fix="Write [[accepted]]"
        )
    return tuple(_entry(entry, place, path) for place, entry in enumerate(entries, start=1))


def _entry(entry: object, place: int, path: Path) -> Accepted:
    where = f"{path}, entry {place}"
    if not isinstance(entry, dict) or not isinstance(entry.get("finding"), str):
        raise SettingsError(
            "An accepted finding has no key", where=where, fix='Write finding = "…"'
        )
    unknown = set(entry) - {"finding", "reason", "on", "until"}
    if unknown:
        raise SettingsError(
            "A baseline has no such field",
            where=f"{where}: {', '.join(sorted(unknown))}",
            fix="Use finding, reason, on or until",
        )
    for field in ("on", "until"):
        if entry.get(field) is not None and type(entry[field]) is not dt.date:
            raise SettingsError(
                f"{field} is not a date", where=where, fix=f"Write {field} = 2027-01-31, unquoted"
            )
    return Accepted(
        entry["finding"], str(entry.get("reason", "")), entry.get("on"), entry.get("until")
    )


def accept(text: str, findings: Iterable[str], *, reason: str, on: dt.date) -> str:
    """Add findings to the text of a baseline.

    Parameters
    ----------
    text : str
        What the file holds so far; may be empty.
    findings : iterable of str
        Keys to accept; those already there are left as they are.
    reason : str
        Why.
    on : datetime.date
        When it was decided.

    Returns
    -------
    str
        The new text, comments kept.

    Examples
    --------
    >>> text = accept("", ["spam/main/+1"], reason="known", on=dt.date(2026, 9, 1))
    >>> 'finding = "spam/main/+1"' in text
    True
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SettingsError(
            "The baseline is not TOML",
            where=str(error),
            fix="Fix the TOML syntax, or remove the file",
        ) from error
    if not text.strip():
        document.add(tomlkit.comment(_HEAD))
        document.add(tomlkit.nl())
    if "accepted" not in document:
        document.add("accepted", tomlkit.aot())
    entries = document["accepted"]
    known = {entry["finding"] for entry in entries}
    for finding in dict.fromkeys(findings):
        if finding in known:
            continue
        entry = tomlkit.table()
        entry.add("finding", finding)
        entry.add("reason", reason)
        entry.add("on", on)
        entries.append(entry)
    return tomlkit.dumps(document)
