"""Whether a side of a call speaks English: by the model's own detection, or by how sure it is.

A model that knows many languages says which one it hears. One that knows English only
writes English whatever is said, fluent and invented; then hardly a word is sure, the same
few are said again and again, or there are far too few of them for the time spoken. And it
tends to hold speech that it does not understand for none: a voice speaks, and the model
finds silence likely.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final

from calltrack_nb.schema import UNKNOWN_LANGUAGE
from calltrack_nb.transcription.transcript import Word

# less speech than this does not tell
_LEAST_S: Final = 4.0
_SURE: Final = 0.9
_LEAST_PROBABILITY: Final = 0.01
_RUN: Final = 3
_REPEATS: Final = 0.1
_WORDS_PER_S: Final = 1.5
# of a little speech the measure says little: its error falls with the root of the length
_FOREIGN: Final = -0.4
_FOREIGN_OF_ONE_S: Final = -1.3


def other_language(
    words: Sequence[Word],
    speech_s: float,
    spoken: Sequence[tuple[str, float]] = (),
    *,
    no_speech: float = 0.0,
) -> str | None:
    """Return the language of one side of a call where it is not English.

    Parameters
    ----------
    words : sequence of Word
        What the model wrote for the side, in order.
    speech_s : float
        Seconds in which the side spoke.
    spoken : sequence of (str, float)
        The languages that a model of many languages detected, each with its seconds of
        speech; empty where the model knows English only.
    no_speech : float
        How likely the model found it that nobody speaks, over the side's windows.

    Returns
    -------
    str or None
        A code such as ``es``; ``und`` where the model cannot tell which; None for
        English, and where too little is said to tell.

    Examples
    --------
    >>> said = [Word("thanks", 0, 1, 0.2), Word("friend", 4, 5, 0.1)]
    >>> other_language(said, 9.0, no_speech=0.5)
    'und'
    >>> other_language([Word("hello", 0, 1, 0.9)], 9.0, [("es", 7.0), ("en", 2.0)])
    'es'
    """
    if speech_s < _LEAST_S:
        return None
    if spoken:
        seconds: defaultdict[str, float] = defaultdict(float)
        for language, length_s in spoken:
            seconds[language] += length_s
        most = min(seconds, key=lambda code: (-seconds[code], code))
        return None if most == "en" else most
    sure = _sureness(words, speech_s) - no_speech / 2
    limit = _FOREIGN + _FOREIGN_OF_ONE_S / math.sqrt(speech_s)
    return UNKNOWN_LANGUAGE if sure < limit else None


def _sureness(words: Sequence[Word], speech_s: float) -> float:
    """Return how much the words look like words that were said; about 0.5 for clear English.

    The mean log probability of the words and the share of sure ones, less repetition and
    missing words. Measured with ``python -m benchmarks languages``.
    """
    if not words:
        return 0.0
    logs = [math.log(max(word.probability, _LEAST_PROBABILITY)) for word in words]
    sure = sum(word.probability > _SURE for word in words) / len(words)
    repeats = max(0.0, _repeated(words) - _REPEATS)
    missing = max(0.0, _WORDS_PER_S - len(words) / speech_s)
    return sum(logs) / len(logs) + sure - repeats - missing / 2


def _repeated(words: Sequence[Word]) -> float:
    """Return the share of runs of three words that were there before."""
    plain = [word.text.lower().strip(".,?!") for word in words]
    runs = list(zip(*(islice(plain, first, None) for first in range(_RUN)), strict=False))
    return 1 - len(set(runs)) / len(runs) if runs else 0.0
