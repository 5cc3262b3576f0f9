"""What the user calls themes: ``themes.toml`` edited without losing the user's comments."""

from __future__ import annotations

from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

THEME_NAMES: Final = "themes.toml"

_HEAD: Final = (
    'Themes in your own words. [names] T003 = "Wedding cakes" renames, [merge] T007 = "T003" '
    'joins, [seeds] "Gluten free" = ["is it gluten free"] looks for a theme you name.'
)


def rename_theme(workspace: Workspace, theme_id: str, name: str) -> None:
    """Give a theme the user's name.

    Raises
    ------
    WorkspaceError
        When the workspace has no such theme, or ``themes.toml`` is not TOML.
    """
    _check_known(workspace, theme_id)
    _write(workspace, "names", theme_id, name)


def merge_themes(workspace: Workspace, theme_id: str, into: str) -> None:
    """Count a theme's calls under another theme from now on.

    Raises
    ------
    WorkspaceError
        When the workspace lacks one of the themes, they are the same, or
        ``themes.toml`` is not TOML.
    """
    _check_known(workspace, theme_id)
    _check_known(workspace, into)
    if theme_id == into:
        raise WorkspaceError("A theme cannot be merged into itself", where=theme_id)
    _write(workspace, "merge", theme_id, into)


def _check_known(workspace: Workspace, theme_id: str) -> None:
    known = workspace.table("themes")["theme_id"].tolist()
    if theme_id not in known:
        raise WorkspaceError(
            "There is no such theme",
            where=theme_id,
            fix=f"Use one of {', '.join(known)}" if known else "Run calltrack report first",
        )


def _write(workspace: Workspace, table: str, key: str, value: str) -> None:
    path = workspace.folder / THEME_NAMES
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    except TOMLKitError as error:
        raise WorkspaceError(
            "The theme names cannot be read", where=f"{path} ({error})", fix="Mend the file"
        ) from error
    if not document:
        document.add(tomlkit.comment(_HEAD))
    document.setdefault(table, tomlkit.table())[key] = value
    with replacing(path) as draft:
        draft.write(tomlkit.dumps(document).encode())
