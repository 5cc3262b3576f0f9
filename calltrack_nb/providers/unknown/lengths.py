"""Which columns of an unknown file are durations, and what their plain numbers count."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb.calls import unspoken_statuses
from calltrack_nb.providers.unknown.header_names import name_score, words
from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.unknown.moments import instants_of
from calltrack_nb.providers.unknown.ringing import settle_ringing
from calltrack_nb.providers.unknown.roles import NAMED, Question, Roles
from calltrack_nb.providers.values import durations, numbers
from calltrack_nb.providers.values.duration_units import UNIT_OF, Unit, duration_form, header_unit

_FIELDS: Final = ("duration_s", "talk_s", "ring_s")
_UNITS: Final[tuple[tuple[Unit, float], ...]] = (("s", 1.0), ("min", 60.0), ("ms", 0.001))
_COUNTED: Final = ("s", "min", "ms", "h")
_WORDS: Final[dict[Unit, str]] = {"s": "seconds", "min": "minutes", "ms": "milliseconds"}
_LONG: Final = 90
_RINGING_S: Final = 90.0
_SHORTEST_RINGING_S: Final = 3.0
_LONGEST_RINGING_S: Final = 180.0
_ENOUGH: Final = 8
_USUAL: Final = 15
_TOO_LONG: Final = 5_000
_MOSTLY_CLOCKS: Final = 0.8
_SOME_HOURS: Final = 5
_MORNING: Final = 5


def give_lengths(roles: Roles, country: str) -> None:
    """Find the durations; those whose unit nothing tells are asked for.

    Parameters
    ----------
    roles : Roles
        Changed in place; start, end and status have been given before.
    country : str
        Two letters, for the notation of numbers.
    """
    candidates = [
        kind for kind in roles.free() if _is_length(kind) and not _is_of_the_day(roles, kind)
    ]
    open_questions: list[Question] = []
    for name in _FIELDS:
        if not roles.wants(name):
            continue
        scored = [(_name_score(name, kind), kind) for kind in candidates]
        scored = [(score, kind) for score, kind in scored if kind.name not in roles.used]
        best = max((score for score, _ in scored), default=0.0)
        if best < NAMED:
            continue
        named = next(kind for score, kind in scored if score == best)
        if question := _give(roles, name, named, country, named.name):
            open_questions.append(question)
            roles.used.add(named.name)
    if roles.wants("duration_s") and roles.wants("talk_s"):
        _give_unnamed(roles, [kind for kind in candidates if kind.name not in roles.used], country)
    if roles.wants("duration_s") and roles.wants("talk_s"):
        roles.questions += open_questions[:1]
    settle_ringing(roles, country)


def _name_score(name: str, kind: Kind) -> float:
    """Score a name for a field of durations; one that names a unit speaks of a duration."""
    score = name_score(name, kind.name)
    spelt = any(len(word) > 1 and word in UNIT_OF for word in words(kind.name))
    counted = name == "duration_s" and spelt and header_unit(kind.name) in _COUNTED
    barred = max(name_score(other, kind.name) for other in ("talk_s", "ring_s")) > 0
    return max(score, NAMED) if counted and not barred else score


def _is_length(kind: Kind) -> bool:
    if kind.share("phone") >= 0.5 and kind.share("duration") < 0.5:
        return False
    return max(kind.share("number"), kind.share("duration")) >= 0.9 or (
        kind.share("number") + kind.share("duration") >= 0.9
    )


def _is_of_the_day(roles: Roles, kind: Kind) -> bool:
    """Tell times of day from durations: they lie in many hours of the day, few of them at night.

    With seconds, no shop's calls are as long. Without, they may be minutes, so there must be
    days that lack their time.
    """
    if kind.share("clock") < _MOSTLY_CLOCKS:
        return False
    parts = kind.texts.dropna().str.extract(r"^(\d{1,2})[:.h]\d\d([:.]\d\d)?")
    hours = parts[0].dropna().astype("int64")
    spread = hours.nunique() >= _SOME_HOURS and hours.quantile(0.05) >= _MORNING
    start = roles.fields.get("started_at")
    dated = any(other.share("day") >= _MOSTLY_CLOCKS for other in roles.kinds.values())
    lacking = dated and (start is None or kind.name in map(str, start.columns))
    return bool(spread and (parts[1].notna().mean() >= _MOSTLY_CLOCKS or lacking))


def _give(roles: Roles, name: str, kind: Kind, country: str, header: str) -> Question | None:
    """Give a column of durations with its unit, or return what has to be asked.

    `header` is the column's name where it speaks of durations, else empty.
    """
    form = duration_form(kind.texts, header)
    unit, reason = form.unit, form.reason
    if not form.sure:
        found = (
            _unit_by_times(roles, kind.texts, country)
            or (_unit_of_ringing if name == "ring_s" else _unit_by_size)(kind.texts, country)
            or _unit_of_duration(roles, kind.texts, country)
        )
        if found is None:
            return Question(
                name,
                f"What do the numbers of {kind.name} count? ({form.reason})",
                _COUNTED,
                kind.name,
            )
        unit, reason = found
    roles.give(name, [kind.name], reason, unit=unit)
    return None


def _unit_by_size(texts: pd.Series[Any], country: str) -> tuple[Unit, str] | None:
    """Tell the unit by what would be absurd: half of the calls longer than an hour.

    Whole numbers of seconds are usual. In minutes their middle would be a quarter of an
    hour and the longest call of the log an hour and a half, which no shop's log shows.
    """
    clocks = texts.dropna().str.extract(r"^(\d+):(\d\d)$").dropna().astype("int64")
    if len(clocks) == texts.notna().sum():
        long = float((clocks[0] >= 1).mean()) if len(clocks) else 0.0
        return ("m:ss", "clocks; read as hours they would be too long") if long >= 0.1 else None
    amounts = _amounts(texts, country).dropna()
    counted = amounts[amounts > 0]
    whole = len(counted) > 0 and bool((amounts == amounts.round()).all())
    if whole and counted.max() >= _LONG and _USUAL <= counted.median() < _TOO_LONG:
        return "s", f"whole numbers up to {counted.max():.0f}, too many for minutes"
    return None


def _unit_of_ringing(texts: pd.Series[Any], country: str) -> tuple[Unit, str] | None:
    """Tell the unit by how long telephones ring: no minutes on end, and not for a moment."""
    if texts.dropna().str.fullmatch(r"\d+:\d\d").all():
        return "m:ss", "clocks; nothing rings for hours"
    amounts = _amounts(texts, country).dropna()
    usual = amounts[amounts > 0].median()
    scales: tuple[tuple[Unit, float], ...] = (("s", 1.0), ("ms", 0.001))
    for unit, scale in scales:
        if _SHORTEST_RINGING_S <= usual * scale <= _LONGEST_RINGING_S:
            return unit, f"{_WORDS[unit]}, as long as telephones ring"
    return None


def _unit_of_duration(roles: Roles, texts: pd.Series[Any], country: str) -> tuple[Unit, str] | None:
    """Take the unit of the whole call for a part of it that is never longer."""
    whole, talk = roles.fields.get("duration_s"), roles.fields.get("talk_s")
    if whole is None and talk is not None and talk.unit:
        return talk.unit, f"counted as {talk.columns[0]} is"
    if whole is None or not whole.unit or len(whole.columns) != 1:
        return None
    amounts = _amounts(texts, country)
    wholes = _amounts(roles.kinds[str(whole.columns[0])].texts, country)
    both = amounts.notna() & wholes.notna()
    if not both.any() or float((amounts[both] <= wholes[both] + 1).mean()) < 0.95:
        return None
    return whole.unit, f"a part of {whole.columns[0]}, so in the same unit"


def _amounts(texts: pd.Series[Any], country: str) -> pd.Series[Any]:
    return numbers.to_number(texts, numbers.decimal_mark(texts, country)).series


def _unit_by_times(roles: Roles, texts: pd.Series[Any], country: str) -> tuple[Unit, str] | None:
    """Hold the numbers against the seconds from start to end."""
    amounts = _amounts(texts, country)
    end = instants_of(roles, "ended_at", country)
    if end is None:
        return None
    for first in ("started_at", "connected_at"):
        begin = instants_of(roles, first, country)
        if begin is None:
            continue
        seconds = (end - begin).dt.total_seconds()
        known = amounts.notna() & seconds.notna() & (seconds > 0) & (amounts > 0)
        for unit, scale in _UNITS:
            near = np.abs(amounts[known] * scale - seconds[known]) <= np.maximum(
                2.0, 0.02 * seconds[known] + (30 if unit == "min" else 0)
            )
            if known.sum() >= 1 and float(near.mean()) >= 0.8:
                return unit, f"{_WORDS[unit]}, by the times of start and end"
            if _within(amounts[known] * scale, seconds[known]):
                return unit, f"{_WORDS[unit]}, a little less than from start to end"
    return None


def _within(lengths: pd.Series[Any], seconds: pd.Series[Any]) -> bool:
    """Tell whether lengths are those of talking within calls: shorter by the ringing."""
    ringing = seconds - lengths
    long = seconds > _RINGING_S
    fits = (ringing >= -2) & (ringing <= _RINGING_S)
    return bool(len(seconds) >= 8 and long.mean() >= 0.3 and fits.mean() >= 0.9)


def _give_unnamed(roles: Roles, candidates: list[Kind], country: str) -> None:
    """Give the only column that behaves like a duration although its name does not say so."""
    clocks = [kind for kind in candidates if kind.share("duration") >= 0.9 and kind.distinct > 1]
    if clocks:
        longest = _longest(clocks, country)
        if longest is None:
            _give_ring_and_talk(roles, clocks, country)
        elif question := _give(roles, "duration_s", longest, country, header=""):
            roles.questions.append(question)
            roles.used.add(longest.name)
        return
    plain = [kind for kind in candidates if kind.share("integer") >= 0.95]
    fitting = [(kind, _unit_unnamed(roles, kind, country)) for kind in plain]
    sure = [(kind, unit) for kind, unit in fitting if unit is not None]
    sure = sure or _whole_and_part(plain, country)
    longest = _longest([kind for kind, _ in sure], country)
    for kind, (unit, reason) in sure:
        if kind is longest:
            roles.give("duration_s", [kind.name], reason, unit=unit)


def _give_ring_and_talk(roles: Roles, clocks: list[Kind], country: str) -> None:
    """Tell two columns of clocks apart by the status: nobody talks in a call that is missed."""
    status = roles.statuses()
    if status is None or len(clocks) != 2:
        return
    answered = (status == "answered").to_numpy()
    known = status.notna().to_numpy()
    if answered[known].all() or not answered.any():
        return
    for ring, talk in (clocks, clocks[::-1]):
        ringing, talking = (_lengths(kind, country).fillna(0) for kind in (ring, talk))
        talked = (talking > 0).to_numpy()
        agrees = float((talked == answered)[known].mean()) >= 0.95
        if agrees and ringing.max() <= _LONGEST_RINGING_S and (ringing[~talked] > 0).mean() > 0.5:
            reasons = ("short, and there where nobody answered", "nothing where nobody answered")
            for name, kind, reason in zip(("ring_s", "talk_s"), (ring, talk), reasons, strict=True):
                roles.give(name, [kind.name], reason, unit="m:ss")
            return


def _whole_and_part(plain: list[Kind], country: str) -> list[tuple[Kind, tuple[Unit, str]]]:
    """Find whole numbers of seconds that another column follows, less by a ringing."""
    read = {kind.name: _amounts(kind.texts, country) for kind in plain}
    for whole in plain:
        size = _unit_by_size(whole.texts, country)
        if size is None:
            continue
        for part in plain:
            apart = (read[whole.name] - read[part.name].fillna(0)).dropna()
            talked = read[part.name][read[part.name] > 0]
            if (
                part is not whole
                and len(talked) >= _ENOUGH
                and talked.nunique() >= 0.5 * len(talked)
                and float(apart.between(0, _LONGEST_RINGING_S).mean()) >= 0.95
                and apart.nunique() > 2
            ):
                return [(whole, (size[0], f"never less than {part.name}, more by a ringing"))]
    return []


def _longest(kinds: list[Kind], country: str) -> Kind | None:
    """Return the column that is the longest of nearly every row: the whole call."""
    lengths = {kind.name: _lengths(kind, country).fillna(0) for kind in kinds}
    for kind in kinds:
        mine = lengths[kind.name]
        if all(float((mine + 1 >= other).mean()) >= 0.95 for other in lengths.values()):
            return kind
    return None


def _lengths(kind: Kind, country: str) -> pd.Series[Any]:
    mark = numbers.decimal_mark(kind.texts, country)
    return durations.to_seconds(kind.texts, mark).series


def _unit_unnamed(roles: Roles, kind: Kind, country: str) -> tuple[Unit, str] | None:
    """Return seconds where whole numbers are as long calls are, and short where missed."""
    read = _amounts(kind.texts, country)
    if by_times := _unit_by_times(roles, kind.texts, country):
        return by_times
    status = roles.statuses()
    if status is None or len(read.dropna()) < _ENOUGH:
        return None
    answered = read[(status == "answered").to_numpy()].dropna()
    missed = read[status.isin(unspoken_statuses()).to_numpy()].fillna(0)
    if len(answered) < 4 or len(missed) < 2 or not _LONG <= answered.max() < 40_000:
        return None
    varied = answered.nunique() >= 0.5 * len(answered)
    shorter = missed.median() <= 0.5 * answered.median()
    return ("s", "answered calls have larger numbers") if varied and shorter else None
