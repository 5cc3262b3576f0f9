"""Forget a caller: rows, transcripts, audio, quotes, and the rows of the raw exports.

A person may ask a business to delete what it holds about them. Tables, transcripts and
recordings are the easy part; the exports in ``data/raw`` hold the number too, so the
caller's rows are taken out of them as well, and reports that quote the caller are
deleted. What was sent to others cannot be called back, so those reports are named.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb import audio, phrasing, providers, schema
from calltrack_nb.errors import SourceError, WorkspaceError
from calltrack_nb.results import BaseResult
from calltrack_nb.themes import forget_cached
from calltrack_nb.workspace.checks import forget_checks
from calltrack_nb.workspace.contents import contents_file
from calltrack_nb.workspace.mentions import any_form_of, mask_mentions, national_digits
from calltrack_nb.workspace.provided import files_of_transcripts, transcript_files
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

_BY_PERSON: Final = ("provider_calls", "calls", "leads", "outcomes")
_MADE: Final = ("exports", "transcripts")
"""Folders of a workspace into which files for others are written, beside its reports."""
_TEXTS: Final = (".html", ".ipynb", ".json", ".csv", ".vtt", ".srt", ".txt")
_LONGEST_QUOTE: Final = 60
_MIN_QUOTE: Final = 25
"""Characters a sentence needs for its being in a report to point at this caller."""


@dataclass(frozen=True, slots=True)
class Forgotten(BaseResult):
    """What was removed.

    Attributes
    ----------
    calls : int
        Calls of the caller.
    rows : dict of str to int
        Rows removed, by table, the raw files under their names.
    reports : tuple of str
        Reports, exports and exported transcripts that held the caller, deleted here;
        copies sent to others still do.
    unsearched : tuple of str
        Raw files that cannot be read, so that nobody knows whether they hold the caller.
    """

    calls: int
    rows: dict[str, int]
    reports: tuple[str, ...]
    unsearched: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Say what was removed, in plain words."""
        removed = ", ".join(
            f"{phrasing.number(count)} from {name}" for name, count in self.rows.items() if count
        )
        lines = [
            f"Forgot {phrasing.plural(self.calls, 'call')}. Rows removed: {removed or 'none'}."
        ]
        if self.reports:
            lines.append(
                f"{phrasing.plural(len(self.reports), 'report or export', 'reports or exports')} "
                f"held this caller and {phrasing.agree(len(self.reports), 'was')} deleted; copies "
                f"you have sent still hold them: {', '.join(self.reports)}"
            )
        if self.unsearched:
            names = ", ".join(self.unsearched)
            lines.append(f"These files cannot be searched; look into them yourself: {names}")
        return "\n".join(lines)


def forget(workspace: Workspace, number: str) -> Forgotten:
    """Remove a caller from a workspace.

    Call it under the workspace's lock, and bring the workspace up to date afterwards so
    that the quotes of themes are chosen anew.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    number : str
        The caller's number in any usual form.

    Raises
    ------
    WorkspaceError
        When the text is not a telephone number.
    """
    country = workspace.settings.business.country
    e164 = providers.read_phones(pd.Series([number], dtype="str"), country).series.iloc[0]
    if pd.isna(e164):
        raise WorkspaceError(
            "That is not a telephone number", where=number, fix="Write it as +14045551234"
        )
    key = str(
        providers.caller_keys(
            pd.DataFrame({"caller_number": [e164]}, dtype="str"), workspace.secret()
        )["caller_key"].iloc[0]
    )
    _remember_not_to_import(workspace, key)
    calls = workspace.table("calls")
    mine = _of_person(calls, str(e164), key)
    ids = set(calls.loc[mine, "call_id"])
    said = workspace.table("utterances")
    quotes = _telling(said, ids)
    named = _named_after(ids, str(e164))
    uploaded = _uploaded(workspace, str(e164), key)
    rows = _forget_audio(workspace, ids, named)
    for name in _BY_PERSON:
        frame = workspace.table(name)
        rows[name] = _keep(workspace, name, frame, ~_of_person(frame, str(e164), key))
    for name in schema.OF_CALLS:
        frame = workspace.table(name)
        rows[name] = _keep(workspace, name, frame, ~frame["call_id"].isin(ids))
    rows["data/checks"] = forget_checks(workspace, ids)
    touchpoints = workspace.table("touchpoints")
    rows["touchpoints"] = _keep(
        workspace, "touchpoints", touchpoints, touchpoints["person_key"] != key
    )
    pattern = any_form_of(str(e164))
    quarantined = workspace.table("quarantine")
    rows["quarantine"] = _keep(
        workspace,
        "quarantine",
        quarantined,
        ~quarantined["value"].str.contains(pattern, regex=True, na=False),
    )
    unsearched = []
    for path in sorted(workspace.raw.rglob("*")):
        if path.is_file():
            try:
                rows[path.name] = _clean_raw(path, pattern)
            except SourceError:
                unsearched.append(path.name)
    rows |= mask_mentions(workspace, str(e164))
    rows["data/transcripts"] += _forget_unused(workspace)
    forget_cached(workspace.embeddings)
    (workspace.state / "listened").unlink(missing_ok=True)
    contents_file(workspace).unlink(missing_ok=True)  # names of recordings may hold numbers
    traces = [pattern, *(re.escape(text) for text in (*sorted(ids), *quotes, *uploaded))]
    holding = re.compile("|".join(traces))
    held = [
        path
        for folder in (workspace.reports, *(workspace.folder / made for made in _MADE))
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TEXTS and (named(path) or _holds(path, holding))
    ]
    for path in held:
        path.unlink()
    names = tuple(path.name for path in held)
    return Forgotten(len(ids), rows, names, tuple(unsearched))


def _remember_not_to_import(workspace: Workspace, key: str) -> None:
    """Keep the caller's key, which is no number, so that later exports are passed over."""
    path = workspace.state / "forgotten"
    known = path.read_text(encoding="utf-8").split() if path.is_file() else []
    with replacing(path) as draft:
        draft.write("\n".join(sorted({*known, key})).encode())


def _uploaded(workspace: Workspace, e164: str, key: str) -> list[str]:
    """Return what stands for the caller in upload files: the hashed number, clicks, ids."""
    texts = {hashlib.sha256(e164.encode()).hexdigest()}
    for name, of in (("calls", "call_id"), ("leads", "lead_id"), ("outcomes", "outcome_id")):
        frame = workspace.table(name)
        theirs = frame[_of_person(frame, e164, key)]
        texts |= set(theirs[of]) | {
            click.partition(":")[2] for click in theirs["click_id"].dropna()
        }
    return sorted(texts - {""})


def _of_person(frame: pd.DataFrame, number: str, key: str) -> pd.Series[bool]:
    return (frame["caller_number"] == number) | (frame["caller_key"] == key)


def _keep(workspace: Workspace, name: str, frame: pd.DataFrame, kept: pd.Series[bool]) -> int:
    removed = int((~kept).sum())
    if removed:
        workspace.write_table(name, frame[kept])
    return removed


def _forget_audio(
    workspace: Workspace, ids: set[str], named: Callable[[Path], bool]
) -> dict[str, int]:
    known = workspace.table("recordings")
    mine = known["call_id"].isin(ids)
    files = {workspace.recordings / str(path) for path in known.loc[mine, "path"].dropna()}
    files |= {path for path in workspace.recordings.rglob("*") if named(path)}
    calls = workspace.table("calls")
    theirs = transcript_files(workspace, calls[calls["call_id"].isin(ids)])
    given = {path for paths in theirs.values() for path in paths}
    given |= {path for path in files_of_transcripts(workspace) if named(path)}
    # two calls may share one recording; its transcript stays while the other call does
    keys = _keys(known[mine]) - _keys(known[~mine])
    for file in files | given:
        file.unlink(missing_ok=True)
    for key in keys:
        workspace.transcripts.forget(str(key))
    return {"data/recordings": len(files - given), "data/transcripts": len(keys | given)}


def _keys(recordings: pd.DataFrame) -> set[object]:
    """Return where the transcripts of calls are kept, those that stand beside others too."""
    return {*recordings["transcript_key"].dropna(), *recordings["other_key"].dropna()}


def _named_after(ids: Iterable[str], e164: str) -> Callable[[Path], bool]:
    """Return what tells whether a file is named after one of the calls or after the number."""
    digits = national_digits(e164)
    # recordings are named so, and exported transcripts with a hyphen
    stems = {
        stem for call_id in ids for stem in (*audio.stems_of(call_id), call_id.replace(":", "-"))
    }

    def named(path: Path) -> bool:
        told = path.stem in stems or digits in re.sub(r"\D", "", path.stem)
        return told and path.is_file()

    return named


def _forget_unused(workspace: Workspace) -> int:
    """Delete transcripts that no call refers to: earlier models may have heard this caller."""
    used = _keys(workspace.table("recordings"))
    unused = [
        path
        for path in workspace.transcripts.folder.rglob("*.json.gz")
        if path.is_file() and path.name.split(".")[0] not in used
    ]
    for path in unused:
        path.unlink()
    return len(unused)


def _telling(said: pd.DataFrame, ids: set[str]) -> tuple[str, ...]:
    """Return the beginnings of sentences that these calls say and no other call does."""
    mine = said["call_id"].isin(ids)
    return tuple(sorted(_sentences(said[mine]) - _sentences(said[~mine])))


def _sentences(said: pd.DataFrame) -> set[str]:
    texts = pd.concat([said["text"], said["redacted_text"]]).dropna()
    return {
        " ".join(sentence.split())[:_LONGEST_QUOTE]
        for text in texts
        for sentence in re.split(r"(?<=[.!?;])\s+", text)
        if len(sentence) >= _MIN_QUOTE
    }


def _clean_raw(path: Path, pattern: str) -> int:
    """Take the caller's rows out of one raw export; return how many there were."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _clean_xlsx(path, pattern)
    try:
        text, encoding = providers.decode_text(path)
    except SourceError:
        return _clean_packed(path, pattern)
    if not re.search(pattern, text):
        return 0
    cleaned, removed = (_clean_json if suffix == ".json" else _clean_csv)(text, pattern)
    with replacing(path) as draft:
        draft.write(cleaned.encode(encoding))
    return removed


def _clean_packed(path: Path, pattern: str) -> int:
    """Write a packed export, or one of another kind, as CSV without the caller's rows.

    Raises
    ------
    SourceError
        When the file cannot be read.
    """
    chunks = [chunk.frame for chunk in providers.open_sheet(path, frozenset()).chunks()]
    rows = pd.concat(chunks, ignore_index=True)
    holds = rows.apply(lambda cells: cells.str.contains(pattern, regex=True, na=False)).any(axis=1)
    if holds.any():
        target = path.with_name(f"{path.name}.csv")
        with replacing(target) as draft:
            draft.write(rows[~holds].to_csv(index=False).encode())
        path.unlink()
    return int(holds.sum())


def _clean_csv(text: str, pattern: str) -> tuple[str, int]:
    """Drop the records that hold the number, leaving every other byte as it was."""
    kept = io.StringIO()
    removed = 0
    lines = text.splitlines(keepends=True)
    reader = csv.reader(iter(lines))
    start = 0
    with _cells_of_any_length(text):
        for _ in reader:
            record = "".join(lines[start : reader.line_num])
            start = reader.line_num
            if re.search(pattern, record):
                removed += 1
            else:
                kept.write(record)
    return kept.getvalue(), removed


@contextmanager
def _cells_of_any_length(text: str) -> Iterator[None]:
    """Let the csv module read cells as long as the text: a transcript may be one."""
    usual = csv.field_size_limit()
    csv.field_size_limit(max(usual, len(text)))
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _clean_json(text: str, pattern: str) -> tuple[str, int]:
    removed = 0

    def holds(value: Any) -> bool:
        if isinstance(value, dict):
            return any(holds(item) for item in value.values() if not isinstance(item, list))
        return isinstance(value, str) and re.search(pattern, value) is not None

    def clean(value: Any) -> Any:
        nonlocal removed
        if isinstance(value, list):
            kept = [item for item in value if not holds(item)]
            removed += len(value) - len(kept)
            return [clean(item) for item in kept]
        if isinstance(value, dict):
            return {name: clean(item) for name, item in value.items()}
        return value

    return json.dumps(clean(json.loads(text)), ensure_ascii=False, indent=1), removed


def _clean_xlsx(path: Path, pattern: str) -> int:
    from openpyxl import load_workbook  # noqa: PLC0415 - only where there is a workbook

    book = load_workbook(path)
    removed = 0
    for sheet in book.worksheets:
        rows = [
            number
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            if re.search(pattern, " ".join(str(cell) for cell in row if cell is not None))
        ]
        for number in reversed(rows):
            sheet.delete_rows(number)
        removed += len(rows)
    if removed:
        with replacing(path) as draft:
            book.save(draft)
    return removed


def _holds(path: Path, pattern: re.Pattern[str]) -> bool:
    """Tell whether a file's text matches, written as HTML and JSON write it or plainly."""
    if not path.is_file():
        return False
    text = html.unescape(path.read_text(encoding="utf-8", errors="replace"))
    text = " ".join(text.replace('\\"', '"').replace("\\n", " ").split())
    return pattern.search(text) is not None
