"""Rows of any log of calls into the table ``calls``, by the fields of a mapping.

See :data:`calltrack_nb.providers.fields.CALL_FIELDS` for the fields. What a log does not
say outright is worked out where that is certain: who the customer is from the direction,
the duration from the times, and whether somebody answered from the time of connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.calls import missed_statuses
from calltrack_nb.providers.ids import call_ids
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values.phone_digits import EXTENSION
from calltrack_nb.providers.values.vocabulary import INTERNAL
from calltrack_nb.providers.values.words import (
    DIRECTIONS,
    LEADS,
    STATUSES,
    purpose_of,
    read_words,
    split_tags,
)

_ENOUGH: Final = 8
# who cancels a call made it
_CANCELLED: Final = r"(?i)cancel|annul|abgebroch|storn|avbr"
_TEXTS: Final = (
    "caller_city",
    "caller_region",
    "caller_country",
    "recording",
    "transcript",
)


def read_calls(rows: Rows) -> dict[str, pd.DataFrame]:
    """Read the rows of a mapped file into the table ``calls``."""
    provider = rows.context.provider
    zone = rows.text("timezone") if rows.has("timezone") else None
    started = rows.time("started_at", zone=zone)
    spans = _spans(rows, started, zone)
    status = _status(rows, spans)
    direction = _direction(rows, status)
    sides = _sides(rows, direction)
    given = rows.text("call_id").str.removeprefix(f"{provider}:")
    tags = rows.text("tags")
    return {
        "calls": rows.table(
            "calls",
            {
                "account": rows.account(),
                "provider": rows.constant(provider),
                "call_id": call_ids(
                    provider, given, started, [sides.tracking, sides.caller, spans.duration]
                ),
                "started_at": started,
                "duration_s": spans.duration,
                "ring_s": spans.ring,
                "talk_s": spans.talk,
                "direction": direction,
                "status": status,
                "caller_number": sides.caller,
                "tracking_number": sides.tracking,
                "destination_number": rows.phone("destination_number", ours=True),
                "caller_name": rows.person("caller_name"),
                **{name: rows.text(name) for name in _TEXTS},
                **rows.attribution(),
                "agent": rows.text("agent").fillna(sides.extension),
                "channel": _channel(rows),
                "click_id": rows.click_id(),
                "first_call": rows.flag("first_call").mask(sides.caller.isna()),
                "lead_status": rows.word("lead_status", LEADS, schema.LEAD_STATUSES).fillna(
                    "unknown"
                ),
                "purpose": _purpose(rows),
                "value": rows.money("value"),
                "currency": rows.currency("value"),
                "spam_score": rows.count("spam_score").fillna(rows.spam_mark()),
                "tags": split_tags(tags),
            },
            needed={"started_at": "a call without a time it started"},
        )
    }


def _direction(rows: Rows, status: pd.Series[Any]) -> pd.Series[Any]:
    """Read the direction; without one, the business's own numbers tell who called.

    A call that was missed or left a message came in. A row whose direction is written in
    words that are not understood is left out: a guess would change who the customer is.
    """
    read = read_words(rows.text("direction"), DIRECTIONS, schema.DIRECTIONS)
    said = read.series
    if INTERNAL in read.problems:
        rows.lose(read.problems[INTERNAL], "direction", INTERNAL)
    if rows.has("from_number") and rows.has("to_number"):
        own = rows.context.own_numbers
        sender, receiver = rows.read_phone("from_number"), rows.read_phone("to_number")
        inside = sender.problems.get(EXTENSION, np.zeros(len(rows), dtype=bool))
        within = inside & receiver.problems.get(EXTENSION, np.zeros(len(rows), dtype=bool))
        rows.lose(within, "to_number", "a call between two extensions, not with a customer")
        ours = sender.series.isin(own).to_numpy() | inside
        theirs = (receiver.series.notna() & ~receiver.series.isin(own)).to_numpy()
        said = said.mask(said.isna().to_numpy() & ours & theirs, "outbound")
    # "Missed" beside "Incoming" and "Outgoing" is a call that came in
    became = read_words(rows.text("direction"), STATUSES, schema.STATUSES).series
    came_in = status.isin(missed_statuses()) | (
        became.notna() & ~rows.text("direction").str.contains(_CANCELLED, regex=True, na=False)
    )
    unclear = said.isna() & rows.text("direction").notna() & ~came_in
    rows.lose(unclear.to_numpy(), "direction", "its direction is not understood")
    return said.fillna("inbound")


@dataclass(frozen=True, slots=True)
class _Sides:
    """The customer's number, the business's, and its extension where that is no number."""

    caller: pd.Series[Any]
    tracking: pd.Series[Any]
    extension: pd.Series[Any]


def _sides(rows: Rows, direction: pd.Series[Any]) -> _Sides:
    caller, tracking = rows.phone("caller_number"), rows.phone("tracking_number", ours=True)
    extension = rows.constant(None)
    if not rows.has("from_number", "to_number"):
        return _Sides(caller, tracking, extension)
    out = (direction == "outbound").to_numpy(dtype=bool)
    sender, receiver = rows.read_phone("from_number"), rows.read_phone("to_number")
    theirs = sender.series.where(~out, receiver.series)
    ours = receiver.series.where(~out, sender.series)
    for read, field, mine in ((sender, "from_number", ~out), (receiver, "to_number", out)):
        for reason, mask in read.problems.items():
            rows.note(mask & mine, field, reason)
        for reason, mask in read.remarks.items():
            rows.note(mask & mine, field, reason, kept=" (the row is kept)")
    inside = rows.text("to_number").where(~out, rows.text("from_number"))
    inside = inside.where(ours.isna().to_numpy(dtype=bool))
    return _Sides(caller.fillna(theirs), tracking.fillna(ours), inside)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Durations in seconds, and where somebody picked up (missing where nothing tells)."""

    duration: pd.Series[Any]
    ring: pd.Series[Any]
    talk: pd.Series[Any]
    connected: pd.Series[Any]


def _spans(rows: Rows, started: pd.Series[Any], zone: pd.Series[Any] | None) -> _Spans:
    """Read the durations, and work out from the times those that no column gives."""
    duration, ring, talk = (rows.seconds(name) for name in ("duration_s", "ring_s", "talk_s"))
    connected = pd.Series(pd.NA, index=started.index, dtype="boolean")
    if rows.has("connected_at"):
        picked_up = rows.time("connected_at", zone=zone)
        connected = picked_up.notna().astype("boolean")
        ring = ring.fillna(_between(started, picked_up))
    if rows.has("ended_at"):
        ended = rows.time("ended_at", zone=zone)
        if rows.has("connected_at"):
            talk = talk.fillna(_between(picked_up, ended))
        duration = duration.fillna(talk).fillna(_between(started, ended))
    if not rows.has("duration_s") and rows.has("ring_s") and rows.has("talk_s"):
        duration = duration.fillna(ring.fillna(0) + talk.fillna(0)).where(
            ring.notna() | talk.notna()
        )
    return _Spans(duration, ring, talk, connected)


def _between(first: pd.Series[Any], last: pd.Series[Any]) -> pd.Series[Any]:
    """Return the seconds between two instants, missing where the second is not later.

    Missing everywhere where one column is written to the minute and the other is not.
    """
    seconds = (last - first).dt.total_seconds()
    seconds = seconds.where(seconds >= 0)
    both = seconds.notna()
    to_the_minute = [bool((side[both].dt.second == 0).all()) for side in (first, last)]
    unlike = both.sum() >= _ENOUGH and to_the_minute[0] != to_the_minute[1]
    return seconds.mask(both & unlike)


def _status(rows: Rows, spans: _Spans) -> pd.Series[Any]:
    """Read the status from its word or flags, else from the time of connection."""
    said = rows.status()
    if rows.has("missed"):
        missed = rows.flag("missed").map({True: "missed", False: "answered"}, na_action="ignore")
        said = said.fillna(missed.astype(said.dtype))
    if rows.has("connected_at"):
        picked_up = spans.connected.map({True: "answered", False: "missed"}, na_action="ignore")
        said = said.fillna(picked_up.astype(said.dtype))
    return said


def _channel(rows: Rows) -> pd.Series[Any]:
    said = rows.text("channel").str.lower()
    own = said.where(said.isin(schema.CHANNELS)).astype(pd.CategoricalDtype(list(schema.CHANNELS)))
    return own.fillna(rows.channel())


def _purpose(rows: Rows) -> pd.Series[Any]:
    return purpose_of(rows.text("purpose") if rows.has("purpose") else rows.text("tags"))
