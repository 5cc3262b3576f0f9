"""CallRail's API v3: ``GET /a/{account}/calls.json`` by relative pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from calltrack_nb.providers.clients.http import Http, Patience
from calltrack_nb.providers.clients.pages import Page, page_of

_FIELDS: Final = (
    "company_name,company_time_zone,first_call,lead_status,source,source_name,medium,campaign,"
    "keywords,landing_page_url,gclid,fbclid,msclkid,tags,value,milestones,agent_email,person_id,note"
)


@dataclass(frozen=True, slots=True)
class CallRailClient:
    """Calls of one CallRail account.

    Pages are relative ones: with numbered pages a call that arrives between two
    requests pushes another onto a page that has been read. The limits are 1,000
    requests an hour and 25 months back; a range outside that is an error.

    Parameters
    ----------
    account : str
        ``ACC…`` or the account's number.
    key : str
        The API key; never shown.
    base : str
    patience : Patience
    """

    account: str
    key: str = field(repr=False)
    base: str = "https://api.callrail.com/v3"
    patience: Patience = field(default_factory=Patience)

    provider = "callrail"
    longest_days = 366
    retained_days = 25 * 30

    def pages(self, first: dt.date, last: dt.date, cursor: str | None) -> Iterator[Page]:
        """Give the calls that started from `first` to `last`, oldest first."""
        headers = {"Authorization": f'Token token="{self.key}"'}
        http = Http(
            self.base,
            headers=headers,
            secrets=(self.key,),
            per_hour=1000,
            patience=self.patience,
        )
        params = {
            "relative_pagination": "true",
            "per_page": "250",
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
            "sort": "start_time",
            "order": "asc",
            "fields": _FIELDS,
        }
        while True:
            if cursor is None:
                found = http.get(f"a/{self.account}/calls.json", params)
            else:
                found = http.get(cursor)
            page = page_of(found, "calls", "next_page", more="has_next_page")
            yield page
            cursor = page.cursor
            if cursor is None:
                return
