"""Which side is the agent: by setting, else by who greets like a business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_GREETING: Final = re.compile(
    r"thank(s| you) for calling|thanks for phoning|how (can|may) (i|we) (help|assist|direct)|"
    r"what can i (do|help)|"
    r"(can|may) i (have|get|take|ask) your (name|number|phone|email|last|order)|"
    r"\bspeaking\b|you('ve| have) reached|this call (may|might|will) be|"
    r"anything else (i|we|that i) can|how can i (be of )?(help|service)|"
    r"let me (look|check|see|pull) .{0,20}(up|for you|system|calendar|book)|our office hours",
    re.IGNORECASE,
)
_CALLING: Final = re.compile(
    r"\bi('m| am| was) (just )?(calling|phoning|looking|wondering|trying|interested)|"
    r"i('d| would) like to (order|book|make|ask|know)|do you (guys )?(do|have|make|offer|take)|"
    r"i (need|want) (to|a|some)|i (got|saw|found) your",
    re.IGNORECASE,
)


def agent_side(texts: Sequence[str], wanted: str) -> tuple[int, float, str]:
    """Decide which of two sides is the agent.

    Parameters
    ----------
    texts : sequence of str
        Everything said on the left and on the right.
    wanted : str
        The setting: ``left``, ``right`` or ``auto``.

    Returns
    -------
    tuple
        The side (0 or 1), the confidence from 0.5 to 1, and a remark, empty where there
        is nothing to say: where the setting and the words disagree, or where nothing
        was said that tells the sides apart.

    Examples
    --------
    >>> agent_side(["Hi, I'm calling about a cake", "Thank you for calling Mary's"], "auto")
    (1, 0.98, '')
    """
    scores = [2 * len(_GREETING.findall(text)) - len(_CALLING.findall(text)) for text in texts]
    lead = scores[1] - scores[0]
    heard = int(lead > 0)
    confidence = round(1 - 0.5 * 0.35 ** min(abs(lead), 4), 2) if lead else 0.5
    if wanted in ("left", "right"):
        side = ("left", "right").index(wanted)
        if lead and heard != side and abs(lead) >= 2:
            named = ("left", "right")[heard]
            return (
                side,
                1 - confidence,
                (
                    f"The setting says the agent is on the {wanted}, "
                    f"but the {named} side greets like an agent."
                ),
            )
        return side, 1.0, ""
    if not lead:
        return (
            1,
            0.5,
            "Nothing said tells caller from agent; the agent is taken to be on the right.",
        )
    return heard, confidence, ""
