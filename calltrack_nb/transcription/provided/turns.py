"""Turns as a provider wrote them, before anybody is taken for the agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calltrack_nb.transcription.transcript import Word

#: A time as a clock shows it, with or without hours.
CLOCK: Final = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
_CLOCK: Final = re.compile(CLOCK)
# in any unit since any epoch; what is more is no time
_ENDLESS_S: Final = 1e30
_SECONDS: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*s?(?:ec(?:onds?)?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said, as the provider wrote it.

    Parameters
    ----------
    text : str
        The words.
    speaker : str or None
        As the provider calls them; None where it does not say.
    start_s, end_s : float or None
        In the provider's unit; None where it does not say.
    confidence : float or None
        The provider's own, 0 to 1.
    words : tuple of Word
        With their times, where it gives them.
    flags : tuple of str
        Of :data:`calltrack_nb.schema.INVENTED`, where it says so much itself.
    """

    text: str
    speaker: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provided:
    """A provider's transcript, read.

    Parameters
    ----------
    turns : tuple of Turn
        In the order in which they are written.
    numbers : tuple of str
        Telephone numbers that it names as the call's, digits only.
    duration_s : float or None
        How long it says that the call was, in the unit of its times.
    language : str or None
        Two letters, as it says.
    by_channel : bool
        Whether the speakers are channels of a recording, so that one's turns may all be
        written before the other's.
    bare_times : bool
        Whether its times are numbers that do not say of what.
    calls, ids : tuple of str
        Which calls it says to be of; and other ids that may be a call's.
    unsure : bool
        Whether some turns name no speaker because it is not certain where they begin.
    """

    turns: tuple[Turn, ...]
    numbers: tuple[str, ...] = ()
    duration_s: float | None = None
    language: str | None = None
    by_channel: bool = False
    bare_times: bool = False
    calls: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    unsure: bool = False


def plain_key(key: object) -> str:
    """Return the letters of a name in JSON, however it is written.

    Examples
    --------
    >>> plain_key("Start_Time-2"), plain_key("startTime")
    ('starttime', 'starttime')
    """
    return re.sub(r"[^a-z]", "", str(key).lower())


def seconds_of(value: object) -> float | None:
    """Read a time of any usual notation; None where it is none.

    Examples
    --------
    >>> [seconds_of(value) for value in (12.5, "0.400s", "01:02:03.5", "1:05", None, "soon")]
    [12.5, 0.4, 3723.5, 65.0, None, None]
    >>> seconds_of({"seconds": 3, "nanos": 500000000})
    3.5
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < _ENDLESS_S else None
    if isinstance(value, Mapping):
        parts = [seconds_of(value.get(name, 0)) for name in ("seconds", "nanos")]
        return None if parts[0] is None else parts[0] + (parts[1] or 0.0) / 1e9
    text = str(value).strip()
    if _CLOCK.fullmatch(text):
        seconds = 0.0
        for part in text.replace(",", ".").split(":"):
            seconds = 60 * seconds + float(part)
        return seconds_of(seconds)
    found = _SECONDS.fullmatch(text)
    return seconds_of(float(found[1])) if found else None
