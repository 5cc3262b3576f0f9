"""Import files into a workspace: all of a file or nothing of it, and never twice.

A file is first read to its end into staged parts; only then do its rows enter the
tables, month by month. A file that was imported before is passed over; one that was
imported under other settings replaces what it gave then. The table of calls is made
anew from the provider calls of every month that changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from tqdm import tqdm

from calltrack_nb import providers
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.settings import FILE_NAME, Settings, parse_settings
from calltrack_nb.workspace.importing.committing import commit
from calltrack_nb.workspace.importing.keeping import keep_copies
from calltrack_nb.workspace.importing.report import FileImport, ImportReport
from calltrack_nb.workspace.importing.staging import ComingFile, Stage, own_numbers, stage_file
from calltrack_nb.workspace.store import Workspace, open_workspace
from calltrack_nb.workspace.writing import replacing

__all__ = ["FileImport", "ImportReport", "add_mappings", "import_files", "preview"]


def import_files(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    provider: str | None = None,
    again: bool = False,
    progress: bool = False,
    ask: bool = False,
) -> ImportReport:
    """Import exports into a workspace.

    Parameters
    ----------
    workspace : Workspace
        Whose lock the caller holds.
    paths : iterable of pathlib.Path
        Files of any provider, in any order.
    provider : str, optional
        The provider, where it is not to be recognised by the columns.
    again : bool
        Whether to read files anew that were imported before, or that failed and have not
        changed since.
    progress : bool
        Whether to draw a progress bar on the terminal.
    ask : bool
        Whether somebody can be asked: a file whose columns left out may tell which way calls
        went is then given back with a proposal, and not read.

    Returns
    -------
    ImportReport
        A file that cannot be read is a line among its problems; the others are
        imported all the same. Files from elsewhere are copied into ``data/raw``.

    Raises
    ------
    SettingsError
        When a mapping of ``calltrack.toml`` names a field that does not exist.
    """
    chosen = list(paths)
    providers.user_mappings(workspace.settings)  # a mistake in them concerns every file
    workspace.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workspace.state, prefix="import-") as folder:
        stage = Stage(Path(folder), workspace)
        files = []
        with tqdm(chosen, desc="import", unit="file", disable=not progress) as bar:
            for path in bar:
                bar.set_postfix_str(path.name)
                coming = ComingFile(path, workspace, provider)
                files.append(stage_file(stage, coming, bar, again=again, ask=ask))
        stage.failures.keep(workspace)
        keep_copies(stage.copies)
        return commit(stage, files)


def preview(
    path: str | Path, workspace: Workspace | None = None, *, provider: str | None = None
) -> providers.Preview:
    """Say how a file would be read, without importing anything.

    Parameters
    ----------
    path : str or pathlib.Path
    workspace : Workspace, optional
        Whose settings and inventory of numbers are used; the one at hand otherwise, and
        without any the settings' defaults.
    provider : str, optional
        The provider, where it is not to be found out.

    Returns
    -------
    Preview
        JupyterLab shows it as a page; its ``text`` is for a terminal.
    """
    if workspace is None:
        with suppress(WorkspaceError):
            workspace = open_workspace(or_sample=False)
    settings = workspace.settings if workspace else Settings()
    own = own_numbers(workspace) if workspace else frozenset[str]()
    return providers.preview_file(
        Path(path).expanduser(), settings, provider=provider, own_numbers=own
    )


def add_mappings(workspace: Workspace, blocks: Sequence[str]) -> None:
    """Append ``[[mapping]]`` blocks to ``calltrack.toml``, whole or not at all.

    Raises
    ------
    SettingsError
        When the settings would not be valid with them; nothing is written then.
    """
    path = workspace.folder / FILE_NAME
    text = "\n".join([path.read_text(encoding="utf-8").rstrip(), *blocks])
    providers.user_mappings(parse_settings(text, where=str(path)))
    with replacing(path) as draft:
        draft.write(text.encode())
