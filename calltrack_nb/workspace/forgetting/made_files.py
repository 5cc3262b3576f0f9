"""Files of a workspace that people read or send: which hold a caller, and which may.

Reports and exports are made again at will, so those that hold a caller are deleted. A
person's own notebooks and notes are theirs: the outputs of cells that hold the caller are
cleared, and what stands in the text itself is named.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from calltrack_nb.audio.recording_files import SOUND
from calltrack_nb.errors import SourceError
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.plan import Plan, named_after
from calltrack_nb.workspace.forgetting.raw_workbooks import workbook_texts
from calltrack_nb.workspace.provided import files_of_transcripts
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

_MADE: Final = ("reports", "exports", "transcripts")
_KEPT: Final = (".calltrack", ".git", ".venv")
_KEPT_IN_DATA: Final = ("raw", "tables", "transcripts", "embeddings", "checks")
"""Folders looked through by other means, or not the workspace's."""
_NOT_SEARCHED: Final = (
    ".pdf", ".docx", ".odt", ".ods", ".xls", ".pptx", ".zip", ".gz", ".parquet", ".feather",
    ".7z", ".bz2", ".xz", ".zst", ".rar", ".tar", ".tgz", ".npz", ".doc", ".ppt", ".numbers",
)  # fmt: skip
"""What packs its texts; of all other files the bytes are read, so a database gives itself away."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Files by what is to be done about them.

    Attributes
    ----------
    made : tuple of pathlib.Path
        Reports, exports and exported transcripts that hold the caller.
    notebooks : tuple of pathlib.Path
        Notebooks of which an output holds the caller.
    own : tuple of pathlib.Path
        Files of the user's in whose text the caller stands.
    unsearched : tuple of pathlib.Path
        Files of kinds that cannot be searched.
    """

    made: tuple[Path, ...] = ()
    notebooks: tuple[Path, ...] = ()
    own: tuple[Path, ...] = ()
    unsearched: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Traces:
    """What gives a caller away in a text: the number, calls, quotes, what was uploaded."""

    plan: Plan
    person: Person
    told: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        texts = (*self.plan.call_ids, *self.plan.quotes, *self.plan.uploaded)
        pattern = "|".join(map(re.escape, texts)) or r"(?!)"
        object.__setattr__(self, "told", re.compile(pattern))

    def stand_in(self, text: str) -> bool:
        """Tell whether a text holds the caller, written as HTML and JSON write it or plainly."""
        plain = html.unescape(text)
        plain = " ".join(plain.replace('\\"', '"').replace("\\n", " ").split())
        return self.told.search(plain) is not None or self.person.stands_in(plain)


def files_holding(workspace: Workspace, traces: Traces) -> Holding:
    """Look through a workspace's files outside ``data``; nothing is changed."""
    named = named_after(workspace, traces.plan.call_ids, traces.person)
    made, notebooks, own, unsearched = list[Path](), list[Path](), list[Path](), list[Path]()
    masked = {*files_of_transcripts(workspace)}
    going = {workspace.folder / name for name in traces.plan.files}
    for path, is_made in _files(workspace):
        if path in masked or path in going:
            continue
        suffix = path.suffix.lower()
        if is_made and named(path):
            made.append(path)
        elif suffix == ".ipynb" and not is_made:
            outputs, elsewhere = _notebook_holds(path, traces)
            notebooks += [path] * outputs
            own += [path] * elsewhere
        elif suffix not in SOUND:
            held = _holds(path, traces)
            if held is None:
                unsearched.append(path)
            elif held:
                (made if is_made else own).append(path)
    return Holding(tuple(made), tuple(notebooks), tuple(own), tuple(unsearched))


def clear_outputs(path: Path, holds: Callable[[str], bool]) -> None:
    """Clear the outputs of a notebook's cells that hold somebody; the cells stay."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell.get("outputs") and holds(_joined(cell["outputs"])):
            cell["outputs"] = []
    with replacing(path) as draft:
        draft.write(f"{json.dumps(notebook, ensure_ascii=False, indent=1)}\n".encode())


def _files(workspace: Workspace) -> Iterator[tuple[Path, bool]]:
    """Yield the files outside ``data``, each with whether the workspace made it."""
    for place in sorted(workspace.folder.iterdir()):
        if place.name in _KEPT:
            continue
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in inside:
            parts = path.relative_to(workspace.folder).parts
            elsewhere = parts[0] == "data" and parts[1:2] and parts[1] in _KEPT_IN_DATA
            # a book of themes is written anew, without the caller's calls
            anew = parts[:2] == ("data", "themes") and path.name == "book.json"
            if path.is_file() and not (elsewhere or anew):
                yield path, place.name in _MADE


def _holds(path: Path, traces: Traces) -> bool | None:
    """Tell whether a file holds the caller; None where it cannot be searched."""
    suffix = path.suffix.lower()
    if suffix in _NOT_SEARCHED:
        return None
    return _workbook_holds(path, traces) if suffix == ".xlsx" else traces.stand_in(_text(path))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _workbook_holds(path: Path, traces: Traces) -> bool | None:
    """Tell whether a workbook holds the caller; None where it cannot be read."""
    try:
        return any(map(traces.stand_in, workbook_texts(path, path.read_bytes())))
    except SourceError:
        return None


def _notebook_holds(path: Path, traces: Traces) -> tuple[bool, bool]:
    """Tell whether outputs of a notebook hold the caller, and whether anything else does."""
    try:
        cells = json.loads(_text(path))["cells"]
        outputs = [_joined(cell.get("outputs", [])) for cell in cells]
        sources = [_joined(cell.get("source", "")) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        return False, traces.stand_in(_text(path))
    return any(map(traces.stand_in, outputs)), any(map(traces.stand_in, sources))


def _joined(value: Any) -> str:
    """Return all texts of a notebook's value, one behind the other; lists of lines are one text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_joined, value))
    if isinstance(value, dict):
        return "\n".join(map(_joined, value.values()))
    return str(value)
