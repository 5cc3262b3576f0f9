"""Which side is the agent: by setting, by the direction of the call, and by who greets how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

Direction = Literal["inbound", "outbound"]

# Said by who is rung: the business on a call that comes in, the customer on one it makes.
_RUNG: Final = re.compile(
    r"thank(s| you) for calling|thanks for phoning|how (can|may) (i|we) (help|assist|direct)|"
    r"what can i (do|help)|\bspeaking\b|you('ve| have) reached|this call (may|might|will) be|"
    r"how can i (be of )?(help|service)|our office hours|"
    r"leave (me )?(a|your) (message|name)|can('t| ?not) (come to|take) (the phone|your call)",
    re.IGNORECASE,
)
# Said by who rings.
_RINGING: Final = re.compile(
    r"\bi('m| am| was) (just )?(calling|phoning)|(returning|return) your call|"
    r"calling you back|\bis this a good time",
    re.IGNORECASE,
)
# Said by who serves, whoever rang.
_SERVING: Final = re.compile(
    r"(can|may) i (have|get|take|ask) your (name|number|phone|email|last|order)|"
    r"anything else (i|we|that i) can|"
    r"let me (look|check|see|pull) .{0,20}(up|for you|system|calendar|book)",
    re.IGNORECASE,
)
# Said by who buys, whoever rang.
_BUYING: Final = re.compile(
    r"\bi('m| am| was) (just )?(looking|wondering|trying|interested)|"
    r"i('d| would) like to (order|book|make|ask|know)|do you (guys )?(do|have|make|offer|take)|"
    r"i (need|want) (to|a|some)|i (got|saw|found) your",
    re.IGNORECASE,
)
# who is rung speaks first: worth less than any word, and more than nothing
_FIRST: Final = 0.5


def agent_side(
    texts: Sequence[str],
    wanted: str,
    *,
    direction: Direction = "inbound",
    first: int | None = None,
) -> tuple[int, float, str]:
    """Decide which of two sides is the agent.

    Parameters
    ----------
    texts : sequence of str
        Everything said on the left and on the right.
    wanted : str
        The setting: ``left``, ``right`` or ``auto``.
    direction : str
        ``outbound`` where the business rang: then the customer is greeted by the agent
        only after having picked up.
    first : int, optional
        The side that spoke first, which is mostly the one that was rung.

    Returns
    -------
    tuple
        The side (0 or 1), the confidence from 0 to 1, and a remark, empty where there
        is nothing to say: where setting, words and direction disagree, or where nothing
        was said that tells the sides apart.

    Examples
    --------
    >>> texts = ["Hi, I'm calling about the cake", "Smith Flowers, how can I help?"]
    >>> agent_side(texts, "auto", first=1)
    (1, 0.99, '')
    >>> agent_side(texts, "auto", direction="outbound", first=1)
    (0, 0.99, '')
    """
    rung = 1 if direction == "inbound" else -1
    scores = [
        rung * (2 * _count(_RUNG, text) - _count(_RINGING, text))
        + 2 * _count(_SERVING, text)
        - _count(_BUYING, text)
        for text in texts
    ]
    by_words = scores[1] - scores[0]
    by_turn = 0.0 if first is None else rung * _FIRST * (1 if first == 1 else -1)
    lead = by_words + by_turn
    heard = int(lead > 0) if lead else 1
    confidence = round(1 - 0.5 * 0.35 ** min(abs(lead), 4), 2)
    if wanted in ("left", "right"):
        side = ("left", "right").index(wanted)
        if heard != side and abs(by_words) >= 2:
            remark = (
                f"The setting says the agent is on the {wanted}, "
                f"but the {_named(heard)} side speaks like an agent."
            )
            return side, round(1 - confidence, 2), remark
        return side, 1.0, ""
    return heard, confidence, _doubt(by_words, by_turn, heard, direction)


def _doubt(by_words: int, by_turn: float, heard: int, direction: Direction) -> str:
    if not by_words and not by_turn:
        return "Nothing said shows who is the agent; the agent is assumed to be on the right."
    spoke, taken = ("first", "who was rung") if direction == "inbound" else ("second", "who rang")
    if not by_words:
        return (
            f"Nothing said shows who is the agent; the agent is assumed to be {taken} and so spoke "
            f"{spoke}, on the {_named(heard)}."
        )
    if by_words * by_turn < 0:
        return (
            f"The {_named(heard)} side speaks like an agent, but on an {direction} call "
            f"the agent mostly speaks {spoke}, and the {_named(1 - heard)} side did."
        )
    return ""


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _named(side: int) -> str:
    return ("left", "right")[side]
