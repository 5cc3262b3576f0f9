"""WhatConverts' API: ``GET /leads`` by numbered pages within ranges of 400 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from calltrack_nb.errors import SyncError
from calltrack_nb.providers.clients.http import Http, Patience
from calltrack_nb.providers.clients.pages import Page, page_of

_MOST_FIGURES: Final = 7


@dataclass(frozen=True, slots=True)
class WhatConvertsClient:
    """Leads of one WhatConverts profile or master account.

    Parameters
    ----------
    token, secret : str
        The key; never shown.
    base : str
    patience : Patience
    """

    token: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = "https://app.whatconverts.com/api/v1"
    patience: Patience = field(default_factory=Patience)

    provider = "whatconverts"
    longest_days = 400
    retained_days = None

    def pages(self, first: dt.date, last: dt.date, cursor: str | None) -> Iterator[Page]:
        """Give the leads created from `first` to `last`, oldest first."""
        auth = (self.token, self.secret)
        http = Http(self.base, auth=auth, secrets=auth, per_hour=1000, patience=self.patience)
        number = _number(cursor or "1")
        while True:
            params = {
                "start_date": f"{first.isoformat()}T00:00:00Z",
                "end_date": f"{last.isoformat()}T23:59:59Z",
                "leads_per_page": "250",
                "page_number": str(number),
                "order": "asc",
            }
            found = http.get("leads", params)
            number += 1
            page = page_of(found, "leads")
            more = number <= _number(found.get("total_pages") or 0)
            yield Page(page.records, str(number) if more else None)
            if not more:
                return


def _number(said: object) -> int:
    """Read the number of a page."""
    if isinstance(said, int | str) and str(said).isdecimal() and len(str(said)) < _MOST_FIGURES:
        return int(said)
    raise SyncError("The provider numbers its pages in an unknown way", where=str(said)[:40])
