"""A workspace's own notebooks are code: none runs before somebody has trusted it.

A workspace is a folder that may come from others, and a notebook in it goes before the one of
its name that ships. What is trusted is remembered where Jupyter remembers it, signed with a key
of this user's, and not in the workspace: there it would travel with the folder, and whoever
sends the notebook could send the trust along. So a notebook that was run and saved in JupyterLab,
or named to ``jupyter trust``, is trusted here too, and any change of it ends that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calltrack_nb import shipped
from calltrack_nb.errors import ReportError

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace


def refuse_untrusted(workspace: Workspace, notebook: Path) -> None:
    """Refuse a notebook of the workspace's that does not ship and nobody has trusted.

    Parameters
    ----------
    workspace : Workspace
    notebook : pathlib.Path
        As it was found; one that lies elsewhere was chosen by its path.

    Raises
    ------
    ReportError
        Which says how to trust it.
    """
    if not _lies_in(workspace, notebook) or _ships(notebook) or _is_trusted(notebook):
        return
    raise ReportError(
        "This notebook differs from the built-in one, and running it runs any code in it",
        where=notebook,
        fix=f"Read it, then trust it once: calltrack report {notebook.stem} --trust. Or delete it "
        "to use the built-in one",
    )


def trust(notebook: Path) -> None:
    """Trust a notebook as it is now.

    Parameters
    ----------
    notebook : pathlib.Path

    Raises
    ------
    ReportError
        When it is no notebook, or there is no place to remember it in.
    """
    with _notary(notebook) as (notary, content):
        notary.sign(content)
        if not notary.check_signature(content):
            raise OSError("nothing is remembered")


def _lies_in(workspace: Workspace, notebook: Path) -> bool:
    places = (notebook.absolute(), notebook.resolve())
    return any(place.is_relative_to(workspace.folder) for place in places)


def _ships(notebook: Path) -> bool:
    twin = shipped.notebooks() / notebook.name
    if not twin.is_file():
        return False
    try:
        own, ours = (json.loads(path.read_text(encoding="utf-8")) for path in (notebook, twin))
        return shipped.read_and_run(own) == shipped.read_and_run(ours)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def _is_trusted(notebook: Path) -> bool:
    try:
        with _notary(notebook) as (notary, content):
            return bool(notary.check_signature(content))
    except ReportError:
        return False


@contextmanager
def _notary(notebook: Path) -> Iterator[tuple[Any, Any]]:
    import nbformat.sign  # noqa: PLC0415 - heavy
    from jupyter_core.paths import jupyter_data_dir  # noqa: PLC0415 - heavy

    jupyter: Any = nbformat
    try:
        folder = Path(jupyter_data_dir())
        folder.mkdir(parents=True, exist_ok=True)
        with jupyter.sign.NotebookNotary(data_dir=str(folder)) as notary:
            yield notary, jupyter.read(notebook, as_version=4)
    except (OSError, RuntimeError, sqlite3.Error) as error:
        raise ReportError(
            "The list of trusted notebooks cannot be saved",
            where=str(error),
            fix="Set JUPYTER_DATA_DIR to a writable folder",
        ) from error
    except Exception as error:
        raise ReportError("This is not a notebook", where=f"{notebook} ({error!r})") from error
