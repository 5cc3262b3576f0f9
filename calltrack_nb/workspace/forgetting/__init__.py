"""Forget a caller: rows, transcripts, audio, quotes, and the rows of the raw exports.

A person may ask a business to delete what it holds about them. Tables, transcripts and
recordings are the easy part; the exports in ``data/raw`` hold the number too, so the
caller's rows are taken out of them as well, and reports that quote the caller are
deleted. What was sent to others cannot be called back, so those reports are named.
"""

from __future__ import annotations

from calltrack_nb.workspace.forgetting.plan import Plan, drop, find, keep, marks, unfinished
from calltrack_nb.workspace.forgetting.steps import Forgotten, carry_out
from calltrack_nb.workspace.leftovers import end_scratch
from calltrack_nb.workspace.store import Workspace

__all__ = ["Forgotten", "finish", "forget", "marks", "unfinished", "would_forget"]


def would_forget(workspace: Workspace, number: str) -> Forgotten:
    """Say what :func:`forget` would remove.

    Raises
    ------
    WorkspaceError
        When the text is not one telephone number, or the number is the business's own.
    """
    return carry_out(workspace, find(workspace, number), dry_run=True)


def forget(workspace: Workspace, number: str) -> Forgotten:
    """Remove a caller from a workspace.

    What was found is written down before anything is deleted, and stays until all is done;
    so a run that is stopped is finished by the next one, or by :func:`finish`.

    Parameters
    ----------
    workspace : Workspace
        Under its lock. Bring it up to date afterwards, so that themes are named anew.
    number : str
        The caller's number in any usual form.

    Raises
    ------
    WorkspaceError
        When the text is not one telephone number, or the number is the business's own.
    """
    return _done(workspace, find(workspace, number))


def finish(workspace: Workspace) -> tuple[Forgotten, ...]:
    """Carry out the plans that stopped runs left, as :func:`forget` does."""
    return tuple(_done(workspace, plan) for plan in unfinished(workspace))


def _done(workspace: Workspace, plan: Plan) -> Forgotten:
    keep(workspace, plan)  # again where a run was stopped: it may have kept half of it
    forgotten = carry_out(workspace, plan)
    end_scratch(workspace.state)  # reports that are being made read tables that hold the caller
    drop(workspace, plan)
    return forgotten
