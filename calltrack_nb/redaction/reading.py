"""An utterance as redaction reads it, and what the call has said around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from calltrack_nb.redaction.numerals import Run, Token, digit_runs, may_hold_digits, tokenize

_FEWEST_DIGITS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(
    r"\bnumber\b|\bdigits\b|\bcode\b|\bzip\b|\bpostcode\b|\bcard\b|\bphone\b|\bcell\b|\bmobile\b|\breach\byou",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"\byour\s(?:\w+\s){0,3}(?:number|digits|card|zip|postcode|phone|cell|mobile)\b"
    r"|\b(?:number|digits|card|zip|postcode|phone)\b[^.?!]{0,40}(?:\?|\bplease\b)",
    re.IGNORECASE,
)
# Asked for a number of things or a time: what is answered is no piece of a private number.
_AMOUNT: Final = re.compile(
    r"\bhow\s(?:many|much|long|old|big|far|tall|wide|soon)\b|\bwhat\s(?:time|day|date|size|year)\b|"
    r"\b(?:when|budget|which\sday|time\?|date\?)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:your|the|a|first|last|full|that)\s(?:first\s|last\s|full\s)?(?:name|surname)\b|"
    r"who(?:'s|\sis|\sam\si|\sdo\si\shave)\s(?:calling|this|speaking|on)|who\sam\si\sspeaking|"
    r"may\si\sask\swho|under\swhat\sname|and\syou\sare\b|name\sfor\sthe\b|^\W*name\W*$",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"\baddress\b|\bwhere\s(?:do\syou\slive|(?:should|shall|do|can)\swe\s(?:deliver|come|send)|"
    r"are\syou\s(?:located|based)|(?:is|are)\s(?:it|that|you|the\s\w+)\s(?:going|located)|"
    r"would\syou\slike\sit)|\bwhat\sstreet\b",
    re.IGNORECASE,
)


class Reading:
    """An utterance whose tokens and runs of digits are found once, and only when asked for.

    Parameters
    ----------
    text : str
        What was said.

    Attributes
    ----------
    lower : str
        The text in lower case.
    words : frozenset of str
        Its words in lower case: what is looked for is looked for here first.
    tokens : tuple of Token
        Words, numbers and marks.
    numbered : bool
        Whether anything in it could begin a run of digits.
    runs : tuple of Run
        Its runs of digits.
    digits : bool
        Whether a run is long enough to be a part of a number that is given piece by piece.
    asks_number : bool
        Whether it asks for one.

    Examples
    --------
    >>> reading = Reading("your number? five five five?")
    >>> reading.asks_number, reading.digits
    (True, True)
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case."""
        return self.text.lower()

    @cached_property
    def words(self) -> frozenset[str]:
        """Return its words in lower case."""
        return frozenset(_WORD.findall(self.lower))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Return words, numbers and marks."""
        return tokenize(self.text)

    @cached_property
    def numbered(self) -> bool:
        """Tell whether anything could begin a run of digits."""
        return may_hold_digits(self.text, self.words)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Return the runs of digits."""
        return digit_runs(self.tokens) if self.numbered else ()

    @cached_property
    def digits(self) -> bool:
        """Tell whether a run may be a piece of a number."""
        return any(len(run.digits) >= _FEWEST_DIGITS for run in self.runs)

    @cached_property
    def asks_number(self) -> bool:
        """Tell whether it asks for a number."""
        return _NUMBER.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class CallContext:
    """What the call has said around an utterance.

    Attributes
    ----------
    before : str
        The last two utterances, oldest first.
    last : str
        The last of them.
    earlier : str
        What was said before those, as far as a number may be spread over.
    names : frozenset of str
        Words, in lower case, of names given anywhere in the call.
    numbers_near : bool
        Whether a neighbouring utterance holds digits that this one may go on with, or
        asks for them.
    digits_around : bool
        Whether neighbouring utterances hold digits, question or not.
    kept : re.Pattern, optional
        Phrases that are nobody's name.
    """

    before: str = ""
    last: str = ""
    earlier: str = ""
    names: frozenset[str] = frozenset()
    numbers_near: bool = False
    digits_around: bool = False
    kept: re.Pattern[str] | None = None

    @property
    def asks_number(self) -> bool:
        """Whether the utterances just before ask for a number."""
        return _NUMBER.search(self.before) is not None

    @property
    def asks_amount(self) -> bool:
        """Whether the utterance just before asks how many, how much or when."""
        return _AMOUNT.search(self.last) is not None

    @property
    def asked_lately(self) -> bool:
        """Whether a number was asked for in the last utterances, and may still be on its way."""
        return any(_ASKED.search(said) is not None for said in (self.before, self.earlier))

    @property
    def asks_name(self) -> bool:
        """Whether the utterances just before ask for a name."""
        return bool(self.before) and _NAME.search(self.before) is not None

    @property
    def asks_address(self) -> bool:
        """Whether the utterances just before ask for a postal address."""
        return (
            bool(self.before)
            and _ADDRESS.search(self.before) is not None
            and "mail" not in self.before.lower()
        )


def heard_at(readings: Sequence[Reading], index: int, kept: re.Pattern[str] | None) -> CallContext:
    """Say what a call has said around one of its utterances.

    Parameters
    ----------
    readings : sequence of Reading
        The call, in order.
    index : int
        Which of them.
    kept : re.Pattern, optional
        Phrases that are nobody's name.
    """
    near = [*readings[max(0, index - 2) : index], *readings[index + 1 : index + 3]]
    digits = any(reading.digits for reading in near)
    pieces = digits or any(len(run.digits) == 2 for reading in near for run in reading.runs)
    asked = digits or any(r.asks_number for r in readings[max(0, index - 4) : index + 1])
    return CallContext(
        " ".join(reading.text for reading in readings[max(0, index - 2) : index]),
        readings[index - 1].text if index else "",
        " ".join(reading.text for reading in readings[max(0, index - 10) : max(0, index - 2)]),
        numbers_near=asked,
        digits_around=pieces,
        kept=kept,
    )
