"""Import a file into a workspace of its own, and take out what became of it."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from calltrack_nb import init_workspace, open_workspace
from calltrack_nb.workspace import importing
from tools.intake.files import Case


@dataclass(frozen=True, slots=True)
class Reading:
    """What an import made of a file.

    Parameters
    ----------
    calls : list of dict
        ``started_at``, ``caller``, ``duration_s``, ``talk_s``, ``direction``, ``status``.
    notes : set of tuple
        Record (0 for the whole file) and column of each entry in quarantine.
    unrecognised : frozenset of str
        Columns the report says nothing was done with.
    providers : frozenset of str
    problem : str
        Why nothing was imported.
    """

    calls: list[dict[str, object]]
    notes: set[tuple[int, str]] = field(default_factory=set)
    unrecognised: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    problem: str = ""


def read_case(case: Case) -> Reading:
    """Import a file into a workspace of its own, in this process."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        shop = Path(folder) / "shop"
        init_workspace(shop)
        if case.settings:
            (shop / "calltrack.toml").write_text(case.settings, "utf-8")
        workspace = open_workspace(shop)
        with warnings.catch_warnings(), workspace.lock():
            warnings.simplefilter("ignore")
            report = importing.import_files(workspace, [case.path])
        calls = workspace.table("calls")
        quarantine = workspace.table("quarantine")
    rows = quarantine["row"].fillna(0).astype("int64").tolist()
    columns = quarantine["column"].fillna("").astype(str).tolist()
    named = {file.provider for file in report.files if file.provider}
    return Reading(
        calls=_plain(calls),
        notes=set(zip(rows, columns, strict=True)),
        unrecognised=frozenset(name for file in report.files for name in file.unrecognised),
        providers=frozenset(named | set(calls["provider"].dropna().astype(str))),
        problem=" ".join(report.problems),
    )


def _plain(calls: pd.DataFrame) -> list[dict[str, object]]:
    """Return the calls as plain values, None where there is none."""
    columns = {
        "started_at": calls["started_at"],
        "caller": calls["caller_number"],
        "duration_s": calls["duration_s"],
        "talk_s": calls["talk_s"],
        "direction": calls["direction"],
        "status": calls["status"],
    }
    names = list(columns)
    return [
        {
            name: None if pd.isna(value) else _python(value)
            for name, value in zip(names, row, strict=True)
        }
        for row in zip(*columns.values(), strict=True)
    ]


def _python(value: object) -> object:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
