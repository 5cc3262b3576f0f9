"""An unknown system's log: which column is which, with reasons, or what has to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from calltrack_nb.providers.unknown.details import give_details, join_zones, zone_of
from calltrack_nb.providers.unknown.header_names import (
    name_score,
    names_a_call,
    speaks_of_calls,
)
from calltrack_nb.providers.unknown.kinds import Kind, kind_of, what_it_seems
from calltrack_nb.providers.unknown.lengths import give_lengths
from calltrack_nb.providers.unknown.moments import give_moments
from calltrack_nb.providers.unknown.outcomes import give_outcomes
from calltrack_nb.providers.unknown.roles import NAMED, Question, Roles
from calltrack_nb.providers.unknown.sides import give_sides
from calltrack_nb.settings import FieldSource, FileMapping

_SAMPLE_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Inference:
    """How an unknown file would be read.

    Parameters
    ----------
    mapping : FileMapping or None
        The reading; None where not even the start of the calls was found.
    reasons : mapping of str to str
        For each field, why it has its column.
    questions : tuple of Question
        What has to be known first; empty where the reading is sure.
    own_numbers : frozenset of str
        The business's telephone numbers, E.164.
    fields : mapping of str to FieldSource
        What was found, also where there is no mapping.
    is_a_log : bool
        Whether anything but a time and a number speaks for calls.
    zone : str
        The zone that the header of the start names; empty where it names none.
    only : mapping of str to tuple of str
        Columns whose other values are no calls.
    """

    mapping: FileMapping | None
    reasons: Mapping[str, str]
    questions: tuple[Question, ...]
    own_numbers: frozenset[str]
    fields: Mapping[str, FieldSource]
    is_a_log: bool
    zone: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def infer_mapping(
    sample: pd.DataFrame,
    country: str,
    *,
    own_numbers: Collection[str] = (),
    given: Mapping[str, str] | None = None,
    name: str = "spreadsheet",
) -> Inference:
    """Work out from names and values which column is which.

    Parameters
    ----------
    sample : pandas.DataFrame
        The first rows, a ``str`` column each.
    country : str
        Two letters, for telephone numbers and the habits of notation.
    own_numbers : collection of str
        Numbers that are known to be the business's, E.164.
    given : mapping of str to str, optional
        Fields that are settled, and the columns they are taken from.
    name : str
        The name of the mapping to make.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "Begin": ["2026-08-03 10:00", "2026-08-03 11:00"],
    ...     "Who rang": ["(404) 555-0123", "(404) 555-0124"],
    ...     "Mins": ["2", "3"],
    ... }, dtype="str")
    >>> found = infer_mapping(rows, "US")
    >>> sorted(found.mapping.fields), found.questions
    (['caller_number', 'duration_s', 'started_at'], ())
    """
    given = dict(given or {})
    rows = sample.head(_SAMPLE_ROWS)
    kinds = {str(column): kind_of(str(column), rows[column], country) for column in rows}
    roles = Roles(kinds, given, used=set(given.values()))
    give_moments(roles, country)
    # what may be part of the start is nothing else
    asked = {str(choice) for question in roles.questions for choice in question.choices}
    roles.used |= {name for name in asked if _is_of_time(kinds[name])}
    give_outcomes(roles)
    own = give_sides(roles, country, own_numbers)
    give_lengths(roles, country)
    give_details(roles)
    join_zones(roles)
    zone = zone_of(roles)
    mapping = None
    if "started_at" in roles.fields or "started_at" in given:
        fields = roles.fields or {"started_at": FieldSource(column=given["started_at"])}
        mapping = FileMapping(name=name, timezone=zone, fields=fields, only=roles.only)
    return Inference(
        mapping,
        roles.reasons,
        tuple(roles.questions),
        own,
        roles.fields,
        _is_a_log(roles, kinds.values()),
        zone,
        roles.only,
    )


def _is_of_time(kind: Kind) -> bool:
    return max(kind.share(name) for name in ("moment", "day", "clock")) >= 0.5


def looks_like_a_log(columns: Sequence[str]) -> bool:
    """Tell from names alone whether a file without rows is a log of calls.

    Examples
    --------
    >>> looks_like_a_log(["Start time", "Caller"]), looks_like_a_log(["Colour", "Size"])
    (True, False)
    """

    def named(*fields: str) -> bool:
        return any(name_score(field, name) >= NAMED for field in fields for name in columns)

    spoken = any(speaks_of_calls(name) for name in columns)
    return named("started_at") and named("caller_number", "duration_s", "status") and spoken


def _is_a_log(roles: Roles, kinds: Collection[Kind]) -> bool:
    """Tell whether something beside a time and a number speaks for calls."""
    known = {*roles.fields, *roles.given, *(question.field for question in roles.questions)}
    numbered = bool({"caller_number", "from_number", "tracking_number"} & known)
    lengths = bool({"duration_s", "talk_s", "ring_s"} & known)
    worded = bool({"direction", "status", "answered", "missed", "connected_at"} & known)
    names = [kind.name for kind in kinds]
    if what_it_seems(names) and "direction" not in known and not any(map(names_a_call, names)):
        return False
    spoken = any(map(speaks_of_calls, names))
    return (numbered and (lengths or worded)) or (lengths and (worded or spoken))
