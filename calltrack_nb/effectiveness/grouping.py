"""Calls put into groups: by channel, campaign, keyword, landing page or number."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calltrack_nb.errors import EvidenceError

Grouping = Literal["channel", "campaign", "keyword", "landing_page", "tracking_number"]

GROUPINGS: Final[tuple[str, ...]] = (
    "channel",
    "campaign",
    "keyword",
    "landing_page",
    "tracking_number",
)
SPENT_ON: Final = ("channel", "campaign")
"""The groupings that spend is booked under."""

UNNAMED: Final = "(not named)"


def check_grouping(by: str) -> None:
    """Refuse a grouping that is not known.

    Raises
    ------
    EvidenceError
        Naming those that are.
    """
    if by not in GROUPINGS:
        raise EvidenceError(
            "Calls cannot be grouped by that", where=by, fix=f"Use one of {', '.join(GROUPINGS)}"
        )


def labels(frame: pd.DataFrame, by: str) -> pd.Series:
    """Return each row's group as text; rows without one are :data:`UNNAMED`."""
    return frame[by].astype("string[pyarrow]").astype(object).fillna(UNNAMED)


def groups_of(frame: pd.DataFrame) -> list[str]:
    """Return each row's campaign, or its channel as "no campaign (search)" where it has none."""
    channel = "no campaign (" + frame["channel"].astype(object).fillna("other").astype(str) + ")"
    return [str(group) for group in frame["campaign"].astype(object).fillna(channel)]


def coded(frames: list[pd.DataFrame], by: str) -> tuple[list[NDArray[np.intp]], list[str]]:
    """Code the groups of several frames alike.

    Returns
    -------
    list of numpy.ndarray
        Each frame's codes, one per row.
    list of str
        The groups' names, in order of their code.
    """
    names: list[str] = []
    place: dict[str, int] = {}
    result = []
    for frame in frames:
        codes, found = pd.factorize(frame[by])
        mapping = np.empty(len(found) + 1, dtype=np.intp)
        for index, raw in enumerate([*found, UNNAMED]):
            name = str(raw)
            if index == len(found) and not (codes == -1).any():
                mapping[index] = -1
                continue
            if name not in place:
                place[name] = len(names)
                names.append(name)
            mapping[index] = place[name]
        result.append(mapping[codes])
    return result, names


def pooled(
    codes_to_pool: NDArray[np.bool_], names: list[str]
) -> tuple[NDArray[np.intp], list[str]]:
    """Give small groups one code between them.

    Parameters
    ----------
    codes_to_pool : numpy.ndarray of bool
        Which groups are small, by code; fewer than two are left alone.
    names : list of str
        The groups' names.

    Returns
    -------
    numpy.ndarray
        The new code of each old one.
    list of str
        The new names; the last is "other (k small groups)" where any were pooled.
    """
    if codes_to_pool.sum() < 2:
        return np.arange(len(names)), names
    kept = [name for name, small in zip(names, codes_to_pool, strict=True) if not small]
    new = np.cumsum(~codes_to_pool) - 1
    new[codes_to_pool] = len(kept)
    return new, [*kept, f"other ({int(codes_to_pool.sum())} small groups)"]
