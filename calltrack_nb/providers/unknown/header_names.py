"""What a column's name says about the field it holds, in several languages.

A name is compared word by word: ``CallStartTime`` and ``call_start_time`` are the three
words *call start time*. Names only rank the columns that the values allow.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from calltrack_nb.providers.values.spelling import plain, without_accents

_LONG_WORD: Final = 5
_CALLING: Final = (
    *("call", "dial", "rang", "voicemail", "inbound", "outbound", "anruf", "appel", "llama"),
    *("chamad", "chiamat", "gesprek", "polaczen"),
)
_GERMAN: Final = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


@dataclass(frozen=True, slots=True)
class _UsualNames:
    """The usual names of a field, and the words that make a column another thing."""

    phrases: tuple[tuple[str, ...], ...] = ()
    not_with: frozenset[str] = frozenset()


@cache
def _usual_names() -> Mapping[str, _UsualNames]:
    text = resources.files(__package__).joinpath("header_names.toml").read_text("utf-8")
    return {
        field: _UsualNames(
            tuple(tuple(name.split()) for name in said["names"]),
            frozenset(said.get("not_with", ())),
        )
        for field, said in tomllib.loads(text).items()
    }


@lru_cache(maxsize=4096)
def words(header: str) -> tuple[str, ...]:
    """Split a column's name into plain words.

    Examples
    --------
    >>> words("CallStartTime"), words("caller_number"), words("Durée (s)")
    (('call', 'start', 'time'), ('caller', 'number'), ('duree', 's'))
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain(header))
    return tuple(re.findall(r"[^\W_]+", without_accents(parted.translate(_GERMAN))))


@lru_cache(maxsize=65536)
def name_score(field: str, header: str) -> float:
    """Say how well a column's name fits a field, from 0 to 1.

    Parameters
    ----------
    field : str
        Such as ``caller_number``.
    header : str

    Returns
    -------
    float
        1 for the field's own or usual name, less where the name only holds one, 0 where
        it says nothing or something else.

    Examples
    --------
    >>> name_score("caller_number", "Caller ID"), name_score("caller_number", "Colour")
    (1.0, 0.0)
    """
    said = words(header)
    own = tuple(field.split("_"))
    phrases = (own, own[:-1]) if own[-1] in ("s", "at") else (own,)
    best = 0.0
    usual = _usual_names().get(field, _UsualNames())
    for phrase in (*usual.phrases, *phrases):
        if said == phrase:
            return 1.0
        if phrase and len(phrase) < len(said) and _holds(said, phrase):
            best = max(best, 0.4 + 0.4 * len(phrase) / len(said))
    if best and usual.not_with & set(said):
        return 0.0
    return best


def speaks_of_calls(header: str) -> bool:
    """Tell whether a column's name has a word of telephony, alone or at the head of another.

    Examples
    --------
    >>> speaks_of_calls("Call Time"), speaks_of_calls("Anrufquelle"), speaks_of_calls("Colour")
    (True, True, False)
    """
    known = [name for (name,) in _usual_names()["telephony"].phrases]
    return any(
        word == name or (len(name) >= _LONG_WORD and word.startswith(name))
        for word in words(header)
        for name in known
    )


def names_a_call(header: str) -> bool:
    """Tell whether a column's name speaks of calling itself, and not of a telephone only."""
    return any(word.startswith(_CALLING) for word in words(header))


def speaks_of_references(header: str) -> bool:
    """Tell whether a column holds numbers of another kind, such as orders or tickets."""
    said = words(header)
    return any(name in said for (name,) in _usual_names()["references"].phrases) and not any(
        name in said for name in ("caller", "phone", "telephone", "call")
    )


def speaks_of_staff(header: str) -> bool:
    """Tell whether a column is about somebody who works for the business.

    Examples
    --------
    >>> speaks_of_staff("AgentMobile"), speaks_of_staff("Attended By"), speaks_of_staff("Caller")
    (True, True, False)
    """
    return any(name in words(header) for (name,) in _usual_names()["staff"].phrases)


def speaks_of_records(header: str) -> bool:
    """Tell whether a column is about the record, such as when it was last changed."""
    return any(name in words(header) for (name,) in _usual_names()["records"].phrases)


def _holds(said: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(
        said[start : start + len(phrase)] == phrase for start in range(len(said) - len(phrase) + 1)
    )
