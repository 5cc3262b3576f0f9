"""A workspace: the folder of one analyst, and what is done to or asked of it as a whole.

The folder itself is an object, :class:`Workspace`; what fills it, brings it up to date
or looks after it is one module each, imported by its own name.
"""

from calltrack_nb.workspace.store import ALL_ACCOUNTS, MONTHLY, VARIABLE, Workspace, open_workspace

__all__ = ["ALL_ACCOUNTS", "MONTHLY", "VARIABLE", "Workspace", "open_workspace"]
