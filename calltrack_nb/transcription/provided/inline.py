"""Turns that follow one another on one line, with their speakers' names between the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from calltrack_nb.transcription.provided.labels import (
    BARE,
    BRACKETED,
    SAYS,
    known_name,
    may_be_a_name,
    name_at,
    name_of,
    time_at,
)
from calltrack_nb.transcription.provided.speakers import words_of

_BEHIND_SENTENCE: Final = re.compile(
    r"(?<=[.!?\u2026,\]})])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)\s+"
    r"(?=[\[(]?(?:\d{1,2}:\d{2}[\])]?\s+)?[^\W\d_][\w .'\u2019-]{0,30}:\s)"
)
_ENDED: Final = re.compile(r"[.!?\u2026\])}\"\u201d]$")
_ROLES: Final = (
    *("agent", "customer", "caller", "client", "representative", "rep", "business"),
    *("speaker a", "speaker b", "speaker c", "speaker d", "speaker"),
)
# no name follows these within a sentence: "The agent: he told me", "I said to Ann: no"
_LEADS: Final = words_of(
    "the a an this that your our my his her their to from with for by of and or as told tell "
    "said say ask asked called"
)

_Kind = Literal["turn", "open", "words"]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a line.

    Parameters
    ----------
    text : str
        With the name it begins with.
    sure : bool
        False where it may be a turn of its own as well as go on with the one before.
    """

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Speakers:
    """Who may begin a turn: by what they are called here, and by what the log calls them."""

    labels: frozenset[str]
    names: tuple[str, ...]

    def know(self, name: str) -> bool:
        return name in self.labels or known_name(name, self.names)

    @property
    def capital(self) -> bool:
        """Whether they are written as names are."""
        return not self.labels or any(label[0].isupper() for label in self.labels)

    def write_so(self, name: str) -> bool:
        """Tell whether a name is written as the others are."""
        letters = [word[0] for word in name.split() if word[0].isalpha()]
        return letters[-1].isupper() == self.capital

    @property
    def within(self) -> re.Pattern[str]:
        """What finds them within a sentence."""
        called = {*self.names, *(name.split()[0] for name in self.names if name.split())}
        longest = sorted({*self.labels, *called, *_ROLES}, key=len, reverse=True)
        either = "|".join(map(re.escape, longest))
        return re.compile(rf"\s+(?=(?:{either})\s?\d?:(?:\s|$))", re.IGNORECASE)


def parted(lines: Sequence[str], labels: Collection[str], names: Sequence[str]) -> list[Part]:
    """Cut lines in which several turns follow one another.

    A speaker's name begins a turn where a sentence ended before it, or where it is written as
    the others are and no word leads to it. Another name behind a sentence may be a speaker as
    well, or a heading: in a line of turns that is left open.

    Parameters
    ----------
    lines : sequence of str
    labels : collection of str
        The names before colons that are known to be speakers.
    names : sequence of str
        What the log calls those who spoke.

    Examples
    --------
    >>> line = "Agent: Hi. Ann: The agent: he said no. Agent: Ok. Lee: Well."
    >>> [(part.text, part.sure) for part in parted([line], {"Agent"}, ["Ann"])][1:]
    [('Ann: The agent: he said no.', True), ('Agent: Ok.', True), ('Lee: Well.', False)]
    """
    behind = Counter(
        name_at(piece) or "" for line in lines for piece in _BEHIND_SENTENCE.split(line)[1:]
    )
    often = {name for name, count in behind.items() if count > 1 and name and may_be_a_name(name)}
    speakers = _Speakers(frozenset(labels) | often, tuple(names))
    within = speakers.within
    return [part for line in lines for part in _cut(line, speakers, within)]


def cut_behind_sentences(lines: Sequence[str]) -> list[str]:
    """Cut lines wherever a sentence ends and a name may follow."""
    return [piece for line in lines for piece in _BEHIND_SENTENCE.split(line)]


def _cut(line: str, speakers: _Speakers, within: re.Pattern[str]) -> Iterator[Part]:
    pieces = list(_pieces(line, speakers.labels, within))
    kinds = [_kind(before, piece, speakers) for before, piece in pieces]
    turns = kinds.count("turn")
    begun = Part("")
    for (_, piece), kind in zip(pieces, kinds, strict=True):
        # one more name in what a single person says is hardly a speaker's
        goes_on = kind == "words" or (kind == "open" and turns < 2)
        if (
            goes_on
            or not begun.text
            or BRACKETED.fullmatch(begun.text)
            or BARE.fullmatch(begun.text)
        ):
            begun = replace(begun, text=f"{begun.text} {piece}".strip())
        else:
            yield begun
            begun = Part(piece, sure=kind == "turn")
    if begun.text:
        yield begun


def _pieces(
    line: str, labels: Collection[str], within: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    """Yield what a name may begin, after what stands before it; no speaker's name is cut."""
    at = time_at(line)
    breaks = sorted(
        {found.span() for one in (_BEHIND_SENTENCE, within) for found in one.finditer(line)}
    )
    last = 0
    named = SAYS.match(line, at.end() if at else 0)
    for begins, ends in breaks:
        if named and begins < named.end() and (last == 0 or name_of(named) in labels):
            continue
        yield line[:last].rstrip(), line[last:begins]
        last, named = ends, SAYS.match(line, ends)
    yield line[:last].rstrip(), line[last:]


def _kind(before: str, piece: str, speakers: _Speakers) -> _Kind:
    """Say whether a piece is a turn, goes on with what was before, or may be either."""
    name = name_at(piece)
    if name is None:
        return "words"
    known = speakers.know(name)
    if not before or time_at(piece):
        return "turn" if known else "words"
    if not _ENDED.search(before):
        return _kind_within(before, name, speakers) if known else "words"
    if name not in speakers.labels and name.split()[0].casefold() in _LEADS:
        return "words"
    if known:
        return "turn" if speakers.write_so(name) else "open"
    return "open" if may_be_a_name(name) else "words"


def _kind_within(before: str, name: str, speakers: _Speakers) -> _Kind:
    """Say the same of a known name that no sentence ends before."""
    if not speakers.write_so(name):
        return "words"
    if before.rsplit(maxsplit=1)[-1].casefold() in _LEADS:
        # "ask for Ann: she knows", or a turn without a full stop: "that's all I asked for"
        return "open" if name in speakers.labels else "words"
    if speakers.capital:
        return "turn" if name in speakers.labels or known_name(name, ()) else "open"
    # all in small letters: a sentence that ends elsewhere would have ended here
    return "open" if re.search(r"[.!?\u2026]\s", before) else "turn"
