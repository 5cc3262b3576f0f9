"""Twilio's API: calls, then the recordings of the same days, following ``next_page_uri``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from calltrack_nb.errors import SyncError
from calltrack_nb.providers.clients.http import Http, Patience
from calltrack_nb.providers.clients.pages import Page, page_of

# What is listed, the parameter its days go by, and the member that holds the records.
_LISTS: Final = (("Calls", "StartTime", "calls"), ("Recordings", "DateCreated", "recordings"))


@dataclass(frozen=True, slots=True)
class TwilioClient:
    """Calls and recordings of one Twilio account.

    Parameters
    ----------
    account : str
        ``AC…``.
    token : str
        The auth token; never shown.
    base : str
    patience : Patience
    """

    account: str
    token: str = field(repr=False)
    base: str = "https://api.twilio.com"
    patience: Patience = field(default_factory=Patience)

    provider = "twilio"
    longest_days = 366
    retained_days = None

    def pages(self, first: dt.date, last: dt.date, cursor: str | None) -> Iterator[Page]:
        """Give the legs that started on the days from `first` to `last`, then recordings.

        A cursor is the address of a page; that of the first page of recordings has no
        page token and is made here.
        """
        http = Http(
            self.base,
            auth=(self.account, self.token),
            secrets=(self.token,),
            patience=self.patience,
        )
        place = cursor or self._start(0, first, last)
        while True:
            number = self._listed(place)
            page = page_of(http.get(place), _LISTS[number][2], "next_page_uri")
            if page.cursor is None and number + 1 < len(_LISTS):
                page = Page(page.records, self._start(number + 1, first, last))
            yield page
            if page.cursor is None:
                return
            place = page.cursor

    def _listed(self, place: str) -> int:
        """Return which of the lists a page is of."""
        for number, (name, _, _) in enumerate(_LISTS):
            if f"/Accounts/{self.account}/{name}.json" in place:
                return number
        raise SyncError(
            "The provider's next page belongs to another list than the one requested", where=place
        )

    def _start(self, number: int, first: dt.date, last: dt.date) -> str:
        name, by, _ = _LISTS[number]
        end = last + dt.timedelta(days=1)
        return (
            f"/2010-04-01/Accounts/{self.account}/{name}.json?PageSize=1000"
            f"&{by}%3E={first.isoformat()}&{by}%3C={end.isoformat()}"
        )
