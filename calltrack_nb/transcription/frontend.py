"""From a recording to a transcript, through any engine.

The work is in three steps, so that windows of several calls can be decoded at once:
a call is prepared (decoded, split, packed), its windows are decoded, and the results are
put together on the call's clock. A window never sees another call, and a suspect one is
done again by itself, always the same way: the same audio gives the same transcript
whatever ran beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calltrack_nb.audio import (
    Audio,
    Layout,
    Span,
    decode,
    diarize,
    leaked,
    probe,
    spans_of,
    speech_probability,
)
from calltrack_nb.phrasing import plural
from calltrack_nb.schema import NO_CONVERSATION, OTHER_LANGUAGE
from calltrack_nb.transcription.alignment import align_words, words_said
from calltrack_nb.transcription.conversation import is_conversation
from calltrack_nb.transcription.engine import Decoding, Transcriber, WindowResult
from calltrack_nb.transcription.glossary import flag_names, hear_names
from calltrack_nb.transcription.hallucination_filters import flagged
from calltrack_nb.transcription.language import other_language
from calltrack_nb.transcription.options import Options
from calltrack_nb.transcription.parties import agent_side
from calltrack_nb.transcription.suspicion import SECONDS_PER_WORD, best, echoes, longest_loop, signs
from calltrack_nb.transcription.transcript import Speaker, Transcript, Word
from calltrack_nb.transcription.turns import PlacedWord, utterances_of
from calltrack_nb.transcription.windows import Window, halves, pack, part_of

_BAN: Final = 5
# mean log probability under which a window is worth the model's full attention; its own
# fallback begins at -1, where most words are wrong already
_UNSURE: Final = -0.5
# speech in which Whisper wrote nothing, from which on it is looked at again by itself;
# shorter sounds are mostly breath and noise, over which it would only invent
_UNHEARD_S: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A call ready to be decoded.

    Parameters
    ----------
    audio : Audio
        The channels worth listening to, one per row.
    layout : Layout
        What the channels hold.
    spans : tuple of tuple of Span
        Speech per row.
    windows : tuple of Window
        Their speech, packed.
    """

    audio: Audio
    layout: Layout
    spans: tuple[tuple[Span, ...], ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A window, its words, and what is still wrong with them."""

    window: Window
    result: WindowResult
    signs: tuple[str, ...]
    redone: bool = False
    names: tuple[int, ...] = ()


def transcribe(path: Path, engine: Transcriber, options: Options | None = None) -> Transcript:
    """Transcribe one recording.

    Parameters
    ----------
    path : pathlib.Path
        The recording.
    engine : Transcriber
        See :func:`calltrack_nb.transcription.open_engine`.
    options : Options, optional
        How.

    Raises
    ------
    RecordingError
        When the file cannot be decoded.
    """
    chosen = options or Options()
    return transcribe_prepared([prepare(decode(path), chosen)], engine, chosen)[0]


def prepare(audio: Audio, options: Options) -> Prepared:
    """Split a recording, find its speech, and pack it into windows."""
    layout = probe(audio)
    # a view, since hours of sound take a gigabyte; the channels lie beside each other
    first, *_, last = (*layout.channels, *layout.channels) or (0, -1)
    samples = audio.samples[first : last + 1]
    ignored = list(leaked(samples)) if layout.split else [None] * len(samples)
    with ThreadPoolExecutor(max(1, len(samples))) as pool:
        probability = list(pool.map(speech_probability, samples, ignored))
    spans = tuple(spans_of(chances, audio.duration_s) for chances in probability)
    windows = pack(samples, spans, probability, options.packing)
    return Prepared(replace(audio, samples=samples), layout, spans, windows)


def transcribe_prepared(
    calls: Sequence[Prepared], engine: Transcriber, options: Options
) -> list[Transcript]:
    """Decode the windows of several calls at once and put each call together.

    Returns
    -------
    list of Transcript
        One per call, in order; each is what the call alone would give.
    """
    owners = [number for number, call in enumerate(calls) for _ in call.windows]
    windows = [window for call in calls for window in call.windows]
    decoded = _decode(windows, [calls[owner].audio.samples for owner in owners], engine, options)
    parts: list[list[_Decoded]] = [[] for _ in calls]
    for owner, pieces in zip(owners, decoded, strict=True):
        parts[owner].extend(pieces)
    return [_assemble(call, own, engine, options) for call, own in zip(calls, parts, strict=True)]


def _decode(
    windows: Sequence[Window],
    sources: Sequence[NDArray[np.float32]],
    engine: Transcriber,
    options: Options,
) -> list[list[_Decoded]]:
    """Decode windows; those unsure or suspect, and speech left without words, once more."""
    plain = Decoding(beam_size=options.beam_size, language=options.language)
    first = _run(windows, engine, plain)
    done: list[list[_Decoded]] = [[one] for one in first]
    unsure = [at for at, one in enumerate(first) if one.signs or _unsure(one.result)]
    again = _run([windows[at] for at in unsure], engine, _careful(options), redone=True)
    for at, found in zip(unsure, again, strict=True):
        echo = echoes(first[at].result.text) and not echoes(found.result.text)
        tries = (first[at], found)
        done[at] = [found if echo else tries[best([_standing([one]) for one in tries])]]
    bad = [at for at in unsure if done[at][0].signs]
    if bad:
        _mend(done, bad, windows, sources, engine, options)
    _hear_the_unheard(done, sources, engine, options)
    if options.glossary:
        _hear_names(done, engine, options)
    return done


def _careful(options: Options) -> Decoding:
    return Decoding(beam_size=options.careful_beam_size, language=options.language, whole=True)


def _unsure(result: WindowResult) -> bool:
    return echoes(result.text) or (bool(result.words) and result.mean_log_probability < _UNSURE)


def _mend(
    done: list[list[_Decoded]],
    bad: Sequence[int],
    windows: Sequence[Window],
    sources: Sequence[NDArray[np.float32]],
    engine: Transcriber,
    options: Options,
) -> None:
    """Decode suspect windows again, cut in two and more carefully; keep the best attempt."""
    cuts = [halves(sources[at], windows[at], options.packing) for at in bad]
    careful = _careful(options)
    banned = replace(careful, no_repeat_ngram=_BAN)
    attempts: list[list[list[_Decoded]]] = [[done[at]] for at in bad]
    open_at = list(range(len(bad)))
    for decoding in (careful, banned):
        flat = [window for at in open_at for window in cuts[at]]
        answers = iter(_run(flat, engine, decoding, redone=True))
        for at in open_at:
            attempts[at].append([next(answers) for _ in cuts[at]])
        open_at = [at for at in open_at if any(one.signs for one in attempts[at][-1])]
        if not open_at:
            break
    for at, tries in zip(bad, attempts, strict=True):
        done[at] = tries[best([_standing(attempt) for attempt in tries])]


def _hear_the_unheard(
    done: list[list[_Decoded]],
    sources: Sequence[NDArray[np.float32]],
    engine: Transcriber,
    options: Options,
) -> None:
    """Decode speech that got no words again by itself.

    Whisper may end its text before the window does, above all where a farewell on one
    channel is followed by the rest of the other; what stands behind it would be lost.
    """
    runs = [
        (at, place, run)
        for at, parts in enumerate(done)
        for place, one in enumerate(parts)
        for run in _unheard(one)
    ]
    windows = [part_of(sources[at], run, options.packing) for at, _, run in runs]
    again = _run(windows, engine, _careful(options), redone=True)
    for (at, place, run), found in zip(runs, again, strict=True):
        if found.result.words and not found.signs and not _quiet(found.result):
            before = done[at][place]
            done[at][place] = replace(before, window=before.window.without(run))
            done[at].append(found)


def _hear_names(done: list[list[_Decoded]], engine: Transcriber, options: Options) -> None:
    """Write the business's own names where something like them was heard."""
    plain = Decoding(beam_size=options.beam_size, language=options.language)
    every = [one for parts in done for one in parts]
    heard = iter(
        hear_names(
            [one.window for one in every],
            [one.result for one in every],
            options.glossary,
            engine,
            plain,
        )
    )
    for parts in done:
        for place, one in enumerate(parts):
            result, names = next(heard)
            parts[place] = replace(one, result=result, names=names)


def _unheard(one: _Decoded) -> list[list[tuple[int, Span]]]:
    """Return the runs of a window's spans in which hardly a word stands and much was said."""
    told = words_said(one.window, one.result.words)
    spans = [(piece.channel, span) for piece in one.window.pieces for span in piece.spans]

    def heard(spoken: tuple[int, Span]) -> bool:
        return told[spoken] * SECONDS_PER_WORD >= spoken[1].length_s

    runs = [list(run) for well, run in groupby(spans, key=heard) if not well]
    return [run for run in runs if sum(span.length_s for _, span in run) >= _UNHEARD_S]


def _run(
    windows: Sequence[Window], engine: Transcriber, decoding: Decoding, *, redone: bool = False
) -> list[_Decoded]:
    # windows of like length take like time, and a batch waits for its slowest
    order = sorted(range(len(windows)), key=lambda at: (windows[at].speech_s, at))
    results: list[WindowResult | None] = [None] * len(windows)
    for at, result in zip(
        order, engine.decode([windows[at] for at in order], decoding), strict=True
    ):
        results[at] = result
    return [
        _Decoded(window, result, signs(window, result), redone)
        for window, result in zip(windows, results, strict=True)
        if result is not None
    ]


def _standing(attempt: Sequence[_Decoded]) -> tuple[float, tuple[str, ...]]:
    speech = sum(one.window.speech_s for one in attempt) or 1.0
    mean = sum(one.result.mean_log_probability * one.window.speech_s for one in attempt) / speech
    return mean, tuple(sign for one in attempt for sign in one.signs)


def _assemble(
    call: Prepared, decoded: Sequence[_Decoded], engine: Transcriber, options: Options
) -> Transcript:
    heard = [item for one in decoded for item in _placed(one)]
    spans = call.spans
    foreign = _foreign(decoded, heard, spans)
    heard = [
        replace(item, flags=(*item.flags, OTHER_LANGUAGE)) if item.channel in foreign else item
        for item in heard
    ]
    if not call.layout.split and spans:
        heard, spans = _by_voice(call, heard)
    speakers, confidence, remarks = _sides(call.layout, heard, len(spans), options)
    redone = sum(one.redone for one in decoded)
    if redone:
        remarks = (*remarks, f"Decoded again, more carefully: {plural(redone, 'window')}.")
    if call.layout.kind not in ("two_party", "mono"):
        remarks = (call.layout.text, *remarks)
    utterances = flag_names(flagged(utterances_of(heard, speakers)), _names(decoded))
    if not is_conversation(utterances):
        utterances = tuple(
            replace(said, flags=tuple(sorted({*said.flags, NO_CONVERSATION})))
            for said in utterances
        )
    return Transcript(
        utterances=utterances,
        speech=_speech(spans, speakers),
        layout=call.layout.kind,
        duration_s=round(call.audio.duration_s, 3),
        engine=engine.info.engine,
        model=engine.info.model,
        options=options.as_dict(),
        language=_language(decoded, foreign, call.spans),
        speaker_confidence=confidence,
        truncated=call.audio.truncated,
        remarks=(*call.audio.remarks, *remarks),
    )


def _foreign(
    decoded: Sequence[_Decoded], heard: Sequence[PlacedWord], spans: Sequence[Sequence[Span]]
) -> dict[int, str]:
    """Return the channels on which another language than English is spoken, with which."""
    found = {}
    for channel, own in enumerate(spans):
        words = sorted(
            (item.word for item in heard if item.channel == channel),
            key=lambda word: (word.start_s, word.end_s),
        )
        shares = [
            (one.result, piece.length_s)
            for one in decoded
            for piece in one.window.pieces
            if piece.channel == channel
        ]
        spoken = [(code, length_s) for result, length_s in shares if (code := _spoken(result))]
        whole_s = sum(length_s for _, length_s in shares)
        silence = sum(result.no_speech_probability * length_s for result, length_s in shares)
        other = other_language(
            words,
            sum(span.length_s for span in own),
            spoken,
            no_speech=silence / whole_s if whole_s else 0.0,
        )
        if other:
            found[channel] = other
    return found


def _spoken(result: WindowResult) -> str | None:
    """Return the language of a window: as detected, or another than English it was decoded in."""
    return result.spoken or (result.language if result.language != "en" else None)


def _language(
    decoded: Sequence[_Decoded], foreign: Mapping[int, str], spans: Sequence[Sequence[Span]]
) -> str | None:
    """Return the language in which most of a call is spoken, as far as it can be told."""
    lengths = [sum(span.length_s for span in own) for own in spans]
    if 2 * sum(lengths[channel] for channel in foreign) > sum(lengths):
        return foreign[max(foreign, key=lengths.__getitem__)]
    languages = [one.result.language for one in decoded if one.result.language]
    return max(sorted(set(languages)), key=languages.count) if languages else None


def _by_voice(
    call: Prepared, heard: Sequence[PlacedWord]
) -> tuple[list[PlacedWord], tuple[tuple[Span, ...], ...]]:
    """Deal one channel's words out to two voices and, third, to nobody known."""
    (spans,) = call.spans
    voices = diarize(call.audio.samples[0], spans)
    if not any(label is not None for label in voices.labels):
        return list(heard), call.spans
    labels = [2 if label is None else label for label in voices.labels]
    moved = [replace(item, channel=_label(item.span, spans, labels)) for item in heard]
    sides = tuple(
        tuple(span for span, label in zip(spans, labels, strict=True) if label == side)
        for side in range(3)
    )
    return moved, sides


def _label(part: Span, spans: Sequence[Span], labels: Sequence[int]) -> int:
    """Return the label of the span that a word's span is, or was cut from."""
    return next(
        label
        for span, label in zip(spans, labels, strict=True)
        if span.start_s <= part.start_s < span.end_s
    )


def _placed(one: _Decoded) -> Iterator[PlacedWord]:
    flags = _flags(one)
    for channel, span, word in align_words(one.window, one.result.words):
        yield PlacedWord(word, channel, span, flags)


def _names(decoded: Sequence[_Decoded]) -> frozenset[Word]:
    """Return the words that the glossary put into a call, on the call's clock."""
    told = [one for one in decoded if one.names]
    placed = [(one, align_words(one.window, one.result.words)) for one in told]
    return frozenset(words[at][2] for one, words in placed if words for at in one.names)


def _flags(one: _Decoded) -> tuple[str, ...]:
    flags = []
    if longest_loop(one.result.text) or "compression" in one.signs or "crowded" in one.signs:
        flags.append("loop")
    if _quiet(one.result):
        flags.append("no_speech")
    return tuple(flags)


def _quiet(result: WindowResult) -> bool:
    return result.no_speech_probability > 0.6 and result.mean_log_probability < -1.0


def _sides(
    layout: Layout, heard: Sequence[PlacedWord], count: int, options: Options
) -> tuple[tuple[Speaker, ...], float, tuple[str, ...]]:
    if not layout.split and count < 3:
        return ("unknown",), 0.0, ()
    ordered = sorted(heard, key=lambda item: item.word.start_s)
    texts = [
        " ".join(item.word.text for item in ordered if item.channel == side) for side in (0, 1)
    ]
    wanted = options.agent_channel if layout.split else "auto"
    first = next((item.channel for item in ordered if item.channel < 2), None)
    agent, confidence, remark = agent_side(texts, wanted, direction=options.direction, first=first)
    if not layout.split:
        if remark:
            remark = "Two voices were separated, but which of them is the agent is not known."
            return ("unknown",) * 3, 0.0, (remark,)
        remark = "The speakers were separated by their voices; a short word may be misplaced."
    sides: tuple[Speaker, ...] = ("agent", "caller") if agent == 0 else ("caller", "agent")
    return (*sides, "unknown"), confidence, (remark,) if remark else ()


def _speech(
    spans: Sequence[Sequence[Span]], speakers: Sequence[Speaker]
) -> dict[Speaker, tuple[tuple[float, float], ...]]:
    heard: dict[Speaker, list[Span]] = {}
    for speaker, own in zip(speakers, spans, strict=False):
        heard.setdefault(speaker, []).extend(own)
    return {
        speaker: tuple((span.start_s, span.end_s) for span in sorted(own))
        for speaker, own in heard.items()
    }
