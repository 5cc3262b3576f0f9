"""The answer of the report over all clients: where to look first, who moved, what is broken."""

from __future__ import annotations

from calltrack_nb.effectiveness import Clients
from calltrack_nb.phrasing import first_sentence, listed, number, plural
from calltrack_nb.results import Answer, KeyFigure


def clients_answer(found: Clients) -> Answer:
    """Answer in two or three sentences at which client to look first, and why.

    Parameters
    ----------
    found : Clients
        The clients side by side.

    Returns
    -------
    Answer
    """
    table = found.table
    if table.empty:
        return Answer((found.text,))
    faulty, moved = table[table["broken"] > 0], table[table["moved"]]
    sentences = [found.text]
    if first := str(table["look"].iloc[0]):
        sentences.insert(0, f"Look at {table['client'].iloc[0]} first: {first_sentence(first)[0]}")
    figures = (
        KeyFigure("Clients", number(len(table)), plural(table["calls"].sum(), "call")),
        KeyFigure("Something broken", number(len(faulty)), listed(faulty["client"], 2)),
        KeyFigure("Calls clearly changed", number(len(moved)), listed(moved["client"], 2)),
    )
    return Answer(tuple(sentences), figures)
