"""A Jupyter analysis workbench for call tracking with recording insights.

The public names are loaded when they are first used, so that importing the package
costs nothing that is not needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
