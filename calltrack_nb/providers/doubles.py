"""Rows without ids that are one call: of a file saved again, and of phones rung together.

An export without ids gets them from what its rows say, so a row that says it otherwise
is another row. Three cases are one call all the same. A spreadsheet program that saves a
log again drops the seconds of its times. A telephone system that rings several phones
at once writes a row for each of them. One that rings a group of them writes the group's
row, which lasts as long as the call, and the phones' rows with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import agent_names
from calltrack_nb.providers.ids import has_own_id
from calltrack_nb.providers.legs import united_rows

_WHO: Final = ["account", "provider", "direction", "caller_number", "tracking_number"]
_SURE: Final = 100
_ROUNDED_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Doubles:
    """Rows of one provider that are one call.

    Parameters
    ----------
    joined : pandas.DataFrame
        ``call_id, other_id, score, because``: the other row is the same call.
    unsure : pandas.DataFrame
        ``call_id, other_id, reason``: what a person may want to check, and ``apart``
        (bool), whether they were left apart.
    """

    joined: pd.DataFrame
    unsure: pd.DataFrame


def minute_files(provider_calls: pd.DataFrame) -> frozenset[str]:
    """Return the imports all of whose calls start at a whole minute.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        ``import_id`` and ``started_at`` of every row of these imports.
    """
    start = provider_calls["started_at"]
    whole = (start == start.dt.floor("min")).groupby(provider_calls["import_id"]).all()
    return frozenset(whole.index[whole].astype(str))


def resaved(provider_calls: pd.DataFrame, minutes: frozenset[str]) -> Doubles:
    """Pair the rows of files saved without seconds with the rows that have them.

    A row without seconds is the call of the same caller, number, duration and minute.
    Where several calls are all of that, it is one of them and no further call. Which one
    cannot be said, so it is joined to the first and listed.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        The table ``provider_calls``.
    minutes : frozenset of str
        From :func:`minute_files`.

    Returns
    -------
    Doubles
        ``other_id`` is the row without seconds.
    """
    made = provider_calls[~has_own_id(provider_calls)]
    bare = made["import_id"].isin(minutes).to_numpy()
    if not bare.any() or bare.all():
        return Doubles(_joined([], [], ""), _unsure([], [], "", apart=False))
    keys = [*_WHO, "duration_s", "minute"]
    rows = made.assign(minute=made["started_at"].dt.floor("min"))[["call_id", "started_at", *keys]]
    exact = rows[~bare].sort_values(["started_at", "call_id"])
    exact = exact.assign(several=exact.duplicated(keys, keep=False))
    # merge takes a missing key for equal to a missing key
    found = exact.drop_duplicates(keys).merge(rows[bare], on=keys, suffixes=("", "_bare"))
    several = found[found["several"]]
    return Doubles(
        _joined(found["call_id"], found["call_id_bare"], "saved again without seconds, "),
        _unsure(
            several["call_id"],
            several["call_id_bare"],
            "saved again without seconds; one of several calls of its minute, not counted again",
            apart=False,
        ),
    )


def of_groups(provider_calls: pd.DataFrame) -> pd.DataFrame:
    """Pair the rows of phones with the row of the group that they rang for.

    Such rows are of one file, start together, if only by the minute, and have one caller.
    One of them, the group's, names no person and is the longest; each of the others names
    another. At most one of these was answered, and just where the group's row was. A caller
    who rang again within the minute is taken for a phone of the group only where nobody took
    either call and the second was no longer.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        The table ``provider_calls``.

    Returns
    -------
    pandas.DataFrame
        ``call_id, other_id, score, because``: the row of the group, and of a phone.
    """
    rows = provider_calls[~has_own_id(provider_calls) & provider_calls["caller_number"].notna()]
    keys = ["account", "provider", "import_id", "direction", "caller_number", "started_at"]
    rows = rows[rows.duplicated(keys, keep=False)]
    of = rows.groupby(keys, observed=True, dropna=False).ngroup()
    person = agent_names(rows["agent"])
    group = person.isna()
    told = ["call_id", "tracking_number", "duration_s", "status"]
    heads = rows[group].astype({"status": object})[told].groupby(of[group])
    head = heads.first().reindex(of).set_axis(rows.index)
    answered = (rows["status"] == "answered") & ~group
    fits = group | (
        (rows["duration_s"] <= head["duration_s"] + _ROUNDED_S)
        & (rows["tracking_number"].isna() | (rows["tracking_number"] == head["tracking_number"]))
    )
    sure = (
        fits.groupby(of).transform("all")
        & (group.groupby(of).transform("sum") == 1)
        & (person.groupby(of).transform("nunique") == of.groupby(of).transform("size") - 1)
        & (answered.groupby(of).transform("sum") == (head["status"] == "answered"))
    )
    phones = sure & ~group
    return _joined(head["call_id"][phones], rows["call_id"][phones], "a phone of the group, ")


def rung_together(provider_calls: pd.DataFrame, minutes: frozenset[str]) -> Doubles:
    """Pair the rows of phones that rang together for one call.

    Nobody calls one number twice within a second. So rows of one known caller, number
    and second are one call where they name different agents or destinations, and at
    most one of them was answered. They may be one call where they name none or two were
    answered, or where the file tells no seconds: a caller may well ring again within a
    minute.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        The table ``provider_calls``.
    minutes : frozenset of str
        From :func:`minute_files`.

    Returns
    -------
    Doubles
        ``call_id`` is the row that was answered, else the one with the lowest id.
    """
    rows = provider_calls[provider_calls["started_at"].duplicated(keep=False)]
    rows = rows[~has_own_id(rows) & rows["caller_number"].notna() & rows["tracking_number"].notna()]
    keys = [*_WHO, "started_at"]
    rows = rows[rows.duplicated(keys, keep=False)]
    rows = rows.assign(
        answered=rows["status"] == "answered", bare=rows["import_id"].isin(minutes)
    ).sort_values(["answered", "call_id"], ascending=[False, True])
    calls = rows.groupby(keys, sort=False, observed=True)
    size = calls["call_id"].transform("size")
    phones = (calls["agent"].transform("nunique") == size) | (
        calls["destination_number"].transform("nunique") == size
    )
    exact = ~calls["bare"].transform("any")
    sure = phones & exact & (calls["answered"].transform("sum") <= 1)
    others = calls.cumcount() > 0
    doubt = others & ~sure & (phones | exact)
    first = calls["call_id"].transform("first")
    return Doubles(
        _joined(
            first[others & sure], rows["call_id"][others & sure], "phones that rang together, "
        ),
        _unsure(
            first[doubt],
            rows["call_id"][doubt],
            "may be the same call: caller, number and time are the same. Kept apart, because it is "
            "not certain that several telephones rang",
            apart=True,
        ),
    )


def absorb_legs(provider_calls: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Unite joined rows as the legs of a call are."""
    if not len(pairs):
        return provider_calls
    into = pairs.set_index("other_id")["call_id"]
    whole = provider_calls["call_id"].map(into).fillna(provider_calls["call_id"])
    legs = whole.isin(pairs["call_id"]).to_numpy()
    rows = provider_calls[legs].sort_values("call_id")
    of, ids = pd.factorize(whole[rows.index])
    united = united_rows(rows, of).assign(call_id=pd.Series(ids, dtype="str"))
    return pd.concat([provider_calls[~legs], united], ignore_index=True)


def _joined(calls: Any, others: Any, because: str) -> pd.DataFrame:
    pairs = pd.DataFrame({"call_id": np.asarray(calls), "other_id": np.asarray(others)})
    return pairs.astype("str").assign(score=_SURE, because=because).astype({"because": "str"})


def _unsure(calls: Any, others: Any, reason: str, *, apart: bool) -> pd.DataFrame:
    pairs = pd.DataFrame({"call_id": np.asarray(calls), "other_id": np.asarray(others)})
    return pairs.assign(reason=reason).astype("str").assign(apart=apart)
