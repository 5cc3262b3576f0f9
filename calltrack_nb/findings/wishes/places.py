"""Places as callers say them: towns of the country, and what follows "deliver to".

Recognisers write in lower case, and many towns are also words ("reading", "deal"). So a
name counts only behind words that lead to a place. What redaction has hidden stays hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from calltrack_nb.calls.gazetteer import towns
from calltrack_nb.findings.patterns import read_examples
from calltrack_nb.findings.wishes.value import Value

_WORD: Final = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*")
_LEADS: Final = re.compile(
    r"\b(?:in|to|near|nearer|around|closer to|close to|out to|cover|serve|from|at|"
    r"over in|out in|round|"
    r"as far as|based in|live in|your|outside|towards|between|near to|through|"
    r"toward|and)\s+(?:the )?$"
)
_STRONG: Final = re.compile(
    r"\b(?:(?:deliver\w*|ship\w*|go|come|dropped off|drop off|drop it off|send|"
    r"take us|cover|serve|salons?|dentists?|shop|branch|store|place|house|"
    r"live|based|us|we're|it's|office|flat|hall|home|near|closer|far as|out|over|"
    r"mum's|hotel|table|cab|car)\b[^,.?]{0,25})"
    r"\b(?:in|to|near|around|closer to|at|as|serve|cover|your|from|"
    r"and)\s+(?:the )?$|\b(?:serve|cover|near|as far as)\s+(?:the )?$"
)
_AREA: Final = re.compile(
    r"\b(?:deliver(?:ed|y)?(?: (?:it|that|them|this))?(?: out)? (?:to|in)|"
    r"shipped to|ship (?:it |that |them )?to|(?:go|come)(?: out)? as far as|"
    r"cover|(?:the one|branch|shop|store|office) (?:on|in|at)|"
    r"drop(?:ped)? (?:it )?off (?:to|in|"
    r"at))\s+(?P<place>(?:the )?[^\W\d_]+(?: [^\W\d_]+){0,3})"
)
_BRANCH: Final = re.compile(
    r"\b(?:your|the)\s+(?P<place>[^\W\d_]+(?: [^\W\d_]+)?)\s+(?:branch|shop|store|"
    r"location|office)\b"
)
_STOP: Final = re.compile(
    r"\b(?:on|by|for|at|please|if|and|or|when|would|is|as|tomorrow|today|tonight|"
    r"this|next|before|after|because|"
    r"so|but|with|from|too|around|about|maybe|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|though|thanks|there|in|to|would be)\b.*"
)
_NOWHERE: Final = frozenset(
    [
        "my",
        "our",
        "your",
        "his",
        "her",
        "their",
        "a",
        "an",
        "me",
        "us",
        "you",
        "it",
        "them",
        "this",
        "that",
        "here",
        "there",
        "home",
        "house",
        "mum",
        "mum's",
        "mom",
        "mom's",
        "work",
        "door",
        "the",
        "one",
        "same",
        "office",
        "address",
        "place",
        "nearest",
        "other",
        "main",
        "new",
        "old",
        "next",
        "first",
        "whole",
        "area",
        "person",
        "shop",
        "store",
        "collect",
        "pick",
        "get",
        "have",
        "be",
        "do",
        "make",
        "see",
        "anything",
        "everything",
        "something",
        "all",
        "any",
        "weekends",
        "church",
        "school",
    ]
)
_AT_HOME: Final = (
    r"come (?:out |round |over |back )*to (?:us\b|me\b|my\b|our\b|the (?:house|office))|"
    r"\b(?:at|to) (?:my|our) (?:house|home|place|office|flat|apartment|workplace|"
    r"work|shop)\b|come to (?:my|our)\b|come round to ours|home visit"
)
_HOW: Final = tuple(
    (name, re.compile(rf"\b(?:{words})"))
    for name, words in (
        (
            "delivery",
            (
                r"deliver(?:ed|y|ies)?\b|drop(?:ped)? (?:it |that |them )?off (?:at|in|to)\b|"
                r"ship(?:ped)? (?:it |that |them )?(?:to)?\b|send (?:it|them|"
                r"that) (?:over )?to\b|courier"
            ),
        ),
        (
            "collection",
            (
                r"collect (?:it|them|that|from)\b|collection\b|pick (?:it|them|that) up\b|"
                r"pick ?up from|"
                r"(?:for|ready for) pick ?up\b|ready to collect|click and collect|store pick ?up"
            ),
        ),
        ("at the caller's", _AT_HOME),
    )
)


def ways_in(text: str) -> Iterator[Value]:
    """Read how something should reach the caller: delivery, collection, at the caller's.

    Examples
    --------
    >>> [way.value for way in ways_in("could you deliver it , or i'll pick it up")]
    ['delivery', 'collection']
    """
    for name, words in _HOW:
        match = words.search(text)
        if match:
            yield Value("how", *match.span(), name)


def places_in(text: str, country: str, *, asked: bool = False) -> Iterator[Value]:
    """Read the places that are said.

    Parameters
    ----------
    text : str
        In figures.
    country : str
        Two letters: whose towns are known.
    asked : bool
        Whether the agent asked for a place, so that a bare name is one.

    Examples
    --------
    >>> [place.value for place in places_in("do you deliver to hoboken on fridays", "US")]
    ['Hoboken']
    >>> [place.value for place in places_in("i was reading about it", "GB")]
    []
    """
    taken: list[tuple[int, int]] = []
    for start, end, name in _towns_said(text, country):
        rare = name not in _common_words()
        led = (_LEADS if rare else _STRONG).search(text[:start])
        alone = asked and _ANSWER.match(text[:start]) is not None
        if (led or alone) and _closes(text[end:]):
            taken.append((start, end))
            yield Value("place", start, end, _title(name))
    for rule in (_AREA, _BRANCH):
        for match in rule.finditer(text):
            said = _STOP.sub("", match["place"]).strip().removeprefix("the ")
            start = text.index(said, match.start("place")) if said else 0
            end = start + len(said)
            if not said or any(start < last and end > first for first, last in taken):
                continue
            if said.split()[0] not in _NOWHERE and said not in _NOWHERE:
                taken.append((start, end))
                yield Value("place", start, end, _title(said))


def _towns_said(text: str, country: str) -> Iterator[tuple[int, int, str]]:
    """Yield the longest names of towns, wherever they stand."""
    words = list(_WORD.finditer(text))
    known = towns(country).anywhere
    at = 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            run = words[at : at + length]
            if len(run) < length:
                continue
            start, end = run[0].start(), run[-1].end()
            name = text[start:end]
            if name in known and not (length == 1 and len(name) < 4):
                yield start, end, name
                at += length - 1
                break
        at += 1


def _closes(after: str) -> bool:
    """Tell whether what follows ends a phrase, as after a place."""
    return bool(
        re.match(
            r" ?(?:$|[,.?!;]|(?:on|by|for|at|please|if|and|or|when|would|is|as|too|tomorrow|"
            r"today|this (?:week|\w+day)|next|before|"
            r"after|because|so|but|with|branch|shop|store|office|around|in|from|to|area|"
            r"though|then|monday|tuesday|"
            r"wednesday|thursday|friday|saturday|sunday|works|near|tonight)\b)",
            after,
        )
    )


@cache
def _common_words() -> frozenset[str]:
    """Return words that callers say and that are no places there: those of the examples."""
    said = (word.lower() for one in read_examples() for word in _WORD.findall(one.text))
    return frozenset(said) | _MORE_WORDS


_ANSWER: Final = re.compile(
    r"(?:(?:it's|it|is|in|um|uh|er|over|out|at|near|well|yeah|yes|the|just|so|we're|"
    r"i'm|to|that's|[,.]) ?)*$"
)
"""What may stand before a bare name that answers "where?"."""
_MORE_WORDS: Final = frozenset(
    [
        "reading",
        "deal",
        "sale",
        "hook",
        "bath",
        "mobile",
        "orange",
        "march",
        "price",
        "bury",
        "battle",
        "rugby",
        "ware",
        "sandwich",
        "wells",
        "bell",
        "grays",
        "stone",
        "street",
        "poole",
        "hyde",
        "crook",
        "poplar",
        "surprise",
        "independence",
        "commerce",
        "industry",
        "media",
        "opportunity",
    ]
)


def _title(name: str) -> str:
    return " ".join(
        word if word in ("on", "upon", "of", "the") else word[:1].upper() + word[1:]
        for word in name.split()
    )
