"""The names of speakers before what they say, and the times that lines begin with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from calltrack_nb.transcription.provided.speakers import is_called, role_of, words_of
from calltrack_nb.transcription.provided.turns import CLOCK

_SPAN: Final = rf"(?P<start>{CLOCK})(?:\s*(?:-+>?|[\u2013\u2014]|to)\s*(?P<end>{CLOCK}))?"
_BEHIND: Final = r"[\s\u2013\u2014|-]*:?\s*"
BRACKETED: Final = re.compile(rf"\s*[\[(<]\s*{_SPAN}\s*[\])>]{_BEHIND}")
# "5:30 pm would be fine" is no time of the call
BARE: Final = re.compile(
    rf"\s*{_SPAN}(?=[\s\u2013\u2014|:-]|$)(?!\s*[ap]\.?m\b){_BEHIND}", re.IGNORECASE
)
_NAME: Final = r"[^\W\d_][^\n:\[\](){}<>*]{0,39}?"
SAYS: Final = re.compile(
    rf"\s*[\[*]{{0,2}}(?P<name>{_NAME}(?:\s*\([^()\d]{{1,30}}\))?)[\]*]{{0,2}}\s*"
    rf"(?:[\[(]?\s*(?P<at>{CLOCK})(?:\s*[-\u2013]\s*{CLOCK})?\s*[\])]?)?\s*:\**(?=\s|$)\s*"
)
# the name and the time on a line of their own, what is said below
ABOVE: Final = re.compile(rf"\s*(?P<name>{_NAME})\s*[\[(|\u2013-]?\s*(?P<at>{CLOCK})\s*[\])]?\s*$")
# what stands before a colon and says what follows, not who speaks: the last word tells
_HEADINGS: Final = words_of(
    "note notes price prices cost costs total amount fee quote address question questions answer "
    "example option options step warning reminder summary subject reference order date time day "
    "number phone email name id status result reason comment comments topic agenda attention "
    "source campaign title duration length today tomorrow monday tuesday wednesday thursday friday "
    "saturday sunday ps re also so yes no okay ok well first second third finally "
    "nota precio preis notiz hinweis prix adresse"
)
_MOST_SPEAKERS: Final = 8
LABELLED: Final = 0.6


def spoken_by(line: str, labels: Collection[str]) -> tuple[str | None, str]:
    """Part a line into who says it, where that is one of the names, and what is said."""
    says = SAYS.match(line)
    if says and name_of(says) in labels:
        return name_of(says), line[says.end() :].strip()
    return None, line


def name_of(match: re.Match[str]) -> str:
    """Return the name that was found before a colon, with single spaces."""
    return " ".join(match["name"].split())


def name_at(line: str) -> str | None:
    """Return the name before the colon that a line begins with, behind its time."""
    at = time_at(line)
    says = SAYS.match(line[at.end() :] if at else line)
    return name_of(says) if says else None


def known_name(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name says a role, or is one by which the log calls who spoke."""
    return role_of(name) is not None or any(is_called(name, one) for one in names)


def time_at(line: str, *, bare: bool = False) -> re.Match[str] | None:
    """Find the time that a line begins with: in brackets, or before a name, or by the rule."""
    if found := BRACKETED.match(line):
        return found
    found = BARE.match(line)
    named = found is not None and SAYS.match(line[found.end() :]) is not None
    return found if bare or named else None


def labels_of(lines: Iterable[str], names: Collection[str] = ()) -> frozenset[str]:
    """Return the names before colons that are speakers; some the log may know."""
    lines = list(lines)
    found: Counter[str] = Counter()
    below = 0  # lines under a name that stands by itself
    for line in lines:
        at = time_at(line)
        rest = line[at.end() :] if at else line
        says = SAYS.match(rest)
        above = None if says else ABOVE.match(rest)
        if head := says or above:
            found[name_of(head)] += 1
            below += above is not None
    roles = {name for name in found if known_name(name, names)}
    named = {name for name in found if name not in roles and may_be_a_name(name)}
    often = {name for name in named if found[name] > 1}
    most = below + sum(found[name] for name in roles | named) >= LABELLED * len(lines)
    chosen = roles | (named if most else often)
    return frozenset(chosen) if len(chosen) <= _MOST_SPEAKERS else frozenset(roles)


def may_be_a_name(name: str) -> bool:
    """Tell whether what stands before a colon may be somebody: ``Price`` is not.

    Examples
    --------
    >>> [may_be_a_name(name) for name in ("Dr. Lee", "Speaker 1", "Price", "Phone number")]
    [True, True, False, False]
    """
    words = name.split()
    if words[-1].casefold().strip(".") in _HEADINGS:
        return False
    return len(words) <= 4 and all(word[0].isupper() or word[0].isdigit() for word in words)
