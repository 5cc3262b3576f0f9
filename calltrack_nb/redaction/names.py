"""Names that speakers give as theirs, said or spelled.

A name is found by the words that introduce it ("my name is", "this is … speaking",
"last name …"), by being spelled letter by letter, or by a title before it. Once it
has been given it is known for the rest of the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from calltrack_nb.redaction.known_names import is_everyday, is_name, may_be_given, may_be_name
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.spelled import spelled_names
from calltrack_nb.redaction.vocabulary import word_list

_LONGEST_NAME: Final = 4

_INTRODUCTIONS: Final = re.compile(
    r"""\b(?:
      (?P<sure>
        (?:(?:the|my|our)\s)?name\s(?:on|for|against)\s
          (?:it|(?:the|that|my|our|this)\s\w+)(?:'s|\sis)(?:\s(?:it's|under))?
        | (?:my|his|her|their|the|your|whose|caller'?s?|(?:wife|husband|son|daughter|mum|mom|dad|
          mother|father|partner|boss|brother|sister|friend|tenant|child|kid|girl|boy|baby|dog|company|patient|customer|guest|bride|groom)'s)\s
          (?:(?:first|last|full|sur|family|maiden|middle|given|second|married)\s?)?(?:name|surname)(?:'s|\sis|\swas|\swould\sbe|\sshould\sbe)?
            (?:\s(?:under|also))?
        | name'?s(?:\sis)?
        | (?:first|last|full|family|maiden|middle|given|second|married|christian|card\s?holder|
            contact|account|passenger)\sname(?:'s|\sis)?
        | surname(?:'s|\sis)?
        | (?:under|in)\s(?:(?:the|my|our)\s)?(?:\w+'s\s)?(?:name|last\sname|surname)(?:\s(?:of|is))?
        | (?:everyone|everybody|people|they|friends)\scalls?\sme
        | (?:you\scan\s|please\s|just\s)?calls?\sme
        | (?:i'm|i\sam|they)\scalled
        | (?:it's|its)\sfor\sa
        | (?:mr|mrs|ms|miss|mister|missus)\b\.?
        | named
        | name\s?[:\-]
        | (?:it's|be|booked|filed|listed|account's)\sunder
            (?=\s(?!\w+(?:tion|ing|ment|age|ty)\b)\w+\W*$)
        | \A\W*(?:(?:yes|sure|okay),?\s)?name(?:\sof)?
      )
    | (?P<likely>
        (?:doctor|dr|sir|madam)\b\.? | this\sis | i'?m | i\sam | you're\sspeaking\s(?:to|with)
        | my\s(?:wife|husband|son|daughter|mom|mum|mother|dad|father|brother|sister),?
      | my\s(?:partner|boss|assistant|neighbou?r),?
      | speaking,? | under | name\sof | name\son\s(?:the\s)?\w+ | my\s?self | name
        | speaking\s(?:to|with) | talking\s(?:to|with) | speak\s(?:to|with) | ask\sfor
        | (?:hi|hello|hey|thanks|thank\syou|cheers|okay|alright|sure|bye|morning|afternoon|evening)
          (?:\sthere)?,?
      )
    | (?P<loose> it's | it\sis | that's | that\sis | its | thats )
    )\s*[,:]?\s+(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_CALLING: Final = re.compile(
    r"^\W*(?:here\b|speaking\b|calling\b|ringing\b|on\sthe\sline|again\b|from\s(?:the\s)?\w+|"
    r"in\s(?:accounts|sales|reception|billing|dispatch|support|the\soffice)\b)",
    re.IGNORECASE,
)
# How a sentence goes on behind "it's Ruth": with who speaks, or with how that is written.
_INTRODUCED: Final = re.compile(
    r"^\s(?:again|here|calling|ringing|speaking|from|that's|with\san?\s\w\b|and\s(?:my|I|I'm|I've)|I|I'm|I've|as\sin)\b"
)
_SIGNS: Final = frozenset(["speaking", "here", "calling", "line"])
_SIGNED: Final = re.compile(
    r"(?<![\w'])(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'.-]+){0,2}),?\s(?:speaking|here|calling|on\sthe\sline)\b"
)
_SIGNED_SMALL: Final = re.compile(
    r"(?:^|[.,]\s|\b(?:it's|its|hi|hello|hiya|hey|yes|yeah|morning|afternoon)\s)"
    r"(?P<name>[^\W\d_A-Z]{3,}(?:\s[^\W\d_A-Z]{3,})?),?\s(?:speaking|here|calling)\b"
)
_PARTICLES: Final = word_list("name_particles")
_AFTER_A_NAME: Final = word_list("after_a_name")
_NEVER_NAMES: Final = word_list("never_names")
_NOT_OF_PEOPLE: Final = word_list("behind_names_of_places")
_OWN: Final = re.compile(r"\b(?:this\sis|i'm|i\sam|it's)\s+$", re.IGNORECASE)
_ENDS: Final = re.compile(r"^\s*(?:$|[.,;?!-])")


def name_spans(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of names given in a text.

    Parameters
    ----------
    reading : Reading
        One utterance.

    Yields
    ------
    tuple of int
        Start and end offsets; they may overlap.

    Examples
    --------
    >>> said = "Hi, this is Jane Doe, my last name is spelled D-O-E"
    >>> [said[start:end] for start, end in name_spans(Reading(said))]
    ['Jane Doe', 'D-O-E', 'Doe']
    """
    text = reading.text
    for match in _INTRODUCTIONS.finditer(text):
        sure = match["sure"] is not None
        span = _words_of_a_name(text, reading.tokens, match.end(), sure=sure)
        if span is None or (not sure and _is_of_a_place(text, *span)):
            continue
        if match["loose"] is None or _stands_alone(text, *span):
            yield span
    if not _SIGNS.isdisjoint(reading.words):
        yield from _signed(text)
    yield from spelled_names(reading)


def _signed(text: str) -> Iterator[tuple[int, int]]:
    """Yield names that somebody gives behind them: "Tamsin Day speaking", "ewa nowak here"."""
    for match in _SIGNED.finditer(text):
        first = re.split("['\\s]", match["name"])[0].lower()
        if first not in _AFTER_A_NAME and first not in _NEVER_NAMES:
            yield match.span("name")
    for match in _SIGNED_SMALL.finditer(text):
        words = match["name"].split()
        if all(is_name(word) for word in words):
            yield match.span("name")


def name_words(text: str) -> frozenset[str]:
    """Return the words of a name that are telling enough to be looked for elsewhere."""
    return frozenset(
        word
        for word in re.findall(r"[^\W\d_]{3,}", text.lower())
        if word not in _AFTER_A_NAME and word not in _NEVER_NAMES
    )


def _words_of_a_name(
    text: str, tokens: Sequence[Token], offset: int, *, sure: bool
) -> tuple[int, int] | None:
    words: list[Token] = []
    for token in tokens:
        if token.start < offset:
            continue
        if words and text[words[-1].end : token.start].strip(" -."):
            break
        if not token.text[0].isalpha():
            if token.text == "-" or (token.text == "." and words and len(words[-1].text) <= 2):
                continue
            break
        if not _goes_on(text, words, token, sure=sure):
            break
        words.append(token)
        if len(words) == _LONGEST_NAME:
            break
    while words and words[-1].lower in _PARTICLES and len(words) > 1:
        words.pop()
    if not words:
        return None
    return words[0].start, words[-1].end


def _goes_on(text: str, words: Sequence[Token], token: Token, *, sure: bool) -> bool:
    """Tell whether a name that holds these words goes on, or begins, with the next one."""
    upper = token.text[0].isupper()
    barred = token.lower in _AFTER_A_NAME or (token.lower in _NEVER_NAMES and not (words and upper))
    if barred and not (upper and (sure or not words) and _is_name_here(text, token, sure=sure)):
        return False
    word = token.lower.removesuffix("'s") if upper else token.lower
    everyday = is_everyday(word) and not (may_be_name(word) if upper else may_be_given(word))
    if everyday and not words and (not sure or not upper):
        return False
    if words:
        # Written as a name, it ends where the capitals end.
        started = any(word.text[0].isupper() for word in words)
        joined = text[words[-1].end : token.start] == "-"
        return (
            upper
            or joined
            or token.lower in _PARTICLES
            or (not started and sure and not everyday)
            or (
                not started
                and is_name(words[0].lower)
                and (_ENDS.match(text[token.end :]) or _OWN.search(text[: words[0].start]))
                is not None
            )
        )
    return upper or sure or is_name(token.lower) or _is_caller(text, token)


def _is_name_here(text: str, token: Token, *, sure: bool) -> bool:
    """Tell whether a word that is a name at times is one: "my name is Will", "this is June,"."""
    if not (may_be_given(token.lower) or (sure and may_be_name(token.lower))):
        return False
    behind = text[token.end :]
    return any(pattern.match(behind) for pattern in (_ENDS, _CALLING)) or (
        sure and re.match(r"\s[A-Z]\w", behind) is not None
    )


def _is_of_a_place(text: str, start: int, end: int) -> bool:
    """Tell whether a name is a part of a shop's or a street's: "this is Harrison Plumbing"."""
    behind = re.match(r"\s[^\W\d_]+", text[end:])
    words = [text[start:end].rsplit(maxsplit=1)[-1], behind[0] if behind else ""]
    return any(word.strip().lower() in _NOT_OF_PEOPLE for word in words)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether "it's X" is only X, or X is a first name: "it's Italian food" is none."""
    first = re.split(r"[\s-]", text[start:end], maxsplit=1)[0].lower()
    return (
        is_name(first)
        or _ENDS.match(text[end:]) is not None
        or _INTRODUCED.match(text[end:]) is not None
    )


def _is_caller(text: str, token: Token) -> bool:
    """Tell whether lower-case "this is susan" goes on as a caller's introduction does."""
    before = text[max(0, token.start - 10) : token.start].lower()
    if not before.endswith(("this is ", "i am ", "i'm ", " im ")):
        return False
    if before.endswith("this is ") and not text[token.end :].strip():
        return True
    behind = re.fullmatch(r"\s([a-z]{3,})\s*", text[token.end :])
    if behind and not is_everyday(token.lower) and not is_everyday(behind[1]):
        return True
    return _CALLING.match(text[token.end :]) is not None
