"""What belongs to an outcome: where it was said, for when, who calls whom, why it was lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from calltrack_nb.findings.outcomes.cues import Heard, when_said
from calltrack_nb.findings.spoken import Turn

#: Which cues show an outcome, the most telling first.
_SHOWN_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "booked": (
        *("says_booked.agent", "expects.agent", "commits.caller", "agrees.agent"),
        *("prepares.agent", "accepts.caller", "offers_time.agent"),
    ),
    "rescheduled": ("moves.agent", "says_booked.agent", "asks_move.caller", "agrees.agent"),
    "cancelled": ("cancels.agent", "asks_cancel.caller"),
    "call_back": (
        *("rings_again.caller", "calls_back.agent", "calls_back.caller", "thinks.caller"),
    ),
    "quote_sent": ("quotes.agent", "quotes.caller"),
    "referred": ("sends_elsewhere.agent", "cannot.agent"),
    "lost": ("declines.caller", "price_no.caller", "cannot.agent", "fails.agent"),
    "wrong_number": ("says_wrong.any", "wrong_number.agent", "wrong_number.caller"),
    "voicemail": ("voicemail.any",),
    "no_conversation": ("nobody.any",),
}
_BOOKS: Final = frozenset(
    {
        *("says_booked.agent", "expects.agent", "agrees.agent", "offers_time.agent"),
        *("moves.agent", "accepts.caller", "commits.caller", "asks_booking.caller"),
    }
)
_RINGS: Final = frozenset({"rings_again.caller", "thinks.caller"})
_CALLS: Final = frozenset({"calls_back.agent", "calls_back.caller"})
_CALLS_YOU: Final = re.compile(
    r"\b(?:call|ring|phone|telephone|bell|contact|reach|back|touch|speak|talk|tinkle|"
    r"let you know)",
    re.IGNORECASE,
)
_SENDS: Final = frozenset({"quotes.agent"})


def place_of(kind: str, heard: Sequence[Heard]) -> Heard | None:
    """Return where an outcome shows most plainly: the last place of its most telling cue."""
    for cue in _SHOWN_BY.get(kind, ()):
        met = [entry for entry in heard if entry.cue == cue]
        if met:
            return met[-1]
    return None


def when_of(kind: str, turns: Sequence[Turn], heard: Sequence[Heard]) -> str | None:
    """Return the words of the time that was agreed, or by which somebody is to call or send.

    The last words of time count that stand where something is offered, taken or confirmed.
    """
    if kind in ("booked", "rescheduled"):
        telling = _BOOKS
    elif kind == "call_back":
        telling = _RINGS if caller_of(heard) == "caller" else _CALLS
    elif kind == "quote_sent":
        telling = _SENDS
    else:
        return None
    named = {entry.turn for entry in heard if entry.cue in telling}
    for turn in sorted(named, reverse=True):
        said = when_said(turns[turn].text)
        if said:
            return said
    return None


def caller_of(heard: Sequence[Heard]) -> str:
    """Tell who is to call: "caller" or "business"; what was said last counts."""
    last = {entry.cue: entry.at for entry in heard}
    caller = last.get("rings_again.caller", -1.0)
    business = max(last.get("calls_back.agent", -1.0), last.get("calls_back.caller", -1.0))
    if caller < 0 and business < 0:
        return "caller" if "thinks.caller" in last else "business"
    return "caller" if caller > business else "business"


def call_promised(turns: Sequence[Turn], heard: Sequence[Heard]) -> bool:
    """Tell whether the business said that it will call.

    Where the caller asks to be called, its yes is enough. That somebody is out, or that a
    message is passed on, promises no call.
    """
    asked = {entry.turn for entry in heard if entry.cue == "calls_back.caller"}
    return any(
        (
            entry.cue == "calls_back.agent"
            and _CALLS_YOU.search(turns[entry.turn].text[entry.start : entry.end]) is not None
        )
        or (entry.cue == "agrees.agent" and entry.turn - 1 in asked)
        for entry in heard
    )


def why_lost(heard: Sequence[Heard]) -> str:
    """Tell why a call came to nothing.

    Returns
    -------
    {"price", "area", "date", "not_offered", "other"}
    """
    cues = {entry.cue for entry in heard}
    refused = bool(cues & {"cannot.agent", "fails.agent", "not_done.agent"})
    priced = [entry.turn for entry in heard if entry.cue == "price.any"]
    declined = [entry.turn for entry in heard if entry.cue == "declines.caller"]
    if refused and cues & {"too_far.agent", "too_far.caller"}:
        return "area"
    if "price_no.caller" in cues:
        return "price"
    if refused and cues & {"full.agent", "full.caller", "offers_time.agent"}:
        return "date"
    # "sorry" alone says of nothing that it is not done
    if cues & {"not_done.agent", "fails.agent"}:
        return "not_offered"
    # a price is told or asked for, and what follows is a no
    return "price" if priced and declined and max(declined) > min(priced) else "other"
