"""CallTrackingMetrics' API: ``GET /accounts/{id}/calls``, following ``next_page``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from calltrack_nb.providers.clients.http import Http, Patience
from calltrack_nb.providers.clients.pages import Page, page_of


@dataclass(frozen=True, slots=True)
class CallTrackingMetricsClient:
    """Calls of one CallTrackingMetrics account.

    The API reads dates in the account's own zone, somewhere in the United States, so
    one day more is asked for on either side and what is known already is passed over.

    Parameters
    ----------
    account : str
        The account's number.
    access, secret : str
        The key; never shown.
    base : str
    patience : Patience
    """

    account: str
    access: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = "https://api.calltrackingmetrics.com/api/v1"
    patience: Patience = field(default_factory=Patience)

    provider = "calltrackingmetrics"
    longest_days = 366
    retained_days = None

    def pages(self, first: dt.date, last: dt.date, cursor: str | None) -> Iterator[Page]:
        """Give the calls of the days from the one before `first` to the one after `last`."""
        auth = (self.access, self.secret)
        http = Http(self.base, auth=auth, secrets=auth, patience=self.patience)
        day = dt.timedelta(days=1)
        params = {
            "start_date": (first - day).isoformat(),
            "end_date": (last + day).isoformat(),
            "per_page": "150",
        }
        while True:
            if cursor is None:
                found = http.get(f"accounts/{self.account}/calls", params)
            else:
                found = http.get(cursor)
            page = page_of(found, "calls", "next_page")
            yield page
            cursor = page.cursor
            if cursor is None:
                return
