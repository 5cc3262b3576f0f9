"""The review as a widget in JupyterLab: hear, read, correct; keys for everything."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

from calltrack_nb.errors import CalltrackError, RecordingNotFound
from calltrack_nb.phrasing import plural
from calltrack_nb.reporting.player import player
from calltrack_nb.themes.answers import Pair
from calltrack_nb.workspace import Workspace
from calltrack_nb.workspace.reviewing import SINGLE, CallToCheck, Review
from calltrack_nb.workspace.theme_names import answer_question, theme_question

_HERE: Final = Path(__file__).resolve().parent
_NO_CALL: Final = "Every call has been checked."
_ASKS_EVERY: Final = 3
"""After so many checked calls comes a question about two calls, where one is open."""


class ReviewWidget(anywidget.AnyWidget):
    """One call after another, to be checked; ``ws.review()`` gives it.

    Between calls it asks now and then whether two calls are about the same thing; what is
    answered is kept in ``themes.toml``, as ``calltrack themes ask`` keeps it.

    Parameters
    ----------
    workspace : Workspace
        Where the recordings are.
    review : Review
        Whose calls are shown, and which keeps what is said of them.
    """

    _esm = _HERE / "review.js"
    _css = _HERE / "review.css"
    call: Any = traitlets.Dict().tag(sync=True)
    question: Any = traitlets.Dict().tag(sync=True)
    choices: Any = traitlets.List().tag(sync=True)
    single: Any = traitlets.List().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, workspace: Workspace, review: Review) -> None:
        self._workspace = workspace
        self._review = review
        self._shown: CallToCheck | None = None
        self._since_asked = 0
        self._passed: list[Pair] = []
        choices = [
            {"mark": choice.mark, "family": choice.family, "label": choice.label}
            for choice in review.choices
        ]
        super().__init__(choices=choices, single=list(SINGLE))
        self._show_next()
        self.on_msg(self._told)

    def _go_on(self) -> None:
        """After a checked call, ask about two calls or show the next."""
        self._since_asked += 1
        question = None
        if self._since_asked >= _ASKS_EVERY:
            self._since_asked = 0
            question = theme_question(self._workspace, passed=self._passed)
        if question is None:
            self._show_next()
        else:
            self.problem = ""
            self.status = self._review.text
            self.question = {
                "call_ids": list(question.call_ids),
                "texts": list(question.texts),
                "stake": f"{plural(question.calls_at_stake, 'call')} would change their theme.",
            }

    def _answered(self, said: dict[str, Any]) -> None:
        """Keep the answer to the question that is shown; of another it is late."""
        pair = tuple(self.question.get("call_ids", ()))
        if not pair or tuple(said["call_ids"]) != pair:
            return
        if said["same"] is None:
            self._passed.append((pair[0], pair[1]))
        else:
            try:
                answer_question(self._workspace, pair[0], pair[1], same=bool(said["same"]))
            except CalltrackError as error:
                self._passed.append((pair[0], pair[1]))
                self._show_next()
                self.problem = str(error)
                return
        self._show_next()

    def _show_next(self) -> None:
        self._shown = self._review.next()
        with self.hold_sync():  # the page never draws the call before without its question
            self.status = self._review.text if self._shown else f"{_NO_CALL} {self._review.text}"
            self.problem = ""
            self.call = {} if self._shown is None else self._page(self._shown)
            self.question = {}

    def _page(self, call: CallToCheck) -> dict[str, Any]:
        """Return a call as the page draws it."""
        why = "drawn at random" if call.why == "drawn" else "chosen by you"
        return {
            "call_id": call.call_id,
            "head": f"{call.head} · {why}",
            "player": self._sound(call.call_id),
            "marks": sorted(call.marks),
            "quotes": dict(call.quotes),
            "turns": [
                {
                    "turn": turn.turn,
                    "speaker": turn.speaker,
                    "start_s": None if math.isnan(turn.start_s) else turn.start_s,
                    "text": turn.text,
                }
                for turn in call.turns
            ],
        }

    def _sound(self, call_id: str) -> str:
        try:
            self._workspace.recording(call_id)
        except RecordingNotFound:
            return ""
        return player(self._workspace, call_id, share_safe=False)

    def _told(self, _: object, said: dict[str, Any], __: object) -> None:
        """Keep what the page says of the call it shows; what it says of another is late."""
        if said.get("kind") == "answer":
            self._answered(said)
            return
        if self._shown is None or said.get("call_id") != self._shown.call_id:
            return
        try:
            self._review.save(
                self._shown,
                said["found"],
                words={int(turn): str(text) for turn, text in said["words"].items()},
                words_read=bool(said["words_read"]),
                cannot_tell=bool(said["cannot_tell"]),
            )
        except CalltrackError as error:
            self.problem = str(error)
            return
        self._go_on()
