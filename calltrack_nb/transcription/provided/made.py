"""A provider's turns held against the call they are said to be of, and made a transcript."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.phrasing import number, plural
from calltrack_nb.schema import OTHER_LANGUAGE, PROVIDED
from calltrack_nb.transcription.parties import Direction
from calltrack_nb.transcription.provided.reading import read_provided
from calltrack_nb.transcription.provided.speakers import (
    CONTRADICTED,
    ONE_SIDE,
    Sides,
    role_of,
    sides_of,
)
from calltrack_nb.transcription.provided.texts import pieces, says_there_is_none
from calltrack_nb.transcription.provided.turns import Provided, Turn
from calltrack_nb.transcription.transcript import Speaker, Transcript, Utterance
from calltrack_nb.transcription.written_language import written_language

_SLACK_S: Final = 30.0
_SLACK: Final = 0.2
# nobody speaks faster for a whole call; two at once and a clock that starts late included
_FASTEST: Final = 6.0
_FEW_WORDS: Final = 60
_SLOWEST: Final = 1 / 50
_BACKWARDS_S: Final = 5.0
_OVERLAP_S: Final = 1.0
_LOCAL_DIGITS: Final = 7
_SHOWN: Final = 60
_LONG_TURN: Final = 200
_UNKNOWN: Final = math.nan
REORDERED: Final = "Turns that overlap were put into the order in which they begin."
STRANGER: Final = "It names a call that is not in the log."
UNSURE: Final = "Where some turns begin is not certain; their speaker is left open."
DOUBTS: Final = frozenset({CONTRADICTED, ONE_SIDE, STRANGER, UNSURE})
"""Remarks for which somebody should look at the transcript."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the log says of a call, against which a transcript is held.

    Parameters
    ----------
    direction : str
        ``inbound`` or ``outbound``.
    duration_s : float or None
        How long it was.
    numbers : tuple of str
        Every telephone number of it.
    agent, caller : str or None
        The names of who spoke.
    ids : tuple of str
        What the call is called; empty where that is not to be compared.
    """

    direction: Direction = "inbound"
    duration_s: float | None = None
    numbers: tuple[str, ...] = ()
    agent: str | None = None
    caller: str | None = None
    ids: tuple[str, ...] = ()


def provided_transcript(
    text: str,
    call: CallFacts,
    *,
    origin: str,
    agent_channel: Literal["auto", "left", "right"] = "auto",
    log: Collection[str] = frozenset(),
) -> Transcript:
    r"""Make a transcript of what a provider wrote.

    Parameters
    ----------
    text : str
        As for :func:`~calltrack_nb.transcription.provided.read_provided`.
    call : CallFacts
        The call that it is said to be of.
    origin : str
        Who made it, such as ``callrail`` or ``file``.
    agent_channel : str
        The agent's side, where the speakers are channels.
    log : collection of str
        The ids of every call that is known, case-folded.

    Returns
    -------
    Transcript
        What it does not tell is missing: times and confidence are NaN, there are no spans of
        speech where not every turn has its times, and speakers who cannot be told apart are
        ``unknown``.

    Raises
    ------
    TranscriptionError
        When it is empty or damaged, or cannot be of this call.

    Examples
    --------
    >>> made = provided_transcript("Agent: Hello.\nCustomer: Hi!", CallFacts(), origin="file")
    >>> made.text.splitlines()
    ['agent: Hello.', 'caller: Hi!']
    """
    read = read_provided(text, [name for name in (call.agent, call.caller) if name])
    turns = tuple(turn for turn in read.turns if re.search(r"\w|\*{3}", turn.text))
    if all(says_there_is_none(turn.text) for turn in turns) and len(turns) < 2:
        told = " ".join(text.split())
        raise TranscriptionError(
            "The transcript is empty",
            where=f"it says only {told[:_SHOWN]!r}" if says_there_is_none(told) else None,
        )
    scale = _scale(turns, call.duration_s) if read.bare_times else 1.0
    turns = tuple(_in_seconds(turn, scale) for turn in turns)
    _refuse_of_another_call(read, turns, call, scale)
    stranger = _names_another(read, call, log)
    turns, remarks = _in_time(turns, by_channel=read.by_channel)
    turns = tuple(part for turn in turns for part in _cut(turn))
    sides = sides_of(
        turns,
        direction=call.direction,
        agent_channel=agent_channel if read.by_channel else "auto",
        agent=call.agent,
        caller=call.caller,
    )
    said = [
        _utterance(
            _with_label(turn, turns, sides),
            sides.of.get(turn.speaker or "", "unknown"),
            ("menu",) if turn.speaker in sides.machines else (),
        )
        for turn in turns
    ]
    said, language = _in_their_languages(said, read.language)
    if stranger:
        remarks = (*remarks, STRANGER)
    if read.unsure:
        remarks = (*remarks, UNSURE)
    if scale != 1.0:
        remarks = (*remarks, "Its times were read as milliseconds.")
    ends = [one.end_s for one in said if not math.isnan(one.end_s)]
    return Transcript(
        utterances=tuple(said),
        speech=_speech(said),
        layout=PROVIDED,
        duration_s=round(max(ends), 3) if ends else _UNKNOWN,
        engine=PROVIDED,
        model=origin,
        language=language,
        speaker_confidence=min(sides.confidence, 0.5) if read.unsure else sides.confidence,
        remarks=(*sides.remarks, *remarks),
    )


def _scale(turns: Sequence[Turn], duration_s: float | None) -> float:
    """Return what makes seconds of the times: they may be milliseconds without saying so."""
    last = _last(turns)
    if last is None:
        return 1.0
    if duration_s is None:
        words = sum(len(turn.text.split()) for turn in turns)
        return 0.001 if words < _SLOWEST * last else 1.0
    return 0.001 if last > _longest(duration_s) >= last / 1000 else 1.0


def _times(turn: Turn) -> list[float]:
    return [time for time in (turn.start_s, turn.end_s) if time is not None]


def _last(turns: Sequence[Turn]) -> float | None:
    return max((time for turn in turns for time in _times(turn)), default=None)


def _longest(duration_s: float) -> float:
    return duration_s + max(_SLACK_S, _SLACK * duration_s)


def _in_seconds(turn: Turn, scale: float) -> Turn:
    if scale == 1.0:
        return turn
    return replace(
        turn,
        start_s=None if turn.start_s is None else turn.start_s * scale,
        end_s=None if turn.end_s is None else turn.end_s * scale,
        words=tuple(
            replace(word, start_s=word.start_s * scale, end_s=word.end_s * scale)
            for word in turn.words
        ),
    )


def _refuse_of_another_call(
    read: Provided, turns: Sequence[Turn], call: CallFacts, scale: float
) -> None:
    """Refuse what the length or the numbers of the call contradict."""
    fix = "Check which call it belongs to: the file's name, or its row"
    theirs = {digits[-_LOCAL_DIGITS:] for digits in read.numbers}
    ours = {re.sub(r"\D", "", one)[-_LOCAL_DIGITS:] for one in call.numbers}
    if theirs and ours and not theirs & ours:
        raise TranscriptionError(
            "The transcript names other telephone numbers than its call", fix=fix
        )
    if call.duration_s is None:
        return
    told = [] if read.duration_s is None else [read.duration_s * scale]
    last = _last(turns)
    length = max([*told, *([] if last is None else [last])], default=0.0)
    if length > _longest(call.duration_s):
        raise TranscriptionError(
            "The transcript is longer than the call",
            where=f"{number(length)} s of a call of {number(call.duration_s)} s",
            fix=fix,
        )
    words = sum(len(turn.text.split()) for turn in turns)
    if words >= _FEW_WORDS and words > _FASTEST * call.duration_s:
        raise TranscriptionError(
            "The transcript has more words than anybody can say in the time of the call",
            where=f"{plural(words, 'word')} in {number(call.duration_s)} s",
            fix=fix,
        )


def _names_another(read: Provided, call: CallFacts, log: Collection[str]) -> bool:
    """Refuse what says to be of another call of the log; tell whether it is of one not in it."""
    own = {one.casefold() for one in call.ids}
    named = {one.casefold(): one for one in (*read.calls, *read.ids)}
    if not own or own & named.keys():
        return False
    others = [told for folded, told in named.items() if folded in log]
    if others:
        raise TranscriptionError(
            "The transcript names another call",
            where=others[0],
            fix="Name the file after that call, or remove it",
        )
    return bool(read.calls)


def _in_time(
    turns: tuple[Turn, ...], *, by_channel: bool
) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
    """Put turns into the order of their times, or leave times out that cannot be right."""
    timed = [turn.start_s for turn in turns if turn.start_s is not None]
    if not timed:  # an end without a beginning says little, and spans need both
        return tuple(replace(turn, end_s=None) for turn in turns), ()
    if len(timed) < len(turns):
        return _untimed(turns), ("Some turns have no time; the others' times are left out.",)
    # of channels each by itself runs forwards: one may be written after the other
    speakers = {turn.speaker for turn in turns} if by_channel else {None}
    back = any(
        _runs_back([turn for turn in turns if not by_channel or turn.speaker == speaker])
        for speaker in speakers
    )
    if back or any(time < 0 for time in timed):
        return _untimed(turns), (
            "Its times run backwards; the words stay in their order, without times.",
        )
    ordered = sorted(turns, key=lambda turn: turn.start_s or 0.0)
    moved = () if by_channel or ordered == list(turns) else (REORDERED,)
    if any(turn.end_s is not None and turn.end_s < (turn.start_s or 0.0) for turn in turns):
        ends = tuple(replace(turn, end_s=None, words=()) for turn in ordered)
        return ends, (*moved, "Some turns end before they begin; the ends are left out.")
    return tuple(ordered), moved


def _runs_back(turns: Sequence[Turn]) -> bool:
    """Tell whether turns are written in another order than that of their times.

    Who begins to speak while somebody speaks may be written after who goes on longer; that
    is one step back, into a turn that lasts as long. Two in a row are none.
    """
    latest, fell = 0.0, False
    for before, after in pairwise(turns):
        one, other = before.start_s or 0.0, after.start_s or 0.0
        latest, falls = max(latest, one), other < one
        overlaps = other + _OVERLAP_S >= one if after.end_s is None else after.end_s > one
        if falls and (fell or not overlaps or latest - other > _BACKWARDS_S):
            return True
        fell = falls
    return False


def _untimed(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    return tuple(replace(turn, start_s=None, end_s=None, words=()) for turn in turns)


def _cut(turn: Turn) -> Iterator[Turn]:
    """Cut a turn that nobody could quote into sentences, where no time would have to be guessed."""
    if turn.start_s is not None or len(turn.text.split()) <= _LONG_TURN:
        yield turn
    else:
        yield from (replace(turn, text=piece) for piece in pieces(turn.text))


def _with_label(turn: Turn, turns: Sequence[Turn], sides: Sides) -> Turn:
    """Keep among the words what stands before a colon once, and is nobody who is known."""
    name = turn.speaker
    if name is None or set(sides.of.values()) == {"unknown"} or sides.of.get(name) != "unknown":
        return turn
    once = sum(one.speaker == name for one in turns) == 1
    if not once or role_of(name) is not None or re.search(r"\d", name):
        return turn
    return replace(turn, text=f"{name}: {turn.text}")


def _utterance(turn: Turn, speaker: Speaker, flags: tuple[str, ...]) -> Utterance:
    sure = turn.confidence
    return Utterance(
        speaker=speaker,
        start_s=_UNKNOWN if turn.start_s is None else turn.start_s,
        end_s=_UNKNOWN if turn.end_s is None else turn.end_s,
        text=" ".join(turn.text.split()),
        confidence=sure if sure is not None and 0 <= sure <= 1 else _UNKNOWN,
        flags=tuple(sorted({*turn.flags, *flags})),
        words=turn.words,
    )


def _in_their_languages(
    said: Sequence[Utterance], stated: str | None
) -> tuple[list[Utterance], str | None]:
    """Flag what is not in English, and return in which language most of the call is.

    Each side's words tell it, the whole call's of a side that says little, and what the provider
    states where those do not: it may state what its account is set to, whatever is spoken.
    """
    texts: dict[Speaker, str] = {}
    for one in said:
        if not one.flags:  # a machine says its text in whatever language it has
            texts[one.speaker] = f"{texts.get(one.speaker, '')} {one.text}"
    whole = written_language(" ".join(texts.values())) or stated
    spoken = {speaker: written_language(text) or whole for speaker, text in texts.items()}
    flagged = [
        one
        if spoken.get(one.speaker) in (None, "en")
        else replace(one, flags=tuple(sorted({*one.flags, OTHER_LANGUAGE})))
        for one in said
    ]
    words: Counter[str | None] = Counter()
    for speaker, text in texts.items():
        words[spoken[speaker]] += len(text)
    return flagged, max(words, key=words.__getitem__, default=whole)


def _speech(said: Sequence[Utterance]) -> dict[Speaker, tuple[tuple[float, float], ...]]:
    """Return when who spoke, where every turn tells; the parts of a machine are nobody's."""
    if any(math.isnan(one.end_s) for one in said):
        return {}
    speech: dict[Speaker, list[tuple[float, float]]] = {}
    for one in said:
        speech.setdefault(one.speaker, []).append((one.start_s, one.end_s))
    return {speaker: tuple(sorted(spans)) for speaker, spans in speech.items()}
