"""What was spent on advertising, by day, week, month or the range of a report's title."""

from __future__ import annotations

from typing import Any

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.rows import Rows


def read_spend(rows: Rows, channel: str | None = None) -> dict[str, pd.DataFrame]:
    """Read the rows of a cost report into the table ``spend``.

    Parameters
    ----------
    rows : Rows
    channel : str, optional
        The channel of every row; the field ``channel`` where it is not given.
    """
    day, length = _days(rows)
    micros = rows.money("micros").map(lambda cost: cost / 1_000_000, na_action="ignore")
    return {
        "spend": rows.table(
            "spend",
            {
                "account": rows.account(),
                "date": day,
                "days": length,
                "channel": rows.constant(channel) if channel else rows.named_channel(),
                "campaign": rows.text("campaign"),
                "cost": rows.money("cost").fillna(micros.astype(schema.MONEY)),
                "currency": rows.currency("cost", "micros"),
                "impressions": rows.count("impressions"),
                "clicks": rows.count("clicks"),
            },
            needed={"date": "a cost without its date", "cost": "a row without a cost"},
        )
    }


def _days(rows: Rows) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the first day of each row and how many days its cost is for."""
    length = pd.Series(1, index=pd.RangeIndex(len(rows)), dtype="Int64")
    if not rows.has("date", "week", "month"):
        return _range_of_title(rows, length)
    day = rows.date("date", "week") if rows.has("date", "week") else rows.month("month")
    if rows.has("until"):
        days = pd.to_datetime(rows.date("until").astype("str"), errors="coerce")
        apart = (days - pd.to_datetime(day.astype("str"), errors="coerce")).dt.days + 1
        length = apart.where(apart >= 1).astype("Int64").fillna(1)
    if rows.has("week"):
        length = length.mask(rows.text("week").notna(), 7)
    if rows.has("month"):
        first = rows.month("month")
        stamps = pd.to_datetime(first.astype("str"), errors="coerce")
        length = length.mask(first.notna(), stamps.dt.days_in_month.astype("Int64"))
        day = day.fillna(first)
    return day.rename("date"), length


def _range_of_title(rows: Rows, length: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the range that stands above the header, for every row."""
    span = rows.context.title_range
    if span is None:
        nothing = pd.Series([None] * len(rows), dtype=schema.DATE, name="date")
        return nothing, length
    first, last = span
    day = pd.Series([first] * len(rows), dtype=schema.DATE, name="date")
    return day, length.mask(length.notna(), (last - first).days + 1)
