"""Search a workspace's transcripts by words and by meaning."""

from __future__ import annotations

import pandas as pd

from calltrack_nb.findings import search as search_utterances
from calltrack_nb.workspace.store import Workspace


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
    return search_utterances(
        workspace.table("utterances"),
        query,
        embedder=workspace.settings.listening.embedder,
        cache=workspace.embeddings,
        most=most,
    )
