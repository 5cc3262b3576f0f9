"""Turns out of JSON, however its maker nests and names them.

CallRail, WhatConverts, CallTrackingMetrics, Twilio, Google, Invoca, Deepgram, AssemblyAI,
Whisper and whisperX all give lists of objects with a text, mostly a speaker and mostly times;
only the names differ, and none of them promises its own. So the list is looked for, and its
members are read by the names that any of them uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.provided.markup import shown
from calltrack_nb.transcription.provided.speakers import role_of
from calltrack_nb.transcription.provided.texts import read_text
from calltrack_nb.transcription.provided.turns import Provided, Turn, plain_key, seconds_of
from calltrack_nb.transcription.provided.twilio import of_operators, roles_of_channels
from calltrack_nb.transcription.transcript import Word

TEXTS: Final = (
    "text", "transcript", "content", "phrase", "utterance", "sentence", "body", "message",
    "transcription", "transcriptiontext", "calltranscription", "words", "value", "line",
)  # fmt: skip
_CHANNELS: Final = ("channel", "channeltag", "mediachannel", "channelid", "channelindex")
SPEAKERS: Final = (
    "speaker", "speakername", "speakerlabel", "speakertag", "speakerid", "speakerrole",
    "participantrole", "participant", "participantid", "role", "party", "name", "user",
    "source", "from", *_CHANNELS,
)  # fmt: skip
STARTS: Final = (
    "start", "starttime", "starts", "startsec", "startseconds", "startoffset", "begin",
    "beginoffset", "begintime", "offset", "timestamp", "time", "at",
)  # fmt: skip
_ENDS: Final = (
    "end", "endtime", "ends", "endsec", "endseconds", "endoffset", "resultendtime", "stop",
    "stoptime",
)  # fmt: skip
_SURE: Final = ("confidence", "score", "probability")
_NOT_TURNS: Final = (
    "alternatives", "words", "wordsegments", "tokens", "participants", "operatorresults",
)  # fmt: skip
_MILLIS: Final = re.compile(r"(?:ms|millis|milliseconds)$")
# what is said of a speaker beside their words: "user_id", "operator_type"
_OF_A_SPEAKER: Final = re.compile(
    r"(?:id|sid|type|name|number|phone|e?mail|role|channel|count|url|key|label|status)$"
)
_LENGTHS: Final = (
    "duration", "callduration", "audioduration", "durationseconds", "recordingduration",
)  # fmt: skip
CALLS: Final = (
    "callid", "callsid", "calluuid", "callguid", "callkey", "callreference", "originalcallid",
    "contactid", "interactionid", "conversationid",
)  # fmt: skip
_OF_A_CALL: Final = ("call", "contact", "interaction", "conversation")
_IDS: Final = ("id", "sid", "uuid", "guid")
_LONG_ID: Final = 6
_NUMBERS: Final = re.compile(r"^(?:from|to|caller|called|phone)$|number$|phone$")
_DEEPEST: Final = 8
_PAUSE_S: Final = 0.9
_NO_SPEECH: Final = 0.6
_UNLIKELY: Final = -1.0


def read_json(content: object, names: Sequence[str] = ()) -> Provided:
    """Read what a JSON file or cell of a transcript holds.

    Raises
    ------
    TranscriptionError
        When there is no text in it that could be a transcript.

    Examples
    --------
    >>> [turn.speaker for turn in read_json([{"agent": "Hello."}, {"caller": "Hi!"}]).turns]
    ['agent', 'caller']
    """
    calls = tuple(dict.fromkeys(_calls(content)))
    read = _read(content, names)
    ids = tuple(_ids(content)) if isinstance(content, Mapping) else ()
    return replace(read, calls=calls or read.calls, ids=ids)


def _read(content: object, names: Sequence[str]) -> Provided:
    wrapper = content if isinstance(content, Mapping) else {}
    found = max(_lists(content), key=_worth, default=None)
    if found is None or of_operators(found):
        if of_operators(content):
            raise TranscriptionError(
                "This is the output of Twilio's language operators, not a transcript",
                fix="Export the transcript's Sentences",
            )
        return _read_inner_text(content, names)
    tagged = _tagged_words(found)
    turns = list(_by_tag(tagged)) if tagged else [turn for item in found for turn in _turns(item)]
    roles = roles_of_channels(content)
    turns = [replace(turn, speaker=roles.get(turn.speaker or "", turn.speaker)) for turn in turns]
    language = wrapper.get("language") or wrapper.get("languageCode")
    return Provided(
        tuple(turns),
        tuple(_numbers(wrapper)),
        _time(wrapper, _LENGTHS),
        str(language).lower().split("-")[0] if isinstance(language, str) else None,
        by_channel=not tagged and any(_channel(item) for item in found),
        bare_times=all(_bare(item) for item in found),
    )


def _read_inner_text(content: object, names: Sequence[str]) -> Provided:
    """Read a text that stands in an object by itself."""
    if content in ([], {}, None, ""):
        return Provided(())
    if isinstance(content, Mapping):
        for name in TEXTS:
            for key, value in content.items():
                if plain_key(key) == name and isinstance(value, str):
                    return replace(
                        read_text(value, names),
                        numbers=tuple(_numbers(content)),
                        duration_s=_time(content, _LENGTHS),
                    )
        for value in content.values():
            if isinstance(value, Mapping):
                return _read_inner_text(value, names)
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return read_text("\n".join(content), names)
    raise TranscriptionError(
        "The JSON holds no transcript in a known form",
        fix="Export the transcript as text, WebVTT or SRT",
    )


def _lists(content: object, depth: int = 0) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the lists whose members are turns, wherever they are nested."""
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        items = [item for item in content if isinstance(item, Mapping)]
        if items and len(items) == len(content) and any(_text(item) for item in items):
            yield items
        for item in items:
            yield from _lists(dict(item), depth + 1)
    elif isinstance(content, Mapping):
        for key, value in content.items():
            if plain_key(key) not in _NOT_TURNS:
                yield from _lists(value, depth + 1)


def _worth(items: Sequence[Mapping[str, Any]]) -> tuple[bool, bool, bool, int]:
    """Say how much a list tells of a call: turns before words, speakers, times, then length."""
    texts = [text for text in map(_text, items) if text]
    single = sum(" " not in text.strip() for text in texts) > 0.9 * len(texts) > 9
    spoken = any(_speaker(item) is not None for item in items)
    timed = any(_time(item, STARTS) is not None for item in items)
    return not single, spoken, timed, sum(map(len, texts))


def _best(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the likeliest of the alternatives of a result, or the item itself."""
    for key, value in item.items():
        if plain_key(key) == "alternatives" and isinstance(value, list) and value:
            return value[0] if isinstance(value[0], Mapping) else item
    return item


def _text(item: Mapping[str, Any]) -> str:
    held = _best(item)
    for name in TEXTS:
        for key, value in held.items():
            if plain_key(key) == name and isinstance(value, str) and value.strip():
                return value
    return next((text for _, text in _pairs(item)), "")


def _pairs(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield who and what where the name of the member is the speaker: ``{"agent": "Hello"}``."""
    for key, value in item.items():
        if not isinstance(value, str) or _OF_A_SPEAKER.search(plain_key(key)):
            continue
        if role_of(str(key)) in ("agent", "caller", "rang"):
            yield str(key), value


def _speaker(item: Mapping[str, Any]) -> str | None:
    for name in SPEAKERS:
        for key, value in item.items():
            if plain_key(key) != name:
                continue
            told = value
            if isinstance(value, Mapping):
                told = value.get("name") or value.get("role") or value.get("id")
            if isinstance(told, str | int) and not isinstance(told, bool) and told != "":
                return str(told)
    return None


def _channel(item: Mapping[str, Any]) -> bool:
    """Tell whether a turn's speaker is a channel of the recording."""
    named = {plain_key(key) for key, value in item.items() if value not in (None, "")}
    others = named.intersection(SPEAKERS) - set(_CHANNELS)
    return bool(named.intersection(_CHANNELS)) and not others


def _time(item: Mapping[str, Any], names: Sequence[str]) -> float | None:
    for name in names:
        for key, value in item.items():
            plain = plain_key(key)
            bare = _MILLIS.sub("", plain)
            if name not in (plain, bare):
                continue
            seconds = seconds_of(value)
            if seconds is not None:
                return seconds / 1000 if bare != plain else seconds
    return None


def _bare(item: Mapping[str, Any]) -> bool:
    """Tell whether the times of a turn are whole numbers without a unit."""
    values = [item[key] for key in item if plain_key(key) in (*STARTS, *_ENDS)]
    return all(isinstance(value, int) or str(value).strip().isdigit() for value in values)


def _words(item: Mapping[str, Any]) -> list[tuple[Word, str | None]]:
    """Return the words of a turn that have times, each with its own speaker where it has one."""
    found = []
    for key, value in _best(item).items():
        if plain_key(key) != "words" or not isinstance(value, list):
            continue
        for one in value:
            if not isinstance(one, Mapping):
                continue
            text = one.get("punctuated_word") or one.get("word") or one.get("text")
            start, end = _time(one, STARTS), _time(one, _ENDS)
            if isinstance(text, str) and text.strip() and start is not None and end is not None:
                sure = _time(one, _SURE)
                found.append(
                    (Word(text.strip(), start, max(start, end), 1.0 if sure is None else sure),
                     _speaker(one))
                )  # fmt: skip
    return found


def _turns(item: Mapping[str, Any]) -> Iterator[Turn]:
    text = shown(_text(item))
    if not text:
        return
    pairs = list(_pairs(item)) if _best(item) is item else []
    if pairs and not any(plain_key(key) in TEXTS for key in item):
        for who, said in pairs:
            yield Turn(shown(said).strip(), who, _time(item, STARTS), _time(item, _ENDS))
        return
    sure = _time(_best(item), _SURE)
    words = [word for word, _ in _words(item)]
    speaker, start, end = _speaker(item), _time(item, STARTS), _time(item, _ENDS)
    if start is None and words:  # the words of a whole channel, pauses and all
        runs = _runs(words) if len(words) == len(text.split()) else [words]
        for run in runs:
            said = " ".join(word.text for word in run) if len(runs) > 1 else text.strip()
            yield Turn(said, speaker, run[0].start_s, run[-1].end_s, sure, tuple(run))
        return
    length = _time(item, ("duration",))
    if end is None and start is not None and length is not None:
        end = start + length
    yield Turn(text.strip(), speaker, start, end, sure, tuple(words), _flags(item))


def _runs(words: Sequence[Word]) -> list[list[Word]]:
    runs = [[words[0]]]
    for word in words[1:]:
        if word.start_s - runs[-1][-1].end_s > _PAUSE_S:
            runs.append([word])
        else:
            runs[-1].append(word)
    return runs


def _flags(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Flag what Whisper wrote over silence, by its own measures."""
    silent, likely = item.get("no_speech_prob"), item.get("avg_logprob")
    if isinstance(silent, float) and isinstance(likely, float):
        return ("no_speech",) if silent > _NO_SPEECH and likely < _UNLIKELY else ()
    return ()


def _tagged_words(items: Sequence[Mapping[str, Any]]) -> list[tuple[Word, str | None]]:
    """Return the words with speakers that Google gives in its last result, for the whole call."""
    if any(_speaker(item) is not None for item in items):
        return []
    words = _words(items[-1])
    tags = {tag for _, tag in words} - {None, "0"}
    return words if len(tags) > 1 else []


def _by_tag(words: Sequence[tuple[Word, str | None]]) -> Iterator[Turn]:
    run: list[Word] = []
    speaker: str | None = None
    for word, tag in words:
        if run and tag != speaker:
            yield _turn_of(run, speaker)
            run = []
        speaker = tag
        run.append(word)
    if run:
        yield _turn_of(run, speaker)


def _turn_of(run: Sequence[Word], speaker: str | None) -> Turn:
    sure = sum(word.probability for word in run) / len(run)
    text = " ".join(word.text for word in run)
    return Turn(text, speaker, run[0].start_s, run[-1].end_s, round(sure, 3), tuple(run))


def _numbers(wrapper: Mapping[str, Any]) -> Iterator[str]:
    """Yield the telephone numbers that an object names as its call's."""
    for key, value in wrapper.items():
        if isinstance(value, str | int) and _NUMBERS.search(plain_key(key)):
            digits = re.sub(r"\D", "", str(value))
            if 7 <= len(digits) <= 15:
                yield digits


def _calls(content: object, within: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the ids of calls that an object, or what is in it, says to be of."""
    if depth > 4:
        return
    if isinstance(content, list):
        for item in content:
            yield from _calls(item, within, depth + 1)
    elif isinstance(content, Mapping):
        for key, value in content.items():
            plain = plain_key(key)
            named = plain in CALLS or (plain in _IDS and within in _OF_A_CALL)
            if named and isinstance(value, str | int) and str(value).strip():
                yield str(value).strip()
            elif isinstance(value, Mapping | list):
                yield from _calls(value, plain, depth + 1)


def _ids(wrapper: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of an object that may be its call's as well as its own; short numbers are not.

    A transcript's own number may be that of another call by chance.
    """
    for key, value in wrapper.items():
        if plain_key(key) in _IDS and isinstance(value, str | int):
            text = str(value).strip()
            if text and (not text.isdigit() or len(text) >= _LONG_ID):
                yield text
