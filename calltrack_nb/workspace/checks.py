"""People's checks of calls, kept in the workspace: a file for each call and reviewer.

Several people may review one workspace at once, and a review may be broken off anywhere: a
file is written whole or not at all, and nobody writes another's. Beside them lies how the calls
are drawn. No words of a call stand in any of these files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from calltrack_nb.checking import DRAWN, THEME, Check, Draw, mark
from calltrack_nb.errors import ReviewError
from calltrack_nb.themes import read_theme_names
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.theme_names import THEME_NAMES
from calltrack_nb.workspace.writing import replacing

_DRAW: Final = "draw.json"


class _Draw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    seed: str
    rare: list[str]
    strata: dict[str, str]


class _Draws(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    accounts: dict[str, _Draw]


def folder_of_checks(workspace: Workspace) -> Path:
    """Return the folder that holds the checks."""
    return workspace.folder / "data" / "checks"


def read_checks(workspace: Workspace) -> tuple[Check, ...]:
    """Read every check of a workspace, the earliest first.

    What was said of a theme that is merged into another counts for that one.

    Raises
    ------
    ReviewError
        When a file is no check.
    """
    merges = {
        mark(THEME, old): mark(THEME, new)
        for old, new in read_theme_names(workspace.folder / THEME_NAMES).merges.items()
    }
    checks = [_merged(check, merges) for _, check in _files(workspace)]
    return tuple(sorted(checks, key=lambda check: (check.checked_at, check.call_id)))


def save_check(workspace: Workspace, check: Check) -> Path:
    """Keep a check; the same person's earlier one of the call is replaced."""
    reviewer, call = (_name(text) for text in (check.reviewer, check.call_id))
    path = folder_of_checks(workspace) / reviewer / f"{call}.json"
    with replacing(path) as draft:
        draft.write(check.to_json().encode())
    return path


def measured_calls(workspace: Workspace) -> frozenset[str]:
    """Return the checked calls that was drawn at random: the machine must learn nothing of them."""
    return frozenset(check.call_id for check in read_checks(workspace) if check.why == DRAWN)


def forget_checks(
    workspace: Workspace, call_ids: AbstractSet[str], *, dry_run: bool = False
) -> int:
    """Drop the checks of calls, and the calls from the draw; return how many checks there were."""
    gone = [path for path, check in _files(workspace) if check.call_id in call_ids]
    if dry_run:
        return len(gone)
    for path in gone:
        path.unlink()
    draws = read_draws(workspace)
    if any(call_ids & draw.strata.keys() for draw in draws.values()):
        kept = {
            account: replace(
                draw,
                strata={
                    call: stratum for call, stratum in draw.strata.items() if call not in call_ids
                },
            )
            for account, draw in draws.items()
        }
        save_draws(workspace, kept)
    return len(gone)


def read_draws(workspace: Workspace) -> dict[str, Draw]:
    """Read how each client's calls are drawn; empty before the first review.

    Raises
    ------
    ReviewError
        When the file was changed into something else.
    """
    path = folder_of_checks(workspace) / _DRAW
    if not path.is_file():
        return {}
    try:
        stored = _Draws.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, ValueError) as error:
        raise ReviewError(
            "The record of how calls were drawn cannot be read",
            where=path,
            fix="Restore the file; without it the checks so far cannot be used",
        ) from error
    return {
        account: Draw(draw.seed, tuple(draw.rare), draw.strata)
        for account, draw in stored.accounts.items()
    }


def save_draws(workspace: Workspace, draws: dict[str, Draw]) -> None:
    """Keep how each client's calls are drawn."""
    stored = _Draws(
        accounts={
            account: _Draw(seed=draw.seed, rare=list(draw.rare), strata=draw.strata)
            for account, draw in draws.items()
        }
    )
    with replacing(folder_of_checks(workspace) / _DRAW) as draft:
        draft.write(stored.model_dump_json(indent=1).encode())


def _files(workspace: Workspace) -> Iterator[tuple[Path, Check]]:
    for path in sorted(folder_of_checks(workspace).glob("*/*.json")):
        yield path, Check.from_json(path.read_text(encoding="utf-8"), where=path)


def _merged(check: Check, merges: dict[str, str]) -> Check:
    found, asked = (
        frozenset(merges.get(each, each) for each in part) for part in (check.found, check.asked)
    )
    return replace(check, found=found, asked=asked)


def _name(text: str) -> str:
    """Return a name for a file that says nothing of whom it is about."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
