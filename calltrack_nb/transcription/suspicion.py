"""Signs that a window's words are not what was said.

Whisper's own signs (text that compresses too well, improbable tokens) are joined by two
that catch loops early: the same few words over and over, and more words than anybody
can say in the time in which speech was heard. Callers do repeat themselves, so a
telephone number read back or "no, no, no, no" is no sign.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Final

from calltrack_nb.transcription.engine import WindowResult
from calltrack_nb.transcription.windows import Window
from calltrack_nb.transcription.words import spoken_parts

COMPRESSION: Final = 2.4
LOG_PROBABILITY: Final = -1.0
WORDS_PER_S: Final = 6.0
SECONDS_PER_WORD: Final = 2.5

# how often in a row a run of so many words may stand before it is called a loop
_RUNS: Final = {1: 7, 2: 5, 3: 4, 4: 3, 5: 3, 6: 3, 7: 3, 8: 3, 9: 3, 10: 3}

_ECHO: Final = 6

_STOCK: Final = re.compile(
    r"^\W*(thanks? (you )?(so much |very much )?for (watching|listening)|"
    r"(please )?(like and )?subscribe( to (my|our|the) channel)?|"
    r"(we'?ll|i'?ll) (see|be) (you )?(in the next video|right back)|see you next time|"
    r"subtitles? by .*|transcri(bed|ption) by .*|captions? by .*|www\..*|"
    r"\[?(music|applause|silence|blank_audio)\]?)\W*$",
    re.IGNORECASE,
)


def signs(window: Window, result: WindowResult) -> tuple[str, ...]:
    """List what speaks against a window's words.

    Parameters
    ----------
    window : Window
        The sound.
    result : WindowResult
        The words.

    Returns
    -------
    tuple of str
        Of ``loop``, ``compression``, ``log_probability``, ``crowded`` (more words than
        can be said), ``sparse`` (far fewer than speech was heard for); empty where the
        window is sound.
    """
    text = result.text
    words = text.split()
    found = []
    if longest_loop(text):
        found.append("loop")
    if compression_ratio(text) > COMPRESSION:
        found.append("compression")
    if words and result.mean_log_probability < LOG_PROBABILITY:
        found.append("log_probability")
    if len(words) > 8 + WORDS_PER_S * window.speech_s:
        found.append("crowded")
    # a name spelled and a number take longer to say than one word
    parts = sum(spoken_parts(word) for word in result.words)
    if window.speech_s > 5 and parts < window.speech_s / SECONDS_PER_WORD:
        found.append("sparse")
    return tuple(found)


def compression_ratio(text: str) -> float:
    """Return how much shorter zlib makes a text; OpenAI's measure of repetition.

    Examples
    --------
    >>> compression_ratio("so it goes " * 40) > 2.4
    True
    """
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def longest_loop(text: str) -> str | None:
    """Return the run of words that a text repeats like a stuck record.

    Examples
    --------
    >>> longest_loop("S-I-T-T-T-T-T-T-T-T-T")
    't'
    >>> longest_loop("no, no, no, no, that is four one five, four one five")
    """
    units = re.findall(r"[^\W_]+(?:'\w+)?", text.lower())
    for length, limit in _RUNS.items():
        run = 1
        index = length
        while index + length <= len(units):
            if units[index : index + length] == units[index - length : index]:
                run += 1
                index += length
                if run >= limit:
                    return " ".join(units[index - length : index])
            else:
                run = 1
                index += 1
    return None


def echoes(text: str) -> bool:
    """Whether a text says a run of six words or more twice in a row.

    Nobody does so but a menu, and a model that loses its place; short runs are said
    twice by people too.

    Examples
    --------
    >>> echoes("Is that all I can do for you? Is that all I can do for you?")
    True
    >>> echoes("four one five, four one five")
    False
    """
    units = re.findall(r"[^\W_]+(?:'\w+)?", text.lower())
    return any(
        units[first : first + length] == units[first + length : first + 2 * length]
        for length in range(_ECHO, len(units) // 2 + 1)
        for first in range(len(units) - 2 * length + 1)
    )


def is_stock_phrase(text: str) -> bool:
    """Whether a text is what Whisper writes over nothing, learnt from video captions.

    Examples
    --------
    >>> is_stock_phrase("Thanks for watching!"), is_stock_phrase("Thanks for calling.")
    (True, False)
    """
    return _STOCK.match(text) is not None


def best(candidates: Sequence[tuple[float, Sequence[str]]]) -> int:
    """Choose among several attempts: the fewest signs, then the most probable words.

    Parameters
    ----------
    candidates : sequence of (mean log probability, signs)
        One per attempt, in the order they were made.

    Returns
    -------
    int
        Its place; the earlier of equals.
    """
    return min(
        range(len(candidates)), key=lambda at: (len(candidates[at][1]), -candidates[at][0], at)
    )
