"""Words on the call's clock, joined into utterances that follow one another as spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from calltrack_nb.audio import Span
from calltrack_nb.transcription.transcript import Speaker, Utterance, Word
from calltrack_nb.transcription.words import written

TURN_GAP_S: Final = 0.9
LOW_CONFIDENCE: Final = 0.45


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word with where it was heard.

    Parameters
    ----------
    word : Word
        On the call's clock.
    channel : int
        Of the recording, or the number of a speaker told apart on one channel.
    span : Span
        The speech it belongs to.
    flags : tuple of str
        What its window was flagged with.
    """

    word: Word
    channel: int
    span: Span
    flags: tuple[str, ...] = ()


def utterances_of(
    heard: Iterable[PlacedWord], speakers: Sequence[Speaker]
) -> tuple[Utterance, ...]:
    """Join words into utterances.

    A speaker's words belong together until they pause for most of a second, or pause at
    all while the other one begins to speak. An utterance starts where voice detection
    heard its first word's span begin, which is nearer to the truth than the model's own
    times.

    Parameters
    ----------
    heard : iterable of PlacedWord
        In any order.
    speakers : sequence of str
        Who speaks on each channel.

    Returns
    -------
    tuple of Utterance
        In order of start; what was said at once overlaps.
    """
    channels: dict[int, list[PlacedWord]] = {}
    for item in heard:
        channels.setdefault(item.channel, []).append(item)
    for items in channels.values():
        items.sort(key=lambda item: (item.span.start_s, item.word.start_s, item.word.end_s))
    onsets = {
        channel: sorted({item.span.start_s for item in items})
        for channel, items in channels.items()
    }
    said: list[Utterance] = []
    for channel, items in channels.items():
        others = sorted(
            start for other, starts in onsets.items() if other != channel for start in starts
        )
        said.extend(_utterance(group, speakers[channel]) for group in _grouped(items, others))
    return tuple(sorted(said, key=lambda one: (one.start_s, one.end_s, one.speaker)))


def _grouped(items: Sequence[PlacedWord], others: Sequence[float]) -> list[list[PlacedWord]]:
    groups: list[list[PlacedWord]] = []
    for item in items:
        if groups:
            before = groups[-1][-1]
            if item.span == before.span and item.flags == before.flags:
                groups[-1].append(item)
                continue
            pause = item.span.start_s - before.span.end_s
            answered = any(before.span.start_s < start < item.span.start_s for start in others)
            if pause < TURN_GAP_S and not answered and item.flags == before.flags:
                groups[-1].append(item)
                continue
        groups.append([item])
    return groups


def _utterance(group: Sequence[PlacedWord], speaker: Speaker) -> Utterance:
    words = tuple(item.word for item in group)
    confidence = round(sum(word.probability for word in words) / len(words), 3)
    flags = set(group[0].flags)
    if confidence < LOW_CONFIDENCE:
        flags.add("low_confidence")
    first, last = group[0], group[-1]
    same_span = first.span == last.span
    return Utterance(
        speaker=speaker,
        start_s=first.span.start_s,
        end_s=last.span.end_s if not same_span else max(last.word.end_s, last.span.end_s),
        text=written(words),
        confidence=confidence,
        flags=tuple(sorted(flags)),
        words=words,
    )
