"""The files a user writes: numbers, spend, tweaks, outcomes, regimes and visits.

Their headers are the names of the tables' columns; ``docs/providers.md`` lists them.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.ids import hashed_ids
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.systems.crm import read_outcomes
from calltrack_nb.providers.values.numbers import to_count
from calltrack_nb.providers.values.phones import number_kind

PROVIDER: Final = "workspace"


def _read_numbers(rows: Rows) -> dict[str, pd.DataFrame]:
    number = rows.phone("tracking_number")
    said = rows.text("kind").str.lower().str.replace(r"[\s-]+", "_", regex=True)
    kind = said.where(said.isin(("local", "toll_free"))).fillna(number_kind(number))
    return {
        "numbers": rows.table(
            "numbers",
            {
                "account": rows.account(),
                "tracking_number": number,
                "kind": kind,
                "label": rows.text("label"),
                "channel": rows.named_channel(),
                "campaign": rows.text("campaign"),
                "destination_number": rows.phone("destination_number"),
                "active_from": rows.date("active_from"),
                "active_to": rows.date("active_to"),
                "pool": rows.text("pool"),
            },
            needed={"tracking_number": "a line without a tracking number"},
        )
    }


def _read_spend(rows: Rows) -> dict[str, pd.DataFrame]:
    days = to_count(rows.text("days"))
    rows.lose(days.unreadable, "days", "not a number of days")
    return {
        "spend": rows.table(
            "spend",
            {
                "account": rows.account(),
                "date": rows.date("date"),
                "days": days.series.fillna(1),
                "channel": rows.named_channel(),
                "campaign": rows.text("campaign"),
                "cost": rows.money("cost"),
                "currency": rows.currency("cost"),
                "impressions": rows.count("impressions"),
                "clicks": rows.count("clicks"),
                "lead_id": rows.text("lead_id"),
            },
            needed={"date": "a cost without its date", "cost": "a line without a cost"},
        )
    }


def _read_tweaks(rows: Rows) -> dict[str, pd.DataFrame]:
    date, campaign, changed = rows.date("date"), rows.text("campaign"), rows.text("changed")
    made = hashed_ids("tweak", [date, campaign, changed])
    return {
        "tweaks": rows.table(
            "tweaks",
            {
                "account": rows.account(),
                "tweak_id": rows.text("tweak_id").fillna(made),
                "date": date,
                "campaign": campaign,
                "channel": rows.named_channel(),
                "changed": changed,
                "expected_effect": rows.number("expected_effect"),
                "controls": rows.text("controls"),
            },
            needed={"date": "a tweak without its date", "changed": "what was changed is not said"},
        )
    }


def _read_definition_changes(rows: Rows) -> dict[str, pd.DataFrame]:
    data = {
        "account": rows.account(),
        "date": rows.date("date"),
        "redefined": rows.text("redefined"),
        "platform": rows.text("platform").str.lower().str.replace(r"[\s-]+", "_", regex=True),
        "moves": rows.text("moves"),
        "source": rows.text("source"),
    }
    needed = {"date": "a change without its date", "redefined": "what was redefined is not said"}
    return {"regimes": rows.table("regimes", data, needed=needed)}


def _read_visits(rows: Rows) -> dict[str, pd.DataFrame]:
    data = {
        "account": rows.account(),
        "hour": rows.time("hour").dt.floor("h"),
        "channel": rows.named_channel(),
        "visitors": rows.count("visitors"),
    }
    needed = {"hour": "a line without its hour", "visitors": "a line without a number of visitors"}
    return {"visits": rows.table("visits", data, needed=needed)}


def _own(kind: str, needed: tuple[str, ...], read: Any, **aliases: tuple[str, ...]) -> ExportLayout:
    names = [name for name in schema.columns(kind) if name not in ("import_id", "row")]
    fields = {name: (name, *aliases.pop(name, ())) for name in names} | aliases
    return ExportLayout(
        provider=PROVIDER,
        kind=kind,
        fields=fields,
        needed=tuple((name,) for name in needed),
        read=read,
        known=("note", "notes", "comment"),
    )


OWN_FILES: Final = (
    _own(
        "numbers",
        ("tracking_number",),
        _read_numbers,
        tracking_number=("number",),
        label=("name",),
        destination_number=("destination", "forwards to"),
    ),
    _own("spend", ("date", "cost"), _read_spend, date=("day", "week"), cost=("spend",)),
    _own("tweaks", ("date", "changed"), _read_tweaks, changed=("what changed", "change")),
    _own(
        "outcomes",
        ("closed_at",),
        read_outcomes,
        caller_number=("phone", "phone number"),
        gclid=("gclid",),
        closed_at=("closed on", "close date"),
        stage=("status", "deal stage"),
        value=("amount", "revenue"),
    ),
    _own(
        "regimes",
        ("date", "redefined"),
        _read_definition_changes,
        redefined=("what was redefined",),
    ),
    _own("visits", ("hour", "visitors"), _read_visits),
)


def own_headers() -> str:
    """Name the headers that each of these files needs.

    Examples
    --------
    >>> own_headers().split("; ")[2]
    'tweaks.csv: date, changed'
    """
    needed = {
        layout.kind: ["closed_at", "stage", "value", "caller_number"]
        if layout.kind == "outcomes"
        else [one for group in layout.needed for one in group]
        for layout in OWN_FILES
    }
    return "; ".join(f"{kind}.csv: {', '.join(names)}" for kind, names in needed.items())
