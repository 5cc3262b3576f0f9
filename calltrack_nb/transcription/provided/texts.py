"""Plain texts such as ``[00:12] Agent: Good morning``: who says what, and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
    r"(?:call |start |end |caller |tracking |phone )*(?:id|sid|uuid|date|time|duration|length|"
    r"subject|number|recording|transcript|transcription|source|campaign|title|status|phone|from|to|"
    r"start|started|end|summary|language)",
    re.IGNORECASE,
)
_CALL_ID: Final = re.compile(r"call (?:id|sid|uuid)", re.IGNORECASE)
_LENGTH: Final = re.compile(r"(?:call )?(?:duration|length)", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[\d\s().-]{7,}")
# what stands where a transcript would: that there is none, or where it is
_IT: Final = (
    r"(?:the |this |your )?(?:call |audio |phone )?"
    r"(?:transcript(?:ion|s)?|recording|speech|audio|text|words?|call)"
)
_STATE: Final = (
    r"(?:(?:not |un)(?:yet )?(?:available|ready|found|detected|generated|enabled|transcribed|"
    r"recorded|supported|processed)(?: yet)?|"
    r"in progress|in process|pending|processing|queued|failed|disabled|empty|missing|none|"
    r"coming soon|too short(?: to (?:be )?transcribed?)?|"
    r"being (?:generated|processed|created|prepared|transcribed))"
)
# after "no transcript" only: by itself, "Found." is an answer
_DONE: Final = rf"(?:available|detected|found|recorded|generated|{_STATE})"
_VERB: Final = r"(?: (?:is|was|has been|could not be|will be|are|were))?(?: (?:still|currently))?"
_NOTHING: Final = re.compile(
    rf"\W*(?:(?:no|empty|without) {_IT}(?:{_VERB} {_DONE})?|{_IT}{_VERB} ?[-:]? {_DONE}|{_STATE}|"
    r"n[/.]?a\.?|not applicable|null|nan|nil|tbd|"
    r"(?:(?:please )?(?:see|view|open|read|listen|click)(?: \w+){0,3}:? |\w+:\s*)?"
    r"(?:https?://|www\.)\S+)\W*",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?\u2026])\s+")
_LONG: Final = 60


def says_there_is_none(text: str) -> bool:
    """Tell whether a text only says that there is no transcript, or where it is.

    Examples
    --------
    >>> texts = ("N/A", "Transcription in progress", "See https://a.example/9", "No, thanks.")
    >>> [says_there_is_none(text) for text in texts]
    [True, True, True, False]
    """
    return _NOTHING.fullmatch(" ".join(text.split())) is not None


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
    if says_there_is_none(text):
        return Provided(())
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    head = _Head()
    lines = _without_head(lines, head)
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
    return Provided(
        said,
        tuple(head.numbers),
        head.duration_s,
        calls=tuple(head.calls),
        unsure=not all(part.sure for part in parts),
    )


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


@dataclass(slots=True)
class _Head:
    """What lines above a transcript say of its call."""

    numbers: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    duration_s: float | None = None


def _without_head(lines: list[str], head: _Head) -> list[str]:
    """Take off lines such as ``Duration: 3:02`` above the first turn, and read what they say."""
    for place, line in enumerate(lines):
        name, colon, value = (part.strip() for part in line.partition(":"))
        digits = re.sub(r"\D", "", value) if _PHONE.fullmatch(value) else ""
        if _CALL_ID.fullmatch(name):
            head.calls.append(value)
        elif digits:
            head.numbers.append(digits)
        elif colon and _HEADS.fullmatch(name):
            if _LENGTH.fullmatch(name):
                head.duration_s = seconds_of(value)
        elif place or not re.fullmatch(r"(?i)\W*(?:call )?transcript(?:ion)?\W*", line):
            return lines[place:]
    return []


def pieces(line: str) -> Iterator[str]:
    """Cut what is too long to be one turn into sentences, and long ones into runs of words."""
    for sentence in _SENTENCE.split(line):
        words = sentence.split()
        for first in range(0, len(words), _LONG):
            yield " ".join(words[first : first + _LONG])
