"""All calls in JupyterLab: searched, filtered, read along while they are played, by keys."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget

from calltrack_nb.phrasing import plural
from calltrack_nb.reporting.call_view import calls_html, calls_script
from calltrack_nb.reporting.player import player
from calltrack_nb.reporting.style import notebook_style

if TYPE_CHECKING:
    import pandas as pd

    from calltrack_nb.workspace import Workspace

_HERE: Final = Path(__file__).resolve().parent


class CallBrowser(anywidget.AnyWidget):
    """The calls of a period, to search and to hear; ``ws.browse()`` gives it.

    What it shows travels in messages, not in its state: JupyterLab saves a widget's state in
    the notebook, and no caller's words are to stay there.

    Parameters
    ----------
    workspace : Workspace
        Where words and recordings are.
    calls : pandas.DataFrame
        Rows of the table ``calls``.
    share_safe : bool
        Whether private words are hidden, and silent in the sound.
    """

    _esm = calls_script() + (_HERE / "call_browser.js").read_text("utf-8")
    _css = notebook_style()

    def __init__(self, workspace: Workspace, calls: pd.DataFrame, *, share_safe: bool) -> None:
        self._workspace = workspace
        self._calls = calls
        self._share_safe = share_safe
        super().__init__()
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        return f"CallBrowser: {plural(len(self._calls), 'call')}"

    def _asked(self, _: object, asked: dict[str, Any], __: object) -> None:
        """Answer the page: the calls, or the sound of one of them."""
        if asked.get("kind") == "calls":
            page = calls_html(self._workspace, self._calls, share_safe=self._share_safe, sound=True)
            self.send({"kind": "calls", "html": page})
        elif asked.get("kind") == "sound" and asked.get("call_id") in set(self._calls["call_id"]):
            call_id = str(asked["call_id"])
            heard = player(
                self._workspace, call_id, share_safe=self._share_safe, longest_s=math.inf
            )
            self.send({"kind": "sound", "call_id": call_id, "html": heard})
