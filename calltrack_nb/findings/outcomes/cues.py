"""What each side says on the way to an outcome, found turn by turn.

A cue is a way of saying something (an offer of a time, a yes, a refusal); ``cues.toml`` holds
their expressions. Words are looked at in lower case and without punctuation, since a
recogniser writes both by guess.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Final

from calltrack_nb.findings.spoken import Turn

_HOURS: Final = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TENS: Final = "(?:twenty|thirty|forty|fifty)"
_NO_AMOUNT: Final = (
    r"(?! (?:hundred|thousand|pounds|dollars|quid|bucks|people|guests|percent|miles|of|and|\w+ty|"
    r"point|each))"
)
_WHEN: Final = (
    r"(?<!last )(?<!since )\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"tomorrow|tonight|today|noon|midday|"
    r"(?<!good )(?:mornings?|afternoons?|evenings?)|weekends?|"
    r"january|february|march|april|june|july|august|"
    r"september|october|november|december|first thing|o'?clock|"
    r"(?:the (?:first|second|third)(?! one)|(?:the )?(?:twenty )?(?:\w*(?:fourth|fifth|sixth|"
    r"seventh|eighth|ninth|tenth|eleventh|twelfth|teenth|tieth)|"
    r"twenty (?:first|second|third)|thirty first|"
    r"\d{1,2}(?:st|nd|rd|th)))|"
    rf"half (?:past )?{_HOURS}|quarter (?:to|past)(?: {_HOURS})?|"
    rf"{_HOURS} (?:o'?clock|thirty|fifteen|forty(?: five)?|ten|twenty|am|pm|a m|p m)|{_HOURS}ish|"
    rf"(?:at|about|around|between|after|before|till|til) {_HOURS}{_NO_AMOUNT}|"
    r"\d{1,2}(?::\d\d)?\s?(?:am|pm|a m|p m)|(?<![$\u00a3\u20ac\d])\d{1,2}[: ]\d\d|"
    rf"(?:in )?(?:(?:{_TENS} )?{_HOURS}|fifteen|few|{_TENS}|\d+) (?:minutes|hours)|"
    r"(?:in )?(?:an|one) hour|week after|"
    r"next (?:week|month)|this week|the week|straight away|right away)\b"
)
_WILL: Final = r"(?:[a-z]+'ll|(?:i'm|we're|they're) (?:going to|gonna))"
#: What the expressions may name.
_SLOTS: Final = {"{when}": _WHEN, "{will}": _WILL, "{hour}": _HOURS}
_WHO: Final = ("caller", "agent", "any")


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of saying something.

    Attributes
    ----------
    name : str
        Such as "offers_time.agent": what is said, and by whom.
    speaker : {"caller", "agent", "any"}
        Whose words it is looked for in.
    expression : re.Pattern
        Over words as :func:`plain_words` leaves them.
    strength : float
        How much of an outcome it may decide by itself, before anything is learnt.
    """

    name: str
    speaker: str
    expression: re.Pattern[str]
    strength: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A cue met in a call.

    Attributes
    ----------
    cue : str
        Its name.
    turn : int
        Place of the turn in the sequence it was looked for in.
    start, end : int
        Where in the turn's text, in characters.
    at : float
        Where in the whole call, from 0 to 1, by words.
    """

    cue: str
    turn: int
    start: int
    end: int
    at: float


@cache
def read_cues() -> tuple[Cue, ...]:
    """Read the cues that ship with the package.

    Examples
    --------
    >>> {cue.speaker for cue in read_cues()} == {"caller", "agent", "any"}
    True
    """
    text = resources.files("calltrack_nb.findings.outcomes").joinpath("cues.toml")
    body = tomllib.loads(text.read_text("utf-8"))
    return tuple(
        Cue(f"{name}.{speaker}", speaker, _compile(said[speaker]), said.get("strength", 1.0))
        for name, said in body.items()
        for speaker in _WHO
        if speaker in said
    )


def _compile(expressions: Sequence[str]) -> re.Pattern[str]:
    whole = "|".join(f"(?:{expression})" for expression in expressions)
    for slot, expression in _SLOTS.items():
        whole = whole.replace(slot, expression)
    for short, either in _SHORT_FORMS:
        whole = re.sub(short, either, whole)
    return re.compile(whole)


#: Short forms are looked for in full and without their apostrophe too; the apostrophe of
#: any other word may be missing.
_SHORT_FORMS: Final = (
    (r"\bcan't\b", "ca(?:n@t|nnot|n not)"),
    (r"\bwon't\b", "(?:won@t|will not)"),
    (r"n't\b", "(?:n@t| not)"),
    (r"'s\b", "(?:@s| is| has)"),
    (r"'re\b", "(?:@re| are)"),
    (r"'ll\b", "(?:@ll| will)"),
    (r"'ve\b", "(?:@ve| have)"),
    (r"'d\b", "(?:@d| would| had)"),
    (r"'m\b", "(?:@m| am)"),
    (r"'(?!\])|@", "'?"),
)


def when_said(text: str) -> str:
    """Return the words of time in a text, joined where only small words are between them.

    Examples
    --------
    >>> when_said("That's you in for Thursday at half ten then.")
    'Thursday at half ten'
    """
    plain, places = plain_words(text)
    spans = [match.span() for match in _time().finditer(plain)]
    if not spans:
        return ""
    start, end = spans[0]
    for left, right in spans[1:]:
        if not _SMALL.fullmatch(plain[end:left]):
            break
        end = right
    return text[places[start] : places[end - 1] + 1].strip()


_SMALL: Final = re.compile(r"\s(?:(?:at|on|in|the|of|about|around|and|to|till|from|for|or)\s)*")


@cache
def _time() -> re.Pattern[str]:
    return re.compile(_WHEN.replace("'", "'?"))


def plain_words(text: str) -> tuple[str, tuple[int, ...]]:
    """Write a text in lower case without punctuation, and where each character came from.

    Returns
    -------
    words : str
        Letters, figures, apostrophes, colons of times and signs of money, single spaces between.
    places : tuple of int
        For each character of `words`, its place in `text`.

    Examples
    --------
    >>> plain_words("Yes, OK!")
    ('yes ok', (0, 1, 2, 3, 5, 6))
    """
    kept: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        low = "'" if letter in "\u2019\u2018" else letter.lower()[:1]
        of_a_time = letter == ":" and text[place - 1 : place].isdigit()
        plain = low if low.isalnum() or low in "'\u00a3$\u20ac" or of_a_time else " "
        if plain == " " and (not kept or kept[-1] == " "):
            continue
        kept.append(plain)
        places.append(place)
    if kept and kept[-1] == " ":
        kept.pop()
        places.pop()
    return "".join(kept), tuple(places)


def heard_cues(turns: Sequence[Turn]) -> Iterator[Heard]:
    """Find the cues of a call, in order; where nobody knows who spoke, those of either side.

    Examples
    --------
    >>> from calltrack_nb.findings.spoken import Turn
    >>> [heard.cue for heard in heard_cues([Turn(0, "caller", 0, 1, "never mind", 1)])]
    ['declines.caller']
    """
    lengths = [len(turn.text.split()) for turn in turns]
    whole = max(sum(lengths), 1)
    before = list(accumulate(lengths, initial=0))
    for place, turn in enumerate(turns):
        plain, places = plain_words(turn.text)
        found = [
            (match.start(), cue.name, match)
            for cue in read_cues()
            if turn.speaker == "unknown" or cue.speaker in ("any", turn.speaker)
            for match in cue.expression.finditer(plain)
            if match.end() > match.start()
        ]
        for start, name, match in sorted(found, key=lambda entry: entry[:2]):
            at = (before[place] + plain.count(" ", 0, start)) / whole
            yield Heard(name, place, places[start], places[match.end() - 1] + 1, at)
