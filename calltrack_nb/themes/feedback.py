"""Complaints and praise: what a call is for, set apart before themes are found."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from calltrack_nb.themes.turns import call_texts, caller_turns
from calltrack_nb.themes.words import words_of

#: A caller says what the call is for at its start; thanks and sighs at the end are manners.
_START: Final = re.compile(r"(?:\S+\s+){0,50}\S*")
_PRAISED: Final = (
    r"(?:wonderful|delicious|amazing|fantastic|excellent|brilliant|lovely|perfect|great|loved"
    r"|best|beautiful|superb|happy|pleased|thank|thanks)"
)
_COMPLAINT: Final = re.compile(
    r"\b(?:have|want|wanted|need|like|going|calling|ringing|here|phoning) to complain\b"
    r"|\b(?:(?:have|want|wanted|need|like|going|calling|ringing|here|phoning) to"
    r" (?:make|file|lodge|raise|register|leave)|(?:i've got|i got|i have)) an?"
    r" (?:official |formal |serious )?complaint\b(?! (?:against|to the|with the))"
    r"|\bi(?:'m| am|'ve been| was| have to say i'm) (?:\w+ )?"
    r"(?:not (?:at all |very |really )?(?:happy|satisfied|pleased|impressed)|unhappy"
    r"|disappointed|dissatisfied)\b(?:[.,;!]|$| (?:with|about|by|in|at) "
    r"(?:you|your|how|this|it|the (?:service|way|work|job|food|quality|cake|order|delivery))\b)"
    r"|\b(?:your|you guys)\b[^.?!]{0,60}\b(?:was|were|is|are|been) "
    r"(?:\w+ )?(?:rude|awful|terrible|horrible|disgusting|unacceptable|appalling|ridiculous)\b",
    re.IGNORECASE,
)
_PRAISE: Final = re.compile(
    r"\b(?:want|wanted|calling|called|ringing|rang|like|phoning) to"
    rf" (?:say|tell|thank|let you know|compliment|praise)\b[^?]{{0,120}}\b{_PRAISED}\b"
    r"|\b(?:want|wanted|calling|called|ringing|rang|like) to (?:thank|compliment|praise) you"
    r"\b(?! (?:in advance|but))",
    re.IGNORECASE,
)
#: Who thanks and then asks for something calls for that.
_ASKS: Final = re.compile(
    r"\b(?:can|could|would|do) you\b|\bhow (?:much|do|can)\b|\bi (?:need|want a)\b"
    r"|\b(?:order|book|cancel|change|reschedule|another|quote|appointment|but)\b",
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
    praise = _PRAISE.search(start)
    if praise and len(words_of(start[: praise.start()])) <= 20 and not _ASKS.search(start):
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
