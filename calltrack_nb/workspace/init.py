"""A new workspace: its folders, its settings to fill in, its copies of the notebooks."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from calltrack_nb import shipped
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.settings import FILE_NAME
from calltrack_nb.workspace.store import Workspace

_FOLDERS: Final = ("data/raw", "data/recordings", "data/tables", "data/transcripts", "reports")


def init_workspace(folder: Path, *, sample: bool = False) -> Workspace:
    """Make a new workspace with editable copies of the report notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that does not exist yet, or is empty.
    sample : bool
        Whether to put the sample shop's logs, recordings and settings into it.

    Raises
    ------
    WorkspaceError
        When the folder already holds something, or cannot be written; then it is
        left as it was.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fix = "Choose a new folder, or work in this one: it is a workspace already"
        raise WorkspaceError(
            "The folder is not empty",
            where=folder,
            fix=fix if (folder / FILE_NAME).exists() else "Choose a new folder",
        )
    made_folder = not folder.exists()
    try:
        _fill(folder, sample=sample)
    except OSError as error:
        _empty(folder, made_folder=made_folder)
        raise WorkspaceError(
            "The workspace cannot be written",
            where=f"{folder} ({error.strerror or str(error)[:200]})",
            fix="Free some space or make the folder writable",
        ) from error
    return Workspace(folder)


def _fill(folder: Path, *, sample: bool) -> None:
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    if sample:
        for name in ("data/raw", "data/recordings"):
            shutil.copytree(shipped.sample() / name, folder / name, dirs_exist_ok=True)
        for file in shipped.sample().glob("*.toml"):
            shutil.copy(file, folder)
    else:
        (folder / FILE_NAME).write_text(_NEW_SETTINGS.format(name=folder.name), encoding="utf-8")
    (folder / "notebooks").mkdir()
    for notebook in sorted(shipped.notebooks().glob("*.ipynb")):
        bare = shipped.without_outputs(notebook.read_text(encoding="utf-8"))
        (folder / "notebooks" / notebook.name).write_text(bare, encoding="utf-8")
    (folder / ".gitignore").write_text("data/\nreports/\n.calltrack/\n", encoding="utf-8")


def _empty(folder: Path, *, made_folder: bool) -> None:
    """Leave a folder as it was: empty, or not there."""
    for child in folder.iterdir() if folder.is_dir() else ():
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
    if made_folder and folder.is_dir():
        folder.rmdir()


_NEW_SETTINGS: Final = """\
# What calltrack_nb should know about the business. Every key is optional.

[business]
name = "{name}"
country = "US"                  # two letters; numbers without a country code are read as its
timezone = "America/New_York"   # times in exports without an offset are this zone's
currency = "USD"
# city = "New York"             # with these two, reports show from how far away people ring
# region = "NY"

[business.hours]                # opening hours, local time
mon = "09:00-17:00"
tue = "09:00-17:00"
wed = "09:00-17:00"
thu = "09:00-17:00"
fri = "09:00-17:00"

[goals]                         # per month; leave out what is not a goal
# qualified_calls = 120
# sales_calls = 60
# feedback_calls = 10
# cost_per_qualified_call = 40
# answer_rate = 0.85

[qualified]                     # a qualified call, where nobody has said so by hand
min_talk_s = 60
staff_numbers = []

[transcription]
engine = "auto"                 # auto, faster-whisper, openai-whisper
model = "tiny.en"               # bundled; or a larger model's name or folder
language = "en"                 # or "auto", with a model that knows several
prefer = "ours"                 # or "provider", where its transcript and the audio are both there
glossary = []                   # names of products and people that callers say

# What differs for one client of several, by the name in the company column of its log:
# [accounts."Riverside Dental".goals]
# qualified_calls = 30

[privacy]
share_safe = true               # reports hide numbers and names unless told otherwise
"""
