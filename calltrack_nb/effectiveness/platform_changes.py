"""Days on which a provider or platform changed what it counts, as far as they are known.

What ships stands in ``platform_changes.toml``, each change with its source and the figures
that it can move; the table ``regimes`` holds what a user knows. A user's line takes the
place of what ships for its platform within a week of it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib import resources
from typing import Final

import pandas as pd

from calltrack_nb import phrasing, schema

_SAME_CHANGE: Final = pd.Timedelta(days=7)
COLUMNS: Final = ("date", "redefined", "platform", "moves", "source")


def shipped_changes() -> pd.DataFrame:
    """Return the changes that ship, one row for each platform of a change.

    Examples
    --------
    >>> changes = shipped_changes()
    >>> changes.loc[changes["platform"] == "local_services", "date"].tolist()
    [datetime.date(2024, 7, 1)]
    """
    path = resources.files(__package__) / "platform_changes.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))["change"]
    rows = [
        {**{name: change.get(name) for name in COLUMNS}, "platform": platform}
        for change in found
        for platform in change["platforms"]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def changes_met(calls: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """List the changes that may have moved the figures of a log.

    Parameters
    ----------
    calls : pandas.DataFrame
        The ``calls`` table; a change that ships counts where its platform is the channel
        or the provider of a call.
    known : pandas.DataFrame, optional
        The ``regimes`` table; its lines count always.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``redefined``, ``platform``, ``moves``, ``source``, by date; a change of
        several platforms once.
    """
    own = (schema.empty("regimes") if known is None else known)[list(COLUMNS)].astype(object)
    here = set(calls["channel"].dropna()) | set(calls["provider"].dropna())
    shipped = shipped_changes()
    shipped = shipped[shipped["platform"].isin(here)]
    unsaid = pd.Series(
        [
            not _said(own, platform, date)
            for platform, date in zip(shipped["platform"], shipped["date"], strict=True)
        ],
        shipped.index,
        dtype=bool,
    )
    shipped = shipped[unsaid].drop_duplicates(["date", "redefined"])
    return pd.concat([own, shipped.astype(object)]).sort_values(
        "date", kind="stable", ignore_index=True
    )


def _said(own: pd.DataFrame, platform: str, date: dt.date) -> bool:
    """Tell whether a user's lines say a change of a platform themselves."""
    theirs = own.loc[own["platform"] == platform, "date"]
    return any(abs(pd.Timestamp(day) - pd.Timestamp(date)) <= _SAME_CHANGE for day in theirs)


def changes_in_words(changes: pd.DataFrame) -> str:
    """Say what changed on which day, which figures it can move, and who says so.

    Examples
    --------
    >>> changes = shipped_changes().iloc[:1]
    >>> print(changes_in_words(changes))  # doctest: +ELLIPSIS
    What figures mean changed within the period. 1 Jul 2024: Local Services Ads credit ... (http...
    """
    said = []
    for row in changes.to_dict("records"):
        moves = f"; it can move {row['moves']}" if pd.notna(row["moves"]) else ""
        source = f" ({row['source']})" if pd.notna(row["source"]) else ""
        said.append(f"{phrasing.day(row['date'])}: {row['redefined']}{moves}{source}.")
    return " ".join(["What figures mean changed within the period.", *said])
