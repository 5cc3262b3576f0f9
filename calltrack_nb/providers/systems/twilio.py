"""Twilio: call resources of the API and the console's export, legs put together.

A forwarded call is two rows: the parent that came in and the child that was dialled.
The parent is the call; the child says where it went, whether anyone answered, and how
long they talked. A child whose parent is not in the same part of the log is kept as
what it says about its parent, and joins it by the parent's id. So does a recording.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import schema
from calltrack_nb.providers.layouts import ExportLayout
from calltrack_nb.providers.rows import Rows
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES

_PROVIDER: Final = "twilio"
_BASE: Final = "https://api.twilio.com"

_FIELDS: Final = {
    "id": ("sid", "Call Sid", "Call SID"),
    "parent": ("parent_call_sid", "Parent Call Sid", "ParentCallSid"),
    "started_at": ("start_time", "Start Time", "StartTime", "date_created", "Date Created"),
    "duration_s": ("duration", "Duration"),
    "direction": ("direction", "Direction"),
    "status": ("status", "Status"),
    "from": ("from", "From"),
    "to": ("to", "To"),
    "caller_name": ("caller_name", "Caller Name"),
    "call": ("call_sid", "Call Sid of Recording"),
    "media": ("media_url", "Media Url"),
    "uri": ("uri",),
    "account": (),
}
_NOT_CARRIED: Final = """
date_updated end_time to_formatted from_formatted answered_by forwarded_from queue_time price
price_unit phone_number_sid trunk_sid account_sid annotation api_version group_sid subresource_uris
end_date conference_sid channels source error_code encryption_details
"""
_DIALLED: Final = {"outbound dial": "outbound", "outbound api": "outbound"}


def _read(rows: Rows) -> dict[str, pd.DataFrame]:
    started, duration = rows.time("started_at"), rows.seconds("duration_s")
    sender, receiver = rows.phone("from"), rows.phone("to")
    direction = rows.word("direction", DIRECTIONS | _DIALLED, schema.DIRECTIONS).fillna("inbound")
    outbound = (direction == "outbound").to_numpy(dtype=bool)
    status = rows.word("status", STATUSES, schema.STATUSES)
    sid, parent = rows.text("id"), rows.text("parent")
    # In an export of calls "Call Sid" is the call's own id and not a recording's call.
    own = rows.columns.get("call") == rows.columns.get("id")
    taped = rows.text("call").notna().to_numpy() & (not own)
    child = parent.notna().to_numpy() & ~taped
    legs = pd.DataFrame(
        {
            "parent": parent,
            "talk_s": duration.where(status == "answered"),
            "answered": (status == "answered").astype("float64"),
            "to": receiver,
        }
    )[child]
    # Of several legs that were tried, the one that was answered says where the call went.
    legs = legs.sort_values(["parent", "answered"], kind="stable")
    by_parent = legs.groupby("parent").agg({"talk_s": "sum", "answered": "max", "to": "last"})
    of = by_parent.reindex(sid)
    forwarded = of["answered"].notna().to_numpy()
    answered = np.where(forwarded, of["answered"].to_numpy() > 0, (status == "answered").to_numpy())
    whole = set(sid[~child & ~taped])
    owner = rows.text("parent") if own else rows.text("call", "parent")
    orphan = (child | taped) & ~owner.isin(whole).to_numpy(dtype=bool)
    rows.note(orphan, "parent", "its call is not in this file; joined by the call's id", kept="")
    audio = _audio(rows)
    tapes = audio[taped].groupby(rows.text("call")[taped]).first()
    part = child | taped
    parents = pd.Series(np.where(answered, "answered", "missed"))
    data = {
        "account": rows.account(),
        "call_id": _PROVIDER + ":" + sid.where(~part, owner),
        "provider": rows.constant(_PROVIDER),
        "started_at": started,
        "duration_s": duration.where(~part),
        "talk_s": pd.Series(
            np.where(
                child,
                _zero(duration, status),
                np.where(forwarded & ~taped, of["talk_s"], np.nan),
            )
        ),
        "direction": direction.mask(part, "inbound"),
        "status": status.where(child | status.isna(), parents.astype(status.dtype)).mask(taped),
        "caller_number": sender.where(~outbound, receiver).where(~part),
        "caller_name": rows.person("caller_name").where(~part),
        "tracking_number": receiver.where(~outbound, sender).where(~part),
        "destination_number": receiver.where(
            child, pd.Series(of["to"].to_numpy(dtype=object), dtype="str")
        ),
        "recording": audio.where(taped, sid.map(tapes).astype("str")),
        "lead_status": rows.constant("unknown"),
    }
    data |= _together(pd.DataFrame(data)[orphan], data)
    needed = {"started_at": "a call without a time it started", "call_id": "a leg without an id"}
    return {"calls": rows.table("calls", data, only=~part | orphan, needed=needed)}


def _together(parts: pd.DataFrame, data: dict[str, Any]) -> dict[str, Any]:
    """Let all the parts of a call that is not beside them say what they know together."""
    if not parts["call_id"].duplicated().any():
        return {}
    calls = parts.assign(answered=parts["status"] == "answered")
    calls = calls.sort_values("answered", kind="stable").astype({"status": object})
    by_call = calls.groupby("call_id")
    known = by_call[["status", "destination_number", "recording"]].last()
    known["talk_s"] = by_call["talk_s"].sum(min_count=1)
    known["started_at"] = by_call["started_at"].min()
    changed = {}
    for name in known.columns.astype("str"):
        column = data[name].copy()
        column.loc[parts.index] = parts["call_id"].map(known[name]).astype(column.dtype)
        changed[name] = column
    return changed


def _audio(rows: Rows) -> pd.Series[Any]:
    """Return where each recording's audio is, by its own address or its resource's."""
    resource = rows.text("uri").str.replace(r"\.json$", "", regex=True)
    return rows.text("media").fillna(_BASE + resource)


def _zero(duration: pd.Series[Any], status: pd.Series[Any]) -> Any:
    """Return how long a leg talked: nothing where nobody answered it."""
    return duration.where((status == "answered").to_numpy(dtype=bool), 0.0).to_numpy()


TWILIO: Final = ExportLayout(
    provider=_PROVIDER,
    kind="calls",
    fields=_FIELDS,
    needed=(("id",), ("started_at",), ("from", "call"), ("to", "call")),
    telling=("sid", "parent_call_sid", "Call Sid", "phone_number_sid", "from_formatted"),
    known=tuple(_NOT_CARRIED.split()),
    fits={"id": r"(?:CA|RE)\w+"},
    read=_read,
)
