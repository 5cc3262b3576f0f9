"""What a page was made from and with, for its foot: who doubts a figure begins here."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calltrack_nb import __version__
from calltrack_nb.calls import of_campaign
from calltrack_nb.findings import heard_calls
from calltrack_nb.periods import Period
from calltrack_nb.phrasing import listed, number, percent, plural
from calltrack_nb.reporting.player import doubtful
from calltrack_nb.schema import FROM_AUDIO
from calltrack_nb.workspace.reviewing import checked_calls

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace

_LIBRARIES: Final = ("faster-whisper", "openai-whisper", "scikit-learn", "statsmodels", "pandas")
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_SHOWN: Final = 12


def how_made(parameters: Mapping[str, Any], *, read: str = "") -> tuple[str, ...]:
    """Say how a page was made, a sentence each.

    Parameters
    ----------
    parameters : mapping
        What it ran with; its ``period`` is that of the calls.
    read : str
        Fingerprint of what it read, where it is known.
    """
    given = ", ".join(
        f"{name}={value}"
        for name, value in sorted(parameters.items())
        if name != "workspace" and value != ""
    )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return (
        f"Parameters: {given}.",
        *([f"Fingerprint of the data: {in_letters(read)[:_SHOWN]}."] if read else []),
        f"Versions: calltrack_nb {__version__}, Python {platform.python_version()}, {versions}.",
    )


def in_letters(digits: str) -> str:
    """Write hexadecimal digits as letters: figures could be taken for a telephone number.

    Examples
    --------
    >>> in_letters("09af")
    'ajkp'
    """
    return digits.translate(_LETTERS)


def heard_by(workspace: Workspace, parameters: Mapping[str, Any]) -> list[str]:
    """Say what heard the calls of a report, how sure it was, and how often it was right.

    Parameters
    ----------
    workspace, parameters
        As for :func:`how_made`.
    """
    period = str(parameters.get("period", "all"))
    days = None if period in ("", "all") else Period.parse(period)
    campaign = str(parameters.get("campaign", ""))
    known = workspace.knows_campaign(campaign)
    calls = of_campaign(workspace.calls(days), campaign, known=known)
    said = workspace.table("utterances", about=days)
    said = said[said["call_id"].isin(calls["call_id"])]
    if said.empty:
        return ["No call of this period was transcribed."]
    counts = np.array([len(text.split()) for text in said["text"]], dtype=float)
    unsure = float(counts[said["flags"].map(doubtful).to_numpy(bool)].sum() / counts.sum())
    heard = set(said["call_id"])
    wrong = checked_calls(workspace, heard_calls(said, calls).tolist()).word_errors()
    measured = (
        "The word error rate was not measured; calltrack review measures it."
        if np.isnan(wrong.estimate)
        else f"Word error rate in calls that were read through: {percent(wrong.estimate)} "
        f"({percent(wrong.low)} to {percent(wrong.high)})."
    )
    return [
        f"Transcribed: {plural(len(heard), 'call')}, by {_engines(workspace, heard, days)}.",
        f"{percent(unsure)} of the words are in turns that the machine is not sure of.",
        measured,
    ]


def _engines(workspace: Workspace, heard: set[Any], days: Period | None) -> str:
    """Name the models that made the transcripts of some calls."""
    known = workspace.table("recordings", about=days)
    known = known[known["call_id"].isin(heard)].dropna(subset="transcript_key")
    ours = known["origin"].eq(FROM_AUDIO) | known["origin"].isna()
    with workspace.noting(*(["transcripts"] if days is None else ["transcripts of", str(days)])):
        made = [workspace.transcripts.get(str(key)) for key in known["transcript_key"][ours]]
    models = Counter(f"Whisper {one.model} ({one.engine})" for one in made if one)
    models.update(f"the transcripts of {whose}" for whose in known["origin"][~ours])
    if not models:
        return "a model that is not known"
    if len(models) == 1:
        return next(iter(models))
    return listed([f"{name}: {number(count)}" for name, count in models.most_common()])
