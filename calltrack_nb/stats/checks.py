"""A question put to the data before a figure is believed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer.

    Parameters
    ----------
    name : str
        Short name of the question.
    passed : bool or None
        Whether the figure may be believed on this count; None where the check
        only informs or could not be made.
    text : str
        The answer in plain words.
    """

    name: str
    passed: bool | None
    text: str
