"""Search a workspace's transcripts by words and by meaning, and list its calls."""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.findings import search as search_utterances
from calltrack_nb.findings.call_list import (
    CallFilters,
    CallList,
    call_table,
    filter_calls,
    list_calls,
)
from calltrack_nb.periods import Period
from calltrack_nb.workspace.store import Workspace

_ALL: Final = CallFilters()


def search(workspace: Workspace, query: str, *, most: int = 20) -> pd.DataFrame:
    """Find what was said about something.

    Parameters
    ----------
    workspace : Workspace
        Its transcripts, as far as they have been listened to.
    query : str
        A few words or a sentence, such as ``gluten free for children``.
    most : int
        Most turns to return.

    Returns
    -------
    pandas.DataFrame
        Columns ``call_id``, ``turn``, ``start_s``, ``end_s``, ``speaker``, ``quote``
        (redacted), ``score``, ``why``; the best first.
    """
    return _search(workspace, workspace.table("utterances"), query, most)


def known_of(workspace: Workspace, calls: pd.DataFrame) -> pd.DataFrame:
    """Return what the workspace knows of some calls.

    Parameters
    ----------
    workspace : Workspace
        Where their themes, findings and recordings are.
    calls : pandas.DataFrame
        Rows of the table ``calls``.

    Returns
    -------
    pandas.DataFrame
        See :func:`~calltrack_nb.findings.call_list.call_table`.
    """
    return call_table(
        calls,
        workspace.table("call_themes"),
        workspace.table("themes"),
        workspace.table("findings"),
        workspace.table("recordings"),
        workspace.settings.business.timezone,
    )


def find_calls(
    workspace: Workspace,
    query: str | None = None,
    filters: CallFilters = _ALL,
    *,
    period: Period | str | None = None,
    most: int = 200,
) -> CallList:
    """List calls that fit filters and, where there is a query, in which it was spoken of.

    Parameters
    ----------
    workspace : Workspace
    query : str, optional
        As for :func:`search`.
    filters : CallFilters
    period : Period or str, optional
        The whole log where not said.
    most : int
        Most calls to list.

    Raises
    ------
    ListeningError
        When no call of the period has the theme, outcome, campaign or agent, or the query
        says nothing.
    """
    calls = workspace.calls(period)
    table = known_of(workspace, calls)
    fitting = filter_calls(table, filters)
    found = None
    if query is not None:
        said = workspace.table("utterances")
        said = said[said["call_id"].isin(fitting["call_id"])].reset_index(drop=True)
        found = _search(workspace, said, query, max(len(said), 1))
    return list_calls(fitting, found, len(calls), most)


def _search(workspace: Workspace, utterances: pd.DataFrame, query: str, most: int) -> pd.DataFrame:
    return search_utterances(
        utterances,
        query,
        embedder=workspace.settings.listening.embedder,
        cache=workspace.embeddings,
        most=most,
    )
