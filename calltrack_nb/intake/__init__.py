"""Import files into a workspace: all of a file or nothing of it, and never twice.

A file is first read to its end into staged parts; only then do its rows enter the
tables, month by month. A file that was imported before is passed over; one that was
imported under other settings replaces what it gave then. The table of calls is made
anew from the sightings of every month that changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from calltrack_nb.intake.committing import commit
from calltrack_nb.intake.report import FileImport, ImportReport
from calltrack_nb.intake.staging import ComingFile, Stage, stage_file
from calltrack_nb.workspace import Workspace

__all__ = ["FileImport", "ImportReport", "import_files"]


def import_files(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    provider: str | None = None,
    progress: bool = False,
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
    progress : bool
        Whether to draw a progress bar on the terminal.

    Returns
    -------
    ImportReport
        A file that cannot be read is a line among its problems; the others are
        imported all the same.
    """
    chosen = list(paths)
    workspace.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workspace.state, prefix="import-") as folder:
        stage = Stage(Path(folder), workspace)
        files = []
        with tqdm(chosen, desc="import", unit="file", disable=not progress) as bar:
            for path in bar:
                bar.set_postfix_str(path.name)
                files.append(stage_file(stage, ComingFile(path, workspace, provider), bar))
        return commit(stage, files)
