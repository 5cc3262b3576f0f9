"""Any other spreadsheet of calls, through the column map of ``calltrack.toml``.

::

    [sources.spreadsheet]
    started_at = "When"
    caller_number = "From"

The columns of the table ``calls`` are known by their own names without a map.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calltrack_nb import tables
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.layouts import Layout
from calltrack_nb.providers.rows import CLICK_IDS, Rows
from calltrack_nb.providers.values.words import DIRECTIONS, LEADS, STATUSES, split_tags
from calltrack_nb.settings import Settings

_PROVIDER: Final = "spreadsheet"
_TEXTS: Final = (
    "caller_name",
    "caller_city",
    "caller_region",
    "caller_country",
    "source",
    "medium",
    "campaign",
    "ad_group",
    "keyword",
    "landing_page",
    "agent",
    "recording",
)


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    zone = rows.text("timezone") if rows.has("timezone") else None
    started = rows.time("started_at", zone=zone)
    caller, tracking = rows.phone("caller_number"), rows.phone("tracking_number")
    duration = rows.seconds("duration_s")
    given = rows.text("call_id").str.removeprefix(f"{_PROVIDER}:")
    said = rows.text("channel").str.lower()
    own = said.where(said.isin(tables.CHANNELS)).astype(pd.CategoricalDtype(list(tables.CHANNELS)))
    return {
        "calls": rows.table(
            "calls",
            {
                "account": rows.account(),
                "provider": rows.constant(_PROVIDER),
                "call_id": call_ids(_PROVIDER, given, started, [tracking, caller, duration]),
                "started_at": started,
                "duration_s": duration,
                "ring_s": rows.seconds("ring_s"),
                "talk_s": rows.seconds("talk_s"),
                "direction": rows.word("direction", DIRECTIONS, tables.DIRECTIONS).fillna(
                    "inbound"
                ),
                "status": rows.word("status", STATUSES, tables.STATUSES),
                "caller_number": caller,
                "tracking_number": tracking,
                "destination_number": rows.phone("destination_number"),
                **{name: rows.text(name) for name in _TEXTS},
                "channel": own.fillna(rows.channel()),
                "click_id": rows.click_id(),
                "first_call": rows.flag("first_call").mask(caller.isna()),
                "lead_status": rows.word("lead_status", LEADS, tables.LEAD_STATUSES).fillna(
                    "unknown"
                ),
                "purpose": rows.word("purpose", {p: p for p in tables.PURPOSES}, tables.PURPOSES),
                "value": rows.money("value"),
                "currency": rows.currency("value"),
                "spam_score": rows.count("spam_score"),
                "tags": split_tags(rows.text("tags")),
            },
            needed={"started_at": "a call without a time it started"},
        )
    }


def spreadsheet(settings: Settings) -> Layout:
    """Return the layout that the settings' column map describes."""
    names = (*tables.columns("calls"), "timezone", "label", *CLICK_IDS)
    chosen = settings.sources.spreadsheet
    fields = {
        name: (chosen[name], name) if name in chosen else (name,)
        for name in names
        if name not in ("provider", "caller_key", "import_id", "row")
    }
    return Layout(
        provider=_PROVIDER,
        kind="calls",
        fields=fields,
        needed=(("started_at",),),
        read=_read,
        telling=("started_at", *chosen.values()),
        known=("provider",),
    )
