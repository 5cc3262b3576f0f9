"""One row per call, however many exports and providers saw it.

Each provider's row of a call is a *sighting*. The table of calls is made of all the
sightings known, the same way whatever order they came in:

1. Sightings of one id are one sighting; where two imports disagree the later one is
   believed in what it says and the earlier one in what the later leaves out.
2. Sightings of different origins are compared and joined one to one by the score of
   :mod:`calltrack_nb.providers.matching`. An origin is a provider with or without ids of
   its own: a CallRail export has none, its API has.
3. The row of the more telling origin stays, and what it lacks is filled from the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import tables
from calltrack_nb.providers.matching import match_calls

# The origin whose row stays when two saw the same call: own ids first, then how much
# the provider tells. Other systems come after these by name, and Google's rows last,
# since they have no number that was dialled.
_RANK: Final = (
    "callrail",
    "whatconverts",
    "calltrackingmetrics",
    "twilio",
    "spreadsheet",
    "google_ads",
)
_OWN: Final = frozenset(
    {"account", "call_id", "provider", "started_at", "direction", "import_id", "row"}
)


@dataclass(frozen=True, slots=True)
class Merge:
    """The calls, and what was joined to make them.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``, ordered by start and id.
    joined : pandas.DataFrame
        ``call_id, other_id, score, because``: sightings that are one call.
    ambiguous : pandas.DataFrame
        The same columns: sightings that may be one call but were left apart, because
        another pairing is nearly as likely.
    """

    calls: pd.DataFrame
    joined: pd.DataFrame
    ambiguous: pd.DataFrame


def merge_calls(known: pd.DataFrame, new: pd.DataFrame) -> Merge:
    """Make one row per call of known and new sightings.

    Parameters
    ----------
    known, new : pandas.DataFrame
        Sightings, in the columns of the table ``calls``.

    Examples
    --------
    >>> nothing = tables.empty("calls")
    >>> len(merge_calls(nothing, nothing).calls)
    0
    """
    return join_sightings(unite_sightings(known, new))


def unite_sightings(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Add new sightings to known ones, one row per id; the later row is believed."""
    if len(known) == 0 and new["call_id"].is_unique:
        return _ordered(new)
    again = (
        new["call_id"].isin(known["call_id"]).to_numpy()
        | new["call_id"].duplicated(keep=False).to_numpy()
    )
    if not again.any():
        return _ordered(pd.concat([known, new], ignore_index=True))
    old = known["call_id"].isin(new["call_id"]).to_numpy()
    versions = pd.concat([known[old], new[again]], ignore_index=True)
    # groupby.last takes the last value that is there, column by column.
    united = versions.astype(_PLAIN).groupby("call_id", sort=False).last().reset_index()
    united["lead_status"] = _last_said(versions)
    # A leg or recording of a call that came apart from it starts later than the call
    # did, and is taken for inbound where the call itself may say otherwise.
    outbound = (versions["direction"] == "outbound").groupby(versions["call_id"], sort=False)
    united["direction"] = np.where(outbound.any(), "outbound", "inbound")
    united["started_at"] = versions.groupby("call_id", sort=False)["started_at"].min().to_numpy()
    frame = tables.conform(united[list(versions.columns)], "calls")
    return _ordered(pd.concat([known[~old], frame, new[~again]], ignore_index=True))


_PLAIN: Final = {"tags": object, "value": object}


def _last_said(versions: pd.DataFrame) -> Any:
    said = versions["lead_status"].astype(object)
    said = said.where(said != "unknown")
    last = said.groupby(versions["call_id"], sort=False).last()
    return last.fillna("unknown").to_numpy()


def join_sightings(sightings: pd.DataFrame) -> Merge:
    """Join the sightings of different origins that are of one call."""
    origins = _origins(sightings)
    present = sorted(set(origins))
    pairs: list[pd.DataFrame] = []
    doubtful: list[pd.DataFrame] = []
    calls = sightings[origins == present[0]] if present else sightings
    for origin in present[1:]:
        others = sightings[origins == origin]
        found = match_calls(calls, others)
        calls = _absorb(calls, others, found.pairs)
        pairs.append(found.pairs)
        doubtful.append(found.ambiguous)
    if len(present) > 1:
        calls = _ordered(calls)
    empty = pd.DataFrame({"call_id": [], "other_id": [], "score": [], "because": []})
    return Merge(
        calls,
        pd.concat(pairs, ignore_index=True) if pairs else empty,
        pd.concat(doubtful, ignore_index=True) if doubtful else empty,
    )


def _origins(sightings: pd.DataFrame) -> Any:
    """Return the rank of each sighting's origin: the lowest is the most telling."""
    named = sorted(set(sightings["provider"]) - set(_RANK))
    ranked = [*_RANK[:-1], *named, _RANK[-1]]
    place = {name: place for place, name in enumerate(ranked)}
    provider = sightings["provider"].map(place).astype("int64")
    made = sightings["call_id"].str.contains(":row-", regex=False)
    return (2 * provider + made.astype("int64")).to_numpy(dtype="int64")


def _absorb(calls: pd.DataFrame, others: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Fill what matched calls lack from the other sighting, and append the unmatched."""
    if len(pairs) == 0:
        return pd.concat([calls, others], ignore_index=True)
    calls = calls.reset_index(drop=True)
    place = pd.Index(calls["call_id"]).get_indexer(pd.Index(pairs["call_id"]))
    theirs = others.set_index("call_id").loc[pairs["other_id"]].reset_index()
    filled = calls.copy()
    for name in calls.columns:
        if name in _OWN:
            continue
        mine = calls[name].iloc[place].reset_index(drop=True)
        lacking = mine.isna() if name != "lead_status" else mine == "unknown"
        gain = (lacking & theirs[name].notna()).to_numpy(dtype=bool)
        if gain.any():
            column = filled[name].astype(object).to_numpy(copy=True)
            column[place[gain]] = theirs[name].astype(object).to_numpy()[gain]
            filled[name] = pd.Series(column, index=filled.index).astype(calls[name].dtype)
    rest = others[~others["call_id"].isin(pairs["other_id"])]
    return pd.concat([filled, rest], ignore_index=True)


def _ordered(calls: pd.DataFrame) -> pd.DataFrame:
    """Order by start, and calls of one instant by id."""
    at = calls["started_at"].astype("int64").to_numpy()
    tied = calls["started_at"].duplicated(keep=False).to_numpy()
    rank = np.zeros(len(calls), dtype=np.int64)
    rank[tied] = calls.loc[tied, "call_id"].rank(method="first").to_numpy()
    return calls.iloc[np.lexsort((rank, at))].reset_index(drop=True)
