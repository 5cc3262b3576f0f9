"""The calls that a person is asked to check: a stratified random sample that can grow.

Every call has a number of its own, a hash of the seed and its id, that is as good as drawn
from 0 to 1 and never changes (permanent random numbers: Ohlsson 1995, Coordination of samples
using permanent random numbers, in Cox et al., Business Survey Methods, 153-169). Calls are
checked in the order of that number divided by their stratum's rate, so wherever a person
stops, the checked calls of a stratum are a simple random sample of it, and calls that come
later find their place in the same order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

RARE: Final = "rare"
REST: Final = "rest"
RATES: Final = {RARE: 2.0, REST: 1.0}
"""How often a call of a stratum is drawn, against one of the other."""
_MOST_RARE: Final = 0.25
"""The stratum of rare marks holds this share of the calls at most."""


@dataclass(frozen=True, slots=True)
class Draw:
    """How the calls to check are drawn; kept, so that it goes on where it was.

    Attributes
    ----------
    seed : str
        Decides every call's number.
    rare : tuple of str
        The marks whose calls are drawn at the higher rate.
    strata : dict of str to str
        ``rare`` or ``rest`` by ``call_id``, as it was when the call came in. Calls that are
        not in it have not been drawn from.
    """

    seed: str
    rare: tuple[str, ...]
    strata: dict[str, str]

    def stratum(self, call_id: str, marks: Collection[str]) -> str:
        """Return a call's stratum, or the one it would get by its marks."""
        known = self.strata.get(call_id)
        return known or (RARE if any(mark in self.rare for mark in marks) else REST)

    def order(self) -> list[str]:
        """Return the calls in the order in which they are to be checked.

        Examples
        --------
        >>> calls = [f"c{i}" for i in range(100)]
        >>> draw = draw_calls({"c7": {"outcome:lost"}}, calls, "a seed")
        >>> more = extend_draw(draw, {}, [*calls, "new"])
        >>> [call for call in more.order() if call != "new"] == draw.order()
        True
        """
        return sorted(self.strata, key=self._place)

    def _place(self, call_id: str) -> tuple[float, str]:
        return _number(self.seed, call_id) / RATES[self.strata[call_id]], call_id


def draw_calls(marks: dict[str, set[str]], calls: Collection[str], seed: str) -> Draw:
    """Set up the draw.

    Parameters
    ----------
    marks : dict of str to set of str
        What the machine says of each call, such as ``hesitation:price``; see :func:`marks_of`.
    calls : collection of str
        Ids of the calls to draw from.
    seed : str
        The same seed draws the same calls.

    Returns
    -------
    Draw
        The rarest marks, as far as their calls are a quarter of all at most, are drawn
        twice as often: of what is rare too few would be seen otherwise.
    """
    of_mark: dict[str, set[str]] = {}
    for call_id in calls:
        for mark in marks.get(call_id, ()):
            of_mark.setdefault(mark, set()).add(call_id)
    rare: list[str] = []
    covered: set[str] = set()
    for mark, ids in sorted(of_mark.items(), key=lambda item: (len(item[1]), item[0])):
        if len(covered | ids) > _MOST_RARE * len(calls):
            break
        covered |= ids
        rare.append(mark)
    return extend_draw(Draw(seed, tuple(sorted(rare)), {}), marks, calls)


def extend_draw(draw: Draw, marks: dict[str, set[str]], calls: Collection[str]) -> Draw:
    """Take new calls into a draw; those in it stay where they are."""
    new = {call_id: draw.stratum(call_id, marks.get(call_id, set())) for call_id in calls}
    return Draw(draw.seed, draw.rare, {**draw.strata, **new})


def mark(family: str, kind: str) -> str:
    """Return how what is said of a call is written: ``hesitation:price``, ``theme:T003``."""
    return f"{family}:{kind}"


def marks_of(findings: pd.DataFrame, call_themes: pd.DataFrame) -> dict[str, set[str]]:
    """Return what the machine says of each call.

    Parameters
    ----------
    findings, call_themes : pandas.DataFrame
        The tables of those names.

    Examples
    --------
    >>> found = pd.DataFrame({"call_id": ["a"], "family": ["outcome"], "kind": ["lost"]})
    >>> marks_of(found, pd.DataFrame({"call_id": ["a"], "theme_id": ["T1"]})) == {
    ...     "a": {"outcome:lost", "theme:T1"}}
    True
    """
    marks: dict[str, set[str]] = {}
    rows: Any = zip(findings["call_id"], findings["family"], findings["kind"], strict=True)
    for call_id, family, kind in rows:
        marks.setdefault(str(call_id), set()).add(mark(str(family), str(kind)))
    for call_id, theme in zip(call_themes["call_id"], call_themes["theme_id"], strict=True):
        marks.setdefault(str(call_id), set()).add(mark(THEME, str(theme)))
    return marks


THEME: Final = "theme"
"""The family under which a call's themes are checked."""


def _number(seed: str, call_id: str) -> float:
    """Return a call's permanent random number, over 0 and up to 1."""
    digest = hashlib.sha256(f"{seed}\x00{call_id}".encode()).digest()
    return (int.from_bytes(digest[:7]) + 1) / 2**56
