"""What every provider's API offers: pages of records between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from calltrack_nb.errors import SyncError


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of an API.

    Parameters
    ----------
    records : tuple of dict
        As the provider gives them.
    cursor : str or None
        Where the next page begins; None after the last one.
    """

    records: tuple[Mapping[str, Any], ...]
    cursor: str | None


def page_of(found: object, records: str, cursor: str = "", *, more: str | None = None) -> Page:
    """Read an answer whose members have the names that a provider gives them.

    Parameters
    ----------
    found : object
        The answer, from JSON.
    records : str
        The member that holds the records.
    cursor : str
        The member with the address of the next page; empty where pages are numbered.
    more : str, optional
        The member that says whether there is a next page.

    Raises
    ------
    SyncError
        When it is of another shape.
    """
    if not isinstance(found, Mapping):
        raise _odd(f"it is not an object but {_kind(found)}")
    listed = found.get(records)
    if listed is None and records not in found:
        raise _odd(f"it has no member {records}")
    listed = [] if listed is None else listed
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise _odd(f"its {records} are not a list of objects")
    following = found.get(cursor) if more is None or found.get(more) else None
    if more is not None and found.get(more) and not following:
        raise _odd(f"it says that there is more, but has no {cursor}")
    if not isinstance(following, str | None):
        raise _odd(f"its {cursor} is not a text but {_kind(following)}")
    return Page(tuple(listed), following or None)


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _odd(why: str) -> SyncError:
    return SyncError(
        "The provider's answer is not a page of records",
        where=why,
        fix="Try again later; what was fetched is saved",
    )


class PagedCalls(Protocol):
    """A provider's API, as the synchronisation asks it."""

    @property
    def provider(self) -> str:
        """The provider's name, as in the table of calls."""
        ...

    @property
    def longest_days(self) -> int:
        """How many days one range may span."""
        ...

    @property
    def retained_days(self) -> int | None:
        """How many days back the provider answers for, where it has a limit."""
        ...

    def pages(self, first: dt.date, last: dt.date, cursor: str | None) -> Iterator[Page]:
        """Give the pages of the days from `first` to `last`, from a cursor on."""
        ...
