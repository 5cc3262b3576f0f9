"""What the user says of themes: ``themes.toml`` edited without losing the user's comments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calltrack_nb.errors import WorkspaceError
from calltrack_nb.themes import Question, next_question, open_embedder, read_theme_names
from calltrack_nb.themes.answers import Pair
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

THEME_NAMES: Final = "themes.toml"

_HEAD: Final = (
    'Themes in your own words. [names] T003 = "Wedding cakes" renames a theme. [merge] T007 = '
    '"T003" merges two. [seeds] "Gluten free" = ["is it gluten free"] adds one. [answers] same = '
    '[["call1", "call2"]] lists calls about the same thing, and different those that are not.'
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


def seed_theme(workspace: Workspace, name: str, examples: Sequence[str]) -> None:
    """Look for a theme by a few sentences or words of callers, from now on.

    Raises
    ------
    WorkspaceError
        When there is no name or no example, or ``themes.toml`` is not TOML.
    """
    told = [text.strip() for text in examples if text.strip()]
    if not name.strip() or not told:
        raise WorkspaceError(
            "A theme to look for takes a name and an example",
            where=name,
            fix='Write calltrack themes seed "Gluten free" "is it gluten free"',
        )
    _write(workspace, "seeds", name.strip(), told)


def split_theme(workspace: Workspace, theme_id: str, one: str, other: str) -> None:
    """Part a theme: two of its calls are about different things, and their like go with them.

    Raises
    ------
    WorkspaceError
        When there is no such theme, or it lacks one of the calls.
    """
    _check_known(workspace, theme_id)
    found = workspace.table("call_themes")
    inside = set(found.loc[found["theme_id"] == theme_id, "call_id"].astype(str))
    for call_id in (one, other):
        if call_id not in inside:
            raise WorkspaceError(
                f"Theme {theme_id} has no such call",
                where=call_id,
                fix=f"Take two of its calls, such as {', '.join(sorted(inside)[:3])}",
            )
    answer_question(workspace, one, other, same=False)


def answer_question(workspace: Workspace, first: str, second: str, *, same: bool) -> None:
    """Keep whether two calls are about the same thing; it binds every later fit.

    Raises
    ------
    WorkspaceError
        When one of the calls has no transcript.
    ListeningError
        When the answer contradicts earlier ones; nothing is written then.
    """
    known = set(workspace.table("utterances")["call_id"].astype(str))
    for call_id in (first, second):
        if call_id not in known:
            raise WorkspaceError("No call with a transcript has this id", where=call_id)
    answers = read_theme_names(workspace.folder / THEME_NAMES).answers
    answers = answers.with_answer(first, second, same=same)

    def written(document: Any) -> None:
        table = document.setdefault("answers", tomlkit.table())
        table["same"] = [list(pair) for pair in answers.same]
        table["different"] = [list(pair) for pair in answers.different]

    _edit(workspace, written)


def theme_question(
    workspace: Workspace, account: str | None = None, passed: Collection[Pair] = ()
) -> Question | None:
    """Find the two calls of which it settles most to know whether they are alike.

    Parameters
    ----------
    workspace : Workspace
        Its transcripts were read before.
    account : str, optional
        Whose calls; by default the business's own, or the client's of this view.
    passed : collection of (str, str)
        Pairs of which the user could not tell.

    Returns
    -------
    Question or None
        None where there are too few calls, or nothing is open.
    """
    said = workspace.table("utterances")
    said = said[said["account"] == (account or workspace.settings.business.account)]
    listening = workspace.settings.listening
    return next_question(
        said.reset_index(drop=True),
        open_embedder(listening.embedder, workspace.embeddings),
        listening,
        read_theme_names(workspace.folder / THEME_NAMES).answers,
        passed,
    )


def _check_known(workspace: Workspace, theme_id: str) -> None:
    known = workspace.table("themes")["theme_id"].tolist()
    if theme_id not in known:
        raise WorkspaceError(
            "There is no such theme",
            where=theme_id,
            fix=f"Use one of {', '.join(known)}" if known else "Run calltrack report first",
        )


def _write(workspace: Workspace, table: str, key: str, value: str | list[str]) -> None:
    def written(document: Any) -> None:
        document.setdefault(table, tomlkit.table())[key] = value

    _edit(workspace, written)


def _edit(workspace: Workspace, written: Callable[[Any], None]) -> None:
    path = workspace.folder / THEME_NAMES
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    except TOMLKitError as error:
        raise WorkspaceError(
            "The theme names cannot be read", where=f"{path} ({error})", fix="Fix the TOML syntax"
        ) from error
    if not document:
        document.add(tomlkit.comment(_HEAD))
    written(document)
    with replacing(path) as draft:
        draft.write(tomlkit.dumps(document).encode())
