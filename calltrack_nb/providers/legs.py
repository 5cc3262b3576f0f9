"""What several rows say of one call: its legs in one file, its versions in several.

A telephone system that rings several phones, or passes a call on, writes a row for each
leg under the id of the call. Rows of one id in one file are legs, and the leg that was
answered says how the call went. A later export writes a call again, perhaps corrected.
Rows of one id in different files are versions, and the later one is believed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.calls import agent_names, is_voicemail, missed_statuses

_RANK: Final = {"missed": 1, "abandoned": 2, "voicemail": 3, "answered": 5}
_TALKED: Final = 4  # a leg on which somebody talked, whatever its status is called
_PART: Final = 10
_BY_A_MACHINE: Final = 0.5
"""A leg that a menu or a queue answered, of which every other leg knows more."""

_OF_THE_ANSWER: Final = ["status", "agent", "destination_number"]
_OF_THE_OPENING: Final = [
    "caller_number",
    "caller_key",
    "caller_name",
    "caller_city",
    "caller_region",
    "caller_country",
    "tracking_number",
]
_PLAIN: Final = {"tags": object, "value": object}

Codes = npt.NDArray[np.integer[Any]]


def unite_legs(calls: pd.DataFrame) -> pd.DataFrame:
    """Make one row of the legs of each call: rows of one file with one call id.

    The best status of any leg is the call's: answered, voicemail, abandoned, missed. The
    first leg with that status also says who took the call and where, and all of them how long
    they talked. Where several people's telephones rang and nobody answered, nobody is named. A
    menu or a queue that answers is nobody, as long as another leg says what became of the call;
    a voicemail that answers is a voicemail.
    The call lasts from the start of its first leg to the end of its last. The longest
    leg would be too short for a call that was passed on, and their sum too long for
    phones that rang together. The caller and the number dialled are those of the first
    leg, because a phone that passes a call on is named as the caller of the next one.
    Anything else is as the last row of the file says that says it.

    Parameters
    ----------
    calls : pandas.DataFrame
        The table ``calls``; ``import_id`` names the file, ``row`` the place in it.

    Returns
    -------
    pandas.DataFrame
        The table ``calls``, a row for each call id and file, whatever the order of the
        rows. ``talk_s`` counts a moment once on which two answered legs overlap.

    Examples
    --------
    >>> start = pd.to_datetime(["2026-08-03 10:00:00Z", "2026-08-03 10:00:20Z"])
    >>> legs = pd.DataFrame({
    ...     "account": "main", "call_id": "spreadsheet:7", "provider": "spreadsheet",
    ...     "started_at": start, "duration_s": [20.0, 60.0], "direction": "inbound",
    ...     "status": ["missed", "answered"], "lead_status": "unknown", "row": [1, 2],
    ... })
    >>> call = unite_legs(schema.conform(legs, "calls")).iloc[0]
    >>> f"{call['started_at']:%H:%M:%S}", float(call["duration_s"]), call["status"]
    ('10:00:00', 80.0, 'answered')
    """
    several = calls.duplicated(["call_id", "import_id"], keep=False).to_numpy()
    if not several.any():
        return calls
    legs = calls[several].sort_values("row", kind="stable", na_position="first")
    of = legs.groupby(["call_id", "import_id"], sort=False, dropna=False).ngroup()
    united = united_rows(legs, of.to_numpy())
    return pd.concat([calls[~several], united], ignore_index=True)


def unite_versions(versions: pd.DataFrame, minutes: frozenset[str]) -> pd.DataFrame:
    """Make one row of the versions of each call: rows of different files with one call id.

    A version that starts when the call does replaces the earlier ones in what it says.
    One that starts later knows only a later part of the call, since its file begins on
    the way, and counts as a leg. The start of a file without seconds is any of its minute.

    Parameters
    ----------
    versions : pandas.DataFrame
        The table ``calls``, earlier imports first.
    minutes : frozenset of str
        The imports whose times have no seconds.

    Returns
    -------
    pandas.DataFrame
        The table ``calls``, a row for each call id.
    """
    start, minute = versions["started_at"], versions["started_at"].dt.floor("min")
    exact = ~versions["import_id"].isin(minutes).to_numpy()
    bare = (start == minute) & ~exact
    any_bare = bare.groupby([versions["call_id"], minute]).transform("any")
    same = [versions["call_id"], minute.where(any_bare, start), _is_part(versions)]
    of = versions.groupby(same, sort=False).ngroup().to_numpy()
    latest = pd.Series(np.arange(len(of))).groupby(of).max().to_numpy()
    # groupby.last takes the last value that is there, column by column.
    believed = versions.astype(_PLAIN).groupby(of).last()
    believed["started_at"] = start.groupby(of).max()
    believed["direction"] = _direction(versions, of)
    believed["lead_status"] = _lead_status(versions, of)
    # A start that a file with seconds names is one with seconds, whoever says it again.
    order = np.argsort(exact, kind="stable")
    origin = versions[["import_id", "row"]].iloc[order].groupby(of[order]).last()
    believed[["import_id", "row"]] = origin
    frame = schema.conform(believed[list(versions.columns)], "calls").iloc[np.argsort(latest)]
    if frame["call_id"].is_unique:
        return frame.reset_index(drop=True)
    return united_rows(frame, frame.groupby("call_id", sort=False).ngroup().to_numpy())


def united_rows(rows: pd.DataFrame, of: Codes) -> pd.DataFrame:
    """Make one row of the rows of each call, by the rules of :func:`unite_legs`.

    Parameters
    ----------
    rows : pandas.DataFrame
        The table ``calls``, in the order in which the rows are believed.
    of : numpy.ndarray of int
        For each row the number of its call, from zero.

    Returns
    -------
    pandas.DataFrame
        The table ``calls``, in the order of these numbers.
    """
    rows = _voicemails(rows.reset_index(drop=True))
    legs = rows.groupby(of)
    offset = (rows["started_at"] - legs["started_at"].transform("min")).dt.total_seconds()
    opening = (offset == 0).to_numpy()
    weight = _weight(rows)
    deciding = (weight == weight.groupby(of).transform("max")).to_numpy()

    said = rows.astype(_PLAIN)
    call = said.groupby(of).last()
    # of legs that begin together the one that is believed most, else the first
    first = np.argsort(-offset[deciding].to_numpy(), kind="stable")
    of_the_answer = said[deciding].iloc[first].groupby(of[deciding][first]).last()
    call[_OF_THE_ANSWER] = of_the_answer[_OF_THE_ANSWER]
    rang = rows["agent"].where(deciding & rows["status"].isin(missed_statuses()))
    together = pd.DataFrame({"of": of, "agent": rang}).dropna().drop_duplicates()["of"]
    call["agent"] = call["agent"].mask(call.index.isin(together[together.duplicated()]))
    call["recording"] = of_the_answer["recording"].fillna(call["recording"])
    call[_OF_THE_OPENING] = said[opening].groupby(of[opening]).last()[_OF_THE_OPENING]
    call["first_call"] = rows["first_call"][opening].groupby(of[opening]).max()
    call["direction"] = _direction(rows[opening], of[opening])
    call["lead_status"] = _lead_status(rows, of)
    call["spam_score"] = legs["spam_score"].max()
    call["started_at"] = legs["started_at"].min()
    call["duration_s"] = (offset + rows["duration_s"]).groupby(of).max()
    answer = offset + rows["ring_s"]
    call["ring_s"] = answer[deciding].groupby(of[deciding]).min()
    call["talk_s"] = _talk(rows[deciding], offset[deciding], of[deciding])
    return schema.conform(call[list(rows.columns)], "calls")


def _voicemails(rows: pd.DataFrame) -> pd.DataFrame:
    """Call legs that a voicemail answered what they are."""
    taken = rows["status"].eq("answered") & is_voicemail(rows["agent"])
    return rows.assign(status=rows["status"].mask(taken.to_numpy(dtype=bool), "voicemail"))


def _weight(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return how much a row has to say about how its call went."""
    status = rows["status"].astype(object)
    rank = status.map(_RANK).fillna(0.0).astype(float)
    rank = rank.mask(status.isna() & (rows["talk_s"] > 0), _TALKED)
    machine = rows["agent"].notna() & agent_names(rows["agent"]).isna()
    rank = rank.mask(machine & status.eq("answered"), _BY_A_MACHINE)
    return rank + _PART * (_is_part(rows) & status.notna())


def _is_part(rows: pd.DataFrame) -> pd.Series[Any]:
    """Find Twilio's legs and recordings that came apart from their call.

    A whole call that was forwarded is always completed; only its leg knows whether
    anyone answered.
    """
    return (rows["provider"] == "twilio") & rows["duration_s"].isna()


def _direction(rows: pd.DataFrame, of: Codes) -> Any:
    # A part that came apart from its call is taken for inbound; the call may say otherwise.
    outbound = (rows["direction"] == "outbound").groupby(of).any()
    return np.where(outbound, "outbound", "inbound")


def _lead_status(rows: pd.DataFrame, of: Codes) -> Any:
    said = rows["lead_status"].astype(object)
    return said.where(said != "unknown").groupby(of).last().fillna("unknown")


def _talk(rows: pd.DataFrame, offset: pd.Series[Any], of: Codes) -> pd.Series[Any]:
    """Return the seconds on which somebody talked; each leg ends with its talk."""
    talk = rows["talk_s"]
    end = offset + rows["duration_s"].fillna(talk)
    spans = pd.DataFrame({"of": of, "begin": end - talk, "end": end}).dropna()
    spans = spans.sort_values(["of", "begin"])
    reached = spans.groupby("of")["end"].cummax().groupby(spans["of"]).shift()
    begin = spans["begin"].where(~(reached > spans["begin"]), reached)
    talked: pd.Series[Any] = (spans["end"] - begin).clip(lower=0).groupby(spans["of"]).sum()
    return talked.round(6)
