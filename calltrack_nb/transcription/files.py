"""Transcripts as files other programs read, and corrected files read back.

A corrected file is never mixed into the machine's words: what a person changed becomes
rows of the table ``corrections``, which everything downstream prefers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pandas as pd

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.schema import SPEAKERS, conform
from calltrack_nb.transcription.transcript import Transcript, Utterance

Form = Literal["vtt", "srt", "json", "csv"]

TIMED: Final = ("vtt", "srt")
"""The forms that hold nothing without its time."""

_COLUMNS: Final = (
    "call_id", "turn", "speaker", "start_s", "end_s", "text", "confidence", "flags",
)  # fmt: skip
_NOTE: Final = re.compile(r"^NOTE call (\S+)\s*$", re.MULTILINE)
_CUE: Final = re.compile(
    r"(?:^|\n)(?P<turn>\d+)[ \t]*\r?\n[\d:.,]+[ \t]+-->[^\n]*\n(?P<body>.*?)(?=\n[ \t]*\r?\n|\s*$)",
    re.DOTALL,
)
_TIMES: Final = re.compile(r"^[\d:.,]+[ \t]+-->", re.MULTILINE)
_VOICE: Final = re.compile(r"^<v[ .]([^>]*)>(.*?)(?:</v>)?$", re.DOTALL)
_NAMED: Final = re.compile(rf"^({'|'.join(SPEAKERS)}):\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    call_id: str | None
    turn: int
    speaker: str | None
    text: str


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
    if form in TIMED and not transcript.timed:
        raise TranscriptionError(
            f"The transcript has no times, which {form} needs",
            where=call_id or None,
            fix="Write it as csv or json",
        )
    if form == "vtt":
        head = f"WEBVTT\n\nNOTE call {call_id}\n" if call_id else "WEBVTT\n"
        return "".join([head, *_cues(transcript, ".", "<v {speaker}>{text}")])
    if form == "srt":
        return "".join(_cues(transcript, ",", "{speaker}: {text}")).lstrip("\n")
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
    when = corrected_at or dt.datetime.now(dt.UTC)
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
                f"The file is of no known call ({owner or 'it names none'})",
                where=path,
                fix="Say which with --call, by its id in the table calls",
            )
        if line.call_id not in (None, owner):
            raise TranscriptionError(
                f"The file is of the call {line.call_id}, not of {owner}",
                where=path,
                fix="Leave --call out, or give this call's file",
            )
        said = transcripts[owner].utterances
        if not 0 <= line.turn < len(said):
            raise TranscriptionError(
                f"The call has no turn {line.turn}", where=path, fix="Keep the turns' numbers"
            )
        turn = said[line.turn]
        row = {"account": account, "call_id": owner, "turn": line.turn, "corrected_at": when}
        row |= {"start_s": turn.start_s, "end_s": turn.end_s}
        rows.extend({**row, **change} for change in _changes(turn, line, path))
    return conform(pd.DataFrame(rows), "corrections")


def _changes(said: Utterance, line: _Line, path: Path) -> list[dict[str, str]]:
    changes = []
    if line.text != said.text:
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


def _cues(transcript: Transcript, point: str, pattern: str) -> Iterable[str]:
    for turn, said in enumerate(transcript.utterances):
        body = pattern.format(speaker=said.speaker, text=said.text.replace("-->", "->"))
        yield f"\n{turn}\n{_clock(said.start_s, point)} --> {_clock(said.end_s, point)}\n{body}\n"


def _two(value: float) -> str:
    """Write a number with two decimals, and nothing where it is not known."""
    return "" if math.isnan(value) else f"{value:.2f}"


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


def _lines(path: Path) -> list[_Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        form = path.suffix.lstrip(".").lower()
        if form == "csv":
            return _rows(text)
        if form == "json":
            content = json.loads(text)
            return [
                _Line(content.get("call_id") or None, turn, said["speaker"], said["text"])
                for turn, said in enumerate(content["utterances"])
            ]
    except UnicodeDecodeError as error:
        raise TranscriptionError(
            "The corrected file is no text in UTF-8", where=path, fix="Save it as UTF-8"
        ) from error
    except OSError as error:
        raise TranscriptionError(
            "The corrected file cannot be read", where=f"{path} ({error.strerror})"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TranscriptionError(
            "The corrected file is not as it was exported",
            where=f"{path} ({error})",
            fix="Export it again and change nothing but words and speakers",
        ) from error
    if form not in ("vtt", "srt"):
        raise TranscriptionError(
            "The corrected file is of no known form",
            where=path,
            fix=f"Use one of {', '.join(get_args(Form))}",
        )
    text = text.replace("\r\n", "\n")
    note = _NOTE.search(text)
    cues = [
        _cue(int(cue["turn"]), cue["body"], note[1] if note else None)
        for cue in _CUE.finditer(text)
    ]
    without = len(_TIMES.findall(text)) - len(cues)
    if without:
        raise TranscriptionError(
            f"{without} turns of the corrected file have lost their number",
            where=path,
            fix="Export it again and keep the line with the number above each turn's times",
        )
    return cues


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


def _cue(turn: int, body: str, call_id: str | None) -> _Line:
    joined = " ".join(body.split())
    named = _VOICE.match(joined) or _NAMED.match(joined)
    if named is None:
        return _Line(call_id, turn, None, joined)
    return _Line(call_id, turn, named[1].strip(), named[2].strip())
