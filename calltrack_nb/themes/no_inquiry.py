"""Calls that ask for nothing: set apart before themes are found."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from calltrack_nb.themes.turns import heard_rows
from calltrack_nb.themes.words import SMALL_TALK, words_of

#: What is said in such calls, by kind. The caller's or anybody's words are searched.
_SAID: Final = {
    "wrong number": (
        r"\bwrong (?:number|house|place|shop|person)\b|\bmis-?dial(?:l?ed)?\b"
        r"|\bdial(?:l?ed)? (?:it |that )?wrong\b|\bpressed the wrong\b"
    ),
    "voicemail": (
        r"\b(?:at|after) the (?:tone|beep)\b|\breached the (?:voice ?mail|mailbox)\b"
        r"|\bleave (?:a|your|us a) (?:message|name)\b|\bmailbox is full\b"
        r"|\bno ?(?:one|body) is available to take your call\b"
    ),
    "menu": r"\b(?:press|dial) (?:one|two|three|zero|nine|[0-9]|star|pound|hash)\b",
    "spam": (
        r"\b(?:google|business) listing\b|\bextended warranty\b|\bmerchant (?:services|account)\b"
        r"|\bwebsite(?:'s)? ranking\b|\bfirst page of google\b|\bsearch engine optimi[sz]ation\b"
        r"|\bbusiness (?:loan|funding)\b|\bpre-?approved\b|\bfree (?:cruise|vacation)\b"
        r"|\bto be removed from (?:our|this) list\b|\bthis is an important message\b"
    ),
    "call back": (
        r"\b(?:missed|got|had|saw) a (?:missed )?call (?:from|on)\b"
        r"|\breturning (?:your|a|the) call\b"
        r"|\b(?:someone|somebody|you) (?:just )?(?:called|rang|phoned) me\b"
    ),
}
_PATTERNS: Final = {kind: re.compile(words, re.IGNORECASE) for kind, words in _SAID.items()}
_NUMBER_OF: Final = re.compile(r"\bwrong number of\b|\bwrong number on\b", re.IGNORECASE)
_HARDLY_A_WORD: Final = 12
_LONGEST: Final = {"wrong number": 45, "voicemail": 45, "menu": 60, "spam": 200, "call back": 30}


def no_inquiry(text: str) -> str | None:
    """Tell that a call asks for nothing, and why.

    Parameters
    ----------
    text : str
        What the caller said, or everybody where the speakers are not known.

    Returns
    -------
    str or None
        "wrong number", "voicemail", "menu", "spam", "call back" or "silence"; None where it
        may be an inquiry. A long call is one, whatever else is said in it.

    Examples
    --------
    >>> no_inquiry("Oh sorry, I must have the wrong number")
    'wrong number'
    >>> no_inquiry("Hello? Hello?")
    'silence'
    >>> no_inquiry("I got the wrong number of cupcakes in my order and my guests come at five")
    """
    words = words_of(text)
    if not any(word not in SMALL_TALK and len(word) > 2 for word in words):
        return "silence"
    for kind, pattern in _PATTERNS.items():
        if len(words) <= _LONGEST[kind] and pattern.search(text):
            if kind == "wrong number" and _NUMBER_OF.search(text):
                continue
            return kind
    return None


def calls_without_inquiry(utterances: pd.DataFrame) -> pd.Series:
    """Tell which calls ask for nothing.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.

    Returns
    -------
    pandas.Series
        The kind, indexed by the id of each such call. A caller's own words decide; who
        says next to nothing is told by what the other side says.
    """
    said = utterances[heard_rows(utterances)]
    ours = said[said["speaker"].isin(["caller", "unknown"])]
    texts = ours.groupby("call_id", sort=True)["redacted_text"].agg(" ".join)
    everybody = said.groupby("call_id", sort=True)["redacted_text"].agg(" ".join)
    kinds = {}
    for call_id, text in texts.items():
        kind = no_inquiry(str(text))
        if kind is None and len(words_of(str(text))) <= _HARDLY_A_WORD:
            kind = no_inquiry(str(everybody[str(call_id)]))
        if kind is not None:
            kinds[str(call_id)] = kind
    return pd.Series(kinds, dtype=object, name="kind").rename_axis("call_id")
