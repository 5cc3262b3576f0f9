"""Themes that hold together too loosely to be taken for one matter.

A clustering always finds groups, also where every call says something else. Where a group's
calls are hardly nearer to each other than to the next group, its name is the machine's, and
not what its callers came for. `docs/labelling.md` has the figures that the limit rests on.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.phrasing import agree, listed

#: From labelled calls: of themes below, about half of a theme's calls were of its main matter.
LOOSE: Final = 0.5


def loose(themes: pd.DataFrame) -> pd.Series[bool]:
    """Tell which themes hold together too loosely.

    Parameters
    ----------
    themes : pandas.DataFrame
        The table ``themes``, or a summary of it. A theme of which nothing is known, such as
        one that the user asked for by examples, is not loose.

    Examples
    --------
    >>> loose(pd.DataFrame({"separation": [0.3, 0.8, None]})).tolist()
    [True, False, False]
    """
    return themes["separation"].lt(LOOSE)


def without_loose(call_themes: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Leave the calls of loose themes out of a comparison."""
    return call_themes[~call_themes["theme_id"].isin(themes.loc[loose(themes), "theme_id"])]


def loose_in_words(themes: pd.DataFrame) -> str:
    """Say which of some themes are loose, or that most calls stand in such.

    Parameters
    ----------
    themes : pandas.DataFrame
        ``label``, ``calls`` and ``separation``.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Cakes", "Hours"], "calls": [20, 5]})
    >>> loose_in_words(table.assign(separation=[0.8, 0.4]))
    ' “Hours” is loose: take it as a hint.'
    >>> loose_in_words(table.assign(separation=[0.4, 0.8]))[:41]
    ' These calls fall into no clear groups: a'
    """
    found = loose(themes)
    if not found.any():
        return ""
    if mostly_loose(themes):
        return (
            " These calls fall into no clear groups: a person would sort about half of them "
            "differently, so take the themes as hints."
        )
    names = [f"“{label}”" for label in themes.loc[found, "label"]]
    taken = agree(len(names), "it as a hint", "them as hints")
    return f" {listed(names)} {agree(len(names), 'is')} loose: take {taken}."


def mostly_loose(themes: pd.DataFrame) -> bool:
    """Tell whether most of the calls in themes stand in loose ones."""
    return bool(themes.loc[loose(themes), "calls"].sum() > themes["calls"].sum() / 2)
