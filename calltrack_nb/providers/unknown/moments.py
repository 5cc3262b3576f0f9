"""Which column of an unknown file says when a call began, was answered and ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.phrasing import percent
from calltrack_nb.providers.unknown.header_names import name_score, speaks_of_records
from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.unknown.roles import NAMED, Roles, best_named
from calltrack_nb.providers.values import times

_MOSTLY: Final = 0.8
_NEARLY_ALL: Final = 0.95
_FEW_STEPS: Final = 8


def give_moments(roles: Roles, country: str) -> None:
    """Find the start, the connection and the end of calls.

    Parameters
    ----------
    roles : Roles
        Changed in place.
    country : str
        Two letters, for the order of day and month.
    """
    moments = [kind for kind in roles.free() if kind.share("moment") >= _MOSTLY]
    if roles.wants("started_at"):
        of_calls = [kind for kind in moments if not speaks_of_records(kind.name)]
        if of_calls and not _has_named_day(roles, of_calls):
            start = _start(roles, of_calls, country)
            others = _may_be_joined(roles, start) if start else []
            if start is not None and others:
                text = "Which column, or which two columns, hold the start of the call?"
                roles.ask("started_at", text, [start.name, *others])
            elif start is not None:
                whole = f"{percent(start.share('moment'))} of its cells are a day and a time"
                roles.give("started_at", [start.name], whole)
        else:
            _give_day_and_clock(roles)
    begin = instants_of(roles, "started_at", country)
    if begin is None:
        return
    later = [
        kind
        for kind in moments
        if kind.name not in roles.used and _follows(_instants(kind.texts, country), begin)
    ]
    _give_later(roles, later, country)


def _has_named_day(roles: Roles, moments: Sequence[Kind]) -> bool:
    """Tell whether a column of days is named for the start and no moment is."""
    days = [kind for kind in roles.free() if kind.share("day") >= _MOSTLY]
    named = max((_start_score(kind) for kind in days), default=0.0)
    return named >= NAMED and max(map(_start_score, moments)) < NAMED


def _may_be_joined(roles: Roles, start: Kind) -> list[str]:
    """Return the days and clocks that may be the start as well, where no name tells."""
    if _start_score(start) >= NAMED:
        return []
    free = [kind for kind in roles.free() if kind.filled >= _NEARLY_ALL]
    days = [kind.name for kind in free if kind.share("day") >= _MOSTLY]
    clocks = [kind.name for kind in free if kind.share("clock") >= _MOSTLY]
    return [*days, *clocks] if days and clocks else []


def _start(roles: Roles, moments: list[Kind], country: str) -> Kind | None:
    """Choose the column of the start, or ask."""
    full = [kind for kind in moments if kind.filled >= _NEARLY_ALL] or moments
    scored = sorted(full, key=_start_score, reverse=True)
    best = scored[0]
    rivals = [kind for kind in scored[1:] if _start_score(best) - _start_score(kind) < 0.2]
    instants = {kind.name: _instants(kind.texts, country) for kind in full}
    if _start_score(best) >= NAMED and not rivals:
        before = [
            kind
            for kind in full
            if kind is not best and not _follows(instants[kind.name], instants[best.name])
        ]
        if not before or name_score("started_at", best.name) == 1.0:
            return best
    earliest = [
        kind
        for kind in full
        if all(
            _begins(instants[kind.name], instants[other.name])
            for other in full
            if other is not kind
        )
    ]
    if earliest:
        return max(earliest, key=_start_score)
    same = [kind for kind in (best, *rivals) if instants[kind.name].equals(instants[best.name])]
    if len(same) == len(rivals) + 1:
        return best
    names = [kind.name for kind in full]
    roles.ask("started_at", "Which column holds the start of the call?", names)
    return None


def _start_score(kind: Kind) -> float:
    """Say how much a column's name speaks for the start and not for another moment."""
    other = max(name_score("ended_at", kind.name), name_score("connected_at", kind.name))
    mine = name_score("started_at", kind.name)
    return mine if mine > other else mine - other


def _give_day_and_clock(roles: Roles) -> None:
    """Join a column of days and one of times of day."""
    days = [kind for kind in roles.free() if kind.share("day") >= _MOSTLY]
    days = [kind for kind in days if kind.filled >= _NEARLY_ALL] or days
    if not days:
        return
    day = max(days, key=lambda kind: name_score("started_at", kind.name))
    tied = [kind.name for kind in days if _start_score(kind) == _start_score(day)]
    if len(tied) > 1:
        roles.ask("started_at", "Which column holds the day of the call?", tied)
        return
    clocks = [kind for kind in roles.free() if kind.share("clock") >= _MOSTLY]
    clocks = [kind for kind in clocks if kind.filled >= _MOSTLY]
    likely = [kind for kind in clocks if _is_time_of_day(kind, day)]
    if len(likely) > 1:
        best = max(likely, key=_start_score)
        likely = [best] if _start_score(best) >= NAMED else likely
    if len(likely) == 1:
        clock = likely[0]
        reason = f"the days of {day.name} joined with the times of {clock.name}"
        roles.give("started_at", [day.name, clock.name], reason)
        return
    names = [kind.name for kind in clocks or roles.free() if kind is not day]
    text = f"{day.name} holds days only. Which column holds the time of day?"
    roles.ask("started_at", text, names)
    roles.used |= {day.name, *(kind.name for kind in clocks)}


def _is_time_of_day(kind: Kind, day: Kind) -> bool:
    """Tell a time of day from a duration that looks like one."""
    if name_score("started_at", kind.name) >= NAMED:
        return True
    if max(name_score(field, kind.name) for field in ("duration_s", "talk_s", "ring_s")) >= NAMED:
        return False
    if kind.texts.str.contains(r"(?i)[ap]\.?\s?m", regex=True, na=False).any():
        return True
    return _runs(kind.texts, day.texts)


def _runs(clocks: pd.Series[Any], days: pd.Series[Any]) -> bool:
    """Tell whether times go one way within each day, as those of a log in order do."""
    seconds = pd.to_timedelta(
        clocks.str.extract(r"^(\d{1,2})[:.h](\d\d)")
        .astype("float64")
        .mul([3600, 60])
        .sum(axis=1, min_count=2),
        unit="s",
    ).dt.total_seconds()
    step = seconds.groupby(days.to_numpy()).diff().dropna()
    if len(step) < 4:
        return False
    return max((step >= 0).mean(), (step <= 0).mean()) >= _NEARLY_ALL


def _give_later(roles: Roles, later: Sequence[Kind], country: str) -> None:
    """Give the moments after the start: connection and end."""
    for name in ("connected_at", "ended_at"):
        free = [kind for kind in later if kind.name not in roles.used]
        best, _ = best_named(free, name)
        if roles.wants(name) and best is not None:
            roles.give(name, [best.name], "its name; its times follow the start")
    if roles.wants("ended_at"):
        _give_unnamed_end(roles, later)
    end = instants_of(roles, "ended_at", country)
    if not roles.wants("connected_at") or end is None:
        return
    between = [
        kind
        for kind in later
        if kind.name not in roles.used
        and kind.filled < 1
        and _follows(end, _instants(kind.texts, country))
        and not name_score("ring_s", kind.name)
    ]
    if len(between) == 1 and max(name_score("status", kind.name) for kind in roles.free()) == 0:
        roles.give("connected_at", [between[0].name], "its times lie between start and end")


def _give_unnamed_end(roles: Roles, later: Sequence[Kind]) -> None:
    """Give the end to the only other moment of every row, where its name says nothing."""
    full = [kind for kind in later if kind.name not in roles.used and kind.filled >= _NEARLY_ALL]
    if len(full) == 1 and not _means(full[0]) and not speaks_of_records(full[0].name):
        roles.give("ended_at", [full[0].name], "its times follow the start in every row")


def _means(kind: Kind) -> bool:
    """Tell whether a column's name says that it is another moment."""
    return max(name_score(name, kind.name) for name in ("started_at", "connected_at")) > 0


def instants_of(roles: Roles, name: str, country: str) -> pd.Series[Any] | None:
    """Read the column, or the day and the clock, that a field of moments has been given.

    Returns
    -------
    pandas.Series of datetime64 or None
        As if in UTC; None where the field has no column of this file.
    """
    if name in roles.given:
        columns = [roles.given[name]] if roles.given[name] in roles.kinds else []
    else:
        columns = [str(c) for c in roles.fields[name].columns] if name in roles.fields else []
    texts = [roles.kinds[column].texts for column in columns]
    if not texts:
        return None
    return _instants(times.joined_texts(texts), country)


def _instants(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    return times.read_times(texts, "UTC", times.date_order(texts, country)).series


def _begins(start: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Tell whether a column is the start and another a later moment of the call or its record.

    A log is mostly in the order of its starts. When a record was changed lies anywhere
    behind, in no order.
    """
    if _follows(other, start):
        return True
    before = (other - start).dt.total_seconds().dropna() >= 0
    late = len(before) > 0 and float(before.mean()) >= _NEARLY_ALL
    return late and _one_way(start) >= _NEARLY_ALL and _one_way(other) < _MOSTLY


def _one_way(instants: pd.Series[Any]) -> float:
    """Return the share of steps that go the way most go; 0 where there are few."""
    steps = instants.dropna().diff().dropna().dt.total_seconds()
    if len(steps) < _FEW_STEPS:
        return 0.0
    return float(max((steps >= 0).mean(), (steps <= 0).mean()))


def _follows(later: pd.Series[Any], earlier: pd.Series[Any]) -> bool:
    """Tell whether one column's moments are never before another's, and near them."""
    apart = (later - earlier).dt.total_seconds().dropna()
    return len(apart) > 0 and bool(np.mean((apart >= 0) & (apart < 86_400)) >= _NEARLY_ALL)
