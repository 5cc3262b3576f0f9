"""A new workspace: its folders, its settings to fill in, its copies of the notebooks."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from calltrack_nb import shipped
from calltrack_nb.errors import WorkspaceError, visible
from calltrack_nb.settings import FILE_NAME, FileMapping, Settings
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
        fix = "Choose a new folder, or use this one: it is already a workspace"
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


def new_settings(name: str) -> str:
    r"""Write the settings of a new workspace, with every key that there is.

    What a business has to look at is set; every other key is an example behind a ``#``
    without a space. All of it is written from the settings' own descriptions.

    Parameters
    ----------
    name : str
        The name of the business.

    Examples
    --------
    >>> print(new_settings("Mary's Cakes").partition("\n\n")[0])
    # What calltrack_nb should know about the business. Every key is optional.
    # A line that begins with # and no space is an example: remove the # to use it.
    """
    lines = [
        "# What calltrack_nb should know about the business. Every key is optional.",
        "# A line that begins with # and no space is an example: remove the # to use it.",
    ]
    for key, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            section = type(field.default)
            away = "#" if key in _PASTED else ""
            lines += ["", *_comment(section.__doc__), f"{away}[{key}]"]
            lines += _keys(section, f"{key}.", {"name": name} if key == "business" else {})
        else:
            lines += ["", *_comment(field.description)]
            lines += [line for example in field.examples or () for line in _blocks(key, example)]
    return "\n".join(lines) + "\n"


def _keys(section: type[BaseModel], prefix: str, known: Mapping[str, Any]) -> list[str]:
    """Write every key of a section, tables last, as TOML wants it."""
    lines, tables = [], []
    for key, field in section.model_fields.items():
        value = known.get(key, (field.examples or [field.default])[0])
        set_ = f"{prefix}{key}" in _SET
        if set_ and isinstance(value, dict):
            tables += ["", *_comment(field.description), f"[{prefix}{key}]"]
            tables += [f"{day} = {_toml(hours)}" for day, hours in value.items()]
        else:
            lines += [*_comment(field.description), f"{'' if set_ else '#'}{key} = {_toml(value)}"]
    return lines + tables


def _blocks(key: str, example: Any) -> list[str]:
    """Write an example of what stands there once for each file or each client."""
    if isinstance(example, Mapping):
        return [
            f"#{line}"
            for client, sections in example.items()
            for section, values in sections.items()
            for line in (
                f"[{key}.{_toml(client)}.{section}]",
                *(f"{name} = {_toml(value)}" for name, value in values.items()),
            )
        ]
    lines = []
    for block in example:
        lines.append(f"#[[{key}]]")
        for name, value in block.items():
            lines += _comment(FileMapping.model_fields[name].description)
            inner = value.items() if isinstance(value, Mapping) else ()
            lines.append(f"#[{key}.{name}]" if inner else f"#{name} = {_toml(value)}")
            lines += [f"#{_toml_key(each)} = {_toml(source)}" for each, source in inner]
    return lines


def _comment(text: str | None) -> list[str]:
    plain = (text or "").strip().partition("\n\n")[0].replace("``", "")
    return textwrap.wrap(plain, 96, initial_indent="# ", subsequent_indent="# ")


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_toml_key(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _toml_key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key)


_SET: Final = frozenset(
    f"business.{key}" for key in ("name", "country", "timezone", "currency", "hours")
)
"""What is set in a new file; the rest holds by default."""

_PASTED: Final = frozenset({"sources"})
"""Sections whose examples in the documentation are pasted whole, with their header."""


def _fill(folder: Path, *, sample: bool) -> None:
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    if sample:
        for name in ("data/raw", "data/recordings"):
            shutil.copytree(shipped.sample() / name, folder / name, dirs_exist_ok=True)
        for file in shipped.sample().glob("*.toml"):
            shutil.copy(file, folder)
    else:
        (folder / FILE_NAME).write_text(new_settings(visible(folder.name)), encoding="utf-8")
    (folder / "notebooks").mkdir()
    for notebook in sorted(shipped.notebooks().glob("*.ipynb")):
        copy = shipped.as_copy(notebook.read_text(encoding="utf-8"))
        (folder / "notebooks" / notebook.name).write_text(copy, encoding="utf-8")
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
