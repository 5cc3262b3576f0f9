"""How far an address goes: the door before the house, and flat, town, state, zip behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from calltrack_nb.redaction.known_names import is_everyday
from calltrack_nb.redaction.numerals import Token
from calltrack_nb.redaction.reading import Reading
from calltrack_nb.redaction.vocabulary import word_list

#: A word for a number.
SPOKEN_NUMBER: Final = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand)"
)
#: A house number: "1428", "12-14", "4b", "twenty two eleven", "7 and a half".
HOUSE: Final = (
    rf"(?:\d(?:\s\d){{1,4}}|\d+(?:-\d+)?(?:\s?[a-z]\b)?|(?!oh\W+(?!{SPOKEN_NUMBER}\b))"
    rf"{SPOKEN_NUMBER}(?:[\s-]+(?:and\s)?{SPOKEN_NUMBER})*(?-i:\s[a-h](?=\s[A-Z]))?)"
    r"(?:\s(?:and\sa\shalf|1/2))?"
)
#: A state of the United States, spelled out or short.
STATE: Final = (
    r"(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|"
    r"illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|"
    r"missouri|montana|nebraska|nevada|new\s(?:hampshire|jersey|mexico|york)|(?:north|south)\s(?:carolina|dakota)|"
    r"ohio|oklahoma|oregon|pennsylvania|rhode\sisland|tennessee|texas|utah|vermont|virginia|washington|"
    r"west\svirginia|wisconsin|wyoming|usa|uk|england|scotland|wales|ireland|canada|a[klrz]|c[aot]|d[ce]|fl|ga|"
    r"hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[at]|w[aivy])"
)
_STATES: Final = re.compile(rf"{STATE}\b", re.IGNORECASE)
_UNITS: Final = word_list("units_of_a_house")
_ORDINALS: Final = word_list("floors")
_DOORS: Final = word_list("before_a_house_number")
_CODES: Final = word_list("postcodes")
_WITHIN: Final = frozenset(["in", "is", "of", "on"])
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d[A-Z]{2})?\b", re.IGNORECASE)
#: A postcode as it is said: "B N three one A A", "o x eleven seven t t", the first half too.
_SPOKEN_CODE: Final = re.compile(
    rf"[a-z](?:\s?[a-z])?\s(?:{SPOKEN_NUMBER}|nought|\d{{1,2}})(?:\s{SPOKEN_NUMBER})?(?:\s[a-z](?=\s{SPOKEN_NUMBER}))?"
    rf"(?:,?\s(?:{SPOKEN_NUMBER}|nought|\d)\s[a-z]\s?[a-z])?(?!\w)",
    re.IGNORECASE,
)
#: A street or a row of houses within an address: "Mile End Lane" behind "2 Farm Cottages".
_STREET_AHEAD: Final = re.compile(
    r"(?:[A-Z][\w'\u2019-]+\s){1,3}(?:Street|Road|Lane|Avenue|Drive|Close|Way|Court|Place|Hill|Row|Terrace|Gardens|"
    r"Crescent|Grove|Square|Park|Estate|Mews|Green|House|Mansions|Walk)\b"
)
_TOWN: Final = word_list("words_of_towns")
_NO_TOWN: Final = (word_list("after_a_name") | word_list("not_in_labels")) - _TOWN
_NUMBER: Final = re.compile(SPOKEN_NUMBER)
_MOST_WORDS: Final = 7
_LONGEST_DOOR: Final = 6


def begin_of(reading: Reading, start: int) -> int:
    """Return where an address begins: "no 54" and "flat 2, 10" belong to what follows.

    Examples
    --------
    >>> begin_of(Reading("it is flat 2, 10 High Street"), 14)
    6
    """
    begun = False
    before = [token for token in reading.tokens if token.end <= start][-_LONGEST_DOOR:]
    for token in reversed(before):
        if token.lower in _DOORS or (begun and token.lower in _ORDINALS | {"floor"}):
            start, begun = token.start, True
        elif not (
            token.text in {",", ".", "#"}
            or token.text.isdecimal()
            or (len(token.text) == 1 and token.text.isalpha() and token.lower != "i")
            or _NUMBER.fullmatch(token.lower)
        ):
            break
    return start


def end_of(reading: Reading, end: int) -> int:
    """Return where an address ends that was met up to an offset.

    Parameters
    ----------
    reading : Reading
        The utterance.
    end : int
        Where the street ends.

    Examples
    --------
    >>> said = "10 High Street, apartment 4, Denver, Colorado 80202 and my phone"
    >>> said[:end_of(Reading(said), 14)]
    '10 High Street, apartment 4, Denver, Colorado 80202'
    """
    tokens = reading.tokens
    lower = not any(letter.isupper() for letter in reading.text[max(0, end - 15) : end])
    place = next((i for i, token in enumerate(tokens) if token.start >= end), len(tokens))
    words, number_due = 0, False
    while place < len(tokens) and words < _MOST_WORDS:
        token = tokens[place]
        used = (
            _street_at(reading, place) or _state_at(reading, place) or _spoken_code(reading, place)
        )
        if used:
            place += used
        elif (
            (token.lower == "the" and _is_written(tokens[place + 1 : place + 2]))
            or token.text in ",-#"
            or token.lower in _WITHIN
            or _goes_on(reading.text, token)
        ):
            place += 1
            continue
        elif (
            token.lower in _ORDINALS
            and tokens[place + 1 : place + 2]
            and tokens[place + 1].lower == "floor"
        ):
            place += 2
        elif _is_unit_or_code(token):
            number_due, place = True, place + 1
            continue
        elif _is_number(reading, place, due=number_due):
            place = _number_end(reading, place)
        elif number_due and len(token.text) == 1 and token.text.isalpha():
            place += 1
        elif _NUMBER.fullmatch(token.lower) and re.search(
            r"\b[NSEW]\s$", reading.text[: token.start]
        ):
            place += 1  # "Gardens N eight": the first half of a postcode
        elif _is_town(tokens, place, lower=lower) or reading.text[token.start - 1] == "-":
            words, place = words + 1, place + 1
        else:
            break
        number_due = False
        end = tokens[place - 1].end
    return end


def _goes_on(text: str, token: Token) -> bool:
    """Tell whether an address goes on behind a full stop: with a flat, a state, a code."""
    if token.text != ".":
        return False
    ahead = text[token.end :].lstrip()
    word = re.match(r"[A-Za-z]+", ahead)
    if re.match(r"\d{5}\b", ahead) or (word and word[0].lower() in _UNITS | _CODES):
        return True
    return re.match(r"(?:[A-Z][a-z]+\s?){1,3},\s[A-Z]", ahead) is not None


def _state_at(reading: Reading, place: int) -> int:
    """Return how many tokens the name of a state takes here; short ones are capitals or last."""
    token = reading.tokens[place]
    if len(token.text) == 2 and token.text.isalpha() and not token.text.isupper():
        # "al 45286": typed in lower case a state is told by the number behind it.
        behind = reading.text[token.end :].lstrip(" ,.")
        ends = not behind and _STATES.fullmatch(token.text)
        return int(bool(ends) or (behind[:1].isdecimal() and not is_everyday(token.lower)))
    match = _STATES.match(reading.text, token.start)
    if not match:
        return 0
    return sum(match.start() <= other.start < match.end() for other in reading.tokens)


def _is_unit_or_code(token: Token) -> bool:
    return token.lower in _UNITS or token.lower in _CODES


def _is_number(reading: Reading, place: int, *, due: bool) -> bool:
    """Tell whether a number here belongs to the address: a flat's, or a zip code."""
    token = reading.tokens[place]
    if _POSTCODE.match(reading.text, token.start) and token.text[0].isalpha():
        return len(token.text) <= 2
    run = next((run for run in reading.runs if run.first == place), None)
    if run is None:
        return False
    state = place > 0 and len(reading.tokens[place - 1].text) == 2
    return due or state or 4 <= len(run.digits) <= 6 or len(run.digits) == 9


def _number_end(reading: Reading, place: int) -> int:
    """Return the token behind a number, or behind a postcode of letters and digits."""
    tokens = reading.tokens
    code = _POSTCODE.match(reading.text, tokens[place].start)
    if code:
        return next((i for i, t in enumerate(tokens) if t.start >= code.end()), len(tokens))
    run = next(run for run in reading.runs if run.first == place)
    behind = run.last + 1
    if behind < len(tokens) and tokens[behind].start == tokens[run.last].end:
        behind += tokens[behind].text.isalpha() and len(tokens[behind].text) == 1
    return behind


def _street_at(reading: Reading, place: int) -> int:
    """Return how many tokens a further street, or the name of a row of houses, takes here."""
    return _tokens_of(
        _STREET_AHEAD.match(reading.text, reading.tokens[place].start), reading, place
    )


def _spoken_code(reading: Reading, place: int) -> int:
    """Return how many tokens a postcode takes here that is said letter by letter."""
    if len(reading.tokens[place].text) > 2:
        return 0
    return _tokens_of(_SPOKEN_CODE.match(reading.text, reading.tokens[place].start), reading, place)


def _tokens_of(match: re.Match[str] | None, reading: Reading, place: int) -> int:
    if match is None:
        return 0
    return sum(token.start < match.end() for token in reading.tokens[place : place + 12])


def _is_written(tokens: Sequence[Token]) -> bool:
    """Tell whether a word follows that is written as a name and is none that anybody says."""
    return any(token.text[0].isupper() and not is_everyday(token.lower) for token in tokens)


def _is_town(tokens: Sequence[Token], place: int, *, lower: bool) -> bool:
    """Tell whether a word is a town's; behind a comma any word may be that is written as a name."""
    token = tokens[place]
    if not token.text[0].isalpha() or not (lower or token.text[0].isupper()):
        return False
    if token.lower in _TOWN or not is_everyday(token.lower):
        return True
    parted = place > 0 and (
        tokens[place - 1].text == "," or _is_town_after_comma(tokens, place - 1)
    )
    return parted and token.text[0].isupper() and token.lower not in _NO_TOWN


def _is_town_after_comma(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and tokens[place].text[0].isupper() and tokens[place - 1].text == ","
