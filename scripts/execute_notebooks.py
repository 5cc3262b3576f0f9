"""Run the notebooks again on the pinned workspace and keep their outputs in them.

``--pin WORKSPACE`` first takes over the transcripts of a workspace made from the sample
and brought up to date, such as data/sample after ``make reports``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tests, which are not installed

from calltrack_nb.workspace import VARIABLE, open_workspace
from tests.pinned import workspace as pinned


def execute(path: Path) -> None:
    """Run a notebook with its defaults and write it back with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{path.stem.replace('_', '-')[:24]}-{number}"
    client = NotebookClient(notebook, kernel_name="python3", record_timing=False, timeout=600)
    client.execute(cwd=str(path.parent))
    notebook.metadata = {
        **{key: value for key, value in notebook.metadata.items() if key == "calltrack"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def main() -> None:
    """Read the arguments and run each notebook."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="all of notebooks/ by default")
    parser.add_argument("--pin", metavar="WORKSPACE", type=Path)
    asked = parser.parse_args()
    if asked.pin:
        print(f"{pinned.pin(open_workspace(asked.pin))} transcripts pinned")
    with tempfile.TemporaryDirectory() as folder:
        workspace = pinned.build(Path(folder) / "pinned")
        os.environ[VARIABLE] = str(workspace.folder)
        for path in asked.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
            execute(path.resolve())
            print(path.name)


if __name__ == "__main__":
    main()
