"""Findings: hesitations, preferences, purpose, outcome and promises, in the speaker's words.

What is looked for stands in ``findings.toml``: per family and kind a few regular
expressions, who says such a thing, and example sentences. Each finding points at its
call, its second and its words. An expression that the examples contradict is not believed;
confidence is lower where the speaker is unknown or the words were hard to hear, and higher
where an expression and the examples agree. What a call came to is no matter of one sentence:
:mod:`calltrack_nb.findings.outcomes` reads it from the exchange.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.findings.likeness import NO_LIKENESS, Alike, Kind, Likeness
from calltrack_nb.findings.outcomes import Outcome, read_outcome
from calltrack_nb.findings.patterns import FEEDBACK, Pattern, read_patterns
from calltrack_nb.findings.pieces import Span, pieces, said_together, sentences
from calltrack_nb.findings.spoken import Turn, spoken_turns
from calltrack_nb.themes.feedback import calls_of_feedback, feedback
from calltrack_nb.themes.words import clean

_MATCHED: Final = 0.8
_AGREED: Final = 0.9
_HALF_AGREED: Final = 0.6
"""An expression that the examples neither bear out nor contradict."""
_CLAUSE_ALONE: Final = 0.65
"""How probable a clause must be by itself, without what was said around it."""
_HESITATION: Final = "hesitation"
_PUT_OFF: Final = "put_off"
_TOGETHER: Final = 0.6
"""How probable a short turn must be as a whole where no sentence of it is."""
_UNKNOWN_SPEAKER: Final = 0.625
"""What a finding's confidence shrinks to, of itself, where nobody knows who spoke."""


@dataclass(frozen=True, slots=True)
class FindingSpan:
    """A pattern met in a text: its place and how sure it is."""

    family: str
    kind: str
    start: int
    end: int
    confidence: float


def find_in_text(
    text: str,
    speaker: str,
    patterns: Sequence[Pattern] | None = None,
    alike: Mapping[str, Alike] = NO_LIKENESS,
) -> tuple[FindingSpan, ...]:
    """Find what one utterance says.

    Parameters
    ----------
    text : str
        What was said.
    speaker : {"caller", "agent", "unknown"}
        Who said it; an unknown speaker may be either, at less confidence.
    patterns : sequence of Pattern, optional
        What to listen for; by default the package's own.
    alike : mapping of str to Alike
        Which sentences are like the examples of a kind, as
        :meth:`~calltrack_nb.findings.likeness.Likeness.compare` tells of
        :func:`sentences_to_compare`; by default none.

    Returns
    -------
    tuple of FindingSpan
        At most one per kind and sentence: the first place in it.

    Examples
    --------
    >>> [f"{found.family}: {found.kind}" for found in
    ...  find_in_text("I'd have to ask my husband first", "caller")]
    ['hesitation: someone_else']
    """
    if patterns is None:
        patterns = _default_patterns()
    text = _straight(text)
    sure = _UNKNOWN_SPEAKER if speaker == "unknown" else 1.0
    heard: list[FindingSpan] = []
    for start, end in sentences(text):
        places = _matches(text, start, end, speaker, patterns)
        probable: dict[Kind, tuple[float, Span]] = {}
        denied: frozenset[Kind] = frozenset()
        if speaker != "agent":
            probable, denied = _likely(text, start, end, alike)
        for kind in dict.fromkeys((*places, *probable)):
            if kind in denied and kind not in probable:
                continue
            if kind in places:
                pattern, span = places[kind]
                confidence = _MATCHED
                if alike and speaker != "agent":
                    confidence = _AGREED if kind in probable else _HALF_AGREED
                if pattern.speaker != "any":
                    confidence *= sure
            else:
                probability, span = probable[kind]
                confidence = min(probability, _MATCHED) * sure
            heard.append(FindingSpan(*kind, *span, confidence))
    if speaker != "agent":
        heard += _meant_together(text, alike, {(found.family, found.kind) for found in heard}, sure)
    return tuple(heard)


def _meant_together(
    text: str, alike: Mapping[str, Alike], heard: Collection[Kind], sure: float
) -> Iterator[FindingSpan]:
    """Yield the hesitations that no sentence of a short turn tells, but all of them do."""
    whole = said_together(text)
    like = None if whole is None else alike.get(clean(text))
    if whole is None or like is None:
        return
    for kind, probability in like.probable.items():
        if kind[0] == _HESITATION and probability >= _TOGETHER and kind not in heard:
            yield FindingSpan(*kind, *whole, min(probability, _MATCHED) * sure)


def _matches(
    text: str, start: int, end: int, speaker: str, patterns: Sequence[Pattern]
) -> dict[Kind, tuple[Pattern, Span]]:
    """Return the first expression of each kind in a sentence, and where it matched."""
    found: dict[Kind, tuple[Pattern, Span]] = {}
    sentence = text[start:end]
    for pattern in patterns:
        kind = (pattern.family, pattern.kind)
        if kind in found or not _may_say(pattern.speaker, speaker):
            continue
        place = pattern.place_in(sentence)
        if place is not None:
            found[kind] = (pattern, (start + place[0], start + place[1]))
    return found


def _likely(
    text: str, start: int, end: int, alike: Mapping[str, Alike]
) -> tuple[dict[Kind, tuple[float, Span]], frozenset[Kind]]:
    """Return the kinds that a sentence or a clause of it is like, and those that none is."""
    probable: dict[Kind, tuple[float, Span]] = {}
    denied: list[frozenset[Kind]] = []
    for span in pieces(text, start, end):
        like = alike.get(clean(text[slice(*span)]))
        if like is None:
            continue
        denied.append(like.denied)
        least = 0.0 if span == (start, end) else _CLAUSE_ALONE
        for kind, probability in like.probable.items():
            if probability >= max(least, probable.get(kind, (0.0, span))[0]):
                probable[kind] = (probability, span)
    return probable, frozenset.intersection(*denied) if denied else frozenset()


def sentences_to_compare(text: str) -> Iterator[str]:
    """Yield what of an utterance is compared: sentences, clauses of long ones, a short whole.

    Examples
    --------
    >>> list(sentences_to_compare("Hi, it's [NAME]. That is a lot of money!"))
    ["Hi, it's .", 'That is a lot of money!', "Hi, it's . That is a lot of money!"]
    """
    text = _straight(text)
    for start, end in sentences(text):
        for first, last in pieces(text, start, end):
            yield clean(text[first:last])
    if said_together(text):
        yield clean(text)


def find_findings(
    utterances: pd.DataFrame,
    patterns: Sequence[Pattern] | None = None,
    likeness: Likeness | None = None,
) -> pd.DataFrame:
    """Find what the speakers of calls say about hesitating, preferring and promising.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    patterns : sequence of Pattern, optional
        What to listen for; by default the package's own.
    likeness : Likeness, optional
        Compares what callers say with examples; by default only expressions count.

    Returns
    -------
    pandas.DataFrame
        The table ``findings``: one row per kind and place, and one row per call for
        purpose and for outcome.
    """
    if patterns is None:
        patterns = _default_patterns()
    calls = [
        (call["account"].iloc[0], call_id, list(spoken_turns(call)))
        for call_id, call in utterances.groupby("call_id", sort=True)
    ]
    alike = NO_LIKENESS
    if likeness is not None:
        alike = likeness.compare(
            sentence
            for _, _, said in calls
            for turn in said
            if turn.speaker != "agent"
            for sentence in sentences_to_compare(turn.text)
        )
    told = dict(calls_of_feedback(utterances))
    rows: list[dict[str, Any]] = [
        {"account": account, "call_id": call_id, **finding}
        for account, call_id, said in calls
        for finding in _of_call(said, patterns, alike, told.get(str(call_id)))
    ]
    return schema.conform(pd.DataFrame(rows), "findings")


def _of_call(
    said: Sequence[Turn],
    patterns: Sequence[Pattern],
    alike: Mapping[str, Alike],
    told: str | None,
) -> Iterator[dict[str, Any]]:
    outcome = read_outcome(said)
    heard: list[tuple[Turn, FindingSpan]] = []
    for turn in said:
        heard += [(turn, found) for found in find_in_text(turn.text, turn.speaker, patterns, alike)]
    heard = _told_once(heard)
    # who reached somebody else hesitates over nothing that is ours
    ours = outcome is None or outcome.kind != "wrong_number"
    for turn, found in heard:
        if found.family in {"preference", "promise"} or (ours and found.family == _HESITATION):
            yield _row(turn, found)
    if ours:
        yield from _pauses(said, heard)
    yield from _purpose(heard) if told is None else [_feedback(said, told)]
    yield from _outcome(outcome)


def _told_once(heard: Sequence[tuple[Turn, FindingSpan]]) -> list[tuple[Turn, FindingSpan]]:
    """Leave out that a caller puts it off where the call gives the reason: it is one hesitation."""
    kinds = {found.kind for _, found in heard if found.family == _HESITATION}
    again = (_HESITATION, _PUT_OFF) if kinds - {_PUT_OFF} else None
    return [(turn, found) for turn, found in heard if (found.family, found.kind) != again]


def _row(turn: Turn, found: FindingSpan) -> dict[str, Any]:
    start, end = _whole_clause(turn.text, found.start, found.end)
    length = max(len(turn.text), 1)
    # where a provider's transcript does not say when a turn ends, its start is all there is
    seconds = 0.0 if math.isnan(turn.end_s) else turn.end_s - turn.start_s
    return {
        "family": found.family,
        "kind": found.kind,
        "turn": turn.turn,
        "start_s": turn.start_s + seconds * start / length,
        "end_s": turn.end_s if math.isnan(turn.end_s) else turn.start_s + seconds * end / length,
        "words": turn.text[start:end].strip(),
        "confidence": round(found.confidence * (0.5 + 0.5 * min(turn.confidence, 1.0)), 3),
    }


_PRICE_SAID: Final = re.compile(
    r"[$£€]\s?\d|\b\d[\d,.]*\s?(?:dollars|bucks|pounds|euros)\b|\b(?:hundred|thousand|dollars|bucks|pounds)\b"
    r"|\bper\s(?:person|head|slice|hour)\b|\b(?:it|that|price|total)(?:'s|\sis|\swould\sbe|\scomes\sto)\s\D{0,12}\d",
    re.IGNORECASE,
)
_ASKS_TO_BOOK: Final = re.compile(
    r"\b(?:would|do)\syou\s(?:like|want)\s(?:me\s)?to\s(?:book|order|schedule|reserve|go\sahead)|"
    r"\b(?:shall|should|can|could)\s(?:i|we)\s(?:book|put|get|set|schedule|reserve|pencil)\b|\bgo\sahead\sand\s(?:book|order)",
    re.IGNORECASE,
)
_SLOW_S: Final = 2.5
_LATE_S: Final = 12.0


def _pauses(
    said: Sequence[Turn], heard: Sequence[tuple[Turn, FindingSpan]]
) -> Iterator[dict[str, Any]]:
    """Find where a caller is slow to answer a price or the offer to book."""
    told = {(turn.turn, found.kind) for turn, found in heard if found.family == _HESITATION}
    for before, turn in pairwise(said):
        if before.speaker != "agent" or turn.speaker != "caller":
            continue
        gap = turn.start_s - before.end_s
        priced = _PRICE_SAID.search(before.text) is not None
        if not (_SLOW_S <= gap <= _LATE_S and (priced or _ASKS_TO_BOOK.search(before.text))):
            continue
        kind = "slow_after_price" if priced else "slow_to_book"
        if (turn.turn, kind) not in told:
            yield {
                "family": _HESITATION,
                "kind": kind,
                "turn": turn.turn,
                "start_s": before.end_s,
                "end_s": turn.start_s,
                "words": f"({gap:.1f} seconds of silence, then) {turn.text[:120]}",
                "confidence": 0.5,
            }


def _purpose(heard: Sequence[tuple[Turn, FindingSpan]]) -> Iterator[dict[str, Any]]:
    """One purpose per call: what the caller says first and most, nothing where nothing is said."""
    votes: dict[str, float] = {}
    first: dict[str, tuple[Turn, FindingSpan]] = {}
    for turn, found in heard:
        if found.family == "purpose":
            votes[found.kind] = votes.get(found.kind, 0.0) + 1.0 / (1 + len(votes) * 0.5)
            first.setdefault(found.kind, (turn, found))
    if votes:
        order = {kind: place for place, kind in enumerate(first)}
        kind = max(votes, key=lambda kind: (votes[kind], -order[kind]))
        share = votes[kind] / sum(votes.values())
        yield _row(*first[kind]) | {"confidence": round(0.8 * share, 3)}


def _feedback(said: Sequence[Turn], told: str) -> dict[str, Any]:
    """Show where a call that complains or praises does: its plainest sentence, or its start."""
    ours = [turn for turn in said if turn.speaker != "agent"]
    places = [(turn, span) for turn in ours for span in sentences(turn.text)]
    turn, (start, end) = next(
        (place for place in places if feedback(place[0].text[slice(*place[1])]) == told),
        places[0],
    )
    sure = _UNKNOWN_SPEAKER if turn.speaker == "unknown" else 1.0
    return _row(turn, FindingSpan(*FEEDBACK, start, end, _MATCHED * sure))


def _outcome(outcome: Outcome | None) -> Iterator[dict[str, Any]]:
    """One outcome per call, with its calibrated probability; and a call back that was promised."""
    if outcome is None:
        return
    kind = outcome.kind
    place: dict[str, Any] = {"turn": None, "start_s": None, "end_s": None, "words": ""}
    if outcome.turn is not None:
        span = FindingSpan("outcome", kind, outcome.start, outcome.end, outcome.probability)
        place = _row(outcome.turn, span)
    said = place | {
        "family": "outcome",
        "kind": kind,
        "confidence": round(outcome.probability, 3),
        "why": outcome.why,
        "who": outcome.who,
        "when_said": outcome.when_said,
    }
    yield said
    if outcome.promised and outcome.who == "business":
        yield said | {"family": "promise"}


def _may_say(wanted: str, speaker: str) -> bool:
    return wanted == "any" or speaker in (wanted, "unknown")


_CLAUSE: Final = re.compile(r"[.!?;]\s|,\s(?:but|and|so)\s", re.IGNORECASE)
_WINDOW: Final = 160


def _whole_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a match to the clause it stands in, at most 160 characters to each side."""
    left = 0
    for match in _CLAUSE.finditer(text, 0, start):
        left = match.end()
    right_match = _CLAUSE.search(text, end)
    right = right_match.start() if right_match else len(text)
    # A clause that is cut for its length is cut between words.
    if left < start - _WINDOW:
        left = start - _WINDOW
        while left < start and not text[left - 1].isspace():
            left += 1
    if right > end + _WINDOW:
        right = end + _WINDOW
        while right > end and not text[right].isspace():
            right -= 1
    return left, right


@cache
def _default_patterns() -> tuple[Pattern, ...]:
    return read_patterns()


def _straight(text: str) -> str:
    return text.replace("\u2019", "'")
