"""Which reports there are, and where their notebooks lie."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calltrack_nb import shipped
from calltrack_nb.errors import ReportError

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace

CLIENTS: Final = "clients"
"""The report over all clients of a workspace; it is made beside those of each."""


def report_names() -> tuple[str, ...]:
    """Return the reports that ship with the package, in alphabetical order.

    A notebook whose metadata say ``{"calltrack": {"report": false}}`` is one to work
    in, not a report.
    """
    return tuple(
        path.stem for path in sorted(shipped.notebooks().glob("*.ipynb")) if _is_report(path)
    )


def find_notebook(workspace: Workspace, name_or_path: str | Path) -> Path:
    """Find a report's notebook: the workspace's own, else the one that ships.

    A copy that nobody changed is none of its own: after an update the new one is taken.

    Parameters
    ----------
    workspace : Workspace
        Whose copies come first.
    name_or_path : str or pathlib.Path
        A name such as ``listen_and_learn``, or the path of any notebook.

    Raises
    ------
    ReportError
        When there is no such notebook, with the nearest names.
    """
    text = str(name_or_path)
    path = Path(text).expanduser()
    if path.suffix == ".ipynb" or len(path.parts) > 1:
        if not path.is_file():
            raise ReportError("There is no such notebook", where=path)
        return _newest(path.resolve())
    own = workspace.folder / "notebooks"
    for folder in (own, shipped.notebooks()):
        if (folder / f"{text}.ipynb").is_file():
            return _newest(folder / f"{text}.ipynb")
    known = sorted({*report_names(), *(found.stem for found in own.glob("*.ipynb"))})
    near = difflib.get_close_matches(text.replace("-", "_"), known, n=1)
    raise ReportError(
        "There is no such report",
        where=text,
        fix=f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}",
    )


def _newest(notebook: Path) -> Path:
    """Return the notebook that ships in place of a copy of it that nobody changed."""
    twin = shipped.notebooks() / notebook.name
    return twin if twin.is_file() and shipped.is_untouched(notebook) else notebook


def _is_report(path: Path) -> bool:
    metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
    return bool(metadata.get("calltrack", {}).get("report", True))
