"""Telephone conversations of a cake shop, written from grammars, with the truth beside.

Every dialogue knows what it is about, which turns hold a hesitation or a preference,
what it came to, and which private facts its caller says; so themes, findings and
redaction can be tested on as much text as wanted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tools.simulator import dialogues_lines as lines
from tools.simulator.shop_people import FIRST_NAMES, LAST_NAMES
from tools.simulator.shop_spec import PURPOSE_OF

Speaker = Literal["caller", "agent"]

_CHOICE = re.compile(r"\(([^()]*)\)")
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_GUESTS: Final = {
    "wedding_tasting": (60, 180, 6, 9),
    "corporate_catering": (20, 120, 11, 24),
    "dessert_table": (20, 80, 8, 14),
    "birthday_cake": (8, 30, 5, 6),
    "allergy_children": (12, 28, 3, 4),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says without being answered.

    Parameters
    ----------
    speaker : {"caller", "agent"}
        Whose turn it is.
    text : str
        The words, as they are spoken.
    marks : tuple of tuple of str
        What a listener should note, as pairs of family and kind: ``("hesitation",
        "price")``, ``("preference", "when")``, ``("promise", "confirmation")``,
        ``("private", "phone")``.
    """

    speaker: Speaker
    text: str
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation and what is true of it.

    Parameters
    ----------
    theme : str or None
        What the caller inquires about; None for a wrong number.
    purpose, outcome : str
        As in the tables ``calls`` and ``findings``; the outcome of a service or feedback
        call, in which nothing was for sale, is ``no_sale``.
    turns : tuple of Turn
        In order.
    """

    theme: str | None
    purpose: str
    outcome: str
    turns: tuple[Turn, ...]

    def marked(self, family: str) -> tuple[str, ...]:
        """Return the kinds noted under a family, in order, each once."""
        kinds = (kind for turn in self.turns for name, kind in turn.marks if name == family)
        return tuple(dict.fromkeys(kinds))


def write_dialogue(
    theme: str,
    outcome: str | None,
    rng: random.Random,
    *,
    agent: str = "Mary",
    caller_name: str | None = None,
    caller_number: str | None = None,
    hesitation: str | None = None,
    notice: bool = True,
) -> Dialogue:
    """Write one inquiry.

    Parameters
    ----------
    theme : str
        A key of :data:`tools.simulator.dialogues_lines.INQUIRIES`.
    outcome : {"booked", "call_back", "lost"} or None
        How it ends; None for service and feedback calls, which are simply served.
    rng : random.Random
        Decides every word.
    agent : str, default "Mary"
        Who picks up.
    caller_name, caller_number : str, optional
        First and last name, and E.164 number, that the caller gives when asked;
        invented where not given.
    hesitation : str, optional
        A key of :data:`~tools.simulator.dialogues_lines.HESITATIONS`.
    notice : bool, default True
        Whether the agent says that the call is recorded.

    Examples
    --------
    >>> dialogue = write_dialogue("birthday_cake", "booked", random.Random(7))
    >>> dialogue.turns[0].speaker, dialogue.marked("promise")
    ('agent', ('confirmation',))
    """
    facts = _facts(theme, agent, caller_name, caller_number, rng)
    inquiry = lines.INQUIRIES[theme]
    say = _Speech(rng, facts)
    greetings = lines.GREETINGS if notice else lines.GREETINGS_WITHOUT_NOTICE
    kind, wish = rng.choice(inquiry.wish)
    turns = [
        say.agent(rng.choice(greetings)),
        say.caller(rng.choice(inquiry.opening)),
        say.agent(rng.choice(inquiry.ask)),
        say.caller(wish, ("preference", kind)),
        say.agent(rng.choice(inquiry.price)),
    ]
    if hesitation is not None:
        doubt, comfort = rng.choice(lines.HESITATIONS[hesitation])
        turns += [say.caller(doubt, ("hesitation", hesitation)), say.agent(comfort)]
    if rng.random() < (0.75 if hesitation is None and outcome != "booked" else 0.2):
        question, answer = rng.choice(inquiry.more)
        turns += [say.caller(question), say.agent(answer)]
    turns += _ending(outcome, say, rng)
    if rng.random() < 0.6:
        goodbye, bye = rng.choice(lines.FAREWELLS)
        turns += [say.agent(goodbye), say.caller(bye)]
    return Dialogue(theme, PURPOSE_OF[theme], outcome or "no_sale", _joined(turns))


def write_wrong_number(rng: random.Random, *, agent: str = "Mary") -> Dialogue:
    """Write a call of somebody who wanted another number."""
    say = _Speech(rng, {"agent": agent})
    caller, answer, sorry = rng.choice(lines.WRONG_NUMBERS)
    turns = (
        say.agent(lines.GREETINGS[1]),
        say.caller(caller),
        say.agent(answer),
        say.caller(sorry),
    )
    return Dialogue(None, "other", "wrong_number", turns)


def expand(pattern: str, rng: random.Random) -> str:
    """Choose among a pattern's alternatives.

    Examples
    --------
    >>> expand("(a|a) cake (for (you|you)|for you)", random.Random(0))
    'a cake for you'
    """
    while _CHOICE.search(pattern):
        pattern = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), pattern)
    return re.sub(r"\s+([.,?])", r"\1", " ".join(pattern.split()))


def in_words(number: int) -> str:
    """Write a number below ten thousand as it is spoken.

    Examples
    --------
    >>> in_words(1340)
    'one thousand three hundred and forty'
    """
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_TENS[tens]} {_ONES[ones]}" if ones else _TENS[tens]
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    many, rest = divmod(number, size)
    if not rest:
        return f"{in_words(many)} {name}"
    joint = " and " if size == 100 or rest < 100 else " "
    return f"{in_words(many)} {name}{joint}{in_words(rest)}"


def spoken_number(number: str, rng: random.Random) -> str:
    """Say a North American number digit by digit, its zeros as zero or as oh.

    Examples
    --------
    >>> spoken_number("+12125550143", random.Random(1))
    'two one two, five five five, zero one four three'
    """
    zero = rng.choice(("zero", "oh"))
    spoken = [zero if digit == "0" else _ONES[int(digit)] for digit in number.removeprefix("+1")]
    return ", ".join(" ".join(spoken[start:stop]) for start, stop in ((0, 3), (3, 6), (6, 10)))


@dataclass(frozen=True, slots=True)
class _Speech:
    """Turns patterns into turns, with one call's facts."""

    rng: random.Random
    facts: Mapping[str, str]

    def agent(self, pattern: str, *marks: tuple[str, str]) -> Turn:
        return Turn("agent", self._words(expand(pattern, self.rng)), marks)

    def caller(self, pattern: str, *marks: tuple[str, str]) -> Turn:
        words = expand(pattern, self.rng)
        private = [
            ("private", kind)
            for kind, slots in _PRIVATE.items()
            if any(f"{{{slot}}}" in words for slot in slots)
        ]
        return Turn("caller", self._words(words), (*marks, *private))

    def _words(self, pattern: str) -> str:
        text = pattern.format_map(self.facts)
        return text[0].upper() + text[1:]


_PRIVATE: Final = {
    "phone": ("phone",),
    "email": ("email",),
    "address": ("address",),
    "name": ("first", "last", "spelled"),
}


def _ending(outcome: str | None, say: _Speech, rng: random.Random) -> list[Turn]:
    if outcome == "booked":
        ask, yes = rng.choice(lines.BOOKING)
        wanted, given = rng.choice(lines.DETAILS)
        promise = say.agent(rng.choice(lines.PROMISES), ("promise", "confirmation"))
        return [say.agent(ask), say.caller(yes), say.agent(wanted), say.caller(given), promise]
    if outcome == "call_back":
        offer, answer, kind = rng.choice(lines.LATER)
        return [
            say.agent(offer, ("promise", "call_back")),
            say.caller(answer, ("preference", kind)),
        ]
    question, answer = rng.choice(lines.LOST if outcome == "lost" else lines.SERVED)
    return [say.agent(question), say.caller(answer)]


def _joined(turns: list[Turn]) -> tuple[Turn, ...]:
    """Make one turn of what a side says in a row."""
    joined: list[Turn] = []
    for turn in turns:
        if joined and joined[-1].speaker == turn.speaker:
            last = joined.pop()
            words, marks = f"{last.text} {turn.text}", (*last.marks, *turn.marks)
            joined.append(Turn(turn.speaker, words, marks))
        else:
            joined.append(turn)
    return tuple(joined)


def _facts(
    theme: str, agent: str, name: str | None, number: str | None, rng: random.Random
) -> dict[str, str]:
    first, _, last = (name or f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}").partition(" ")
    number = number or f"+1{rng.choice(['646', '718'])}555{rng.randint(100, 199):04d}"
    fewest, most, cheap, dear = _GUESTS.get(theme, (10, 40, 8, 12))
    guests = rng.randrange(fewest, most + 1, 5 if fewest >= 20 else 2)
    unit = rng.randint(cheap, dear)
    total = guests * unit
    total -= total % 10 if total > 100 else 0
    return {
        "agent": agent,
        "first": first,
        "last": last,
        "spelled": ", ".join(last.upper()),
        "phone": spoken_number(number, rng),
        "email": f"{first.lower()}, dot, {last.lower()}, at example dot com",
        "guests": in_words(guests),
        "unit": in_words(unit),
        "total": in_words(total),
        "small": in_words(rng.randrange(45, 115, 5)),
        "fee": in_words(rng.randrange(15, 50, 5)),
        "tiers": in_words(rng.randint(2, 4)),
        "age": in_words(rng.randint(4, 12)),
        "ordinal": rng.choice(("fourth", "fifth", "sixth", "tenth", "eighteenth", "fortieth")),
        "day": rng.choice(("third", "fifth", "ninth", "twelfth", "fifteenth", "twentieth")),
        "order": " ".join(_ONES[rng.randrange(10)] for _ in range(4)),
        "address": f"{in_words(rng.randint(12, 98))} {rng.choice(lines.STREETS)}",
        "month": rng.choice(lines.MONTHS),
        "weekday": rng.choice(lines.WEEKDAYS),
        "daytime": rng.choice(lines.DAYTIMES),
        "callback": rng.choice(("morning", "afternoon", "evening")),
        "flavor": rng.choice(lines.FLAVORS),
        "color": rng.choice(lines.COLORS),
        "shape": rng.choice(lines.SHAPES),
        "child": rng.choice(lines.CHILDREN),
        "child_name": rng.choice(lines.CHILD_NAMES),
        "event": rng.choice(lines.EVENTS),
        "area": rng.choice(lines.AREAS),
    }
