"""A workspace at hand: everything that can be done with it is a method of one object.

:func:`open_workspace`, which is ``calltrack_nb.open``, gives a :class:`Workbench`. The
command line and the notebooks work with it; the rooms below do the work, each loaded when
it is first asked for something.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from calltrack_nb.workbench.bench import Workbench, init_workspace, open_workspace

if TYPE_CHECKING:
    from calltrack_nb.workbench.call import Call
    from calltrack_nb.workbench.reports import Reports

__all__ = ["Call", "Reports", "Workbench", "init_workspace", "open_workspace"]

_LATER = {"Call": "call", "Reports": "reports"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
