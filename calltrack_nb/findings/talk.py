"""Talk measures of a call: who spoke how much, how fast, and how long nobody did.

Times come from speech detection on each channel, not from words: a transcript's
timestamps are too coarse for pauses, and words can be invented where nobody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.schema import INVENTED, LEFT_OUT, NO_CONVERSATION, OTHER_LANGUAGE

Interval = tuple[float, float]

_BREATH_S: Final = 2.0
_FEWEST_WORDS: Final = 20
_QUESTION: Final = re.compile(
    r"\?|^(?:what|when|where|who|why|how|which|is|are|do|does|did|can|could|would|will|have|has|may)\b",
    re.IGNORECASE,
)


class Said(Protocol):
    """One utterance of a transcript."""

    @property
    def speaker(self) -> str:
        """Who spoke: caller, agent or unknown."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def flags(self) -> Iterable[str]:
        """What is doubtful about it."""


class Spoken(Protocol):
    """What talk measures need of a transcript."""

    @property
    def utterances(self) -> Sequence[Any]:
        """What was said, each a :class:`Said`."""

    @property
    def speech(self) -> Mapping[Any, Sequence[Interval]]:
        """Seconds at which each speaker was heard."""

    @property
    def layout(self) -> str:
        """How the channels are related."""

    @property
    def duration_s(self) -> float:
        """Length of the recording."""

    @property
    def language(self) -> str | None:
        """The language spoken, ``und`` where it is not English and cannot be told."""


def talk_measures(transcripts: Mapping[str, Spoken], account: str) -> pd.DataFrame:
    """Measure who talks how in each call.

    Parameters
    ----------
    transcripts : mapping of call id to transcript
        With speech detected per speaker.
    account : str
        The business the calls belong to.

    Returns
    -------
    pandas.DataFrame
        The table ``talk``. What cannot be told, such as shares of talk in a mono
        recording, is missing.
    """
    rows = [
        {"account": account, "call_id": call_id, **_measure(transcript)}
        for call_id, transcript in sorted(transcripts.items())
    ]
    return schema.conform(pd.DataFrame(rows), "talk")


def _measure(transcript: Spoken) -> dict[str, Any]:
    speech = {who: _union(spans) for who, spans in transcript.speech.items()}
    caller, agent = speech.get("caller"), speech.get("agent")
    both = bool(caller) and bool(agent)
    anyone = _union(span for spans in speech.values() for span in spans)
    words = _words(transcript.utterances)
    said = [utterance for utterance in transcript.utterances if utterance.text.strip()]
    flagged = sum(bool(set(utterance.flags) & INVENTED) for utterance in said)
    return {
        "layout": transcript.layout,
        "audio_s": transcript.duration_s,
        "caller_talk_s": None if caller is None else _length(caller),
        "agent_talk_s": None if agent is None else _length(agent),
        "overlap_s": _length(_both(caller, agent)) if caller and agent else None,
        "longest_silence_s": _longest_gap(anyone, transcript.duration_s),
        "first_answer_s": _first_answer(caller, agent) if caller and agent else None,
        "longest_monologue_s": _longest_monologue(caller, agent) if caller and agent else None,
        "agent_questions": _questions(transcript.utterances) if both else None,
        "caller_words_per_min": _rate(words.get("caller", 0), caller),
        "agent_words_per_min": _rate(words.get("agent", 0), agent),
        "flagged_share": flagged / len(said) if said else None,
        "language": transcript.language,
        "left_out": _left_out(said),
    }


def _left_out(said: Sequence[Said]) -> str | None:
    """Return the flag for which most of a call's words take no part, None where they do."""
    every = sum(len(one.text.split()) for one in said)
    for flag in (OTHER_LANGUAGE, NO_CONVERSATION):
        flagged = sum(len(one.text.split()) for one in said if flag in set(one.flags))
        if 2 * flagged > every:
            return flag
    # ringing, music, a looped announcement: not a word that somebody said to somebody
    return NO_CONVERSATION if all(set(one.flags) & LEFT_OUT for one in said) else None


def _union(spans: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _both(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    found = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if start < end:
            found.append((start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found


def _length(spans: Iterable[Interval]) -> float:
    return float(sum(end - start for start, end in spans))


def _longest_gap(spans: Sequence[Interval], duration_s: float) -> float:
    edges = [0.0, *(edge for span in spans for edge in span), duration_s]
    return max((edges[i + 1] - edges[i] for i in range(0, len(edges) - 1, 2)), default=0.0)


def _first_answer(caller: Sequence[Interval], agent: Sequence[Interval]) -> float | None:
    """Seconds from the end of the caller's first words to the agent's next ones."""
    heard = caller[0][1]
    answers = [start for start, end in agent if end > heard]
    return max(0.0, answers[0] - heard) if answers else None


def _longest_monologue(caller: Sequence[Interval], agent: Sequence[Interval]) -> float:
    """Measure the longest stretch one of the two speaks alone, short breaths included."""
    longest = 0.0
    for own, other in ((caller, agent), (agent, caller)):
        start, end = own[0]
        for following in own[1:]:
            cut = any(s < following[0] and e > end for s, e in other)
            if cut or following[0] - end > _BREATH_S:
                longest = max(longest, end - start)
                start = following[0]
            end = following[1]
        longest = max(longest, end - start)
    return longest


def _words(utterances: Iterable[Any]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for utterance in utterances:
        if not set(utterance.flags) & INVENTED:
            words = len(utterance.text.split())
            counted[utterance.speaker] = counted.get(utterance.speaker, 0) + words
    return counted


def _questions(utterances: Iterable[Any]) -> int:
    return sum(
        sum(bool(_QUESTION.search(part.strip())) for part in re.split(r"(?<=[.!?])\s+", said.text))
        for said in utterances
        if said.speaker == "agent" and not set(said.flags) & INVENTED
    )


def _rate(words: int, spans: Sequence[Interval] | None) -> float | None:
    seconds = _length(spans or ())
    return 60.0 * words / seconds if words >= _FEWEST_WORDS and seconds > 0 else None
