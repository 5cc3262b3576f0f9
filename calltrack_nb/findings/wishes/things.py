"""What a caller wants, in the caller's own words: "a three tier wedding cake".

No list of products is needed: the words that follow a wish, up to those that begin
something else (a day, a place, a reason), are its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from calltrack_nb.findings.wishes.value import Value
from calltrack_nb.redaction.vocabulary import LABEL
from calltrack_nb.themes.words import SMALL_TALK

_CUE: Final = re.compile(
    r"\b(?:(?:i|we)(?:'d| would)? (?:really |also |just )?(?:like|want|need|love|"
    r"prefer)(?: to (?:order|book|buy|get|have|make|see|rent|hire))?|"
    r"(?:i|we)(?:'m| am|'re| are)? (?:looking for|after|interested in|needing|"
    r"hoping for)|^looking for|"
    r"(?:can|could) (?:i|we) (?:order|get|have|book|buy|rent|hire)(?: in for)?|in for|"
    r"(?:do|have) you (?:do|got|have|sell|make|offer|stock|fit|"
    r"have it in)(?: it in)?|(?:any chance of)|"
    r"(?:quote|price|estimate) (?:for|on)|"
    r"how much (?:is|are|it is|is it|would it be|do you charge)? ?for|"
    r"need (?:someone|somebody) to (?:fix|"
    r"repair|replace|clean|look at|install|fit)|order)"
    r" (?:(?:me|us) )?(?:to get |to have |a quote for |a price for |a quote on )?(?P<thing>.+)"
)
_BOOKED_FOR: Final = re.compile(r"\bbook \w+ \w+ in for (?P<thing>.+)")
_NUMBERED: Final = re.compile(r"\d+(?:st|nd|rd|th)\b")
_END: Final = re.compile(
    r" ?(?:[,.?!;]|\[|#|\b(?:for|on|at|by|from|to|if|please|because|cos|so|but|when|"
    r"where|that|which|in|today|tomorrow|tonight|this|"
    r"next|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?s?\b|\b(?:sometime|as soon|"
    r"right away|delivered|done|fixed|i|we|you|my|our|asap|would|is|are|"
    r"after|before|until|around|anytime|like|thanks|thank|or|please|ready|instead|"
    r"at all|as well|located|nearby|near)\b|\bwith (?!(?:a|an|the|some|no|extra|"
    r"raspberry|\w+ (?:filling|icing|sauce|topping|trim|lining))\b)).*"
)
_AND: Final = re.compile(r" and (?:i|we|could|can|it|then|maybe|also|a|my|the|get|have)\b.*| and$")
_ARTICLE: Final = re.compile(
    r"^(?:(?:a|an|the|some|any|another|new set of|to|my|our|your|kind of|sort of|uh|"
    r"um|er|maybe|like|just|also|you|it|have|get|to|see|know|do)\b ?)+"
)
_EMPTY: Final = frozenset(
    [
        "appointment",
        "appointments",
        "one",
        "ones",
        "something",
        "anything",
        "nothing",
        "it",
        "that",
        "this",
        "them",
        "time",
        "times",
        "slot",
        "slots",
        "price",
        "prices",
        "quote",
        "quotes",
        "table",
        "spot",
        "date",
        "day",
        "days",
        "estimate",
        "information",
        "info",
        "help",
        "advice",
        "somebody",
        "someone",
        "people",
        "person",
        "thing",
        "morning",
        "afternoon",
        "evening",
        "night",
        "me",
        "us",
        "you",
        "him",
        "her",
        "what",
        "how",
        "know",
        "see",
        "get",
        "come",
        "make",
        "do",
        "look",
        "booking",
        "reservation",
        "opening",
        "openings",
        "number",
        "name",
        "address",
        "email",
        "call",
        "o'clock",
        "hours",
        "hour",
        "minutes",
        "half",
        "past",
        "earlier",
        "later",
        "earliest",
        "latest",
        "available",
        "dr",
        "mr",
        "mrs",
        "ms",
        "miss",
        "doctor's",
        "anyone",
        "anybody",
        "else",
        "place",
        "what's",
    ]
)
_MOST_WORDS: Final = 6


def things_in(text: str) -> Iterator[Value]:
    """Read what is wished for, without article.

    Examples
    --------
    >>> [thing.value for thing in things_in("i'd like a deep tissue massage on saturday")]
    ['deep tissue massage']
    >>> [thing.value for thing in things_in("i'd like to know if you can help")]
    []
    """
    match = _BOOKED_FOR.search(text) or _CUE.search(text)
    if match is None or LABEL.search(text[match.start("thing") :][:1].upper()):
        return
    said = _AND.sub("", _END.sub("", match["thing"])).strip()
    name = _ARTICLE.sub("", said).strip()
    words = name.split()
    telling = [
        word
        for word in words
        if word not in SMALL_TALK and word not in _EMPTY and not word.isdigit()
    ]
    if not telling or len(words) > _MOST_WORDS or words[0] in _EMPTY or _NUMBERED.match(name):
        return
    start = text.index(name, match.start("thing"))
    yield Value("what", start, start + len(name), name)
