"""A workspace at hand: everything that can be done with it is a method of one object.

:func:`open_workspace`, which is ``calltrack_nb.open``, gives a :class:`Workbench`. The
command line and the notebooks work with it; the rooms below do the work.
"""

from calltrack_nb.workbench.bench import Workbench, init_workspace, open_workspace
from calltrack_nb.workbench.call import Call
from calltrack_nb.workbench.reports import Reports

__all__ = ["Call", "Reports", "Workbench", "init_workspace", "open_workspace"]
