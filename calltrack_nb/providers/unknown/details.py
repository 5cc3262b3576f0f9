"""Which columns of an unknown file hold the rest: names, campaigns, recordings, ids, zones."""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.unknown.roles import SURE_NAME, Roles, best_named
from calltrack_nb.providers.values.header_zones import zone_of_columns

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
    "last_page",
    "label",
    "gclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "fbclid",
    "tags",
    "recording",
    "transcript",
    "caller_city",
    "caller_region",
    "currency",
    "caller_country",
)
_FEW_WORDS: Final = 12


def give_details(roles: Roles) -> None:
    """Give the columns that are told by their names, where their values do not object."""
    for name in _TEXTS:
        if not roles.wants(name):
            continue
        free = [kind for kind in roles.free() if kind.distinct and _may_be(name, kind)]
        best, _ = best_named(free, name, SURE_NAME)
        if best is None and name == "recording":
            best = next((kind for kind in free if kind.share("audio") >= 0.8), None)
        if best is not None:
            roles.give(name, [best.name], "its name")
    for name, wanted in (
        ("value", "number"),
        ("timezone", "zone"),
        ("destination_number", "phone"),
    ):
        free = [kind for kind in roles.free() if kind.share(wanted) >= 0.8]
        best, _ = best_named(free, name, SURE_NAME)
        if name == "timezone" and zone_of(roles):
            continue  # the times are in the zone that their own header names
        if best is not None and roles.wants(name):
            roles.give(name, [best.name], "its name and its values")
    _give_id(roles)
    few = [kind for kind in roles.free() if kind.distinct <= _FEW_WORDS]
    worded = [kind for kind in few if kind.share("number") < 0.5]
    best, _ = best_named(worded, "lead_status", 1.0)
    if best is not None and roles.wants("lead_status"):
        roles.give("lead_status", [best.name], "its name")


def _give_id(roles: Roles) -> None:
    """Give the call's id; where rows are legs, the one that they share."""
    if not roles.wants("call_id"):
        return
    legs = _call_of_legs(roles)
    ids = [kind for kind in roles.free() if kind.filled >= 0.95 and _is_id(kind)]
    best, _ = best_named(ids, "call_id", 1.0)
    if legs is not None:
        roles.give("call_id", [legs.name], "rows that share it start together: legs of one call")
    elif best is not None:
        roles.give("call_id", [best.name], "its name; nearly every row has another")


def join_zones(roles: Roles) -> None:
    """Read each time in the zone whose abbreviation stands in a column beside it."""
    shortened = [kind for kind in roles.free() if kind.share("abbreviation") >= 0.95]
    best, _ = best_named(shortened, "timezone", SURE_NAME)
    start = roles.fields.get("started_at")
    if best is not None and start is not None:
        reason = f"{roles.reasons['started_at']}, in the zone of {best.name}"
        roles.give("started_at", [*map(str, start.columns), best.name], reason)


def _call_of_legs(roles: Roles) -> Kind | None:
    """Return the column whose value several rows share only where they are one call.

    Such rows start together and have one caller, and another column numbers each of them.
    """
    start, theirs = roles.fields.get("started_at"), None
    for name in ("caller_number", "from_number"):
        theirs = roles.fields.get(name, theirs)
    if start is None or theirs is None:
        return None
    moments = roles.kinds[str(start.columns[0])].texts
    callers = roles.kinds[str(theirs.columns[0])].texts
    for kind in roles.free():
        ids = kind.texts
        if kind.filled < 0.95 or not 0.3 * len(ids) <= kind.distinct < len(ids):
            continue
        rows = pd.DataFrame({"at": moments, "who": callers.fillna("")}).groupby(ids.to_numpy())
        shared = rows.size() > 1
        if shared.sum() >= 2 and (rows.nunique()[shared] == 1).all(axis=None):
            return kind
    return None


def _may_be(field: str, kind: Kind) -> bool:
    if field in ("gclid", "wbraid", "gbraid", "msclkid", "fbclid", "keyword", "campaign", "tags"):
        # "Tag" is a day in German and Dutch
        return max(kind.share(name) for name in ("moment", "day", "clock")) < 0.5
    if field in ("recording", "landing_page", "last_page"):
        return kind.share("number") < 0.5 and kind.share("moment") < 0.5
    barred = ["phone", "moment", "url", "flag", "audio"]
    if field != "agent":
        barred += ["number", "email"]
    return max(kind.share(name) for name in barred) < 0.5


def _is_id(kind: Kind) -> bool:
    filled = kind.texts.dropna()
    spaced = filled.str.contains(r"\s", regex=True).mean() if len(filled) else 1.0
    return bool(spaced < 0.1 and kind.distinct >= 0.3 * len(filled) and kind.share("moment") < 0.5)


def zone_of(roles: Roles) -> str:
    """Return the zone that the names of the start's columns give."""
    source = roles.fields.get("started_at")
    return zone_of_columns(source.columns if source else ())
