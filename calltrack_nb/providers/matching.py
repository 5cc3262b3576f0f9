"""Whether two provider calls are of one call: a score, written down.

Only provider calls of one account and direction are compared, and only where their callers
are the same or one of them is not known. The points:

=====================  ==============================================================
caller number          equal 40
area code              equal 15, different -40, where only one side has the number
tracking number        equal 25, different -15
start                  within 5 s 30, 30 s 25, 2 min 15, 10 min 5, beyond: not compared
duration               within 2 s 25, 15 s 15, 30 s 5, 60 s -5, beyond -25; nothing
                       where a side is unanswered, because some providers then count
                       the ringing and some write 0
status                 both answered 5, neither 15 (it is the rarer), else -20
channel                Google's row beside a Google Ads call 10, beside another -20
campaign               equal 10, different -10
recording              equal 60
=====================  ==============================================================

A pair is one call from 60 points on, where each is the other's best and the second
best of either is at least 10 points behind. Pairs are settled round by round, best
ones first; what remains with 60 points and a close rival is *ambiguous*, left apart
and listed. The weights are judgement, not measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb.calls import unspoken_statuses

ACCEPT: Final = 60
MARGIN: Final = 10

_SAME_CALLER_S: Final = 600.0
_NO_CALLER_S: Final = 120.0
_BLOCK: Final = 20_000

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs that are one call, and pairs too close to call.

    Both have the columns ``call_id, other_id, score, because``.
    """

    pairs: pd.DataFrame
    ambiguous: pd.DataFrame


def match_calls(calls: pd.DataFrame, others: pd.DataFrame) -> Matches:
    """Match two tables of provider calls one to one.

    Parameters
    ----------
    calls, others : pandas.DataFrame
        In the columns of the table ``calls``, each of one origin or already joined.

    Returns
    -------
    Matches
        Independent of the order of the rows.
    """
    left, right = _candidates(calls, others)
    score, because = _score(calls, others, left, right)
    likely = score >= ACCEPT
    pairs = pd.DataFrame(
        {
            "call_id": calls["call_id"].to_numpy(dtype=object)[left[likely]],
            "other_id": others["call_id"].to_numpy(dtype=object)[right[likely]],
            "score": score[likely],
            "because": because[likely],
        }
    ).astype({"call_id": "str", "other_id": "str", "because": "str"})
    settled = []
    while True:
        sure = _mutual_best(pairs)
        if not sure.any():
            break
        settled.append(pairs[sure])
        taken = pairs["call_id"].isin(pairs.loc[sure, "call_id"])
        taken |= pairs["other_id"].isin(pairs.loc[sure, "other_id"])
        pairs = pairs[~taken].reset_index(drop=True)
    found = pd.concat(settled, ignore_index=True) if settled else pairs.iloc[:0]
    order = ["call_id", "other_id"]
    return Matches(
        found.sort_values(order, ignore_index=True), pairs.sort_values(order, ignore_index=True)
    )


def _mutual_best(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Find the pairs that beat every other pairing of either side by the margin."""
    sure = np.ones(len(pairs), dtype=bool)
    for side in ("call_id", "other_id"):
        ordered = pairs.sort_values([side, "score"], ascending=[True, False])
        rank = ordered.groupby(side).cumcount()
        runner_up = ordered["score"].where(rank == 1).groupby(ordered[side]).transform("max")
        clear = (rank == 0) & ~(ordered["score"] - runner_up < MARGIN)
        sure &= clear.reindex(pairs.index).to_numpy(dtype=bool)
    return sure


def _candidates(calls: pd.DataFrame, others: pd.DataFrame) -> tuple[Places, Places]:
    """Return places of pairs near in time whose callers do not contradict each other."""
    lefts, rights = [], []
    mine, theirs = calls["caller_number"].notna(), others["caller_number"].notna()
    known = _numbered(calls)[mine.to_numpy()].merge(
        _numbered(others)[theirs.to_numpy()],
        on=["account", "direction", "caller_number"],
        suffixes=("", "_other"),
    )
    near = (known["at"] - known["at_other"]).abs() <= _SAME_CALLER_S
    lefts.append(known.loc[near, "place"].to_numpy(dtype=np.int64))
    rights.append(known.loc[near, "place_other"].to_numpy(dtype=np.int64))
    for some, rest in ((~theirs, pd.Series(data=True, index=calls.index)), (theirs, ~mine)):
        left, right = _near(_numbered(calls)[rest.to_numpy()], _numbered(others)[some.to_numpy()])
        lefts.append(left)
        rights.append(right)
    return np.concatenate(lefts), np.concatenate(rights)


def _numbered(calls: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": np.arange(len(calls)),
            "account": calls["account"].to_numpy(dtype=object),
            "direction": calls["direction"].astype(object).to_numpy(),
            "caller_number": calls["caller_number"].to_numpy(dtype=object),
            "at": calls["started_at"].astype("int64").to_numpy() / 1e6,
        }
    )


def _near(calls: pd.DataFrame, others: pd.DataFrame) -> tuple[Places, Places]:
    """Pair rows of one account and direction that start within two minutes."""
    lefts: list[Places] = [np.empty(0, dtype=np.int64)]
    rights: list[Places] = [np.empty(0, dtype=np.int64)]
    groups = dict(list(calls.groupby(["account", "direction"])))
    for key, theirs in others.groupby(["account", "direction"]):
        if key not in groups:
            continue
        mine = groups[key].sort_values("at")
        at = mine["at"].to_numpy()
        for start in range(0, len(theirs), _BLOCK):
            block = theirs.iloc[start : start + _BLOCK]
            low = np.searchsorted(at, block["at"].to_numpy() - _NO_CALLER_S, "left")
            high = np.searchsorted(at, block["at"].to_numpy() + _NO_CALLER_S, "right")
            count = high - low
            offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            lefts.append(mine["place"].to_numpy()[np.repeat(low, count) + offset])
            rights.append(np.repeat(block["place"].to_numpy(), count))
    return np.concatenate(lefts), np.concatenate(rights)


def _score(
    calls: pd.DataFrame, others: pd.DataFrame, left: Places, right: Places
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    a, b = calls.iloc[left], others.iloc[right]
    total = np.zeros(len(left), dtype=np.int64)
    words = np.full(len(left), "", dtype=object)

    def add(points: Any, what: str) -> None:
        given = np.asarray(points, dtype=np.int64)
        total[:] += given
        said = given != 0
        words[said] += np.array([f"{what} {value:+d}, " for value in given[said]], dtype=object)

    def compared(name: str, equal: int, different: int) -> Any:
        x, y = _values(a, name), _values(b, name)
        both = ~(pd.isna(x) | pd.isna(y))
        same = both & (x == y)
        return np.select([same, both], [equal, different], 0)

    add(compared("caller_number", 40, 0), "caller")
    area = np.where(_known(a, "caller_number") & _known(b, "caller_number"), 0, _area_points(a, b))
    add(area, "area code")
    add(compared("tracking_number", 25, -15), "tracking number")
    apart = (
        np.abs(
            a["started_at"].astype("int64").to_numpy() - b["started_at"].astype("int64").to_numpy()
        )
        / 1e6
    )
    steps = [apart <= 5, apart <= 30, apart <= 120, apart <= 600]
    add(np.select(steps, [30, 25, 15, 5], 0), "start")
    unanswered = _unanswered(a) | _unanswered(b)
    longer = np.abs(a["duration_s"].to_numpy() - b["duration_s"].to_numpy())
    unsure = unanswered | np.isnan(longer)
    steps = [unsure, longer <= 2, longer <= 15, longer <= 30, longer <= 60]
    add(np.select(steps, [0, 25, 15, 5, -5], -25), "duration")
    both = _known(a, "status") & _known(b, "status")
    agree = _unanswered(a) == _unanswered(b)
    steps = [both & agree & unanswered, both & agree, both]
    add(np.select(steps, [15, 5, -20], 0), "status")
    add(_channel_points(a, b), "channel")
    add(compared("campaign", 10, -10), "campaign")
    add(compared("recording", 60, 0), "recording")
    return total, words


def _values(frame: pd.DataFrame, name: str) -> Any:
    return frame[name].astype(object).to_numpy()


def _known(frame: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    return frame[name].notna().to_numpy(dtype=bool)


def _unanswered(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return frame["status"].isin(unspoken_statuses()).to_numpy(dtype=bool)


def _area_points(a: pd.DataFrame, b: pd.DataFrame) -> Any:
    x, y = _area(a), _area(b)
    both = ~(pd.isna(x) | pd.isna(y))
    return np.select([both & (x == y), both], [15, -40], 0)


def _area(frame: pd.DataFrame) -> Any:
    """Return the area code: of a North American number, or as Google gives it."""
    own = frame["caller_number"].str.extract(r"^\+1(\d{3})", expand=False)
    given = frame["caller_region"].str.extract(r"^area code (\d+)$", expand=False)
    return own.fillna(given).astype(object).to_numpy()


def _channel_points(a: pd.DataFrame, b: pd.DataFrame) -> Any:
    google = (a["provider"] == "google_ads").to_numpy() ^ (b["provider"] == "google_ads").to_numpy()
    both = _known(a, "channel") & _known(b, "channel")
    same = _values(a, "channel") == _values(b, "channel")
    return np.select([google & both & same, google & both], [10, -20], 0)
