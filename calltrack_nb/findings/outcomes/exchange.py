"""How offers, answers and confirmations follow one another in a call.

What a sentence means depends on what it answers: "no" after "anything else?" declines
nothing, and "Thursday at nine" is an offer, a wish or a confirmation by what was said before
it. So each call is walked through cue by cue, and what is known of it at its end (was an
offer taken up, and did anything undo that?) is told to the model beside the cues themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from calltrack_nb.findings.outcomes.cues import Heard, heard_cues, read_cues
from calltrack_nb.findings.spoken import Turn

_LATE: Final = 0.6
_EARLY: Final = 0.35
_STATE_STRENGTH: Final = 2.0
_OFFERS: Final = frozenset({"offers_time.agent", "offers_booking.agent"})
_TIMES: Final = frozenset({"offers_time.agent"})
_YES: Final = frozenset({"accepts.caller", "commits.caller"})
_CARRIES_ON: Final = frozenset({"asks_details.agent", "prepares.agent", "agrees.agent"})
_WISHES: Final = frozenset({"when.any", "asks_booking.caller"})
#: What no longer counts once all is settled, and once it came to nothing.
_OVERCOME: Final = frozenset(
    {"declines.caller", "cannot.agent", "fails.agent", "price_no.caller", "thinks.caller"}
)
_NO_MATTER_AFTER: Final = frozenset({"cannot.agent", "sends_elsewhere.agent", "status.caller"})
_UNDONE: Final = frozenset(
    {
        *("says_booked.agent", "expects.agent", "prepares.agent", "agrees.agent"),
        *("accepts.caller", "commits.caller"),
    }
)
_TAKEN_BY_YES: Final = ("offered",)
_TAKEN_BY_COMMITTING: Final = ("offered", "open", "asked", "refused")
_STATES: Final = (
    *("open", "existing", "changing", "released", "went"),
    *("offered", "asked", "agreed", "settled", "refused", "declined"),
)
#: What is no more than part of going to whom one was sent.
_GONE: Final = frozenset(
    {"declines.caller", "rings_again.caller", "cannot.agent", "not_done.agent"}
)
#: A booking there already is only asked about, until something new is offered or asked for.
_SETTLED_BEFORE: Final = frozenset({"open", "existing", "released"})
_CHANGES: Final = frozenset({"asks_cancel.caller", "asks_move.caller"})
#: What is no word of ours: of another's offer, of whom the caller goes to, of a price to come.
_OF_ANOTHER: Final = frozenset({"has_booking.caller", "when.any", "asks_booking.caller"})
_OVERLAPPED: Final[Mapping[str, frozenset[str]]] = {
    "asks_cancel.caller": frozenset({"asks_booking.caller", "commits.caller"}),
    "goes_there.caller": frozenset({"rings_again.caller", "commits.caller"}),
    "offers_booking.agent": frozenset({"says_booked.agent"}),
    "quotes.agent": frozenset(
        {"offers_time.agent", "expects.agent", "says_booked.agent", "calls_back.agent"}
    ),
}
#: Who reached the wrong number is told where to ring, and not referred.
_NOT_US: Final = frozenset({"says_wrong.any", "wrong_number.agent"})
#: Pairs of what one side says and what the other answers at once.
_ANSWERS: Final = tuple(
    (said, answer)
    for said, answers in {
        "offers_time.agent": ("accepts.caller", "commits.caller", "declines.caller", "when.any"),
        "offers_booking.agent": ("accepts.caller", "commits.caller", "declines.caller"),
        "cannot.agent": ("declines.caller", "thanks.caller", "accepts.caller", "commits.caller"),
        "price.any": ("declines.caller", "price_no.caller", "commits.caller", "rings_again.caller"),
        "asks_details.agent": ("gives_details.caller",),
        "calls_back.agent": ("accepts.caller", "gives_details.caller"),
        "quotes.agent": ("accepts.caller", "gives_details.caller"),
        "sends_elsewhere.agent": (
            *("accepts.caller", "thanks.caller", "declines.caller", "goes_there.caller"),
        ),
        "elsewhere.caller": ("cannot.agent", "offers_time.agent"),
        "has_booking.caller": ("agrees.agent", "expects.agent", "says_booked.agent"),
        "asks_booking.caller": ("offers_time.agent", "cannot.agent", "agrees.agent"),
        "commits.caller": ("says_booked.agent", "agrees.agent", "expects.agent", "prepares.agent"),
        "asks_move.caller": ("moves.agent", "agrees.agent", "offers_time.agent"),
        "asks_cancel.caller": ("cancels.agent", "agrees.agent"),
        "rings_again.caller": ("agrees.agent",),
        "status.caller": ("service.agent",),
    }.items()
    for answer in answers
)


@dataclass(slots=True)
class _Walk:
    """Where a call stands, and what has been."""

    state: str = "open"
    turn: int = 0
    since: int = 0
    let_go: int | None = None
    """The turn in which a booking was last called off."""
    sent: int | None = None
    """The turn in which another business was last named."""
    seen: set[str] = field(default_factory=set)

    def go(self, state: str) -> None:
        if state != self.state:
            self.since = self.turn
        self.state = state
        self.seen.add(state)

    def undoes(self, entry: Heard) -> bool:
        """Tell whether what was said was overtaken by how the call went on."""
        if self.state == "settled":
            overcome = _OVERCOME if entry.turn < self.since else _NO_MATTER_AFTER
            return entry.cue in overcome
        if self.state == "went":
            return entry.cue in _GONE
        if self.state in ("refused", "declined"):
            return entry.cue in _UNDONE and entry.turn < self.since
        return False


def merged(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Make one turn of what a known side says in a row; the first one's number stays.

    Examples
    --------
    >>> both = [Turn(0, "agent", 0, 1, "Hi.", 1), Turn(1, "agent", 1, 2, "Jo here.", 1)]
    >>> [turn.text for turn in merged(both)]
    ['Hi. Jo here.']
    """
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last is not None and last.speaker == turn.speaker != "unknown":
            joined[-1] = Turn(
                last.turn,
                last.speaker,
                last.start_s,
                turn.end_s,
                f"{last.text} {turn.text}",
                min(last.confidence, turn.confidence),
            )
        else:
            joined.append(turn)
    return tuple(joined)


def features(turns: Sequence[Turn], heard: Sequence[Heard] | None = None) -> Mapping[str, float]:
    """Describe a call by its cues, where they stand, and how it was answered.

    Parameters
    ----------
    turns : sequence of Turn
        As :func:`merged` leaves them.
    heard : sequence of Heard, optional
        Its cues, where they are known already.

    Returns
    -------
    mapping of str to float
        0 or 1 under names that are the same for every call.
    """
    cues = _answering(_ours(tuple(heard_cues(turns)) if heard is None else heard))
    walk = _walked(turns, _by_turn(turns, cues))
    cues = tuple(entry for entry in cues if not walk.undoes(entry))
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for entry in cues:
        first.setdefault(entry.cue, entry.at)
        last[entry.cue] = entry.at
    told: dict[str, float] = {}
    for cue in read_cues():
        told[cue.name] = cue.strength * (cue.name in last)
        told[f"{cue.name} late"] = cue.strength * (last.get(cue.name, 0.0) > _LATE)
        told[f"{cue.name} early"] = cue.strength * (first.get(cue.name, 1.0) < _EARLY)
    names = _by_turn(turns, cues)
    for said, answer in _ANSWERS:
        told[f"{said} then {answer}"] = float(
            any(said in now and answer in then for now, then in pairwise(names))
        )
    told |= {f"at last {state}": _STATE_STRENGTH * (walk.state == state) for state in _STATES}
    told |= {f"ever {state}": float(state in walk.seen) for state in _STATES}
    told |= _order(last)
    taken_up = walk.state in ("agreed", "settled") and walk.since > (walk.let_go or 0)
    told["let go, then taken up"] = _STATE_STRENGTH * (walk.let_go is not None and taken_up)
    told["let go for good"] = _STATE_STRENGTH * (walk.let_go is not None and not taken_up)
    told |= {f"up to {size} turns": float(len(turns) <= size) for size in (2, 4)}
    return told


def _ours(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Leave out what is said of others, or is part of a longer way of saying something else."""
    quoted = {entry.turn for entry in heard if entry.cue == "elsewhere.caller"}
    quoted -= {entry.turn for entry in heard if entry.cue == "commits.caller"}
    longer = [entry for entry in heard if entry.cue in _OVERLAPPED]
    return tuple(
        entry
        for entry in heard
        if not (entry.turn in quoted and entry.cue in _OF_ANOTHER)
        and not any(
            entry.cue in _OVERLAPPED[other.cue]
            and entry.turn == other.turn
            and entry.start < other.end
            and other.start < entry.end
            for other in longer
        )
    )


def _answering(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Leave out a "no" that declines nothing: the answer to "anything else?"."""
    closed = {entry.turn + 1 for entry in heard if entry.cue == "anything_else.agent"}
    closed |= {entry.turn for entry in heard if entry.cue == "that_is_all.caller"}
    closed -= {entry.turn for entry in heard if entry.cue == "commits.caller"}
    return tuple(
        entry for entry in heard if not (entry.turn in closed and entry.cue in _EMPTY_AT_THE_END)
    )


_EMPTY_AT_THE_END: Final = frozenset({"declines.caller", "accepts.caller", "price_no.caller"})


def _by_turn(turns: Sequence[Turn], cues: Sequence[Heard]) -> list[frozenset[str]]:
    found = {turn: set[str]() for turn in range(len(turns))}
    for entry in cues:
        found[entry.turn].add(entry.cue)
    return [frozenset(found[turn]) for turn in range(len(turns))]


def _walked(turns: Sequence[Turn], names: Sequence[frozenset[str]]) -> _Walk:
    """Follow a call from offer to answer to confirmation."""
    walk = _Walk()
    for place, (turn, cues) in enumerate(zip(turns, names, strict=True)):
        walk.turn = place
        if turn.speaker != "agent":
            _caller(walk, cues)
        if turn.speaker != "caller":
            _agent(walk, cues)
    return walk


def _caller(walk: _Walk, cues: frozenset[str]) -> None:
    if _goes_elsewhere(walk, cues):
        walk.go("went")
    elif walk.state != "went" and not _speaks_of_a_booking(walk, cues):
        _answers(walk, cues)


def _goes_elsewhere(walk: _Walk, cues: frozenset[str]) -> bool:
    """Tell whether a caller takes up that another business was named."""
    refused = walk.state == "refused"
    named = walk.sent is not None or refused
    goes = named and "goes_there.caller" in cues and walk.state != "settled"
    return goes or (refused and bool(cues & _YES) and walk.sent == walk.turn - 1)


def _speaks_of_a_booking(walk: _Walk, cues: frozenset[str]) -> bool:
    """Tell whether a turn is about a booking that is there already, and note what of it."""
    if walk.state not in ("open", "existing", "changing"):
        return False
    has = walk.state == "existing" or "has_booking.caller" in cues
    if "asks_cancel.caller" in cues:
        walk.let_go = walk.turn
    if walk.state != "changing":
        if "asks_cancel.caller" in cues or (has and cues & _CHANGES):
            walk.go("changing")
            return True
        if has and "asks_booking.caller" not in cues:
            walk.go("existing")
            return True
    return False


def _answers(walk: _Walk, cues: frozenset[str]) -> None:
    yes = bool(cues & _YES)
    commits = "commits.caller" in cues
    asked = _WISHES - {"when.any"} if "past.caller" in cues else _WISHES
    wishes = bool(cues & asked) and walk.state != "settled"
    if "declines.caller" in cues and not commits:
        said_now = walk.state == "settled" and walk.since == walk.turn - 1
        if wishes and "when.any" in cues and walk.state != "released":
            walk.go("asked")  # "no, Friday": a correction
        elif walk.state in ("offered", "asked", "refused") or (
            (walk.state == "agreed" or said_now) and not yes
        ):
            walk.go("declined")
    elif walk.state in (_TAKEN_BY_COMMITTING if commits else _TAKEN_BY_YES if yes else ()):
        walk.go("agreed")
    elif wishes:
        walk.go("asked")


def _agent(walk: _Walk, cues: frozenset[str]) -> None:
    if "sends_elsewhere.agent" in cues and not cues & _NOT_US:
        walk.sent = walk.turn
    if walk.state == "went" and "says_booked.agent" not in cues:
        return
    if "cancels.agent" in cues and (
        walk.state in ("open", "existing", "changing", "asked")
        or (walk.state in ("offered", "declined") and "existing" in walk.seen)
    ):
        walk.let_go = walk.turn
        walk.go("released")
        return
    settles = (
        ("says_booked.agent" in cues and walk.state not in _SETTLED_BEFORE)
        or ("moves.agent" in cues and walk.state == "changing")
        or ("expects.agent" in cues and walk.state in ("agreed", "asked", "offered"))
        or (bool(cues & _CARRIES_ON) and walk.state == "agreed")
    )
    if "fails.agent" in cues and "says_booked.agent" not in cues:
        walk.go("refused")
    elif settles:
        walk.go("settled")
    elif walk.state == "asked" and "agrees.agent" in cues and "cannot.agent" not in cues:
        walk.go("agreed")
    elif cues & (_TIMES if walk.state == "released" else _OFFERS) and walk.state != "settled":
        walk.go("offered")
    elif "cannot.agent" in cues and walk.state in ("open", "asked", "offered"):
        walk.go("refused")


def _order(last: Mapping[str, float]) -> dict[str, float]:
    """Tell what was said after what, for the pairs whose order decides."""

    def after(one: str, other: str) -> float:
        return float(one in last and last[one] >= last.get(other, -1.0))

    pairs = (
        ("says_booked.agent", "fails.agent"),
        ("says_booked.agent", "cannot.agent"),
        ("says_booked.agent", "declines.caller"),
        ("declines.caller", "commits.caller"),
        ("declines.caller", "accepts.caller"),
        ("rings_again.caller", "commits.caller"),
        ("rings_again.caller", "declines.caller"),
        ("rings_again.caller", "quotes.agent"),
        ("cannot.agent", "offers_time.agent"),
        ("calls_back.agent", "says_booked.agent"),
        ("calls_back.agent", "to_confirm.agent"),
        ("quotes.agent", "says_booked.agent"),
    )
    return {f"{one} after {other}": after(one, other) for one, other in pairs}
