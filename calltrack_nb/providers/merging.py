"""One row per call, however many exports and providers saw it.

Each provider's row of a call is a *provider call*. The table of calls is made of all the
provider calls known, the same way whatever order they came in:

1. Rows of one id are one provider call: the legs of a call in one file, its versions in
   several (:mod:`calltrack_nb.providers.legs`).
2. Provider calls without ids that are one call are joined: of a file that was saved again, and
   of phones that rang together (:mod:`calltrack_nb.providers.doubles`).
3. Provider calls of different origins are compared and joined one to one by the score of
   :mod:`calltrack_nb.providers.matching`. An origin is a provider with or without ids of
   its own: a CallRail export has none, its API has.
4. The row of the more telling origin stays, and what it lacks is filled from the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.providers.doubles import (
    absorb_legs,
    minute_files,
    of_groups,
    resaved,
    rung_together,
)
from calltrack_nb.providers.ids import has_own_id
from calltrack_nb.providers.legs import unite_legs, unite_versions
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
        ``call_id, other_id, score, because``: provider calls of two sources that are one call.
    legs : pandas.DataFrame
        The same columns: rows without ids of phones that rang together for one call.
    ambiguous : pandas.DataFrame
        The same columns: provider calls that may be one call but were left apart, because
        another pairing is nearly as likely.
    unsure : pandas.DataFrame
        ``call_id, other_id, reason, apart``: rows without ids that a person may want to
        check, and whether they were left apart.
    """

    calls: pd.DataFrame
    joined: pd.DataFrame
    legs: pd.DataFrame
    ambiguous: pd.DataFrame
    unsure: pd.DataFrame


def merge_calls(known: pd.DataFrame, new: pd.DataFrame) -> Merge:
    """Make one row per call of known and new provider calls.

    Parameters
    ----------
    known, new : pandas.DataFrame
        Provider calls, in the columns of the table ``calls``.

    Examples
    --------
    >>> from calltrack_nb import schema
    >>> nothing = schema.empty("calls")
    >>> len(merge_calls(nothing, nothing).calls)
    0
    """
    return join_provider_calls(unite_provider_calls(known, new))


def unite_provider_calls(
    known: pd.DataFrame, new: pd.DataFrame, minutes: frozenset[str] | None = None
) -> pd.DataFrame:
    """Add new provider calls to known ones, one row per id.

    Rows of one file are legs of their call; those of different files are versions of it,
    and the later is believed. See :mod:`calltrack_nb.providers.legs`.

    Parameters
    ----------
    known, new : pandas.DataFrame
        Provider calls, in the columns of the table ``calls``.
    minutes : frozenset of str, optional
        The imports whose times have no seconds, where these are not all their rows.
    """
    if minutes is None:
        minutes = minute_files(pd.concat([known, new]))
    new = unite_legs(new)
    again = (
        new["call_id"].isin(known["call_id"]).to_numpy()
        | new["call_id"].duplicated(keep=False).to_numpy()
    )
    if not again.any():
        return _ordered(pd.concat([known, new], ignore_index=True) if len(known) else new)
    old = known["call_id"].isin(new["call_id"]).to_numpy()
    united = unite_versions(pd.concat([known[old], new[again]], ignore_index=True), minutes)
    return _ordered(pd.concat([known[~old], united, new[~again]], ignore_index=True))


def join_provider_calls(
    provider_calls: pd.DataFrame, minutes: frozenset[str] | None = None
) -> Merge:
    """Join the provider calls that are of one call.

    Parameters
    ----------
    provider_calls : pandas.DataFrame
        The table ``provider_calls``.
    minutes : frozenset of str, optional
        The imports whose times have no seconds, where `provider_calls` are not all their rows.
    """
    if minutes is None:
        minutes = minute_files(provider_calls)
    again = resaved(provider_calls, minutes)
    if len(again.joined):
        bare = provider_calls["call_id"].isin(again.joined["other_id"])
        # what cannot be told to be of one call fills none
        told = again.joined[~again.joined["other_id"].isin(again.unsure["other_id"])]
        filling = provider_calls[provider_calls["call_id"].isin(told["other_id"])]
        provider_calls = _absorb(provider_calls[~bare], filling, told)
    phones = of_groups(provider_calls)
    provider_calls = absorb_legs(provider_calls, phones)
    rung = rung_together(provider_calls, minutes)
    provider_calls = absorb_legs(provider_calls, rung.joined)
    legs = pd.concat([phones, rung.joined], ignore_index=True)

    origins = _origins(provider_calls)
    present = sorted(set(origins))
    pairs, doubtful = [again.joined], []
    calls = provider_calls[origins == present[0]] if present else provider_calls
    for origin in present[1:]:
        others = provider_calls[origins == origin]
        found = match_calls(calls, others)
        calls = _absorb(calls, others, found.pairs)
        pairs.append(found.pairs)
        doubtful.append(found.ambiguous)
    changed = len(present) > 1 or len(again.joined) or len(legs)
    return Merge(
        _ordered(calls) if changed else calls,
        pd.concat(pairs, ignore_index=True),
        legs,
        pd.concat([again.joined[:0], *doubtful], ignore_index=True),
        pd.concat([again.unsure, rung.unsure], ignore_index=True),
    )


def _origins(provider_calls: pd.DataFrame) -> Any:
    """Return the rank of each provider call's origin: the lowest is the most telling."""
    codes, present = pd.factorize(provider_calls["provider"])
    ranked = [*_RANK[:-1], *sorted(set(present) - set(_RANK)), _RANK[-1]]
    places = np.array([ranked.index(name) for name in present], dtype=np.int64)
    return 2 * places[codes] + ~has_own_id(provider_calls)


def _absorb(calls: pd.DataFrame, others: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Fill what matched calls lack from the other provider call, and append the unmatched."""
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
