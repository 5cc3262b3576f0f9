"""What is to be forgotten, written down before anything is deleted.

Rows are what a caller's transcripts, quotes and files are found by. A run that ends between
deleting the one and the other could not find the rest again; so everything is looked for
first, kept in a plan that outlives the run, and the plan is dropped when all is done.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from calltrack_nb import audio, providers
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.workspace.forgetting.spellings import Spellings
from calltrack_nb.workspace.provided import files_of_transcripts, transcript_files
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

_LONGEST_QUOTE: Final = 60
_MIN_QUOTE: Final = 25
"""Characters a sentence needs for its being in a report to point at this caller."""


class Plan(BaseModel):
    """A caller and everything by which what is held of them is found.

    Attributes
    ----------
    e164, key : str
        The number, and the key it stands under in tables.
    call_ids : tuple of str
        Calls of the caller.
    quotes : tuple of str
        Beginnings of sentences that these calls say and no other call does.
    uploaded : tuple of str
        What stands for the caller in files for other systems.
    transcripts : tuple of str
        Keys of transcripts that are of no other call.
    files : tuple of str
        Recordings and providers' transcripts, as paths inside the workspace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    e164: str
    key: str
    call_ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    uploaded: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def joined(self, earlier: Self) -> Self:
        """Return this plan with what an earlier one of the same caller had found."""
        both = {
            name: tuple(sorted({*getattr(self, name), *getattr(earlier, name)}))
            for name in ("call_ids", "quotes", "uploaded", "transcripts", "files")
        }
        return self.model_copy(update=both)


def find(workspace: Workspace, number: str) -> Plan:
    """Look for everything that is held of a caller; nothing is changed.

    Parameters
    ----------
    workspace : Workspace
    number : str
        The caller's number in any usual form.

    Raises
    ------
    WorkspaceError
        When the text is not a telephone number.
    """
    country = workspace.settings.business.country
    read = providers.read_phones(pd.Series([number], dtype="str"), country).series.iloc[0]
    if pd.isna(read):
        raise WorkspaceError(
            "That is not a telephone number", where=number, fix="Write it as +14045551234"
        )
    e164 = str(read)
    alone = pd.DataFrame({"caller_number": [e164]}, dtype="str")
    key = str(providers.caller_keys(alone, workspace.secret())["caller_key"].iloc[0])
    calls = workspace.table("calls")
    mine = calls[of_person(calls, e164, key)]
    ids = set(mine["call_id"])
    known = workspace.table("recordings")
    spelled = Spellings(e164, country)
    theirs = known["call_id"].isin(ids)
    plan = Plan(
        e164=e164,
        key=key,
        call_ids=tuple(sorted(ids)),
        quotes=_telling(workspace.table("utterances"), ids),
        uploaded=_uploaded(workspace, e164, key),
        # two calls may share one recording; its transcript stays while the other call does
        transcripts=tuple(sorted(transcript_keys(known[theirs]) - transcript_keys(known[~theirs]))),
        files=_files(workspace, mine, known.assign(mine=theirs), named_after(ids, spelled)),
    )
    earlier = _read(_place(workspace, key))
    return plan if earlier is None else plan.joined(earlier)


def keep(workspace: Workspace, plan: Plan) -> None:
    """Write a plan so that it is there after a power cut, and the key for later imports."""
    _write(_place(workspace, plan.key), plan.model_dump_json())
    passed_over = workspace.state / "forgotten"
    known = passed_over.read_text(encoding="utf-8").split() if passed_over.is_file() else []
    _write(passed_over, "\n".join(sorted({*known, plan.key})))


def drop(workspace: Workspace, plan: Plan) -> None:
    """Drop a plan that is carried out."""
    _place(workspace, plan.key).unlink(missing_ok=True)


def unfinished(workspace: Workspace) -> tuple[Plan, ...]:
    """Return the plans that a run left, having been stopped."""
    found = (_read(path) for path in sorted(workspace.half_forgotten.glob("*.json")))
    return tuple(plan for plan in found if plan is not None)


def of_person(frame: pd.DataFrame, e164: str, key: str) -> pd.Series[bool]:
    """Tell which rows are a caller's, by number or by key."""
    return (frame["caller_number"] == e164) | (frame["caller_key"] == key)


def transcript_keys(recordings: pd.DataFrame) -> set[str]:
    """Return where the transcripts of calls are kept, those that stand beside others too."""
    both = pd.concat([recordings["transcript_key"], recordings["other_key"]])
    return {str(key) for key in both.dropna()}


def named_after(ids: Iterable[str], number: Spellings) -> Callable[[Path], bool]:
    """Return what tells whether a file is named after one of the calls or after the number."""
    # recordings are named so, and exported transcripts with a hyphen
    stems = {
        stem for call_id in ids for stem in (*audio.stems_of(call_id), call_id.replace(":", "-"))
    }

    def named(path: Path) -> bool:
        told = path.stem in stems or number.stands_in(path.stem) or _ends_in(path.stem, number)
        return told and path.is_file()

    return named


def _ends_in(stem: str, number: Spellings) -> bool:
    """Tell whether figures of a name end in the number: it may stand right behind a time."""
    return any(run.endswith(number.national) for run in re.findall(r"[0-9]+", stem))


def _place(workspace: Workspace, key: str) -> Path:
    return workspace.half_forgotten / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> Plan | None:
    if not path.is_file():
        return None
    try:
        return Plan.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, ValueError) as error:
        raise WorkspaceError(
            "What was to be forgotten cannot be read",
            where=path,
            fix="Delete the file and forget the caller again",
        ) from error


def _write(path: Path, text: str) -> None:
    with replacing(path) as draft:
        draft.write(text.encode())
        draft.flush()
        os.fsync(draft.fileno())


def _files(
    workspace: Workspace, mine: pd.DataFrame, known: pd.DataFrame, named: Callable[[Path], bool]
) -> tuple[str, ...]:
    linked = known.dropna(subset="path")
    found = {workspace.recordings / path for path in linked.loc[linked["mine"], "path"]}
    others = {workspace.recordings / path for path in linked.loc[~linked["mine"], "path"]}
    found |= {path for path in workspace.recordings.rglob("*") if named(path)} - others
    given = transcript_files(workspace, mine)
    found |= {path for paths in given.values() for path in paths}
    found |= {path for path in files_of_transcripts(workspace) if named(path)}
    return tuple(sorted(path.relative_to(workspace.folder).as_posix() for path in found))


def _uploaded(workspace: Workspace, e164: str, key: str) -> tuple[str, ...]:
    """Return what stands for the caller in upload files: the hashed number, clicks, ids."""
    texts = {hashlib.sha256(e164.encode()).hexdigest()}
    for name, of in (("calls", "call_id"), ("leads", "lead_id"), ("outcomes", "outcome_id")):
        frame = workspace.table(name)
        theirs = frame[of_person(frame, e164, key)]
        texts |= set(theirs[of]) | {
            click.partition(":")[2] for click in theirs["click_id"].dropna()
        }
    return tuple(sorted(texts - {""}))


def _telling(said: pd.DataFrame, ids: set[str]) -> tuple[str, ...]:
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
