"""What a call came to, read from the exchange of its turns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calltrack_nb.findings.outcomes.cues import Heard, heard_cues
from calltrack_nb.findings.outcomes.details import (
    call_promised,
    caller_of,
    place_of,
    when_of,
    why_lost,
)
from calltrack_nb.findings.outcomes.exchange import features, merged
from calltrack_nb.findings.outcomes.model import KNOWN, UNKNOWN, OutcomeModel, read_model
from calltrack_nb.findings.spoken import Turn

#: What a call can come to; "unclear" where its words do not settle it.
OUTCOMES: Final = (
    *("booked", "rescheduled", "cancelled", "call_back", "quote_sent", "referred", "lost"),
    *("wrong_number", "voicemail", "no_conversation", "unclear"),
)
UNCLEAR: Final = "unclear"
#: How probable an outcome must be to be stated.
SURE_ENOUGH: Final = {"booked": 0.75, "lost": 0.6, "referred": 0.6}
_SURE_ENOUGH: Final = 0.5
_FEW_WORDS: Final = 6
#: A bill that is paid is "all set" too, and nothing is booked by it.
_PAYS: Final = re.compile(
    r"\b(?:pay|paying|paid|settle|settling|clear) (?:[\w']+ ){0,4}?"
    r"(?:invoice|bill|balance|account|instal+ment|fee|rent|fine|arrears|premium|tax)s?\b",
    re.IGNORECASE,
)
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to.

    Attributes
    ----------
    kind : str
        One of :data:`OUTCOMES`.
    probability : float
        How probable that is, from 0 to 1.
    turn : Turn or None
        The turn where it shows; what one side says in a row is one turn.
    start, end : int
        Where in that turn's text.
    when_said : str or None
        Words of the time that was agreed, or by which somebody calls or sends.
    who : {"business", "caller"} or None
        Who is to call.
    promised : bool
        Whether the business said that it will call.
    why : {"price", "date", "area", "not_offered", "other"} or None
        Why it was lost.
    probabilities : dict of str to float
        Of every outcome.
    """

    kind: str
    probability: float
    turn: Turn | None
    start: int
    end: int
    when_said: str | None
    who: str | None
    promised: bool
    why: str | None
    probabilities: dict[str, float]


def read_outcome(turns: Sequence[Turn], model: OutcomeModel | None = None) -> Outcome | None:
    """Read what a call came to.

    Parameters
    ----------
    turns : sequence of Turn
        In order. Where most words are of unknown speakers, less is stated.
    model : OutcomeModel, optional
        Weights of one's own; by default those that ship, by whether speakers are known.

    Returns
    -------
    Outcome or None
        None where nothing was said at all.

    Examples
    --------
    >>> said = [("agent", "Shall I put you in for Friday at nine?"), ("caller", "Yes please."),
    ...         ("agent", "That's you booked in, see you Friday."), ("caller", "Thanks, bye.")]
    >>> turns = [Turn(n, who, n, n + 1, text, 1.0) for n, (who, text) in enumerate(said)]
    >>> outcome = read_outcome(turns)
    >>> outcome.kind, outcome.when_said
    ('booked', 'Friday')
    """
    joined = merged(turns)
    words = [len(turn.text.split()) for turn in joined]
    if not sum(words):
        return None
    heard = tuple(heard_cues(joined))
    unknown = sum(n for n, turn in zip(words, joined, strict=True) if turn.speaker == "unknown")
    speakers = UNKNOWN if unknown > _MOSTLY * sum(words) else KNOWN
    chosen = model or read_model(speakers)
    shares = chosen.probabilities(features(joined, heard))
    kind = max(shares, key=lambda name: shares[name])
    if _nobody_spoke(joined, heard, sum(words)):
        kind, shares = "no_conversation", shares | {"no_conversation": 1.0}
    elif shares[kind] < SURE_ENOUGH.get(kind, _SURE_ENOUGH) or _contradicted(kind, joined, heard):
        kind = UNCLEAR
    place = place_of(kind, heard)
    return Outcome(
        kind=kind,
        probability=shares[kind],
        turn=None if place is None else joined[place.turn],
        start=0 if place is None else place.start,
        end=0 if place is None else place.end,
        when_said=when_of(kind, joined, heard),
        who=caller_of(heard) if kind == "call_back" else None,
        promised=kind == "call_back" and call_promised(joined, heard),
        why=why_lost(heard) if kind == "lost" else None,
        probabilities=shares,
    )


def _contradicted(kind: str, turns: Sequence[Turn], heard: Sequence[Heard]) -> bool:
    """Tell whether something was said that an outcome does not go with."""
    if kind == "booked":
        return _only_pays(turns) and when_of(kind, turns, heard) is None
    # who reached the wrong number is told where to ring, and not referred
    return kind == "referred" and any(entry.cue == "says_wrong.any" for entry in heard)


def _only_pays(turns: Sequence[Turn]) -> bool:
    """Tell whether the caller rings to pay a bill; without a day nothing is booked then."""
    return any(turn.speaker != "agent" and _PAYS.search(turn.text) for turn in turns)


def _nobody_spoke(turns: Sequence[Turn], heard: Sequence[Heard], words: int) -> bool:
    """Tell whether one side only said a greeting, and was not answered."""
    sides = {turn.speaker for turn in turns}
    named = {entry.cue for entry in heard}
    if "voicemail.any" in named:
        return False
    return words < _FEW_WORDS or ("caller" not in sides and "unknown" not in sides and words < 12)
