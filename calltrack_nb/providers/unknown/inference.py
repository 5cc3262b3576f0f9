"""An unknown system's log: which column is which, with reasons, or what has to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.unknown.header_names import (
    header_zone,
    name_score,
    names_a_call,
    speaks_of_calls,
)
from calltrack_nb.providers.unknown.kinds import Kind, kind_of, what_it_seems
from calltrack_nb.providers.unknown.lengths import give_lengths
from calltrack_nb.providers.unknown.moments import give_moments
from calltrack_nb.providers.unknown.roles import NAMED, Question, Roles, best_named
from calltrack_nb.providers.unknown.sides import give_sides
from calltrack_nb.providers.values.words import STATUSES, read_words
from calltrack_nb.settings import FieldSource, FileMapping

_SAMPLE_ROWS: Final = 1_000
_SURE_NAME: Final = 0.75
_MOST_WORDS: Final = 0.6  # a log of calls holds internal ones too
_TEXTS: Final = (
    "agent",
    "caller_name",
    "company",
    "source",
    "medium",
    "campaign",
    "ad_group",
    "keyword",
    "landing_page",
    "label",
    "gclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "fbclid",
    "tags",
    "recording",
    "caller_city",
    "caller_region",
    "caller_country",
)
_CONTRARY: Final = 0.02
_MIXED: Final = 0.8
_SOME_WORDS: Final = 0.3
_CALLS: Final = frozenset({"call", "calls", "voice", "phone call", "phone", "voice call"})
_MESSAGES: Final = frozenset({"message", "sms", "text", "text message", "mms", "fax", "chat"})
_LEGS: Final = ("outbound-dial",)
_FLAGS: Final = ("answered", "missed", "voicemail", "first_call", "spam")


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
    """

    mapping: FileMapping | None
    reasons: Mapping[str, str]
    questions: tuple[Question, ...]
    own_numbers: frozenset[str]
    fields: Mapping[str, FieldSource]
    is_a_log: bool


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
    _give_words(roles)
    own = give_sides(roles, country, own_numbers)
    give_lengths(roles, country)
    _give_texts(roles)
    zone = _zone(roles)
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
    )


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


def _give_words(roles: Roles) -> None:
    """Find the columns whose cells are words of direction and status."""
    for kind in roles.free():
        if kind.texts.str.lower().isin(_LEGS).any():
            text = f"Rows with {kind.name} = outbound-dial are legs of other calls, not calls."
            roles.ask("direction", f"{text} Which column names the call they belong to?")
    _leave_messages_out(roles)
    if roles.wants("direction"):
        spoken = [kind for kind in roles.free() if kind.share("direction") >= _MOST_WORDS]
        spoken = [kind for kind in spoken if kind.share("status") < 0.5 and kind.distinct <= 12]
        if spoken:
            spoken.sort(key=lambda kind: -name_score("direction", kind.name))
            reason = f"{spoken[0].share('direction'):.0%} of its cells are words of direction"
            roles.give("direction", [spoken[0].name], reason)
        else:
            _give_mixed_direction(roles)
    if roles.wants("status"):
        _give_status(roles)
    for field in _FLAGS:
        yes_or_no = [kind for kind in roles.free() if kind.share("flag") >= 0.95]
        best, rivals = best_named(yes_or_no, field, _SURE_NAME)
        if roles.wants(field) and best is not None and not rivals:
            roles.give(field, [best.name], "its name; its cells are yes or no")


def _give_mixed_direction(roles: Roles) -> None:
    """Read a column that tells direction and result at once, or ask what its words mean."""
    worded = [kind for kind in roles.free() if 0 < kind.distinct <= 12]
    for kind in worded:
        both = kind.share("direction") + kind.share("status")
        if kind.share("direction") > 0 and both >= _MIXED and kind.share("flag") < 0.5:
            reason = "its cells are words of direction and of status"
            roles.give("direction", [kind.name], reason)
            if roles.wants("status"):
                roles.give("status", [kind.name], reason)
            return
    named, _ = best_named(worded, "direction", _SURE_NAME)
    inside = named is not None and named.share("status") < 0.5 and named.share("flag") < 0.5
    if named is not None and inside:
        said = [str(text) for text in named.texts.dropna().unique()]
        text = f"Which words of {named.name} mean inbound, and which outbound?"
        roles.ask("direction", text, said, column=named.name)
        roles.used.add(named.name)


def _leave_messages_out(roles: Roles) -> None:
    """Read only the rows that are calls where a column says which are messages."""
    for kind in roles.free():
        said = {text.strip().lower() for text in kind.texts.dropna().unique()}
        calls = sorted(said & _CALLS)
        if calls and said & _MESSAGES and len(said) <= 12:
            roles.only[kind.name] = tuple(calls)
            roles.used.add(kind.name)
            return


def _give_status(roles: Roles) -> None:
    spoken = [
        kind
        for kind in roles.free()
        if kind.share("status") >= 0.8
        and kind.share("flag") < 0.9
        and kind.share("moment") < 0.1
        and kind.share("number") < 0.5
    ]
    named, _ = best_named(spoken, "status", NAMED)
    if named is None and len(spoken) == 1:
        named = spoken[0]
    if named is None and len(spoken) > 1:
        named = _fullest_of_agreeing(spoken)
    if named is None and len(spoken) > 1:
        text = "Which column says whether the call was answered?"
        roles.ask("status", text, [kind.name for kind in spoken])
        return
    if named is None:
        worded = [k for k in roles.free() if k.share("number") < 0.5 and 0 < k.distinct <= 30]
        named, _ = best_named(worded, "status", 1.0)
        if named is None or named.share("status") < _SOME_WORDS:
            return
    reason = f"{named.share('status'):.0%} of its cells are words of status"
    roles.give("status", [named.name], reason)


def _fullest_of_agreeing(spoken: Sequence[Kind]) -> Kind | None:
    """Return the column with the most words of status where no other contradicts it."""
    read = {kind.name: _answered(kind) for kind in spoken}
    best = max(spoken, key=lambda kind: read[kind.name].notna().sum())
    for said in read.values():
        both = said.notna() & read[best.name].notna()
        if (said[both] != read[best.name][both]).mean() > _CONTRARY:
            return None
    return best


def _answered(kind: Kind) -> pd.Series[Any]:
    said = read_words(kind.texts, STATUSES, schema.STATUSES).series
    return (said == "answered").astype("boolean").mask(said.isna())


def _give_texts(roles: Roles) -> None:
    """Give the columns that are told by their names, where their values do not object."""
    for field in _TEXTS:
        if not roles.wants(field):
            continue
        free = [kind for kind in roles.free() if kind.distinct and _may_be(field, kind)]
        best, _ = best_named(free, field, _SURE_NAME)
        if best is None and field == "recording":
            best = next((kind for kind in free if kind.share("audio") >= 0.8), None)
        if best is not None:
            roles.give(field, [best.name], "its name")
    for field, wanted in (("value", "number"), ("timezone", "zone")):
        free = [kind for kind in roles.free() if kind.share(wanted) >= 0.8]
        best, _ = best_named(free, field, _SURE_NAME)
        if best is not None and roles.wants(field):
            roles.give(field, [best.name], "its name and its values")
    ids = [kind for kind in roles.free() if kind.filled >= 0.95 and _is_id(kind)]
    best, _ = best_named(ids, "call_id", 1.0)
    if best is not None and roles.wants("call_id"):
        roles.give("call_id", [best.name], "its name; nearly every row has another")
    worded = [kind for kind in roles.free() if kind.distinct <= 12 and kind.share("number") < 0.5]
    best, _ = best_named(worded, "lead_status", 1.0)
    if best is not None and roles.wants("lead_status"):
        roles.give("lead_status", [best.name], "its name")


def _may_be(field: str, kind: Kind) -> bool:
    if field in ("gclid", "wbraid", "gbraid", "msclkid", "fbclid", "keyword", "campaign", "tags"):
        return kind.share("moment") < 0.5
    if field in ("recording", "landing_page"):
        return kind.share("number") < 0.5 and kind.share("moment") < 0.5
    barred = ["phone", "moment", "url", "flag", "audio"]
    if field != "agent":
        barred += ["number", "email"]
    return max(kind.share(name) for name in barred) < 0.5


def _is_id(kind: Kind) -> bool:
    filled = kind.texts.dropna()
    spaced = filled.str.contains(r"\s", regex=True).mean() if len(filled) else 1.0
    return bool(spaced < 0.1 and kind.distinct >= 0.3 * len(filled) and kind.share("moment") < 0.5)


def _zone(roles: Roles) -> str:
    """Return the zone that the names of the start's columns give."""
    source = roles.fields.get("started_at")
    columns: Sequence[object] = source.columns if source else ()
    return next(filter(None, (header_zone(str(column)) for column in columns)), "") or ""


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
