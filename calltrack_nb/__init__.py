"""A Jupyter analysis workbench for call tracking with recording insights.

``ws = calltrack_nb.open("my-shop")`` gives a workspace of which everything else is a
method: ``ws.import_files``, ``ws.update``, ``ws.scorecard``, ``ws.report`` and so on;
:func:`init_workspace` makes a new one.

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
    from calltrack_nb.workbench import Workbench, init_workspace, open_workspace
    from calltrack_nb.workspace import Workspace
    from calltrack_nb.workspace.importing import import_files, preview
    from calltrack_nb.workspace.search import search

    open = open_workspace  # noqa: A001 - what newcomers try first

__version__ = "0.2.0"

_HOMES = {
    "CalltrackError": "errors",
    "Period": "periods",
    "Settings": "settings",
    "Workbench": "workbench",
    "Workspace": "workspace",
    "init_workspace": "workbench",
    "open": "workbench",
    "open_workspace": "workbench",
    "import_files": "workspace.importing",
    "preview": "workspace.importing",
    "search": "workspace.search",
}

# not "open": whoever imports * keeps Python's own
__all__ = [
    "CalltrackError",
    "Period",
    "Settings",
    "Workbench",
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
    found = "open_workspace" if name == "open" else name
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), found)


def __dir__() -> list[str]:
    """List what is public: the names above, and the rooms that have been imported."""
    rooms = (name.removeprefix(f"{__name__}.") for name in sys.modules if name.startswith(__name__))
    public = (room for room in rooms if room in globals() and not room.startswith("_"))
    return sorted({*_HOMES, "__version__", *public})
