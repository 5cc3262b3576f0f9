"""What programs wrap records in: API answers, webhooks, pipelines' messages.

A wrapping is told from a record by its names: those of a record are names of columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from calltrack_nb.providers.files.sheets import header_hits

# Members of an answer that hold its records, where no names of columns tell.
_LISTS: Final = (
    "calls", "leads", "accounts", "results", "data", "records", "recordings", "items", "rows",
    "value",
)  # fmt: skip
# Members of an event or a message that hold one record.
_WRAPPERS: Final = frozenset(
    {"object", "call", "lead", "event", "payload", "body", "data", "record", "json", "message"}
    | {"result", "response", "resource", "fields", "attributes", "_airbyte_data"}
)
_NAMED: Final = _WRAPPERS.union(_LISTS)
# Inner objects whose members are columns of their own.
_INNER: Final = frozenset(
    {"callView", "call_view", "campaign", "adGroup", "ad_group", "customer", "metrics", "segments"}
    | {"paid", "ga", "agent", "sale", "properties"}
    | {"localServicesLead", "local_services_lead", "contactDetails", "contact_details"}
    | {"creditDetails", "credit_details", "phoneLead", "messageLead", "bookingLead"}
)
_DEEPEST: Final = 4
_SAMPLE: Final = 20
# What Singer and Airbyte send besides records.
_MESSAGES: Final = frozenset(
    {"SCHEMA", "STATE", "LOG", "SPEC", "TRACE", "CONTROL", "CATALOG", "CONNECTION_STATUS"}
    | {"ACTIVATE_VERSION"}
)


def records_of(found: object, known: Collection[str] = frozenset()) -> list[Any]:
    """Return the records of an answer, a list, or one object, without their wrapping.

    Parameters
    ----------
    found : object
        What the JSON says.
    known : collection of str
        Plain names of columns that some system uses.

    Examples
    --------
    >>> records_of({"page": 1, "calls": [{"id": 1}, {"id": 2}]})
    [{'id': 1}, {'id': 2}]
    >>> records_of([{"json": {"start_time": "", "duration": 1}}], {"starttime", "duration"})
    [{'start_time': '', 'duration': 1}]
    """
    if isinstance(found, list):
        items = [item for item in found if not _is_message(item)]
        return [record for item in items for record in _unwrapped(item, known, single=False)]
    return _unwrapped(found, known)


def columns_of(record: Mapping[str, object], within: str = "") -> Iterator[tuple[str, object]]:
    """Yield an object's columns: their names and what stands in them.

    Examples
    --------
    >>> list(columns_of({"id": 1, "phoneLead": {"consumerPhoneNumber": "+1212"}, "legs": {}}))
    [('id', 1), ('phoneLead.consumerPhoneNumber', '+1212'), ('legs', {})]
    """
    for name, value in record.items():
        if name in _INNER and isinstance(value, dict):
            yield from columns_of(value, f"{within}{name}.")
        else:
            yield within + name, value


def _unwrapped(
    item: object, known: Collection[str], *, single: bool = True, depth: int = 0
) -> list[Any]:
    """Return the records in an object: itself, or those of the member that holds them.

    `single` is False for one object of many, in each of which a list is a part of the
    record, such as the legs of a call, unless the object is a page of an answer.
    """
    if not isinstance(item, dict) or depth == _DEEPEST:
        return [item]
    hits = _hits(item, known)
    listing = single or len(item) == 1 or any("page" in name.lower() for name in item)
    inner: dict[str, list[Any]] = {}
    for name, value in item.items():
        if hits > 1 and name not in _NAMED:
            continue  # a record has names of columns itself, whatever its parts have
        if isinstance(value, dict):
            inner[name] = _unwrapped(value, known, single=single, depth=depth + 1)
        elif listing and _is_list_of_objects(value):
            inner[name] = records_of(value, known)
    best = max(inner, key=lambda name: _sample_hits(inner[name], known), default="")
    if inner and _sample_hits(inner[best], known) > max(hits, 1):
        return inner[best]
    # Where no names of columns tell, the name that answers have for their records does.
    named = next((name for name in _LISTS if _is_list_of_objects(item.get(name))), "")
    return records_of(item[named], known) if named and listing and hits < 2 else [item]


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value[:_SAMPLE])


def _hits(record: object, known: Collection[str]) -> int:
    if not isinstance(record, dict):
        return 0
    return _named_hits(tuple(name for name, _ in columns_of(record)), frozenset(known))


@lru_cache(maxsize=1024)
def _named_hits(names: tuple[str, ...], known: frozenset[str]) -> int:
    """Count known names; most records of a file have the same."""
    return header_hits(names, known)


def _sample_hits(records: Sequence[object], known: Collection[str]) -> int:
    return max((_hits(record, known) for record in records[:_SAMPLE]), default=0)


def _is_message(item: object) -> bool:
    """Tell a pipeline's message without a record."""
    return isinstance(item, dict) and str(item.get("type")) in _MESSAGES
