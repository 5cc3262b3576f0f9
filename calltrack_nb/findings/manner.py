"""How something is said, apart from what about: asked or told, wished, past, settled.

"She was born on the ninth" and "could you do the ninth" share their subject, and
sentences that share one lie close as embeddings. What tells a wish from a fact is small
words, the same ones in every trade. So each sentence is also described by whether it
has any of some groups of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_MANNERS: Final = {
    "asks": (
        r"\?|^(?:(?:so|and|um|uh|hi|okay|but)\s)*(?:is|are|was|do|does|did|can|could|would|will|"
        r"have|has|what|where|when|who|why|how|which|am|should|any chance)\b|"
        r"\b(?:isn't it|is it|are you|do you)$"
    ),
    "asks to do": (
        r"\b(?:can|could|would|will) (?:you|we|i|he|she|they|somebody|someone|your \w+)\b|"
        r"\bany chance\b|\bplease\b"
    ),
    "wishes": (
        r"\b(?:i|we|she|he)(?:'d| would)? (?:\w+ )?(?:wants?|needs?|like|prefer|rather|sooner|love)"
        r"\b|\bi'd (?:rather|sooner)\b|\b(?:hoping|looking for|looking to|after a|thinking of)\b|"
        r"\b(?:has|have|needs?|got) to be\b|\bi'll (?:take|have)\b|\bwould (?:be|suit|do)\b"
    ),
    "past": (
        r"\b(?:was|were|did|didn't|had|went|came|said|told|got|called|rang|bought|paid|broke|sent|"
        r"left|spoke|\w{3,}ed)\b"
    ),
    "denies": r"\b(?:not|no|never|nothing|nobody|none|\w+n't|dont|cant|isnt|wont)\b",
    "unsure": (
        r"\b(?:if|whether|unless|until|depends|might|may|maybe|probably|sure|unsure|don't know|"
        r"dunno|first|before|see)\b"
    ),
    "settled": (
        r"\b(?:already|thanks?|fine|lovely|great|perfect|brilliant|okay with|happy with|all good|"
        r"confirm|booked)\b"
    ),
    "time": (
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|"
        r"august|september|october|november|december|tomorrow|today|tonight|mornings?|afternoons?|"
        r"evenings?|weekends?|weeks?|months?|days?|hours?|o'clock|noon|am|pm|soon|sooner|now|"
        r"urgent\w*|immediately|asap|quick\w*|early|earl\w+|later?)\b"
    ),
    "money": (
        r"\b(?:price\w*|cost\w*|charg\w+|pay\w*|paid|dollars?|bucks|pounds?|quid|money|cheap\w*|"
        r"expensive|dear\w*|budget|spend\w*|hundred|thousand|afford|discount|fees?|rates?|bill)\b|"
        r"[$£€]"
    ),
    "place": (
        r"\b(?:house|home|office|shop|store|branch|street|road|town|door|garden|yard|near\w*|clos\w+|"
        r"local|school|airport|station|place|upstairs|outside|inside|deliver\w*|collect|pick up|"
        r"drop\w*|come (?:in|out|to))\b"
    ),
    "number": (
        r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
        r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen)\b"
    ),
    "of oneself": r"\b(?:i|i'm|i'd|i'll|i've|we|we're|we'd|we'll|we've|my|our|me|us)\b",
    "of the other": r"\b(?:you|your|yours|you're|you've|you'd)\b",
}


def manner_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Describe how sentences are said.

    Parameters
    ----------
    texts : sequence of str
        Sentences.

    Returns
    -------
    numpy.ndarray (texts, groups)
        1 where a sentence has a word of the group, else 0.

    Examples
    --------
    >>> fact, wish = manner_of(["she was born on the ninth", "could you do the ninth"])
    >>> bool((fact == wish).all())
    False
    """
    rows = [[found.search(text) is not None for found in _EXPRESSIONS] for text in texts]
    return np.array(rows, dtype=np.float64).reshape(len(texts), len(_EXPRESSIONS))


def _compile(expression: str) -> re.Pattern[str]:
    """Compile an expression; what is typed often leaves the apostrophe out."""
    return re.compile(expression.replace("'", "'?"), re.IGNORECASE)


_EXPRESSIONS: Final[tuple[Any, ...]] = tuple(_compile(said) for said in _MANNERS.values())
