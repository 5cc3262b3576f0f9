"""Plain texts such as ``[00:12] Agent: Good morning``: who says what, and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from calltrack_nb.transcription.provided.markup import shown
from calltrack_nb.transcription.provided.speakers import role_of
from calltrack_nb.transcription.provided.turns import CLOCK, Provided, Turn, seconds_of

_SPAN: Final = rf"(?P<start>{CLOCK})(?:\s*(?:-+>?|[\u2013\u2014]|to)\s*(?P<end>{CLOCK}))?"
_BEHIND: Final = r"[\s\u2013\u2014|-]*:?\s*"
_BRACKETED: Final = re.compile(rf"\s*[\[(<]\s*{_SPAN}\s*[\])>]{_BEHIND}")
# "5:30 pm would be fine" is no time of the call
_BARE: Final = re.compile(
    rf"\s*{_SPAN}(?=[\s\u2013\u2014|:-]|$)(?!\s*[ap]\.?m\b){_BEHIND}", re.IGNORECASE
)
_NAME: Final = r"[^\W\d_][^\n:\[\](){}<>*]{0,39}?"
_SAYS: Final = re.compile(
    rf"\s*[\[*]{{0,2}}(?P<name>{_NAME}(?:\s*\([^()\d]{{1,30}}\))?)[\]*]{{0,2}}\s*"
    rf"(?:[\[(]?\s*(?P<at>{CLOCK})(?:\s*[-\u2013]\s*{CLOCK})?\s*[\])]?)?\s*:\**(?=\s|$)\s*"
)
# the name and the time on a line of their own, what is said below
_ABOVE: Final = re.compile(rf"\s*(?P<name>{_NAME})\s*[\[(|\u2013-]?\s*(?P<at>{CLOCK})\s*[\])]?\s*$")
_INLINE: Final = re.compile(
    r"(?<=[.!?\u2026,\]})])\s+(?=[\[(]?(?:\d{1,2}:\d{2}[\])]?\s+)?[^\W\d_][\w .'\u2019-]{0,30}:\s)"
)
_KNOWN_INLINE: Final = re.compile(
    r"\s+(?=(?:agent|customer|caller|client|representative|rep|business|speaker [0-9a-d])"
    r"\s?\d?:\s)",
    re.IGNORECASE,
)
# heads above a transcript, which are no speakers
_HEADS: Final = re.compile(
    r"(?:call |start |end |caller |tracking |phone )*(?:id|date|time|duration|length|subject|"
    r"number|recording|transcript|transcription|source|campaign|title|status|phone|from|to|"
    r"start|started|end|summary|language|notes?|re|attention)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(r"(?:call )?(?:duration|length)", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[\d\s().-]{7,}")
_NOTHING: Final = re.compile(
    r"\W*(?:(?:no|empty) (?:transcript(?:ion)?|speech|audio|words?)(?: (?:is |was )?"
    r"(?:available|detected|found|recorded|generated))?|transcript(?:ion)? (?:is |was )?(?:not |un)"
    r"(?: ?yet )?available|n/?a|none|null|nan|pending|processing)\W*",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?\u2026])\s+")
_MOST_SPEAKERS: Final = 8
_LABELLED: Final = 0.6
_LONG: Final = 60


def read_text(text: str) -> Provided:
    r"""Read a text line by line.

    A line that begins with a speaker's name begins a turn, and so does one that begins with
    a time. A name counts where it names a role (``Agent``), comes again, or where most lines
    begin with one; ``So:`` at the head of one line does not. Text without any speakers is
    cut into sentences.

    Examples
    --------
    >>> turns = read_text("[00:01] Sarah: Hello.\n[00:04] Tom: Hi,\nabout the cake.").turns
    >>> [(turn.speaker, turn.start_s, turn.text) for turn in turns]
    [('Sarah', 1.0, 'Hello.'), ('Tom', 4.0, 'Hi, about the cake.')]
    >>> read_text("Transcription not available").turns
    ()
    """
    text = shown(text)
    if _NOTHING.fullmatch(text):
        return Provided(())
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    lines, numbers, duration = _without_head(lines)
    labels = _labels(lines)
    if labels and not any(role_of(label) for label in labels):
        # "Zofia: … Marek: …" on one line: who is named within it is a speaker as well
        within = _labels([part for line in lines for part in _INLINE.split(line)])
        labels = max(labels, within, key=len) if labels <= within else labels
    if labels:
        lines = [part for line in lines for part in _parted(line, labels)]
        labels = _labels(lines)
    turns: list[Turn] = []
    bare = _mostly_bare(lines)
    for line in lines:
        begun = _begun(line, labels, bare=bare)
        if begun is not None:
            turns.append(begun)
        elif turns:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {line}".strip())
        else:
            turns.append(Turn(line))
    if not labels and all(turn.start_s is None for turn in turns):
        turns = [Turn(piece) for line in lines for piece in pieces(line)]
    said = tuple(turn for turn in turns if turn.text)
    return Provided(said, numbers, duration)


def spoken_by(line: str, labels: Collection[str]) -> tuple[str | None, str]:
    """Part a line into who says it, where that is one of the names, and what is said."""
    says = _SAYS.match(line)
    if says and _name(says) in labels:
        return _name(says), line[says.end() :].strip()
    return None, line


def _name(match: re.Match[str]) -> str:
    return " ".join(match["name"].split())


def _mostly_bare(lines: list[str]) -> bool:
    """Tell whether lines begin with times without brackets, as a rule of the text."""
    return sum(_BARE.match(line) is not None for line in lines) >= _LABELLED * len(lines)


def _at(line: str, *, bare: bool = False) -> re.Match[str] | None:
    """Find the time that a line begins with: in brackets, or before a name, or by the rule."""
    if found := _BRACKETED.match(line):
        return found
    found = _BARE.match(line)
    named = found is not None and _SAYS.match(line[found.end() :]) is not None
    return found if bare or named else None


def _begun(line: str, labels: Collection[str], *, bare: bool) -> Turn | None:
    """Return the turn that a line begins, or None where it goes on with the one before."""
    at = _at(line, bare=bare)
    rest = line[at.end() :] if at else line
    start = seconds_of(at["start"]) if at else None
    end = seconds_of(at["end"]) if at and at["end"] else None
    above = _ABOVE.match(rest)
    if above and _name(above) in labels:
        return Turn("", _name(above), seconds_of(above["at"]))
    speaker, said = spoken_by(rest, labels)
    if speaker is None:
        return Turn(rest.strip(), None, start, end) if at else None
    inner = _SAYS.match(rest)
    if start is None and inner and inner["at"]:
        start = seconds_of(inner["at"])
    if start is None and (behind := _BRACKETED.match(said)):
        start, said = seconds_of(behind["start"]), said[behind.end() :].strip()
    return Turn(said, speaker, start, end)


def _labels(lines: list[str]) -> frozenset[str]:
    """Return the names before colons that are speakers."""
    found: Counter[str] = Counter()
    below = 0  # lines under a name that stands by itself
    for line in lines:
        at = _at(line)
        rest = line[at.end() :] if at else line
        says = _SAYS.match(rest)
        above = None if says else _ABOVE.match(rest)
        if names := says or above:
            found[_name(names)] += 1
            below += above is not None
    roles = {name for name in found if role_of(name) is not None}
    named = {name for name in found if name not in roles and _may_be_a_name(name)}
    often = {name for name in named if found[name] > 1}
    most = below + sum(found[name] for name in roles | named) >= _LABELLED * len(lines)
    chosen = roles | (named if most else often)
    return frozenset(chosen) if len(chosen) <= _MOST_SPEAKERS else frozenset(roles)


def _may_be_a_name(name: str) -> bool:
    words = name.split()
    return len(words) <= 4 and all(word[0].isupper() or word[0].isdigit() for word in words)


def _parted(line: str, labels: Collection[str]) -> Iterator[str]:
    """Cut a line in which several turns follow one another."""
    begun = ""
    for part in (piece for some in _INLINE.split(line) for piece in _KNOWN_INLINE.split(some)):
        at = _at(part)
        says = _SAYS.match(part[at.end() :] if at else part)
        new = says is not None and (_name(says) in labels or role_of(_name(says)) is not None)
        if new and begun and not (_BRACKETED.fullmatch(begun) or _BARE.fullmatch(begun)):
            yield begun
            begun = part
        else:
            begun = f"{begun} {part}".strip()
    if begun:
        yield begun


def _without_head(lines: list[str]) -> tuple[list[str], tuple[str, ...], float | None]:
    """Take off lines such as ``Duration: 3:02`` above the first turn, and read what they say."""
    numbers: list[str] = []
    duration = None
    for place, line in enumerate(lines):
        name, colon, value = (part.strip() for part in line.partition(":"))
        digits = re.sub(r"\D", "", value) if _PHONE.fullmatch(value) else ""
        if digits:
            numbers.append(digits)
        elif colon and _HEADS.fullmatch(name):
            if _LENGTH.fullmatch(name):
                duration = seconds_of(value)
        elif place or not re.fullmatch(r"(?i)\W*(?:call )?transcript(?:ion)?\W*", line):
            return lines[place:], tuple(numbers), duration
    return [], tuple(numbers), duration


def pieces(line: str) -> Iterator[str]:
    """Cut what is too long to be one turn into sentences, and long ones into runs of words."""
    for sentence in _SENTENCE.split(line):
        words = sentence.split()
        for first in range(0, len(words), _LONG):
            yield " ".join(words[first : first + _LONG])
