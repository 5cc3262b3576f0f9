"""Text that nobody said to anybody: found in finished utterances and flagged.

Nothing is dropped. A looped announcement was spoken, but by no party to the call; a
stock phrase is what Whisper writes over noise, learnt from video captions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from calltrack_nb.transcription.suspicion import is_stock_phrase
from calltrack_nb.transcription.transcript import Utterance

_SHINGLE: Final = 4
_ROUNDS: Final = 3
_ROUND_S: Final = 4.0
_COVERED: Final = 0.5
_FILLING: Final = 10
_SURE: Final = 0.6


def flagged(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Flag looped announcements (``menu``) and stock phrases (``stock_phrase``).

    A run of four words that comes three times, seconds apart, belongs to a loop; an
    utterance made mostly of such runs is an announcement, and so is a short one between
    two of them. A stock phrase is suspected only where the model was unsure of it.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of one call, in order of start.

    Returns
    -------
    tuple of Utterance
        The same with flags.
    """
    flags: list[set[str]] = [set(said.flags) for said in utterances]
    by_speaker: dict[str, list[int]] = defaultdict(list)
    for at, said in enumerate(utterances):
        by_speaker[said.speaker].append(at)
        if said.confidence < _SURE and is_stock_phrase(said.text):
            flags[at].add("stock_phrase")
    for places in by_speaker.values():
        for at in _looped(utterances, places):
            flags[at].add("menu")
    return tuple(
        replace(said, flags=tuple(sorted(own))) for said, own in zip(utterances, flags, strict=True)
    )


def _looped(utterances: Sequence[Utterance], places: Sequence[int]) -> list[int]:
    words = [
        (at, word.start_s, unit)
        for at in places
        for word in utterances[at].words
        for unit in re.findall(r"[^\W_]+", word.text.lower())
    ]
    heard: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for first in range(len(words) - _SHINGLE + 1):
        run = words[first : first + _SHINGLE]
        units = tuple(unit for _, _, unit in run)
        # "no, no, no, no" and a number read out digit by digit are no announcement
        if len(set(units)) == _SHINGLE:
            heard[units].append(first)
    covered: set[int] = set()
    for firsts in heard.values():
        if _rounds([words[first][1] for first in firsts]) >= _ROUNDS:
            covered.update(first + step for first in firsts for step in range(_SHINGLE))
    counts: dict[int, list[int]] = {at: [0, 0] for at in places}
    for number, (at, _, _) in enumerate(words):
        counts[at][0] += number in covered
        counts[at][1] += 1
    looped = [at for at in places if counts[at][0] > _COVERED * max(1, counts[at][1])]
    inside = set(looped)
    for before, at, after in zip(places, places[1:], places[2:], strict=False):
        if counts[at][1] <= _FILLING and {before, after} <= inside:
            looped.append(at)
    # its last round may be cut by the end of the call
    if len(places) > 1 and places[-2] in inside and counts[places[-1]][1] <= _FILLING:
        looped.append(places[-1])
    return sorted(set(looped))


def _rounds(times: Sequence[float]) -> int:
    count, last = 0, float("-inf")
    for time in times:
        if time - last >= _ROUND_S:
            count, last = count + 1, time
    return count
