"""The transcripts that providers made of a workspace's calls, taken into its store.

They come in a column of an export (``calls.transcript``) or as files named after their call
or its recording, in ``data/recordings`` or ``data/transcripts``. A file goes before a column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlparse

import pandas as pd

from calltrack_nb import audio, phrasing, providers
from calltrack_nb.calls import unspoken_statuses
from calltrack_nb.calls.recording_lengths import lengths
from calltrack_nb.errors import CalltrackError, unforeseen
from calltrack_nb.findings.provided import MUCH, word_error_rates
from calltrack_nb.transcription import Transcript
from calltrack_nb.transcription.provided import DOUBTS, SUFFIXES, CallFacts, provided_transcript
from calltrack_nb.workspace.store import Workspace

READER: Final = 5
"""Counted up when the same text would give another transcript."""

_FILE: Final = "file"
_SOUNDS: Final = (".mp3", ".wav", ".m4a", ".ogg", ".opus", ".flac", ".mp4", ".webm", ".amr", ".gsm")
_NOBODY_ANSWERED: Final = (
    "Nobody answered the call, but two sides speak in its transcript: it may belong to another "
    "call."
)
_MOST_NAMED: Final = 10
_MOST_LINES: Final = 20
_NUMBERS: Final = ("caller_number", "tracking_number", "destination_number")


@dataclass(frozen=True, slots=True)
class FromProvider:
    """A provider's transcript of one call, or why there is none.

    Parameters
    ----------
    key : str or None
        Where it is in the store of transcripts.
    problem : str or None
        Why it was left out.
    doubt : str or None
        What a reader should check of it.
    """

    key: str | None
    problem: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class ProvidedTranscripts:
    """What providers transcribed.

    Parameters
    ----------
    of : mapping of str to FromProvider
        By ``call_id``.
    strays : tuple of str
        Files that could be transcripts and are of no call.
    """

    of: Mapping[str, FromProvider] = field(default_factory=dict)
    strays: tuple[str, ...] = ()


def take_provided(workspace: Workspace, calls: pd.DataFrame) -> ProvidedTranscripts:
    """Take the providers' transcripts of calls into the store; each is read once.

    Parameters
    ----------
    workspace : Workspace
        Whose lock the caller holds.
    calls : pandas.DataFrame
        The table ``calls``.
    """
    files = files_of_transcripts(workspace)
    matched = transcript_files(workspace, calls, files)
    used = {path for paths in matched.values() for path in paths}
    strays = tuple(_inside(workspace, path) for path in files if path not in used)
    given = calls[calls["transcript"].notna() | calls["call_id"].isin(matched.keys())]
    makers = _makers(workspace) if given["transcript"].notna().any() else {}
    log = _ids(calls["call_id"]) if len(given) else frozenset()
    found = {}
    for row in given.assign(call_s=lengths(given)).to_dict("records"):
        call_id = str(row["call_id"])
        try:
            text, origin = _text(workspace, row, matched.get(call_id, []), makers)
            key = _kept(workspace, text, _facts(row), origin, log)
            found[call_id] = FromProvider(key, doubt=_doubt(workspace.transcripts.get(key), row))
        except CalltrackError as error:
            found[call_id] = FromProvider(None, str(error))
        except Exception as error:  # noqa: BLE001 - one odd transcript must not stop the others
            told = unforeseen("The transcript cannot be read", call_id, error)
            found[call_id] = FromProvider(None, str(told))
    return ProvidedTranscripts(found, strays)


def transcript_files(
    workspace: Workspace, calls: pd.DataFrame, files: tuple[Path, ...] | None = None
) -> dict[str, list[Path]]:
    """Return the files of transcripts of calls, by ``call_id``, the most telling first.

    Parameters
    ----------
    workspace : Workspace
    calls : pandas.DataFrame
        Columns ``call_id`` and ``recording``.
    files : tuple of pathlib.Path, optional
        Where they were looked for already.
    """
    by_stem: dict[str, list[Path]] = {}
    for path in files_of_transcripts(workspace) if files is None else files:
        by_stem.setdefault(_stem(path), []).append(path)
    found: dict[str, list[Path]] = {}
    for call_id, recording in zip(calls["call_id"], calls["recording"], strict=True):
        if not by_stem:
            break
        mine = [path for stem in _stems(str(call_id), recording) for path in by_stem.get(stem, ())]
        if mine:
            found[str(call_id)] = sorted(
                dict.fromkeys(mine), key=lambda path: SUFFIXES.index(path.suffix.lower())
            )
    return found


def agreement_lines(recordings: pd.DataFrame, *, least: float = 0.0) -> tuple[str, ...]:
    """Say how far our transcripts and the providers' say the same, overall and where they do not.

    Parameters
    ----------
    recordings : pandas.DataFrame
        The table ``recordings``, or some of its columns.
    least : float
        The word error rate from which on a call is named.
    """
    both = recordings[recordings["words"].notna()]
    if both.empty:
        return ()
    rate, pooled = word_error_rates(both)
    overall = (
        f"{phrasing.plural(len(both), 'call')} {phrasing.agree(len(both), 'is')} transcribed here "
        f"and by a provider: {phrasing.percent(pooled)} of the provider's words differ. Which of "
        "the two is right is not known"
    )
    lines = [overall]
    ordered = both.assign(rate=rate)[rate >= least].sort_values(
        ["rate", "call_id"], ascending=[False, True]
    )
    lines += [
        f"{row['call_id']}: {phrasing.percent(row['rate'])} of "
        f"{phrasing.plural(int(row['words']), 'word')} differ"
        + (", which is a lot: listen to the call" if row["rate"] >= MUCH else "")
        for row in ordered.head(_MOST_LINES).to_dict("records")
    ]
    if len(ordered) > _MOST_LINES:
        lines.append(
            f"{phrasing.number(len(ordered) - _MOST_LINES)} more, which differ less, in the table "
            "recordings"
        )
    return tuple(lines)


def doubt_lines(of: Mapping[str, FromProvider]) -> tuple[str, ...]:
    """Say what somebody should look at, and in which calls' transcripts.

    Parameters
    ----------
    of : mapping of str to FromProvider
        By ``call_id``.
    """
    doubts: dict[str, list[str]] = {}
    for call_id, one in of.items():
        if one.doubt:
            doubts.setdefault(one.doubt, []).append(call_id)
    return tuple(
        f"{phrasing.listed(call_ids, _MOST_NAMED)}: {doubt}" for doubt, call_ids in doubts.items()
    )


def files_of_transcripts(workspace: Workspace) -> tuple[Path, ...]:
    """Return the files beside the recordings, and where transcripts lie, that may be some."""
    folders = (workspace.recordings, workspace.transcripts.folder)
    return tuple(
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


def _stem(path: Path) -> str:
    """Return what a file is named after: ``REC7`` for ``REC7.mp3.vtt``."""
    inner = Path(path.stem)
    return inner.stem if inner.suffix.lower() in _SOUNDS else path.stem


def _stems(call_id: str, recording: object) -> Iterator[str]:
    yield from audio.stems_of(call_id)
    yield call_id.replace(":", "-")
    if isinstance(recording, str):
        name = PurePosixPath(unquote(urlparse(recording).path).replace("\\", "/"))
        if name.suffix.lower() in _SOUNDS:
            yield name.stem


def _inside(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.folder).as_posix()


def _makers(workspace: Workspace) -> dict[str, str]:
    """Return whose row each transcript stands in: a call may be joined of several."""
    rows = workspace.table("provider_calls").dropna(subset="transcript")
    return dict(zip(rows["transcript"].astype(str), rows["provider"].astype(str), strict=True))


def _text(
    workspace: Workspace, row: Mapping[Any, Any], files: list[Path], makers: Mapping[str, str]
) -> tuple[str, str]:
    if not files:
        text = str(row["transcript"])
        return text, makers.get(text, str(row["provider"]))
    best = [path for path in files if path.suffix.lower() == files[0].suffix.lower()]
    if len(best) > 1:
        names = phrasing.listed([_inside(workspace, path) for path in best], len(best))
        raise CalltrackError("Several files could be its transcript", where=names)
    return providers.decode_text(files[0])[0], _FILE


def _ids(call_ids: pd.Series[str]) -> frozenset[str]:
    """Return what calls are called, with and without whose they are, case-folded."""
    return frozenset(stem.casefold() for one in call_ids for stem in audio.stems_of(one)[:2])


def _doubt(made: Transcript | None, row: Mapping[Any, Any]) -> str | None:
    """Say what somebody should look at in a transcript."""
    if made is None:
        return None
    doubts = [remark for remark in made.remarks if remark in DOUBTS]
    sides = {one.speaker for one in made.utterances if not one.flags}
    if row["status"] in unspoken_statuses() and {"agent", "caller"} <= sides:
        doubts.append(_NOBODY_ANSWERED)
    return " ".join(doubts) or None


def _facts(row: Mapping[Any, Any]) -> CallFacts:
    return CallFacts(
        direction="outbound" if row["direction"] == "outbound" else "inbound",
        duration_s=None if pd.isna(row["call_s"]) else row["call_s"],
        numbers=tuple(str(row[name]) for name in _NUMBERS if pd.notna(row[name])),
        agent=_named(row["agent"]),
        caller=_named(row["caller_name"]),
        ids=tuple(dict.fromkeys(_stems(str(row["call_id"]), row["recording"]))),
    )


def _named(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kept(
    workspace: Workspace, text: str, call: CallFacts, origin: str, log: frozenset[str]
) -> str:
    """Return the key under which a transcript is kept, reading the text if it is new."""
    channel = workspace.settings.transcription.agent_channel
    parts = ("provided", READER, origin, channel, sorted(asdict(call).items()), text)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:40]
    if workspace.transcripts.get(key) is None:
        made = provided_transcript(text, call, origin=origin, agent_channel=channel, log=log)
        workspace.transcripts.put(key, made)
    return key
