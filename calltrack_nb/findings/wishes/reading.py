"""Read what callers wish out of one sentence: which values, and which of them are wished.

"Thursday doesn't work, how about Friday" names two days and wishes one. So values in a
clause that refuses, tells of the past, or names what already stands are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from calltrack_nb.findings.wishes.amounts import ABOUT_MONEY, budgets_in
from calltrack_nb.findings.wishes.contact import ways_to_reach
from calltrack_nb.findings.wishes.days import days_in
from calltrack_nb.findings.wishes.places import places_in, ways_in
from calltrack_nb.findings.wishes.spoken import in_figures
from calltrack_nb.findings.wishes.things import things_in
from calltrack_nb.findings.wishes.times import parts_in, times_in
from calltrack_nb.findings.wishes.value import Value
from calltrack_nb.schema import WISHES

_CLAUSE: Final = re.compile(
    r" ?[,.;!?] ?|(?<!anything)(?<!any day)(?<!any time)(?<!every day) but |"
    r" (?:only|how about|what about|so could|so can|instead could|"
    r"because|cos|could we|could you|can we) |"
    r" and (?=(?:it|he|she|they|i've|i had|i can't|that|it's) )"
)
_REFUSED: Final = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|not|won't|doesn't|don't|isn't|wouldn't|"
    r"no good|no use|(?:anything|any day|any time|every day) (?:but|bar)|"
    r"too (?:early|late|soon|far)|except|apart from|other than|rather than|never|"
    r"bit (?:early|late)|unless)\b"
)
_NOT_REFUSED: Final = re.compile(
    r"\b(?:not (?:later|earlier|before|after|more)|no later|(?:if|why) (?:you |"
    r"it )?(?:can't|not)|can't you|couldn't you|"
    r"don't mind|if i don't|(?:isn't|wouldn't) (?:it|there)|don't you|"
    r"i don't suppose|do not mind|won't you)\b"
)
_SWAPPED: Final = re.compile(
    r"\b(?:instead of|rather than) [^,.;]*|"
    r"\b(?:mov|chang|switch|swap|push|bring|shift|"
    r"resched)\w* [^,.;]{0,40}?\bfrom (?P<old>.+?) (?=to )"
)
_FACT: Final = re.compile(
    r"\b(?:last|ago|yesterday|since|were|been|came|went|paid|bought|told|said|rang|"
    r"called|quoted|born|birthday|"
    r"used to|see you|have a (?:good|nice|great|lovely)|(?:we|you|they) close|"
    r"closes|it cost|cost me|booked in|i've got an? (?:\w+ )?(?:appointment|booking|"
    r"check ?up|reservation|table)|"
    r"(?:have|had) an? (?:\w+ )?(?:appointment|booking|reservation)|(?:my|"
    r"our) (?:appointment|booking|reservation) (?:is|was|for|on|at)|"
    r"the (?:appointment|booking|reservation) (?:is|was)|"
    r"was (?:at|on|told|born|twenty|\d)|out of (?:10|ten)|are you (?:open|closed)|"
    r"my (?:number|name|address)|are (?:you|they) open|"
    r"runs? out|(?:that's|that is) all|i'm (?:working|away|busy)|on holiday|"
    r"in all day|date of birth|seeing (?:mr|mrs|dr|doctor)|quote(?:d)? me|"
    r"i'm (?:calling|ringing) (?:on|from)|speaking to|finishes|"
    r"cancel)\b"
)
_STILL_WISHED: Final = re.compile(
    r"\b(?:was|were) (?:hoping|thinking|wondering|looking|after|wanting)|\b(?:i'd|"
    r"we'd|would) (?:like|prefer|rather|need|want)|"
    r"\b(?:she|he|they|you|someone|somebody) called me\b|rather you|\bcould (?:you|"
    r"we|i|it)\b|\bcan (?:you|we|i)\b|like last time"
)
_TAKEN_BACK: Final = re.compile(
    r"\b(?:no wait|no sorry|sorry no|i mean|or rather|actually no|no hang on|"
    r"wait no|no make that)\b"
)
_ASKED: Final = {
    "day": r"what day|which day|what date|which date|when\b|what'?s the date|"
    r"\bdate\b[^.!]*\?|morning or|"
        r"or afternoon",
    "time": r"what time|when\b|which time|morning or",
    "place": r"where\b|whereabouts|which (?:branch|town|area|city|store|shop|location)|"
        r"what (?:area|town|city|part)",
    "budget": r"budget|how much (?:were|are|did|do) you|figure in mind|price range|spend",
    "contact": r"how (?:should|can|would|do) (?:we|i|you).{0,20}(?:reach|contact|"
        r"get (?:in touch|back))|text or|call or|e-?mail or",
    "what": r"what (?:kind|sort|type|size|colou?r|flavou?r|style)|which (?:one|model|"
        r"colou?r|size)|what (?:would|did|are|were) you (?:like|want|looking|after)|"
        r"what can i (?:do|get)",
}  # fmt: skip
_TOGETHER: Final = (frozenset({"day", "part", "time"}), frozenset({"place", "how"}))
"""Who is asked for the time may answer with the day."""
_ASKS: Final = {kind: re.compile(words, re.IGNORECASE) for kind, words in _ASKED.items()}


def asked_for(question: str) -> frozenset[str]:
    """Return which kinds of value the agent has just asked for.

    Examples
    --------
    >>> sorted(asked_for("And what time would suit you?"))
    ['day', 'part', 'time']
    """
    asked = {kind for kind, words in _ASKS.items() if words.search(question)}
    for together in _TOGETHER:
        asked |= together if asked & together else set()
    return frozenset(asked)


def wishes_in(
    text: str, on: dt.date, country: str, *, asked: Iterable[str] = ()
) -> tuple[Value, ...]:
    """Read the values that one sentence of a caller wishes.

    Parameters
    ----------
    text : str
        A sentence, redacted: what is hidden is no value.
    on : datetime.date
        The local day of the call.
    country : str
        Two letters of the business's country.
    asked : iterable of str
        Kinds that the agent has just asked for, as :func:`asked_for` tells.

    Returns
    -------
    tuple of Value
        In the order of the words, at the places where they stand in `text`; one whose value
        is None says in ``either`` what the words leave open.

    Examples
    --------
    >>> said = "Thursday doesn't work, could you do a week on Tuesday at half four?"
    >>> [(wish.kind, wish.value) for wish in wishes_in(said, dt.date(2026, 11, 25), "GB")]
    [('day', '2026-12-08'), ('time', '16:30')]
    """
    spoken = in_figures(text)
    said, asked = spoken.text, frozenset(asked)
    days = list(days_in(said, on, country))
    money = list(budgets_in(said, asked="budget" in asked))
    # "two fifty" is a time or a price: where the talk is of money it is a price
    about_money = bool(money) or bool(ABOUT_MONEY.search(said))
    times = [] if about_money else list(times_in(said, country))
    found = [
        *days,
        *parts_in(said),
        *(time for time in times if not _inside(time, days)),
        *places_in(said, country, asked="place" in asked),
        *ways_in(said),
        *(amount for amount in money if not _inside(amount, days)),
        *ways_to_reach(said),
    ]
    found += [thing for thing in things_in(said) if not _inside(thing, found)]
    wished = [value for value in found if _wished(value, said)]
    wished = [value for value in wished if not _taken_back(value, wished, said)]
    places = [spoken.said(value.start, value.end) for value in wished]
    return tuple(
        sorted(
            (
                replace(value, start=start, end=end)
                for value, (start, end) in zip(wished, places, strict=True)
            ),
            key=lambda value: (value.start, WISHES.index(value.kind)),
        )
    )


def _inside(value: Value, others: list[Value]) -> bool:
    return any(value.start < other.end and value.end > other.start for other in others)


def _wished(value: Value, said: str) -> bool:
    for swap in _SWAPPED.finditer(said):
        first, last = swap.span("old") if swap["old"] else swap.span()
        if first <= value.start < last:
            return False
    start = max((cut.end() for cut in _CLAUSE.finditer(said, 0, value.start + 1)), default=0)
    after = _CLAUSE.search(said, value.end)
    clause = said[start : after.start() if after else len(said)]
    if _FACT.search(clause) and not _STILL_WISHED.search(clause):
        return False
    if value.kind in ("budget", "what"):
        return True
    refused = _REFUSED.search(_NOT_REFUSED.sub(" ", clause))
    if refused is None:
        return True
    # "not monday but tuesday": what refuses stands in the clause, before or behind
    return refused.group() == "not" and clause.find(" or not") >= 0


def _taken_back(value: Value, others: list[Value], said: str) -> bool:
    """Tell whether a caller has put something else in its place: "two thirty, no, sorry, three"."""
    for mark in _TAKEN_BACK.finditer(said.replace(" ,", "  ")):
        later = [
            other for other in others if other.kind == value.kind and other.start > mark.start()
        ]
        if value.end <= mark.start() and later:
            return True
    return False
