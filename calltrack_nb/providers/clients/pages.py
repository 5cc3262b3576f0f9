"""What every provider's API offers: pages of records between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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
