"""All calls as a list: when, how long, from where, about what, how it ended, with sound or not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb.calls.clock import local_time
from calltrack_nb.errors import ListeningError
from calltrack_nb.findings.summary import label_of
from calltrack_nb.phrasing import harmless_cells, listed, moment, number, plural
from calltrack_nb.results import Result

COLUMNS: Final = [
    "call_id", "at", "length_s", "status", "campaign", "agent", "themes", "outcome", "has_sound",
]  # fmt: skip
_FILTERS: Final = ("theme", "outcome", "campaign", "agent")
_NO_OUTCOME: Final = "not known"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CallList(Result):
    """Calls, one a row; no number and no name of a caller is among the columns.

    Its table has ``call_id``, ``at`` (local time), ``length_s``, ``status``, ``campaign``,
    ``agent``, ``themes`` (their labels), ``outcome`` and ``has_sound``; where the list was
    searched also ``quote`` and ``why``, the best first.
    """

    def display(self) -> pd.DataFrame:
        """Return the table as a reader sees it: times and lengths in words, sound as yes or no."""
        shown = self.table.copy()
        shown["at"] = [moment(at) for at in shown["at"]]
        shown["length_s"] = [
            "" if pd.isna(length) else f"{int(length) // 60}:{int(length) % 60:02}"
            for length in shown["length_s"]
        ]
        shown["has_sound"] = shown["has_sound"].map({True: "yes", False: "no"})
        return shown.fillna("").rename(
            columns={"length_s": "length", "has_sound": "sound", "call_id": "call"}
        )

    def to_csv(self, path: str | Path) -> Path:
        """Write the list as CSV in UTF-8, themes joined by semicolons.

        What a spreadsheet would read as a formula is written so that it does not.

        Returns
        -------
        pathlib.Path
            The file.
        """
        written = self.table.assign(themes=["; ".join(labels) for labels in self.table["themes"]])
        place = Path(path).expanduser()
        harmless_cells(written).to_csv(place, index=False, encoding="utf-8")
        return place


def call_table(
    calls: pd.DataFrame,
    call_themes: pd.DataFrame,
    themes: pd.DataFrame,
    findings: pd.DataFrame,
    recordings: pd.DataFrame,
    timezone: str,
) -> pd.DataFrame:
    """Put together what is known of each call.

    Parameters
    ----------
    calls, call_themes, themes, findings, recordings : pandas.DataFrame
        The tables of those names.
    timezone : str
        IANA name of the business's zone.

    Returns
    -------
    pandas.DataFrame
        The columns of :class:`CallList`, the latest call first. The outcome is the one heard
        in the call, in words; ``not known`` where none was.
    """
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    of_call: dict[str, list[str]] = {}
    for call_id, theme_id in zip(call_themes["call_id"], call_themes["theme_id"], strict=True):
        of_call.setdefault(str(call_id), []).append(str(labels.get(theme_id, theme_id)))
    ended = findings[findings["family"].astype(str) == "outcome"].drop_duplicates("call_id")
    outcomes = ended.set_index("call_id")["kind"].map(label_of)
    sounding = set(recordings.dropna(subset="path")["call_id"])
    table = pd.DataFrame(
        {
            "call_id": calls["call_id"].astype(object),
            "at": local_time(calls["started_at"], timezone),
            "length_s": calls["duration_s"],
            "status": calls["status"].astype(object),
            "campaign": calls["campaign"].astype(object),
            "agent": calls["agent"].astype(object),
            "themes": [of_call.get(str(call_id), []) for call_id in calls["call_id"]],
            "outcome": calls["call_id"].map(outcomes).astype(object).fillna(_NO_OUTCOME),
            "has_sound": calls["call_id"].isin(sounding),
        }
    )
    return table.sort_values(["at", "call_id"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True, slots=True)
class CallFilters:
    """Which calls to list; what is not said lets all through.

    Attributes
    ----------
    theme, outcome, campaign, agent : str, optional
        In any case; a theme by its label, an outcome such as ``booked``.
    at_least_s, at_most_s : float, optional
        How long the call was; calls of unknown length fit neither.
    has_sound : bool, optional
        Whether there is a recording.
    """

    theme: str | None = None
    outcome: str | None = None
    campaign: str | None = None
    agent: str | None = None
    at_least_s: float | None = None
    at_most_s: float | None = None
    has_sound: bool | None = None


def read_filters(given: Mapping[str, Any]) -> CallFilters:
    """Make filters of what a user wrote.

    Raises
    ------
    ListeningError
        When there is no such filter; it names those that there are.

    Examples
    --------
    >>> read_filters({"agent": "Ann"}).agent
    'Ann'
    """
    known = [each.name for each in fields(CallFilters)]
    strange = [name for name in given if name not in known]
    if strange:
        raise ListeningError(
            "Calls cannot be filtered by this", where=strange[0], fix=f"Use {', '.join(known)}"
        )
    return CallFilters(**given)


def filter_calls(table: pd.DataFrame, filters: CallFilters) -> pd.DataFrame:
    """Keep the calls that fit.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`call_table` gives it.
    filters : CallFilters

    Raises
    ------
    ListeningError
        When no call at all has such a value: it names those that there are.
    """
    keep = pd.Series(data=True, index=table.index)
    for name in _FILTERS:
        value = getattr(filters, name)
        if value is not None:
            keep &= _has(table, name, value)
    if filters.at_least_s is not None:
        keep &= (table["length_s"] >= filters.at_least_s).fillna(value=False)
    if filters.at_most_s is not None:
        keep &= (table["length_s"] <= filters.at_most_s).fillna(value=False)
    if filters.has_sound is not None:
        keep &= table["has_sound"] == filters.has_sound
    return table[keep].reset_index(drop=True)


def _has(table: pd.DataFrame, name: str, value: str) -> pd.Series[bool]:
    if name == "theme":
        has = table["themes"].map(lambda labels: value.lower() in map(str.lower, labels))
        known = sorted({label for labels in table["themes"] for label in labels})
    else:
        plain = table[name].astype("str").str.lower()
        has = plain.isin([value.lower(), value.lower().replace("_", " ")]) & table[name].notna()
        known = sorted(table[name].dropna().astype(str).unique())
    if not has.any():
        near = difflib.get_close_matches(value, known, n=1)
        raise ListeningError(
            f"No call has this {name}",
            where=value,
            fix=f"Did you mean {near[0]}?"
            if near
            else f"Use one of {listed(known, 12)}"
            if known
            else f"No call has any {name} yet",
        )
    return has.astype(bool)


def list_calls(table: pd.DataFrame, found: pd.DataFrame | None, of: int, most: int) -> CallList:
    """Make a list of calls, in the order of a search where there was one.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`filter_calls` gives it.
    found : pandas.DataFrame, optional
        What :func:`~calltrack_nb.findings.search` found; the best turn of each call is shown.
    of : int
        How many calls there are without filters.
    most : int
        Most calls to list.

    Raises
    ------
    ListeningError
        When `most` is less than one.
    """
    if most < 1:
        raise ListeningError("A list needs room for at least one call", where=f"most={most}")
    if found is not None:
        best = found.drop_duplicates("call_id")[["call_id", "quote", "why"]]
        table = best.merge(table, on="call_id")[[*COLUMNS, "quote", "why"]]
    shown: Any = table.head(most).reset_index(drop=True)
    text = f"{plural(len(table), 'call')} of {number(of)}"
    if len(shown) < len(table):
        text += f"; shown: the first {number(len(shown))}"
    return CallList(shown, f"{text}.")
