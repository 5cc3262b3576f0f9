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
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from calltrack_nb import audio, providers
from calltrack_nb.calls import gazetteer
from calltrack_nb.errors import SourceError, WorkspaceError
from calltrack_nb.redaction.known_names import is_everyday, may_be_given, may_be_name
from calltrack_nb.workspace.forgetting.ownership import (
    Row,
    Sought,
    read_as,
)
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.raw_files import open_raw
from calltrack_nb.workspace.forgetting.spellings import Spellings
from calltrack_nb.workspace.provided import files_of_transcripts, transcript_files
from calltrack_nb.workspace.store import Workspace
from calltrack_nb.workspace.writing import replacing

BY_PERSON: Final = ("provider_calls", "calls", "leads", "outcomes")
"""The tables whose rows are of a person."""

_LONGEST_QUOTE: Final = 60
_SHORTEST_NAME: Final = 3
_MIN_QUOTE: Final = 25
"""Characters a sentence needs for its being in a report to point at this caller."""
_SHORTEST_ID: Final = 6
"""Characters an id needs: a shorter one stands in many a text by chance."""


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
    emails, clicks, names : tuple of str
        E-mail addresses, click ids and full names that stand beside the number, and beside no
        other's.
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
    emails: tuple[str, ...] = ()
    clicks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def joined(self, earlier: Self) -> Self:
        """Return this plan with what an earlier one of the same caller had found."""
        both = {
            name: tuple(sorted({*getattr(self, name), *getattr(earlier, name)}))
            for name in type(self).model_fields
            if name not in ("e164", "key")
        }
        return self.model_copy(update=both)

    def person(self, country: str) -> Person:
        """Return whom texts are searched for."""
        return Person(Spellings(self.e164, country), self.emails, self.clicks, self.names)

    def theirs(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Tell which rows of calls, leads or orders are the caller's.

        By number or key; and where a row has neither, by an e-mail address or a click.
        """
        mine = (frame["caller_number"] == self.e164) | (frame["caller_key"] == self.key)
        known = {*self.emails, *self.clicks}
        return (mine | providers.named_by_ids(frame, known.__contains__)).astype(bool)


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
        When the text is not one telephone number, or the number is the business's own.
    """
    country = workspace.settings.business.country
    e164 = _one_number(number, country)
    if _is_own(workspace, e164):
        raise WorkspaceError(
            "That number is the business's own: numbers.csv or the calls to it say so",
            where=number,
            fix="Give the number of the caller",
        )
    alone = pd.DataFrame({"caller_number": [e164]}, dtype="str")
    key = str(providers.caller_keys(alone, workspace.secret())["caller_key"].iloc[0])
    plan = _identified(workspace, Plan(e164=e164, key=key))
    calls = workspace.table("calls")
    mine = calls[plan.theirs(calls)]
    ids = set(mine["call_id"])
    known = workspace.table("recordings")
    theirs = known["call_id"].isin(ids)
    named = named_after(workspace, ids, plan.person(country))
    found = {
        "call_ids": tuple(sorted(ids)),
        "quotes": _telling(workspace.table("utterances"), ids),
        "uploaded": _uploaded(workspace, plan),
        # two calls may share one recording; its transcript stays while the other call does
        "transcripts": tuple(
            sorted(transcript_keys(known[theirs]) - transcript_keys(known[~theirs]))
        ),
        "files": _files(workspace, mine, known.assign(mine=theirs), named),
    }
    plan = plan.model_copy(update=found)
    earlier = _read(_place(workspace, key))
    return plan if earlier is None else plan.joined(earlier)


def _one_number(text: str, country: str) -> str:
    read = providers.read_phones(pd.Series([text], dtype="str"), country)
    number = read.series.iloc[0]
    if pd.isna(number):
        raise WorkspaceError(
            "That is not a telephone number", where=text, fix="Write it as +14045551234"
        )
    if read.remarks:
        raise WorkspaceError(
            "More stands there than one telephone number",
            where=text,
            fix="Forget one caller at a time, the number alone, such as +14045551234",
        )
    return str(number)


def _is_own(workspace: Workspace, number: str) -> bool:
    """Tell whether a number is the business's: rows of all its callers name it beside theirs.

    A test call may come from the business's own line, and a row may have its sides swapped.
    """
    calls, numbers = workspace.table("calls"), workspace.table("numbers")
    own = ["tracking_number", "destination_number"]
    if (numbers[own] == number).any(axis=None):
        return True
    as_own = (calls[own] == number).any(axis=1)
    return int(as_own.sum()) > int((calls["caller_number"] == number).sum())


def keep(workspace: Workspace, plan: Plan) -> None:
    """Write a plan so that it is there after a power cut, and the keys for later imports."""
    _write(_place(workspace, plan.key), plan.model_dump_json())
    passed_over = workspace.state / "forgotten"
    known = passed_over.read_text(encoding="utf-8").split() if passed_over.is_file() else []
    secret = workspace.secret()
    beside = [providers.private_key(text, secret) for text in (*plan.emails, *plan.clicks)]
    _write(passed_over, "\n".join(sorted({*known, plan.key, *beside})))


def drop(workspace: Workspace, plan: Plan) -> None:
    """Drop a plan that is carried out."""
    _place(workspace, plan.key).unlink(missing_ok=True)


def marks(workspace: Workspace) -> str:
    """Return what is another text once another caller is being forgotten."""
    passed_over = workspace.state / "forgotten"
    known = passed_over.read_text(encoding="utf-8") if passed_over.is_file() else ""
    return "\n".join(
        [known, *sorted(path.name for path in workspace.half_forgotten.glob("*.json"))]
    )


def unfinished(workspace: Workspace) -> tuple[Plan, ...]:
    """Return the plans that a run left, having been stopped."""
    found = (_read(path) for path in sorted(workspace.half_forgotten.glob("*.json")))
    return tuple(plan for plan in found if plan is not None)


def transcript_keys(recordings: pd.DataFrame) -> set[str]:
    """Return where the transcripts of calls are kept, those that stand beside others too."""
    both = pd.concat([recordings["transcript_key"], recordings["other_key"]])
    return {str(key) for key in both.dropna()}


def named_after(workspace: Workspace, ids: Iterable[str], person: Person) -> Callable[[Path], bool]:
    """Return what tells whether a file is named after one of the calls or after the caller.

    The folders that it lies in count as well.
    """
    # recordings are named so, and exported transcripts with a hyphen
    stems = {
        stem for call_id in ids for stem in (*audio.stems_of(call_id), call_id.replace(":", "-"))
    }

    def named(path: Path) -> bool:
        parts = (*path.relative_to(workspace.folder).parent.parts, path.stem)
        told = not stems.isdisjoint({path.stem, Path(path.stem).stem}) or any(
            is_named_after(part, person) for part in parts
        )
        return told and path.is_file()

    return named


def is_named_after(name: str, person: Person) -> bool:
    """Tell whether a name holds the caller; the number may stand right behind a time."""
    runs = re.findall(r"[0-9]+", name)
    return person.stands_in(name.replace("_", " ")) or any(
        run.endswith(person.number.national) for run in runs
    )


def sought(workspace: Workspace, plan: Plan) -> Sought:
    """Return by what the caller's rows are told in raw files."""
    return Sought(
        plan.person(workspace.settings.business.country),
        _others(workspace, plan),
        cache(lambda path: read_as(path, workspace.settings)),
    )


def raw_files(workspace: Workspace) -> list[Path]:
    """Return the exports as they came."""
    return sorted(path for path in workspace.raw.rglob("*") if path.is_file())


def _others(workspace: Workspace, plan: Plan) -> frozenset[str]:
    """Return the numbers of the other callers, of which the business's own are none."""
    rang = {
        each
        for name in BY_PERSON
        for each in workspace.table(name)["caller_number"].dropna().unique()
    }
    calls = workspace.table("calls")
    own = {*calls["tracking_number"].dropna(), *calls["destination_number"].dropna()}
    return frozenset(rang - own - {plan.e164})


def _identified(workspace: Workspace, plan: Plan) -> Plan:
    """Return a plan with what stands beside the number in rows, and beside no other's."""
    country = workspace.settings.business.country
    mine, others = _ids_in_raw(workspace, plan)
    names: set[str] = set()
    strangers: set[str] = set()
    for name in BY_PERSON:
        frame = workspace.table(name)
        theirs = plan.theirs(frame)
        for column in ("email", "click_id"):
            if column in frame:
                mine |= set().union(*map(providers.ids_in, frame.loc[theirs, column]))
                others |= set().union(
                    *map(providers.ids_in, frame.loc[~theirs & _is_known(frame), column])
                )
        if "caller_name" in frame:
            names |= set(frame.loc[theirs, "caller_name"].dropna())
            strangers |= set(frame.loc[~theirs, "caller_name"].dropna().str.casefold())
        for column in {"agent", "campaign", "source", "caller_city"} & set(frame.columns):
            strangers |= set(frame[column].dropna().str.casefold())
    ids = mine - others
    return plan.model_copy(
        update={
            "emails": tuple(sorted(text for text in ids if "@" in text)),
            "clicks": tuple(sorted(text for text in ids if "@" not in text)),
            "names": tuple(
                sorted(
                    name
                    for name in names
                    if _is_full_name(name, country) and name.casefold() not in strangers
                )
            ),
        }
    )


def _is_known(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["caller_number"].notna() | frame["caller_key"].notna()


def _is_full_name(text: str, country: str) -> bool:
    """Tell a person's name from what a telephone company shows in its place, such as a town."""
    words = text.casefold().split()
    if len(words) < 2 or len(words[-1]) < _SHORTEST_NAME:
        return False
    if may_be_given(words[0]) or may_be_name(words[-1]):
        return True
    towns = gazetteer.towns(country)
    town = towns.find(" ".join(words)) or towns.find(" ".join(words[:-1]), words[-1])
    return town is None and not all(map(is_everyday, words))  # the rarer, the more it tells


def _ids_in_raw(workspace: Workspace, plan: Plan) -> tuple[set[str], set[str]]:
    """Return the e-mail addresses that stand in rows of raw files, the caller's and others'."""
    seek = sought(workspace, plan)
    mine: set[str] = set()
    others: set[str] = set()
    files = raw_files(workspace)
    for path in files:
        with suppress(SourceError):  # which is told where the file is to be cleaned
            opened = open_raw(path)
            customers = seek.places_of_customers(seek.read_as(path).customers, opened.rows())
            for row in opened.rows():
                if seek.person.number.may_stand_in(" ".join(row.values())):
                    found = _addresses(row)
                    if found and seek.owns(row, customers):
                        mine |= found
    for path in files if mine else ():
        with suppress(SourceError):
            for row in open_raw(path).rows():
                if not mine.isdisjoint(found := _addresses(row)) and seek.has_another(row):
                    others |= found
    return mine, others


def _addresses(row: Row) -> set[str]:
    return {
        found.casefold()
        for cell in row.values()
        if "@" in cell and len(cell.split()) == 1  # in words others may be named
        for found in providers.ADDRESS.findall(cell)
    }


def _place(workspace: Workspace, key: str) -> Path:
    return workspace.half_forgotten / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> Plan | None:
    if not path.is_file():
        return None
    try:
        return Plan.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, ValueError) as error:
        raise WorkspaceError(
            "The record of the interrupted removal cannot be read",
            where=path,
            fix="Delete the file and run calltrack forget again",
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
    # what lies beside a recording under its name, or with another ending behind, is about it
    beside = {path.with_suffix("") for path in found} - {path.with_suffix("") for path in others}
    found |= {
        path
        for path in workspace.recordings.rglob("*")
        if path.is_file() and path.with_suffix("") in beside | (found - others)
    }
    given = transcript_files(workspace, mine)
    found |= {path for paths in given.values() for path in paths}
    found |= {path for path in files_of_transcripts(workspace) if named(path)}
    return tuple(sorted(path.relative_to(workspace.folder).as_posix() for path in found))


def _uploaded(workspace: Workspace, plan: Plan) -> tuple[str, ...]:
    """Return what stands for the caller in upload files: hashes, clicks, ids.

    A short id ("20") stands in any text; upload files that hold one hold a hash or a click, too.
    """
    texts = {hashlib.sha256(text.encode()).hexdigest() for text in (plan.e164, *plan.emails)}
    for table, of in (("calls", "call_id"), ("leads", "lead_id"), ("outcomes", "outcome_id")):
        frame = workspace.table(table)
        theirs = frame[plan.theirs(frame)]
        texts |= {name for name in theirs[of] if len(name) >= _SHORTEST_ID}
        texts |= {click.partition(":")[2] for click in theirs["click_id"].dropna()}
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
