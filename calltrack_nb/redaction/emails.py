"""E-mail addresses: written, said word by word, spelled, or run together when typed.

The part after the "at" is what tells an address; what stands before it belongs to the
address up to a word that introduces one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.redaction.known_names import is_everyday
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading

_HOST: Final = (
    r"(?:g\s?-?\s?mail|googlemail|yahoo|hotmail|outlook|i\s?cloud|aol|a\s?o\s?l|proton\s?mail|"
    r"btinternet|b\s?t\sinternet|y\s?mail|rediff\s?mail|rocketmail|zoho|gmx|fastmail)"
)
_DOMAIN: Final = (
    rf"(?:{_HOST}|msn|live|comcast|verizon|att|proton|me|mac|sbcglobal|bellsouth|charter|cox|"
    r"earthlink|virginmedia|talktalk|sky|tiscali|optusnet|bigpond)"
)
_ENDING: Final = (
    r"(?:com|org|net|edu|gov|mil|info|biz|io|us|co|uk|ca|au|de|ie|nz|in|fr|es|it|za|ac|app|dev|"
    r"shop|xyz|email|online|tv|me)"
)
_SURE_ENDING: Final = r"(?:com|net|org|edu|gov|co)"
# A full stop and a space end a sentence as a rule: "we are at the shop. In June".
_DOTTED: Final = (
    rf"(?:,?\s*(?:\b(?:dot|point|period)\b|\bdot(?={_SURE_ENDING})),?\s*{_ENDING}"
    r"|,?\sdot,?\s[a-z]{2,10}"
    rf"|,?\s?\.{_ENDING}|\s?\.\s?{_SURE_ENDING})\b"
)
_AT: Final = r"(?:at|@)(?:\s(?:sign|symbol))?"
_WRITTEN: Final = re.compile(
    r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+|[\w.+-]+@[\w.-]+", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"(?:[\w'-]+\s+(?:dot|underscore|dash|hyphen|period|point|minus|plus)\s+|(?:(?<![\w'\u2019])\w\b[\s,.-]+)+|\b\d+\s+)*"
    rf"(?P<local>[\w.'-]+),?\s+{_AT},?\s+(?:the\s+)?"
    rf"(?:(?:(?:[a-z][\s,.-]+){{2,}}[a-z]|[\w-]+(?:\s[\w-]+){{0,3}}?){_DOTTED}"
    rf"|{_DOMAIN}\s{_SURE_ENDING}\b|(?P<bare>{_HOST}\b(?!{_DOTTED})))"
    rf"(?:{_DOTTED})*",
    re.IGNORECASE,
)
# "sam bell gmail dot com", "vimal45 gmailcom": the "at" is not there.
_WITHOUT_AT: Final = re.compile(
    rf"\b[\w.+-]*{_HOST}(?:{_DOTTED}|\s?{_SURE_ENDING}\b)"
    rf"|\b[\w.+-]{{3,}}(?:mail|{_DOMAIN}){_SURE_ENDING}\b"
    rf"|\b(?:msn|live|comcast|verizon|att|sbcglobal){_DOTTED}"
    r"|\b\w*\d\w*[a-z]{3,}(?:com|net|org)\b",
    re.IGNORECASE,
)
# What stands before an address that is said, and so is no part of it.
_BEFORE: Final = re.compile(
    r"(?:is|it's|its|to|at|me|us|on|be|use|try|that's|thats|this|my|our|your|his|her|their|"
    r"e-?mail\w*(?:'s)?|mail|address(?:'s)?|yes|yeah|yep|okay|ok|so|sure|and|or|the|id|write|send|contact|"
    r"reach|was|from|with|for|i|you|we|would|it|well|uh|um|er|erm|have|has|got|going|just|right|here's|"
    r"here|that|there|should|by|using|through|via|as|works?|best|one|name's|name|spelled|oh|of|a|no|not|"
    r"if|can|will|because|then|hi|hello|thanks|thank|please|under|they|he|she|are|am|i'm|confirm|both|cc|"
    r"personal|office|new|old|other|copy)",
    re.IGNORECASE,
)
_LONGEST_LOCAL: Final = 10
_TYPED_LOCAL: Final = 3
_LONG_NUMBER: Final = 7
# One of these stands in every e-mail address: looked for first, since most utterances hold none.
_CLUES: Final = (
    "@", "dot", "point", "period", ".com", "com ", "com.", "com,", ".net", ".org", ".edu", ".gov",
    ".co", ".us", ".io", ".uk", "mail", "yahoo", "outlook", "cloud", "aol", "a o l", "internet",
    "zoho", "gmx", " net", " org",
)  # fmt: skip


def email_places(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of e-mail addresses.

    Parameters
    ----------
    reading : Reading
        An utterance.

    Yields
    ------
    tuple of int
        Start and end offsets; they may overlap.

    Examples
    --------
    >>> said = "write to ann dot lee at gmail dot com please"
    >>> start, end = next(email_places(Reading(said)))
    >>> said[start:end]
    'ann dot lee at gmail dot com'
    """
    text = reading.text
    ended = reading.lower + " "
    if not any(clue in ended for clue in _CLUES):
        return
    for match in _WRITTEN.finditer(text):
        yield match.span()
    for match in _SAID.finditer(text):
        if (
            match["bare"]
            and "mail" not in match.string[: match.start()].lower()
            and is_everyday(match["local"].lower())
        ):
            continue
        yield _begin(reading, match.start()), match.end()
    for match in _WITHOUT_AT.finditer(text):
        yield _typed_begin(reading.tokens, match.start()), match.end()


def _begin(reading: Reading, start: int) -> int:
    """Go back from where an e-mail address was met to where it may have begun.

    "jane doe the second at gmail dot com": what belongs to it is open, so everything does
    up to a word that introduces an address or ends a sentence.
    """
    if "@" in reading.text[start : start + 40].split(" ")[0]:
        return start
    words = 0
    tokens = [token for token in reading.tokens if token.end <= start]
    for place, token in reversed(list(enumerate(tokens))):
        if token.text in ".;:?!" or words == _LONGEST_LOCAL:
            break
        if _BEFORE.fullmatch(token.lower) and not _spells(tokens, place):
            break
        if token.text.isdecimal() and len(token.text) >= _LONG_NUMBER:
            break
        if token.text[0].isalnum():
            start, words = token.start, words + (len(token.text) > 1)
    return start


def _spells(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word is a letter among letters, or the "as" of "s as in Sam"."""
    token = tokens[place]
    if token.lower == "as":
        return place > 0 and len(tokens[place - 1].text) == 1
    if len(token.text) > 1:
        return False
    near = [tokens[i] for i in (place - 2, place - 1, place + 1, place + 2) if 0 <= i < len(tokens)]
    return sum(len(other.text) == 1 and other.text.isalpha() for other in near) >= 2


def _typed_begin(tokens: Sequence[Token], start: int) -> int:
    """Go back over what may be the name before a host that no "at" introduces."""
    words = 0
    for token in reversed([token for token in tokens if token.end <= start]):
        if words == _TYPED_LOCAL or _BEFORE.fullmatch(token.lower) or is_everyday(token.lower):
            break
        if token.text in ",.;:?!":
            break
        start, words = token.start, words + 1
    return start
