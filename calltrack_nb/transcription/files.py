"""Transcripts as files other programs read, and corrected files read back.

A corrected file is never mixed into the machine's words: what a person changed becomes
rows of the table ``corrections``, which everything downstream prefers.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pandas as pd
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from calltrack_nb import clock
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.phrasing import plural
from calltrack_nb.schema import SPEAKERS, conform
from calltrack_nb.transcription.transcript import Transcript, Utterance

Form = Literal["vtt", "srt", "json", "csv"]

TIMED: Final = ("vtt", "srt")
"""The forms that hold nothing without its time."""

_COLUMNS: Final = (
    "call_id", "turn", "speaker", "start_s", "end_s", "text", "confidence", "flags",
)  # fmt: skip
_NOTE: Final = re.compile(r"^call (\S+)$")
_MALFORMED: Final = (MalformedFileError, MalformedCaptionError)
_TIMES: Final = re.compile(r"^[\d:,. \t]+-->.*$", re.MULTILINE)
_VOICE: Final = re.compile(r"^<v[ .]([^>]*)>(.*?)(?:</v>)?$", re.DOTALL)
# SRT has no escapes, and programs hide what stands in angle brackets
_BRACKETS: Final = str.maketrans("<>", "\u2039\u203a")
_BRACKETS_BACK: Final = str.maketrans("\u2039\u203a", "<>")
_BLOCKS_WITHOUT_WORDS: Final = ("WEBVTT", "NOTE", "STYLE", "REGION")
_MOVED_S: Final = 0.1
"""A turn that begins further off is another: a subtitle editor has counted anew."""
_NAMED: Final = re.compile(rf"^({'|'.join(SPEAKERS)}):\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    call_id: str | None
    turn: int
    speaker: str | None
    text: str
    start_s: float | None = None


def write_transcript(
    transcript: Transcript, path: Path, form: Form | None = None, *, call_id: str = ""
) -> None:
    """Write a transcript by speaker.

    Parameters
    ----------
    transcript : Transcript
        The call.
    path : pathlib.Path
        The file.
    form : str, optional
        ``vtt``, ``srt``, ``json`` or ``csv``; by default the path's extension.
    call_id : str
        Kept in the file (but for SRT, which has no place for it), so that it can be
        read back.

    Raises
    ------
    TranscriptionError
        When the form is not one of these, or the file cannot be written.
    """
    chosen = form or path.suffix.lstrip(".").lower()
    text = format_transcript(transcript, chosen, call_id=call_id)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise TranscriptionError(
            "The transcript cannot be written", where=f"{path} ({error.strerror})"
        ) from error


def format_transcript(transcript: Transcript, form: str, *, call_id: str = "") -> str:
    """Return the text that :func:`write_transcript` writes."""
    if form in TIMED:
        if not transcript.timed:
            raise TranscriptionError(
                f"The transcript has no times, which {form} needs",
                where=call_id or None,
                fix="Export it as csv or json",
            )
        return _subtitles(transcript, form, call_id)
    if form == "json":
        content = {"call_id": call_id, **json.loads(transcript.to_json())}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        rows = io.StringIO()
        table = csv.writer(rows, lineterminator="\n")
        table.writerow(_COLUMNS)
        for turn, said in enumerate(transcript.utterances):
            table.writerow(
                (call_id, turn, said.speaker, _two(said.start_s), _two(said.end_s),
                 said.text, _two(said.confidence), " ".join(said.flags))
            )  # fmt: skip
        return rows.getvalue()
    raise TranscriptionError(
        f"Transcripts are not written as {form or 'a file without extension'}",
        fix=f"Use one of {', '.join(get_args(Form))}",
    )


def read_corrections(
    path: Path,
    transcripts: Mapping[str, Transcript],
    account: str,
    *,
    call_id: str | None = None,
    corrected_at: dt.datetime | None = None,
) -> pd.DataFrame:
    """Read back an exported file that a person has corrected.

    Parameters
    ----------
    path : pathlib.Path
        VTT, SRT, JSON or CSV, with the numbers of its turns as they were written.
    transcripts : mapping of str to Transcript
        The words so far, by ``call_id``; those of the calls in the file are needed.
    account : str
        The business.
    call_id : str, optional
        The call, where the file does not say.
    corrected_at : datetime.datetime, optional
        Aware; now by default.

    Returns
    -------
    pandas.DataFrame
        Conformed to the table ``corrections``: one row per turn and field (``text``,
        ``speaker``) that differs from the words so far.

    Raises
    ------
    TranscriptionError
        When the file cannot be read, holds no turns, is of no known call, or holds a turn
        that the call does not have.
    """
    when = corrected_at or clock.now()
    rows: list[dict[str, Any]] = []
    lines = _lines(path)
    if not lines:
        raise TranscriptionError(
            "The corrected file holds no numbered turn",
            where=path,
            fix="Export it again and keep the turns' numbers",
        )
    for line in lines:
        owner = call_id or line.call_id
        if owner is None or owner not in transcripts:
            raise TranscriptionError(
                f"The file belongs to no known call ({owner or 'it names none'})",
                where=path,
                fix="Name the call with --call and its id in the table calls",
            )
        if line.call_id not in (None, owner):
            raise TranscriptionError(
                f"The file belongs to the call {line.call_id}, not to {owner}",
                where=path,
                fix="Leave out --call, or give this call's file",
            )
        said = transcripts[owner].utterances
        if not 0 <= line.turn < len(said):
            raise TranscriptionError(
                f"The call has no turn {line.turn}", where=path, fix="Keep the turns' numbers"
            )
        turn = said[line.turn]
        if line.start_s is not None and abs(line.start_s - turn.start_s) > _MOVED_S:
            raise TranscriptionError(
                f"Turn {line.turn} begins at another time in the file than in the call",
                where=path,
                fix="Export it again and keep the turns' numbers and times",
            )
        row = {"account": account, "call_id": owner, "turn": line.turn, "corrected_at": when}
        row |= {"start_s": turn.start_s, "end_s": turn.end_s}
        rows.extend({**row, **change} for change in _changes(turn, line, path))
    return conform(pd.DataFrame(rows), "corrections")


def _changes(said: Utterance, line: _Line, path: Path) -> list[dict[str, str]]:
    changes = []
    if line.text.split() != said.text.split():
        changes.append({"field": "text", "value": line.text})
    if line.speaker is not None and line.speaker != said.speaker:
        if line.speaker not in SPEAKERS:
            raise TranscriptionError(
                f"There is no speaker {line.speaker!r}",
                where=f"{path}, turn {line.turn}",
                fix=f"Use one of {', '.join(SPEAKERS)}",
            )
        changes.append({"field": "speaker", "value": line.speaker})
    return changes


def _subtitles(transcript: Transcript, form: str, call_id: str) -> str:
    file = webvtt.WebVTT(header_comments=[f"call {call_id}"] if call_id else [])
    for turn, said in enumerate(transcript.utterances):
        start, end = (str(Timestamp.from_seconds(at)) for at in (said.start_s, said.end_s))
        words = " ".join(said.text.split())
        if form == "vtt":
            body = f"<v {said.speaker}>{html.escape(words, quote=False)}"
        else:
            body = f"{said.speaker}: {words.translate(_BRACKETS)}"
        file.captions.append(webvtt.Caption(start, end, body, str(turn)))
    text = io.StringIO()
    file.write(text, form)
    return text.getvalue().rstrip("\n") + "\n"


def _two(value: float) -> str:
    """Write a number with two decimals, and nothing where it is not known."""
    return "" if math.isnan(value) else f"{value:.2f}"


def _lines(path: Path) -> list[_Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        form = path.suffix.lstrip(".").lower()
        if form == "csv":
            return _rows(text)
        if form in TIMED:
            return _cues(text.replace("\r\n", "\n"), form, path)
        if form == "json":
            content = json.loads(text)
            return [
                _Line(content.get("call_id") or None, turn, said["speaker"], said["text"])
                for turn, said in enumerate(content["utterances"])
            ]
    except UnicodeDecodeError as error:
        raise TranscriptionError(
            "The corrected file is not UTF-8 text", where=path, fix="Save it as UTF-8"
        ) from error
    except OSError as error:
        raise TranscriptionError(
            "The corrected file cannot be read", where=f"{path} ({error.strerror})"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, *_MALFORMED) as error:
        raise TranscriptionError(
            "The corrected file was changed in more than words and speakers",
            where=f"{path} ({error})",
            fix="Export it again, and change only words and speakers",
        ) from error
    raise TranscriptionError(
        "The corrected file has an unknown format",
        where=path,
        fix=f"Use one of {', '.join(get_args(Form))}",
    )


def _cues(text: str, form: str, path: Path) -> list[_Line]:
    if form == "srt":  # read as the WebVTT it nearly is, since webvtt-py forgets SRT's numbers
        text = "WEBVTT\n\n" + _TIMES.sub(lambda times: times[0].replace(",", "."), text)
    file = webvtt.from_string(text, strict=True)
    captions = file.captions
    for block in re.split(r"\n\s*\n", text.strip()):
        if "-->" not in block and not block.startswith(_BLOCKS_WITHOUT_WORDS):
            raise ValueError(f"{block.strip()[:40]!r} is outside of a turn")
    without = sum(not (caption.identifier or "").strip().isdecimal() for caption in captions)
    if without:
        raise TranscriptionError(
            f"In the corrected file, {plural(without, 'turn')} without its number",
            where=path,
            fix="Export it again and keep the line with the number above each turn's times",
        )
    notes = filter(None, map(_NOTE.match, file.header_comments))
    call_id = next((note[1] for note in notes), None)
    return [_cue(caption, form, call_id) for caption in captions]


def _rows(text: str) -> list[_Line]:
    """Read CSV as it was written, or as a spreadsheet of another country writes it."""
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in ",;\t" if f"turn{mark}" in head.replace('"', "")), ",")
    table = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    missing = {"turn", "speaker", "text"}.difference(table.fieldnames or ())
    if missing:
        raise ValueError(f"no column {', '.join(sorted(missing))}")
    return [
        _Line(row.get("call_id") or None, int(row["turn"]), row["speaker"], row["text"])
        for row in table
    ]


def _cue(caption: Any, form: str, call_id: str | None) -> _Line:
    # not webvtt-py's text without tags: what a person put in angle brackets are words too
    joined = " ".join(caption.raw_text.split())
    named = _VOICE.match(joined) or _NAMED.match(joined)
    speaker, text = (part.strip() for part in named.groups()) if named else (None, joined)
    vtt = form == "vtt"
    return _Line(
        call_id,
        int(caption.identifier) - (not vtt),
        speaker,
        html.unescape(text) if vtt else text.translate(_BRACKETS_BACK),
        caption.start_time.in_milliseconds() / 1000,
    )
