"""A Jupyter analysis workbench for call tracking with recording insights.

The public names are loaded when they are first used, so that importing the package
costs nothing that is not needed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from calltrack_nb.errors import CalltrackError
    from calltrack_nb.periods import Period
    from calltrack_nb.settings import Settings
    from calltrack_nb.workspace import Workspace, open_workspace
    from calltrack_nb.workspace.importing import import_files, preview
    from calltrack_nb.workspace.init import init_workspace
    from calltrack_nb.workspace.search import search

__version__ = "0.2.0"

_HOMES = {
    "CalltrackError": "errors",
    "Period": "periods",
    "Settings": "settings",
    "Workspace": "workspace",
    "init_workspace": "workspace.init",
    "open_workspace": "workspace",
    "import_files": "workspace.importing",
    "preview": "workspace.importing",
    "search": "workspace.search",
}

__all__ = [
    "CalltrackError",
    "Period",
    "Settings",
    "Workspace",
    "import_files",
    "init_workspace",
    "open_workspace",
    "preview",
    "search",
]


class _OldModules:
    """Asked last of all for a module: whether version 0.2 had it, and where it is now."""

    @staticmethod
    def find_spec(name: str, *_: object) -> ModuleSpec | None:
        if not name.startswith(f"{__name__}."):
            return None
        from calltrack_nb import _moved  # noqa: PLC0415 - hardly ever needed

        return _moved.find_spec(name)


sys.meta_path.append(_OldModules)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
