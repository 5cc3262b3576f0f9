"""Postal addresses: a house and a street, a box, a corner, a postcode, and what follows.

Patterns find where an address begins; what goes on with it (the flat, the town, the
state, the zip code) is read word by word by :mod:`~calltrack_nb.redaction.address_ends`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from calltrack_nb.redaction.address_ends import HOUSE, SPOKEN_NUMBER, STATE, begin_of, end_of
from calltrack_nb.redaction.known_names import is_everyday
from calltrack_nb.redaction.reading import CallContext, Reading
from calltrack_nb.redaction.vocabulary import word_list

_STREET: Final = (
    r"(?:streets?|st|str|avenues?|ave?|av|roads?|rd|drives?|dr|lanes?|ln|court|ct|boulevard|blvd|way|place|pl|"
    r"terrace|ter|circle|cir|highway|hwy|parkway|pkwy|square|sq|close|crescent|cres|grove|trail|alley|row|mews|"
    r"gardens|plaza|pike|turnpike|loop|run|expressway|freeway|causeway|esplanade|promenade|bypass|"
    r"streeet|stret|streat|nagar|colony|marg|salai)"
)
# Streets of one word, and those that nothing else is called.
_WHOLE_STREET: Final = (
    r"(?:broadway|bowery|strand|embankment|the\s(?:avenue|crescent|green|close|grove|drive))"
)
# Endings of street names that are everyday words too: only where written as names.
_NAMED_STREET: Final = (
    r"(?:View|Hill|Hills|Heights|Park|Meadows?|Walk|Green|Point|Ridge|Bend|Crossing|Parade|Quay|Wharf|Gate|"
    r"Fields?|Rise|Vale|Hollow|Landing|Commons?|Cove|Manor|Path|Trace|Villas?|Yard|Creek|Glen|"
    r"Knoll|Mount|Orchard|Pass|Springs?|Valley|Vista|Woods?|Cottages?|House|Farm|Estate|Center|Centre)"
)
_SIDE: Final = (
    r"(?:north|south|east|west|northeast|northwest|southeast|southwest|"
    r"[nsew]\.?|ne|nw|se|sw)"
)
# Words that no street is called by: "20 minutes down the road" is no address.
_NOT_BETWEEN: Final = (
    r"(?:the|a|an|is|are|was|were|be|to|for|and|or|my|your|our|his|her|their|in|on|at|by|people|days?|weeks?|"
    r"months?|years?|hours?|minutes?|mins|dollars|bucks|pounds|percent|am|pm|times?|o'clock|this|that|it|i|we|"
    r"you|they|he|she|guests|from|with|down|off|up|away|more|per|each|if|so|but|just|have|had|has|do|did|"
    r"can|could|would|will|miles?|feet|foot|inch(?:es)?|blocks?|cars?|thing|second|please|thanks?|than|"
    r"because|not|going|coming|all|right|any|another|bed(?:room)?s?|bath(?:room)?s?|stor(?:y|ey)|seater|tier|"
    r"piece|point|percent|number)"
)
# Written small: "20 stores run by us"; a Court or a Place is a street.
_NOT_STREETS: Final = (
    r"(?!(?-i:way|run|close|loop|row|place|square|court|drive)\s+"
    r"(?:too|to|more|over|better|in|out|of|off|for|it|that|feet|foot|up|down|by)\b)"
)
_FOREIGN: Final = (
    r"(?:rue|via|calle|avenida|rua|chemin|piazza|strada|paseo|camino|boulevard|avenue|place|quai)"
)


def _words_in(pattern: str) -> frozenset[str]:
    """Return the words that a pattern of alternatives names, with and without what is optional."""
    bare = re.findall(r"[a-z?]+", pattern.lower())
    return frozenset(
        form for word in bare for form in (word.replace("?", ""), re.sub(r".\?", "", word))
    )


_STARTS: Final = (
    re.compile(
        rf"\b{HOUSE},?\s+(?:(?!{_NOT_BETWEEN}\b)[\w'.-]+,?\s+){{1,4}}?"
        rf"{_NOT_STREETS}{_STREET}\b\.?(?:\s+{_SIDE}(?!\w))?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{HOUSE}(?-i:(?:\s[A-Z][\w'.-]+){{1,3}}\s{_NAMED_STREET})\b", re.IGNORECASE),
    re.compile(rf"\b{HOUSE}\s(?:{_SIDE}\s)?{_WHOLE_STREET}\b", re.IGNORECASE),
    re.compile(rf"\b{HOUSE}\s{_SIDE}(?!\w)(?-i:\s[A-Z][\w'.-]+)", re.IGNORECASE),
    re.compile(rf"\b{HOUSE},?\s{_FOREIGN}(?:\s[\w'-]+){{1,4}}", re.IGNORECASE),
    re.compile(
        rf"\b(?-i:(?:[A-Z][\w'-]+\s){{1,3}}){_STREET},?\s(?:number|no\.?)\s{HOUSE}\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:calle|avenida|via|rue|rua|strada|piazza|viale|corso)(?-i:(?:\s(?:de|del|della|la|da|do|[A-Z][\w'-]+)){{1,4}}),?\s\d+\b"
        r"|\b[A-Z]\w*(?:stra(?:ß|ss)e|str\.|weg|platz|allee|laan|straat|gasse|gata|vej)\s\d+\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{HOUSE}\s(?:old\s)?)?(?:(?:county|state|rural|us|interstate|farm)\s)?(?:road|route|highway|hwy|rte|rt)\s(?:number\s)?{HOUSE}\b(?:\s{_SIDE}(?!\w))?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:p\.?\s?o\.?|post\soffice|po)\s?box\s+(?:number\s)?{HOUSE}\b", re.IGNORECASE),
    re.compile(rf"\b(?:apartment|apt|flat|suite|unit)\.?\s+(?:number\s+)?{HOUSE}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"),
    re.compile(
        r"\b(?!\w+\s?\d(?:st|nd|rd|th|am|pm|kg|cm|mm|ml|km)\b)[a-z]{1,2}\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2}\b"
    ),
    re.compile(
        rf"\b[A-Z]\s?[A-Z]?\s(?:\d{{1,2}}|(?i:{SPOKEN_NUMBER}))(?:\s[A-Z])?,?\s(?:\d|(?i:{SPOKEN_NUMBER}))\s[A-Z]\s?[A-Z]\b"
    ),
    re.compile(
        rf"\b(?:zip(?:\s?code)?|(?:postal|post)\s?code)(?:\sis|'s|\sof|\swould\sbe|\sshould\sbe|\sit's)?[:,]?\s+(?:(?:{HOUSE}|[a-z](?!\w)|\w*\d\w*)[\s,-]*)+(?<=\w)",
        re.IGNORECASE,
    ),
    re.compile(r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b"),
    re.compile(rf"\b(?:[A-Z][a-z]+,?\s){{1,3}}(?i:{STATE}),?\s\d{{5}}(?:-\d{{4}})?\b"),
)
# What no address is without: looked for first, since most utterances hold none of it.
_STREET_WORDS: Final = _words_in(_STREET)
_CLUES: Final = _STREET_WORDS | _words_in(_NAMED_STREET) | word_list("words_of_addresses")
_CODED: Final = re.compile(
    r"[A-Za-z]\d|[A-Za-z],?\s\d{5}\b|(?:stra(?:ß|ss)e|weg|platz|allee|laan|straat|gasse)\s\d|\b[A-Z]\s[A-Z]\b"
)
_CORNER: Final = re.compile(
    r"\b(?:corner|intersection)\s(?:of|at)\s(?:[\w'.]+(?:\s[\w'.]+){0,3}?\s(?:and|&)\s[\w'.]+"
    rf"(?:\s(?:{_STREET}|{_SIDE})\b\.?|(?-i:\s[A-Z][\w'.]+))*)",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\b(?:(?:my|our|the|new|home|billing|delivery|shipping|mailing|current|correct|old|street|full|work)\s)*address"
    r"(?:'s|\s(?:is|was|should\sbe|would\sbe|will\sbe|to|as)|:|,)\s*(?:it's\s|going\sto\sbe\s|at\s|now\s|to\s)?"
    r"|\b(?:i|we)(?:'m|'re|\sam|\sare)?\s(?:live|living|located|stay|staying|based|moved|moving)\s(?:at|on|to)\s+"
    r"|\b(?:i'm|we're|it's|house\sis|shop\sis|office\sis|located)\sat\s(?:number\s)?(?=\d)"
    r"|\b(?:deliver|ship|mail|send|come|drop)(?:ed|ing)?\s(?:it\s|them\s|that\s|out\s)?to\s(?=\d)",
    re.IGNORECASE,
)
_GIVING: Final = word_list("before_an_address")
_LONGEST_ALONE: Final = 80
_GIVEN_ENDS: Final = re.compile(
    r"[.;?!](?:\s|$)|\b(?:and|but|so|because|if|when|please|thanks?|that's|it's|is|can|could|would|my|phone|i|we|"
    r"you|to|for|at|on|it|the|from|with|by|in\scase|dollars?|percent|people|guests|am|pm|or)\b",
    re.IGNORECASE,
)
_ANSWER: Final = re.compile(
    rf"\W*(?:(?:yes|yeah|sure|okay|ok|it's|its|it\sis|that's|so|um|uh|at|we're|i'm|i\sam|is)\b[\s,.]*)*"
    rf"(?P<place>(?:no\.?\s|number\s)?{HOUSE},?\s+(?!\d)[^\W\d_][\w'.-]*)",
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(
    r"^\W*(?:dollars?|bucks|pounds|percent|people|guests|years?|days?|weeks?|minutes?|hours?|o'clock|am|pm)\b",
    re.IGNORECASE,
)
_IS_STREET: Final = re.compile(
    r"\w\s(?:street|road|avenue|lane|boulevard|drive|terrace|highway|rd|ave|blvd)\b", re.IGNORECASE
)
# Typed without a street word: told by the zip code or the state at the end.
_TYPED: Final = re.compile(
    rf"\W*(?:no\.?\s)?\d+[a-z]?(?:\s[^\W\d_]+){{1,6}}?(?:\s{STATE}|\s(?:\d{{3}}\s?\d{{3}}|\d{{4,6}}))+\W*",
    re.IGNORECASE,
)
_ONLY_STREET: Final = re.compile(
    r"\W*(?:[^\W\d_]+\s){1,3}(?:street|road|avenue|lane|boulevard|drive|rd|ave|blvd)"
    r"(?:,?\s[^\W\d_]+){0,3}\W*",
    re.IGNORECASE,
)


def address_places(reading: Reading, heard: CallContext) -> Iterator[tuple[int, int]]:
    """Yield the places of postal addresses.

    Parameters
    ----------
    reading : Reading
        An utterance.
    heard : CallContext
        What the call said before: a house and a name after "your address?" are one.

    Yields
    ------
    tuple of int
        Start and end offsets; they may overlap.

    Examples
    --------
    >>> said = "send it to 12 Elm Road, flat 4, Leeds by Friday"
    >>> start, end = next(address_places(Reading(said), CallContext()))
    >>> said[start:end]
    '12 Elm Road, flat 4, Leeds'
    """
    text = reading.text
    if reading.numbered and (not _CLUES.isdisjoint(reading.words) or _CODED.search(text)):
        for pattern in _STARTS:
            for match in pattern.finditer(text):
                yield begin_of(reading, match.start()), end_of(reading, match.end())
    if not _GIVING.isdisjoint(reading.words):
        yield from (match.span() for match in _CORNER.finditer(text))
        yield from _given(text)
    if heard.asks_address:
        answer = _ANSWER.match(text) if reading.numbered else None
        if answer and not _is_quantity(answer["place"]):
            street_ends = answer.start("place") + len(answer["place"].rstrip(".-"))
            yield answer.start("place"), end_of(reading, street_ends)
    if len(text) <= _LONGEST_ALONE and _is_only_address(reading):
        yield _inside(text)


def _is_only_address(reading: Reading) -> bool:
    """Tell whether a turn holds a street or a typed address and nothing else."""
    street = not _STREET_WORDS.isdisjoint(reading.words) and _ONLY_STREET.fullmatch(reading.text)
    typed = reading.numbered and _TYPED.fullmatch(reading.text)
    return bool(street or typed) and not _holds_everyday(reading.text)


def _given(text: str) -> Iterator[tuple[int, int]]:
    """Yield what follows "my address is", up to where a sentence goes on."""
    for match in _GIVEN.finditer(text):
        stop = _GIVEN_ENDS.search(text, match.end())
        end = stop.start() if stop else len(text)
        given = text[match.end() : end].rstrip(" ,")
        if not given or _QUANTITY.match(re.sub(r"^[\d\s]+", "", given)):
            continue
        if (
            re.search(r"\d", given)
            or (given[:1].isupper() and not _holds_everyday(given.split()[0]))
            or (len(given.split()) > 1 and _IS_STREET.search(given))
        ):
            yield match.end(), match.end() + len(given)


def _is_quantity(place: str) -> bool:
    """Tell whether a number and a word are a quantity: "20 people" is no house."""
    last = place.rsplit(maxsplit=1)[-1].strip(",.").lower()
    return _QUANTITY.match(last) is not None or (
        is_everyday(last) and place.rsplit(maxsplit=1)[-1].islower()
    )


def _holds_everyday(text: str) -> bool:
    """Tell whether a text holds everyday words besides those that streets are called by."""
    words = [word.strip(".,?!").lower() for word in text.split()]
    return any(is_everyday(word) and not re.fullmatch(_STREET, word) for word in words)


def _inside(text: str) -> tuple[int, int]:
    """Return the place of a text without the marks around it."""
    return len(text) - len(text.lstrip(" .,-")), len(text.rstrip(" .,-?!"))
