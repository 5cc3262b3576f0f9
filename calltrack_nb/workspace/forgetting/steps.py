"""A plan carried out: what was made for others first, then what it is found by.

Each step does what is left of it and no harm where it is done already, so a plan that was
broken off anywhere is carried out again from its beginning.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from calltrack_nb import phrasing
from calltrack_nb.errors import SourceError
from calltrack_nb.results import BaseResult
from calltrack_nb.themes import forget_cached
from calltrack_nb.workspace.checks import forget_checks
from calltrack_nb.workspace.contents import contents_file
from calltrack_nb.workspace.failures import forget_failures
from calltrack_nb.workspace.forgetting.made_files import Traces, clear_outputs, files_holding
from calltrack_nb.workspace.forgetting.mentions import keys_of_others, mask_mentions, rows_of
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.plan import Plan, raw_files, sought
from calltrack_nb.workspace.forgetting.raw_files import replace_raw, without_caller
from calltrack_nb.workspace.store import Workspace


@dataclass(frozen=True, slots=True)
class Forgotten(BaseResult):
    """What was removed, or would be.

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
        Files that cannot be searched, so that nobody knows whether they hold the caller.
    own : tuple of str
        Files of the user's in which the caller still stands.
    notebooks : tuple of str
        Notebooks of which outputs that held the caller were cleared.
    only_said : bool
        Whether nothing was removed yet.
    """

    calls: int
    rows: dict[str, int]
    reports: tuple[str, ...]
    unsearched: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    only_said: bool = False

    @property
    def text(self) -> str:
        """Say what was removed, in plain words."""
        removed = ", ".join(
            f"{phrasing.number(count)} from {name}" for name, count in self.rows.items() if count
        )
        calls = phrasing.plural(self.calls, "call")
        if self.only_said:
            lines = [f"Would remove {calls}. Rows to remove: {removed or 'none'}."]
        else:
            lines = [f"Removed {calls}. Rows removed: {removed or 'none'}."]
        if self.reports:
            many = phrasing.plural(len(self.reports), "report or export", "reports or exports")
            were = phrasing.agree(len(self.reports), "was")
            done = "would be deleted" if self.only_said else f"{were} deleted"
            lines.append(
                f"{many} held this caller and {done}. Copies that you have sent still hold the "
                "caller: "
                f"{', '.join(self.reports)}"
            )
        for names, said in (
            (self.notebooks, "Outputs in these notebooks held this caller and are cleared"),
            (self.own, "This caller is still in these files of yours; edit them yourself"),
            (self.unsearched, "These files cannot be searched; check them yourself"),
        ):
            if names:
                lines.append(f"{said}: {', '.join(names)}")
        return "\n".join(lines)


def carry_out(workspace: Workspace, plan: Plan, *, dry_run: bool = False) -> Forgotten:
    """Delete what a plan names and finds.

    Parameters
    ----------
    workspace : Workspace
        Under its lock.
    plan : Plan
    dry_run : bool
        Whether to say only what would be deleted.
    """
    person = plan.person(workspace.settings.business.country)
    traces = Traces(plan, person)
    holding = files_holding(workspace, traces)
    if not dry_run:
        for path in holding.made:
            path.unlink(missing_ok=True)
        for path in holding.notebooks:
            clear_outputs(path, traces.stand_in)
    rows, unread = _clean_raw(workspace, plan, dry_run=dry_run)
    rows |= _forget_files(workspace, plan, dry_run=dry_run)
    with workspace.changing():
        rows |= _forget_rows(workspace, plan, person, dry_run=dry_run)
    rows["data/checks"] = forget_checks(workspace, set(plan.call_ids), dry_run=dry_run)
    with workspace.changing():
        rows |= mask_mentions(workspace, person, plan, dry_run=dry_run)
    rows["data/transcripts"] += _forget_unused(workspace, plan, dry_run=dry_run)
    if not dry_run:
        forget_cached(workspace.embeddings)
        (workspace.state / "listened").unlink(missing_ok=True)
        contents_file(workspace).unlink(missing_ok=True)  # names of recordings may hold numbers
        forget_failures(workspace)  # and so may what is said of files that cannot be read
    return Forgotten(
        calls=len(plan.call_ids),
        rows=rows,
        reports=tuple(path.name for path in holding.made),
        unsearched=(*unread, *(_inside(workspace, path) for path in holding.unsearched)),
        own=tuple(_inside(workspace, path) for path in holding.own),
        notebooks=tuple(_inside(workspace, path) for path in holding.notebooks),
        only_said=dry_run,
    )


def _clean_raw(
    workspace: Workspace, plan: Plan, *, dry_run: bool
) -> tuple[dict[str, int], list[str]]:
    rows: dict[str, int] = {}
    unread = []
    seek = sought(workspace, plan)
    for path in raw_files(workspace):
        try:
            cleaned = without_caller(path, seek)
        except SourceError:
            unread.append(_inside(workspace, path))
            continue
        rows[path.name] = rows.get(path.name, 0) + cleaned.rows
        if cleaned.mentions:
            rows[f"{path.name} (mentions)"] = cleaned.mentions
        if not dry_run:
            replace_raw(path, cleaned)
            _rename(cleaned.path, seek.person)
    return rows, unread


def _rename(path: Path, person: Person) -> None:
    """Mask the caller in the name of a raw file."""
    named = path.with_name(person.masked(path.name))
    if named != path and path.is_file() and not named.exists():
        path.replace(named)


def _forget_files(workspace: Workspace, plan: Plan, *, dry_run: bool) -> dict[str, int]:
    files = [workspace.folder / name for name in plan.files]
    there = [path for path in files if path.is_file()]
    recordings = [path for path in there if path.is_relative_to(workspace.recordings)]
    if not dry_run:
        for path in there:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # others lie there
                if path.parent not in (workspace.recordings, workspace.transcripts.folder):
                    path.parent.rmdir()
        for key in plan.transcripts:
            workspace.transcripts.forget(key)
    others = len(there) - len(recordings) + len(plan.transcripts)
    return {"data/recordings": len(recordings), "data/transcripts": others}


def _forget_rows(
    workspace: Workspace, plan: Plan, person: Person, *, dry_run: bool
) -> dict[str, int]:
    rows = {}
    for name, theirs in rows_of(plan, person).items():
        frame = workspace.table(name)
        gone = theirs(frame)
        rows[name] = int(gone.sum())
        if rows[name] and not dry_run:
            workspace.write_table(name, frame[~gone])
    return rows


def _forget_unused(workspace: Workspace, plan: Plan, *, dry_run: bool) -> int:
    """Delete transcripts that no call refers to: earlier models may have heard this caller."""
    used = keys_of_others(workspace, plan) | set(plan.transcripts)
    # what providers wrote of other calls may lie there as well, under the calls' names
    unused = [
        path
        for path in workspace.transcripts.folder.rglob("*.json.gz")
        if path.name.split(".")[0] not in used and workspace.transcripts.kept_here(path)
    ]
    for path in () if dry_run else unused:
        path.unlink()
    return len(unused)


def _inside(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.folder).as_posix()
