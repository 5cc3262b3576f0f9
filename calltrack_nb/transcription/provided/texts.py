"""Plain texts such as ``[00:12] Agent: Good morning``: who says what, and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from calltrack_nb.transcription.provided.inline import Part, cut_behind_sentences, parted
from calltrack_nb.transcription.provided.labels import (
    ABOVE,
    BARE,
    BRACKETED,
    LABELLED,
    SAYS,
    known_name,
    labels_of,
    name_of,
    spoken_by,
    time_at,
)
from calltrack_nb.transcription.provided.markup import shown
from calltrack_nb.transcription.provided.turns import Provided, Turn, seconds_of

# heads above a transcript, which are no speakers
_HEADS: Final = re.compile(
    r"(?:call |start |end |caller |tracking |phone )*(?:id|date|time|duration|length|subject|"
    r"number|recording|transcript|transcription|source|campaign|title|status|phone|from|to|"
    r"start|started|end|summary|language)",
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
_LONG: Final = 60


def read_text(text: str, names: Sequence[str] = ()) -> Provided:
    r"""Read a text line by line.

    A line that begins with a speaker's name begins a turn, and so does one that begins with
    a time. A name counts where it names a role (``Agent``), comes again, or where most lines
    begin with one; ``So:`` at the head of one line does not. Text without any speakers is
    cut into sentences.

    Parameters
    ----------
    text : str
    names : sequence of str
        What the log calls those who spoke.

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
    labels = labels_of(lines, names)
    known = {label for label in labels if known_name(label, names)}
    if not known:
        within = labels_of(cut_behind_sentences(lines), names)
        if labels and labels <= within:
            # "Zofia: … Marek: …" on one line: who is named within it is a speaker as well
            labels = within
        elif len(known := {label for label in within if known_name(label, names)}) > 1:
            # roles are named within the line, and none at its head
            labels |= known
    parts = parted(lines, labels, names) if labels else [Part(line) for line in lines]
    labels = labels_of([part.text for part in parts if part.sure], names)
    turns: list[Turn] = []
    bare = _mostly_bare([part.text for part in parts])
    for part in parts:
        begun = _begun(part.text, labels, bare=bare) if part.sure else Turn(part.text)
        if begun is not None:
            turns.append(begun)
        elif turns:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {part.text}".strip())
        else:
            turns.append(Turn(part.text))
    if not labels and all(turn.start_s is None for turn in turns):
        turns = [Turn(piece) for part in parts for piece in pieces(part.text)]
    said = tuple(turn for turn in turns if turn.text)
    return Provided(said, numbers, duration, unsure=not all(part.sure for part in parts))


def _mostly_bare(lines: list[str]) -> bool:
    """Tell whether lines begin with times without brackets, as a rule of the text."""
    return sum(BARE.match(line) is not None for line in lines) >= LABELLED * len(lines)


def _begun(line: str, labels: Collection[str], *, bare: bool) -> Turn | None:
    """Return the turn that a line begins, or None where it goes on with the one before."""
    at = time_at(line, bare=bare)
    rest = line[at.end() :] if at else line
    start = seconds_of(at["start"]) if at else None
    end = seconds_of(at["end"]) if at and at["end"] else None
    above = ABOVE.match(rest)
    if above and name_of(above) in labels:
        return Turn("", name_of(above), seconds_of(above["at"]))
    speaker, said = spoken_by(rest, labels)
    if speaker is None:
        return Turn(rest.strip(), None, start, end) if at else None
    inner = SAYS.match(rest)
    if start is None and inner and inner["at"]:
        start = seconds_of(inner["at"])
    if start is None and (behind := BRACKETED.match(said)):
        start, said = seconds_of(behind["start"]), said[behind.end() :].strip()
    return Turn(said, speaker, start, end)


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
