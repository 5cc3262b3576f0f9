"""Complaints and praise: what a call is for, set apart before themes are found.

The one place that says what either is: the purpose "feedback" of a call is read here too.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from calltrack_nb.themes.turns import call_texts, caller_turns
from calltrack_nb.themes.words import words_of

#: A caller says what the call is for at its start; thanks and sighs at the end are manners.
_START: Final = re.compile(r"(?:\S+\s+){0,50}\S*")
_CALLS_TO: Final = (
    r"(?:have|wants?|wanted|need|like|love|wish|going|calling|called|call|ringing|ring|rang|here|"
    r"phoning|phoned) to (?:(?:call|ring|phone)(?: up)? (?:and|to) )?"
)
_BAD: Final = (
    r"(?:rude|awful|terrible|horrible|disgusting|unacceptable|appalling|ridiculous|disgraceful|"
    r"dreadful|shocking|unpleasant|unprofessional|inedible|a (?:disgrace|disaster|shambles|joke))"
)
_FEELING: Final = (
    r"(?:(?:not|less than) (?:(?:at all|very|really|too) )?(?:happy|satisfied|pleased|impressed)|"
    r"unhappy|disappointed|dissatisfied|annoyed|angry|furious|livid|cross|upset|disgusted|"
    r"appalled|fed up)"
)
#: "You are closed on Sundays" says how things are, "you promised" what was done.
_YOU: Final = r"you(?!(?:'re| are| do| don't| have| can| close)\b)"
_OURS: Final = (
    rf"(?:{_YOU}|your|how|this|it|the way|"
    r"(?:the|one of (?:the|your)) (?:\w+ )?(?:service|way|work|job|food|quality|cake|order|delivery"
    r"|staff|team|fitter|driver|cleaning|meal|stay|visit)|"
    r"(?:the|my|our) (?:\w+ )?\w+ (?:you|i|we) (?:got|had|received|bought|ordered|paid))"
)
_COMPLAINT: Final = re.compile(
    rf"\b{_CALLS_TO}complain\b"
    rf"|\b(?:{_CALLS_TO}(?:make|file|lodge|raise|register|leave)|(?:i've got|i got|i have))"
    r" (?:an?|my) (?:official |formal |serious )?"
    r"(?:concern|unhappiness|complaint(?! (?:against|to the|with (?:the(?! way)|\w+ \w+))))\b"
    r"|\b(?:i|we)(?:'m| am|'re| are|'ve been| was| were| have to say i'm)"
    rf" (?:\w+ ){{0,2}}{_FEELING}\b(?:[.;!]|$|,? (?:with|about|by|in|at|that) {_OURS}\b"
    rf"|,? (?:because )?(?:{_YOU}|your|i've (?:rung|called|phoned))\b)"
    r"|\b(?:your(?! (?:web|site|page|app|prices?)\w*\b)|you guys)\b[^.?!]{0,60}"
    rf"(?:\b(?:was|were|is|are|been)|'s) (?:\w+ )?{_BAD}\b"
    r"|\byour \w+ (?:\w+ ){0,3}(?:swore|shouted|was shouting|yelled)\b"
    rf"|\b(?:the|our) \w+ (?:i|we) (?:had|got|ordered|received|bought)\b(?![^.?!]*\bother\b)"
    rf"[^.?!]{{0,60}}\b(?:was|were|is|are) (?:\w+ )?(?:{_BAD}|raw)\b"
    r"|\bthe worst (?:\w+ ){1,3}(?:i|we)(?:'ve| have) (?:ever )?(?:had|seen|been|eaten|tasted)\b"
    r"|\b(?:just|simply|really)(?:'s| is)? not good enough\b"
    r"|\bi don't think (?:that's|that is|it's|this is) acceptable\b"
    r"|\b(?:never been|been) (?:spoken to|treated) (?:so|like that|that way)\b"
    r"|\b(?:was|were|been) (?:spoken to|treated) by (?:one of )?(?:you|your)\b",
    re.IGNORECASE,
)
_PRAISED: Final = (
    r"(?:wonderful|delicious|amazing|fantastic|excellent|brilliant|lovely|perfect|great|loved"
    r"|best|beautiful|superb|stunning|gorgeous|happy|pleased|enjoyed|over the moon|thank|thanks"
    r"|well done|kind|patient)"
)
_PRAISE: Final = re.compile(
    rf"\b(?:{_CALLS_TO}|(?:a )?(?:quick )?call to )"
    rf"(?:say|tell|thank|let (?:you|\w+) know|compliment|praise)\b[^?]{{0,120}}\b{_PRAISED}\b"
    rf"|\b{_CALLS_TO}(?:thank|compliment|praise) (?:you|the|your|one)\b(?! (?:in advance|but))"
    rf"|\b{_CALLS_TO}(?:pass on|pay|give) an? (?:\w+ )?compliment\b"
    rf"|\b{_PRAISED}\b[^?]{{0,80}}\bwanted (?:you|the \w+|him|her|them|everybody) to know\b"
    r"|\bthank you (?:so|very) much for (?:fixing|looking after|being|everything|all you)\b"
    r"|\b(?:was|were|is) (?:such )?a (?:hit|treasure|treat|star|gem)\b[^?]{0,80}\bthank",
    re.IGNORECASE,
)
#: "Feedback" alone takes no side; what is said with it does.
_GIVES: Final = re.compile(
    rf"\b(?:{_CALLS_TO}(?:give|leave|pass on|share)|(?:i've got|i got|i have)) (?:you )?"
    r"(?:some |a bit of )?(?:positive |negative )?feedback\b",
    re.IGNORECASE,
)
_GOOD: Final = re.compile(rf"\b(?:positive|{_PRAISED})\b", re.IGNORECASE)
_POOR: Final = re.compile(
    rf"\b(?:negative|dirty|late|cold|hurt|broken|not|\w+n't|never|nobody|{_BAD})\b", re.IGNORECASE
)
#: Who thanks and then asks for something calls for that.
_ASKS: Final = re.compile(
    r"\b(?:can|could|would|do) you\b|\bhow (?:much(?! (?:i|we|they)\b)|do|can)\b"
    r"|\bi (?:need|want a)\b"
    r"|\b(?:order|book|cancel|change|reschedule|another|quote|appointment|but|go ahead)\b"
    r"|\bi'd like it\b",
    re.IGNORECASE,
)


def feedback(text: str) -> str | None:
    """Tell that a call is made to complain or to praise.

    Parameters
    ----------
    text : str
        What the caller said.

    Returns
    -------
    str or None
        "complaint" or "praise"; None where the call is not plainly one. Something that went
        wrong and is only to be put right is an inquiry, and so is praise before a request.

    Examples
    --------
    >>> feedback("Hello, I want to complain. The cake was dry.")
    'complaint'
    >>> feedback("I just wanted to tell you that everybody loved it")
    'praise'
    >>> feedback("I lost my card. Okay, great job, have a wonderful day")
    """
    found = _START.match(" ".join(text.replace("’", "'").split()))  # noqa: RUF001 - as written
    start = found.group() if found else ""
    if _COMPLAINT.search(start):
        return "complaint"
    asks = _ASKS.search(start)
    gives = _GIVES.search(start)
    if gives and not asks:
        rest = start[gives.start() :]
        if _POOR.search(rest):
            return "complaint"
        return "praise" if _GOOD.search(rest) else None
    praise = _PRAISE.search(start)
    if praise and len(words_of(start[: praise.start()])) <= 20 and not asks:
        return "praise"
    return None


def calls_of_feedback(utterances: pd.DataFrame) -> pd.Series:
    """Tell which calls are made to complain or to praise.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted; the caller's own words decide.

    Returns
    -------
    pandas.Series
        The kind, indexed by the id of each such call.
    """
    kinds = {
        str(call_id): kind
        for call_id, text in call_texts(caller_turns(utterances)).items()
        if (kind := feedback(str(text))) is not None
    }
    return pd.Series(kinds, dtype=object, name="kind").rename_axis("call_id")
