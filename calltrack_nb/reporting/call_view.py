"""All calls of a period in the page: searched, filtered, opened at a second.

The calls stand in the page as data, and the page's script draws what is asked for, so that a
thousand calls cost no more than ten to open. Words are those that redaction left.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from calltrack_nb.phrasing import moment, plural
from calltrack_nb.redaction import redact_text
from calltrack_nb.reporting.report_tables import clock
from calltrack_nb.reporting.showing import show_html
from calltrack_nb.workspace.search import known_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from calltrack_nb.workspace import Workspace

_CHOICES: Final = {
    "campaign": "Campaign",
    "themes": "Theme",
    "outcome": "Outcome from the transcript",
}
_RANGES: Final = (
    ("date", "day", "from", "From"),
    ("date", "day", "to", "To"),
    ("number", "seconds", "from", "Seconds, at least"),
    ("number", "seconds", "to", "Seconds, at most"),
)
"""Kind of field, what of a call it is about, which end of a range it is, what stands over it."""
_UNDRAWN: Final = (
    "A report's page lists its calls here, to search and to open; in JupyterLab ws.browse() does."
)
"""What stands where no script draws the list."""
_SHORT: Final = {"caller": "c", "agent": "a"}
"""Speakers as the data writes them; anybody else is ``u``."""


def calls_html(
    workspace: Workspace, calls: pd.DataFrame, *, share_safe: bool = True, sound: bool = False
) -> str:
    """Render the calls of a period as a list that the page's reader searches.

    Parameters
    ----------
    workspace : Workspace
        Where their words are.
    calls : pandas.DataFrame
        Rows of the table ``calls``.
    share_safe : bool
        Whether private words are hidden. A caller's number and name are in neither.
    sound : bool
        Whether to say which calls have sound: where all of it can be played.
    """
    if calls.empty:
        return '<p class="ct-missing">There is no call in this period.</p>'
    table = known_of(workspace, calls)
    turns = _turns(workspace.table("utterances"), set(table["call_id"]), share_safe=share_safe)
    rows = [_row(call, turns.get(str(call["call_id"]), [])) for call in table.to_dict("records")]
    # a "<" could end the element, whatever it stands in
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    choices = "".join(_choice(name, label) for name, label in _CHOICES.items())
    ranges = "".join(
        f'<label>{label} <input type="{kind}" data-by="{name}" data-how="{end}"></label>'
        for kind, name, end, label in _RANGES
    )
    return (
        f'<p class="ct-why">{_UNDRAWN}</p><section class="ct-calls" hidden>'
        '<div class="ct-search"><label>Search what was said <input type="search"></label>'
        f"{choices}{_tick('turns', 'with words only')}"
        f"{_tick('sound', 'with sound only') if sound else ''}</div>"
        '<details class="ct-rest"><summary>More filters</summary>'
        f'<div class="ct-search">{_choice("agent", "Answered by")}{ranges}</div></details>'
        f'<p class="ct-count" role="status">{plural(len(rows), "call")}</p>'
        '<ol class="ct-found"></ol><button type="button" class="ct-more">Show more</button>'
        f'<script type="application/json">{data}</script></section>'
        '<dialog class="ct-dialog" aria-label="A call" tabindex="-1"></dialog>'
    )


def calls_script() -> str:
    """Return the script that lists calls and plays them, which pages and the widget share."""
    return (Path(__file__).parent / "templates" / "calltrack" / "calls.js").read_text("utf-8")


def show_calls(workspace: Workspace, calls: pd.DataFrame, *, share_safe: bool = True) -> None:
    """Show the calls of a period in a report; the parameters are those of :func:`calls_html`."""
    show_html(calls_html(workspace, calls, share_safe=share_safe))


def _choice(name: str, label: str) -> str:
    return (
        f'<label>{label} <select data-by="{name}" data-how="is">'
        '<option value="">all</option></select></label>'
    )


def _tick(name: str, label: str) -> str:
    return f'<label><input type="checkbox" data-by="{name}" data-how="has"> {label}</label>'


def _row(call: Mapping[Hashable, Any], turns: list[list[Any]]) -> dict[str, Any]:
    """Write a call as the script reads it: few letters, nothing missing."""
    length = call["length_s"]
    return {
        "id": str(call["call_id"]),
        "at": f"{call['at']:%a} {moment(call['at'])}",
        "day": f"{call['at']:%Y-%m-%d}",
        "length": "" if pd.isna(length) else clock(float(length)),
        "seconds": None if pd.isna(length) else round(float(length)),
        **{name: _known(call[name]) for name in ("status", "campaign", "agent")},
        "themes": list(call["themes"]),
        "outcome": str(call["outcome"]) if turns else "",
        "sound": bool(call["has_sound"]),
        "turns": turns,
    }


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _turns(
    utterances: pd.DataFrame, calls: set[Any], *, share_safe: bool
) -> dict[str, list[list[Any]]]:
    """Return what was said in each call: second, speaker, words."""
    said = utterances[utterances["call_id"].isin(calls)]
    said = said.sort_values(["call_id", "start_s", "turn"])
    found: dict[str, list[list[Any]]] = {}
    for call_id, start, speaker, text, redacted in said[
        ["call_id", "start_s", "speaker", "text", "redacted_text"]
    ].itertuples(index=False):
        words = words_shown(text, redacted, share_safe=share_safe)
        second = None if pd.isna(start) else round(float(start), 1)
        found.setdefault(str(call_id), []).append([second, _SHORT.get(str(speaker), "u"), words])
    return found


def words_shown(text: object, redacted: object, *, share_safe: bool) -> str:
    """Return what a page shows of a turn.

    Where listening has not read it yet, it is redacted now.

    Examples
    --------
    >>> words_shown("I am Tilda", "I am [NAME]", share_safe=True)
    'I am [NAME]'
    """
    words = redacted if share_safe else text
    return words if isinstance(words, str) else redact_text(str(text)).text


def opens(call_id: str, start_s: float) -> str:
    """Return the attributes with which the script lets a quote open its call."""
    at = "" if pd.isna(start_s) else f' data-at="{start_s:.1f}"'
    return f' data-call="{escape(call_id, quote=True)}"{at}'
